package courier

import (
	"bytes"
	"errors"
	"io"
	"math/rand"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

func unix(s int64) time.Time { return time.Unix(s, 0) }

func (d *device) attach(room workroom.RoomID, name string, content []byte) (string, replica.Upload) {
	d.t.Helper()
	sha, size, err := d.blobs.Put(bytes.NewReader(content))
	must(d.t, err)
	parts, err := d.blobs.Parts(sha)
	must(d.t, err)
	f := workroom.FileRef{ID: workroom.FileID(newID()), Name: name, Size: size, Type: "application/octet-stream"}
	up := replica.Upload{ID: f.ID, Scope: workroom.RoomScope(room), Name: name, Size: size, Type: f.Type, SHA: sha, Parts: parts}
	id := d.do(workroom.SendMessage{Room: room, Text: name, Files: []workroom.FileRef{f}}, replica.EnqueueOpts{Uploads: []replica.Upload{up}})
	return id, up
}

// A file written offline goes up in parts, through cuts and a restart, before its message; the other device fetches the same bytes.
func TestF05_UploadResumesThenMessage(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	_, room, _ := a.contract(true)
	a.sync()
	a.way.down.Store(true)
	content := make([]byte, 2*wire.PartSize+12345)
	rand.New(rand.NewSource(1)).Read(content)
	_, up := a.attach(room, "big.bin", content)
	a.say(room, "after")
	a.shows(room, "big.bin", "after")
	a.restart()
	var puts, dropped atomic.Int64
	a.way.answer(func(r *http.Request, do next) (*http.Response, error) {
		if r.Method == http.MethodPut {
			if n := puts.Add(1); n == 2 { // the second part is lost after it arrived
				if res, err := do(r); err == nil {
					res.Body.Close()
				}
				dropped.Add(1)
				return nil, errors.New("answer lost")
			}
		}
		return do(r)
	})
	a.way.down.Store(false)
	a.sync()
	if dropped.Load() != 1 || puts.Load() > 5 {
		t.Errorf("%d parts put, %d answers lost: resume should send only what is missing", puts.Load(), dropped.Load())
	}
	a.shows(room, "big.bin", "after")
	b := a.second()
	b.sync()
	b.shows(room, "big.bin", "after")
	sha, err := b.c.Fetch(bg, workroom.RoomScope(room), up.ID, 0)
	must(t, err)
	if sha != up.SHA {
		t.Errorf("fetched bytes differ")
	}
	f, err := b.blobs.Open(sha)
	must(t, err)
	defer f.Close()
	if got, _ := io.ReadAll(f); !bytes.Equal(got, content) {
		t.Errorf("fetched %d bytes, want %d", len(got), len(content))
	}
	b.way.down.Store(true)
	if again, err := b.c.Fetch(bg, workroom.RoomScope(room), up.ID, 0); err != nil || again != sha {
		t.Errorf("a fetched file is not read offline: %v", err)
	}
}

// Bytes that vanished cannot be sent: the upload is refused in words, the message holds, and goes without the file after an edit.
func TestF05_VanishedBytes(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	_, room, _ := a.contract(true)
	a.sync()
	a.way.down.Store(true)
	id, up := a.attach(room, "gone.txt", []byte("x"))
	must(t, a.blobs.Remove(up.SHA))
	a.way.down.Store(false)
	a.say(room, "later")
	a.sync()
	list, err := a.rep.NotSent(bg)
	must(t, err)
	if len(list) != 2 || list[0].Code != workroom.Gone || !strings.Contains(list[0].Text, "Attach it again") || list[1].ID != id || list[1].Code != workroom.DepFailed {
		t.Fatalf("Not sent: %+v", list)
	}
	a.shows(room, "later") // held behind it
	_, err = a.rep.EditArgs(bg, id, workroom.SendMessage{Room: room, Text: "without"}, nil)
	must(t, err)
	must(t, a.rep.Discard(bg, list[0].ID))
	a.sync()
	a.shows(room, "without", "later")
}

// A file for a room that was created offline waits until the room exists.
func TestF05_UploadIntoRoomCreatedOffline(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	a.sync()
	a.way.down.Store(true)
	_, room, _ := a.contract(true)
	a.attach(room, "first.txt", []byte("hello"))
	a.way.down.Store(false)
	a.sync()
	if list, _ := a.rep.NotSent(bg); len(list) != 0 {
		t.Fatalf("Not sent: %+v", list)
	}
	a.shows(room, "first.txt")
	a.checkI3()
}

// Older history comes on demand, without a gap.
func TestI13_OlderHistory(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	_, room, _ := a.contract(true)
	var want []string
	for i := range 130 {
		s := strings.Repeat("x", i%7) + string(rune('a'+i%26))
		want = append(want, s)
		a.say(room, s)
	}
	a.sync()
	b := a.second()
	b.sync()
	b.shows(room, want[80:]...)
	for more := true; more; {
		var err error
		more, err = b.c.Older(bg, workroom.RoomScope(room))
		must(t, err)
	}
	b.shows(room, want...)
	b.checkI3()
	win, err := b.rep.Window(bg, workroom.RoomScope(room), workroom.KindMessage, 0, 50)
	must(t, err)
	if win.Older || !win.More || len(win.Rows) != 50 {
		t.Errorf("window: older %v more %v rows %d", win.Older, win.More, len(win.Rows))
	}
}
