package stdio_test

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// The hellos of the fake adapters.
const (
	clientHello = `{"hello":{"protocol":1,"kind":"client","name":"fake","version":"1.2","capabilities":["reestablish"],"parallel":32}}` + "\n"
	parserHello = `{"hello":{"protocol":1,"kind":"parser","name":"fake"}}` + "\n"
)

// A fake is an adapter process: this test binary, started again.
type fake struct {
	in    *bufio.Reader
	first string // written at the start
	open  string // written for each run, RUN replaced
	close string // written for each close
}

// An order is a line from the runner.
type order struct {
	raw       string
	Subscribe *struct{ Run, URL string }
	Parse     *struct {
		Run    string
		Chunks [][]byte
	}
	Close *struct{ Run string }
}

// play is the main function of a fake; it returns the exit status.
func play(role string) int {
	f := &fake{bufio.NewReaderSize(os.Stdin, 1<<20), variable("FIRST"), variable("OPEN"), variable("CLOSE")}
	if role == "grandchild" {
		return grandchild()
	}
	say(f.first)
	roles := map[string]func() int{
		"scripted":    f.scripted,
		"parser":      f.parser,
		"interleaved": f.interleaved,
		"crash":       f.crash,
		"deaf":        f.deaf,
		"flood":       f.flood,
		"exit":        f.exit,
		"stubborn":    f.stubborn,
		"restarted":   f.restarted,
		"mute":        f.mute,
		"family":      f.family,
		"linger":      f.linger,
		"last":        f.last,
		"busy":        f.busy,
		"touchy":      f.touchy,
		"panics":      panics,
	}
	return roles[role]()
}

// variable reads bytes that an environment cannot carry as they are.
func variable(name string) string {
	text, err := strconv.Unquote(os.Getenv("SSESPEC_" + name))
	if err != nil {
		return ""
	}
	return text
}

func say(text string) {
	if _, err := os.Stdout.WriteString(text); err != nil {
		os.Exit(9)
	}
}

// next returns the next order and false at the end of standard input. It tells
// standard error what it read.
func (f *fake) next() (order, bool) {
	text, err := f.in.ReadString('\n')
	if err != nil {
		return order{}, false
	}
	fmt.Fprint(os.Stderr, "read ", text[:min(len(text), 500)])
	o := order{raw: text}
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		os.Exit(8)
	}
	return o, true
}

func (o order) opens() string {
	switch {
	case o.Subscribe != nil:
		return o.Subscribe.Run
	case o.Parse != nil:
		return o.Parse.Run
	}
	return ""
}

// scripted writes the given lines for each run and each close.
func (f *fake) scripted() int {
	for o, more := f.next(); more; o, more = f.next() {
		if o.Close != nil {
			say(strings.ReplaceAll(f.close, "RUN", o.Close.Run))
		} else {
			say(strings.ReplaceAll(f.open, "RUN", o.opens()))
		}
	}
	return 0
}

// busy goes on about other runs for as many ticks of 100 ms as CLOSE says before it
// ends what was closed.
func (f *fake) busy() int {
	for o, more := f.next(); more; o, more = f.next() {
		if o.Close == nil {
			say(strings.ReplaceAll(f.open, "RUN", o.opens()))
			continue
		}
		ticks, _ := strconv.Atoi(f.close)
		for tick := time.Tick(100 * time.Millisecond); ticks > 0; ticks-- {
			<-tick
			say(`{"run":"other","comment":""}` + "\n")
		}
		say(strings.ReplaceAll(end, "RUN", o.Close.Run))
	}
	return 0
}

// parser dispatches each chunk as it is.
func (f *fake) parser() int {
	for o, more := f.next(); more; o, more = f.next() {
		if o.Parse == nil {
			continue
		}
		for i, chunk := range o.Parse.Chunks {
			say(fmt.Sprintf(`{"run":%q,"step":"dispatch","chunk":%d,"event":{"dataBase64":%q}}`+"\n", o.Parse.Run, i, base64.StdEncoding.EncodeToString(chunk)))
		}
		say(fmt.Sprintf(`{"run":%q,"step":"reestablish","chunk":%d,"message":%q}`+"\n", o.Parse.Run, len(o.Parse.Chunks), strings.TrimSpace(o.raw)))
		say(fmt.Sprintf(`{"run":%q,"step":"end"}`+"\n", o.Parse.Run))
	}
	return 0
}

