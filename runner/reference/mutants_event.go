package reference

// fieldMutants split lines into other fields.
func fieldMutants() []Mutant {
	return []Mutant{
		{"comment-is-field", "line-comment", "A comment is read as a field, without its colon.", "CopilotC-Nvim/CopilotChat.nvim, SSE-M043"},
		{"comment-is-data", "line-comment", "A comment is appended to the data.", ""},
		{"comment-is-event", "line-comment", "A comment is dispatched as an event.", "r-lib/httr2, SSE-M069"},
		{"comment-dispatches", "line-comment", "A comment ends the event.", ""},
		{"comment-clears", "line-comment", "A comment discards the event under way.", ""},
		{"comment-fails", "line-comment", "A comment ends the stream with an error.", "tmc/langchaingo, SSE-M046"},
		{"colon-is-blank", "line-comment", "A colon alone counts as a blank line.", "launchdarkly/rust-eventsource-client, SSE-M044"},
		{"last-colon", "line-first-colon", "The name ends at the last colon of the line.", ""},
		{"second-colon", "line-first-colon", "The value ends at the second colon.", "denoland/deno, SSE-M040"},
		{"value-after-last-colon", "line-first-colon", "The value begins after the last colon.", ""},
		{"no-colon-ignored", "field-no-colon", "A line without a colon is skipped.", "lukeed/fetch-event-stream, SSE-M048"},
		{"no-colon-fails", "field-no-colon", "A line without a colon ends the stream with an error.", "mistralai/mistral-vibe, SSE-M045"},
		{"no-colon-repeats", "field-no-colon", "A line without a colon has its name for a value.", ""},
		{"space-required", "value-one-space", "A field without a space after the colon is skipped.", "openai/openai-python, SSE-M051"},
		{"space-kept", "value-one-space", "The space after the colon stays.", ""},
		{"spaces-stripped", "value-one-space", "All spaces after the colon are removed.", ""},
		{"first-character-lost", "value-one-space", "The character after the colon is removed, whatever it is.", ""},
		{"tab-stripped", "value-other-whitespace", "A tab after the colon is removed as a space is.", ""},
		{"value-trimmed", "value-other-whitespace", "White space at both ends of the value is removed.", ""},
		{"value-trimmed-left", "value-other-whitespace", "White space at the beginning of the value is removed.", ""},
		{"value-trimmed-right", "value-other-whitespace", "White space at the end of the value is removed.", "mpetazzoni/sse.js, SSE-M055"},
		{"name-folded", "field-name-literal", "Capitals in a name do not matter.", ""},
		{"name-trimmed", "field-name-no-trim", "White space around a name is removed.", ""},
		{"name-nul-dropped", "field-name-nul", "NUL in a name is removed.", ""},
		{"name-nul-cut", "field-name-nul", "A name ends at a NUL.", ""},
		{"name-prefix", "field-unknown", "A name that begins with that of a field is taken for it.", ""},
		{"unknown-is-data", "field-unknown", "An unknown field is appended to the data.", ""},
		{"unknown-clears", "field-unknown", "An unknown field discards the event under way.", ""},
		{"unknown-dispatches", "field-unknown", "An unknown field ends the event.", ""},
		{"unknown-fails", "field-unknown", "An unknown field ends the stream with an error.", ""},
	}
}

