package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"github.com/chromedp/chromedp"

	"github.com/ssespec/ssespec/runner/group"
)

// A chromium is Chromium under the DevTools protocol, on a pipe: when this
// process dies, however it dies, the browser follows.
type chromium struct {
	cancel context.CancelFunc
	socket string // the link to the socket of its profile
	wait   func()
	cmd    *exec.Cmd
	lost   <-chan struct{}
	tail   tail
	*overhearer
	once sync.Once
	err  error
}

func startChromium(ctx context.Context, line []string, url, profile string) (process, error) {
	c := &chromium{socket: filepath.Join(profile, "SingletonSocket")}
	alloc, cancel := chromedp.NewExecAllocator(context.WithoutCancel(ctx), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(line[0]), chromedp.CombinedOutput(&c.tail), chromedp.UserDataDir(profile), chromedp.Env("HOME="+profile), chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.ModifyCmdFunc(func(cmd *exec.Cmd) { group.Own(cmd); c.cmd = cmd }))...)
	tab, closeTab := chromedp.NewContext(alloc)
	c.cancel = sync.OnceFunc(func() { closeTab(); cancel() }) // a second closeTab waits for ever when no browser came up
	c.wait = chromedp.FromContext(tab).Allocator.Wait
	stop := context.AfterFunc(ctx, c.cancel)
	defer stop()
	var err error
	if c.overhearer, err = overhear(tab); err == nil {
		err = chromedp.Do(tab, chromedp.Navigate(url))
	}
	if err != nil {
		return c, errors.Join(fmt.Errorf("%s: %w", line[0], whyNot(ctx, err)), c.stop())
	}
	c.lost = chromedp.FromContext(tab).Browser.LostConnection
	return c, nil
}

// whyNot explains why Chromium did not start. When it dies chromedp cancels a
// context of its own, and says only that.
func whyNot(ctx context.Context, err error) error {
	if ctx.Err() == nil && errors.Is(err, context.Canceled) {
		return errors.New("it ended while it was starting")
	}
	return err
}

func (c *chromium) exited() <-chan struct{} { return c.lost }
func (c *chromium) words() string           { return c.tail.String() }

// stop ends the browser at once: nothing in its profile is worth keeping.
func (c *chromium) stop() error {
	c.once.Do(func() {
		if c.cmd != nil && c.cmd.Process != nil {
			c.err = group.Kill(c.cmd.Process)
		}
		c.cancel()
		c.wait()
		c.err = errors.Join(c.err, c.removeSocket())
	})
	return c.err
}

// removeSocket removes the folder of the socket, which Chromium makes beside the
// profile (a path within it may be too long for one) and a killed one leaves.
func (c *chromium) removeSocket() error {
	at, err := os.Readlink(c.socket)
	if err != nil || !strings.HasPrefix(filepath.Base(filepath.Dir(at)), "org.chromium.") {
		return nil // it came to none, or removed it itself
	}
	return os.RemoveAll(filepath.Dir(at))
}
