//go:build unix

package stdio_test

import (
	"os/exec"
	"syscall"
)

// escape starts cmd outside of its parent's process group.
func escape(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
