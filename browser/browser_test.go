package browser_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/browser"
	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner/origin"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// opened returns a browser whose pages are served, and the origin that does it.
func opened(name string) (*browser.Browser, *origin.Origin) {
	GinkgoHelper()
	engine, found := browser.Find(name)
	Expect(found).To(BeTrue())
	o, err := origin.Listen("127.0.0.1:0")
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(o.Close)
	b := &browser.Browser{Engine: engine, Origin: o.URL()}
	DeferCleanup(b.Close)
	o.Handler = b
	o.Serve()
	return b, o
}

// played plays a stream and returns what the browser made of it up to its end.
func played(ctx context.Context, b *browser.Browser, o *origin.Origin, run, stream string) (spec.Trace, error) {
	play := o.Play(ctx, cases.One([]byte(stream)))
	defer play.Close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var trace spec.Trace
	err := b.Subscribe(ctx, target.Subscription{Run: run, URL: play.URL(), Types: []string{"message", "open", "error", "a"}}, func(s spec.Step) {
		trace = append(trace, s)
		if s.Kind == spec.Reestablish {
			cancel()
		}
	})
	return trace, err
}

// processes returns the processes of this machine with word in their command
// line or environment, but for this one and those that are dead already.
func processes(word string) (found []int) {
	folders, _ := filepath.Glob("/proc/[0-9]*")
	for _, f := range folders {
		line, _ := os.ReadFile(f + "/cmdline") // empty for the dead
		environment, _ := os.ReadFile(f + "/environ")
		pid, _ := strconv.Atoi(filepath.Base(f))
		if pid != os.Getpid() && len(line) > 0 && strings.Contains(string(line)+"\x00"+string(environment), word) {
			found = append(found, pid)
		}
	}
	return found
}

// kill kills them, in no order, as a machine short of memory does.
func kill(pids []int) {
	for _, pid := range pids {
		p, err := os.FindProcess(pid)
		Expect(err).NotTo(HaveOccurred())
		p.Kill() // it may have followed another that was killed
	}
}

// engines are those that are installed; Chromium also where CI owes it.
func engines() (entries []TableEntry) {
	for _, e := range browser.Engines() {
		if e.Program() != "" || e.Name == "chromium" && os.Getenv("CI") == "true" {
			entries = append(entries, Entry(e.Title, e.Name))
		}
	}
	return entries
}

