package doctor_test

import (
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"

	"github.com/ssespec/ssespec/runner/doctor"
)

func TestDoctor(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "doctor")
}

var broken string // the program of testdata/broken

var _ = SynchronizedBeforeSuite(func() []byte {
	path, err := gexec.Build("github.com/ssespec/ssespec/runner/doctor/testdata/broken")
	Expect(err).NotTo(HaveOccurred())
	return []byte(path)
}, func(path []byte) { broken = string(path) })

var _ = SynchronizedAfterSuite(func() {}, gexec.CleanupBuildArtifacts)

// examine returns what is found of the adapter of that kind with that fault.
func examine(ctx SpecContext, kind, fault string) doctor.Report {
	GinkgoHelper()
	d := doctor.Doctor{Command: []string{broken, kind, fault}}
	if fault == "silent" || fault == "buffered" {
		d.StartTimeout = 3 * time.Second
	}
	report, err := d.Examine(ctx)
	Expect(err).NotTo(HaveOccurred())
	return report
}

// findings are those that are not right.
func findings(r doctor.Report) []doctor.Finding {
	var found []doctor.Finding
	for _, f := range r.Findings {
		if f.Class == doctor.Bad || f.Class == doctor.Look {
			found = append(found, f)
		}
	}
	return found
}
