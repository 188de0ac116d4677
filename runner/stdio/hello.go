package stdio

import (
	"errors"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/ssespec/ssespec/runner/target"
)

// wantHello says what the first line should have been.
const wantHello = `the first line of standard output must be {"hello":{"protocol":1,"kind":…,"name":…}}, flushed`

// A greeting is the first line of an adapter.
type greeting struct {
	Hello target.Hello `json:"hello"`
}

// readHello reads the first line of an adapter. The error says what to do.
func (d dictionary) readHello(text []byte) (target.Hello, error) {
	if err := checkProtocol(text); err != nil {
		return target.Hello{}, err
	}
	said, err := decode[greeting](d, text)
	if err != nil {
		return target.Hello{}, fmt.Errorf("hello: %s", complaint(err))
	}
	return said.Hello, checkHello(said.Hello)
}

// checkProtocol looks at the number alone, and leniently: the rest of a hello
// of another protocol may have any form.
func checkProtocol(text []byte) error {
	var greeting struct {
		Hello *struct {
			Protocol jsontext.Value `json:"protocol"`
		} `json:"hello"`
	}
	err := json.Unmarshal(text, &greeting, jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
	switch {
	case err != nil || greeting.Hello == nil:
		return fmt.Errorf("no hello in the line %q: %s", excerpt(string(text), shown), wantHello)
	case len(greeting.Hello.Protocol) == 0:
		return fmt.Errorf("hello: no protocol: add \"protocol\":%d", target.Protocol)
	case string(greeting.Hello.Protocol) != fmt.Sprint(target.Protocol):
		return fmt.Errorf("hello: protocol %s, and this ssespec speaks %d: take an adapter or an ssespec of the same protocol",
			excerpt(string(greeting.Hello.Protocol), shown), target.Protocol)
	}
	return nil
}

func checkHello(h target.Hello) error {
	kinds := []target.Profile{target.Parser, target.Client, target.StreamReader}
	switch {
	case !slices.Contains(kinds, h.Kind):
		return fmt.Errorf("hello: kind %q is not known: say one of %q", excerpt(string(h.Kind), shown), kinds)
	case h.Name == "":
		return errors.New(`hello: no name: add "name", the name of the implementation`)
	}
	return nil
}

// checkSteps refuses a word that no step has: a typo would fail every case.
func checkSteps(h target.Hello) error {
	for _, s := range h.Steps {
		if !slices.Contains(target.AllSteps(), s) {
			return fmt.Errorf("hello: step %q is not known: say some of %q", excerpt(string(s), shown), target.AllSteps())
		}
	}
	return nil
}
