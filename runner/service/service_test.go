package service_test

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

var stream = target.Subscription{Run: "7", URL: "http://127.0.0.1:1/p/x"}

var _ = DescribeTable("The capabilities of the protocol are", func(status string, want ...string) {
	h, err := against(&fake{status: status}).Hello(context.Background())
	Expect(err).NotTo(HaveOccurred())
	Expect(h.Kind).To(Equal(target.Client))
	Expect(h.Shown()).To(Equal([]spec.Kind{spec.Dispatch}))
	Expect(h.Capabilities).To(ConsistOf(want))
},
	Entry("none where no body is", " ", "reestablish", "reconnection-time", "types-any"),
	Entry("those that have a name here", `{"name":"x","capabilities":["comments","headers","last-event-id","post"]}`,
		"reestablish", "reconnection-time", "types-any", "comments", "headers", "last-event-id", "post"),
	Entry("not those that are asked of everybody or of nobody", `{"capabilities":["bom","report","restart","read-timeout","server-directed-shutdown-request","x"]}`,
		"reestablish", "reconnection-time", "types-any"),
	Entry("not every type where types are to be told", `{"capabilities":["event-type-listeners"]}`, "reestablish", "reconnection-time"),
)

var _ = DescribeTable("A service is unreachable that", func(f *fake, reason string) {
	_, err := against(f).Hello(context.Background())
	var unreachable *target.Unreachable
	Expect(err).To(BeAssignableToTypeOf(unreachable))
	Expect(err).To(MatchError(ContainSubstring(reason)))
},
	Entry("answers another status", &fake{answers: map[string]int{"GET /": 204}}, "is answered 204"),
	Entry("sends no JSON", &fake{status: "hello\x1b"}, `"hello\x1b"`),
	Entry("sends a list", &fake{status: "[]"}, "is not answered by a status"),
	Entry("never answers", &fake{hang: map[string]bool{"GET /": true}}, "deadline exceeded"),
)

