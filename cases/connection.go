package cases

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/ssespec/ssespec/spec"
)

// The shapes of what a case says of connections and requests.

type subscribeShape struct {
	URL              place             `yaml:"url" doc:"{url} if left out; {url:/b?c#d} for another place of the play, {refused} for a port that refuses"`
	LastEventID      text              `yaml:"lastEventId"`
	ReconnectionTime *int64            `yaml:"reconnectionTime" doc:"milliseconds"`
	Headers          map[string]string `yaml:"headers"`
	Method           string            `yaml:"method"`
	Body             Part              `yaml:"body"`
	WithCredentials  bool              `yaml:"withCredentials"`
	CloseOn          struct {
		Step  string `yaml:"step"`
		Count int    `yaml:"count"`
	} `yaml:"closeOn" doc:"close is called inside the callback of that step"`
}

type connectionShape struct {
	On            string       `yaml:"on" doc:"the path that it answers, / if left out"`
	Times         int          `yaml:"times" doc:"so many of it, one after the other"`
	Request       requestShape `yaml:"request" doc:"what is wanted of the request that it answers"`
	HTTP          string       `yaml:"http" doc:"1.0 for HTTP/1.0"`
	Informational []int        `yaml:"informational" doc:"1xx responses before the head"`
	Status        int          `yaml:"status" doc:"200 if left out"`
	Headers       []pair       `yaml:"headers" doc:"order and duplicates are kept"`
	Framing       string       `yaml:"framing" doc:"chunked, length or until-close"`
	Coding        string       `yaml:"coding" doc:"gzip"`
	Trailers      []pair       `yaml:"trailers"`
	Body          []Part       `yaml:"body"`
	End           string       `yaml:"end" doc:"close (if left out), reset, cut, hang, or keep: the connection takes other requests"`
	Refuse        bool         `yaml:"refuse" doc:"reset without a byte"`
	Raw           []Part       `yaml:"raw" doc:"head and body as they go on the wire, in place of all of the above but on and request"`
}

type requestShape struct {
	Method  string           `yaml:"method"`
	Headers map[string]*text `yaml:"headers" doc:"null: must be absent; compared as bytes"`
	Body    *text            `yaml:"body"`
	After   span             `yaml:"after" doc:"not sooner after the end of the connection before"`
	Before  span             `yaml:"before" doc:"not later; a missed bound is put once more, and only ever a warning"`
	Repeats string           `yaml:"repeats" doc:"allowed: the HTTP layer may send it without a step"`
}

type requestsShape struct {
	Max    int          `yaml:"max" doc:"at most so many"`
	For    span         `yaml:"for" doc:"how long it is watched that no more come"`
	Closed bool         `yaml:"closed" doc:"the client is closed at its last step, and watched from then on"`
	Paths  []string     `yaml:"paths" doc:"exactly to these, with their queries, in order"`
	Last   requestShape `yaml:"last" doc:"what is wanted of the request that the last connection answers"`
}

type outcomeShape struct {
	node     *yaml.Node
	Name     string        `yaml:"name"`
	Verdict  string        `yaml:"verdict" doc:"pass or warn"`
	Because  string        `yaml:"because"`
	Expect   *[]stepShape  `yaml:"expect" doc:"left out: what the model observes"`
	Requests requestsShape `yaml:"requests"`
}

func (o *outcomeShape) decode(n *yaml.Node) error {
	type plain outcomeShape
	o.node = n
	return decodePlain(n, (*plain)(o))
}

// pair is one header: [name, value].
type pair [2]string

func (p *pair) decode(n *yaml.Node) error {
	var list []place
	if err := decodePlain(n, &list); err != nil {
		return err
	}
	if len(list) != 2 {
		return at(n, "a header is a pair [name, value], found %d entries", len(list))
	}
	*p = pair{string(list[0]), string(list[1])}
	return nil
}

// place is text that may hold placeholders for a URL.
type place string

func (p *place) decode(n *yaml.Node) error {
	if err := decodePlain(n, (*string)(p)); err != nil {
		return err
	}
	for _, found := range braced.FindAllStringSubmatch(string(*p), -1) {
		name, path := found[1], strings.TrimPrefix(found[2], ":")
		switch {
		case !slices.Contains(Origins(), name):
			return at(n, "unknown placeholder {%s}%s", name, DidYouMean(name, Origins()))
		case path != "" && !strings.HasPrefix(path, "/") || playURL(name, path) == nil:
			return at(n, "a placeholder wants a path that begins with a slash, found %q", path)
		}
	}
	return nil
}

// span is a time such as 50ms.
type span time.Duration

func (s *span) decode(n *yaml.Node) error { return decodePause(n, (*time.Duration)(s)) }

// word checks that the value of a key is one of a few words.
func word(n *yaml.Node, key, value string, known ...string) error {
	if value == "" || slices.Contains(known, value) {
		return nil
	}
	return at(valueAt(n, key), "%s is one of %s, found %q%s", key, strings.Join(known, ", "), value, DidYouMean(value, known))
}

