package app

import (
	"context"
	"errors"
	"io"
	"log"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/zalando/go-keyring"
)

func TestUsualFolders(t *testing.T) {
	t.Parallel()
	env := func(pairs ...string) func(string) string {
		return func(name string) string {
			for i := 0; i < len(pairs); i += 2 {
				if pairs[i] == name {
					return pairs[i+1]
				}
			}
			return ""
		}
	}
	for _, tt := range []struct {
		system string
		env    func(string) string
		want   Dirs
	}{
		{"linux", env(), Dirs{Data: "/h/.local/share/trestle", Config: "/h/.config/trestle", Log: "/h/.local/state/trestle", Cache: "/h/.cache/trestle"}},
		{"linux", env("XDG_DATA_HOME", "/d", "XDG_CONFIG_HOME", "/c", "XDG_STATE_HOME", "/s", "XDG_CACHE_HOME", "relative"),
			Dirs{Data: "/d/trestle", Config: "/c/trestle", Log: "/s/trestle", Cache: "/h/.cache/trestle"}},
		{"darwin", env(), Dirs{Data: "/h/Library/Application Support/Trestle", Config: "/h/Library/Application Support/Trestle",
			Log: "/h/Library/Logs/Trestle", Cache: "/h/Library/Caches/Trestle"}},
		{"windows", env("LOCALAPPDATA", "/l"), Dirs{Data: "/l/Trestle", Config: "/l/Trestle", Log: "/l/Trestle/logs", Cache: "/l/Trestle/cache"}},
		{"windows", env("APPDATA", "/roaming"), Dirs{Data: "/h/AppData/Local/Trestle", Config: "/h/AppData/Local/Trestle",
			Log: "/h/AppData/Local/Trestle/logs", Cache: "/h/AppData/Local/Trestle/cache"}},
	} {
		got := usualDirs(tt.system, "/h", tt.env)
		for _, p := range []*string{&got.Data, &got.Config, &got.Log, &got.Cache} {
			*p = filepath.ToSlash(*p)
		}
		if got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.system, got, tt.want)
		}
	}
}

func TestDataFolderHoldsEverything(t *testing.T) {
	root := t.TempDir()
	for _, way := range []string{"flag", "environment"} {
		t.Run(way, func(t *testing.T) {
			flag := filepath.Join(root, way)
			t.Setenv("TRESTLE_DATA", "")
			if way == "environment" {
				t.Setenv("TRESTLE_DATA", flag)
				flag = ""
			}
			d, err := FindDirs(flag)
			if err == nil {
				err = d.Make()
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range []string{d.Data, d.Config, d.Log, d.Cache} {
				info, err := os.Stat(p)
				if err != nil || !strings.HasPrefix(p, filepath.Join(root, way)) || runtime.GOOS != "windows" && info.Mode().Perm() != 0o700 {
					t.Errorf("%s: %v %v", p, info, err)
				}
			}
		})
	}
}

func TestOpenFoldersAreClosed(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("no modes there")
	}
	root := filepath.Join(t.TempDir(), "d")
	if err := os.Mkdir(root, 0o755); err != nil {
		t.Fatal(err)
	}
	d, err := FindDirs(root)
	if err == nil {
		err = d.Make()
	}
	if info, _ := os.Stat(root); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v %v", info.Mode(), err)
	}
}

func TestUnusableFolderIsNamed(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := FindDirs(filepath.Join(file, "data"))
	if err != nil {
		t.Fatal(err)
	}
	if f := AsFailure(d.Make()); f == nil || f.Code != CodeNoFolder || !strings.Contains(f.Message, d.Data) || !strings.Contains(f.Message, "--data") {
		t.Errorf("failure %v", f)
	}
}

func TestLogRotatesAndKeepsFive(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "logs", "trestle.log")
	r, err := openRotating(path, 100)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 50 {
				if _, err := io.WriteString(r, strings.Repeat("x", 29)+"\n"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	files, _ := filepath.Glob(path + "*")
	if len(files) != logFiles {
		t.Errorf("%d files", len(files))
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil || len(b) > 100 || len(b)%30 != 0 {
			t.Errorf("%s: %d bytes, %v", filepath.Base(f), len(b), err)
		}
		if info, _ := os.Stat(f); runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v", f, info.Mode())
		}
	}
	if _, err := r.Write([]byte("x")); err == nil {
		t.Error("written after the end")
	}
}

func TestLogGoesOnWhereItStopped(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "trestle.log")
	for range 2 {
		r, err := openRotating(path, 100)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(r, "line\n")
		r.Close()
	}
	if b, _ := os.ReadFile(path); string(b) != "line\nline\n" {
		t.Errorf("%q", b)
	}
}

func TestLibrariesLogThroughOurs(t *testing.T) {
	before, out, flags := slog.Default(), log.Writer(), log.Flags()
	defer func() { slog.SetDefault(before); log.SetOutput(out); log.SetFlags(flags) }()
	dir := t.TempDir()
	c, err := OpenLog(dir)
	if err != nil {
		t.Fatal(err)
	}
	log.Printf("systray error: failed to set %q at /home/needle: %v", "needle", errors.New("x"))
	slog.Info("ready", "count", 3)
	c.Close()
	b, _ := os.ReadFile(filepath.Join(dir, "trestle.log"))
	if s := string(b); !strings.Contains(s, "systray error: failed to set … at …") || strings.Contains(s, "needle") || !strings.Contains(s, `"count":3`) {
		t.Error(s)
	}
}

