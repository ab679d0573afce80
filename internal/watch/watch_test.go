package watch

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
)

// heard collects what a watcher tells.
type heard struct {
	*Watcher
	t      *testing.T
	mu     sync.Mutex
	files  []string
	states []State
}

// quiet is how long a file is left alone before these tests hear of it.
const quiet = 15 * time.Millisecond

func watching(t *testing.T, rescan time.Duration) *heard {
	h := &heard{t: t}
	h.Watcher = Open(Options{
		Quiet: quiet, Rescan: rescan,
		Settled: func(key, name string, s Stamp) {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.files = append(h.files, fmt.Sprintf("%s/%s %d", key, name, s.Size))
		},
		State: func(_ string, s State, _ error) {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.states = append(h.states, s)
		},
	})
	t.Cleanup(h.Close)
	return h
}

// wait waits until something holds; nothing here says how long that may take.
func (h *heard) wait(what string, is func() bool) {
	h.t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		h.mu.Lock()
		ok := is()
		h.mu.Unlock()
		if ok {
			return
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.t.Fatalf("%s: heard %v, %v", what, h.files, h.states)
}

func (h *heard) told(want ...string) {
	h.t.Helper()
	h.wait(fmt.Sprint("told ", want), func() bool { return len(h.files) >= len(want) })
	h.mu.Lock()
	defer h.mu.Unlock()
	if fmt.Sprint(h.files) != fmt.Sprint(want) {
		h.t.Fatalf("told %v, want %v", h.files, want)
	}
	h.files = nil
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// never is longer than a test: what is told then came by an event.
const never = time.Hour

// D-07, D-08, the facts of desktop.md §12 through the system's own watch: a write, a save by renaming, a file moved in, a right that changes.
func TestD07_WhatTheSystemTells(t *testing.T) {
	dir, other := t.TempDir(), t.TempDir()
	write(t, filepath.Join(dir, "old"), "lay here before")
	h := watching(t, never)
	h.Add(Folder{Key: "k", Path: dir, Fresh: true})
	write(t, filepath.Join(dir, "new.txt"), "12345")
	h.told("k/new.txt 5")
	// An editor saves by writing another file and renaming it: the watch of the file would be dead now.
	for i := 6; i < 9; i++ {
		write(t, filepath.Join(dir, ".new.swp"), "1234567890"[:i])
		must(t, os.Rename(filepath.Join(dir, ".new.swp"), filepath.Join(dir, "new.txt")))
		h.told(fmt.Sprintf("k/new.txt %d", i))
	}
	write(t, filepath.Join(other, "moved.pdf"), "abc")
	must(t, os.Rename(filepath.Join(other, "moved.pdf"), filepath.Join(dir, "moved.pdf")))
	h.told("k/moved.pdf 3")
	must(t, os.Chmod(filepath.Join(dir, "old"), 0o400))
	must(t, os.Mkdir(filepath.Join(dir, "folder"), 0o700))
	must(t, os.Symlink(filepath.Join(dir, "old"), filepath.Join(dir, "link")))
	write(t, filepath.Join(dir, "empty"), "")
	write(t, filepath.Join(dir, "half.crdownload"), "x")
	write(t, filepath.Join(dir, "last"), "z")
	h.told("k/last 1")
}

// D-08: what is written in pieces is told once, whole.
func TestD08_NothingIsToldWhileItIsWritten(t *testing.T) {
	dir := t.TempDir()
	h := watching(t, never)
	h.Add(Folder{Key: "k", Path: dir, Fresh: true})
	f, err := os.Create(filepath.Join(dir, "film.mp4"))
	must(t, err)
	defer f.Close()
	for range 40 {
		_, err := f.WriteString("a piece of it ")
		must(t, err)
		time.Sleep(2 * time.Millisecond)
	}
	h.wait("told", func() bool { return len(h.files) > 0 && h.files[len(h.files)-1] == "k/film.mp4 560" })
}

// D-07: what came or changed while nothing was watching is told at the start, and what was told before is not.
func TestD07_TheStartLooksThroughTheFolder(t *testing.T) {
	dir := t.TempDir()
	h := watching(t, never)
	write(t, filepath.Join(dir, "a"), "1")
	h.Add(Folder{Key: "k", Path: dir})
	h.told("k/a 1")
	known := h.Known("k")
	h.Close()
	write(t, filepath.Join(dir, "a"), "12")
	write(t, filepath.Join(dir, "b"), "1")
	h = watching(t, never)
	h.Add(Folder{Key: "k", Path: dir, Known: known, Want: func(name string) bool { return name == "a" }})
	h.told("k/a 2")
}

// D-07: a folder that is removed ends its watch without a word; the next look notices, and takes it up again when it is back.
func TestD07_AFolderThatIsRemovedIsNoticed(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "drop")
	must(t, os.Mkdir(dir, 0o700))
	h := watching(t, never)
	h.Add(Folder{Key: "k", Path: dir, Fresh: true})
	must(t, os.Remove(dir))
	h.Look()
	h.wait("missing", func() bool { return len(h.states) == 2 && h.states[1] == Missing })
	must(t, os.Mkdir(dir, 0o700))
	h.Look()
	h.wait("watched again", func() bool { return len(h.states) == 3 && h.states[2] == Watched })
	write(t, filepath.Join(dir, "a"), "1")
	h.told("k/a 1")
	// Another folder in its place, between two looks: its watch is the old one's.
	must(t, os.RemoveAll(dir))
	must(t, os.Mkdir(dir, 0o700))
	h.Look()
	write(t, filepath.Join(dir, "b"), "12")
	h.told("k/b 2")
}

// D-07: where the system gives no watch, the folder is looked through, and that is said.
func TestD07_WithoutAWatchItLooksEachMinute(t *testing.T) {
	dir := t.TempDir()
	h := &heard{t: t}
	h.Watcher = Open(Options{Quiet: 5 * time.Millisecond, Rescan: 20 * time.Millisecond,
		Settled: func(_, name string, _ Stamp) { h.mu.Lock(); h.files = append(h.files, name); h.mu.Unlock() },
		State: func(_ string, s State, why error) {
			h.mu.Lock()
			defer h.mu.Unlock()
			if why == nil {
				t.Error("nobody says why")
			}
			h.states = append(h.states, s)
		},
	})
	t.Cleanup(h.Close)
	fs := h.fs
	h.do(func() { h.fsErr = errors.New("no space left on device") })
	must(t, fs.Close())
	h.wait("blind", func() bool { blind := false; h.do(func() { blind = h.fs == nil }); return blind })
	h.Add(Folder{Key: "k", Path: dir, Fresh: true})
	h.wait("said so", func() bool { return len(h.states) == 1 && h.states[0] == Polled })
	write(t, filepath.Join(dir, "a"), "1")
	h.told("a")
}

// D-08: more events than the system keeps: those that are lost lie in the folder all the same.
func TestD08_OverflowLosesNothing(t *testing.T) {
	dir := t.TempDir()
	h := watching(t, never)
	h.Add(Folder{Key: "k", Path: dir, Fresh: true})
	h.do(func() {
		for len(h.fs.Events) > 0 {
			<-h.fs.Events
		}
		must(t, h.fs.Remove(dir)) // from here on the system tells nothing
		for i := range 500 {
			write(t, filepath.Join(dir, fmt.Sprintf("f%03d", i)), "x")
		}
	})
	h.fs.Errors <- fsnotify.ErrEventOverflow
	h.wait("all of them", func() bool { return len(h.files) == 500 })
	seen := map[string]bool{}
	for _, f := range h.files {
		seen[f] = true
	}
	if len(seen) != 500 {
		t.Errorf("%d different files", len(seen))
	}
}

// D-07: two uses of one folder each hear of what they want; the end of one leaves the other its watch.
func TestD07_TwoUsesOfOneFolder(t *testing.T) {
	dir := t.TempDir()
	h := watching(t, never)
	h.Add(Folder{Key: "x", Path: dir, Fresh: true, Want: func(n string) bool { return n == "a" }})
	h.Add(Folder{Key: "y", Path: dir + string(filepath.Separator), Fresh: true})
	write(t, filepath.Join(dir, "a"), "1")
	h.wait("both", func() bool { return len(h.files) == 2 })
	h.Remove("x")
	h.mu.Lock()
	h.files = nil
	h.mu.Unlock()
	write(t, filepath.Join(dir, "b"), "12")
	h.told("y/b 2")
	if h.Known("x") != nil {
		t.Error("a use that ended is known")
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// D-08: a thousand files that are saved by renaming while others vanish are each told once, as they are in the end; a folder that is removed
// and made again is watched again; links are never followed, also those that lead in a circle.
func TestD08_ManyAtOnceAndAFolderMadeAgain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "drop")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	h := watching(t, 50*time.Millisecond)
	h.Add(Folder{Key: "k", Path: dir, Fresh: true})
	if err := os.Symlink(dir, filepath.Join(dir, "circle")); err != nil {
		t.Skip("links cannot be made here")
	}
	if err := os.Symlink("loop.txt", filepath.Join(dir, "loop.txt")); err != nil {
		t.Fatal(err)
	}
	const many = 1000
	lay := false // the file that goes again: on a busy machine it may be left alone long enough to be told
	for i := range many {
		name := filepath.Join(dir, fmt.Sprintf("f%04d", i))
		write(t, name+".tmp", "draft")
		if err := os.Rename(name+".tmp", name+".txt"); err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		write(t, filepath.Join(dir, "gone"), "x")
		if err := os.Remove(filepath.Join(dir, "gone")); err != nil {
			t.Fatal(err)
		}
		lay = lay || time.Since(begun) >= quiet
	}
	odd := "two\nlines \u202etxt.exe"
	write(t, filepath.Join(dir, odd), "odd")
	h.wait("all", func() bool { return len(h.files) >= many+1 })
	h.mu.Lock()
	seen := map[string]bool{}
	for _, f := range h.files {
		if lay && f == "k/gone 1" {
			continue
		}
		if seen[f] {
			t.Errorf("%q is told twice", f)
		}
		seen[f] = true
	}
	if !seen["k/"+odd+" 3"] || len(seen) != many+1 {
		t.Errorf("%d files are told", len(seen))
	}
	h.files = nil
	h.mu.Unlock()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	h.wait("the folder is missed", func() bool { return len(h.states) > 0 && h.states[len(h.states)-1] == Missing })
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	h.wait("the folder is watched again", func() bool { return h.states[len(h.states)-1] == Watched })
	write(t, filepath.Join(dir, "new.txt"), "new")
	h.told("k/new.txt 3")
}
