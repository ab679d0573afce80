package app

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"trestle/internal/replica"
	"trestle/internal/tracker"
	"trestle/internal/workroom"
)

// shotsOf are the held screenshots of a desktop that tracks nothing, on a segment of long ago.
func shotsOf(t *testing.T) (*Core, *shots, func(slice string) *heldShot) {
	t.Helper()
	c := openHouse(t).desk("Esme")
	h := c.session.track.shots
	at := time.Now().Unix()
	return c, h, func(slice string) *heldShot {
		return &heldShot{ID: newID(), Seed: []byte{1}, Shot: workroom.Shot{Slice: slice, Contract: "k", Device: c.session.replica.Device(), Cell: at / 600, At: at, W: 1, H: 1}}
	}
}

// on runs something where the pictures are decided about.
func on(t *testing.T, h *shots, fn func()) {
	t.Helper()
	if err := h.t.do(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func there(h *shots, one *heldShot) (held, note, picture bool) {
	_, err := h.find(one.ID)
	_, noNote := os.Stat(h.notePath(one.ID))
	_, noPicture := os.Stat(h.picturePath(one.ID))
	return err == nil, noNote == nil, noPicture == nil
}

// T-07: what is decided about one picture of a segment touches no other: neither one of before in the same segment, nor one that is taken for the
// next slice while the decision about the last is still waited for.
func TestT07_ADecisionIsAboutOnePicture(t *testing.T) {
	t.Parallel()
	_, h, shot := shotsOf(t)
	first, second, slow := shot(newID()), shot(newID()), shot(newID())
	on(t, h, func() {
		h.hold(first, [][]byte{[]byte("first")})
		h.decide(first.takenFor(), true)
		h.taking[second.takenFor()], h.taking[slow.takenFor()] = nil, nil
		h.decide(slow.takenFor(), false) // its picture is not done
		h.hold(second, [][]byte{[]byte("second")})
		h.hold(slow, [][]byte{[]byte("slow")})
	})
	if held, _, _ := there(h, second); !held {
		t.Fatal("a picture went because of what was decided about another")
	}
	if held, note, picture := there(h, slow); held || note || picture {
		t.Error("a picture nobody was there for is kept")
	}
	on(t, h, func() { h.decide(second.takenFor(), false) })
	if held, note, picture := there(h, first); !held || !note || !picture {
		t.Error("a kept picture vanished")
	}
	if held, note, picture := there(h, second); held || note || picture {
		t.Error("a dropped picture is there")
	}
	on(t, h, func() { h.decide(takenFor{"never taken", first.Shot.Cell}, false) })
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.list) != 1 {
		t.Errorf("%d held", len(h.list))
	}
}

// T-07: a program that was started again takes no second picture of a segment that has one.
func TestT07_OnePictureASegmentAfterARestart(t *testing.T) {
	t.Parallel()
	_, h, shot := shotsOf(t)
	first := shot(newID())
	first.Kept = true
	on(t, h, func() { h.hold(first, [][]byte{[]byte("first")}) })
	for cell, want := range map[int64]bool{first.Shot.Cell: true, first.Shot.Cell + 1: false} {
		if got := h.has(tracker.TakeShot{Slice: newID(), Contract: "k", Cell: cell, At: cell * 600}); got != want {
			t.Errorf("cell %d: %v", cell, got)
		}
	}
}

// T-07: a disk that takes no picture leaves the reason and no byte; one that takes no note leaves no picture that the next start would throw away
// unsaid; and a blur that cannot be written says so and leaves the picture as it was.
func TestT07_TheDiskIsFullWhileAPictureIsTaken(t *testing.T) {
	t.Parallel()
	_, h, shot := shotsOf(t)
	dir, away := h.dir, h.dir+".away"
	full, blurred := shot(newID()), shot(newID())
	on(t, h, func() {
		h.hold(blurred, [][]byte{[]byte("blurred")})
		if err := os.Rename(dir, away); err != nil {
			t.Error(err)
		}
		h.hold(full, [][]byte{[]byte("full")})
	})
	if err := h.blur(blurred.ID); err == nil || !blurred.Full || len(blurred.Shot.Seed) > 0 {
		t.Errorf("blurred without a disk: %v %+v", err, blurred)
	}
	if err := os.Rename(away, dir); err != nil {
		t.Fatal(err)
	}
	one, err := h.find(full.ID)
	if err != nil || one.Full || one.Shot.Reason != workroom.ShotFailed || one.Shot.W != 0 || len(one.Shot.Seed) > 0 {
		t.Errorf("%+v %v", one, err)
	}
	c := workroom.AddShot{Week: workroom.WeekOf(time.Unix(one.Shot.At, 0)).String(), Shot: one.Shot, Who: "me"}
	if r := c.Check(); r != nil {
		t.Errorf("it could not be sent: %v", r)
	}
	if err := h.blur(blurred.ID); err != nil || blurred.Full {
		t.Errorf("with a disk: %v", err)
	}
}

// T-07: no note without its pictures: one that a power cut or a hand took is sent as a reason.
func TestT07_ANoteWithoutItsPictureIsAReason(t *testing.T) {
	t.Parallel()
	c, h, shot := shotsOf(t)
	lost, empty, well := shot(newID()), shot(newID()), shot(newID())
	lost.Kept, empty.Kept, well.Kept = true, true, true
	on(t, h, func() {
		for _, one := range []*heldShot{lost, empty, well} {
			h.hold(one, [][]byte{[]byte("picture")})
		}
	})
	s, dir := c.session, h.dir
	c.Close()
	if err := os.Remove(h.picturePath(lost.ID)); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(h.picturePath(empty.ID), 0); err != nil {
		t.Fatal(err)
	}
	again := openShots(&tracking{s: s}, dir)
	defer again.close()
	for one, want := range map[*heldShot]workroom.ShotReason{lost: workroom.ShotFailed, empty: workroom.ShotFailed, well: ""} {
		got, err := again.find(one.ID)
		if err != nil || got.Shot.Reason != want || got.Full != (want == "") {
			t.Errorf("%+v %v, want %q", got, err, want)
		}
	}
}

// T-07: a program that ends between the bytes and the command leaves no bytes of a picture: deleted afterwards it is nowhere.
func TestT07_KilledBetweenTheBytesAndTheCommand(t *testing.T) {
	t.Parallel()
	c := openHouse(t).desk("Esme")
	id := own(t, c, "full")
	s := c.session
	picture := filepath.Join(t.TempDir(), "screenshot.jpg")
	body := []byte("\xff\xd8\xff a picture of nobody, long enough to be found among the others")
	if err := os.WriteFile(picture, body, 0o600); err != nil {
		t.Fatal(err)
	}
	week := workroom.WeekOf(time.Now()).String()
	scope := workroom.DiaryScope(workroom.ContractID(id), week)
	if _, err := s.stagePath(newID(), picture, "screenshot.jpg", scope); err != nil { // and here it is killed
		t.Fatal(err)
	}
	if len(blobsWith(t, s.dir, body)) == 0 {
		t.Fatal("it was never there: this shows nothing")
	}
	on(t, s.track.shots, s.track.shots.settle)
	if found := blobsWith(t, s.dir, body); len(found) != 0 {
		t.Errorf("it is in %q", found)
	}
	// What waits to be sent stays.
	at := time.Now().Unix()
	slice := workroom.Slice{ID: newID(), Rev: 1, Freelancer: workroom.AccountID(s.st.Account), Contract: workroom.ContractID(id), Device: s.replica.Device(), Boot: "b",
		Start: at - 60, End: at, Memo: "work", Kind: workroom.Tracked, Close: workroom.CloseStop}
	if _, err := s.enqueue(workroom.ReportSlice{Week: workroom.WeekOf(time.Unix(slice.Start, 0)).String(), Slice: slice}, enqueueOpts{}); err != nil {
		t.Fatal(err)
	}
	up, err := s.stagePath(newID(), picture, "screenshot.jpg", scope)
	if err != nil {
		t.Fatal(err)
	}
	shot := workroom.Shot{Slice: slice.ID, Contract: slice.Contract, Device: slice.Device, Cell: (at - 30) / 600, At: at - 30, File: up.ID, W: 1, H: 1, Displays: 1}
	if _, err := s.enqueue(workroom.AddShot{Week: workroom.WeekOf(time.Unix(slice.Start, 0)).String(), Shot: shot, Who: slice.Freelancer}, enqueueOpts{Uploads: []replica.Upload{up}}); err != nil {
		t.Fatal(err)
	}
	if err := s.replica.ForgetStrays(context.Background()); err != nil {
		t.Fatal(err)
	}
	arrived(t, c)
	if err := s.replica.ForgetStrays(context.Background()); err != nil {
		t.Fatal(err)
	}
	if len(blobsWith(t, s.dir, body)) == 0 {
		t.Error("a picture that the diary names went")
	}
}

// blobsWith lists the files under a folder that hold some bytes.
func blobsWith(t *testing.T, dir string, body []byte) (found []string) {
	t.Helper()
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return nil
		}
		if b, err := os.ReadFile(path); err == nil && string(b) == string(body) {
			found = append(found, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
