package reference

// decodingMutants read bytes wrongly.
func decodingMutants() []Mutant {
	return []Mutant{
		{"latin1", "parse-utf8-always", "Bytes are read as ISO 8859-1, not as UTF-8.", ""},
		{"ascii-only", "parse-utf8-always", "Every byte that is not ASCII becomes U+FFFD.", ""},
		{"utf16-sniffed", "parse-no-utf16-sniffing", "A stream that begins with FE FF or FF FE is read as UTF-16.", ""},
		{"invalid-kept", "parse-invalid-utf8", "Malformed bytes are handed on as they are.", ""},
		{"invalid-dropped", "parse-invalid-utf8", "Malformed bytes vanish.", ""},
		{"invalid-question-mark", "parse-invalid-utf8", "Malformed bytes become a question mark.", ""},
		{"invalid-latin1", "parse-invalid-utf8", "Malformed bytes are read as ISO 8859-1.", ""},
		{"invalid-ends", "parse-invalid-utf8", "Malformed bytes end the stream, as if it were over.", "launchdarkly/rust-eventsource-client"},
		{"invalid-fails", "parse-invalid-utf8", "Malformed bytes end the stream with an error.", ""},
		{"invalid-per-byte", "parse-invalid-utf8-subparts", "Each malformed byte becomes a U+FFFD of its own.", ""},
		{"invalid-per-run", "parse-invalid-utf8-subparts", "A run of malformed bytes becomes a single U+FFFD.", ""},
		{"surrogates-taken", "parse-invalid-utf8", "Surrogates written as three bytes are taken for characters.", ""},
		{"overlong-taken", "parse-invalid-utf8", "Overlong sequences are taken for the characters that they stand for.", ""},
		{"beyond-unicode-taken", "parse-invalid-utf8", "Sequences beyond U+10FFFF are taken for characters.", ""},
		{"invalid-at-end-fails", "parse-invalid-utf8", "A character that the end of the stream cuts short is an error.", ""},
		{"truncated-eats-next", "parse-invalid-utf8-subparts", "A first byte takes as many bytes with it as it announces, whatever they are.", ""},
		{"continuation-dropped", "parse-invalid-utf8-subparts", "A byte that could only continue a character, and has none to continue, vanishes.", ""},
		{"truncated-eats-end", "parse-invalid-utf8-before-eol", "A character that a line end cuts short swallows the line end.", ""},
		{"truncated-dropped", "parse-invalid-utf8-before-eol", "A character that a line end cuts short vanishes.", ""},
		{"bom-kept", "parse-bom", "The byte order mark at the beginning is read as part of the first line.", "assistant-ui/assistant-ui, SSE-M032"},
		{"bom-begun-dropped", "parse-bom", "The first byte or two of a byte order mark vanish although it is not completed.", ""},
		{"bom-hides-line-end", "parse-bom", "A line end directly after the byte order mark is read as text.", "Chromium 156"},
		{"bom-all", "parse-bom-double", "Every byte order mark at the beginning is removed, not only one.", ""},
		{"bom-per-line", "parse-bom-midstream", "A byte order mark is removed at the beginning of every line.", ""},
		{"bom-per-part", "parse-bom-midstream", "A byte order mark is removed at the beginning of every name and of every value.", "Azure/fetch-event-source"},
		{"bom-everywhere", "parse-bom-midstream", "Every U+FEFF is removed, wherever it stands.", ""},
	}
}

// chunkMutants take the way in which the network cuts the stream for meaning.
func chunkMutants() []Mutant {
	return []Mutant{
		{"utf8-per-chunk", "parse-chunk-boundaries", "Each chunk is decoded by itself: a character that is cut is malformed twice.", "danielmiessler/Fabric, SSE-M015"},
		{"bom-per-chunk", "parse-chunk-boundaries", "A byte order mark is removed at the beginning of every chunk.", ""},
		{"bom-first-chunk", "parse-chunk-boundaries", "A byte order mark is only known when the first chunk has all of it.", ""},
		{"bom-empty-chunk", "parse-chunk-boundaries", "An empty chunk counts as the beginning, so that the byte order mark after it stays.", "rexxars/eventsource-parser, SSE-M035"},
		{"chunk-apart", "parse-chunk-boundaries", "Each chunk is parsed as if it were a stream of its own.", "graniet/llm, SSE-M003"},
		{"chunk-is-event", "parse-chunk-boundaries", "The end of a chunk ends line and event.", ""},
		{"line-per-chunk", "parse-chunk-boundaries", "The end of a chunk ends the line.", ""},
		{"line-rest-lost", "parse-chunk-boundaries", "What a chunk leaves of a line is forgotten.", ""},
		{"comment-cut", "parse-chunk-boundaries", "A comment that is cut ends there: its rest is read as a line.", ""},
		{"space-cut", "parse-chunk-boundaries", "The space after the colon stays when a chunk ends between them.", ""},
		{"blank-cut", "parse-chunk-boundaries", "A blank line is not seen when a chunk ends in front of it.", "quarkusio/quarkus, SSE-M005"},
		{"event-per-chunk", "parse-chunk-boundaries", "Of several events in one chunk only the first is shown.", ""},
		{"cr-at-end-lost", "line-cr", "A CR waits for the next byte, and is lost where none comes.", ""},
		{"cr-held", "format-buffering", "A CR waits for the next byte, which may be a LF.", ""},
		{"empty-chunk-ends", "parse-chunk-boundaries", "An empty chunk is taken for the end of the stream.", ""},
		{"events-at-end", "response-incremental", "Events are shown when the stream has ended.", ""},
		{"events-one-chunk-late", "response-incremental", "Events are shown when the next chunk has come.", ""},
		{"events-reversed", "line-order", "The events of one chunk are shown last first.", ""},
	}
}