var _ = Describe("A run", func() {
	It("tells the service what to open, and ends it", func() {
		f := &fake{location: "/streams/1", calls: []string{"1 " + event("a")}}
		sub := stream
		sub.ReconnectionTime, sub.LastEventID, sub.Method, sub.Body = new(int64(1)), "é", "POST", "b"
		sub.Headers = map[string]string{"x-a": "b"}
		steps, err := run(against(f), 1, sub)
		Expect(err).NotTo(HaveOccurred())
		Expect(steps).To(HaveLen(1))
		Expect(*steps[0].Event).To(Equal(spec.Event{Type: "t", Data: "a", LastEventID: "1"}))
		told := f.calledWith()
		Expect(told).To(HaveLen(2))
		Expect(told[0]).To(MatchRegexp(`^POST / {"streamUrl":"http://127.0.0.1:1/p/x","callbackUrl":"http://127.0.0.1:\d+/callback/\w+","tag":"ssespec run 7",` +
			`"initialDelayMs":1,"readTimeoutMs":null,"lastEventId":"é","headers":{"x-a":"b"},"method":"POST","body":"b"}$`))
		Expect(told[1]).To(Equal("DELETE /streams/1 "))
		Eventually(f.callbacks).Should(Equal([]int{http.StatusAccepted}))
	})

	It("leaves out what is not asked for", func() {
		f := &fake{location: "{self}/s", calls: []string{"1 " + event("a")}}
		_, err := run(against(f), 1, stream)
		Expect(err).NotTo(HaveOccurred())
		Expect(f.calledWith()[0]).To(HaveSuffix(`"tag":"ssespec run 7","initialDelayMs":null,"readTimeoutMs":null}`))
	})

	It("puts callbacks in the order of their numbers", func() {
		f := &fake{location: "s", calls: []string{"3 " + event("c"), "1 " + event("a"), `2 {"kind":"comment","comment":"b"}`}}
		steps, err := run(against(f), 3, stream)
		Expect(err).NotTo(HaveOccurred())
		Expect(steps[0].Event.Data).To(Equal("a"))
		Expect(steps[1].Kind).To(Equal(spec.Comment))
		Expect(steps[1].Text).To(Equal("b"))
		Expect(steps[2].Event.Data).To(Equal("c"))
	})

	It("takes errors for no steps, but for their turn", func() {
		f := &fake{location: "s", calls: []string{`1 {"kind":"error","error":"x"}`, "2 " + event("a")}}
		steps, err := run(against(f), 1, stream)
		Expect(err).NotTo(HaveOccurred())
		Expect(steps).To(HaveLen(1))
	})

	It("tells a service that wants it the types, and holds bodies meanwhile", func() {
		f := &fake{status: `{"capabilities":["event-type-listeners"]}`, location: "/s", hang: map[string]bool{"POST /s": true}}
		s := against(f)
		_, err := s.Hello(context.Background())
		Expect(err).NotTo(HaveOccurred())
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		sub := stream
		sub.Types = []string{"message", "add"}
		over := make(chan error, 1)
		go func() { over <- s.Subscribe(ctx, sub, func(spec.Step) {}) }()
		Eventually(f.calledWith).Should(ContainElement(`POST /s {"command":"listen","listen":{"type":"add"}}`))
		held := make(chan struct{})
		go func() { s.Hold(nil); close(held) }()
		Consistently(held, "50ms").ShouldNot(BeClosed())
		f.mu.Lock()
		delete(f.hang, "POST /s")
		f.mu.Unlock()
		cancel()
		Eventually(over, "20s").Should(Receive(BeAssignableToTypeOf(&target.Broken{})))
		Eventually(held, "20s").Should(BeClosed())
	})

	It("asks for nothing that the protocol cannot say", func() {
		for _, sub := range []target.Subscription{{WithCredentials: true}, {CloseOn: &target.CloseOn{}}, {BodyBase64: []byte{0xff}}} {
			_, err := run(against(&fake{location: "s"}), 1, sub)
			Expect(err).To(BeAssignableToTypeOf(&target.Unimplemented{}))
		}
	})
})

var _ = DescribeTable("A fault of the service is that it", func(f *fake, reason string) {
	_, err := run(against(f), 9, stream)
	Expect(err).To(BeAssignableToTypeOf(&target.Fault{}))
	Expect(err).To(MatchError(ContainSubstring(reason)))
},
	Entry("opens no stream", &fake{answers: map[string]int{"POST /": 400}}, "is answered 400"),
	Entry("redirects", &fake{answers: map[string]int{"POST /": 307}}, "is answered 307"),
	Entry("does not say where the stream is", &fake{}, "without Location"),
	Entry("says that it is in a file", &fake{location: "file:///etc/passwd"}, "is no URL"),
	Entry("calls back no JSON", &fake{location: "s", calls: []string{"1 x"}}, "no JSON of the protocol"),
	Entry("calls back what is not UTF-8", &fake{location: "s", calls: []string{"1 " + `{"kind":"comment","comment":"` + "\xff" + `"}`}}, "invalid UTF-8"),
	Entry("calls back half a surrogate pair", &fake{location: "s", calls: []string{`1 {"kind":"comment","comment":"\ud83d"}`}}, "surrogate"),
	Entry("calls back an unknown kind", &fake{location: "s", calls: []string{`1 {"kind":"open"}`}}, "neither an event"),
	Entry("calls back an event without an event", &fake{location: "s", calls: []string{`1 {"kind":"event"}`}}, "neither an event"),
	Entry("says a number twice", &fake{location: "s", calls: []string{"1 " + event("a"), "1 " + event("b")}}, "number 1 twice"),
	Entry("says a waiting number twice", &fake{location: "s", calls: []string{"2 " + event("a"), "2 " + event("b")}}, "number 2 twice"),
	Entry("says a word for a number", &fake{location: "s", calls: []string{"x " + event("a")}}, "numbered from 1"),
	Entry("counts from 0", &fake{location: "s", calls: []string{"0 " + event("a")}}, "numbered from 1"),
	Entry("leaves out a number and floods", &fake{location: "s", calls: flood(2)}, "without number 1"),
)