var _ = Describe("A browser", func() {
	DescribeTable("hears what the page is sent, also events called as those of the connection", func(ctx SpecContext, name string) {
		b, o := opened(name)
		hello, err := b.Hello(ctx)
		Expect(err).NotTo(HaveOccurred())
		Expect(hello.Version).To(MatchRegexp(`^\d+\.\d+`))
		Expect(hello.Kind).To(Equal(target.Client))
		trace, err := played(ctx, b, o, "1", "id: 1\nevent: open\ndata: a\n\nevent: error\ndata: é\U0001F600\n\nevent: a\ndata\n\n")
		Expect(err).NotTo(HaveOccurred())
		Expect(cases.Brief(trace)).To(Equal(`announce; dispatch open "a" id "1"; dispatch error "é😀" id "1"; dispatch a "" id "1"; reestablish`))
	}, engines())

	DescribeTable("that dies is told so to open runs, comes again for the next, and leaves nothing", func(ctx SpecContext, name string) {
		temp := GinkgoT().TempDir()
		GinkgoT().Setenv("TMPDIR", temp)
		b, o := opened(name)
		play := o.Play(ctx, cases.Script{Connections: []cases.Connection{{End: "hang"}}})
		over := make(chan error, 1)
		go func() {
			over <- b.Subscribe(ctx, target.Subscription{Run: "1", URL: play.URL()}, func(spec.Step) {})
		}()
		Eventually(play.Count).WithContext(ctx).Should(Equal(1))
		victims := processes(temp)
		Expect(victims).NotTo(BeEmpty())
		kill(victims)
		var err error
		Eventually(over).WithContext(ctx).Should(Receive(&err))
		var broken *target.Broken
		Expect(errors.As(err, &broken)).To(BeTrue(), "%v", err)
		Expect(broken.How).To(Equal(target.Crashed))

		trace, err := played(ctx, b, o, "2", "data: again\n\n")
		Expect(err).NotTo(HaveOccurred())
		Expect(cases.Brief(trace)).To(Equal(`announce; dispatch message "again"; reestablish`))
		Expect(b.Close()).To(Succeed())
		Expect(processes(temp)).To(BeEmpty())
		Expect(os.ReadDir(temp)).To(BeEmpty())
		_, err = b.Hello(ctx)
		Expect(err).To(MatchError("the browser was closed"))
	}, engines())

	DescribeTable("whose start is interrupted is given up, and leaves nothing", func(ctx SpecContext, name string) {
		temp := GinkgoT().TempDir()
		GinkgoT().Setenv("TMPDIR", temp)
		b, _ := opened(name)
		start, cancel := context.WithCancel(ctx)
		cancel()
		over := make(chan error, 1)
		go func() {
			_, err := b.Hello(start)
			over <- errors.Join(err, b.Close())
		}()
		var err error
		Eventually(over).WithContext(ctx).WithTimeout(time.Minute).Should(Receive(&err))
		Expect(err).To(HaveOccurred())
		Expect(processes(temp)).To(BeEmpty())
		Expect(os.ReadDir(temp)).To(BeEmpty())
	}, engines())

	DescribeTable("hears types that nobody listens for, where it can", func(ctx SpecContext, name string) {
		b, o := opened(name)
		hello, err := b.Hello(ctx)
		Expect(err).NotTo(HaveOccurred())
		trace, err := played(ctx, b, o, "1", "event: unasked\ndata: x\nid: 7\n\ndata: a\n\n")
		Expect(err).NotTo(HaveOccurred())
		Expect(cases.Brief(trace)).To(HavePrefix(`announce; dispatch message "a" id "7"; reestablish`))
		Expect(strings.Contains(cases.Brief(trace), `dispatch unasked "x" id "7"`)).To(Equal(hello.Can("types-any")))
	}, engines())

	It("that is not installed is named with the command that installs it", func(ctx SpecContext) {
		GinkgoT().Setenv("PATH", GinkgoT().TempDir())
		b, _ := opened("chromium")
		_, err := b.Hello(ctx)
		Expect(errors.As(err, new(*target.Unreachable))).To(BeTrue())
		Expect(err).To(MatchError("Chromium is not installed (looked for chromium, chromium-browser, google-chrome, google-chrome-stable): apt-get install chromium"))
	})

	It("that does not open the page is given up, with its last words", func(ctx SpecContext) {
		dir := GinkgoT().TempDir()
		Expect(os.WriteFile(filepath.Join(dir, "firefox-esr"), []byte("#!/bin/sh\necho no display >&2\nexec /bin/sleep 1000\n"), 0o700)).To(Succeed())
		GinkgoT().Setenv("PATH", dir)
		b, _ := opened("firefox")
		b.StartTimeout = 1
		_, err := b.Hello(ctx)
		Expect(err).To(MatchError(HavePrefix("Firefox did not open the page within 1ns")))
		Expect(b.Close()).To(Succeed())
		Expect(processes(dir)).To(BeEmpty())
	})

	It("under the DevTools protocol that exits at once is told so too", func(ctx SpecContext) {
		dir := GinkgoT().TempDir()
		Expect(os.WriteFile(filepath.Join(dir, "chromium"), []byte("#!/bin/sh\necho no library >&2\nexit 1\n"), 0o700)).To(Succeed())
		GinkgoT().Setenv("PATH", dir)
		b, _ := opened("chromium")
		_, err := b.Hello(ctx)
		var gone *target.Unreachable
		Expect(errors.As(err, &gone)).To(BeTrue())
		Expect(err).To(MatchError(HavePrefix("Chromium could not be started: " + dir + "/chromium: ")))
		Expect(gone.Stderr).To(Equal("no library\n"))
	})

	It("that exits at once is told with its last words", func(ctx SpecContext) {
		dir := GinkgoT().TempDir()
		Expect(os.WriteFile(filepath.Join(dir, "firefox-esr"), []byte("#!/bin/sh\necho no display >&2\nexit 1\n"), 0o700)).To(Succeed())
		GinkgoT().Setenv("PATH", dir)
		b, _ := opened("firefox")
		_, err := b.Hello(ctx)
		var gone *target.Unreachable
		Expect(errors.As(err, &gone)).To(BeTrue())
		Expect(err).To(MatchError("Firefox: crashed: the browser has ended"))
		Expect(gone.Stderr).To(Equal("no display\n"))
	})
})
