package reference

import "slices"

// ConnectionMutants returns those that take a network to be seen: they go wrong
// in requests, at answers, or between two connections. [Mutant.Trace] shows nothing of
// most of them.
func ConnectionMutants() []Mutant {
	return slices.Concat(responseMutants(), connectionMutants(), askingMutants())
}

// responseMutants take other answers for a stream, or do not give up at them.
func responseMutants() []Mutant {
	return []Mutant{
		{"status-2xx", "conn-2xx-other-fail", "Every success but 204 is taken for a stream.", ""},
		{"status-ignored", "conn-4xx-fail", "The status is not looked at.", "Azure/fetch-event-source"},
		{"status-once", "reconnect-revalidates", "The status of the first answer alone is looked at.", ""},
		{"back-after-204", "conn-204-fail", "The client comes back after 204.", "launchdarkly/eventsource"},
		{"back-after-3xx", "conn-3xx-unfollowed-fail", "The client comes back after a redirect that it cannot follow.", ""},
		{"back-after-4xx", "conn-4xx-fail", "The client comes back after 4xx.", ""},
		{"back-after-429", "conn-4xx-fail", "The client comes back after 429.", ""},
		{"back-after-5xx", "conn-5xx-fail", "The client comes back after 5xx.", ""},
		{"back-after-503", "conn-5xx-fail", "The client comes back after 503, which has a Retry-After.", ""},
		{"back-once-open", "reconnect-revalidates", "The client comes back after any answer once it had a stream.", "donovanhide/eventsource"},
		{"back-after-type", "response-mime-mismatch", "The client comes back after a wrong type.", "Azure/fetch-event-source"},
		{"fails-and-comes-back", "fail-no-reconnect", "The client says that it has failed and comes back.", ""},
		{"failed-body-read", "response-fail-ignores-body", "The body of an answer that was refused is interpreted.", ""},
		{"interim-final", "conn-1xx-skipped", "An answer of 1xx is taken for the final one.", "nodejs/undici"},
		{"type-ignored", "response-mime-mismatch", "The type is not looked at.", "launchdarkly/eventsource"},
		{"type-once", "reconnect-revalidates", "The type of the first answer alone is looked at.", ""},
		{"type-missing", "response-mime-missing", "A type is looked at only where there is one.", ""},
		{"type-prefix", "response-mime-mismatch", "Only the beginning of the type is looked at.", "EventSource/eventsource"},
		{"type-anywhere", "response-mime-mismatch", "The type is looked for anywhere in the value.", ""},
		{"type-half", "response-mime-mismatch", "Any type that begins with text/event is taken.", ""},
		{"type-whole", "response-mime-essence", "A type with parameters is refused.", ""},
		{"type-case", "response-mime-essence", "A type in capitals is refused.", "EventSource/eventsource"},
		{"type-first", "response-mime-multiple", "Of several types the first counts.", "tmaxmax/go-sse"},
		{"type-charset", "response-mime-essence", "Every charset but utf-8 is refused.", "chromium"},
		{"charset-heeded", "parse-utf8-always", "A stream that is declared as ISO 8859-1 is decoded so.", ""},
		{"gzip-kept", "response-content-coding", "Gzip is offered and not decoded.", ""},
	}
}

// connectionMutants go wrong at the beginning or the end of a connection.
func connectionMutants() []Mutant {
	return []Mutant{
		{"announce-late", "response-open-on-headers", "The connection is announced with the first bytes of the body.", "firefox"},
		{"announce-once", "announce-each-connection", "Only the first connection is announced.", ""},
		{"announce-early", "response-open-on-headers", "The connection is announced before it is answered.", ""},
		{"held-to-next", "response-incremental", "What was read is interpreted when more comes.", ""},
		{"held-to-end", "response-incremental", "The body is interpreted when it has ended.", ""},
		{"end-fails-connection", "response-end-reconnect", "The client gives up at the end of the stream.", ""},
		{"end-at-close", "response-end-reconnect", "A stream ends with its connection alone, not with its body.", ""},
		{"silence-ends", "response-end-reconnect", "A stream that is silent for a quarter of a second is taken for one that has ended.", ""},
		{"cut-fails", "response-body-error-reconnect", "The client gives up when the stream breaks off.", ""},
		{"empty-fails", "response-empty-body-reconnect", "The client gives up after a stream without a byte.", ""},
		{"network-error-fails", "response-network-error-reconnect", "The client gives up when a connection cannot be made.", ""},
		{"network-errors-three", "reconnect-unlimited", "The client gives up after three connections in a row that could not be made.", ""},
		{"back-three-times", "reconnect-unlimited", "The client comes back three times.", ""},
		{"buffers-kept", "buffers-init", "What is unfinished at the end of a stream goes on in the next.", ""},
		{"line-kept", "buffers-init", "An unfinished line goes on in the next stream.", ""},
		{"decoder-kept", "buffers-init", "An unfinished character goes on in the next stream.", ""},
		{"bom-once", "parse-bom-per-connection", "A byte order mark is taken away from the first stream alone.", ""},
		{"no-delay", "reconnect-delay", "The client comes back at once.", ""},
		{"delay-halved", "reconnect-delay", "The client comes back after half of the time.", "tmaxmax/go-sse"},
		{"delay-fixed", "field-retry", "The client always waits for the time that it began with.", ""},
		{"time-reset", "field-retry-persists", "Each connection takes the time back to the one that the client began with.", "tmaxmax/go-sse"},
		{"time-once", "field-retry-persists", "A time counts for one reconnect: the next is at once.", ""},
		{"time-first-wins", "field-retry", "The first time that a stream sets stays in force.", ""},
		{"time-never-grows", "field-retry", "A time does not replace a shorter one.", ""},
		{"time-31-bits", "field-retry-range", "A time of more than 31 bits is taken for the shortest.", "nodejs/undici"},
		{"time-overflow-zero", "field-retry-range", "A time of more than 63 bits is taken for the shortest.", ""},
		{"time-wraps", "field-retry-range", "A time that has more than 63 bits in nanoseconds wraps around.", "launchdarkly/eventsource"},
		{"time-zero-fails", "field-retry-range", "A time of 0 is taken for an order not to come back.", ""},
		{"close-lets-events-out", "close-drops-queued-events", "Events that were read before close are dispatched after it.", "EventSource/eventsource"},
		{"close-in-error-ignored", "reconnect-after-error-task", "Close inside of the error callback does not keep the client from coming back.", ""},
		{"close-in-open-ignored", "close-drops-queued-events", "Close inside of the open callback does nothing.", ""},
		{"close-waits-for-end", "close-drops-queued-events", "Close inside of an event takes effect at the end of the stream.", ""},
		{"close-comes-back", "reconnect-not-if-closed", "Close inside of an event ends the stream, and the client comes back.", ""},
		{"close-lets-request-out", "close-cancels-reconnect", "Close does not take back the request that waits.", ""},
		{"close-leaves-open", "close-aborts-fetch", "Close leaves the connection open.", "donovanhide/eventsource"},
		{"close-tells", "close-no-error-event", "Close is told as an error.", ""},
	}
}

