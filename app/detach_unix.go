//go:build !windows

package app

import (
	"os/exec"
	"syscall"
)

// detach lets a child live on after this process and its terminal.
func detach(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }
