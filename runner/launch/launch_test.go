//go:build unix

package launch_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/runner/launch"
	"github.com/ssespec/ssespec/runner/target"
)

func TestLaunch(t *testing.T) {
	if port := os.Getenv("LAUNCH_TEST_SERVES"); port != "" {
		serve(port)
		return
	}
	RegisterFailHandler(Fail)
	RunSpecs(t, "launch")
}

// serve is the server that is started: this test binary under another hat.
func serve(port string) {
	if port == "PORT" {
		port = os.Getenv("PORT")
	}
	l, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		os.Stderr.WriteString(err.Error())
		os.Exit(1)
	}
	os.Stdout.WriteString("a line\nself " + strconv.Itoa(os.Getpid()) + "\n")
	if os.Getenv("LAUNCH_TEST_QUIET") == "" {
		os.Stdout.WriteString("http://" + l.Addr().String() + "/from-output and more\n")
	}
	child := exec.Command("sleep", "1000") // that has to end as well
	if err := child.Start(); err != nil {
		os.Exit(1)
	}
	os.Stdout.WriteString("child " + strconv.Itoa(child.Process.Pid) + "\n")
	http.Serve(l, http.NotFoundHandler())
}

// start starts the test binary as a server.
func start(url string, env string) (*launch.Server, error) {
	return launch.Start(context.Background(), launch.Command{
		Args: []string{"sh", "-c", "LAUNCH_TEST_SERVES=" + env + " exec " + os.Args[0] + " -test.run TestLaunch"}, URL: url, Wait: 20 * time.Second})
}

