//go:build linux

package app

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// smallDisk mounts a disk of a few MiB at a folder; only root may.
func smallDisk(t *testing.T, dir string, mib int) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("a small disk can be mounted by root alone")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dm,mode=0700", mib)); err != nil {
		t.Skipf("no small disk can be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
}

// stuff writes a file until the disk has no room left.
func stuff(t *testing.T, path string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for size := 1 << 20; size > 0; {
		if _, err := f.Write(make([]byte, size)); err != nil {
			size /= 2
		}
	}
}

// clearLine checks for one line that says what is the matter, in words of which each must stand there, and never that something went wrong.
func clearLine(t *testing.T, what, said string, words ...string) {
	t.Helper()
	said = strings.TrimSpace(said)
	if strings.Count(said, "\n") > 0 || !strings.HasPrefix(said, "trestle: ") || strings.Contains(said, "went wrong") {
		t.Errorf("%s: not a clear line: %q", what, said)
	}
	for _, w := range words {
		if !strings.Contains(said, w) {
			t.Errorf("%s: %q does not stand in %q", what, w, said)
		}
	}
}

func (p *program) signUp(h *house) {
	p.t.Helper()
	p.must(secretOfTests+"\n", "sign-up", "--service", h.url, "--name", "Esme", "--email", "esme@x.example", "--password-stdin")
	p.must("", "contract", "create", "--title", "Otter Trails", "--rate", "10", "--shots", "none", "--self")
	p.must("", "sync")
}

// TestD05_FullDisk: what a person wrote is either confirmed and then kept, or refused in words; after room was made it all goes on.
func TestD05_FullDisk(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	p := realProgram(t)
	smallDisk(t, p.data, 320) // enough for the store to keep some room back for what people do
	p.signUp(h)
	dirs, err := FindDirs(p.data)
	if err != nil {
		t.Fatal(err)
	}
	c := openDesk(t, dirs)
	c.session.replica.MakeRoom() // as is done each minute
	c.Close()
	h.stop()
	filler := filepath.Join(p.data, "filler")
	stuff(t, filler)

	c = openDesk(t, dirs)
	r, err := (&Rooms{c}).List()
	if err != nil {
		t.Fatal(err)
	}
	var confirmed []string
	var refused *Failure
	for i := 0; i < 20_000 && refused == nil; i++ {
		if i == 20 { // so far on what the store kept back; now there is nothing left at all
			stuff(t, filler)
		}
		text := fmt.Sprintf("%05d %s", i, strings.Repeat("otter ", 1500))
		if _, err := (&Rooms{c}).Send(SendIn{ID: newID(), Room: r.Rooms[0].ID, Text: text, Files: []string{}}); err != nil {
			refused = AsFailure(err)
			break
		}
		confirmed = append(confirmed, text)
	}
	if refused == nil {
		t.Fatal("the disk was never full")
	}
	if refused.Code != "disk_full" || !strings.Contains(refused.Message, "disk is full") || !strings.Contains(refused.Message, "kept") {
		t.Errorf("refused with %+v", refused)
	}
	if s, err := (&Shell{c}).Status(); err != nil || s.Disk == "" {
		t.Errorf("the status says nothing of the disk: %+v %v", s, err)
	}
	c.Close()

	// A start on the full disk: it reads, or says what is the matter.
	stuff(t, filler)
	for _, args := range [][]string{{"messages", "--room", "Otter Trails"}, {"send", "--room", "Otter Trails", strings.Repeat("late ", 1500)}, {"outbox"}, {"doctor"}} {
		out, said, err := p.run("", args...)
		if args[0] == "doctor" {
			if said != "" || !strings.Contains(out, "data folder") {
				t.Errorf("doctor: %q %q", out, said)
			}
			continue
		}
		if err != nil {
			clearLine(t, args[0], said)
		} else if args[0] == "send" {
			confirmed = append(confirmed, strings.Repeat("late ", 1500))
		}
	}

	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	p.must("", "send", "--room", "Otter Trails", "room again")
	confirmed = append(confirmed, "room again")
	h.again()
	p.must("", "sync", "--timeout", "60s")
	got := textsOf(t, h.witness("Esme"), "Otter Trails")
	if len(got) != len(confirmed) {
		t.Fatalf("%d were confirmed, the service has %d", len(confirmed), len(got))
	}
	for i := range got {
		if got[i] != confirmed[i] {
			t.Fatalf("message %d is %.20q of %d bytes, not %.20q of %d", i, got[i], len(got[i]), confirmed[i], len(confirmed[i]))
		}
	}
	if len(confirmed) < 20 {
		t.Errorf("only %d messages were taken on the full disk", len(confirmed))
	}
}

