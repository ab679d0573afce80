package workroom

import (
	"fmt"
	"slices"
	"time"
)

// Pictures and input counts are kept for some time after their week, 90 days unless the contract says otherwise (tracker.md §14.6, W-27). Then
// they go everywhere: at the service, and on each desktop even if it does not hear of it. The stretches of time they belong to stay, as what
// is billed. When it is time is a pure function of the contract's history and the instant of the picture (History.KeptUntil), and so is what
// is left: both sides come to the same.

// Leave is what is left of a row of the diary when its time is over, and whether that is less than there was. until is since when it is
// gone.
func Leave(t Thing, until time.Time) (Thing, bool) {
	switch x := t.(type) {
	case *Shot:
		if !x.Pictured() {
			return t, false
		}
		n := *x
		n.File, n.More, n.Seed, n.W, n.H, n.Unknown = "", nil, nil, 0, 0, nil
		n.Reason, n.Until = ShotExpired, until.Unix()
		return &n, true
	case *CellInput:
		if len(x.Minutes) == 0 {
			return t, false
		}
		n := &CellInput{Device: x.Device, Cell: x.Cell}
		if slices.ContainsFunc(x.Minutes, Minute.Measured) { // of a device that could not count nothing is gone that one could miss
			n.Until = until.Unix()
		}
		return n, true
	}
	return t, false
}

// Moment is the instant that decides how long a row of the diary is kept whole, false for one that is kept for good.
func Moment(t Thing) (time.Time, bool) {
	switch x := t.(type) {
	case *Shot:
		return time.Unix(x.At, 0), true
	case *CellInput:
		return Cell(x.Cell).Start(), true
	}
	return time.Time{}, false
}

// Due is what is left of a row of the diary at a moment, and whether that is less than there was: its time is over.
func (h *History) Due(t Thing, now time.Time) (Thing, bool) {
	at, ok := Moment(t)
	if !ok {
		return t, false
	}
	until := h.KeptUntil(at)
	if now.Before(until) {
		return t, false
	}
	return Leave(t, until)
}

// LongestKept is the history to go by where a contract is not here: it may have been agreed to keep pictures for as long as one can.
func LongestKept() *History {
	return HistoryOf(&Contract{Terms: Terms{KeepDays: maxKeep}}, nil)
}

// MayExpire reports whether anything of a diary week can be due at a moment, whatever its contract says.
func MayExpire(week string, now time.Time) bool {
	w, err := ParseWeek(week)
	return err == nil && !now.Before(w.End().AddDate(0, 0, minKeep))
}

// expired are the commands of a device that was away for long, without what has no place in the diary any more: so nothing comes back.
func (c AddShot) expired(h *History, now time.Time) Shot {
	shot := c.Shot
	shot.Until = 0
	if h == nil {
		return shot
	}
	if left, ok := h.Due(&shot, now); ok {
		return *left.(*Shot)
	}
	if shot.Reason == ShotExpired { // the device's clock is wrong, or it says what is not so
		shot.Reason = ShotFailed
		if until := h.KeptUntil(time.Unix(shot.At, 0)); !now.Before(until) {
			shot.Reason, shot.Until = ShotExpired, until.Unix()
		}
	}
	return shot
}

// DueIn is a command without pictures and counts whose time is over, and the files it names no more; false if that is all of it.
func (h *History) DueIn(c Command, now time.Time) (left Command, files []FileID, changed bool) {
	switch c := c.(type) {
	case AddShot:
		if x, ok := h.Due(&c.Shot, now); ok {
			files = c.FileIDs()
			c.Shot = *x.(*Shot)
			return c, files, true
		}
	case ReportSlice:
		var kept []CellInput
		for _, in := range c.Input {
			if _, ok := h.Due(&in, now); !ok {
				kept = append(kept, in)
			}
		}
		if len(kept) < len(c.Input) {
			c.Input = kept
			return c, nil, true
		}
	}
	return c, nil, false
}

// Expiry says that pictures and counts of a diary week are gone, how many and when: the line that stays in its log. Its id is the week.
type Expiry struct {
	Shots   int64 `json:"shots"` // pictures
	Cells   int64 `json:"cells"` // rows of counts
	Since   int64 `json:"since"` // Unix seconds; the first of them was due then
	At      int64 `json:"at"`    // Unix µs; when the service took them away
	Unknown `json:"-"`
}

// ThingKind is KindExpiry.
func (*Expiry) ThingKind() Kind { return KindExpiry }

// ExpireWeek are the changes that take what is due at a moment out of a diary week, with its line in the log, and the files of the pictures.
func ExpireWeek(in Rows, id ContractID, week string, now time.Time) (list []Change, files []FileID) {
	h := ReadHistory(in, id)
	if h == nil {
		return nil, nil
	}
	var out Changes
	d := DiaryScope(id, week)
	e := &Expiry{}
	if old, k := Get[*Expiry](in, Ref{d, KindExpiry, week}); k == Held {
		*e = *old
	}
	for _, kind := range []Kind{KindShot, KindInput} {
		refs, _ := in.All(d, kind)
		for _, r := range refs {
			t, k := in.Row(r)
			if k != Held {
				continue
			}
			left, ok := h.Due(t, now)
			if !ok {
				continue
			}
			at, _ := Moment(t)
			if until := h.KeptUntil(at).Unix(); e.Since == 0 || until < e.Since {
				e.Since = until
			}
			if s, ok := t.(*Shot); ok {
				e.Shots++
				files = append(files, s.Files()...)
			} else {
				e.Cells++
			}
			out.Put(d, r.ID, left)
		}
	}
	if len(out.List()) == 0 {
		return nil, nil
	}
	e.At = now.UnixMicro()
	out.Put(d, week, e)
	out.Put(ContractScope(id), week, &WeekMark{})
	return out.List(), files
}

// Says is the expiry in words: "3 pictures, counts of 20 segments".
func (e *Expiry) Says() string {
	count := func(n int64, one, many string) string {
		if n == 1 {
			return "1 " + one
		}
		return fmt.Sprintf("%d %s", n, many)
	}
	switch {
	case e.Cells == 0:
		return count(e.Shots, "picture", "pictures")
	case e.Shots == 0:
		return "counts of " + count(e.Cells, "segment", "segments")
	}
	return count(e.Shots, "picture", "pictures") + ", counts of " + count(e.Cells, "segment", "segments")
}
