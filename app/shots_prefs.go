package app

import (
	"bytes"
	"context"
	"encoding/base64"
	"image/jpeg"
	"log/slog"
	"time"

	"trestle/internal/annotate"
	"trestle/internal/screen"
)

// Bounds of how long a screenshot is shown before it may leave, in seconds.
const (
	leastPreview = 10
	mostPreview  = 600
)

// TrackerPrefs are what a person chose for the tracker on this computer. What a contract asks for is in its terms.
type TrackerPrefs struct {
	Preview int64 `json:"preview"` // seconds a screenshot is shown before it may leave, 10 to 600
	Sound   bool  `json:"sound"`   // a short tone when one is taken
	Blur    bool  `json:"blur"`    // every one is blurred before anything is kept
	Main    bool  `json:"main"`    // the main display alone, else all
	OnTop   bool  `json:"onTop"`   // the mini tracker stays above other windows
	Login   bool  `json:"login"`   // Trestle starts in the tray when the person signs in
	CanAuto bool  `json:"canAuto"` // this system can be asked to do so
}

func firstTrackerPrefs() TrackerPrefs { return TrackerPrefs{Preview: leastPreview, OnTop: true} }

// sound puts what lies out of bounds back into them.
func (p TrackerPrefs) sound() TrackerPrefs {
	if p.Preview == 0 {
		p.Preview = leastPreview
	}
	p.Preview = min(max(p.Preview, leastPreview), mostPreview)
	return p
}

// trackerPrefs are the choices as they are kept.
func (c *Core) trackerPrefs() TrackerPrefs {
	if p := c.state.get().Tracker; p != nil {
		return p.sound()
	}
	return firstTrackerPrefs()
}

// Prefs are the tracker's settings on this computer.
func (t *Tracker) Prefs() (out TrackerPrefs, err error) {
	defer guard(&err)
	out = t.c.trackerPrefs()
	out.Login, out.CanAuto = startsAtLogin()
	return out, nil
}

// SetPrefs keeps the tracker's settings. A picture that is shown already keeps the time it was given.
func (t *Tracker) SetPrefs(in TrackerPrefs) (out TrackerPrefs, err error) {
	defer guard(&err)
	in = in.sound()
	if was, can := startsAtLogin(); can && was != in.Login {
		if err := startAtLogin(in.Login); err != nil {
			slog.Warn("start at sign-in", "error", traceOf(err))
			return out, Fail("autostart", "Starting with this desktop could not be changed: "+reason(err).Error()+". The other settings are as they were.")
		}
	}
	in.Login, in.CanAuto = false, false // the system keeps that one
	if err := t.c.state.change(func(s *state) { s.Tracker = &in }); err != nil {
		return out, err
	}
	t.c.changed("settings")
	return t.Prefs()
}

// TestShotView is a picture taken to see that pictures can be taken. It is nowhere but on the page.
type TestShotView struct {
	Picture  string `json:"picture"` // base64 JPEG; "" when none could be taken
	At       int64  `json:"at"`
	Displays int64  `json:"displays"`
	Reason   string `json:"reason"` // as a ShotView's
}

// testWidth is how wide the test picture is, in pixels.
const testWidth = 640

// TestShot takes a picture as the diary's are taken and hands it to the page alone: nothing of it is kept (T-07).
func (t *Tracker) TestShot() (out TestShotView, err error) {
	defer guard(&err)
	ctx, cancel := context.WithTimeout(context.Background(), 7*time.Second)
	defer cancel()
	out.At = time.Now().UnixMilli()
	list, err := grabDisplays(ctx, t.c.trackerPrefs().Main)
	if err != nil {
		out.Reason = string(shotReason(err))
		return out, nil
	}
	var body bytes.Buffer
	if err := jpeg.Encode(&body, annotate.Scale(joinShots(list), testWidth, annotate.MaxSide), &jpeg.Options{Quality: 75}); err != nil {
		return out, err
	}
	out.Picture, out.Displays = base64.StdEncoding.EncodeToString(body.Bytes()), int64(len(list))
	return out, nil
}

// grabDisplays takes one picture of every display at one moment, or of the main one alone.
func grabDisplays(ctx context.Context, main bool) ([]screen.Shot, error) {
	g, err := screen.Open()
	if err != nil {
		return nil, err
	}
	list, _, err := g.Grab(ctx)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, screen.ErrNoDisplay
	}
	if main {
		for _, s := range list {
			if s.Primary {
				return []screen.Shot{s}, nil
			}
		}
		return list[:1], nil
	}
	return list, nil
}
