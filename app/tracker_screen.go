package app

import (
	"context"
	"slices"
	"time"

	"trestle/internal/tracker"
	"trestle/internal/workroom"
)

// Tracker is the panel, the chip in the top strip, and the command line's track.
type Tracker struct{ c *Core }

// tracking finds the running tracker.
func (t *Tracker) tracking() (*tracking, error) {
	s, err := t.c.here()
	if err != nil {
		return nil, err
	}
	if s.track == nil {
		return nil, Fail("not_tracking", "The tracker is not running.")
	}
	return s.track, nil
}

// State is what the tracker does, and what can be tracked. Without a running tracker it is stopped.
func (t *Tracker) State(in TrackerIn) (out TrackerView, err error) {
	defer guard(&err)
	s, err := t.c.here()
	if err != nil {
		return out, err
	}
	return s.trackerView(in.Contract)
}

// Start begins to track, or changes what is tracked.
func (t *Tracker) Start(in TrackIn) (out TrackerView, err error) {
	defer guard(&err)
	return t.act(in.Contract, tracker.Start{Work: workOf(in), Unbilled: in.Unbilled}, in.Unseen)
}

// Switch changes contract, activity or memo from now on.
func (t *Tracker) Switch(in TrackIn) (out TrackerView, err error) {
	defer guard(&err)
	return t.act(in.Contract, tracker.Switch{Work: workOf(in)}, in.Unseen)
}

// Stop ends tracking. Stopping what is stopped changes nothing.
func (t *Tracker) Stop() (out TrackerView, err error) {
	defer guard(&err)
	s, err := t.c.here()
	if err != nil {
		return out, err
	}
	if s.track == nil {
		return s.trackerView("")
	}
	return t.act("", tracker.Stop{}, false)
}

func workOf(in TrackIn) tracker.Work {
	return tracker.Work{Contract: workroom.ContractID(in.Contract), Activity: workroom.ActivityID(in.Activity), Memo: in.Memo}
}

// act tells the machine one event and answers the new state. What would start is refused while the screen is locked, if unseen; who presses
// something on the screen has unlocked it.
func (t *Tracker) act(contract string, ev tracker.Event, unseen bool) (TrackerView, error) {
	k, err := t.tracking()
	if err != nil {
		return TrackerView{}, err
	}
	var refused error
	err = k.do(context.Background(), func() {
		k.clearNote()
		switch ev.(type) {
		case tracker.Start, tracker.Switch, tracker.Answer:
			k.learnContracts() // one made or changed a moment ago
			if !unseen {
				_ = k.step(tracker.Seen{})
			}
		}
		refused = k.step(ev)
	})
	if err == nil {
		err = refused
	}
	if err != nil {
		return TrackerView{}, err
	}
	return k.s.trackerView(contract)
}

// Answer decides on time away.
func (t *Tracker) Answer(in AwayIn) (out TrackerView, err error) {
	defer guard(&err)
	k, err := t.tracking()
	if err != nil {
		return out, err
	}
	snap, _, _ := k.snapshot()
	if len(snap.Questions) == 0 {
		return k.s.trackerView("")
	}
	a, err := choiceOf(in, snap.Questions)
	if err != nil {
		return out, err
	}
	return t.act("", a, in.Unseen)
}

// KeepShot lets the newest screenshot leave at once.
func (t *Tracker) KeepShot(in IDIn) (out TrackerView, err error) {
	defer guard(&err)
	return t.onShot(func(h *shots) error { return h.release(in.ID) })
}

// BlurShot keeps nothing of a screenshot but a blur that cannot be undone.
func (t *Tracker) BlurShot(in IDIn) (out TrackerView, err error) {
	defer guard(&err)
	return t.onShot(func(h *shots) error { return h.blur(in.ID) })
}

// DeleteShot removes a screenshot that has not left, without a trace.
func (t *Tracker) DeleteShot(in IDIn) (out TrackerView, err error) {
	defer guard(&err)
	return t.onShot(func(h *shots) error { return h.remove(in.ID) })
}

func (t *Tracker) onShot(fn func(*shots) error) (TrackerView, error) {
	k, err := t.tracking()
	if err != nil {
		return TrackerView{}, err
	}
	var failed error
	if err := k.do(context.Background(), func() { failed = fn(k.shots) }); err != nil {
		return TrackerView{}, err
	}
	if failed != nil {
		return TrackerView{}, failed
	}
	return k.s.trackerView("")
}

// Dismiss takes the note away.
func (t *Tracker) Dismiss() (out TrackerView, err error) {
	defer guard(&err)
	k, err := t.tracking()
	if err != nil {
		return out, err
	}
	k.clearNote()
	return k.s.trackerView("")
}

// stoppedAt is a view with nothing in it.
func stoppedAt(at int64) TrackerView {
	return TrackerView{State: "stopped", At: at, Contracts: []ContractRow{}, Codes: []ActivityRow{}, Aways: []AwayView{}, Changes: []TurnRow{}}
}