func TestLogThatCannotBeWrittenSaysSo(t *testing.T) {
	before, out, flags := slog.Default(), log.Writer(), log.Flags()
	defer func() { slog.SetDefault(before); log.SetOutput(out); log.SetFlags(flags) }()
	file := filepath.Join(t.TempDir(), "file")
	os.WriteFile(file, nil, 0o600)
	c, err := OpenLog(filepath.Join(file, "logs"))
	if err == nil || c == nil {
		t.Fatalf("%v %v", c, err)
	}
	c.Close()
}

// memoryRing is a keyring that works.
func memoryRing() ring {
	kept := map[string]string{}
	return ring{
		set: func(a, t string) error { kept[a] = t; return nil },
		get: func(a string) (string, error) {
			if t, ok := kept[a]; ok {
				return t, nil
			}
			return "", keyring.ErrNotFound
		},
		remove: func(a string) error { delete(kept, a); return nil },
	}
}

// brokenRing is one that answers with an error, hungRing one that never answers.
func brokenRing() ring {
	err := errors.New("locked")
	return ring{func(string, string) error { return err }, func(string) (string, error) { return "", err }, func(string) error { return err }}
}

func hungRing(until <-chan struct{}) ring {
	return ring{func(string, string) error { <-until; return nil }, func(string) (string, error) { <-until; return "", nil }, func(string) error { <-until; return nil }}
}

func TestTokenGoesToTheKeyringElseToAFile(t *testing.T) {
	log := heard(t)
	never := make(chan struct{})
	defer close(never)
	for _, tt := range []struct {
		name string
		ring ring
		want TokenPlace
	}{
		{"works", memoryRing(), InKeyring},
		{"answers with an error", brokenRing(), InFile},
		{"none", ring{}, InFile},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &TokenStore{dir: t.TempDir(), ring: tt.ring}
			if token, _, err := s.Load(t.Context(), "anna"); token != "" || err != nil && tt.name != "answers with an error" {
				t.Errorf("before: %q %v", token, err)
			}
			where, err := s.Save(t.Context(), "anna", "trs_needle")
			if where != tt.want || err != nil {
				t.Fatalf("%s %v", where, err)
			}
			token, where, err := s.Load(t.Context(), "anna")
			if token != "trs_needle" || where != tt.want || err != nil {
				t.Errorf("%q %s %v", token, where, err)
			}
			if info, err := os.Stat(s.file("anna")); where == InFile && (err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600) {
				t.Errorf("%v %v", info, err)
			}
			_ = s.Delete(t.Context(), "anna")
			if _, err := os.Stat(s.file("anna")); err == nil {
				t.Error("the file is still there")
			}
		})
	}
	if strings.Contains(log.String(), "needle") {
		t.Error("the token is in the log")
	}
}

func TestTokenDoesNotWaitForAHungKeyring(t *testing.T) {
	heard(t)
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		never := make(chan struct{})
		s := &TokenStore{dir: dir, ring: hungRing(never)}
		if where, err := s.Save(context.Background(), "anna", "t"); where != InFile || err != nil {
			t.Errorf("%s %v", where, err)
		}
		if token, where, err := s.Load(context.Background(), "anna"); token != "t" || where != InFile || err != nil {
			t.Errorf("%q %s %v", token, where, err)
		}
		if _, _, err := s.Load(context.Background(), "bob"); err == nil {
			t.Error("no error for an account that only the keyring could know")
		}
		close(never)
	})
}

func TestTokenInTheKeyringReplacesTheFile(t *testing.T) {
	heard(t)
	s := &TokenStore{dir: t.TempDir(), ring: brokenRing()}
	s.Save(t.Context(), "anna", "old")
	s.ring = memoryRing()
	s.Save(t.Context(), "anna", "new")
	if token, where, _ := s.Load(t.Context(), "anna"); token != "new" || where != InKeyring {
		t.Errorf("%q %s", token, where)
	}
}

func TestDamagedTokenFileIsNoToken(t *testing.T) {
	t.Parallel()
	s := &TokenStore{dir: t.TempDir()}
	os.WriteFile(s.file("anna"), []byte("{"), 0o600)
	if token, _, err := s.Load(t.Context(), "anna"); token != "" || err != nil {
		t.Errorf("%q %v", token, err)
	}
}

func TestClampKeepsTheWindowInSight(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ place, want WindowPlace }{
		{WindowPlace{}, WindowPlace{X: -1, Y: -1, Width: 1280, Height: 800}},
		{WindowPlace{X: 10, Y: 20, Width: 900, Height: 700}, WindowPlace{X: 10, Y: 20, Width: 900, Height: 700}},
		{WindowPlace{X: 5000, Y: 5000, Width: 900, Height: 700}, WindowPlace{X: 1020, Y: 380, Width: 900, Height: 700}},
		{WindowPlace{X: 0, Y: 0, Width: 9000, Height: 9000}, WindowPlace{X: 0, Y: 0, Width: 1920, Height: 1080}},
		{WindowPlace{X: 10, Y: 10, Width: 1, Height: 1}, WindowPlace{X: 10, Y: 10, Width: minWidth, Height: minHeight}},
		{WindowPlace{X: -50, Y: 10, Width: 900, Height: 700}, WindowPlace{X: -1, Y: -1, Width: 900, Height: 700}},
		{WindowPlace{Maximised: true}, WindowPlace{X: -1, Y: -1, Width: 1280, Height: 800, Maximised: true}},
	} {
		if got := tt.place.Clamp(1920, 1080); got != tt.want {
			t.Errorf("%+v: %+v, want %+v", tt.place, got, tt.want)
		}
	}
}