// lineMutants find other lines in the text.
func lineMutants() []Mutant {
	return []Mutant{
		{"crlf-only", "line-lf", "Only CRLF ends a line, a LF alone is text.", "dotnet/aspnetcore, SSE-M018"},
		{"lf-only", "line-cr", "Only LF ends a line, a CR before it is text.", "binaryminds/react-native-sse, SSE-M019"},
		{"cr-ignored", "line-cr", "LF and CRLF end a line, a CR alone is text.", "clue/reactphp-eventsource, SSE-M027"},
		{"crlf-twice", "line-crlf", "CRLF ends two lines.", ""},
		{"crlf-cut", "line-crlf", "CRLF ends two lines when a chunk ends between CR and LF.", "Effect-TS/effect, SSE-M008"},
		{"crlf-empty-chunk", "line-crlf", "CRLF ends two lines when an empty chunk comes between CR and LF.", ""},
		{"crlf-cut-kept", "line-cr", "Only LF and CRLF end a line, and the CR stays when a chunk ends between CR and LF.", "withastro/flue, SSE-M012"},
		{"lfcr-one", "line-mixed", "A CR after a LF belongs to it.", ""},
		{"style-first", "line-mixed", "Only the line end that came first is known in the rest of the stream.", "neilco/EventSource, SSE-M025"},
		{"blank-cr-pairs", "line-mixed", "A CR alone only makes a blank line behind another one.", "r3labs/sse"},
		{"blank-same-ends", "line-mixed", "A blank line is only seen where the bytes LF LF, CR CR or CR LF CR LF follow each other, and of CR CR once it is clear that no LF comes.", "mpetazzoni/sseclient"},
		{"blank-at-lf", "line-cr", "Blank lines are looked for between LFs: a CR that no LF follows ends a line, but makes no line blank.", "ebraminio/aiosseclient"},
		{"blank-bytes", "line-mixed", "A blank line is only seen where the bytes LF LF, CR CR or CR LF CR LF follow each other.", "mpetazzoni/sse.js"},
		{"line-limit-cuts", "iana-overload", "A line of more than 64 KiB is cut off there.", ""},
		{"line-limit-fails", "iana-overload", "A line of 64 KiB or more ends the stream with an error.", ""},
		{"vt-ends", "line-other-separators", "VT ends a line.", ""},
		{"ff-ends", "line-other-separators", "FF ends a line.", ""},
		{"fs-ends", "line-other-separators", "FS ends a line.", ""},
		{"gs-ends", "line-other-separators", "GS ends a line.", ""},
		{"rs-ends", "line-other-separators", "RS ends a line.", ""},
		{"us-ends", "line-other-separators", "US ends a line.", ""},
		{"nel-ends", "line-other-separators", "NEL, U+0085, ends a line.", ""},
		{"ls-ends", "line-other-separators", "U+2028 ends a line.", ""},
		{"ps-ends", "line-other-separators", "U+2029 ends a line.", ""},
		{"splitlines", "line-other-separators", "Whatever Unicode takes for a line end ends a line.", "florimondmanca/httpx-sse, SSE-M029"},
		{"spaces-are-blank", "line-blank", "A line of white space counts as blank.", ""},
		{"nul-is-blank", "field-name-nul", "A line of NUL counts as blank.", ""},
		{"continuation-line", "field-name-no-trim", "A line that begins with a space goes on with the data before it.", ""},
		{"last-event-lost", "line-blank", "An event waits for what follows its blank line, and is lost where nothing does.", ""},
		{"line-indented", "field-name-no-trim", "White space at the beginning of a line is skipped.", ""},
	}
}
