package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/ssespec/ssespec/cases"
)

// configName is found upwards from the working directory.
const configName = ".ssespec.yaml"

// config is .ssespec.yaml (contracts, section 8). Paths in it are relative to
// the folder it stands in.
type config struct {
	path string
	away bool // it was found above the working directory

	Suite    string         `yaml:"suite" doc:"the suite version to be held to; newer cases are provisional"`
	Baseline string         `yaml:"baseline" doc:"the baseline of targets that name none"`
	Report   []string       `yaml:"report" doc:"reports of each target, FORMAT=FILE; {target} stands for its name"`
	Targets  []configTarget `yaml:"targets" doc:"what ssespec run checks"`
}

// configTarget is one target of the config.
type configTarget struct {
	Name     string            `yaml:"name" doc:"the name to run it by, and in reports"`
	Client   []string          `yaml:"client" doc:"the adapter's command, word by word"`
	Service  string            `yaml:"service" doc:"the URL of a test service"`
	Browser  string            `yaml:"browser" doc:"chromium, firefox or webkit"`
	Server   string            `yaml:"server" doc:"the URL of a server"`
	Start    []string          `yaml:"start" doc:"the command that starts the server or service"`
	Wait     string            `yaml:"wait" doc:"how long to wait for it, such as 30s"`
	Headers  map[string]string `yaml:"headers" doc:"headers to send to a server"`
	Profile  string            `yaml:"profile" doc:"parser, client or stream-reader: what it must say it is"`
	Cases    []string          `yaml:"cases" doc:"only cases whose id matches one of these globs"`
	Skip     []string          `yaml:"skip" doc:"not the cases whose id matches one of these globs"`
	Baseline string            `yaml:"baseline" doc:"its known departures"`
}

// configSchema returns the JSON Schema of .ssespec.yaml, made from the types
// above. What [config.check] demands of a target is in it.
func configSchema() *jsonschema.Schema {
	s := cases.SchemaOf[config]("ssespec config")
	one := s.Properties["targets"].Items
	one.Required = []string{"name"}
	for _, kind := range []string{"client", "service", "browser", "server"} {
		one.OneOf = append(one.OneOf, &jsonschema.Schema{Required: []string{kind}})
	}
	return s
}

// findConfig returns the config above the working directory; found is false
// when there is none.
func findConfig() (c config, found bool, err error) {
	here, err := os.Getwd()
	if err != nil {
		return c, false, err
	}
	for dir := here; ; {
		name := filepath.Join(dir, configName)
		if _, err := os.Stat(name); err == nil {
			c, err := readConfig(name)
			c.away = dir != here
			return c, true, err
		} else if !errors.Is(err, fs.ErrNotExist) {
			return c, false, usage("%w", err)
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return c, false, nil
		}
		dir = parent
	}
}

func readConfig(name string) (config, error) {
	c := config{path: name}
	text, err := os.ReadFile(name)
	if err != nil {
		return c, usage("%w", err)
	}
	if err := cases.DecodeStrict(configName, text, &c); err != nil {
		return c, &failure{exitUsage, err}
	}
	return c, c.check()
}

// check refuses what cannot be run.
func (c config) check() error {
	seen := map[string]bool{}
	for _, t := range c.Targets {
		kinds := 0
		for _, there := range []bool{len(t.Client) > 0, t.Service != "", t.Browser != "", t.Server != ""} {
			if there {
				kinds++
			}
		}
		switch {
		case t.Name == "":
			return usage("%s: a target has no name", configName)
		case seen[t.Name]:
			return usage("%s: the target %q is there twice", configName, t.Name)
		case kinds != 1:
			return usage("%s: target %q wants exactly one of client, service, browser and server", configName, t.Name)
		}
		seen[t.Name] = true
	}
	return nil
}

// below returns a path of the config as seen from the working directory.
func (c config) below(name string) string {
	if name == "" || name == "-" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(c.path), name)
}

func (c config) names() (names []string) {
	for _, t := range c.Targets {
		names = append(names, t.Name)
	}
	return names
}