// askingMutants send other requests.
func askingMutants() []Mutant {
	return []Mutant{
		{"post", "request-method-get", "The request is a POST.", ""},
		{"post-again", "reconnect-same-request", "The request of a reconnect is a POST.", ""},
		{"body-sent", "request-method-get", "The request has a body.", ""},
		{"get-again", "reconnect-same-request", "The request of a reconnect is a GET, whatever was asked for.", ""},
		{"body-once", "reconnect-same-request", "The body of a POST is sent with the first request alone.", ""},
		{"headers-once", "reconnect-same-request", "Headers that were given are sent with the first request alone.", ""},
		{"query-once", "reconnect-same-request", "The query of the URL is sent with the first request alone.", ""},
		{"fragment-sent", "request-no-fragment", "The fragment of the URL is sent.", ""},
		{"cache-asked", "request-cache-headers", "Caches may answer.", "tmaxmax/go-sse"},
		{"cache-asked-again", "request-cache-headers", "Caches may answer a reconnect.", ""},
		{"cache-answers", "request-cache-mode", "What may be stored is, and answers every reconnect.", ""},
		{"id-never-sent", "reconnect-last-event-id", "The last event ID is not sent.", ""},
		{"id-once", "reconnect-last-event-id-persist", "The last event ID is sent once.", ""},
		{"id-initial-lost", "reconnect-last-event-id", "A last event ID that was given is not sent with the first request.", ""},
		{"id-empty-sent", "reconnect-last-event-id-empty", "A reconnect without a last event ID carries an empty one.", ""},
		{"id-empty-first", "state-last-event-id-initial", "The first request carries an empty last event ID.", ""},
		{"id-stale", "reconnect-last-event-id-reset", "The header of the last event ID is set and never taken off.", "nodejs/undici"},
		{"id-latin1", "reconnect-last-event-id-utf8", "The last event ID is sent in ISO 8859-1.", "nodejs/undici"},
		{"id-escaped", "reconnect-last-event-id-utf8", "The last event ID is sent with percent signs.", ""},
		{"id-ascii-only", "reconnect-last-event-id-utf8", "A last event ID outside of ASCII keeps the client from coming back.", "EventSource/eventsource"},
		{"id-cut", "reconnect-last-event-id", "The last event ID is sent up to its first space.", ""},
		{"id-sent-as-number", "reconnect-last-event-id", "The last event ID is sent as a number.", ""},
		{"redirect-not-followed", "redirect-follow", "Redirects are not followed.", ""},
		{"redirect-303", "redirect-follow", "A 303 is not followed.", ""},
		{"redirect-308", "redirect-follow", "A 308 is not followed.", ""},
		{"redirect-first-only", "redirect-follow", "Redirects of a reconnect are not followed.", ""},
		{"redirect-absolute-only", "redirect-location", "A relative Location is not understood.", ""},
		{"redirect-same-origin", "redirect-follow", "A redirect to another origin is not followed.", ""},
		{"redirect-four", "redirect-follow", "Four redirects are followed and no more.", ""},
		{"redirect-without-end", "redirect-limit", "A hundred redirects are followed.", ""},
		{"redirect-loses-headers", "redirect-keeps-headers", "The last event ID is not sent to the target of a redirect.", ""},
		{"redirect-asks-caches", "request-cache-headers", "Caches may answer for the target of a redirect.", ""},
	}
}
