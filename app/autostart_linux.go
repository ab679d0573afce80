package app

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// autostartPath is where a desktop looks for what to start, by the XDG Autostart specification.
func autostartPath() (string, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "autostart", AppID+".desktop"), nil
}

// startsAtLogin reports whether this desktop starts Trestle when the person signs in, and whether it can be asked to.
func startsAtLogin() (on, can bool) {
	path, err := autostartPath()
	if err != nil || !HasWindow {
		return false, false
	}
	_, err = os.Stat(path)
	return err == nil, true
}

// startAtLogin asks for that, or takes it back. It starts in the tray; the clock stays stopped.
func startAtLogin(on bool) error {
	path, err := autostartPath()
	if err != nil {
		return err
	}
	if !on {
		if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	program, err := os.Executable()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return writeWhole(path, []byte(autostartEntry(program)), 0o600)
}

// autostartEntry is the desktop entry that starts the program hidden. The path stands in quotes with what the specification reserves
// escaped, and "%" doubled.
func autostartEntry(program string) string {
	quoted := strings.NewReplacer(`\`, `\\\\`, `"`, `\\"`, "`", "\\\\`", `$`, `\\$`, `%`, `%%`).Replace(program)
	return "[Desktop Entry]\nType=Application\nName=Trestle\nExec=\"" + quoted + "\" open --hidden\nIcon=" + AppID + "\nX-GNOME-Autostart-enabled=true\n"
}
