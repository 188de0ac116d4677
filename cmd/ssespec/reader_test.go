package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"sync"

	"github.com/ssespec/ssespec/spec"
)

// reader is an adapter for a stream reader: a right one, that fetches the URL it
// is given by net/http and shows what the model makes of the bytes.
func reader() {
	greet("stream-reader")
	var mu sync.Mutex // lines stay whole
	line := func(text string) {
		mu.Lock()
		defer mu.Unlock()
		say(text)
	}
	for in := stdin(); in.Scan(); {
		var o struct {
			Subscribe *struct{ Run, URL string }
		}
		if err := json.Unmarshal(in.Bytes(), &o); err != nil {
			leave(err.Error(), 8)
		}
		if o.Subscribe != nil {
			go read(o.Subscribe.Run, o.Subscribe.URL, line)
		}
	}
}

// read reads one stream to its end.
func read(run, url string, line func(string)) {
	defer line(fmt.Sprintf(`{"run":%q,"step":"end"}`, run))
	response, err := http.Get(url)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		line(fmt.Sprintf(`{"run":%q,"error":%q}`, run, err))
		return
	}
	defer response.Body.Close()
	for e, err := range spec.Events(response.Body) {
		if err != nil {
			return
		}
		event, err := json.Marshal(map[string]string{"type": e.Type, "data": e.Data, "lastEventId": e.LastEventID})
		if err != nil {
			leave(err.Error(), 8)
		}
		line(fmt.Sprintf(`{"run":%q,"step":"dispatch","event":%s}`, run, event))
	}
}
