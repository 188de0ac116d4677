package browser

import (
	"embed"
	"io/fs"
	"path"
)

//go:embed known/*.yaml
var known embed.FS

// Known returns the deviations of the engine that are known, as a baseline, and
// the name of the file; empty where there are none.
func (e Engine) Known() (name string, text []byte) {
	name = path.Join("known", e.Name+".yaml")
	text, err := fs.ReadFile(known, name)
	if err != nil {
		return "", nil
	}
	return path.Join("browser", name), text
}
