package stdio_test

import (
	"os"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// TestMain makes the test binary the adapter when a test has started it as one.
func TestMain(m *testing.M) {
	if role := os.Getenv("SSESPEC_FAKE"); role != "" {
		os.Exit(play(role))
	}
	os.Exit(m.Run())
}

func TestStdio(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "stdio")
}
