package app

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"trestle/internal/hotkey"
	"trestle/internal/tray"
)

// HotkeySettings are the combinations of keys that work anywhere in the system.
type HotkeySettings struct {
	On      bool   `json:"on"`
	Track   string `json:"track"`   // starts or stops tracking; as "Ctrl+Alt+T", "" for none
	Capture string `json:"capture"` // freezes the screen for the room that was open last
}

// HotkeysView says which of them work.
type HotkeysView struct {
	Why      string          `json:"why"` // a sentence where this system lets no program listen; known once they are on
	Problems []HotkeyProblem `json:"problems"`
}

// HotkeyProblem is a combination that does not work, and why.
type HotkeyProblem struct {
	Action string `json:"action"` // track or capture
	Code   string `json:"code"`   // taken, forbidden, double, absent, malformed or unsupported
	Text   string `json:"text"`   // the same as a sentence
}

// The actions, by the names of their settings.
const (
	hotTrack   hotkey.Action = "track"
	hotCapture hotkey.Action = "capture"
)

var firstHotkeys = HotkeySettings{Track: "Ctrl+Alt+T", Capture: "Ctrl+Alt+S"}

// hotkeyLimit is how long the system may take to say whether it can listen.
const hotkeyLimit = 2 * time.Second

// sound writes combinations in one way. What is none becomes the first one; settings of somebody who never saw these are the first ones too.
func (h HotkeySettings) sound() HotkeySettings {
	if h == (HotkeySettings{}) {
		return firstHotkeys
	}
	for text, first := range map[*string]string{&h.Track: firstHotkeys.Track, &h.Capture: firstHotkeys.Capture} {
		if *text == "" {
			continue
		}
		if c, err := hotkey.Parse(*text); err == nil {
			*text = c.String()
		} else {
			*text = first
		}
	}
	return h
}

// wanted is what they ask the system for.
func (h HotkeySettings) wanted() map[hotkey.Action]hotkey.Combination {
	want := map[hotkey.Action]hotkey.Combination{}
	for a, text := range map[hotkey.Action]string{hotTrack: h.Track, hotCapture: h.Capture} {
		if c, err := hotkey.Parse(text); err == nil {
			want[a] = c
		}
	}
	return want
}

// hotkeyBoard holds what is listened to.
type hotkeyBoard struct {
	mu   sync.Mutex
	keys *hotkey.Keys // nil while off
	why  string
}

// Hotkeys is what Settings shows beside the combinations. They are changed with the other settings.
type Hotkeys struct{ c *Core }

// State says which combinations work now. One that another program had is asked for again. While nothing is listened to it says which never
// would.
func (h *Hotkeys) State() (out HotkeysView, err error) {
	defer guard(&err)
	b := &h.c.hotkeys
	b.mu.Lock()
	defer b.mu.Unlock()
	out = HotkeysView{Why: b.why, Problems: []HotkeyProblem{}}
	want := h.c.state.get().Settings.Hotkeys.sound().wanted()
	problems := hotkey.Refused(want)
	if b.keys != nil {
		if problems = b.keys.Problems(); len(problems) > 0 {
			problems = b.keys.Set(want)
		}
	}
	for a, err := range problems {
		out.Problems = append(out.Problems, HotkeyProblem{Action: string(a), Code: string(hotkey.CodeOf(err)), Text: err.Error()})
	}
	slices.SortFunc(out.Problems, func(a, b HotkeyProblem) int { return strings.Compare(a.Action, b.Action) })
	return out, nil
}

// applyHotkeys listens to what the settings say: to nothing while they are off.
func (c *Core) applyHotkeys() {
	if c.kind != "desktop" {
		return
	}
	b := &c.hotkeys
	b.mu.Lock()
	defer b.mu.Unlock()
	set := c.state.get().Settings.Hotkeys.sound()
	b.why = ""
	select {
	case <-c.done:
		set.On = false
	default:
	}
	if !set.On {
		b.close()
		return
	}
	if b.keys == nil {
		ctx, cancel := context.WithTimeout(context.Background(), hotkeyLimit)
		defer cancel()
		k, err := hotkey.Open(ctx)
		if err != nil {
			slog.Info("no combinations of keys outside the window", "code", hotkey.CodeOf(err))
			b.why = err.Error()
			return
		}
		b.keys = k
		go c.listen(k)
	}
	for a, err := range b.keys.Set(set.wanted()) {
		slog.Info("a combination of keys does not work", "action", a, "code", hotkey.CodeOf(err))
	}
}

// close gives the combinations back. The board is locked.
func (b *hotkeyBoard) close() {
	if b.keys != nil {
		b.keys.Close()
		b.keys = nil
	}
}

// endHotkeys gives them back for good.
func (c *Core) endHotkeys() {
	c.hotkeys.mu.Lock()
	defer c.hotkeys.mu.Unlock()
	c.hotkeys.close()
}

// listen does what is pressed, one at a time.
func (c *Core) listen(k *hotkey.Keys) {
	for {
		select {
		case <-c.done:
			return
		case <-k.Done():
			return
		case a := <-k.Pressed():
			c.hotkeyPressed(a)
		}
	}
}

// hotkeyPressed does what the tray's entry of the same name does.
func (c *Core) hotkeyPressed(a hotkey.Action) {
	switch a {
	case hotTrack:
		act := tray.Action{Kind: tray.Start}
		if v, err := (&Tracker{c}).State(TrackerIn{}); err == nil && v.State == "tracking" {
			act.Kind = tray.Stop
		}
		c.trayChosen(act)
	case hotCapture:
		c.trayChosen(tray.Action{Kind: tray.Capture})
	}
}
