package cases

import (
	"slices"

	"github.com/Masterminds/semver/v3"

	"github.com/ssespec/ssespec/spec"
)

// Capabilities returns what a target can declare in its hello and a case can
// require (contracts, section 2).
func Capabilities() []string {
	return []string{"reestablish", "last-event-id", "reconnection-time", "headers", "post", "credentials", "cors",
		"close-in-callback", "comments", "retry", "types-any", "page"}
}

// servers checks a case in which nothing is sent: it is about servers, or its
// stream was forgotten.
func (c caseShape) servers() error {
	bindsServers := func(id string) bool {
		clause, found := spec.ClauseByID(id)
		return !found || clause.Binds == spec.Server // delivery and advice are no clauses
	}
	if !slices.ContainsFunc(c.Clauses, bindsServers) {
		return at(c.node, "case %q has neither stream nor connections, and no clause that binds servers (or delivery, advice)", c.ID)
	}
	for _, key := range []string{"requires", "subscribe", "requests"} {
		if n := c.value(key); n != c.node {
			return at(n, "case %q: %s is for cases with a stream", c.ID, key)
		}
	}
	return nil
}

// demands checks what a case asks of the target and of the suite. A capability
// that nobody can declare would skip the case everywhere, in silence; a version
// that never comes would keep it provisional.
func (c caseShape) demands() error {
	for i, r := range c.Requires {
		if !slices.Contains(Capabilities(), r) {
			return at(c.value("requires").Content[i], "case %q: unknown capability %q%s", c.ID, r, DidYouMean(r, Capabilities()))
		}
	}
	if c.Since == "" {
		return nil
	}
	since, err := semver.NewVersion(c.Since)
	if err != nil {
		return at(c.value("since"), "case %q: since is a version such as %q, found %q", c.ID, Version, c.Since)
	}
	if since.GreaterThan(semver.MustParse(Version)) {
		return at(c.value("since"), "case %q: since %q is newer than this suite, %s", c.ID, c.Since, Version)
	}
	return nil
}
