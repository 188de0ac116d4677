package fuzz_test

import (
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/fuzz"
)

func TestFuzz(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "fuzz")
}

func BenchmarkStream(b *testing.B) {
	r := seeded(1, 0)
	b.ReportAllocs()
	for b.Loop() {
		fuzz.Stream(r)
	}
}

func BenchmarkCuts(b *testing.B) {
	r := seeded(1, 0)
	stream := fuzz.Stream(r)
	b.ReportAllocs()
	for b.Loop() {
		fuzz.Cuts(r, stream)
	}
}