// TestD15_ReadOnlyDisk: a data folder that cannot be written is said by name, and nothing in it changes.
func TestD15_ReadOnlyDisk(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	p := realProgram(t)
	smallDisk(t, p.data, 64)
	p.signUp(h)
	if err := syscall.Mount("tmpfs", p.data, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Skipf("the disk cannot be made read-only here: %v", err)
	}
	for _, args := range [][]string{{"rooms"}, {"send", "--room", "Otter Trails", "hello"}, {"open", "--browser", "--print-url"}, {"track", "status"}} {
		_, said, err := p.run("", args...)
		if err == nil {
			t.Errorf("%s succeeded", args[0])
		}
		clearLine(t, args[0], said, p.data, "read-only", "--data DIR")
	}
	out, _, err := p.run("", "doctor")
	if err == nil || !strings.Contains(out, "read-only") {
		t.Errorf("doctor: %v %q", err, out)
	}
}

// TestD15_FolderOfSomebodyElse: an account that may not write there is told so.
func TestD15_FolderOfSomebodyElse(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		t.Skip("root alone can run the program as another account")
	}
	p := realProgram(t)
	if err := os.MkdirAll(p.data, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"rooms"}, {"open", "--browser", "--print-url"}, {"doctor"}} {
		cmd := p.command(args...)
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		var out, said bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &said
		err := cmd.Run()
		if err == nil {
			t.Errorf("%s succeeded", args[0])
		}
		if args[0] == "doctor" {
			if !strings.Contains(out.String(), p.data) || !strings.Contains(out.String(), "permi") {
				t.Errorf("doctor: %q %q %v", out.String(), said.String(), err)
			}
			continue
		}
		clearLine(t, args[0], said.String(), p.data, "permi", "--data DIR")
	}
	if list, _ := os.ReadDir(p.data); len(list) != 0 {
		t.Errorf("something was written: %v", list)
	}
}

// TestD16_FolderOfANewerVersion: nothing in it is changed, and the sentence says what to do.
func TestD16_FolderOfANewerVersion(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	p := realProgram(t)
	p.signUp(h)
	list, _ := filepath.Glob(filepath.Join(p.data, "accounts", "*", "replica.db"))
	if len(list) != 1 {
		t.Fatalf("stores: %v", list)
	}
	db, err := sql.Open("sqlite3", list[0])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	sum := func() [32]byte {
		body, err := os.ReadFile(list[0])
		if err != nil {
			t.Fatal(err)
		}
		return sha256.Sum256(body)
	}
	before := sum()
	for _, args := range [][]string{{"rooms"}, {"send", "--room", "Otter Trails", "hello"}, {"sync"}} {
		_, said, err := p.run("", args...)
		if err == nil {
			t.Errorf("%s succeeded", args[0])
		}
		clearLine(t, args[0], said, "newer version", "Nothing was changed", "update")
	}
	if out := p.must("", "outbox", "export", "-"); !strings.HasPrefix(out, "Unsent work of ") {
		t.Errorf("the export: %q", out)
	}
	out, _, err := p.run("", "doctor")
	if err == nil || !strings.Contains(out, "newer version") {
		t.Errorf("doctor: %v %q", err, out)
	}
	if sum() != before {
		t.Error("the store was changed")
	}
}

// TestD12_KeyringThatFailsOrHangs: signing in goes on, the token is in a file that nobody else reads, and it is said once.
func TestD12_KeyringThatFailsOrHangs(t *testing.T) {
	t.Parallel()
	never := make(chan struct{})
	defer close(never)
	for name, r := range map[string]ring{"no keyring": brokenRing(), "a keyring that hangs": hungRing(never)} {
		t.Run(name, func(t *testing.T) {
			h := openHouse(t)
			c := openDesk(t, testDirs(t))
			c.tokens.ring = r
			boot, err := (&Start{c}).SignUp(SignUpIn{Address: h.url, Name: "Esme", Email: "esme@x.example", Password: secretOfTests})
			if err != nil {
				t.Fatal(err)
			}
			if boot.Account == nil || ofKeyring(boot) != 1 {
				t.Errorf("%+v", boot)
			}
			if again, err := (&Shell{c}).Boot(); err != nil || ofKeyring(again) != 0 {
				t.Errorf("said twice: %v %v", again.Notices, err)
			}
			info, err := tokenInfo(c.dirs.Data)
			if err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%v %v", info, err)
			}
			own(t, c, "none")
			arrived(t, c)
		})
	}
}

// ofKeyring counts the sentences about the keyring. What else there is to say, as of a desktop without notices, depends on where the test runs.
func ofKeyring(b Boot) (n int) {
	for _, text := range b.Notices {
		if strings.Contains(text, "No keyring answered") {
			n++
		}
	}
	return n
}

