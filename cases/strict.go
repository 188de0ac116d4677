package cases

import (
	"errors"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// DecodeStrict reads YAML text into what into points to, as strictly as case
// files are read: unknown and repeated keys, aliases and wrong types are a
// [Problem] in file with line, column and the nearest right word.
func DecodeStrict(file string, text []byte, into any) error {
	err := decodeText(text, into)
	var p *Problem
	if errors.As(err, &p) {
		p.File = file
	}
	return err
}

func decodeText(text []byte, into any) error {
	top, err := tree(text, "empty")
	if err != nil {
		return err
	}
	return decodePlain(top, into)
}

// Placed is a value with the line on which it stands.
type Placed[T any] struct {
	Value T
	Line  int
}

func (p *Placed[T]) decode(n *yaml.Node) error {
	p.Line = n.Line
	return decodePlain(n, &p.Value)
}

// LoadFile reads one case file by name, as [Load] reads it, with ids below the
// name of its folder.
func LoadFile(name string) ([]Case, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, err
	}
	return parseAs(filepath.ToSlash(name), text)
}

// parseAs is parse with the file named in the problem and in the cases, none of
// which has the id of another.
func parseAs(file string, text []byte) ([]Case, error) {
	found, err := parse(text, strings.TrimSuffix(path.Join(path.Base(path.Dir(file)), path.Base(file)), ".yaml"))
	var p *Problem
	if errors.As(err, &p) {
		p.File = file
	}
	for i := range found {
		found[i].File = file
	}
	sorted := slices.SortedStableFunc(slices.Values(found), func(a, b Case) int { return strings.Compare(a.ID, b.ID) })
	return found, errors.Join(append(duplicates(sorted), err)...)
}
