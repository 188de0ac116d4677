package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"go.yaml.in/yaml/v3"

	"github.com/ssespec/ssespec/runner/reference"
)

// A recipe is one block of commands on the page, and what they print.
type recipe struct {
	commands string
	prints   []string
}

var fenced = regexp.MustCompile("(?ms)^```([a-z]+)\n(.*?)^```$") // never written to

// recipes reads the page: blocks of sh, each followed by one of text, and blocks of
// yaml, whose commands are those of a CI job.
func recipes(page string) (list []recipe, err error) {
	for _, block := range fenced.FindAllStringSubmatch(page, -1) {
		switch kind, body := block[1], block[2]; kind {
		case "sh":
			list = append(list, recipe{commands: body})
		case "text":
			list[len(list)-1].prints = strings.Split(strings.TrimSpace(body), "\n")
		case "yaml":
			var doc any
			if err := yaml.Unmarshal([]byte(body), &doc); err != nil {
				return nil, err
			}
			list = append(list, recipe{strings.Join(jobCommands(doc), "\n"), []string{"no problem found"}})
		default:
			return nil, fmt.Errorf("a block of %s on the page", kind)
		}
	}
	return list, nil
}

// jobCommands returns what a CI job runs, in order.
func jobCommands(node any) (commands []string) {
	switch n := node.(type) {
	case map[string]any:
		for _, key := range []string{"run", "script"} {
			switch value := n[key].(type) {
			case string:
				commands = append(commands, value)
			case []any:
				for _, c := range value {
					commands = append(commands, fmt.Sprint(c))
				}
			}
		}
		for _, key := range []string{"jobs", "sse", "steps"} {
			commands = append(commands, jobCommands(n[key])...)
		}
	case []any:
		for _, step := range n {
			commands = append(commands, jobCommands(step)...)
		}
	}
	return commands
}

// recipeToken is what the look-alikes take for credentials.
const recipeToken = "t0ken-of-the-recipes"

// lookAlikes serve what the page is about, by the URL that it has there.
func lookAlikes() map[string]http.Handler {
	shop := new(reference.Server)
	return map[string]http.Handler{
		"https://news.example":  protected("Authorization", "Bearer "+recipeToken, shop),
		"https://llm.example":   http.HandlerFunc(llm),
		"https://mcp.example":   http.HandlerFunc(mcp),
		"http://127.0.0.1:8080": onlyFor("shop.example", shop),
		"https://shop.example":  buffered(shop),
	}
}

func protected(name, value string, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get(name) != value {
			http.Error(w, "no credentials", http.StatusUnauthorized)
			return
		}
		h.ServeHTTP(w, r)
	})
}

func onlyFor(host string, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Host != host {
			http.Error(w, "this is "+host, http.StatusMisdirectedRequest)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// buffered is a proxy that hands on what it gets when it has everything.
func buffered(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		behind := httptest.NewRecorder()
		h.ServeHTTP(behind, r)
		for name, values := range behind.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(behind.Code)
		_ = http.NewResponseController(w).Flush()
		_, _ = w.Write(behind.Body.Bytes()) // the client may have left
	})
}

// llm streams tokens, in the manner of either big API, when it is asked to.
func llm(w http.ResponseWriter, r *http.Request) {
	var asked struct{ Stream bool }
	text, err := io.ReadAll(r.Body)
	switch {
	case err != nil || json.Unmarshal(text, &asked) != nil || r.Method != http.MethodPost:
		http.Error(w, "no request", http.StatusBadRequest)
	case r.Header.Get("Authorization") != "Bearer "+recipeToken && r.Header.Get("X-Api-Key") != recipeToken:
		http.Error(w, "no credentials", http.StatusUnauthorized)
	case !asked.Stream:
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintln(w, `{"content":"1 2 3 4 5"}`)
	case r.URL.Path == "/v1/messages":
		streamed(w, r, "event: message_start\ndata: {\"type\":\"message_start\"}\n\n", "event: ping\ndata: {\"type\":\"ping\"}\n\n",
			"event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"delta\":{\"text\":\"1\"}}\n\n",
			"event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}\n\n")
	default:
		streamed(w, r, "data: {\"choices\":[{\"delta\":{\"content\":\"1\"}}]}\n\n", "data: {\"choices\":[{\"delta\":{\"content\":\" 2\"}}]}\n\n", "data: [DONE]\n\n")
	}
}