// silentSecrets is the keyring of a session bus that takes calls and never answers.
type silentSecrets struct{ until chan struct{} }

func (s silentSecrets) OpenSession(string, dbus.Variant) (dbus.Variant, dbus.ObjectPath, *dbus.Error) {
	<-s.until
	return dbus.MakeVariant(""), "/", nil
}

// TestD12_RealProgramWithAHangingKeyring: the whole program, a real session bus, and a keyring on it that never answers.
func TestD12_RealProgramWithAHangingKeyring(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("dbus-daemon"); err != nil {
		t.Skip("a session bus needs dbus-daemon")
	}
	h := openHouse(t)
	p := realProgram(t)
	bus := exec.Command("dbus-daemon", "--session", "--nofork", "--print-address=1")
	bus.Env = p.env
	out, err := bus.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := bus.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = bus.Process.Kill()
		_ = bus.Wait()
	})
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	conn, err := dbus.Connect(strings.TrimSpace(address))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	silent := silentSecrets{make(chan struct{})}
	defer close(silent.until)
	if err := conn.Export(silent, "/org/freedesktop/secrets", "org.freedesktop.Secret.Service"); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.RequestName("org.freedesktop.secrets", dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	for i, e := range p.env {
		if strings.HasPrefix(e, "TRESTLE_KEYRING=") {
			p.env[i] = "TRESTLE_KEYRING="
		}
		if strings.HasPrefix(e, "DBUS_SESSION_BUS_ADDRESS=") {
			p.env[i] = "DBUS_SESSION_BUS_ADDRESS=" + strings.TrimSpace(address)
		}
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		p.signUp(h)
		p.must("", "send", "--room", "Otter Trails", "hello")
	}()
	select {
	case <-ended:
	case <-time.After(time.Minute):
		t.Fatal("it hangs")
	}
	if info, err := tokenInfo(p.data); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the token: %v %v", info, err)
	}
}

// TestD15_NoBusNoDisplay: without a session bus and a display the program opens, sends and tracks, and the doctor says what is missing.
func TestD15_NoBusNoDisplay(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	p := realProgram(t)
	p.signUp(h)
	if out := p.must("", "send", "--room", "Otter Trails", "hello"); !strings.HasPrefix(out, "Sent.") {
		t.Errorf("%q", out)
	}
	p.must("", "track", "start", "--contract", "Otter Trails", "--memo", "In the dark")
	if out := p.must("", "track", "status"); !strings.Contains(out, "In the dark") {
		t.Errorf("%q", out)
	}
	p.must("", "track", "stop")
	out, said, err := p.run("", "doctor")
	if err != nil || said != "" {
		t.Errorf("the doctor: %v %q", err, said)
	}
	for _, want := range []string{"screen capture", "input counter", "Time is tracked all the same"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q does not stand in %s", want, out)
		}
	}
}

// tokenInfo looks at the file that holds a token. Beside it stands a second file of the same kind, which tells a copy of the folder from the first; both are as private.
func tokenInfo(data string) (os.FileInfo, error) {
	list, err := filepath.Glob(filepath.Join(data, "token-*"))
	if err != nil || len(list) != 2 {
		return nil, fmt.Errorf("%d token files: %v", len(list), err)
	}
	info, err := os.Stat(list[0])
	if err != nil {
		return nil, err
	}
	if other, err := os.Stat(list[1]); err != nil || other.Mode() != info.Mode() {
		return nil, fmt.Errorf("another mode: %v %w", other, err)
	}
	return info, nil
}

// TestD12_NoBusStartsNone: without a session bus no keyring is asked for, because asking would start a daemon that stays behind.
func TestD12_NoBusStartsNone(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	p := realProgram(t)
	tools := filepath.Join(filepath.Dir(p.path), "tools")
	asked := filepath.Join(tools, "asked")
	if err := os.MkdirAll(tools, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(tools, "dbus-launch"), []byte("#!/bin/sh\ntouch "+asked+"\nexit 1\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	env := []string{"PATH=" + tools + ":" + os.Getenv("PATH")}
	for _, e := range p.env {
		if !strings.HasPrefix(e, "PATH=") && !strings.HasPrefix(e, "DBUS_") && !strings.HasPrefix(e, "TRESTLE_KEYRING=") {
			env = append(env, e)
		}
	}
	p.env = env
	p.signUp(h)
	p.must("", "send", "--room", "Otter Trails", "hello")
	if _, err := os.Stat(asked); err == nil {
		t.Error("a bus was started")
	}
	if list, _ := filepath.Glob(filepath.Join(p.data, "token-*")); len(list) != 2 {
		t.Errorf("the token's file: %v", list)
	}
}
