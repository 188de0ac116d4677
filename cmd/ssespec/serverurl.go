package main

import (
	"fmt"
	"net/url"
	"os"
	"strconv"
	"strings"
)

// validURL checks the URL of the arguments.
func (f *serverFlags) validURL(it *served) error {
	if it.url == "" {
		return usage("an empty argument is no URL (is a variable unset?)")
	}
	u, err := url.Parse(strings.ReplaceAll(it.url, "{port}", "1"))
	switch {
	case err != nil, u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "":
		return usage("%q is no URL of a server: want http://HOST/PATH%s", bare(it.url), serverHint(bare(it.url)))
	case !validPort(u.Port()):
		return usage("%q has a port that is none: want 1 to 65535", bare(it.url))
	case strings.Contains(it.url, "{port}") && len(it.command) == 0:
		return usage("{port} is for a server that is started: ssespec server %s -- COMMAND", bare(it.url))
	}
	f.secrets.AddURL(u)
	return nil
}

// validPort reports whether a port can be asked; "" is that of the scheme.
func validPort(port string) bool {
	n, err := strconv.Atoi(port)
	return port == "" || err == nil && n >= 1 && n <= 65535
}

// bare is an argument as errors show it: one that is no URL hides its secrets where
// a URL has them, before the host and in the query.
func bare(arg string) string {
	arg, _, query := strings.Cut(arg, "?")
	if query {
		arg += "?…"
	}
	scheme, rest, found := strings.Cut(arg, "://")
	if at := strings.LastIndex(rest, "@"); found && at >= 0 {
		return scheme + "://…" + rest[at:]
	}
	return arg
}

// serverHint says what was probably meant by an argument that is no URL.
func serverHint(arg string) string {
	scheme, _, schemed := strings.Cut(arg, "://")
	switch {
	case meantURL(arg) != "":
		return fmt.Sprintf(" (did you mean %s?)", meantURL(arg))
	case scheme == "http" || scheme == "https":
		return ""
	case schemed:
		return "; " + scheme + " is not spoken here"
	}
	return "; the command that starts a server goes after --: ssespec server -- " + arg
}

// meantURL returns the URL that was probably meant by an argument that is none, ""
// where it looks like something else.
func meantURL(arg string) string {
	scheme, rest, schemed := strings.Cut(arg, ":")
	host, _, path := strings.Cut(arg, "/")
	switch {
	case schemed && (scheme == "http" || scheme == "https"):
		if rest = strings.TrimLeft(rest, "/"); rest != "" && !strings.ContainsAny(rest[:1], ":[") {
			return scheme + "://" + rest
		}
	case strings.Contains(arg, "://") || exists(arg):
	case schemed, path && strings.Contains(strings.Trim(host, "."), "."):
		return "http://" + arg
	}
	return ""
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}
