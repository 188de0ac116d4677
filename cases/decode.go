package cases

import (
	"fmt"
	"reflect"
	"slices"

	"go.yaml.in/yaml/v3"
)

// A nodeDecoder reads itself from a node, where the notation is richer than
// the Go type.
type nodeDecoder interface{ decode(n *yaml.Node) error }

// decode reads n into v, strictly: the type of v, its `yaml` tags and its
// [nodeDecoder]s say everything that may be there.
func decode(n *yaml.Node, v reflect.Value) error {
	if d, ok := v.Addr().Interface().(nodeDecoder); ok {
		return d.decode(n)
	}
	switch v.Kind() {
	case reflect.Struct:
		return decodeStruct(n, v)
	case reflect.Slice:
		return decodeList(n, v)
	case reflect.Map:
		return decodeMap(n, v)
	case reflect.Pointer:
		if n.Tag == "!!null" {
			return nil
		}
		v.Set(reflect.New(v.Type().Elem()))
		return decode(n, v.Elem())
	default:
		return decodeScalar(n, v)
	}
}

func decodeStruct(n *yaml.Node, v reflect.Value) error {
	keys, fields := keysOf(v.Type())
	return eachEntry(n, func(key, value *yaml.Node) error {
		i := slices.Index(keys, key.Value)
		if i < 0 {
			return at(key, "unknown key %q%s", key.Value, DidYouMean(key.Value, keys))
		}
		return decode(value, v.Field(fields[i]))
	})
}

// keysOf returns the keys that a struct type knows, and the fields they fill.
func keysOf(t reflect.Type) (keys []string, fields []int) {
	for i := range t.NumField() {
		if key := t.Field(i).Tag.Get("yaml"); key != "" {
			keys, fields = append(keys, key), append(fields, i)
		}
	}
	return keys, fields
}

// eachEntry calls do for each key and value of the mapping n, and refuses a key
// that is there twice.
func eachEntry(n *yaml.Node, do func(key, value *yaml.Node) error) error {
	if n.Kind != yaml.MappingNode {
		return at(n, "want keys and values, found %s", describe(n))
	}
	seen := map[string]bool{}
	for i := 0; i < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind != yaml.ScalarNode {
			return at(key, "want a word before the colon, found %s", describe(key))
		}
		if seen[key.Value] {
			return at(key, "key %q is there twice", key.Value)
		}
		seen[key.Value] = true
		if err := do(key, n.Content[i+1]); err != nil {
			return err
		}
	}
	return nil
}

func decodeList(n *yaml.Node, v reflect.Value) error {
	if n.Kind != yaml.SequenceNode {
		return at(n, "want a list, found %s", describe(n))
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content)))
	for i, c := range n.Content {
		if err := decode(c, v.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

func decodeMap(n *yaml.Node, v reflect.Value) error {
	v.Set(reflect.MakeMap(v.Type()))
	return eachEntry(n, func(key, value *yaml.Node) error {
		elem := reflect.New(v.Type().Elem()).Elem()
		if err := decode(value, elem); err != nil {
			return err
		}
		v.SetMapIndex(reflect.ValueOf(key.Value), elem)
		return nil
	})
}

// scalars maps a kind of Go value to the YAML tag that fits it and its name.
var scalars = map[reflect.Kind][2]string{ // never written to
	reflect.String: {"!!str", "text"},
	reflect.Int:    {"!!int", "a whole number"},
	reflect.Int64:  {"!!int", "a whole number"},
	reflect.Bool:   {"!!bool", "true or false"},
}

func decodeScalar(n *yaml.Node, v reflect.Value) error {
	fits := scalars[v.Kind()]
	if n.Kind != yaml.ScalarNode || n.Tag != fits[0] {
		return at(n, "want %s, found %s%s", fits[1], describe(n), unquoted(n, fits[0]))
	}
	if err := n.Decode(v.Addr().Interface()); err != nil {
		return at(n, "want %s that fits, found %s", fits[1], describe(n))
	}
	return nil
}

// describe names what stands at n, cut short.
func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "keys and values"
	case yaml.SequenceNode:
		return "a list"
	}
	if n.Tag == "!!null" {
		return "nothing"
	}
	return fmt.Sprintf("%.40q", n.Value)
}

// unquoted says what turns n into text, where text is wanted and n is a word that
// YAML takes for something else.
func unquoted(n *yaml.Node, wanted string) string {
	if wanted == "!!str" && slices.Contains([]string{"!!int", "!!float", "!!bool", "!!timestamp"}, n.Tag) {
		return ": put it in quotes"
	}
	return ""
}

// decodePlain reads n into what into points to.
func decodePlain(n *yaml.Node, into any) error {
	return decode(n, reflect.ValueOf(into).Elem())
}