// trackerView puts together what panel, chip and tray show. contract chooses what could be tracked: while another one runs, it is in Next.
func (s *Session) trackerView(contract string) (TrackerView, error) {
	now := time.Now()
	v := stoppedAt(now.UnixMilli())
	var snap tracker.Snapshot
	if s.track == nil {
		n := s.note()
		v.Note, v.Offer = n.Text, n.Offer
	}
	if s.track != nil {
		snap, v.Note, v.Offer = s.track.snapshot()
		now = s.track.present()
		v.At = now.UnixMilli()
		v.Counted, v.CountWhy = s.track.why == "", s.track.why
	}
	v.Memo, v.Activity = snap.Work.Memo, string(snap.Work.Activity)
	chosen := string(snap.Work.Contract)
	if contract != "" && contract != chosen && snap.Since.IsZero() { // what was done on the one tracked last is nothing of this one's client
		chosen, v.Memo, v.Activity = contract, "", ""
	}
	switch {
	case !snap.Since.IsZero():
		v.State, v.Since = "tracking", snap.Since.UnixMilli()
		v.Seconds = int64(now.Sub(snap.Since) / time.Second)
	case len(snap.Questions) > 0, snap.State == tracker.Away:
		v.State = "idle"
	}
	v.Reading, v.Unbilled, v.LostTo = snap.Reading, snap.Unbilled, snap.LostTo
	if v.Aways = s.aways(snap.Questions); len(v.Aways) > 0 {
		first := v.Aways[0]
		v.Away = &first
	}
	books := slices.DeleteFunc(s.books(now), func(b *book) bool {
		return b.contract.Freelancer != s.me() || b.contract.Status != workroom.Active
	})
	here := slices.ContainsFunc(books, func(b *book) bool { return string(b.id) == chosen })
	if !here && len(books) > 0 && snap.Since.IsZero() { // it was paused or has ended: another one, whose client is told nothing of what was done there
		chosen, v.Memo, v.Activity = string(books[0].id), "", ""
	}
	for _, b := range books {
		row := s.contractRow(b)
		v.Contracts = append(v.Contracts, row)
		switch row.ID {
		case chosen:
			s.choose(&v, b, row, snap)
		case contract:
			next := stoppedAt(v.At)
			s.choose(&next, b, row, snap)
			v.Next = &next
		}
	}
	if s.track != nil {
		s.addShots(&v)
	}
	return v, nil
}

// choose fills in what belongs to the chosen contract.
func (s *Session) choose(v *TrackerView, b *book, row ContractRow, snap tracker.Snapshot) {
	v.Contract, v.Title, v.Week, v.Limit = row.ID, row.Title, row.Seconds, row.Limit
	v.Required, v.Shots, v.Idle = b.contract.Terms.RequireActivity, string(b.contract.Terms.Shots), int64(b.contract.Terms.IdleMinutes)
	if snap.State == tracker.Tracking && snap.Work.Contract == b.id { // what runs goes on under the terms it began with
		v.Shots, v.Idle = string(snap.Shots), int64(snap.Idle/time.Minute)
	}
	v.Changes = s.changesSince(b)
	for _, a := range s.activityRows(b) {
		if !a.Archived {
			v.Codes = append(v.Codes, a)
		}
		if a.ID == v.Activity {
			v.Code, v.Colour = a.Code, a.Colour
		}
	}
	pieces := b.pieces()
	v.Today = workroom.SecondsByDay(pieces, b.zone)[b.now.In(b.zone).Format(time.DateOnly)]
	cell := workroom.CellOf(b.now)
	var here *workroom.Segment
	for _, seg := range workroom.Segments(pieces, b.inputs, b.shots) {
		if b.unsent(seg) {
			v.Waiting++
		}
		if seg.Cell == cell {
			here = seg
		}
	}
	c := b.cell(cell, here)
	v.Cell = &c
}

func (s *Session) addShots(v *TrackerView) {
	h := s.track.shots
	if one := h.pending(); one != nil {
		v.Shot = &PendingShot{ID: one.ID, Title: s.title(one.Shot.Contract), Taken: one.Shot.At * 1000, Leaves: one.Leaves, Blur: !one.Full,
			Files: append([]string{}, one.pictures()...)}
		if one.Full {
			v.Shot.File = one.ID
		}
	}
	h.mu.Lock()
	last := h.last
	h.mu.Unlock()
	if last != nil {
		v.LastShot = shotView(&last.Shot)
	}
}

// addTo puts what is being tracked, and what is held back on this computer, into a book.
func (t *tracking) addTo(b *book) {
	t.mu.Lock()
	open, inputs, now := t.live, t.liveInputs, t.clockNow
	since := t.snap.Since
	t.mu.Unlock()
	if open != nil && open.Contract == b.id && !since.IsZero() {
		s := *open
		// The screen is ahead of the last heartbeat.
		s.End = max(s.End, now().Unix())
		s.Rev = 1 << 40
		replaced := false
		for i, have := range b.slices {
			if have.ID == s.ID {
				b.slices[i], replaced = &s, true
			}
		}
		if !replaced {
			b.slices = append(b.slices, &s)
		}
		b.open, b.waiting[s.ID] = s.ID, true
		for i := range inputs {
			b.inputs = append(b.inputs, &inputs[i])
		}
	} else if open != nil && !since.IsZero() && b.contract.Freelancer == b.me {
		s := *open
		s.End, s.Rev = max(s.End, now().Unix()), 1<<40
		b.others = append(b.others, &s) // the highest rev counts
	}
	for _, one := range t.shots.waiting() {
		if one.Shot.Contract == b.id {
			b.shots = append(b.shots, one.shown())
		}
	}
}
