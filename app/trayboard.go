package app

import (
	"log/slog"
	"time"

	"trestle/internal/tray"
	"trestle/internal/workroom"
)

// openTray puts the icon into the tray and keeps it up to date. The program goes on without one.
func (c *Core) openTray() {
	c.mu.Lock()
	if c.tray == nil {
		c.tray = OpenTray(c.trayChosen)
	}
	c.mu.Unlock()
	go c.drawTray()
	go c.missTray()
}

// trayLimit is how long a panel may take to come up beside the window before its absence is said.
const trayLimit = 5 * time.Second

// missTray says once, where no panel draws tray icons, what closing the window does then.
func (c *Core) missTray() {
	if c.state.get().SaidNoTray {
		return
	}
	for end := time.Now().Add(trayLimit); time.Now().Before(end); {
		if c.trayLives() {
			return
		}
		select {
		case <-c.done:
			return
		case <-time.After(250 * time.Millisecond):
		}
	}
	_ = c.state.change(func(s *state) { s.SaidNoTray = true })
	c.notice(noTray)
	c.changed("settings") // the page asks again what is to be told
}

// noTray is what the window and the doctor say where no tray is.
const noTray = "This desktop shows no tray icons, so closing the window ends Trestle. " +
	"While time is tracked it goes on without the window, and starting Trestle again brings the window back."

func (c *Core) trayLives() bool {
	c.mu.Lock()
	t := c.tray
	c.mu.Unlock()
	return t != nil && t.Lives()
}

// trackerChanged tells the faces and the tray that the tracker did something.
func (c *Core) trackerChanged() {
	c.changed("tracker")
	select {
	case c.trayDirty <- struct{}{}:
	default:
	}
}

// drawTray draws when something changed, and once a minute while time runs.
func (c *Core) drawTray() {
	minute := time.NewTicker(time.Minute)
	defer minute.Stop()
	for {
		c.mu.Lock()
		t := c.tray
		c.mu.Unlock()
		if t != nil {
			t.Draw(c.trayState().View())
		}
		select {
		case <-c.done:
			return
		case <-c.trayDirty:
		case <-minute.C:
		}
	}
}

// trayState gathers the facts the tray is computed from.
func (c *Core) trayState() tray.State {
	st := tray.State{Capture: c.caps.Capture}
	s, err := c.here()
	if err != nil {
		return st
	}
	v, err := s.trackerView("")
	if err != nil {
		slog.Error("draw the tray", "error", traceOf(err))
		return st
	}
	st.Running, st.Asking = v.State == "tracking", v.Away != nil
	st.Elapsed = time.Duration(v.Seconds) * time.Second
	st.Today, st.Week, st.Limit = time.Duration(v.Today)*time.Second, time.Duration(v.Week)*time.Second, time.Duration(v.Limit)*time.Second
	st.Contract, st.Activity, st.HasMemo = v.Contract, v.Activity, v.Memo != ""
	st.Resume = !st.Running && v.Memo != ""
	books := s.books(time.Now())
	st.Recent = s.combos(books)
	for _, b := range books {
		if b.contract.Freelancer != s.me() || b.contract.Status != workroom.Active {
			continue
		}
		one := tray.Contract{ID: string(b.id), Title: b.contract.Title}
		for _, a := range s.activityRows(b) {
			if !a.Archived {
				one.Activities = append(one.Activities, tray.Activity{ID: a.ID, Name: a.Code})
			}
		}
		st.Contracts = append(st.Contracts, one)
	}
	sync := s.sync()
	st.Waiting = int(sync.Waiting)
	st.Behind = sync.Waiting > 0 && sync.State != "online"
	c.mu.Lock()
	st.Unread = c.unread
	c.mu.Unlock()
	return st
}

// trayChosen does what was chosen in the tray's menu.
func (c *Core) trayChosen(a tray.Action) {
	t := &Tracker{c}
	c.mu.Lock()
	face := c.face
	c.mu.Unlock()
	show := func(place string) {
		if face != nil {
			face.Show(place)
			return
		}
		c.show([]string{place})
	}
	v, err := t.State(TrackerIn{})
	switch a.Kind {
	case tray.Start:
		if err == nil {
			_, err = t.Start(TrackIn{Contract: v.Contract, Activity: v.Activity, Memo: v.Memo})
		}
		if err != nil { // a memo or an activity is missing: the panel asks for it
			show("tracker")
		}
	case tray.Stop:
		_, err = t.Stop()
	case tray.Pick:
		memo := a.Memo
		if memo == "" {
			memo = c.memoFor(a, v)
		}
		if _, err = t.Start(TrackIn{Contract: a.Contract, Activity: a.Activity, Memo: memo}); err != nil {
			show("tracker/" + a.Contract + "/" + a.Activity)
		}
	case tray.OpenTracker:
		show("tracker")
	case tray.Capture:
		c.trayCapture(show)
	case tray.Show:
		show("")
	case tray.Quit:
		c.Quit()
	}
	if err != nil {
		slog.Info("tray", "error", traceOf(err))
	}
	c.trackerChanged()
}

// memoFor is the memo with which something chosen in the tray is tracked: that of now on the same contract, else what was tracked on the other one
// last. What was written for one client never goes to another; with none of their own the panel asks.
func (c *Core) memoFor(a tray.Action, v TrackerView) string {
	if a.Contract == v.Contract {
		return v.Memo
	}
	s, err := c.here()
	if err != nil {
		return ""
	}
	memo := ""
	for _, r := range s.recent(s.books(time.Now())) {
		switch {
		case r.Contract != a.Contract:
		case r.Activity == a.Activity:
			return r.Memo
		case memo == "":
			memo = r.Memo
		}
	}
	return memo
}

// trayCapture freezes the screen for the room that was open last and opens the annotator.
func (c *Core) trayCapture(show func(string)) {
	out, err := (&Captures{c}).Grab(GrabIn{Room: c.state.get().Settings.LastRoom})
	if err != nil {
		slog.Warn("capture from the tray", "error", traceOf(err))
		c.tell("The screen could not be captured", AsFailure(err).Message, "capture")
		return
	}
	show("capture/" + out.ID)
}
