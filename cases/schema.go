package cases

import (
	"reflect"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/ssespec/ssespec/spec"
)

// Schema returns the JSON Schema of a case file, made from the types that
// [Load] decodes to. Editors complete and check by it; Load checks more.
func Schema() *jsonschema.Schema { return SchemaOf[fileShape]("ssespec case file") }

// SchemaOf returns the JSON Schema of what [DecodeStrict] reads into a T: its
// `yaml` tags are the keys, its `doc` tags the descriptions. The caller adds which
// keys are required.
func SchemaOf[T any](title string) *jsonschema.Schema {
	s := schemaOf(reflect.TypeFor[T]())
	s.Schema = "https://json-schema.org/draft/2020-12/schema"
	s.Title = title
	return s
}

// required are the keys that must be there, by type.
var required = map[reflect.Type][]string{ // never written to
	reflect.TypeFor[fileShape]():    {"cases"},
	reflect.TypeFor[caseShape]():    {"id", "title", "clauses"},
	reflect.TypeFor[outcomeShape](): {"name", "because"},
}

// together are the keys that bring one of others along, by type.
var together = map[reflect.Type]map[string][]string{ // never written to
	reflect.TypeFor[caseShape](): {
		"stream": {"expect", "outcomes"}, "connections": {"expect", "outcomes"}, "subscribe": {"expect", "outcomes"},
		"requires": {"expect", "outcomes"}, "requests": {"expect", "outcomes"},
	},
}

// schemaOf returns the schema of what [decode] reads into a value of type t.
func schemaOf(t reflect.Type) *jsonschema.Schema {
	if s := notation(t); s != nil {
		return s
	}
	switch t.Kind() {
	case reflect.Struct:
		return structSchema(t)
	case reflect.Slice:
		return &jsonschema.Schema{Type: "array", Items: schemaOf(t.Elem())}
	case reflect.Map:
		values := schemaOf(t.Elem())
		if t.Elem().Kind() == reflect.Pointer {
			values = anyOf(values, &jsonschema.Schema{Type: "null"})
		}
		return &jsonschema.Schema{Type: "object", AdditionalProperties: values}
	case reflect.Pointer:
		return schemaOf(t.Elem())
	case reflect.Bool:
		return &jsonschema.Schema{Type: "boolean"}
	case reflect.String:
		return &jsonschema.Schema{Type: "string"}
	}
	return &jsonschema.Schema{Type: "integer"}
}

func structSchema(t reflect.Type) *jsonschema.Schema {
	s := object(required[t]...)
	for key, others := range together[t] {
		if s.DependentSchemas == nil {
			s.DependentSchemas = map[string]*jsonschema.Schema{}
		}
		s.DependentSchemas[key] = anyRequired(others)
	}
	for i := range t.NumField() {
		f := t.Field(i)
		if key := f.Tag.Get("yaml"); key != "" {
			property := schemaOf(f.Type)
			property.Description = f.Tag.Get("doc")
			s.Properties[key] = property
			s.PropertyOrder = append(s.PropertyOrder, key)
		}
	}
	return s
}

// object returns the schema of an object that has no other keys than those
// added to it.
func object(required ...string) *jsonschema.Schema {
	return &jsonschema.Schema{Type: "object", Properties: map[string]*jsonschema.Schema{}, Required: required, AdditionalProperties: never()}
}

// anyRequired returns the schema of an object that has one of the keys.
func anyRequired(keys []string) *jsonschema.Schema {
	s := new(jsonschema.Schema)
	for _, key := range keys {
		s.AnyOf = append(s.AnyOf, &jsonschema.Schema{Required: []string{key}})
	}
	return s
}

func never() *jsonschema.Schema { return &jsonschema.Schema{Not: &jsonschema.Schema{}} }

// one returns the schema of an object with exactly one key.
func one(key string, value *jsonschema.Schema) *jsonschema.Schema {
	s := object(key)
	s.Properties[key] = value
	return s
}

func plainText() *jsonschema.Schema { return &jsonschema.Schema{Type: "string"} }

// notation returns how a type looks that reads itself, nil for others.
func notation(t reflect.Type) *jsonschema.Schema {
	switch t {
	case reflect.TypeFor[Part]():
		return anyOf(append(bytesSchemas(), pauses()...)...)
	case reflect.TypeFor[text]():
		return anyOf(bytesSchemas()...)
	case reflect.TypeFor[pair]():
		return pairSchema()
	case reflect.TypeFor[span]():
		return plainText()
	case reflect.TypeFor[killsShape]():
		return anyOf(listOfText(), one("none", plainText()))
	case reflect.TypeFor[stepShape]():
		return stepSchema()
	}
	return nil
}

func anyOf(list ...*jsonschema.Schema) *jsonschema.Schema { return &jsonschema.Schema{AnyOf: list} }

func listOfText() *jsonschema.Schema { return &jsonschema.Schema{Type: "array", Items: plainText()} }

func pairSchema() *jsonschema.Schema {
	s := listOfText()
	s.MinItems, s.MaxItems = jsonschema.Ptr(2), jsonschema.Ptr(2)
	return s
}

// bytesSchemas are the ways to write bytes.
func bytesSchemas() []*jsonschema.Schema {
	repeat := object("repeat", "times")
	repeat.Properties["repeat"] = &jsonschema.Schema{Types: []string{"string", "object"}}
	repeat.Properties["times"] = &jsonschema.Schema{Type: "integer", Minimum: jsonschema.Ptr(1.0)}
	return []*jsonschema.Schema{plainText(), one("hex", plainText()), one("base64", plainText()), repeat}
}

func pauses() []*jsonschema.Schema {
	return []*jsonschema.Schema{one("pause", plainText()), one("await", words("dispatch", "announce", "reestablish"))}
}

func words(words ...any) *jsonschema.Schema { return &jsonschema.Schema{Enum: words} }

func stepSchema() *jsonschema.Schema {
	dispatch := one("dispatch", structSchema(reflect.TypeFor[eventShape]()))
	dispatch.Properties["times"] = &jsonschema.Schema{Type: "integer", Minimum: jsonschema.Ptr(1.0), Maximum: jsonschema.Ptr(float64(maxTimes))}
	return anyOf(
		words(string(spec.Announce), string(spec.Reestablish), string(spec.Fail)),
		dispatch,
		one("comment", plainText()),
		one("retry", &jsonschema.Schema{Type: "integer"}),
	)
}
