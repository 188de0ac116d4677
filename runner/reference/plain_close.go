package reference

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/ssespec/ssespec/spec"
)

// This file is what bugs do after close.

// late sends, in its time, the request that close should have prevented.
func (v *visitor) late(ctx context.Context) {
	detached, cancel := context.WithTimeout(context.WithoutCancel(ctx), afterClose)
	go func() {
		defer cancel()
		if sleep(detached, v.delay()) {
			v.observe = func(spec.Step) {}
			_ = v.visit(detached) // nobody is told
		}
	}()
}

// afterClose is how long a bug goes on after close.
const afterClose = 5 * time.Second

// leave returns at close and keeps the connection open.
func (v *visitor) leave(ctx context.Context) error {
	detached, cancel := context.WithTimeout(context.WithoutCancel(ctx), afterClose)
	done := make(chan error, 1)
	var muted atomic.Bool
	tell := v.observe
	v.observe = func(s spec.Step) {
		if !muted.Load() {
			tell(s)
		}
	}
	go func() {
		defer cancel()
		done <- v.stay(detached)
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		muted.Store(true)
		return nil
	}
}

// closeIn closes the client inside of the callback of a step. Bugs do that later, or
// not at all.
func (v *visitor) closeIn(kind spec.Kind) {
	switch {
	case kind == spec.Reestablish && v.has("close-in-error-ignored"), kind == spec.Announce && v.has("close-in-open-ignored"):
	case kind == spec.Dispatch && v.has("close-waits-for-end"):
		v.closing = true
	default:
		v.closed, v.shut = true, kind == spec.Dispatch
	}
}