// valueAt returns the node at key of the mapping n, n itself when it is not there.
func valueAt(n *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return n
}

const mostTimes = 100 // connections that one entry stands for

// decode checks the words as well, so that a slip is not played as something else.
func (c *connectionShape) decode(n *yaml.Node) error {
	type plain connectionShape
	if err := decodePlain(n, (*plain)(c)); err != nil {
		return err
	}
	for _, w := range []struct {
		key, value string
		known      []string
	}{
		{"http", c.HTTP, []string{"1.0"}},
		{"framing", c.Framing, []string{"chunked", "length", "until-close"}},
		{"coding", c.Coding, []string{"gzip"}},
		{"end", c.End, []string{"close", "reset", "cut", "hang", "keep"}},
	} {
		if err := word(n, w.key, w.value, w.known...); err != nil {
			return err
		}
	}
	return c.consistent(n)
}

// playedPath is a path within a play.
var playedPath = regexp.MustCompile(`^/[a-z0-9/-]*$`)

func (c *connectionShape) consistent(n *yaml.Node) error {
	alone := func(key string) error {
		for i := 0; i < len(n.Content); i += 2 {
			if k := n.Content[i]; !slices.Contains([]string{key, "on", "times", "request", "end"}, k.Value) {
				return at(k, "%s beside %s: nothing else is answered", k.Value, key)
			}
		}
		return nil
	}
	switch {
	case c.On != "" && !playedPath.MatchString(c.On):
		return at(valueAt(n, "on"), "on wants a path of small letters, digits and hyphens such as /b, found %q", c.On)
	case c.Times < 0 || c.Times > mostTimes:
		return at(valueAt(n, "times"), "times is from 1 to %d", mostTimes)
	case c.Status != 0 && (c.Status < 200 || c.Status > 599):
		return at(valueAt(n, "status"), "status is from 200 to 599; 1xx belong to informational")
	case slices.ContainsFunc(c.Informational, func(s int) bool { return s < 100 || s > 199 || s == 101 }):
		return at(valueAt(n, "informational"), "informational responses are 1xx, and not 101")
	case c.End == "keep" && (c.Raw != nil || c.Refuse || c.HTTP != "" || c.Framing == "until-close"):
		return at(valueAt(n, "end"), "a connection is kept after a chunked body or one with a length, by HTTP/1.1")
	case c.awaitsEnd():
		return at(valueAt(n, "body"), "await: reestablish is the last of the body of a connection with end: keep")
	case c.Raw != nil:
		return alone("raw")
	case c.Refuse:
		return alone("refuse")
	}
	return nil
}

// awaitsEnd reports whether the end of the body is awaited where it is not told by
// itself, or before it.
func (c *connectionShape) awaitsEnd() bool {
	for i, p := range slices.Concat(c.Raw, c.Body) {
		if p.Await == string(spec.Reestablish) && (c.End != "keep" || i < len(c.Body)-1) {
			return true
		}
	}
	return false
}

func (r *requestShape) decode(n *yaml.Node) error {
	type plain requestShape
	if err := decodePlain(n, (*plain)(r)); err != nil {
		return err
	}
	return word(n, "repeats", r.Repeats, "allowed")
}

func (c connectionShape) build() Connection {
	return Connection{
		On: c.On, Request: c.Request.build(), HTTP: c.HTTP, Informational: c.Informational, Status: c.Status,
		Headers: pairs(c.Headers), Framing: c.Framing, Coding: c.Coding, Trailers: pairs(c.Trailers),
		Body: c.Body, End: c.End, Refuse: c.Refuse, Raw: c.Raw,
	}
}

func (r requestShape) build() Request {
	built := Request{Method: r.Method, Body: (*string)(r.Body), After: time.Duration(r.After), Before: time.Duration(r.Before), Repeats: r.Repeats != ""}
	for name, value := range r.Headers {
		if built.Headers == nil {
			built.Headers = map[string]*string{}
		}
		built.Headers[name] = (*string)(value)
	}
	return built
}

func (r requestsShape) build() Requests {
	return Requests{Max: r.Max, For: time.Duration(r.For), Closed: r.Closed, Paths: r.Paths, Last: r.Last.build()}
}

func pairs(shapes []pair) [][2]string {
	var list [][2]string
	for _, p := range shapes {
		list = append(list, p)
	}
	return list
}

func (s subscribeShape) build() Subscribe {
	return Subscribe{
		URL: string(s.URL), LastEventID: string(s.LastEventID), ReconnectionTime: s.ReconnectionTime, Headers: s.Headers,
		Method: s.Method, Body: s.Body.Unit, WithCredentials: s.WithCredentials,
		CloseOn: spec.Kind(s.CloseOn.Step), CloseCount: s.CloseOn.Count,
	}
}
