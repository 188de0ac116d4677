package spec

import (
	"bytes"
	"slices"
)

// process is the standard's "process the field" with its wrong readings.
func (r *reading) process(name string, value []byte, at int) {
	r.named = r.named || slices.Contains(fields[1:], name)
	switch name {
	case "data":
		r.dataField(value, at)
	case "event":
		r.eventField(value, at)
	case "id":
		r.idField(value, at)
	case "retry":
		r.retryField(string(value), at)
	default:
		r.unknown(name, value, at)
	}
}

func (r *reading) dataField(value []byte, at int) {
	if bytes.IndexByte(value, 0) >= 0 {
		if r.errs("field-data-nul", at) {
			value = bytes.ReplaceAll(value, []byte{0}, nil)
		} else if r.errs("field-data-nul/cut", at) {
			value, _, _ = bytes.Cut(value, []byte{0})
		} else if r.errs("field-data-nul/replaced", at) {
			value = bytes.ReplaceAll(value, []byte{0}, []byte("\uFFFD"))
		}
	}
	r.appendData(value, at)
}

func (r *reading) appendData(value []byte, at int) {
	if len(r.data) > 0 {
		switch {
		case r.errs("field-data-append/last", at):
			r.data = nil
		case r.errs("field-data-append/joined", at):
			r.data = r.data[:len(r.data)-1]
		case r.errs("field-data-append/space", at):
			r.data[len(r.data)-1] = ' '
		case r.errs("field-data-append/crlf", at):
			r.data = append(r.data[:len(r.data)-1], "\r\n"...)
		case r.errs("field-data-append/first", at):
			return
		case string(r.data) == "\n" && r.errs("field-data-append/empty-first", at):
			r.data = nil
		case len(value) == 0 && r.errs("field-data-append/empty", at):
			return
		}
	}
	if r.errs("field-data-append/ignored", at) {
		return
	}
	r.data = append(append(r.data, value...), '\n')
	if r.errs("field-data-append/apart", at) {
		r.dispatch(r.lastID, at)
		r.data = nil
	}
}

func (r *reading) eventField(value []byte, at int) {
	switch {
	case r.errs("field-event", at):
	case len(r.typ) > 0 && r.errs("field-event-last-wins", at):
	case len(value) == 0 && r.errs("field-event/empty", at):
	case len(r.data) > 0 && r.errs("field-event/after-data", at):
	case len(r.typ) > 0 && r.errs("field-event-last-wins/joined", at):
		r.typ = append(r.typ, value...)
	default:
		r.typ = bytes.Clone(value)
	}
}

func (r *reading) idField(value []byte, at int) {
	nul := bytes.IndexByte(value, 0)
	switch {
	case r.deaf:
	case nul >= 0 && r.errs("field-id-nul/blocks", at):
		r.deaf = true
	case r.errs("field-id", at):
	case nul >= 0 && r.errs("field-id-nul", at):
		r.id = bytes.Clone(value)
	case nul >= 0 && r.errs("field-id-nul/cut", at):
		r.id = bytes.Clone(value[:nul])
	case nul >= 0 && r.errs("field-id-nul/dropped", at):
		r.id = bytes.ReplaceAll(value, []byte{0}, nil)
	case nul >= 0 && r.errs("field-id-nul-keeps-previous/block", at):
		r.data, r.typ = nil, nil
	case nul >= 0 && r.errs("field-id-nul-keeps-previous", at):
		r.id = nil
	case nul >= 0:
	case len(value) == 0 && r.errs("field-id-empty", at):
	case string(r.id) != r.lastID && r.errs("field-id-last-wins", at):
	case len(r.data) > 0 && r.errs("field-id-last-wins/after-data", at):
	case !isDigits(value) && len(value) > 0 && r.errs("field-id/number", at):
	default:
		r.id = bytes.Clone(value)
	}
}

func (r *reading) unknown(name string, value []byte, at int) {
	switch {
	case r.errs("field-unknown/data", at):
		r.appendData(append([]byte(name), value...), at)
	case r.errs("field-unknown/discards", at):
		r.data, r.typ = nil, nil
	case r.errs("field-unknown/ends", at):
		r.blank(at)
	case r.fails("field-unknown/fails", at):
	}
}
