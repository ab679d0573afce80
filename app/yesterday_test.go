package app

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// unpack lays a fixture's folders out in a folder: those of a desktop and a service as the program of commit cfeca9c left them, the desktop's
// with two messages and a file that had not been sent when it was killed.
func unpack(t *testing.T, fixture, to string) {
	t.Helper()
	f, err := os.Open(fixture)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(to, filepath.FromSlash(h.Name))
		if h.Typeflag == tar.TypeDir {
			err = os.MkdirAll(path, 0o700)
		} else {
			var b []byte
			if b, err = io.ReadAll(r); err == nil {
				err = os.WriteFile(path, b, 0o600)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestI21_YesterdaysFolder: the data folder of an earlier program opens in this one with everything it held and all that waited; together with
// the folder of its service, served by this program, what waited goes out once.
func TestI21_YesterdaysFolder(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	unpack(t, filepath.Join("testdata", "yesterday.tgz"), root)
	dirs := testDirs(t)
	if err := os.Remove(dirs.Data); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(root, "Esme"), dirs.Data); err != nil {
		t.Fatal(err)
	}
	c := openDesk(t, dirs)
	l, err := (&Rooms{c}).List()
	if err != nil || len(l.Rooms) != 2 {
		t.Fatalf("%+v %v", l, err)
	}
	room, own := "", ""
	for _, r := range l.Rooms {
		if r.Name == "Harbour Map" {
			room = r.ID
		} else {
			own = r.ID
		}
	}
	said := "Mara: A café on the **quay**?\nEsme: The tides, as asked\nEsme: Written offline, one"
	if got := told(t, c, room); !strings.HasPrefix(got, said) || !strings.Contains(got, "Written offline, two") {
		t.Errorf("the room:\n%s", got)
	}
	same(t, "the other room", told(t, c, own), "Esme: Otters sleep until nine")
	if v := notSentOf(t, c); len(v.Rows) != 0 || !strings.Contains(listed(v.Waiting), "Written offline, one") || !strings.Contains(listed(v.Waiting), "Written offline, two") {
		t.Errorf("%+v", v)
	}
	eventually(t, "what is here is found", func() bool {
		f, err := (&Search{c}).Find(FindIn{Text: "cafe"})
		return err == nil && len(f.Hits) == 1
	})
	files, err := (&Rooms{c}).Files(FilesIn{Room: room})
	if err != nil || len(files.Files) != 2 {
		t.Errorf("%+v %v", files, err)
	}
	if v := status(t, c); v.State != "stopped" {
		t.Errorf("%+v", v)
	}
	c.Close()

	h := openHouse(t)
	h.stop()
	h.dir, h.now = filepath.Join(root, "service"), func() time.Time { return time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC) }
	h.again()
	state := filepath.Join(dirs.Data, "desktop.json")
	b, err := os.ReadFile(state)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(state, []byte(strings.Replace(string(b), "http://127.0.0.1:39871", h.url, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	c = openDesk(t, dirs)
	arrived(t, c)
	mara := h.witness("Mara")
	eventually(t, "all of it is there", func() bool { return strings.HasSuffix(told(t, mara, room), "two") })
	same(t, "at the other side", told(t, mara, room), said+"\nEsme: Written offline, two")
	if files, err = (&Rooms{mara}).Files(FilesIn{Room: room}); err != nil || len(files.Files) != 2 || files.Files[0].Name != "boats.txt" {
		t.Errorf("%+v %v", files, err)
	}
}