// flood numbers 1,100 callbacks from first on.
func flood(first int) (calls []string) {
	for n := range 1100 {
		calls = append(calls, strconv.Itoa(first+n)+" "+event("a"))
	}
	return calls
}

var _ = DescribeTable("A service breaks down that", func(f *fake, how string) {
	_, err := run(against(f), 1, stream)
	Expect(err).To(BeAssignableToTypeOf(&target.Broken{}))
	Expect(err).To(MatchError(HavePrefix(how)))
},
	Entry("never says where the stream is", &fake{hang: map[string]bool{"POST /": true}}, target.Hung),
	Entry("never ends the stream", &fake{location: "/s", calls: []string{"1 " + event("a")}, hang: map[string]bool{"DELETE /s": true}}, target.Hung),
)

var _ = Describe("The end of a run", func() {
	It("takes a stream that is gone for one that has ended, and no other refusal", func() {
		for code, fine := range map[int]bool{404: true, 204: true, 202: true, 500: false} {
			_, err := run(against(&fake{location: "/s", calls: []string{"1 " + event("a")}, answers: map[string]int{"DELETE /s": code}}), 1, stream)
			Expect(err == nil).To(Equal(fine), "%d", code)
		}
	})

	It("lets go of callbacks that nobody takes", func() {
		f := &fake{location: "s", calls: flood(1)}
		steps, err := run(against(f), 1, stream)
		Expect(err).NotTo(HaveOccurred())
		Expect(len(steps)).To(BeNumerically(">=", 1))
		Eventually(f.callbacks, "20s").Should(HaveLen(1100))
	})

	It("says which callback never came", func() {
		f := &fake{location: "s", calls: []string{"1 " + event("a"), "3 " + event("c")}}
		ctx, cancel := context.WithCancel(context.Background())
		over := make(chan error, 1)
		s := against(f)
		go func() { over <- s.Subscribe(ctx, stream, func(spec.Step) {}) }()
		Eventually(f.callbacks).Should(HaveLen(2))
		cancel()
		Eventually(over).Should(Receive(MatchError(ContainSubstring("never calls back with the number 2"))))
	})
})

var _ = DescribeTable("A callback is refused", func(method, path string, code int) {
	s := against(&fake{})
	req, err := http.NewRequest(method, s.Callback+path, strings.NewReader("{}"))
	Expect(err).NotTo(HaveOccurred())
	res, err := http.DefaultClient.Do(req)
	Expect(err).NotTo(HaveOccurred())
	Expect(res.Body.Close()).To(Succeed())
	Expect(res.StatusCode).To(Equal(code))
},
	Entry("of an unknown stream", "POST", "/callback/x/1", 404),
	Entry("without a number", "POST", "/callback/x", 404),
	Entry("elsewhere", "POST", "/", 404),
)

var _ = Describe("The end of the service", func() {
	It("is left to itself", func() {
		f := &fake{}
		Expect(against(f).Close()).To(Succeed())
		Expect(f.calledWith()).To(BeEmpty())
	})

	It("is asked for where that is wanted", func() {
		f := &fake{answers: map[string]int{"DELETE /": 204}}
		s := against(f)
		s.Stop = true
		Expect(s.Close()).To(Succeed())
		Expect(f.calledWith()).To(Equal([]string{"DELETE / "}))
	})

	It("may come before the answer", func() {
		s := against(&fake{})
		s.Stop, s.URL = true, "http://127.0.0.1:1/"
		Expect(s.Close()).To(Succeed())
	})

	It("is an error where it is refused, or never comes", func() {
		for _, f := range []*fake{{answers: map[string]int{"DELETE /": 500}}, {hang: map[string]bool{"DELETE /": true}}} {
			s := against(f)
			s.Stop = true
			Expect(s.Close()).To(MatchError(HavePrefix("the test service has not ended")))
		}
	})
})
