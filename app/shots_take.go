package app

import (
	"context"
	"crypto/rand"
	"errors"
	"image"
	"io"
	"log/slog"
	"math/big"
	"time"

	"trestle/internal/annotate"
	"trestle/internal/screen"
	"trestle/internal/tracker"
	"trestle/internal/workroom"
)

// drawn is a number of [0, n), each as likely as the other, from a source that nobody can foresee.
func drawn(source io.Reader, n int64) int64 {
	v, err := rand.Int(source, big.NewInt(n))
	if err != nil { // crypto/rand's own never fails
		return 0
	}
	return v.Int64()
}

// take takes a picture now, beside the machine's goroutine, unless its segment has one from before the program was started. Whatever fails, the
// time stays and the reason is kept.
func (h *shots) take(e tracker.TakeShot) {
	if h.has(e) {
		return
	}
	of := takenFor{e.Slice, e.Cell}
	h.mu.Lock()
	h.taking[of] = nil
	h.mu.Unlock()
	h.running.Go(func() {
		one := &heldShot{ID: newID(), Week: "", Shot: workroom.Shot{Slice: e.Slice, Contract: e.Contract, Device: h.t.s.replica.Device(), Cell: e.Cell, At: e.At}}
		list, err := h.picture(e.Policy, one)
		if err != nil {
			slog.Warn("no screenshot", "error", traceOf(err))
			one.Shot.Reason = shotReason(err)
		}
		if h.ctx.Err() == nil {
			_ = h.t.do(h.ctx, func() { h.hold(one, list) })
		}
		h.mu.Lock()
		delete(h.taking, of)
		h.mu.Unlock()
	})
}

// has reports whether the segment has a picture of this device already, here or in the diary: the first stays.
func (h *shots) has(e tracker.TakeShot) bool {
	h.mu.Lock()
	for _, one := range h.list {
		if one.Shot.Cell == e.Cell && one.Shot.Reason == "" {
			h.mu.Unlock()
			return true
		}
	}
	h.mu.Unlock()
	device := h.t.s.replica.Device()
	ref := workroom.Ref{Scope: workroom.DiaryScope(e.Contract, workroom.WeekOf(time.Unix(e.At, 0)).String()), Kind: workroom.KindShot, ID: workroom.CellID(device, e.Cell)}
	row, known, err := h.t.s.replica.Thing(h.ctx, ref)
	if err != nil || known != workroom.Held {
		return false
	}
	shot, ok := row.Thing.(*workroom.Shot)
	return ok && shot.Reason == ""
}

// picture grabs all displays at one moment and makes what the policy allows, one JPEG a display: a blurred contract never gets more than
// the seed of them all.
func (h *shots) picture(policy workroom.ShotPolicy, one *heldShot) ([][]byte, error) {
	ctx, cancel := context.WithTimeout(h.ctx, 20*time.Second)
	defer cancel()
	prefs := h.t.s.core.trackerPrefs()
	list, err := grabDisplays(ctx, prefs.Main)
	if err != nil {
		return nil, err
	}
	one.Shot.Displays = len(list)
	seed, err := annotate.Seed(joinShots(list))
	if err != nil {
		return nil, err
	}
	if policy == workroom.ShotsBlurred || prefs.Blur {
		one.Shot.Seed = seed
		return nil, nil
	}
	one.Seed = seed
	var out [][]byte
	for i, s := range list {
		jpg, size, err := annotate.Diary(s.Image, displaysIn(s))
		if err != nil {
			return nil, err
		}
		if i == 0 {
			one.Shot.W, one.Shot.H = size.X, size.Y
		} else {
			one.More = append(one.More, heldPicture{newID(), size.X, size.Y})
		}
		out = append(out, jpg)
	}
	return out, nil
}

// displaysIn guesses how many displays a picture shows, so that what is on them can be read: one, but where a system gives one picture of the
// whole desktop as many as fit beside each other in it, of 16 to 9.
func displaysIn(s screen.Shot) int {
	if s.ID != screen.WholeDesktop {
		return 1
	}
	return across(s.Image.Rect.Size())
}

func across(size image.Point) int {
	if size.Y < 1 {
		return 1
	}
	return max(1, (size.X*9+size.Y*8)/(size.Y*16))
}

func shotReason(err error) workroom.ShotReason {
	switch {
	case errors.Is(err, screen.ErrLocked):
		return workroom.ShotLocked
	case errors.Is(err, screen.ErrDenied), errors.Is(err, screen.ErrCancelled):
		return workroom.ShotDenied
	}
	return workroom.ShotFailed
}

// hold shows the pictures and begins their ten seconds. Runs on the tracking goroutine.
func (h *shots) hold(one *heldShot, list [][]byte) {
	one.Week = workroom.WeekOf(time.Unix(one.Shot.At, 0)).String()
	if s := h.t.open; s != nil && s.ID == one.Shot.Slice {
		one.Week = workroom.WeekOf(time.Unix(s.Start, 0)).String()
	}
	wait := h.delay()
	one.Leaves = time.Now().Add(wait).UnixMilli()
	h.mu.Lock()
	keep := h.taking[one.takenFor()]
	h.mu.Unlock()
	if keep != nil && !*keep {
		return // nobody was there: not a byte is kept
	}
	one.Kept = keep != nil
	one.Full = len(list) > 0
	if err := h.store(one, list); err != nil { // the disk is full; that there is none is known while the program runs, and sent
		h.wipe(one)
		one.Full, one.More, one.Seed, one.Shot.Seed, one.Shot.W, one.Shot.H, one.Shot.Reason = false, nil, nil, nil, 0, 0, workroom.ShotFailed
		_ = h.write(one)
	}
	h.mu.Lock()
	h.list[one.ID] = one
	h.mu.Unlock()
	h.leaveLater(one)
	if one.Shot.Reason == "" {
		h.t.s.core.tell("Screenshot taken for "+h.t.s.title(one.Shot.Contract), "It leaves this computer in "+roughly(wait)+" unless you delete it.", "tracker")
	}
	h.t.s.core.trackerChanged()
}

// store writes the pictures, and then the note that makes them a shot: what ends the program between leaves pictures of nobody (sweep).
func (h *shots) store(one *heldShot, list [][]byte) error {
	for i, id := range one.pictures() {
		if err := writeWhole(h.picturePath(id), list[i], 0o600); err != nil {
			slog.Error("keep a screenshot", "error", traceOf(err))
			return err
		}
	}
	return h.write(one)
}
