//go:build unix

package survey_test

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/runner/observe"
	"github.com/ssespec/ssespec/runner/survey"
)

var _ = Describe("A stall of this machine", Serial, func() {
	It("is known, when this process was stopped meanwhile", func() {
		stopped := make(chan error, 1)
		_, o := run(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			stall := fmt.Sprintf("kill -STOP %d; sleep 1.5; kill -CONT %d", os.Getpid(), os.Getpid())
			stopped <- exec.Command("sh", "-c", stall).Run()
			w.Header().Set("Content-Type", "text/event-stream")
		}), func(p *survey.Plan) { p.Watch, p.Roles = time.Minute, []observe.Role{observe.Stream, observe.Watch} })
		Expect(<-stopped).To(Succeed())
		var lost time.Duration
		for _, s := range o.Stalls {
			lost += s.To - s.From
		}
		Expect(lost).To(BeNumerically(">=", 1400*time.Millisecond))
	})
})
