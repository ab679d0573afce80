package app

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"time"

	"trestle/internal/annotate"
	"trestle/internal/screen"
	"trestle/internal/tracker"
	"trestle/internal/workroom"
)

// shots keeps the diary's screenshots between the moment they are taken and the moment they enter the outbox. Each is a file of this
// account's folder that nothing reads but the preview; deleting one here leaves no byte anywhere. One leaves when its time is up and its
// slice was reported.
type shots struct {
	t   *tracking
	dir string

	mu      sync.Mutex
	list    map[string]*heldShot
	decided map[int64]bool // by cell: whether somebody was there, told before the picture was done
	last    *heldShot      // the newest that left or was kept, for the panel
	ctx     context.Context
	stop    context.CancelFunc
	running sync.WaitGroup
}

// heldShot is a screenshot that has not entered the outbox. The picture lies beside it as ID.jpg until it leaves or is deleted.
type heldShot struct {
	ID     string        `json:"id"`
	Shot   workroom.Shot `json:"shot"`
	Week   string        `json:"week"`
	Seed   []byte        `json:"seed"` // so that it can still be blurred
	Leaves int64         `json:"leaves"`
	Full   bool          `json:"full"` // a picture lies beside it
	Kept   bool          `json:"kept"` // its slice covers it for sure: somebody was there
}

func openShots(t *tracking, dir string) *shots {
	h := &shots{t: t, dir: dir, list: map[string]*heldShot{}, decided: map[int64]bool{}}
	h.ctx, h.stop = context.WithCancel(context.Background())
	_ = os.MkdirAll(dir, 0o700)
	names, _ := filepath.Glob(filepath.Join(dir, "*.json"))
	for _, name := range names {
		body, err := os.ReadFile(name)
		var one heldShot
		if err == nil {
			err = json.Unmarshal(body, &one)
		}
		if err != nil {
			slog.Error("a held screenshot is damaged and was removed")
			_ = os.Remove(name)
			_ = os.Remove(strings.TrimSuffix(name, ".json") + ".jpg")
			continue
		}
		// Whoever closed the program may not have seen it: the time to delete it begins anew.
		one.Leaves = time.Now().Add(h.delay()).UnixMilli()
		h.list[one.ID] = &one
		h.leaveLater(&one)
	}
	return h
}

// delay is how long a person sees a screenshot here before it may leave.
func (h *shots) delay() time.Duration {
	return time.Duration(h.t.s.core.trackerPrefs().Preview) * time.Second
}

// roughly says a time of whole seconds in words.
func roughly(d time.Duration) string {
	if m := int(d / time.Minute); m > 0 {
		return counted(m, "minute", "minutes")
	}
	return counted(int(d/time.Second), "second", "seconds")
}

// close waits for a picture that is being taken. What is held stays on the disk for the next start.
func (h *shots) close() {
	h.stop()
	h.running.Wait()
}

// take takes a picture now, beside the machine's goroutine. Whatever fails, the time stays and the reason is kept.
func (h *shots) take(e tracker.TakeShot) {
	h.running.Go(func() {
		one := &heldShot{ID: newID(), Week: "", Shot: workroom.Shot{Slice: e.Slice, Contract: e.Contract, Device: h.t.s.replica.Device(), Cell: e.Cell, At: e.At}}
		jpg, err := h.picture(e.Policy, one)
		if err != nil {
			slog.Warn("no screenshot", "error", traceOf(err))
			one.Shot.Reason = shotReason(err)
		}
		if h.ctx.Err() != nil {
			return
		}
		_ = h.t.do(h.ctx, func() { h.hold(one, jpg) })
	})
}