// valueMutants do something else with the values.
func valueMutants() []Mutant {
	return []Mutant{
		{"data-nul-dropped", "field-data-nul", "NUL in data is removed.", ""},
		{"data-nul-cut", "field-data-nul", "Data ends at a NUL.", ""},
		{"data-nul-replaced", "field-data-nul", "NUL in data becomes U+FFFD.", ""},
		{"data-first-wins", "field-data-append", "Only the first data field of a block counts.", ""},
		{"data-last-wins", "field-data-append", "Only the last data field of a block counts.", "apache/cxf, SSE-M075"},
		{"data-apart", "field-data-append", "Each data field is an event of its own.", ""},
		{"data-joined", "field-data-append", "Data fields are joined without anything between them.", ""},
		{"data-joined-by-space", "field-data-append", "Data fields are joined by a space.", ""},
		{"data-joined-by-crlf", "field-data-append", "Data fields are joined by CRLF.", ""},
		{"data-empty-lost", "field-data-append", "An empty data field after another is skipped.", ""},
		{"data-empty-first-lost", "field-data-append", "An empty data field in front of another is skipped.", "Azure/fetch-event-source, SSE-M076"},
		{"event-ignored", "field-event", "The field event is skipped.", ""},
		{"event-first-wins", "field-event-last-wins", "The first event field of a block counts, not the last.", ""},
		{"event-appended", "field-event-last-wins", "Several event fields of a block are joined.", ""},
		{"event-empty-ignored", "field-event", "An empty event field leaves the type that was set before.", ""},
		{"event-after-data-ignored", "field-event", "The field event is skipped when data came before it.", ""},
		{"id-ignored", "field-id", "The field id is skipped.", ""},
		{"id-number", "field-id", "An id that is no number is skipped.", ""},
		{"id-first-wins", "field-id-last-wins", "The first id field of a block counts, not the last.", ""},
		{"id-after-data-ignored", "field-id-last-wins", "The field id is skipped when data came before it.", ""},
		{"id-empty-ignored", "field-id-empty", "An empty id does not reset the last event ID.", "launchdarkly/rust-eventsource-client, SSE-M136"},
		{"id-nul-taken", "field-id-nul", "An id with a NUL is taken as it is.", "alevinval/sse, SSE-M081"},
		{"id-nul-cut", "field-id-nul", "An id ends at a NUL.", ""},
		{"id-nul-dropped", "field-id-nul", "NUL in an id is removed.", ""},
		{"id-nul-resets", "field-id-nul-keeps-previous", "An id with a NUL resets the last event ID.", "rexxars/eventsource-parser, SSE-M083"},
		{"id-nul-clears-block", "field-id-nul-keeps-previous", "An id with a NUL discards the event under way.", ""},
	}
}

// retryMutants read reconnection times wrongly.
func retryMutants() []Mutant {
	return []Mutant{
		{"retry-ignored", "field-retry", "The field retry is skipped.", "clue/reactphp-eventsource, SSE-M149"},
		{"retry-in-seconds", "field-retry", "The reconnection time is taken for seconds.", ""},
		{"retry-octal", "field-retry-base-ten", "A leading zero makes a reconnection time octal.", ""},
		{"retry-signed", "field-retry-invalid", "A reconnection time may have a sign.", "openai/openai-python, SSE-M089"},
		{"retry-prefix", "field-retry-invalid", "A reconnection time ends at the first character that is no digit.", "Azure/fetch-event-source, SSE-M076"},
		{"retry-trimmed", "field-retry-invalid", "White space around a reconnection time does not matter.", ""},
		{"retry-fraction", "field-retry-invalid", "A reconnection time may have a fraction or an exponent.", ""},
		{"retry-hexadecimal", "field-retry-invalid", "A reconnection time may be hexadecimal.", ""},
		{"retry-other-digits", "field-retry-invalid", "A reconnection time may have the digits of any script.", "softwaremill/sttp-model, SSE-M090"},
		{"retry-invalid-resets", "field-retry-invalid", "A bad reconnection time brings back the default.", "softwaremill/sttp-model, SSE-M090"},
		{"retry-at-blank", "field-retry-immediate", "A reconnection time counts from the blank line on.", ""},
		{"retry-with-data", "field-retry-immediate", "A reconnection time only counts in a block with data.", ""},
		{"retry-zero-ignored", "field-retry-range", "A reconnection time of 0 is skipped.", ""},
		{"retry-int32-ignored", "field-retry-range", "A reconnection time of more than 31 bits is skipped.", ""},
		{"retry-int32-clamped", "field-retry-range", "A reconnection time of more than 31 bits becomes the largest of them.", ""},
		{"retry-uint32-wrapped", "field-retry-range", "A reconnection time of more than 32 bits wraps around.", ""},
		{"retry-int64-ignored", "field-retry-range", "A reconnection time of more than 63 bits is skipped.", ""},
		{"retry-int64-clamped", "field-retry-range", "A reconnection time of more than 63 bits becomes the largest of them.", ""},
	}
}

