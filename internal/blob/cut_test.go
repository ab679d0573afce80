package blob

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// disk is what a power cut would leave of a folder: the bytes of files as they were when they were synced, under the names their folders had
// when those were.
type disk struct {
	files   []onDisk
	folders map[string][]os.DirEntry
}

type onDisk struct {
	is   os.FileInfo
	text []byte
}

func (d *disk) sync(f *os.File) error {
	is, err := f.Stat()
	if err != nil {
		return err
	}
	if is.IsDir() {
		d.folders[f.Name()], err = os.ReadDir(f.Name())
		return err
	}
	text, err := os.ReadFile(f.Name())
	d.files = append(d.files, onDisk{is, text})
	return err
}

// read is a file after the cut; root itself is there.
func (d *disk) read(t *testing.T, root, path string) ([]byte, bool) {
	t.Helper()
	for at := path; at != root; at = filepath.Dir(at) {
		if !slices.ContainsFunc(d.folders[filepath.Dir(at)], func(e os.DirEntry) bool { return e.Name() == filepath.Base(at) }) {
			return nil, false
		}
	}
	is, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range slices.Backward(d.files) {
		if os.SameFile(f.is, is) {
			return f.text, true
		}
	}
	return nil, false
}

// T6 of the bytes: what Put has stored outlives a power cut, the folder it made for it too. Without the sync of files, or of folders, it must
// not: then this test would see nothing.
func TestPowerCut(t *testing.T) {
	defer func(was func(*os.File) error) { toDisk = was }(toDisk)
	const cuts = 100
	for _, c := range []struct {
		name           string
		files, folders bool
	}{{"as it is", true, true}, {"control without files", false, true}, {"control without folders", true, false}} {
		t.Run(c.name, func(t *testing.T) {
			d := &disk{folders: map[string][]os.DirEntry{}}
			toDisk = func(f *os.File) error {
				if is, err := f.Stat(); err != nil || is.IsDir() && !c.folders || !is.IsDir() && !c.files {
					return err
				}
				return d.sync(f)
			}
			root := filepath.Join(t.TempDir(), "blobs")
			s, err := Open(root)
			if err != nil {
				t.Fatal(err)
			}
			lost := 0
			for i := range cuts {
				text := fmt.Appendf(noise(1000+i, uint32(i)), "%d", i)
				sha, _, err := s.Put(bytes.NewReader(text))
				if err != nil {
					t.Fatal(err)
				}
				if have, ok := d.read(t, root, s.Path(sha)); !ok || !bytes.Equal(have, text) {
					lost++
				}
			}
			t.Logf("%d of %d lost", lost, cuts)
			if whole := c.files && c.folders; whole && lost > 0 || !whole && lost != cuts {
				t.Errorf("%d of %d lost", lost, cuts)
			}
		})
	}
}