// interleaved waits for 32 runs, then writes 100 steps of all of them in turn.
func (f *fake) interleaved() int {
	var runs []string
	for len(runs) < 32 {
		o, more := f.next()
		if !more {
			return 1
		}
		runs = append(runs, o.opens())
	}
	for i := range 100 {
		for _, run := range runs {
			say(fmt.Sprintf(`{"run":%q,"step":"dispatch","event":{"type":"message","data":"%s-%d","lastEventId":""}}`+"\n", run, run, i))
		}
	}
	for _, run := range runs {
		say(fmt.Sprintf(`{"run":%q,"step":"end"}`+"\n", run))
	}
	return f.scripted()
}

// crash dies when five runs are open; with one that says "calm" it answers.
func (f *fake) crash() int {
	for opened := 0; opened < 5; opened++ {
		o, more := f.next()
		if !more {
			return 0
		}
		if o.opens() == "calm" {
			say(`{"run":"calm","step":"end"}` + "\n")
			return f.scripted()
		}
		say(fmt.Sprintf(`{"run":%q,"step":"announce"}`+"\n", o.opens()))
	}
	fmt.Fprintln(os.Stderr, "out of cheese")
	return 7
}

// deaf never reads.
func (f *fake) deaf() int {
	<-time.After(time.Hour)
	return 0
}

// flood writes for ever once it was asked.
func (f *fake) flood() int {
	for o := f.must(); ; {
		say(strings.ReplaceAll(f.open, "RUN", o.opens()))
	}
}

// exit is gone at once.
func (f *fake) exit() int {
	fmt.Fprintln(os.Stderr, "no such module")
	return 3
}

// stubborn does not leave when its standard input ends; it holds a connection
// to the test by itself.
func (f *fake) stubborn() int { return grandchild() }

// restarted says another name when the file named by SSESPEC_MARK is there.
func (f *fake) restarted() int {
	name := "first"
	if _, err := os.Stat(variable("MARK")); err == nil {
		name = "second"
	}
	if err := os.WriteFile(variable("MARK"), nil, 0o600); err != nil {
		return 1
	}
	say(strings.Replace(clientHello, "fake", name, 1))
	f.next()
	return 5
}

// mute closes its standard output and stays.
func (f *fake) mute() int {
	f.next()
	if os.Stdout.Close() != nil {
		return 1
	}
	return f.deaf()
}

// family starts a child that outlives it, and exits when it has been asked or closed.
func (f *fake) family() int {
	if err := offspring(exec.Command(os.Args[0])); err != nil {
		return 1
	}
	f.next()
	return 6
}

// linger is family with a child in a process group of its own.
func (f *fake) linger() int {
	cmd := exec.Command(os.Args[0])
	escape(cmd)
	if err := offspring(cmd); err != nil {
		return 1
	}
	f.next()
	return 6
}

// last writes the given bytes, and no line end, when it was asked, and exits.
func (f *fake) last() int {
	say(strings.ReplaceAll(f.open, "RUN", f.must().opens()))
	return 4
}

func (f *fake) must() order {
	o, more := f.next()
	if !more {
		os.Exit(0)
	}
	return o
}

// offspring starts a grandchild of the test that holds all our streams.
func offspring(cmd *exec.Cmd) error {
	cmd.Env = append(os.Environ(), "SSESPEC_FAKE=grandchild")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	return cmd.Start()
}

// grandchild lives as long as its connection to the test. Only then, and when
// it is there, comes the hello.
func grandchild() int {
	conn, err := net.Dial("tcp", variable("DIAL"))
	if err != nil {
		return 1
	}
	say(clientHello)
	if _, err := io.Copy(io.Discard, conn); err != nil {
		return 1
	}
	return 0
}
