package cases

import "slices"

// What a case may stand for: a few lines of YAML must not fill the memory of
// whoever loads them, or plays them to the model.
const (
	maxExpanded    = 64 << 20  // bytes
	maxTogether    = 256 << 20 // bytes of all cases of one file
	maxConnections = 1000
	maxLines       = 2_000_000 // line ends of what is played: each may be a step of the model
	maxTimes       = 100_000   // steps that one case expects, of all its outcomes together
)

// An extent is what the connections of a case come to once they are written out.
type extent struct{ connections, bytes, lines int }

// times returns n of e.
func (e extent) times(n int) extent { return extent{n * e.connections, n * e.bytes, n * e.lines} }

func (e extent) plus(f extent) extent {
	return extent{e.connections + f.connections, e.bytes + f.bytes, e.lines + f.lines}
}

// bounded refuses a case that stands for more than it may. It looks before
// anything is written out.
func (c caseShape) bounded() error {
	e := c.extent()
	for _, b := range []struct {
		is, may   int
		key, what string
	}{
		{c.expected(), maxTimes, "expect", "steps expected"},
		{e.connections, maxConnections, "connections", "connections"},
		{e.bytes, maxExpanded, "connections", "bytes played"},
		{e.lines, maxLines, "connections", "lines played"},
	} {
		if b.is > b.may {
			return at(c.value(b.key), "case %q stands for more than %d %s", c.ID, b.may, b.what)
		}
	}
	return nil
}

// expected returns how many steps the case expects.
func (c caseShape) expected() (n int) {
	lists := []*[]stepShape{c.Expect}
	for _, o := range c.Outcomes {
		lists = append(lists, o.Expect)
	}
	for _, list := range lists {
		if list == nil {
			continue
		}
		for _, s := range *list {
			n += max(s.times, 1)
		}
	}
	return n
}

// extent is that of the script, as often as it is played: once for every choice of
// requests that an HTTP layer may have repeated.
func (c caseShape) extent() extent {
	sum, repeatable := extentOf(c.Stream), 0
	for _, shape := range c.Connections {
		one := extentOf(slices.Concat(shape.Body, shape.Raw))
		one.connections = 1
		times := max(shape.Times, 1)
		sum = sum.plus(one.times(times))
		if shape.Request.Repeats != "" {
			repeatable += times
		}
	}
	plays := 1 << min(repeatable, mostRepeats)
	return extent{sum.connections, plays * sum.bytes, plays * sum.lines}
}

func extentOf(parts []Part) (sum extent) {
	for _, p := range parts {
		ends := 0
		for _, b := range p.Unit {
			if b == '\n' || b == '\r' {
				ends++
			}
		}
		sum = sum.plus(extent{bytes: len(p.Unit), lines: ends}.times(max(p.Times, 1)))
	}
	return sum
}
