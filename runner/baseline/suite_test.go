package baseline_test

import (
	"os"
	"path/filepath"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/runner/baseline"
)

func TestBaseline(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "baseline")
}

// write puts text into a file b.yaml and goes into its folder.
func write(text string) string {
	GinkgoHelper()
	dir := GinkgoT().TempDir()
	GinkgoT().Chdir(dir)
	name := filepath.Join(dir, "b.yaml")
	Expect(os.WriteFile(name, []byte(text), 0o600)).To(Succeed())
	return "b.yaml"
}

func read(text string) baseline.File {
	GinkgoHelper()
	f, err := baseline.Read(write(text))
	Expect(err).NotTo(HaveOccurred())
	return f
}
