//go:build unix

package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("A file that is written", func() {
	text := func(w io.Writer) error { _, err := io.WriteString(w, "text"); return err }
	var name string
	BeforeEach(func() { name = filepath.Join(GinkgoT().TempDir(), "file") })

	It("is a pipe still, when it was one", func() {
		Expect(syscall.Mkfifo(name, 0o600)).To(Succeed())
		reader, err := os.OpenFile(name, os.O_RDWR, 0)
		Expect(err).NotTo(HaveOccurred())
		defer reader.Close()
		Expect(writeFile(name, text)).To(Succeed())
		b := make([]byte, 4)
		Expect(io.ReadFull(reader, b)).To(Equal(4))
		Expect(string(b)).To(Equal("text"))
		info, err := os.Lstat(name)
		Expect(err).NotTo(HaveOccurred())
		Expect(info.Mode().Type()).To(Equal(os.ModeNamedPipe))
	})

	It("is written through a link, with the rights that it has", func() {
		Expect(os.WriteFile(name, []byte("old"), 0o600)).To(Succeed())
		link := name + ".link"
		Expect(os.Symlink("file", link)).To(Succeed())
		Expect(writeFile(link, text)).To(Succeed())
		Expect(os.ReadFile(name)).To(BeEquivalentTo("text"))
		Expect(os.Readlink(link)).To(Equal("file"))
		info, err := os.Stat(name)
		Expect(err).NotTo(HaveOccurred())
		Expect(info.Mode().Perm()).To(Equal(os.FileMode(0o600)))
	})

	It("is as it was when it cannot be written whole, and nothing lies beside it", func() {
		Expect(os.WriteFile(name, []byte("old"), 0o600)).To(Succeed())
		err := writeFile(name, func(w io.Writer) error { return errors.Join(text(w), io.ErrUnexpectedEOF) })
		Expect(err).To(MatchError(io.ErrUnexpectedEOF))
		Expect(os.ReadFile(name)).To(BeEquivalentTo("old"))
		Expect(os.ReadDir(filepath.Dir(name))).To(HaveLen(1))
	})

	It("is no folder", func() {
		Expect(writeFile(filepath.Dir(name), text)).To(MatchError(syscall.EISDIR))
	})
})
