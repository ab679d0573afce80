package app

import (
	"os/exec"
	"syscall"
)

// detach lets a child live on after this process and its console (DETACHED_PROCESS, CREATE_NEW_PROCESS_GROUP).
func detach(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: 0x00000008 | 0x00000200}
}