// dispatchMutants end blocks wrongly.
func dispatchMutants() []Mutant {
	return []Mutant{
		{"end-takes-line", "line-unterminated", "A last line without a line end is taken.", ""},
		{"end-dispatches", "eof-discard", "The end of the stream completes line and event.", "lathe-cli/lathe, SSE-M071"},
		{"end-dispatches-lines", "eof-discard", "The end of the stream dispatches the lines that are complete.", ""},
		{"end-fails", "eof-discard", "An unfinished block at the end of the stream is an error.", ""},
		{"blank-dispatches", "dispatch-empty-data", "Every blank line dispatches an event.", "lukas-reining/eventsource, SSE-M066"},
		{"blank-after-id-dispatches", "dispatch-empty-data", "Once there is an id, every blank line dispatches an event.", "openai/openai-python, SSE-M068"},
		{"known-field-dispatches", "dispatch-empty-data", "A block with any of event, id and retry, and no data, is dispatched.", "florimondmanca/httpx-sse"},
		{"type-alone-dispatches", "dispatch-empty-data", "A block with an event type and no data is dispatched.", ""},
		{"empty-data-dropped", "dispatch-empty-string", "An event with empty data is not dispatched.", "EventSource/eventsource, SSE-M060"},
		{"id-without-data-lost", "dispatch-id-commit", "The id of a block without data is forgotten.", ""},
		{"id-not-sticky", "dispatch-id-sticky", "An event without an id of its own has none.", "launchdarkly/ruby-eventsource, SSE-M086"},
		{"id-reset-by-empty-block", "dispatch-id-sticky", "A block without data resets the last event ID.", ""},
		{"id-one-late", "dispatch-last-event-id", "An event shows the id that was in force before it.", ""},
		{"id-not-shown", "dispatch-last-event-id", "Events do not show the last event ID.", ""},
		{"last-lf-kept", "dispatch-strip-lf", "The line feed after the last data field stays.", ""},
		{"all-lfs-stripped", "dispatch-strip-lf", "All line feeds at the end of the data are removed.", ""},
		{"data-trimmed", "dispatch-strip-lf", "White space at both ends of the data is removed.", ""},
		{"default-type-empty", "dispatch-type-default", "An event without a type has the empty one.", "launchdarkly/rust-eventsource-client, SSE-M057"},
		{"type-always-message", "dispatch-type-override", "Every event is a message.", ""},
		{"type-also-message", "dispatch-type-override", "An event with a type is dispatched once more as a message.", ""},
		{"inherited-dropped", "dispatch-type-override", "Types that are names of what every JavaScript object has are dropped, such as __proto__.", ""},
		{"type-folded", "dispatch-type-override", "Capitals in a type become small letters.", ""},
		{"type-trimmed", "dispatch-type-override", "White space around a type is removed.", ""},
		{"reserved-dropped", "dispatch-type-reserved", "Events of the types open and error are dropped.", ""},
		{"error-type-fails", "dispatch-type-reserved", "An event of type error ends the stream with an error.", ""},
		{"type-not-cleared", "dispatch-type-reset", "The type of an event is also that of the next.", ""},
		{"type-survives-empty", "dispatch-empty-data-resets-type", "The type of a block without data is that of the next event.", ""},
		{"data-not-cleared", "dispatch-type-reset", "The data of an event is also that of the next.", ""},
	}
}
