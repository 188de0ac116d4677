package doctor_test

import (
	"context"
	"errors"
	"os"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gbytes"
	"github.com/onsi/gomega/gleak"

	"github.com/ssespec/ssespec/runner/doctor"
	"github.com/ssespec/ssespec/runner/target"
)

var _ = DescribeTable("nothing is found of a right adapter of a", func(ctx SpecContext, kind string) {
	before := gleak.Goroutines()
	report := examine(ctx, kind, "none")
	Expect(findings(report)).To(BeEmpty())
	Expect(report.Faulty()).To(BeFalse())
	Expect(report.Hello.Kind).To(BeEquivalentTo(kind))
	for _, f := range report.Findings {
		Expect(f.Check).NotTo(BeEmpty())
		Expect(f.What).NotTo(BeEmpty())
		if f.Class == doctor.Skipped {
			Expect(f.What).To(HavePrefix("not for kind "), "everything else was looked at")
		}
	}
	Eventually(gleak.Goroutines, "20s").ShouldNot(gleak.HaveLeaked(before))
},
	Entry("parser", "parser"),
	Entry("client", "client"),
	Entry("stream reader", "stream-reader"),
)

var _ = DescribeTable("nothing is found of a right adapter", func(ctx SpecContext, kind, fault string) {
	Expect(findings(examine(ctx, kind, fault))).To(BeEmpty())
},
	Entry("whose library adds a line feed to the data (parser)", "parser", "line-feed"),
	Entry("whose library adds a line feed to the data (client)", "client", "line-feed"),
)

var _ = DescribeTable("a command that cannot be started is no finding:", func(ctx SpecContext, reason, stderr string, command ...string) {
	d := doctor.Doctor{Command: command}
	_, err := d.Examine(ctx)
	var u *target.Unreachable
	Expect(errors.As(err, &u)).To(BeTrue(), "%v", err)
	Expect(u.Reason).To(ContainSubstring(reason))
	Expect(u.Stderr).To(ContainSubstring(stderr))
},
	Entry("there is none", "no command", ""),
	Entry("it is empty", "no command", "", ""),
	Entry("it does not exist", "check that it is installed, and its path", "", "./no-such-adapter"),
	Entry("it dies before its hello", "it ended before its hello (the process ended: exit status 7; its standard error ends with \"no such module\")", "no such module", "sh", "-c", "echo no such module >&2; exit 7"),
)

var _ = Describe("a hostile adapter", func() {
	It("that writes for ever is stopped", func(ctx SpecContext) {
		found := findings(examine(ctx, "parser", "flood"))
		Expect(found).NotTo(BeEmpty())
		Expect(found[0].Check).To(Equal("answers"))
		Expect(found[0].Evidence).To(ContainSubstring("more than 20000 lines"))
	})

	It("cannot write to the terminal", func(ctx SpecContext) {
		out := gbytes.NewBuffer()
		Expect(examine(ctx, "parser", "escapes").Print(out)).To(Succeed())
		Expect(out.Contents()).To(ContainSubstring(`saw    "\x1b[31mred\a"`))
		Expect(string(out.Contents())).NotTo(ContainAny("\x1b\a"))
	})

	It("whose child holds its output cannot hold us", func(ctx SpecContext) {
		d := doctor.Doctor{Command: []string{"sh", "-c", `echo '{"hello":{"protocol":1,"kind":"parser","name":"x"}}'; cat <&0 >/dev/null & wait`}}
		report, err := d.Examine(ctx)
		Expect(err).NotTo(HaveOccurred())
		Expect(report.Faulty()).To(BeTrue())
	})

	It("is left when nobody waits any more", func(ctx SpecContext) {
		gone := errors.New("interrupted")
		mine, cancel := context.WithCancelCause(ctx)
		cancel(gone)
		d := doctor.Doctor{Command: []string{os.Args[0]}}
		_, err := d.Examine(mine)
		Expect(err).To(MatchError(gone))
	})
})

// ContainAny matches a string that has one of the characters.
func ContainAny(chars string) OmegaMatcher {
	return WithTransform(func(s string) bool { return strings.ContainsAny(s, chars) }, BeTrue())
}

var _ = Describe("a report", func() {
	It("is a line a check, with what was seen and what to change under it", func() {
		out := gbytes.NewBuffer()
		r := doctor.Report{Findings: []doctor.Finding{
			{Check: "hello", Class: doctor.OK, What: "fine"},
			{Check: "end", Class: doctor.Bad, What: "no end", Evidence: `"x"`, Change: "write it", Write: "end"},
			{Check: "type", Class: doctor.Look, What: "empty", Change: "look"},
		}}
		Expect(r.Print(out)).To(Succeed())
		Expect(string(out.Contents())).To(Equal(`ok    hello            fine
BAD   end              no end
                       saw    "x"
                       change write it
                       write  end
look  type             empty
                       change look
the adapter is at fault: 1 thing to change, 1 thing to look at
`))
	})

	It("says of a fine adapter that it is", func() {
		out := gbytes.NewBuffer()
		Expect(doctor.Report{}.Print(out)).To(Succeed())
		Expect(string(out.Contents())).To(Equal("the adapter is fine\n"))
	})
})
