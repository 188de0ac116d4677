package reports

import (
	"encoding/json"
	"io"

	"github.com/google/jsonschema-go/jsonschema"
)

// WriteJSON writes r as one indented document.
func WriteJSON(w io.Writer, r Report) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// Schema returns the JSON Schema of the report, made from the Go types.
func Schema() (*jsonschema.Schema, error) {
	text := &jsonschema.Schema{ // no oneOf: for a pointer, null is added to the types alone
		Types: []string{"string", "object"}, Required: []string{"length", "sha256", "head", "tail"},
		Properties: map[string]*jsonschema.Schema{
			"length": {Type: "integer"}, "sha256": {Type: "string"}, "head": {Type: "string"}, "tail": {Type: "string"},
		},
		AdditionalProperties: &jsonschema.Schema{Not: &jsonschema.Schema{}},
	}
	s, err := jsonschema.For[Report](&jsonschema.ForOptions{TypeSchemas: typeSchemas(text)})
	if err != nil {
		return nil, err
	}
	s.Schema = "https://json-schema.org/draft/2020-12/schema"
	s.Title = SchemaVersion
	return s, nil
}
