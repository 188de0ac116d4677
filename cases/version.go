package cases

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
)

// Version is the version of the embedded suite. A case's since is at most this.
const Version = "0.1"

// Digest returns the SHA-256 of every file in fsys with its name, in hex: what
// two runs have in common when they put the same cases.
func Digest(fsys fs.FS) (string, error) {
	h := sha256.New()
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(fsys, name)
		fmt.Fprintf(h, "%s %d\n%s", name, len(text), text)
		return err
	})
	return hex.EncodeToString(h.Sum(nil)), err
}
