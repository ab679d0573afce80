package app

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sort"
	"time"

	"trestle/internal/tracker"
	"trestle/internal/workroom"
)

// leaveLater lets a shot leave when its time is up.
func (h *shots) leaveLater(one *heldShot) {
	h.running.Go(func() {
		select {
		case <-h.ctx.Done():
		case <-time.After(time.Until(time.UnixMilli(one.Leaves))):
			_ = h.t.do(h.ctx, h.leave)
		}
	})
}

// reported lets the pictures of a slice leave that were only waiting for it.
func (h *shots) reported(string) { h.leave() }

// leave puts every picture into the outbox whose time is up and whose slice was reported. Runs on the tracking goroutine.
func (h *shots) leave() {
	now := time.Now().UnixMilli()
	h.mu.Lock()
	var ready []*heldShot
	for _, one := range h.list {
		if one.Kept && one.Leaves <= now && h.t.wasReported(one.Shot.Slice) {
			ready = append(ready, one)
		}
	}
	h.mu.Unlock()
	sort.Slice(ready, func(i, j int) bool { return ready[i].Shot.At < ready[j].Shot.At })
	for _, one := range ready {
		if err := h.send(one); err != nil {
			slog.Error("a screenshot was not taken by the store", "error", traceOf(err))
			var refusal *workroom.Refusal
			if !errors.As(err, &refusal) {
				continue // the disk; it stays here and is tried again with the next report
			}
		}
		h.drop(one)
	}
	if len(ready) > 0 {
		h.t.s.core.trackerChanged()
	}
}

// decide tells whether somebody was there when a picture was taken. Runs on the tracking goroutine.
func (h *shots) decide(of takenFor, keep bool) {
	h.mu.Lock()
	var one *heldShot
	for _, x := range h.list {
		if x.takenFor() == of && !x.Kept {
			one = x
		}
	}
	if one != nil {
		one.Kept = keep
	} else if _, taken := h.taking[of]; taken {
		h.taking[of] = &keep
	}
	h.mu.Unlock()
	switch {
	case one == nil:
	case keep:
		_ = h.write(one) // should it fail, the next start decides by the slice (settle)
		h.leave()
	default:
		h.drop(one)
	}
}

// settle decides about pictures that a crash left undecided: those that lie in what is kept of their slice stay, the others go.
func (h *shots) settle() {
	if err := h.t.s.replica.ForgetStrays(context.Background()); err != nil { // of a program that ended between the bytes and the command
		slog.Error("forget pictures of nobody", "error", traceOf(err))
	}
	for _, one := range h.waiting() {
		if one.Kept {
			continue
		}
		s, known := h.t.s.slice(workroom.Slice{ID: one.Shot.Slice, Contract: one.Shot.Contract, Start: one.Shot.At})
		switch {
		case known && s.Close != "" && tracker.ShotCovered(one.Shot.At, s.Start, s.End):
			h.mu.Lock()
			one.Kept = true
			h.mu.Unlock()
			_ = h.write(one)
		case h.t.open == nil || h.t.open.ID != one.Shot.Slice:
			h.drop(one)
		}
	}
	h.leave()
}

// send enqueues the shot with its pictures as uploads that go first. Where that fails their bytes are here once, as before.
func (h *shots) send(one *heldShot) error {
	shot := one.Shot
	o := enqueueOpts{}
	err := func() error {
		for i, id := range one.pictures() {
			f, err := h.t.s.stagePath(newID(), h.picturePath(id), "screenshot.jpg", workroom.DiaryScope(shot.Contract, one.Week))
			if err != nil {
				return err
			}
			if i == 0 {
				shot.File = f.ID
			} else {
				p := one.More[i-1]
				shot.More = append(slices.Clip(shot.More), workroom.Picture{File: f.ID, W: p.W, H: p.H})
			}
			o.Uploads = append(o.Uploads, f)
		}
		_, err := h.t.s.enqueue(workroom.AddShot{Week: one.Week, Shot: shot, Who: workroom.AccountID(h.t.s.st.Account)}, o)
		return err
	}()
	if err != nil {
		for _, f := range o.Uploads {
			if err := h.t.s.replica.ForgetFile(context.Background(), string(f.ID)); err != nil {
				slog.Error("forget a screenshot that did not leave", "error", traceOf(err))
			}
		}
		return err
	}
	kept := *one
	kept.Shot = shot
	h.mu.Lock()
	h.last = &kept
	h.mu.Unlock()
	return nil
}
