package app

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// Dirs are the folders this program keeps its things in. All are made with mode
// 0700: nobody else on this computer reads them.
type Dirs struct {
	Data   string // the store, blobs, the lock
	Config string // settings a person may edit
	Log    string
	Cache  string // can be deleted at any time
	// Runtime holds the socket: gone after a restart of the computer. Empty on
	// Windows, where the socket is a port.
	Runtime string
}

// FindDirs answers the folders of this computer's account. data, from --data,
// puts all of them under one folder; empty means TRESTLE_DATA, then the usual
// places of the system: the XDG folders, %LOCALAPPDATA%\Trestle, ~/Library.
func FindDirs(data string) (Dirs, error) {
	if data == "" {
		data = os.Getenv("TRESTLE_DATA")
	}
	if data != "" {
		root, err := filepath.Abs(data)
		if err != nil {
			return Dirs{}, fmt.Errorf("find the data folder: %w", err)
		}
		return Dirs{
			Data: root, Config: root, Log: filepath.Join(root, "logs"), Cache: filepath.Join(root, "cache"),
			Runtime: runtimeDir(),
		}, nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return Dirs{}, Fail(CodeNoFolder, "This account has no home folder. Say where to keep things: --data DIR.")
	}
	d := usualDirs(runtime.GOOS, home, os.Getenv)
	d.Runtime = runtimeDir()
	return d, nil
}

// usualDirs are the places of one system, given the home folder and a look-up of
// environment variables. A relative XDG folder is ignored, as its standard says.
func usualDirs(system, home string, env func(string) string) Dirs {
	switch system {
	case "windows":
		local := env("LOCALAPPDATA")
		if local == "" {
			local = filepath.Join(home, "AppData", "Local")
		}
		// Never %APPDATA%\<exe>: an installer's template deletes that one.
		root := filepath.Join(local, "Trestle")
		return Dirs{Data: root, Config: root, Log: filepath.Join(root, "logs"), Cache: filepath.Join(root, "cache")}
	case "darwin":
		lib := filepath.Join(home, "Library")
		root := filepath.Join(lib, "Application Support", "Trestle")
		return Dirs{Data: root, Config: root, Log: filepath.Join(lib, "Logs", "Trestle"), Cache: filepath.Join(lib, "Caches", "Trestle")}
	}
	xdg := func(name string, usual ...string) string {
		root := env(name)
		if !filepath.IsAbs(root) {
			root = filepath.Join(append([]string{home}, usual...)...)
		}
		return filepath.Join(root, "trestle")
	}
	return Dirs{
		Data:   xdg("XDG_DATA_HOME", ".local", "share"),
		Config: xdg("XDG_CONFIG_HOME", ".config"),
		Log:    xdg("XDG_STATE_HOME", ".local", "state"),
		Cache:  xdg("XDG_CACHE_HOME", ".cache"),
	}
}

// Make makes the folders, and takes away what others could do in those that
// existed. A folder that cannot be made is named; nothing is opened then. The
// cache and the log may be missing: the program goes on without them.
func (d Dirs) Make() error {
	for _, dir := range []string{d.Data, d.Config} {
		if err := private(dir); err != nil {
			return Fail(CodeNoFolder, fmt.Sprintf("The folder %s cannot be used: %v. Another one can be given: --data DIR.", dir, reason(err)))
		}
	}
	probe, err := os.CreateTemp(d.Data, ".write-*")
	if err != nil {
		return Fail(CodeNoFolder, fmt.Sprintf("Nothing can be written in %s: %v. Another folder can be given: --data DIR.", d.Data, reason(err)))
	}
	probe.Close()
	os.Remove(probe.Name())
	for _, dir := range []string{d.Log, d.Cache} {
		_ = private(dir) // said by whoever wants to write there
	}
	return nil
}

// private makes a folder for us alone.
func private(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return os.Chmod(dir, 0o700)
	}
	return nil
}

// reason is the system's part of a file error, without the path.
func reason(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

// runtimeDir answers where sockets go: $XDG_RUNTIME_DIR/trestle, else a folder
// of this account in the temporary one. On Windows there are none.
func runtimeDir() string {
	if runtime.GOOS == "windows" {
		return ""
	}
	if dir := os.Getenv("XDG_RUNTIME_DIR"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "trestle")
	}
	return tempRuntimeDir()
}

func tempRuntimeDir() string {
	return filepath.Join(os.TempDir(), fmt.Sprintf("trestle-%d", os.Getuid()))
}

// socketLimit is the longest path of a unix socket that every system takes.
const socketLimit = 100

// SocketPath answers where the socket of this data folder is, one per folder. If
// the path would be too long for the system, it lies in the temporary folder.
func (d Dirs) SocketPath() string {
	sum := sha256.Sum256([]byte(d.Data))
	name := hex.EncodeToString(sum[:8]) + ".sock"
	for _, dir := range []string{d.Runtime, tempRuntimeDir(), fmt.Sprintf("/tmp/trestle-%d", os.Getuid())} {
		if dir == "" {
			continue
		}
		if p := filepath.Join(dir, name); len(p) <= socketLimit {
			return p
		}
	}
	return filepath.Join("/tmp", name)
}
