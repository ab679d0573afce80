package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

func noise(n int, seed uint32) []byte {
	b := make([]byte, n)
	for i := range b {
		seed = seed*1664525 + 1013904223
		b[i] = byte(seed >> 24)
	}
	return b
}

func sum(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

func partsOf(b []byte) (out []string) {
	for i := 0; i < len(b); i += wire.PartSize {
		out = append(out, sum(b[i:min(i+wire.PartSize, len(b))]))
	}
	return out
}

func open(t *testing.T) *Store {
	t.Helper()
	s, err := Open(filepath.Join(t.TempDir(), "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *Store) left(t *testing.T) int {
	t.Helper()
	list, err := os.ReadDir(s.tmp())
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

// F-05: a file is staged in one pass with the hashes of its parts, and says how far it is.
func TestF05_Stage(t *testing.T) {
	s := open(t)
	for _, n := range []int{1, wire.PartSize - 1, wire.PartSize, wire.PartSize + 1} {
		b := noise(n, 3)
		path := filepath.Join(t.TempDir(), "a")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		var last, total int64
		got, err := s.Stage(t.Context(), path, func(done, all int64) {
			if done <= last {
				t.Errorf("%d after %d", done, last)
			}
			last, total = done, all
		})
		if err != nil || got.SHA != sum(b) || got.Size != int64(n) || last != int64(n) || total != int64(n) {
			t.Fatalf("%d: %+v, %v, told %d of %d", n, got, err, last, total)
		}
		want := partsOf(b)
		again, err := s.Parts(got.SHA)
		if err != nil || len(got.Parts) != len(want) || len(again) != len(want) {
			t.Fatal(got.Parts, again, err)
		}
		for i := range want {
			if got.Parts[i] != want[i] || again[i] != want[i] {
				t.Errorf("%d: part %d", n, i)
			}
		}
	}
}

// F-05: a file that is written to while it is being attached is never sent torn, whatever the writer does; and nothing of it stays.
func TestF05_StageNoticesAWriter(t *testing.T) {
	old := noise(wire.PartSize, 1)
	longAgo := time.Now().Add(-time.Hour)
	for what, write := range map[string]func(t *testing.T, path string){
		"appends": func(t *testing.T, path string) {
			f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
			must(t, err)
			_, err = f.Write([]byte("x"))
			must(t, err)
			must(t, f.Close())
		},
		"shortens":   func(t *testing.T, path string) { must(t, os.Truncate(path, wire.PartSize-5)) },
		"overwrites": func(t *testing.T, path string) { must(t, os.WriteFile(path, noise(wire.PartSize, 2), 0o600)) },
		"overwrites and sets the time back": func(t *testing.T, path string) {
			was, err := os.Stat(path)
			must(t, err)
			must(t, os.WriteFile(path, noise(wire.PartSize, 2), 0o600))
			must(t, os.Chtimes(path, was.ModTime(), was.ModTime())) // as a file system with coarse times would
		},
		"replaces": func(t *testing.T, path string) {
			if runtime.GOOS == "windows" {
				t.Skip("an open file keeps its name there")
			}
			must(t, os.WriteFile(path+".new", noise(wire.PartSize, 2), 0o600))
			must(t, os.Chtimes(path+".new", longAgo, longAgo))
			must(t, os.Rename(path+".new", path))
		},
		"removes": func(t *testing.T, path string) {
			if runtime.GOOS == "windows" {
				t.Skip("an open file keeps its name there")
			}
			must(t, os.Remove(path))
		},
	} {
		t.Run(what, func(t *testing.T) {
			s := open(t)
			path := filepath.Join(t.TempDir(), "a")
			must(t, os.WriteFile(path, old, 0o600))
			if what != "overwrites and sets the time back" {
				must(t, os.Chtimes(path, longAgo, longAgo))
			}
			once := false
			_, err := s.Stage(t.Context(), path, func(done, _ int64) {
				if !once && done > wire.PartSize/2 {
					once = true
					write(t, path)
				}
			})
			var r *workroom.Refusal
			if !errors.As(err, &r) || r.Code != Changed || s.left(t) != 0 || s.Has(sum(old)) {
				t.Fatalf("%v, %d files left", err, s.left(t))
			}
		})
	}
	// One that rests since a moment ago is read twice, and taken.
	s := open(t)
	path := filepath.Join(t.TempDir(), "a")
	must(t, os.WriteFile(path, old, 0o600))
	if _, err := s.Stage(t.Context(), path, nil); err != nil {
		t.Fatal(err)
	}
}

// F-05: staging ends when the person calls it off.
func TestF05_StageIsCancelled(t *testing.T) {
	s := open(t)
	path := filepath.Join(t.TempDir(), "a")
	must(t, os.WriteFile(path, noise(wire.PartSize, 1), 0o600))
	ctx, cancel := context.WithCancel(t.Context())
	_, err := s.Stage(ctx, path, func(done, _ int64) { cancel() })
	if !errors.Is(err, context.Canceled) || s.left(t) != 0 {
		t.Fatal(err, s.left(t))
	}
}

// F-10: a file that is fetched goes on where it broke off, also after a restart, and each part is what its hash says.
func TestF10_Partial(t *testing.T) {
	s := open(t)
	b := noise(2*wire.PartSize+1000, 7)
	parts := partsOf(b)
	begin := func(want int64) *Partial {
		t.Helper()
		p, err := s.Partial("f1", int64(len(b)), parts)
		must(t, err)
		if p.Have() != want {
			t.Fatalf("goes on at %d, want %d", p.Have(), want)
		}
		return p
	}
	p := begin(0)
	_, err := p.Write(b[:wire.PartSize+500])
	must(t, err)
	must(t, p.Close())
	p = begin(wire.PartSize + 500)
	bad := bytes.Clone(b[wire.PartSize+500 : 2*wire.PartSize])
	bad[77]++
	if _, err := p.Write(bad); !errors.Is(err, ErrDamaged) || p.Have() != wire.PartSize {
		t.Fatalf("a damaged part: %v, have %d", err, p.Have())
	}
	if _, err := p.Keep(); err == nil {
		t.Fatal("kept half")
	}
	_, err = p.Write(b[wire.PartSize : 2*wire.PartSize+10])
	must(t, err)
	must(t, p.Close())
	// Somebody damaged what lay on the disk meanwhile: only what is good counts.
	list, err := filepath.Glob(filepath.Join(s.tmp(), "get-*"))
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	f, err := os.OpenFile(list[0], os.O_RDWR, 0)
	must(t, err)
	_, err = f.WriteAt([]byte("damage"), wire.PartSize+3)
	must(t, err)
	must(t, f.Close())
	p = begin(wire.PartSize)
	_, err = p.Write(b[wire.PartSize:])
	must(t, err)
	if _, err := p.Write([]byte("more")); err == nil {
		t.Error("took more than there is")
	}
	sha, err := p.Keep()
	if err != nil || sha != sum(b) || s.left(t) != 0 {
		t.Fatal(sha, err, s.left(t))
	}
	must(t, p.Close())
	got, err := os.ReadFile(s.Path(sha))
	if err != nil || !bytes.Equal(got, b) {
		t.Fatal("other bytes", err)
	}
	if _, err := s.Partial("f1", 10, parts); err == nil {
		t.Error("parts that do not fit")
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
