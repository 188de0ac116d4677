package browser

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// An Engine is a kind of browser, and how one of it is started.
type Engine struct {
	Name     string   // as on the command line
	Title    string   // as people call it
	Programs []string // names on PATH, or patterns of paths; the first that is there is taken
	Install  string   // the command that installs it on Debian
	display  bool     // it needs a display
	dataURLs bool     // its EventSource takes data: URLs
	start    starter
}

// A starter runs the command line on url, with a fresh folder for its profile. With
// an error there may be a process as well: one that is dead, for its last words.
type starter func(ctx context.Context, line []string, url, profile string) (process, error)

// Engines returns the engines that can be started, the most used first.
func Engines() []Engine {
	return []Engine{
		{Name: "chromium", Title: "Chromium", Programs: []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"},
			Install: "apt-get install chromium", dataURLs: true, start: startChromium},
		{Name: "firefox", Title: "Firefox", Programs: []string{"firefox-esr", "firefox"},
			Install: "apt-get install firefox-esr", start: startFirefox},
		{Name: "webkit", Title: "WebKitGTK", Programs: []string{"MiniBrowser", "/usr/lib/*/webkit2gtk-4.*/MiniBrowser", "/usr/libexec/webkit2gtk-4.*/MiniBrowser"},
			Install: "apt-get install webkit2gtk-driver xvfb", display: true, start: startWebKit},
	}
}

// Names returns the names of the engines.
func Names() (names []string) {
	for _, e := range Engines() {
		names = append(names, e.Name)
	}
	return names
}

// Find returns the engine of that name.
func Find(name string) (Engine, bool) {
	for _, e := range Engines() {
		if e.Name == name {
			return e, true
		}
	}
	return Engine{}, false
}

// Program returns the path of the program, "" if it is not installed.
func (e Engine) Program() string {
	for _, p := range e.Programs {
		if found, err := exec.LookPath(p); err == nil {
			return found
		}
		if paths, err := filepath.Glob(p); err == nil && len(paths) > 0 {
			return paths[len(paths)-1]
		}
	}
	return ""
}

// line returns the command line that starts the program, on a virtual display
// where it needs one and there is none.
func (e Engine) line() ([]string, error) {
	program := e.Program()
	switch {
	case program == "":
		return nil, fmt.Errorf("%s is not installed (looked for %s): %s", e.Title, strings.Join(e.Programs, ", "), e.Install)
	case !e.display || os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != "":
		return []string{program}, nil
	}
	if _, err := exec.LookPath("xvfb-run"); err != nil {
		return nil, fmt.Errorf("%s needs a display, and there is none: %s", e.Title, e.Install)
	}
	return []string{"xvfb-run", "-a", program}, nil
}

var versionNumber = regexp.MustCompile(`\d+(\.\d+)+[a-z]*`)

// Version asks the program, and returns "" where it does not say.
func (e Engine) Version(ctx context.Context) string {
	line, err := e.line()
	if err != nil {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, line[0], append(line[1:], "--version")...).Output()
	if err != nil {
		return ""
	}
	return versionNumber.FindString(string(out))
}
