package doctor_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/runner/doctor"
)

var _ = DescribeTable("the adapter of a client is at fault that",
	func(ctx SpecContext, kind, fault, evidence string, want doctor.Finding) {
		report := examine(ctx, kind, fault)
		found := findings(report)
		Expect(found).To(HaveLen(1))
		Expect(found[0].Evidence).To(ContainSubstring(evidence))
		found[0].Evidence = ""
		Expect(found[0]).To(Equal(want))
		Expect(report.Faulty()).To(BeTrue())
	},
	Entry("logs on standard output (client)", "client", "log", `"got a line"`, doctor.Finding{Check: "log", Class: doctor.Bad,
		What:   "a line that is no JSON is on standard output",
		Change: "log to standard error: standard output belongs to the protocol",
		Write:  "console.error(text)"}),
	Entry("has a limit of 64 KiB for a line (client)", "client", "short-lines", "the process ended: exit status 0", doctor.Finding{Check: "long-lines", Class: doctor.Bad,
		What:   "a line of 200 KiB on standard input is not answered",
		Change: "read lines of any length, 64 MiB at least: many line readers stop at 64 KiB",
		Write:  "scanner.Buffer(nil, 64<<20)"}),
	Entry("buffers standard output (client)", "client", "buffered", `"{\"hello\":{\"protocol\":1,\"kind\":\"client\",\"name\":\"broken\",\"parallel\":32}}"`, doctor.Finding{Check: "flush", Class: doctor.Bad,
		What:   "the hello came only when standard input was closed: standard output is buffered",
		Change: "flush standard output after each line, the hello too",
		Write:  "print(line, flush=True); sys.stdout.flush(); fflush(stdout); out.Flush()"}),
	Entry("ends its lines in CR LF (client)", "client", "crlf", `"{\"hello\":{\"protocol\":1,\"kind\":\"client\",\"name\":\"broken\",\"parallel\":32}}\r\n"`, doctor.Finding{Check: "line-ends", Class: doctor.Bad,
		What:   "a line ends in CR LF",
		Change: "end each line with LF alone: write binary, or turn the translation of line ends off",
		Write:  `sys.stdout.reconfigure(newline="\n")`}),
	Entry("reports a step after an end that answered no close (client)", "client", "after-end", `\"step\":\"dispatch\"`, doctor.Finding{Check: "after-end", Class: doctor.Bad,
		What:   "a step came after an end that answered no close",
		Change: "write the line end last: when the library is through with the run, or when a close is answered"}),
	Entry("is serial though it says parallel 32 (client)", "client", "serial", `run "2": nothing came`, doctor.Finding{Check: "parallel", Class: doctor.Bad,
		What:   "hello says parallel 32, and of 32 runs that are open at once only 1 report their event",
		Change: "start each run on its own and go on reading standard input, or say in parallel how many may be open at once",
		Write:  `"parallel":1`}),
	Entry("leaves the type out (client)", "client", "typeless", `"{\"run\":\"1\",\"step\":\"dispatch\",\"event\":{\"data\":\"a\",\"lastEventId\":\"\"}}"`, doctor.Finding{Check: "type", Class: doctor.Bad,
		What:   "an event has no type",
		Change: `write the type of each event; where the library has none for an ordinary one, that is "message"`,
		Write:  `"event":{"type":"message","data":"a","lastEventId":""}`}),
	Entry("flushes late, at its exit (client)", "client", "late", `"{\"run\":\"1\",\"step\":\"end\"}"`, doctor.Finding{Check: "flush", Class: doctor.Bad,
		What:   `run "1": the line "end" came only when standard input was closed`,
		Change: "flush standard output after each line, the last one of a run too",
		Write:  "print(line, flush=True); sys.stdout.flush(); fflush(stdout); out.Flush()"}),
	Entry("washes what is not ASCII (client)", "client", "washed", `"{\"run\":\"1\",\"step\":\"dispatch\",\"event\":{\"type\":\"message\",\"data\":\"? ? ? \\u0000 a?b ?\",\"lastEventId\":\"\"}}"`, doctor.Finding{Check: "unicode", Class: doctor.Bad,
		What:   "é and 😀 do not arrive as they were sent",
		Change: "write standard output, and read the chunks, as UTF-8 whatever the locale",
		Write:  `sys.stdout.reconfigure(encoding="utf-8")`}),
	Entry("ends at the first close (client)", "client", "all-at-once", "the process ended: exit status 0", doctor.Finding{Check: "close", Class: doctor.Bad,
		What:   "a close of one run ends another one",
		Change: "close only the run that the line names: the process and the other runs go on"}),
	Entry("writes no end (client)", "client", "endless", `"{\"run\":\"1\",\"step\":\"dispatch\",\"event\":{\"type\":\"message\",\"data\":\"x\",\"lastEventId\":\"\"}}", and no more`, doctor.Finding{Check: "end", Class: doctor.Bad,
		What:   "no end came in answer to each close",
		Change: "write the line end in answer to each close",
		Write:  `{"run":"7","step":"end"}`}),
	Entry("declares headers and sends none (client)", "client", "no-headers", `"{\"run\":\"1\",\"step\":\"dispatch\",\"event\":{\"type\":\"message\",\"data\":\"x\",\"lastEventId\":\"\"}}", and no more`, doctor.Finding{Check: "capabilities", Class: doctor.Bad,
		What:   "hello declares headers, and it is not served",
		Change: "send the headers of the subscribe with the request, or leave headers out of capabilities"}),
	Entry("declares close-in-callback and does not close (client)", "client", "no-close-in-callback", `"{\"run\":\"1\",\"step\":\"end\"}", and no more`, doctor.Finding{Check: "capabilities", Class: doctor.Bad,
		What:   "hello declares close-in-callback, and it is not served",
		Change: "call close inside the callback that closeOn names, or leave close-in-callback out of capabilities"}),
	Entry("mixes its runs up (client)", "client", "mixed-runs", `\"data\":\"of run `, doctor.Finding{Check: "parallel", Class: doctor.Bad,
		What:   "a run reports the event of another run",
		Change: "take the run of each line from the line that opened it: no variable that the next run overwrites"}),
	Entry("answers no close while it is connecting (client)", "client", "deaf-while-connecting", "nothing came", doctor.Finding{Check: "connecting", Class: doctor.Bad,
		What:   "a close is not answered while the server has not answered the request",
		Change: "answer a close at once: do not wait for the library to connect",
		Write:  `{"run":"7","step":"end"}`}),
	Entry("writes no end after fail (client)", "client", "no-end-of-fail", `"{\"run\":\"1\",\"step\":\"fail\"}", and no more`, doctor.Finding{Check: "over", Class: doctor.Bad,
		What:   "no end came after fail",
		Change: "write the line end after each fail",
		Write:  `{"run":"7","step":"end"}`}),
	Entry("writes no end when the stream is through (stream-reader)", "stream-reader", "reader-without-end", `"{\"run\":\"1\",\"step\":\"dispatch\",\"event\":{\"type\":\"message\",\"data\":\"x\",\"lastEventId\":\"\"}}", and no more`, doctor.Finding{Check: "over", Class: doctor.Bad,
		What:   "no end came when the stream was through",
		Change: "write the line end when the library is through with the stream",
		Write:  `{"run":"7","step":"end"}`}),
)
