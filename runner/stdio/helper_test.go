package stdio_test

import (
	"context"
	"os"
	"strconv"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gbytes"
	"github.com/onsi/gomega/gleak"

	"github.com/ssespec/ssespec/runner/stdio"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// started is a process with what it writes to standard error.
type started struct {
	*stdio.Process
	stderr *gbytes.Buffer
}

// as returns a process that plays role; it is closed, and has left no
// goroutine, when the spec is over. variables are names and values.
func as(role string, variables ...string) started {
	before := gleak.Goroutines()
	env := append(os.Environ(), "SSESPEC_FAKE="+role, "GORACE=atexit_sleep_ms=0") // else each fake takes 1 s to exit under -race
	for i := 0; i < len(variables); i += 2 {
		env = append(env, "SSESPEC_"+variables[i]+"="+strconv.Quote(variables[i+1]))
	}
	stderr := gbytes.NewBuffer()
	p := started{&stdio.Process{Command: []string{os.Args[0]}, Env: env, StartTimeout: 20 * time.Second, CloseTimeout: 10 * time.Second, Stderr: stderr}, stderr}
	DeferCleanup(func() {
		Expect(p.Close()).To(Succeed())
		Eventually(gleak.Goroutines, "5s").ShouldNot(gleak.HaveLeaked(before))
	})
	return p
}

// client returns a process that answers each run with the lines open and each close with end.
func client(open string) started {
	return as("scripted", "FIRST", clientHello, "OPEN", open, "CLOSE", `{"run":"RUN","step":"end"}`+"\n")
}

// noted closes the process, so that its standard error is complete, and returns it.
func (p started) noted() string {
	GinkgoHelper()
	Expect(p.Close()).To(Succeed())
	return string(p.stderr.Contents())
}

// A watch collects the steps of a run.
type watch struct {
	mu    sync.Mutex
	steps spec.Trace
}

func (w *watch) observe(s spec.Step) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.steps = append(w.steps, s)
}

func (w *watch) trace() spec.Trace {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append(spec.Trace(nil), w.steps...)
}

func url(run string) target.Subscription {
	return target.Subscription{Run: run, URL: "http://127.0.0.1:1/p"}
}

// trace runs one run to its end and returns what was observed. Its time limit
// only makes a spec fail that would not end.
func (p started) trace(ctx context.Context, sub target.Subscription) (spec.Trace, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	var w watch
	err := p.Subscribe(ctx, sub, w.observe)
	return w.trace(), err
}

// begin runs in the background; the channel gets what Subscribe returns.
func (p started) begin(ctx context.Context, sub target.Subscription, w *watch) <-chan error {
	returned := make(chan error, 1)
	go func() { returned <- p.Subscribe(ctx, sub, w.observe) }()
	return returned
}

// broken asserts how err says that the target broke down.
func broken(err error, how string) *target.Broken {
	GinkgoHelper()
	var b *target.Broken
	Expect(err).To(BeAssignableToTypeOf(b), "%v", err)
	b = err.(*target.Broken)
	Expect(b.How).To(Equal(how), b.Detail)
	return b
}

// fault asserts that err is the adapter's.
func fault(err error) string {
	GinkgoHelper()
	Expect(err).To(BeAssignableToTypeOf(&target.Fault{}), "%v", err)
	return err.Error()
}
