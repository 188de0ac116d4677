package reports

import (
	"reflect"

	"github.com/google/jsonschema-go/jsonschema"
)

// typeSchemas says how types with a JSON form of their own look.
func typeSchemas(text *jsonschema.Schema) map[reflect.Type]*jsonschema.Schema {
	return map[reflect.Type]*jsonschema.Schema{reflect.TypeFor[Text](): text}
}
