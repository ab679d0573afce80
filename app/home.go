package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
)

// A folder that is copied, with a computer's image, a synced home or by hand, would make two devices of one name. So each copy's random
// incarnation is kept in a second place that does not come along: the keyring, else a file that names the computer and the folder. Where
// the two differ this is the copy, and it takes a new device id; what waits keeps its command ids, so that whichever of the two brings it
// first, it is there once (sync.md §9).

// homeFlag in an account's folder says that the second place was written.
const homeFlag = "home"

// settleHome compares, and gives this copy a name of its own if it is a clone. It does nothing where the second place does not answer.
func (s *Session) settleHome(ctx context.Context) {
	key := tokenKey(s.st) + "/home"
	want := homeMark(s.replica.Incarnation(), s.dir)
	_, err := os.Stat(filepath.Join(s.dir, homeFlag))
	switch {
	case errors.Is(err, fs.ErrNotExist): // a new copy, or one of a version that kept none
		s.keepHome(ctx, want)
		return
	case err != nil:
		return
	}
	got, _, err := s.core.tokens.Load(ctx, key)
	if err != nil {
		slog.Warn("the second place of the incarnation does not answer", "error", traceOf(err))
		return
	}
	if got == want {
		return
	}
	device, incarnation := newID(), newID()
	if err := s.replica.Renew(ctx, device, incarnation); err != nil {
		slog.Error("take a new device id", "error", traceOf(err))
		return
	}
	slog.Info("this folder is a copy of another; it has a new device id")
	s.renewed(device, incarnation)
}

// renewed keeps the new name of this copy where the old one stood.
func (s *Session) renewed(device, incarnation string) {
	if err := s.core.state.change(func(st *state) { st.Device = device }); err != nil {
		slog.Error("keep the new device id", "error", traceOf(err))
	}
	s.keepHome(context.Background(), homeMark(incarnation, s.dir))
}

func (s *Session) keepHome(ctx context.Context, mark string) {
	if _, err := s.core.tokens.Save(ctx, tokenKey(s.st)+"/home", mark); err != nil {
		slog.Warn("keep the incarnation in a second place", "error", traceOf(err))
		return
	}
	if err := writeWhole(filepath.Join(s.dir, homeFlag), []byte("Kept in a second place; see the keyring.\n"), 0o600); err != nil {
		slog.Warn("note the second place", "error", traceOf(err))
	}
}

// homeMark names one incarnation in one folder of one computer, without saying which.
func homeMark(incarnation, dir string) string {
	if full, err := filepath.EvalSymlinks(dir); err == nil {
		dir = full
	}
	sum := sha256.Sum256([]byte(incarnation + "\n" + machineID() + "\n" + dir))
	return hex.EncodeToString(sum[:])
}

// machineID is what the system says this computer is; its name where it says nothing.
func machineID() string {
	for _, path := range []string{"/etc/machine-id", "/var/lib/dbus/machine-id"} {
		if id, err := os.ReadFile(path); err == nil && len(strings.TrimSpace(string(id))) > 0 {
			return strings.TrimSpace(string(id))
		}
	}
	name, _ := os.Hostname()
	return name
}
