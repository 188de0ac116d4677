package browser

import "regexp"

// agents finds the name of a browser in what it calls itself. Most pretend to be
// others as well, so the order counts.
var agents = []struct { // never written to
	name string
	in   *regexp.Regexp
}{
	{"Edge", regexp.MustCompile(`Edg(?:A|iOS)?/([\d.]+)`)},
	{"Opera", regexp.MustCompile(`OPR/([\d.]+)`)},
	{"Samsung Internet", regexp.MustCompile(`SamsungBrowser/([\d.]+)`)},
	{"Firefox", regexp.MustCompile(`(?:Firefox|FxiOS)/([\d.]+)`)},
	{"Chromium", regexp.MustCompile(`(?:Chrome|CriOS|HeadlessChrome)/([\d.]+)`)},
	{"Safari", regexp.MustCompile(`Version/([\d.]+).* Safari/`)},
	{"WebKit", regexp.MustCompile(`AppleWebKit/([\d.]+)`)},
}

// named returns name and version of a browser by what it calls itself.
func named(agent string) (name, version string) {
	for _, a := range agents {
		if found := a.in.FindStringSubmatch(agent); found != nil {
			return a.name, found[1]
		}
	}
	return "browser", ""
}
