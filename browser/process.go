package browser

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"sync"

	"github.com/ssespec/ssespec/runner/group"
)

// A process is a browser that was started.
type process interface {
	exited() <-chan struct{} // closed when it has ended by itself or was stopped
	stop() error             // kills it with all that it started, and waits
	words() string           // the last that it wrote
}

// startFirefox starts Firefox without a window, and without what it does for
// its makers on a first start.
func startFirefox(_ context.Context, line []string, url, profile string) (process, error) {
	err := os.WriteFile(filepath.Join(profile, "user.js"), []byte(firefoxPreferences), 0o600)
	if err != nil {
		return nil, err
	}
	return startCommand(profile, append(line, "--headless", "--no-remote", "--profile", profile, url))
}

// firefoxPreferences silence telemetry, welcome pages, updates and the search for captive portals.
const firefoxPreferences = `user_pref("app.normandy.enabled", false);
user_pref("app.update.enabled", false);
user_pref("browser.aboutwelcome.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.startup.homepage_override.mstone", "ignore");
user_pref("browser.tabs.remote.autostart", true);
user_pref("captivedetect.canonicalURL", "");
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("extensions.getAddons.cache.enabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("network.dns.disablePrefetch", true);
user_pref("network.prefetch-next", false);
user_pref("toolkit.telemetry.reportingpolicy.firstRun", false);
`

// startWebKit starts WebKitGTK's own small browser.
func startWebKit(_ context.Context, line []string, url, profile string) (process, error) {
	return startCommand(profile, append(line, url))
}

// A child is a browser that a command line started, in a process group of its own.
type child struct {
	cmd  *exec.Cmd
	done chan struct{}
	once sync.Once
	tail tail
	err  error // after done: what could not be killed
}

// startCommand starts a browser whose home is its profile.
func startCommand(profile string, line []string) (process, error) {
	c := &child{cmd: exec.Command(line[0], line[1:]...), done: make(chan struct{})}
	c.cmd.Env = append(os.Environ(), "HOME="+profile, "TMPDIR="+profile, "XDG_CONFIG_HOME="+profile, "XDG_CACHE_HOME="+profile, "XDG_DATA_HOME="+profile,
		"XDG_RUNTIME_DIR="+profile, "NO_AT_BRIDGE=1", "LIBGL_ALWAYS_SOFTWARE=1")
	c.cmd.Stdout, c.cmd.Stderr = &c.tail, &c.tail
	group.Own(c.cmd)
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(c.done)
		c.cmd.Process.Wait()
		c.err = group.Kill(c.cmd.Process)
	}()
	return c, nil
}

func (c *child) exited() <-chan struct{} { return c.done }
func (c *child) words() string           { return c.tail.String() }

func (c *child) stop() error {
	var err error
	c.once.Do(func() { err = group.Kill(c.cmd.Process) })
	<-c.done
	return errors.Join(err, c.err)
}

// A tail keeps the end of what is written to it.
type tail struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

const maxTail = 4 << 10

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf.Write(b)
	if over := t.buf.Len() - maxTail; over > 0 {
		t.buf.Next(over)
	}
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.buf.String()
}
