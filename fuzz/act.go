package fuzz

// An act is a clause of the standard at work in one of its ways. What a stream
// does to the model is the list of its acts in their order.
type act uint8

const (
	noAct act = iota
	actBOM
	actBOMTwice
	actBOMBegun
	actUTF16
	actLF
	actCR
	actCRLF
	actMixed
	actOtherEnd
	actBlankIdle
	actBlankTyped
	actBlankID
	actDispatch
	actDispatchTyped
	actDispatchOwnID
	actDispatchKeptID
	actDispatchEmpty
	actStrip
	actComment
	actColons
	actNoColon
	actSpace
	actNoSpace
	actWhite
	actNameCase
	actNameTrim
	actNameNUL
	actUnknown
	actData
	actDataMore
	actDataNUL
	actEvent
	actEventAgain
	actEventEmpty
	actReserved
	actID
	actIDAgain
	actIDEmpty
	actIDNUL
	actIDNULKeeps
	actRetry
	actRetryZeros
	actRetryRange
	actRetryInvalid
	actRetryEmpty
	actForeign
	actInvalid
	actSubparts
	actBeforeEnd
	actMidstreamBOM
	actLong
	actUnfinishedLine
	actUnfinishedBlock
	actCutCRLF
	actCutCharacter
	actCutMark
	actCutColon
	actCutBlank
	actCutLine
	actEmptyChunk
	acts
)

// actClauses names the clause of each act.
var actClauses = [acts]string{ // never written to
	actBOM: "parse-bom", actBOMTwice: "parse-bom-double", actBOMBegun: "parse-bom", actUTF16: "parse-no-utf16-sniffing",
	actLF: "line-lf", actCR: "line-cr", actCRLF: "line-crlf", actMixed: "line-mixed", actOtherEnd: "line-other-separators",
	actBlankIdle: "dispatch-empty-data", actBlankTyped: "dispatch-empty-data-resets-type", actBlankID: "dispatch-id-commit",
	actDispatch: "line-blank", actDispatchTyped: "dispatch-type-override", actDispatchOwnID: "dispatch-last-event-id",
	actDispatchKeptID: "dispatch-id-sticky", actDispatchEmpty: "dispatch-empty-string", actStrip: "dispatch-strip-lf",
	actComment: "line-comment", actColons: "line-first-colon", actNoColon: "field-no-colon", actSpace: "value-one-space",
	actNoSpace: "value-one-space", actWhite: "value-other-whitespace", actNameCase: "field-name-literal",
	actNameTrim: "field-name-no-trim", actNameNUL: "field-name-nul", actUnknown: "field-unknown", actData: "field-data-append",
	actDataMore: "field-data-append", actDataNUL: "field-data-nul", actEvent: "field-event", actEventAgain: "field-event-last-wins",
	actEventEmpty: "field-event", actReserved: "dispatch-type-reserved", actID: "field-id", actIDAgain: "field-id-last-wins",
	actIDEmpty: "field-id-empty", actIDNUL: "field-id-nul", actIDNULKeeps: "field-id-nul-keeps-previous", actRetry: "field-retry",
	actRetryZeros: "field-retry-base-ten", actRetryRange: "field-retry-range", actRetryInvalid: "field-retry-invalid",
	actRetryEmpty: "field-retry-empty", actForeign: "parse-utf8-always", actInvalid: "parse-invalid-utf8",
	actSubparts: "parse-invalid-utf8-subparts", actBeforeEnd: "parse-invalid-utf8-before-eol",
	actMidstreamBOM: "parse-bom-midstream", actLong: "iana-overload", actUnfinishedLine: "line-unterminated",
	actUnfinishedBlock: "eof-discard", actCutCRLF: "parse-chunk-boundaries", actCutCharacter: "parse-chunk-boundaries",
	actCutMark: "parse-chunk-boundaries", actCutColon: "parse-chunk-boundaries", actCutBlank: "parse-chunk-boundaries",
	actCutLine: "parse-chunk-boundaries", actEmptyChunk: "parse-chunk-boundaries",
}
