package cases

import (
	"net/url"
	"regexp"
	"strings"
)

// Origins returns the names that may stand in a placeholder: this play's URL,
// the same on another origin, and a port that refuses every connection.
func Origins() []string { return []string{"url", "other", "refused"} }

// placeholder is what a URL in a case may hold in place of a host, braced what
// looks like one.
var (
	placeholder = regexp.MustCompile(`\{(url|other|refused)(:/[^{}]*)?\}`)
	braced      = regexp.MustCompile(`\{([a-z]+)(:[^{}]*)?\}`)
)

// Expand puts what place returns in the place of each {url}, {url:/b},
// {other:/b} and {refused:/b} in text: name is one of [Origins], path begins
// with a slash.
func Expand(text string, place func(name, path string) string) string {
	return placeholder.ReplaceAllStringFunc(text, func(found string) string {
		name, path, _ := strings.Cut(strings.Trim(found, "{}"), ":")
		if path == "" {
			path = "/"
		}
		return place(name, path)
	})
}

// UsesOrigin reports whether a URL of the case is on the origin of that name.
func (c Case) UsesOrigin(name string) bool {
	used := false
	note := func(found, _ string) string {
		used = used || found == name
		return ""
	}
	Expand(c.Subscribe.URL, note)
	for _, connection := range c.Script.Connections {
		for _, h := range connection.Headers {
			Expand(h[1], note)
		}
	}
	return used
}

// playPath is the path of a play, as the model sees it.
const playPath = "/p/0"

// playURL returns the URL of a path within the play, as the model sees it.
func playURL(name, path string) *url.URL {
	u, err := url.Parse("http://" + name + playPath + path)
	if err != nil {
		return nil
	}
	return u
}

// resolve returns where text leads from a URL, nil when that is no HTTP URL of
// the play.
func resolve(from *url.URL, text string) *url.URL {
	expanded := Expand(text, func(name, path string) string { return "http://" + name + playPath + path })
	to, err := from.Parse(expanded)
	if err != nil || to.Scheme != "http" || !strings.HasPrefix(to.Path, playPath) {
		return nil
	}
	return to
}

// within returns the path within the play.
func within(u *url.URL) string { return strings.TrimPrefix(u.Path, playPath) }

func refused(u *url.URL) bool { return u.Host == "refused" }

// Matches reports whether the connection answers requests of a path.
func (c Connection) Matches(path string) bool { return orSlash(c.On) == orSlash(path) }

func orSlash(path string) string {
	if path == "" {
		return "/"
	}
	return path
}
