package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// A preparedServer is one in testdata/servers, as an author would write it.
type preparedServer struct {
	name    string
	command []string // its words, relative to where .ci/servers has installed it
	http2   bool
	names   string // what the first line of the report names: the planted fault
	says    string // somewhere in the report
}

// preparedServers is the table of all: six good ones, and six with one fault each.
func preparedServers() []preparedServer {
	return []preparedServer{
		{name: "Flask", command: []string{"python/venv/bin/python", "python/flask_good.py"}},
		{name: "Express", command: []string{"node", "node/express_good.mjs"}},
		{name: "aiohttp", command: []string{"python/venv/bin/python", "python/aiohttp_good.py"}},
		{name: "net/http", command: []string{"bin/tickers"}},
		{name: "HTTP/2", command: []string{"node", "node/http2_good.mjs"}, http2: true},
		{name: "quiet for a minute", command: []string{"node", "node/quiet_good.mjs"}, says: "saw 0 events in 8 s; use --for"},
		{name: "Flask with its own type", command: []string{"python/venv/bin/python", "python/flask_type.py"}, names: "the Content-Type is \"text/html"},
		{name: "Flask with type and data on one line", command: []string{"python/venv/bin/python", "python/flask_one_line.py"}, names: "data stands in the value of another field"},
		{name: "aiohttp with one newline", command: []string{"python/venv/bin/python", "python/aiohttp_one_newline.py"}, names: "no empty line"},
		{name: "Express behind compression", command: []string{"node", "node/express_gzip.mjs"}, names: "with gzip no event came"},
		{name: "Express with JSON over lines", command: []string{"node", "node/express_json.mjs"}, names: "the JSON goes on over lines without a field name"},
		{name: "net/http without a flush", command: []string{"bin/unflushed"}, names: "one lump"},
	}
}

// The prepared servers are there only when they are asked for: SSESPEC_SERVERS is
// where .ci/servers has installed them.
var _ = prepared(os.Getenv("SSESPEC_SERVERS"))

// A checked server is what the program wrote about one.
type checked struct {
	status  int
	output  string
	totals  struct{ Fail, Warn, Error int }
	elapsed time.Duration
	err     error
}

func prepared(dir string) bool {
	if dir == "" {
		return false
	}
	return Describe("A prepared server", Label("servers"), Ordered, ContinueOnFailure, func() {
		results := map[string]chan checked{}

		BeforeAll(func() {
			out := GinkgoT().TempDir()
			ca, key := identity(out, selfSigned(time.Now().Add(time.Hour)))
			ctx, cancel := context.WithTimeout(context.Background(), 4*patience)
			DeferCleanup(cancel)
			turns := make(chan struct{}, 4)
			for i, s := range preparedServers() {
				result := make(chan checked, 1)
				results[s.name] = result
				go func() {
					turns <- struct{}{}
					defer func() { <-turns }()
					result <- s.check(ctx, dir, fmt.Sprintf("%s/%d.json", out, i), ca, key)
				}()
			}
		})

		for _, s := range preparedServers() {
			It(s.name+" has the report that its author needs", func() {
				c := <-results[s.name]
				Expect(c.err).NotTo(HaveOccurred(), c.output)
				first, _, _ := strings.Cut(c.output, "\n")
				fmt.Fprintf(GinkgoWriter, "%s, %d fail, %d warn: %s\n", c.elapsed, c.totals.Fail, c.totals.Warn, first)
				Expect(c.output).To(ContainSubstring(s.says))
				Expect(c.totals.Error).To(BeZero())
				if s.names == "" {
					Expect(c.status).To(Equal(0), c.output)
					Expect(c.totals.Fail).To(BeZero(), c.output)
					Expect(c.totals.Warn).To(BeNumerically("<=", 2), c.output)
					return
				}
				Expect(first).To(ContainSubstring(s.names), c.output)
			})
		}
	})
}

// check starts the server and checks it, without a flag but --ca.
func (s preparedServer) check(ctx context.Context, dir, report, ca, key string) (c checked) {
	args := []string{"server", "--report", "json=" + report}
	url := "http://127.0.0.1:{port}/events"
	if s.http2 {
		url = "https://127.0.0.1:{port}/events"
		args = append(args, "--ca", ca)
	}
	command := append([]string{s.command[0]}, s.command[1:]...)
	for i, word := range command {
		if strings.Contains(word, "/") {
			command[i] = filepath.Join(dir, word)
		}
	}
	var output bytes.Buffer
	cmd := exec.CommandContext(ctx, "ssespec", append(append(args, url, "--"), command...)...)
	cmd.Env = append(os.Environ(), "TLS_CERT="+ca, "TLS_KEY="+key)
	cmd.Stdout, cmd.Stderr = &output, &output
	begun := time.Now()
	err := cmd.Run()
	c.elapsed, c.output = time.Since(begun).Round(10*time.Millisecond), output.String()
	if cmd.ProcessState == nil {
		c.err = err
		return c
	}
	c.status = cmd.ProcessState.ExitCode()
	text, err := os.ReadFile(report)
	if err != nil {
		c.err = err
		return c
	}
	doc := struct{ Totals any }{&c.totals}
	c.err = json.Unmarshal(text, &doc)
	return c
}
