package reference

import (
	"strconv"
	"time"
)

// This file is about the reconnection time.

// longest is the longest time that the client waits.
const longest = time.Hour

// adopt takes over a reconnection time.
func (v *visitor) adopt(t time.Duration) {
	switch {
	case v.set && v.has("time-first-wins"), v.set && t > v.wait && v.has("time-never-grows"):
		return
	}
	v.set, v.wait = true, t
}

// delay returns how long the client waits before it comes back.
func (v *visitor) delay() time.Duration {
	switch {
	case v.has("no-delay"):
		return 0
	case v.has("delay-halved"):
		return v.wait / 2
	case v.has("delay-fixed"):
		return v.first
	case v.has("backs-off"):
		return v.wait + time.Duration(min(v.asked, 8))*10*time.Millisecond
	}
	if v.has("time-once") {
		defer func() { v.wait = 0 }()
	}
	return v.wait
}

// time returns how long digits stand for, in milliseconds.
func (v *visitor) time(digits string) time.Duration {
	ms, err := strconv.ParseInt(digits, 10, 64)
	switch {
	case err != nil && v.has("time-overflow-zero"), ms > 1<<31-1 && v.has("time-31-bits"):
		return time.Millisecond
	case v.has("time-wraps"):
		return max(time.Duration(ms)*time.Millisecond, 0)
	case err != nil || ms > int64(longest/time.Millisecond):
		return longest
	}
	return time.Duration(ms) * time.Millisecond
}
