package reference_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"maps"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/observe"
	"github.com/ssespec/ssespec/runner/probe"
	"github.com/ssespec/ssespec/runner/reference"
	"github.com/ssespec/ssespec/runner/survey"
)

// A bent server is one row of either table.
type bent struct {
	server  func() *reference.PlainServer
	http2   bool
	lasting bool
	wanted  int
	cases   []string // those that must be judged: all when there are none
}

// A showing is what a row showed: the verdict and reason of each case that did not
// pass, and what it took to see that.
type showing struct {
	departures map[string]string
	blind      []string // of each time when this machine kept what must be judged from being seen
}

// shown is what every mutant and every variant showed, by name. They are all
// observed once, side by side.
var shown = sync.OnceValue(func() map[string]showing {
	rows := map[string]bent{}
	for _, m := range reference.ServerMutants() {
		rows["mutant "+m.Name] = bent{m.Server, m.HTTP2, m.Lasting, m.Wanted, append([]string{m.Case}, m.Also...)}
	}
	for _, v := range reference.ServerVariants() {
		rows["variant "+v.Name] = bent{server: v.Server, http2: v.HTTP2}
	}
	suite := serving()
	found := map[string]showing{}
	var (
		all   sync.WaitGroup
		mu    sync.Mutex
		turns = make(chan struct{}, 8)
	)
	for name, row := range rows {
		all.Go(func() {
			turns <- struct{}{}
			defer func() { <-turns }()
			s := row.show(suite)
			mu.Lock()
			defer mu.Unlock()
			found[name] = s
		})
	}
	all.Wait()
	return found
})

// of returns what a row showed, and says so where it had to be observed again.
func of(row string) map[string]string {
	s := shown()[row]
	for _, why := range s.blind {
		AddReportEntry(row+" was observed once more", why, ReportEntryVisibilityAlways)
	}
	return maps.Clone(s.departures)
}

// serving returns the cases for servers.
func serving() []cases.Case {
	all, err := cases.Load(cases.Files)
	if err != nil {
		panic(err)
	}
	return cases.Selection{Sides: []cases.Side{cases.Servers}}.Of(all)
}

// mostTries bounds how often a server is observed until the machine lets us see it.
const mostTries = 6

// show observes fresh servers until one is seen: a machine that stands still shows
// neither a mistake nor that there is none.
func (b bent) show(suite []cases.Case) (s showing) {
	for range mostTries {
		departures, stalled := b.departures(suite)
		if s.departures = departures; stalled == "" {
			break
		}
		s.blind = append(s.blind, stalled)
	}
	return s
}

// departures checks the server and returns every verdict but pass and skip, and
// the case that must be judged and could not be.
func (b bent) departures(suite []cases.Case) (departures map[string]string, stalled string) {
	departures = map[string]string{}
	for r := range new(runner.Runner).CheckServer(context.Background(), b, suite) {
		id := strings.TrimPrefix(r.Case.ID, "serving/")
		blind := strings.HasPrefix(r.Reason, "host stalled: ")
		switch {
		case blind && (len(b.cases) == 0 || slices.Contains(b.cases, id)):
			stalled = id + ": " + r.Reason
		case !blind && r.Verdict != runner.Pass && r.Verdict != runner.Skip:
			departures[id] = fmt.Sprintf("%s: %s", r.Verdict, r.Reason)
		}
	}
	return departures, stalled
}

// Observe observes a fresh server.
func (b bent) Observe(ctx context.Context, roles []observe.Role) (*observe.Observation, error) {
	s := httptest.NewUnstartedServer(b.server())
	roots := x509.NewCertPool()
	if b.http2 {
		s.EnableHTTP2 = true
		s.StartTLS()
		roots.AddCert(s.Certificate())
	} else {
		s.Start()
	}
	defer s.Close()
	defer s.CloseClientConnections()
	u, err := url.Parse(s.URL + "/events")
	if err != nil {
		return nil, err
	}
	plan := survey.Plan{Prober: &probe.Prober{URL: u, TLS: &tls.Config{RootCAs: roots}}, Watch: 8 * time.Second, MinEvents: b.wanted}
	if b.lasting {
		plan.Watch = 17 * time.Second
	}
	return plan.Observe(ctx, roles)
}

var _ = Describe("A mutant of the server is killed by its case and by no other:", func() {
	for _, m := range reference.ServerMutants() {
		It(m.Name+": "+m.Text, func() {
			got := of("mutant " + m.Name)
			Expect(got).To(HaveKeyWithValue(m.Case, HavePrefix(m.Verdict+": ")), "%v", got)
			delete(got, m.Case)
			for _, id := range m.Also {
				Expect(got).To(HaveKeyWithValue(id, HavePrefix("warn: ")))
				delete(got, id)
			}
			Expect(got).To(BeEmpty())
		})
	}
})

var _ = Describe("A legal variant of the server has no fail, and no warn but those of its row:", func() {
	for _, v := range reference.ServerVariants() {
		It(v.Name+": "+v.Text, func() {
			got := of("variant " + v.Name)
			for _, id := range v.Warns {
				Expect(got).To(HaveKeyWithValue(id, HavePrefix("warn: ")), "a warn in the row")
				delete(got, id)
			}
			Expect(got).To(BeEmpty())
		})
	}
})

var _ = Describe("The kill table of servers", func() {
	It("has a mutant for every case that can fail or warn, or the case says why not", func() {
		killers := map[string][]string{}
		for _, m := range reference.ServerMutants() {
			killers["serving/"+m.Case] = append(killers["serving/"+m.Case], m.Name)
		}
		for _, c := range serving() {
			if c.Level == "may" {
				continue
			}
			Expect(len(killers[c.ID]) > 0).To(Equal(c.Kills.None == ""), "%s: mutants %q, kills none %q", c.ID, killers[c.ID], c.Kills.None)
			delete(killers, c.ID)
		}
		Expect(slices.Collect(maps.Keys(killers))).To(BeEmpty(), "cases that mutants name and nobody knows")
	})
})
