// Command tickers is a good server on net/http: numbered ticks, resumed from Last-Event-ID.
package main

import (
	"fmt"
	"log"
	"net/http"
	"os"
	"strconv"
	"time"
)

func main() {
	http.HandleFunc("GET /events", events)
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
}

func events(w http.ResponseWriter, r *http.Request) {
	n, err := strconv.ParseUint(r.Header.Get("Last-Event-ID"), 10, 32)
	if err != nil {
		n = 0
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-cache")
	control := http.NewResponseController(w)
	for {
		if control.Flush() != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-time.After(300 * time.Millisecond):
		}
		n++
		fmt.Fprintf(w, "id: %d\ndata: tick %d\n\n", n, n)
	}
}