// picture grabs all displays and makes what the policy allows: a blurred contract never gets more than the seed.
func (h *shots) picture(policy workroom.ShotPolicy, one *heldShot) ([]byte, error) {
	ctx, cancel := context.WithTimeout(h.ctx, 20*time.Second)
	defer cancel()
	prefs := h.t.s.core.trackerPrefs()
	list, err := grabDisplays(ctx, prefs.Main)
	if err != nil {
		return nil, err
	}
	whole := joinShots(list)
	one.Shot.Displays = len(list)
	if policy == workroom.ShotsBlurred || prefs.Blur {
		one.Shot.Seed, err = annotate.Seed(whole)
		return nil, err
	}
	jpg, _, seed, err := annotate.Diary(whole)
	if err != nil {
		return nil, err
	}
	one.Seed = seed
	size := annotate.Scale(whole, annotate.DiaryWidth, annotate.MaxSide).Rect
	one.Shot.W, one.Shot.H = size.Dx(), size.Dy()
	return jpg, nil
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

// hold shows the picture and begins its ten seconds. Runs on the tracking goroutine.
func (h *shots) hold(one *heldShot, jpg []byte) {
	one.Week = workroom.WeekOf(time.Unix(one.Shot.At, 0)).String()
	if s := h.t.open; s != nil && s.ID == one.Shot.Slice {
		one.Week = workroom.WeekOf(time.Unix(s.Start, 0)).String()
	}
	wait := h.delay()
	one.Leaves = time.Now().Add(wait).UnixMilli()
	h.mu.Lock()
	keep, known := h.decided[one.Shot.Cell]
	delete(h.decided, one.Shot.Cell)
	h.mu.Unlock()
	if known && !keep {
		return // nobody was there: not a byte is kept
	}
	one.Kept = keep
	if len(jpg) > 0 {
		one.Full = true
		if err := writeWhole(h.picturePath(one.ID), jpg, 0o600); err != nil {
			slog.Error("keep a screenshot", "error", traceOf(err))
			one.Full, one.Shot.Reason = false, workroom.ShotFailed
		}
	}
	h.write(one)
	h.mu.Lock()
	h.list[one.ID] = one
	h.mu.Unlock()
	h.leaveLater(one)
	if one.Shot.Reason == "" {
		h.t.s.core.tell("Screenshot taken for "+h.t.s.title(one.Shot.Contract), "It leaves this computer in "+roughly(wait)+" unless you delete it.", "tracker")
	}
	h.t.s.core.trackerChanged()
}

func (h *shots) picturePath(id string) string { return filepath.Join(h.dir, id+".jpg") }

func (h *shots) write(one *heldShot) {
	body, err := json.Marshal(one)
	if err == nil {
		err = writeWhole(filepath.Join(h.dir, one.ID+".json"), body, 0o600)
	}
	if err != nil {
		slog.Error("keep a screenshot", "error", traceOf(err))
	}
}

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

// decide tells whether somebody was there when the picture of a cell was taken. Runs on the tracking goroutine.
func (h *shots) decide(cell int64, keep bool) {
	h.mu.Lock()
	var one *heldShot
	for _, x := range h.list {
		if x.Shot.Cell == cell {
			one = x
		}
	}
	if one == nil {
		h.decided[cell] = keep
	} else {
		one.Kept = keep
	}
	h.mu.Unlock()
	switch {
	case one == nil:
	case keep:
		h.write(one)
		h.leave()
	default:
		h.drop(one)
	}
}

// settle decides about pictures that a crash left undecided: those that lie in what is kept of their slice stay, the others go.
func (h *shots) settle() {
	for _, one := range h.waiting() {
		if one.Kept {
			continue
		}
		s, known := h.t.s.slice(workroom.Slice{ID: one.Shot.Slice, Contract: one.Shot.Contract, Start: one.Shot.At})
		switch {
		case known && s.Close != "" && one.Shot.At < s.End:
			h.mu.Lock()
			one.Kept = true
			h.mu.Unlock()
			h.write(one)
		case h.t.open == nil || h.t.open.ID != one.Shot.Slice:
			h.drop(one)
		}
	}
	h.leave()
}

// send enqueues the picture with its file as an upload that goes first.
func (h *shots) send(one *heldShot) error {
	shot := one.Shot
	o := enqueueOpts{}
	if one.Full {
		f, err := h.t.s.stagePath(newID(), h.picturePath(one.ID), "screenshot.jpg", workroom.DiaryScope(shot.Contract, one.Week))
		if err != nil {
			return err
		}
		shot.File = f.ID
		o.Uploads = append(o.Uploads, f)
	}
	_, err := h.t.s.enqueue(workroom.AddShot{Week: one.Week, Shot: shot, Who: workroom.AccountID(h.t.s.st.Account)}, o)
	if err == nil {
		kept := *one
		kept.Shot = shot
		h.mu.Lock()
		h.last = &kept
		h.mu.Unlock()
	}
	return err
}

// drop removes a held picture and its bytes.
func (h *shots) drop(one *heldShot) {
	h.mu.Lock()
	delete(h.list, one.ID)
	h.mu.Unlock()
	for _, p := range []string{h.picturePath(one.ID), filepath.Join(h.dir, one.ID+".json")} {
		if err := os.Remove(p); err != nil && !errors.Is(err, os.ErrNotExist) {
			slog.Error("remove a screenshot", "error", traceOf(err))
		}
	}
}

// pending is the picture that can still be deleted, the newest first.
func (h *shots) pending() *heldShot {
	h.mu.Lock()
	defer h.mu.Unlock()
	var newest *heldShot
	for _, one := range h.list {
		if one.Leaves > time.Now().UnixMilli() && one.Shot.Reason == "" && (newest == nil || one.Shot.At > newest.Shot.At) {
			newest = one
		}
	}
	return newest
}

// waiting are the pictures kept here whose slice has not been reported, for one's own diary.
func (h *shots) waiting() []*heldShot {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []*heldShot
	for _, one := range h.list {
		out = append(out, one)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Shot.At < out[j].Shot.At })
	return out
}

func (h *shots) find(id string) (*heldShot, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	one := h.list[id]
	if one == nil {
		return nil, Fail("gone", "This screenshot has left this computer already, or was deleted.")
	}
	return one, nil
}

// remove deletes a held picture without a trace.
func (h *shots) remove(id string) error {
	one, err := h.find(id)
	if err != nil {
		return err
	}
	h.drop(one)
	return nil
}

// blur keeps nothing but the 32 × 18 seed.
func (h *shots) blur(id string) error {
	one, err := h.find(id)
	if err != nil {
		return err
	}
	h.mu.Lock()
	one.Full, one.Shot.Seed = false, one.Seed
	h.mu.Unlock()
	if err := os.Remove(h.picturePath(id)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	h.write(one)
	return nil
}

// release ends the waiting of a picture: the person saw it and keeps it.
func (h *shots) release(id string) error {
	one, err := h.find(id)
	if err != nil {
		return err
	}
	h.mu.Lock()
	one.Leaves = time.Now().UnixMilli()
	h.mu.Unlock()
	h.leave()
	return nil
}
