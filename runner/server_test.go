package runner_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
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

// served are the cases for servers.
func served() []cases.Case {
	GinkgoHelper()
	all, err := cases.Load(cases.Files)
	Expect(err).NotTo(HaveOccurred())
	return cases.Selection{Sides: []cases.Side{cases.Servers}}.Of(all)
}

// dark is a server of which nothing can be seen.
type dark struct{}

func (dark) Observe(context.Context, []observe.Role) (*observe.Observation, error) {
	return nil, errors.New("nothing to see")
}

// standing is a server that was seen while this machine stood still for most of
// the time.
type standing struct{}

func (standing) Observe(context.Context, []observe.Role) (*observe.Observation, error) {
	e := &probe.Exchange{Head: &probe.Head{Status: 200, Headers: []probe.Header{{Name: "Content-Type", Value: "text/event-stream"}}},
		Body: []probe.Chunk{{At: time.Second, Bytes: []byte("data: 1")}, {At: 2 * time.Second, Bytes: []byte("\n\n")}}, Until: 8 * time.Second, End: probe.Left}
	o := &observe.Observation{MinEvents: 2, Stalls: []observe.Stall{{From: 0, To: 7 * time.Second}}, Exchanges: map[observe.Role]*probe.Exchange{observe.Stream: e}}
	o.Prepare()
	return o, nil
}

// waking is a server that this machine lets us see at the second time.
type waking struct{ asked [][]observe.Role }

func (w *waking) Observe(ctx context.Context, roles []observe.Role) (*observe.Observation, error) {
	w.asked = append(w.asked, roles)
	o, err := standing{}.Observe(ctx, roles)
	if len(w.asked) == 2 {
		o.Stalls = nil
	}
	return o, err
}

// stalled are the results that this machine has voided.
func stalled(list []runner.Result) (void []runner.Result) {
	for _, r := range list {
		if strings.HasPrefix(r.Reason, "host stalled: ") {
			void = append(void, r)
		}
	}
	return void
}

var _ = Describe("A server", func() {
	It("that was seen while this machine stood still is not blamed: what nobody must do is skipped, what somebody must is an error", func() {
		verdicts := map[string]runner.Verdict{}
		for _, r := range stalled(slices.Collect(new(runner.Runner).CheckServer(context.Background(), standing{}, served()))) {
			verdicts[r.Case.ID] = r.Verdict
			Expect(r.Reason).To(Equal("host stalled: this machine stood still for 7.0 s, 7.0 s at once, so that times cannot be told; run it again when less else runs"))
		}
		Expect(verdicts).To(Equal(map[string]runner.Verdict{"serving/delivery/whole-events": runner.Skip, "serving/delivery/enough": runner.Error}))
	})

	It("that is the reference passes every case, but for what needs HTTP/2", func() {
		s := httptest.NewServer(&reference.Server{Every: 50 * time.Millisecond})
		defer s.Close()
		u, err := url.Parse(s.URL)
		Expect(err).NotTo(HaveOccurred())
		suite, list := served(), []runner.Result{}
		for range 6 {
			list = slices.Collect(new(runner.Runner).CheckServer(context.Background(), survey.Plan{Prober: &probe.Prober{URL: u}, Watch: 5 * time.Second}, suite))
			if len(stalled(list)) == 0 {
				break
			}
			AddReportEntry("observed once more", stalled(list)[0].Reason)
		}
		Expect(ids(list)).To(Equal(cases.IDs(suite)))
		for _, r := range list {
			want := runner.Pass
			if r.Case.ID == "serving/response/connection-header" {
				want = runner.Skip
			}
			Expect(r.Verdict).To(Equal(want), "%s: %s", r.Case.ID, r.Reason)
		}
	})

	It("is observed alone once more where this machine stood still", func() {
		w, verdicts := new(waking), map[string]runner.Verdict{}
		for r := range new(runner.Runner).CheckServer(context.Background(), w, served()) {
			verdicts[r.Case.ID] = r.Verdict
		}
		Expect(verdicts).To(HaveKeyWithValue("serving/delivery/whole-events", runner.Warn))
		Expect(verdicts).To(HaveKeyWithValue("serving/delivery/enough", runner.Fail))
		Expect(w.asked).To(HaveLen(2))
		Expect(w.asked[1]).To(Equal([]observe.Role{observe.Stream, observe.Watch}))
	})

	DescribeTable("that is checked again and again has the gravest of its verdicts", func(want runner.Verdict, reason string, verdicts ...runner.Verdict) {
		var rounds [][]runner.Result
		for _, v := range verdicts {
			rounds = append(rounds, []runner.Result{{Verdict: v, Reason: string(v) + "ed"}})
		}
		r := runner.Stable(rounds)
		Expect(r).To(HaveLen(1))
		Expect([]any{r[0].Verdict, r[0].Reason}).To(Equal([]any{want, reason}))
	},
		Entry("once", runner.Warn, "warned", runner.Warn),
		Entry("always the same", runner.Fail, "failed", runner.Fail, runner.Fail),
		Entry("unstable", runner.Fail, "unstable 1/3: failed", runner.Pass, runner.Fail, runner.Pass),
		Entry("unstable in a warning", runner.Warn, "unstable 2/3: warned", runner.Warn, runner.Pass, runner.Warn),
		Entry("unseen at times", runner.Pass, "passed", runner.Skip, runner.Pass),
		Entry("unseen at times, and else wrong", runner.Warn, "warned", runner.Skip, runner.Warn),
	)

	It("of which nothing can be seen is an error in every case", func() {
		for r := range new(runner.Runner).CheckServer(context.Background(), dark{}, served()) {
			Expect([]any{r.Verdict, r.Reason}).To(Equal([]any{runner.Error, "nothing to see"}))
		}
	})

	It("that is left when the check is interrupted is judged by what was seen", func() {
		ctx, cancel := context.WithCancel(context.Background())
		var open atomic.Int32
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodOptions {
				w.WriteHeader(http.StatusNoContent)
				return
			}
			w.Header().Set("Content-Type", "text/event-stream; charset=latin1")
			w.(http.Flusher).Flush()
			if open.Add(1) == 2 { // the head of the first one was read
				cancel()
			}
			<-r.Context().Done()
		}))
		defer s.Close()
		u, err := url.Parse(s.URL)
		Expect(err).NotTo(HaveOccurred())
		verdicts := map[runner.Verdict][]string{}
		for r := range new(runner.Runner).CheckServer(ctx, survey.Plan{Prober: &probe.Prober{URL: u}, Watch: time.Hour}, served()) {
			verdicts[r.Verdict] = append(verdicts[r.Verdict], r.Case.ID)
		}
		Expect(verdicts[runner.Fail]).To(Equal([]string{"serving/response/charset"}))
		Expect(verdicts[runner.Warn]).To(BeEmpty(), "what we cut off is no finding")
		Expect(verdicts[runner.Error]).To(BeEmpty())
	})
})
