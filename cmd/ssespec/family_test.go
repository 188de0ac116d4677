package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
)

// family is an adapter that starts a process of its own and stays, whatever
// happens, in the phase that FAMILY_PHASE names. When it is there it writes its
// own and its child's process id to the file that FAMILY_FILE names.
func family() {
	child := exec.Command("adapter-child")
	child.Stdout, child.Stderr = os.Stdout, os.Stderr // it holds our streams open
	if err := child.Start(); err != nil {
		leave(err.Error(), 8)
	}
	phase := os.Getenv("FAMILY_PHASE")
	if phase != "before hello" {
		greet("client")
		reach(phase)
	}
	pids := fmt.Sprint(os.Getpid(), " ", child.Process.Pid)
	name := os.Getenv("FAMILY_FILE")
	if err := os.WriteFile(name+".new", []byte(pids), 0o600); err != nil {
		leave(err.Error(), 8)
	}
	if err := os.Rename(name+".new", name); err != nil {
		leave(err.Error(), 8)
	}
	wait()
}

// reach reads and answers until the phase has begun.
func reach(phase string) {
	in := stdin()
	for in.Scan() {
		var o order
		if err := json.Unmarshal(in.Bytes(), &o); err != nil {
			leave(err.Error(), 8)
		}
		switch {
		case phase == "runs are open":
			return
		case o.Close != nil && phase == "a run is being closed":
			return
		case o.Close != nil:
			say(fmt.Sprintf(`{"run":%q,"step":"end"}`, o.Close.Run))
		case o.Subscribe != nil: // the runner closes after the reestablish
			say(fmt.Sprintf(`{"run":%q,"step":"announce"}`, o.Subscribe.Run))
			say(fmt.Sprintf(`{"run":%q,"step":"reestablish"}`, o.Subscribe.Run))
		}
	}
}
