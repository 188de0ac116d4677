package spec

// RightTrace is the trace of the reading without a wrong turn.
func RightTrace(stream []byte) Trace { return rightTrace(stream) }
