package app

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"trestle/internal/workroom"
)

// D-08: thousands of files that settle at the same moment are taken in one after the other, in the order of their names; what no draft can hold
// is neither read nor copied, and told in a few sentences. A restart does not bring it again.
func TestD08_ManyFilesAtOnce(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	_, c, room := deskInRoom(t)
	v, err := (&Watching{c}).Folders()
	if err != nil {
		t.Fatal(err)
	}
	contract, dir := v.Folders[0].Contract, v.Folders[0].Makes
	if err := (&Watching{c}).Make(IDIn{ID: contract}); err != nil {
		t.Fatal(err)
	}
	const many = 3000
	for i := range many {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("f%04d.txt", i)), fmt.Appendf(nil, "file %d", i), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w := c.session.watching
	eventually(t, "all are known", func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return len(w.drop(contract).Known) == many
	})
	drafted := func() []FileRow {
		v, err := (&Rooms{c}).Open(OpenIn{Room: room})
		if err != nil {
			t.Fatal(err)
		}
		return v.Draft.Files
	}
	if list := drafted(); len(list) != workroom.MaxFiles {
		t.Errorf("the draft has %d files", len(list))
	}
	blobs := 0
	if err := filepath.WalkDir(c.session.dir, func(path string, d os.DirEntry, err error) error {
		if info, e := d.Info(); err == nil && e == nil && d.Type().IsRegular() && len(d.Name()) == 64 && info.Size() < 10 {
			blobs++
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if blobs != workroom.MaxFiles {
		t.Errorf("%d files were copied, %d are attached", blobs, workroom.MaxFiles)
	}
	dirs := c.dirs
	c.Close()
	c = openDesk(t, dirs)
	if list := drafted(); len(list) != workroom.MaxFiles {
		t.Errorf("after a restart the draft has %d files", len(list))
	}
}

// D-08: another name of the program's own folder, or of another contract's, is not taken either.
func TestD08_AnotherNameOfAFolder(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("making links needs a right there")
	}
	t.Setenv("HOME", t.TempDir())
	_, c, _ := deskInRoom(t)
	v, err := (&Watching{c}).Folders()
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(c.dirs.Data, link); err != nil {
		t.Fatal(err)
	}
	loop := filepath.Join(t.TempDir(), "loop")
	if err := os.Symlink(loop, loop); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{link, filepath.Dir(c.dirs.Data), loop} {
		if err := c.session.watching.begin(v.Folders[0].Contract, path); AsFailure(err).Code != string(CodeNoFolder) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// D-08: a file that cannot be read when it settles is taken as soon as it can be; one that stays so is named once, after a few looks.
func TestD08_UnreadableIsTriedAgain(t *testing.T) {
	t.Parallel()
	if os.Geteuid() <= 0 {
		t.Skip("root reads every file, and Windows has no such rights")
	}
	_, c, room := deskInRoom(t)
	dir := t.TempDir()
	v, err := (&Watching{c}).Folders()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.session.watching.begin(v.Folders[0].Contract, dir); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"later.txt", "never.txt"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0); err != nil {
			t.Fatal(err)
		}
	}
	w := c.session.watching
	tries := func(name string) int {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.tries[dropKey+v.Folders[0].Contract+"\n"+name]
	}
	eventually(t, "it was tried", func() bool { return tries("later.txt") > 0 })
	if err := os.Chmod(filepath.Join(dir, "later.txt"), 0o600); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it is in the draft, and the other is given up", func() bool {
		v, err := (&Rooms{c}).Open(OpenIn{Room: room})
		return err == nil && namesOf(v.Draft.Files) == "later.txt" && tries("never.txt") == mostTries
	})
}
