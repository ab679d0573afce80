package courier

import (
	"bytes"
	"errors"
	"io"
	"math/rand"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

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
	var puts, bytesPut, dropped atomic.Int64
	a.way.answer(func(r *http.Request, do next) (*http.Response, error) {
		if r.Method == http.MethodPut {
			bytesPut.Add(r.ContentLength)
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
	if dropped.Load() != 1 || bytesPut.Load() > int64(len(content)) {
		t.Errorf("%d bytes put in %d requests, %d answers lost: resume should send only what is missing", bytesPut.Load(), puts.Load(), dropped.Load())
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

// F-05: a copy that somebody wrote over is never sent torn: the service finds it out, and the person is told.
func TestF05_ChangedBytes(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	_, room, _ := a.contract(true)
	a.sync()
	a.way.down.Store(true)
	content := make([]byte, wire.PartSize+9)
	_, up := a.attach(room, "changed.bin", content)
	content[wire.PartSize+3] = 1
	must(t, os.WriteFile(a.blobs.Path(up.SHA), content, 0o600))
	a.way.down.Store(false)
	a.sync()
	list, err := a.rep.NotSent(bg)
	must(t, err)
	if len(list) != 2 || list[0].Code != workroom.Gone || !strings.Contains(list[0].Text, "changed") || list[1].Code != workroom.DepFailed {
		t.Fatalf("Not sent: %+v", list)
	}
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

// F-05: an upload is called off while it runs: it ends at once, its message is held, nothing of it stays here.
func TestF05_UploadIsStopped(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	_, room, _ := a.contract(true)
	a.sync()
	begun, ended := make(chan struct{}, 9), make(chan struct{}, 9)
	a.way.answer(func(r *http.Request, do next) (*http.Response, error) {
		if r.Method == http.MethodPut {
			begun <- struct{}{}
			<-r.Context().Done() // bytes that stand still
			ended <- struct{}{}
			return nil, r.Context().Err()
		}
		return do(r)
	})
	id, up := a.attach(room, "a.bin", []byte("some bytes"))
	<-begun
	if err := a.c.StopUpload(bg, string(up.ID)); err != nil {
		t.Fatal(err)
	}
	<-ended
	a.say(room, "after")
	a.sync()
	list, err := a.rep.NotSent(bg)
	must(t, err)
	if len(list) != 1 || list[0].ID != id || list[0].Code != workroom.DepFailed || a.blobs.Has(up.SHA) {
		t.Fatalf("Not sent: %+v", list)
	}
	if s := a.c.Status(); s.Phase != Online {
		t.Errorf("calling off is no trouble of the network: %+v", s)
	}
}