// mcp answers a call in a stream and everything else in JSON.
func mcp(w http.ResponseWriter, r *http.Request) {
	var asked struct{ Method string }
	text, err := io.ReadAll(r.Body)
	accept := r.Header.Get("Accept")
	switch {
	case err != nil || json.Unmarshal(text, &asked) != nil:
		http.Error(w, "no request", http.StatusBadRequest)
	case !strings.Contains(accept, "application/json") || !strings.Contains(accept, "text/event-stream"):
		http.Error(w, "both types are wanted in Accept", http.StatusNotAcceptable)
	case asked.Method == "tools/call":
		streamed(w, r, "event: message\nid: 1\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\"}\n\n", "event: message\nid: 2\ndata: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n\n")
	default:
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintln(w, `{"jsonrpc":"2.0","id":1,"result":{}}`)
	}
}

// streamed sends each block by itself.
func streamed(w http.ResponseWriter, r *http.Request, blocks ...string) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-cache")
	for _, block := range blocks {
		if http.NewResponseController(w).Flush() != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-time.After(20 * time.Millisecond):
		}
		_, _ = io.WriteString(w, block) // the client may have left, which the next flush tells
	}
}

// plainServer is a project's own server, as `npm start` would begin it.
func plainServer() {
	fmt.Println(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), new(reference.Server)))
}

// project makes a folder like that of a project in CI: tools that are not to be
// run stand in its bin.
func project() string {
	GinkgoHelper()
	dir := GinkgoT().TempDir()
	Expect(os.Mkdir(filepath.Join(dir, "bin"), 0o700)).To(Succeed())
	for name, script := range map[string]string{
		"bin/go": "exit 0", "bin/npm": `[ "$1" = ci ] || exec server-plain`, "shop": "exec server-plain",
	} {
		Expect(os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script+"\n"), 0o700)).To(Succeed())
	}
	return dir
}

var _ = Describe("The page of recipes", Ordered, ContinueOnFailure, func() {
	page, unread := os.ReadFile("recipes.md")
	all, broken := recipes(string(page))
	var onThisMachine *strings.Replacer

	BeforeAll(func() {
		var pairs []string
		for url, h := range lookAlikes() {
			s := httptest.NewServer(h)
			DeferCleanup(func() {
				s.CloseClientConnections()
				s.Close()
			})
			pairs = append(pairs, url, s.URL)
		}
		onThisMachine = strings.NewReplacer(pairs...)
	})

	It("is there, and has all its recipes", func() {
		Expect(unread).NotTo(HaveOccurred())
		Expect(broken).NotTo(HaveOccurred())
		Expect(len(all)).To(BeNumerically(">=", 10))
	})

	for i, r := range all {
		It(fmt.Sprintf("has commands that do what it says, block %d", i+1), func() {
			dir := project()
			script := onThisMachine.Replace(r.commands)
			Expect(script).NotTo(ContainSubstring(".example/"), "a host without a look-alike")
			Expect(r.prints).NotTo(BeEmpty(), "what %s prints is on the page", r.commands)
			cmd := exec.Command("sh", "-eu", "-c", script)
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "GORACE=atexit_sleep_ms=0", "TOKEN="+recipeToken, "PATH="+filepath.Join(dir, "bin")+":"+os.Getenv("PATH"))
			output, err := cmd.CombinedOutput()
			Expect(err).NotTo(HaveOccurred(), "%s\n%s", script, output)
			for _, line := range r.prints {
				Expect(string(output)).To(ContainSubstring(line), script)
			}
			Expect(string(output)).NotTo(ContainSubstring(recipeToken))
		})
	}
})