var _ = Describe("A server that is started", func() {
	DescribeTable("is ready at its URL", func(url, env, path string) {
		s, err := start(url, env)
		Expect(err).NotTo(HaveOccurred())
		defer s.Close()
		Expect(s.URL).To(HaveSuffix(path))
		resp, err := http.Get(s.URL)
		Expect(err).NotTo(HaveOccurred())
		resp.Body.Close()
		Expect(resp.StatusCode).To(Equal(404), "a 4xx is up")
	},
		Entry("with {port} in both", "http://127.0.0.1:{port}/x", "{port}", "/x"),
		Entry("with PORT in its environment", "http://127.0.0.1:{port}/x", "PORT", "/x"),
		Entry("which is the first line that is one", "", "PORT", "/from-output"),
	)

	It("is ended with what it has started", func() {
		s, err := start("", "PORT")
		Expect(err).NotTo(HaveOccurred())
		Eventually(s.Output).Should(MatchRegexp(`child \d+\n`))
		_, after, _ := strings.Cut(s.Output(), "child ")
		pid, err := strconv.Atoi(strings.TrimSpace(after))
		Expect(err).NotTo(HaveOccurred())
		Expect(s.Close()).To(Succeed())
		Eventually(func() error { return alive(pid) }).Should(MatchError(syscall.ESRCH))
	})

	DescribeTable("that never is ready is told with its output", func(script, url, reason, output string) {
		_, err := launch.Start(context.Background(), launch.Command{Args: []string{"sh", "-c", script}, URL: url, Wait: 300 * time.Millisecond})
		var u *target.Unreachable
		Expect(err).To(BeAssignableToTypeOf(u))
		u = err.(*target.Unreachable)
		Expect(u.Reason).To(ContainSubstring(reason))
		Expect(u.Stderr).To(Equal(output))
	},
		Entry("it ends", "echo out; echo err >&2; exit 3", "", "sh ended before it was ready: exit status 3", "out\nerr\n"),
		Entry("it ends, with a URL", "echo out; exit 0", "http://127.0.0.1:{port}/", "sh ended before it was ready: exit status 0", "out\n"),
		Entry("it names no URL", "echo out; sleep 100", "", "no line of its output begins with http", "out\n"),
		Entry("it does not listen", "echo out; sleep 100", "http://127.0.0.1:{port}/", "was not ready within 300ms (--wait): nothing listens at 127.0.0.1:", "out\n"),
	)

	It("that listens and does not say where is told soon", func() {
		_, err := launch.Start(context.Background(), launch.Command{Wait: time.Hour,
			Args: []string{"sh", "-c", "LAUNCH_TEST_SERVES=PORT LAUNCH_TEST_QUIET=1 exec " + os.Args[0] + " -test.run TestLaunch"}})
		Expect(err).To(MatchError(MatchRegexp(`^the server listens on the port \d+ that it was given: no line of its output begins with http; name the URL: `)))
	})

	It("is not taken for another one that listens there already", func() {
		s := httptest.NewServer(http.NotFoundHandler())
		defer s.Close()
		_, err := launch.Start(context.Background(), launch.Command{Args: []string{"sleep", "1000"}, URL: s.URL, Wait: time.Hour})
		Expect(err).To(MatchError(MatchRegexp(`^something listens at 127\.0\.0\.1:\d+ before sleep is started: end that`)))
	})

	It("is one as well when its command has ended in peace and left it there", func() {
		s, err := launch.Start(context.Background(), launch.Command{Wait: 20 * time.Second, URL: "http://127.0.0.1:{port}/x",
			Args: []string{"sh", "-c", "LAUNCH_TEST_SERVES=PORT " + os.Args[0] + " -test.run TestLaunch & until curl -s 127.0.0.1:$PORT; do :; done; exit 0"}})
		Expect(err).NotTo(HaveOccurred())
		Expect(s.Close()).To(Succeed())
		Expect(s.Survives()).To(BeFalse())
	})

	It("survives where it has left its group, which is known", func() {
		s, err := launch.Start(context.Background(), launch.Command{Wait: 20 * time.Second,
			Args: []string{"sh", "-c", "LAUNCH_TEST_SERVES=PORT setsid " + os.Args[0] + " -test.run TestLaunch & wait"}})
		Expect(err).NotTo(HaveOccurred())
		Eventually(s.Output).Should(MatchRegexp(`child \d+\n`), "it has no more to write: a pipe without a reader would end it")
		_, after, _ := strings.Cut(s.Output(), "self ")
		pid, err := strconv.Atoi(strings.Fields(after)[0])
		Expect(err).NotTo(HaveOccurred())
		Expect(s.Close()).To(Succeed())
		Expect(s.Survives()).To(BeTrue())
		Expect(syscall.Kill(-pid, syscall.SIGKILL)).To(Succeed())
		Eventually(s.Survives).Should(BeFalse())
	})

	It("that is no command is told", func() {
		_, err := launch.Start(context.Background(), launch.Command{Args: []string{"/no/such/command"}, Wait: time.Second})
		Expect(err).To(MatchError(ContainSubstring("/no/such/command cannot be started: ")))
	})

	It("is given up when that is asked for", func() {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		_, err := launch.Start(ctx, launch.Command{Args: []string{"sleep", "100"}, Wait: time.Hour})
		Expect(err).To(MatchError(ContainSubstring("context canceled")))
	})

	It("keeps the end of much output", func() {
		_, err := launch.Start(context.Background(), launch.Command{Args: []string{"sh", "-c", "head -c 1000000 /dev/zero | tr '\\0' x; echo end; exit 1"}, Wait: 20 * time.Second})
		u := err.(*target.Unreachable)
		Expect(len(u.Stderr)).To(BeNumerically("<=", 16<<10))
		Expect(u.Stderr).To(HaveSuffix("xend\n"))
	})
})

// alive is the error of a signal that does nothing.
func alive(pid int) error {
	if state, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat"); err == nil && strings.Contains(string(state), ") Z ") {
		return syscall.ESRCH // only its parent has to be told
	}
	return syscall.Kill(pid, 0)
}

var _ = Describe("Accepts", func() {
	It("waits for a server that is started elsewhere", func() {
		s := httptest.NewServer(http.NotFoundHandler())
		defer s.Close()
		u, err := url.Parse(s.URL)
		Expect(err).NotTo(HaveOccurred())
		Expect(launch.Accepts(context.Background(), u, nil)).To(Succeed())
	})
})
