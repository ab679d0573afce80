package blob

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"trestle/internal/wire"
)

// TestPut: bytes are kept once under their hash, for the owner alone, and survive the original.
func TestPut(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	from := filepath.Join(t.TempDir(), "a.bin")
	if err := os.WriteFile(from, []byte("hello"), 0o644); err != nil {
		t.Fatal(err)
	}
	sha, size, err := s.PutFile(from)
	if err != nil || size != 5 || sha != "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824" {
		t.Fatalf("%s %d %v", sha, size, err)
	}
	os.Remove(from)
	again, _, err := s.Put(bytes.NewReader([]byte("hello")))
	if err != nil || again != sha {
		t.Errorf("the same bytes: %s %v", again, err)
	}
	f, err := s.Open(sha)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := io.ReadAll(f)
	f.Close()
	if string(b) != "hello" {
		t.Errorf("read %q", b)
	}
	if info, _ := os.Stat(s.Path(sha)); runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	if left, _ := os.ReadDir(s.tmp()); len(left) != 0 {
		t.Errorf("%d files left in tmp", len(left))
	}
	if err := s.Remove(sha); err != nil || s.Has(sha) {
		t.Errorf("remove: %v", err)
	}
	if err := s.Remove(sha); err != nil {
		t.Errorf("remove twice: %v", err)
	}
	for _, bad := range []string{sha, "../../etc/passwd", "", "ZZ"} {
		if _, err := s.Open(bad); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("open %q: %v", bad, err)
		}
	}
}

func TestParts(t *testing.T) {
	s, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for size, want := range map[int]int{0: 0, 1: 1, wire.PartSize: 1, wire.PartSize + 1: 2} {
		sha, _, err := s.Put(bytes.NewReader(make([]byte, size)))
		if err != nil {
			t.Fatal(err)
		}
		p, err := s.Parts(sha)
		if err != nil || len(p) != want {
			t.Errorf("%d bytes: %d parts, %v", size, len(p), err)
		}
		if want == 1 && p[0] != sha {
			t.Errorf("a single part has another hash than the whole")
		}
	}
}

// A source that breaks leaves nothing behind.
func TestPut_BrokenSource(t *testing.T) {
	s, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Put(io.MultiReader(bytes.NewReader([]byte("x")), broken{})); err == nil {
		t.Fatal("no error")
	}
	if left, _ := os.ReadDir(s.tmp()); len(left) != 0 {
		t.Errorf("%d files left in tmp", len(left))
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("broken") }
