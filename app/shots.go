package app

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"

	"trestle/internal/workroom"
)

// shots keeps the diary's screenshots between the moment they are taken and the moment they enter the outbox. Each is files of this
// account's folder that nothing reads but the preview; deleting one here leaves no byte anywhere. One leaves when its time is up and its
// slice was reported. How they are taken stands in shots_take.go, how they leave in shots_leave.go, what a person may do with them meanwhile
// in shots_choose.go.
type shots struct {
	t   *tracking
	dir string

	mu      sync.Mutex
	list    map[string]*heldShot
	taking  map[takenFor]*bool // what is being taken; not nil: whether somebody was there, told before the picture was done
	last    *heldShot          // the newest that left or was kept, for the panel
	ctx     context.Context
	stop    context.CancelFunc
	running sync.WaitGroup
}

// takenFor names a picture before it is one: there is one a slice and cell.
type takenFor struct {
	slice string
	cell  int64
}

func (one *heldShot) takenFor() takenFor { return takenFor{one.Shot.Slice, one.Shot.Cell} }

// heldShot is a screenshot that has not entered the outbox. The picture of the first display lies beside it as ID.jpg until it leaves or is
// deleted, those of the others under the ids of More.
type heldShot struct {
	ID     string        `json:"id"`
	Shot   workroom.Shot `json:"shot"`
	Week   string        `json:"week"`
	Seed   []byte        `json:"seed"` // so that it can still be blurred
	Leaves int64         `json:"leaves"`
	Full   bool          `json:"full"` // pictures lie beside it
	Kept   bool          `json:"kept"` // its slice covers it for sure: somebody was there
	More   []heldPicture `json:"more,omitempty"`
}

// heldPicture is the picture of a display beyond the first.
type heldPicture struct {
	ID string `json:"id"`
	W  int    `json:"w"`
	H  int    `json:"h"`
}

// pictures are the ids of its pictures, the first display's first; none where only the seed is kept.
func (one *heldShot) pictures() []string {
	if !one.Full {
		return nil
	}
	out := []string{one.ID}
	for _, p := range one.More {
		out = append(out, p.ID)
	}
	return out
}

// shown is the shot as one's own diary shows it while it is held: its pictures are found under their ids here.
func (one *heldShot) shown() *workroom.Shot {
	shot := one.Shot
	if one.Full {
		shot.File = workroom.FileID(one.ID)
		for _, p := range one.More {
			shot.More = append(slices.Clip(shot.More), workroom.Picture{File: workroom.FileID(p.ID), W: p.W, H: p.H})
		}
	}
	return &shot
}

func openShots(t *tracking, dir string) *shots {
	h := &shots{t: t, dir: dir, list: map[string]*heldShot{}, taking: map[takenFor]*bool{}}
	h.ctx, h.stop = context.WithCancel(context.Background())
	_ = os.MkdirAll(dir, 0o700)
	names, _ := filepath.Glob(filepath.Join(dir, "*.json"))
	for _, name := range names {
		body, err := os.ReadFile(name)
		var one heldShot
		if err == nil {
			err = json.Unmarshal(body, &one)
		}
		if err != nil || !workroom.ValidID(one.ID) || slices.ContainsFunc(one.More, func(p heldPicture) bool { return !workroom.ValidID(p.ID) }) {
			slog.Error("a held screenshot is damaged and was removed")
			_ = os.Remove(name)
			continue
		}
		if !h.whole(&one) {
			slog.Error("a held screenshot has lost its picture")
			h.wipe(&one)
			one.Full, one.More, one.Shot.W, one.Shot.H, one.Shot.Reason = false, nil, 0, 0, workroom.ShotFailed
			_ = h.write(&one)
		}
		// Whoever closed the program may not have seen it: the time to delete it begins anew.
		one.Leaves = time.Now().Add(h.delay()).UnixMilli()
		h.list[one.ID] = &one
		h.leaveLater(&one)
	}
	h.sweep()
	return h
}

// whole reports whether the pictures of a shot are there: what a power cut or a hand took is sent as a reason, not for ever tried.
func (h *shots) whole(one *heldShot) bool {
	return !slices.ContainsFunc(one.pictures(), func(id string) bool {
		info, err := os.Stat(h.picturePath(id))
		return err != nil || info.Size() == 0
	})
}

// sweep removes pictures that belong to nothing: their note is damaged, or the program ended before it was written or after it was removed.
func (h *shots) sweep() {
	of := map[string]bool{}
	for _, one := range h.list {
		for _, id := range one.pictures() {
			of[h.picturePath(id)] = true
		}
	}
	names, _ := filepath.Glob(filepath.Join(h.dir, "*"))
	halves, _ := filepath.Glob(filepath.Join(h.dir, ".trestle-*")) // what writeWhole had not finished
	for _, name := range append(names, halves...) {
		if of[name] || strings.HasSuffix(name, ".json") {
			continue
		}
		if err := os.Remove(name); err != nil {
			slog.Error("remove a screenshot that belongs to nothing", "error", traceOf(err))
		}
	}
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

func (h *shots) picturePath(id string) string { return filepath.Join(h.dir, id+".jpg") }

func (h *shots) notePath(id string) string { return filepath.Join(h.dir, id+".json") }

// write keeps the note of a shot. Without one the next start knows nothing of the picture.
func (h *shots) write(one *heldShot) error {
	body, err := json.Marshal(one)
	if err == nil {
		err = writeWhole(h.notePath(one.ID), body, 0o600)
	}
	if err != nil {
		slog.Error("keep a screenshot", "error", traceOf(err))
	}
	return err
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
