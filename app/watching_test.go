package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"trestle/internal/workroom"
)

// savedCopy is a file of a room that somebody saved on this computer.
func savedCopy(t *testing.T, c *Core, room, body string) (path string) {
	t.Helper()
	file := attached(t, c, room, "plan.txt", body)
	write(t, c, room, "the plan", file)
	arrived(t, c)
	path = filepath.Join(t.TempDir(), "plan.txt")
	rewrite(t, path, body)
	c.session.watching.follow(file, workroom.RoomID(room), workroom.FileRef{Name: "plan.txt"}, path, false)
	return path
}

// rewrite writes a file as editors do.
func rewrite(t *testing.T, path, body string) {
	t.Helper()
	if err := os.WriteFile(path+"~", []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+"~", path); err != nil {
		t.Fatal(err)
	}
}

func changedFiles(t *testing.T, c *Core) []ChangedFile {
	t.Helper()
	v, err := (&Watching{c}).Changed()
	if err != nil {
		t.Fatal(err)
	}
	return v.Files
}

// D-07: a copy that cannot be read when it settles, because the editor has it for itself, is offered as soon as it can be, without another change
// and without a restart.
func TestD07_UnreadableIsTriedAgain(t *testing.T) {
	t.Parallel()
	_, c, room := deskInRoom(t)
	path := savedCopy(t, c, room, "first")
	w, tried := c.session.watching, make(chan bool, 16)
	left := 3
	w.mu.Lock()
	w.hash = func(ctx context.Context, path string) (string, error) {
		tried <- true
		if left--; left > 0 {
			return "", &os.PathError{Op: "open", Path: path, Err: errors.New("the process cannot access the file because it is being used by another process")}
		}
		return hashOf(ctx, path)
	}
	w.mu.Unlock()
	rewrite(t, path, "second")
	<-tried
	if got := changedFiles(t, c); len(got) != 0 {
		t.Errorf("offered unread: %+v", got)
	}
	<-tried
	<-tried
	eventually(t, "it is offered", func() bool { return len(changedFiles(t, c)) == 1 })
}

// D-07: what was edited while the program was closed is offered at the next start.
func TestD07_EditedWhileTheProgramWasClosed(t *testing.T) {
	t.Parallel()
	_, c, room := deskInRoom(t)
	path, dirs := savedCopy(t, c, room, "first"), c.dirs
	c.Close()
	rewrite(t, path, "second")
	c = openDesk(t, dirs)
	eventually(t, "it is offered", func() bool { return len(changedFiles(t, c)) == 1 })
	if err := (&Watching{c}).SendVersion(SendVersionIn{ID: changedFiles(t, c)[0].ID}); err != nil {
		t.Fatal(err)
	}
	if got := changedFiles(t, c); len(got) != 0 {
		t.Errorf("sent, and still offered: %+v", got)
	}
}

// D-07: nothing is offered for an archived room until it is opened again, and what lies there of a room that was left is watched no more, also when
// that happened while the program was closed; the person's own file stays.
func TestD07_OfARoomThatIsClosedOrLeft(t *testing.T) {
	t.Parallel()
	h, mara, esme, _ := twoInRoom(t)
	room := sharedRoom(t, mara, esme)
	path := savedCopy(t, esme, room, "first")
	rewrite(t, path, "second")
	eventually(t, "it is offered", func() bool { return len(changedFiles(t, esme)) == 1 })
	id := changedFiles(t, esme)[0].ID
	archive := func(on bool) {
		t.Helper()
		if err := (&Rooms{mara}).Archive(ArchiveIn{Room: room, Archived: on}); err != nil {
			t.Fatal(err)
		}
	}
	archive(true)
	eventually(t, "it is not, while the room is archived", func() bool { return len(changedFiles(t, esme)) == 0 })
	if err := (&Watching{esme}).SendVersion(SendVersionIn{ID: id}); err == nil {
		t.Error("sent into an archived room")
	}
	dirs := esme.dirs
	esme.Close()
	esme = openDesk(t, dirs)
	if got := changedFiles(t, esme); len(got) != 0 {
		t.Errorf("after a restart: %+v", got)
	}
	archive(false)
	eventually(t, "it is again", func() bool { l := changedFiles(t, esme); return len(l) == 1 && l[0].ID == id })

	esme.Close()
	phone := h.deskOnBus(esme, "")
	if err := (&Rooms{phone}).Leave(RoomIn{room}); err != nil {
		t.Fatal(err)
	}
	arrived(t, phone)
	esme = openDesk(t, dirs)
	w := esme.session.watching
	eventually(t, "it is watched no more", func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return len(w.list.Copies) == 0
	})
	if err := (&Watching{esme}).SendVersion(SendVersionIn{ID: id}); AsFailure(err).Code != string(workroom.Gone) {
		t.Errorf("sent into a room that was left: %v", err)
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != "second" {
		t.Errorf("the file is %q, %v", b, err)
	}
}

// D-07: a copy that grew larger than anything that can be sent is offered without being read, refused with the limit, and no further question
// after a no.
func TestD07_ACopyOf2GiB(t *testing.T) {
	t.Parallel()
	_, c, room := deskInRoom(t)
	path := savedCopy(t, c, room, "first")
	w := c.session.watching
	w.mu.Lock()
	w.hash = func(context.Context, string) (string, error) { t.Error("it was read"); return "", errors.New("no") }
	w.mu.Unlock()
	if err := os.Truncate(path, 2<<30); err != nil {
		t.Skip(err) // a disk without holes in files
	}
	eventually(t, "it is offered", func() bool { return len(changedFiles(t, c)) == 1 })
	q := changedFiles(t, c)[0]
	if err := (&Watching{c}).SendVersion(SendVersionIn{ID: q.ID}); AsFailure(err).Code != string(workroom.TooLarge) {
		t.Errorf("sent: %v", err)
	}
	if err := (&Watching{c}).NotNow(IDIn{q.ID}); err != nil {
		t.Fatal(err)
	}
	dirs := c.dirs
	c.Close()
	c = openDesk(t, dirs)
	if got := changedFiles(t, c); len(got) != 0 {
		t.Errorf("asked again: %+v", got)
	}
}

// The end of the program waits for no large file to be read.
func TestD07_ReadingEndsWithTheProgram(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("body"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer stop()
	if sha, err := hashOf(ctx, path); !errors.Is(err, context.DeadlineExceeded) || sha != "" {
		t.Errorf("%q, %v", sha, err)
	}
}
