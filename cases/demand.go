package cases

import (
	"slices"

	"github.com/Masterminds/semver/v3"
)

// Capabilities returns what a target can declare in its hello and a case can
// require (contracts, section 2).
func Capabilities() []string {
	return []string{"reestablish", "last-event-id", "reconnection-time", "headers", "post", "credentials", "cors",
		"close-in-callback", "comments", "retry", "types-any"}
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
