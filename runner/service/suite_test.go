package service_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/runner/service"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

func TestService(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "service")
}

// A fake is a test service without a client: what it is told to open, it calls
// back as it was told before.
type fake struct {
	status   string            // the body of GET /
	location string            // of a stream; {self} is the fake's URL
	calls    []string          // posted when a stream is opened: "n body"
	answers  map[string]int    // the status of a call, by its method and path
	hang     map[string]bool   // the calls that are never answered
	after    func(base string) // run when a stream is opened, in place of calls

	self string
	mu   sync.Mutex
	told []string // method, path and body of each call
	came []int    // the status of each callback
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body bytes.Buffer
	if _, err := body.ReadFrom(r.Body); err != nil {
		return
	}
	call := r.Method + " " + r.URL.Path
	f.note(call + " " + body.String())
	if f.hangs(call) {
		<-r.Context().Done()
		return
	}
	if code := f.answers[call]; code != 0 {
		w.WriteHeader(code)
		return
	}
	switch call {
	case "GET /":
		fmt.Fprint(w, f.status)
	case "POST /":
		f.opens(w, body.Bytes())
	}
}

func (f *fake) hangs(call string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.hang[call]
}

func (f *fake) note(call string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.told = append(f.told, call)
}

func (f *fake) calledWith() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.told...)
}

func (f *fake) opens(w http.ResponseWriter, order []byte) {
	var o struct{ CallbackURL string }
	if json.Unmarshal(order, &o) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if f.location != "" {
		w.Header().Set("Location", strings.ReplaceAll(f.location, "{self}", f.self))
	}
	w.WriteHeader(http.StatusCreated)
	if f.after != nil {
		go f.after(o.CallbackURL)
		return
	}
	go func() {
		for _, c := range f.calls {
			number, text, _ := strings.Cut(c, " ")
			f.callBack(o.CallbackURL+"/"+number, text)
		}
	}()
}

func (f *fake) callBack(to, body string) {
	res, err := http.Post(to, "application/json", strings.NewReader(body))
	if err != nil {
		return
	}
	res.Body.Close()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.came = append(f.came, res.StatusCode)
}

func (f *fake) callbacks() []int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]int(nil), f.came...)
}

// against returns the target for f, both alive until the spec ends.
func against(f *fake) *service.Service {
	GinkgoHelper()
	there := httptest.NewServer(f)
	DeferCleanup(there.Close)
	f.self = there.URL
	if f.status == "" {
		f.status = `{}`
	}
	s := &service.Service{URL: there.URL + "/", StartTimeout: 300 * time.Millisecond, CallTimeout: time.Second}
	here := httptest.NewServer(s)
	DeferCleanup(here.Close)
	s.Callback = here.URL
	return s
}

// run subscribes until n steps were seen or the target says that it is over.
func run(s *service.Service, n int, sub target.Subscription) (steps []spec.Step, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	err = s.Subscribe(ctx, sub, func(step spec.Step) {
		if steps = append(steps, step); len(steps) >= n {
			cancel()
		}
	})
	return steps, err
}

func event(data string) string {
	return fmt.Sprintf(`{"kind":"event","event":{"type":"t","data":%q,"id":"1"}}`, data)
}
