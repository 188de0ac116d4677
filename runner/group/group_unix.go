//go:build unix

package group

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

// Own makes cmd, which is yet to be started, the leader of a process group of its own.
func Own(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// Kill kills the process group that p leads, also when p itself has exited. Darwin
// says EPERM of a group in which only zombies are left.
func Kill(p *os.Process) error {
	err := syscall.Kill(-p.Pid, syscall.SIGKILL)
	if errors.Is(err, syscall.ESRCH) || errors.Is(err, syscall.EPERM) && syscall.Kill(p.Pid, 0) != nil {
		return nil
	}
	return err
}
