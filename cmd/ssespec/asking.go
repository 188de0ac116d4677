package main

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"os"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ssespec/ssespec/runner/probe"
	"github.com/ssespec/ssespec/runner/secret"
)

// asking are the flags that say how a server is asked.
type asking struct {
	method    string
	header    []string
	headerEnv []string
	body      string
	ca        string
	cert, key string
	insecure  bool
	hide      bool // the headers come from a file: all of them are secrets
	headers   []probe.Header
	sent      []byte
	tls       *tls.Config
	secrets   secret.Set
}

func (a *asking) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&a.method, "method", http.MethodGet, "the `method` to ask with; any but GET is sent once only")
	f.StringArrayVar(&a.header, "header", nil, "a `header` to send, 'Name: value', or @FILE with one a line (repeatable)")
	f.StringArrayVar(&a.headerEnv, "header-env", nil, "a header to send, `NAME=VARIABLE`: its value is that of the variable (repeatable)")
	f.StringVar(&a.body, "body", "", "the body to send, `DATA` or @FILE")
	f.StringVar(&a.ca, "ca", "", "trust the certificates in this `file` (PEM), besides those of the system")
	f.StringVar(&a.cert, "cert", "", "the client certificate in this `file` (PEM)")
	f.StringVar(&a.key, "key", "", "its key in this `file` (PEM)")
	f.BoolVar(&a.insecure, "insecure", false, "take any certificate")
}

// plain reports whether the request is that of an EventSource.
func (a *asking) plain() bool { return a.method == http.MethodGet && a.body == "" }

// valid reads what the flags name.
func (a *asking) valid() error {
	if !token.MatchString(a.method) {
		return usage("--method %q is no method", a.method)
	}
	for _, read := range []func() error{a.readHeaders, a.readEnvironment, a.readBody, a.readTLS} {
		if err := read(); err != nil {
			return err
		}
	}
	return nil
}

func (a *asking) readHeaders() error {
	for _, h := range a.header {
		name, fromFile := strings.CutPrefix(h, "@")
		if !fromFile {
			if err := a.addHeader("--header", h, a.hide); err != nil {
				return err
			}
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return usage("--header: %w", err)
		}
		for line := range strings.Lines(string(text)) {
			if line = strings.TrimSpace(line); line == "" {
				continue
			}
			if err := a.addHeader("--header @"+name, line, true); err != nil {
				return err
			}
		}
	}
	return nil
}

// addHeader takes one line. One that is a secret whatever its name is never told.
func (a *asking) addHeader(flag, line string, hidden bool) error {
	name, value, found := strings.Cut(line, ":")
	value = strings.Trim(value, " \t")
	switch {
	case !found && hidden:
		return usage("%s: a line has no colon: want 'Name: value'", flag)
	case !found:
		return usage("%s wants 'Name: value', found %q", flag, line)
	case !token.MatchString(name):
		return usage("%s: %q is no name of a header", flag, name)
	case !fieldValue(value):
		return usage("%s: the value of %s holds what no header can carry", flag, name)
	}
	a.headers = append(a.headers, probe.Header{Name: name, Value: value})
	a.secrets.AddHeader(name, value)
	if hidden {
		a.secrets.AddText(value)
	}
	return nil
}

func (a *asking) readEnvironment() error {
	for _, h := range a.headerEnv {
		name, variable, found := strings.Cut(h, "=")
		if !found || variable == "" {
			return usage("--header-env wants NAME=VARIABLE, as Authorization=TOKEN, found %q", h)
		}
		value, set := os.LookupEnv(variable)
		if !set || value == "" {
			return usage("--header-env %s: the variable %s is not set", h, variable)
		}
		if err := a.addHeader("--header-env "+h, name+": "+value, true); err != nil {
			return err
		}
	}
	return nil
}

// secretMember finds what a body names as a secret.
var secretMember = regexp.MustCompile(`"?([A-Za-z0-9_-]+)"?\s*[:=]\s*"?([^"&,}\s]+)`)

func (a *asking) readBody() error {
	name, fromFile := strings.CutPrefix(a.body, "@")
	a.sent = []byte(a.body)
	if !fromFile {
		for _, m := range secretMember.FindAllStringSubmatch(a.body, -1) {
			if secret.Names(m[1]) {
				a.secrets.Add(m[2])
			}
		}
		return nil
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return usage("--body: %w", err)
	}
	if len(text) > 1<<20 {
		return usage("--body @%s is larger than 1 MiB", name)
	}
	a.sent = text
	a.secrets.AddText(string(text))
	return nil
}

func (a *asking) readTLS() error {
	a.tls = &tls.Config{InsecureSkipVerify: a.insecure}
	if a.ca != "" {
		pool, err := x509.SystemCertPool()
		if err != nil {
			pool = x509.NewCertPool()
		}
		text, err := os.ReadFile(a.ca)
		if err != nil {
			return usage("--ca: %w", err)
		}
		if !pool.AppendCertsFromPEM(text) {
			return usage("--ca %s holds no certificate (PEM)", a.ca)
		}
		a.tls.RootCAs = pool
	}
	if (a.cert == "") != (a.key == "") {
		return usage("--cert and --key go together")
	}
	if a.cert == "" {
		return nil
	}
	pair, err := tls.LoadX509KeyPair(a.cert, a.key)
	if err != nil {
		return usage("--cert, --key: %w", err)
	}
	a.tls.Certificates = []tls.Certificate{pair}
	return nil
}

// token is what a method or the name of a header is made of (RFC 9110, 5.6.2).
var token = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")

// fieldValue reports whether a header can carry the value.
func fieldValue(v string) bool {
	return !strings.ContainsFunc(v, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7F })
}
