package app

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// This file reads the messages of a room in windows: the newest ones, those around a place that is gone to, those before and after what a
// page shows, and what it shows once more (M-24, M-31).

// Sizes of windows, in messages.
const (
	newestWindow = 100
	aWindow      = 200
	shownBefore  = 60 // before a place that is gone to, so that it stands among what led to it
)

// OpenIn names a room, and what of it the page shows: from message First to message Last, or on to the newest where Last is "". Without
// First it is opened: with its newest messages, or at the first that is not read.
type OpenIn struct {
	Room  string `json:"room"`
	To    string `json:"to"` // the account a direct room is with that is not there yet, or ""
	First string `json:"first"`
	Last  string `json:"last"`
}

// NewerIn asks for the messages after one.
type NewerIn struct {
	Room  string `json:"room"`
	After string `json:"after"` // message id
}

// AroundIn asks for the messages around a place: a message, the first of a moment, or one of a number. Without any it is where what is not
// read begins.
type AroundIn struct {
	Room    string `json:"room"`
	Message string `json:"message"`
	At      int64  `json:"at"` // Unix ms
	Num     int64  `json:"num"`
}

// AroundView is a window around a place. Place is the message that stands there. It is "" where that is not on this computer yet: then
// Loading says that more of it has come from the service and the same is to be asked again, and Reason why no more comes now.
type AroundView struct {
	Window Window `json:"window"`
	Place  string `json:"place"`
	Reason string `json:"reason"`
}

// Newest is the newest window of a room.
func (r *Rooms) Newest(in RoomIn) (out Window, err error) {
	defer guard(&err)
	s, id, _, err := r.in(in.Room)
	if err != nil {
		return out, err
	}
	return s.window(id, "", newestWindow)
}

// Older is the window before a message. Where older messages are at the service only, they are asked for and Loading is set; the room
// changes when they are here.
func (r *Rooms) Older(in OlderIn) (out Window, err error) {
	defer guard(&err)
	s, id, _, err := r.in(in.Room)
	if err != nil {
		return out, err
	}
	return s.window(id, in.Before, aWindow)
}

// Newer is the window after a message.
func (r *Rooms) Newer(in NewerIn) (out Window, err error) {
	defer guard(&err)
	s, id, _, err := r.in(in.Room)
	if err != nil {
		return out, err
	}
	born, err := s.bornOf(id, in.After)
	if err != nil {
		return out, err
	}
	return s.stretch(id, replica.Stretch{At: born + 1, After: aWindow})
}

// Bounds of one call of Around. A page calls again while more is coming.
const (
	aroundTime  = 3 * time.Second
	aroundPages = 20
)

// Around is the window around a place, however far back. What of the room is at the service only is fetched until the place is here, some
// pages a call.
func (r *Rooms) Around(in AroundIn) (out AroundView, err error) {
	defer guard(&err)
	s, id, _, err := r.in(in.Room)
	if err != nil {
		return out, err
	}
	if in.Message != "" && !workroom.ValidID(in.Message) {
		return out, workroom.Refuse(workroom.Gone)
	}
	if in.Message == "" && in.At == 0 && in.Num <= 0 {
		read, err := s.replica.Reading(context.Background(), id)
		if err != nil {
			return out, err
		}
		in.Num = read.To + 1
	}
	ctx, stop := context.WithTimeout(s.ctx, aroundTime)
	defer stop()
	for page := 0; ; page++ {
		born, behind, err := s.placeOf(id, in)
		if err != nil {
			return out, err
		}
		if born > 0 && !behind {
			out.Window, err = s.stretch(id, replica.Stretch{At: born, Before: shownBefore, After: aWindow - shownBefore})
			if err != nil {
				return out, err
			}
			for _, m := range out.Window.Messages {
				if x, err := s.bornOf(id, m.ID); err == nil && x >= born {
					out.Place = m.ID
					break
				}
			}
			return out, nil
		}
		if !behind {
			return out, workroom.Refuse(workroom.Gone)
		}
		out.Window = Window{Room: in.Room, Messages: []MessageRow{}, More: true}
		if page == aroundPages || ctx.Err() != nil {
			out.Window.Loading = true
			return out, nil
		}
		if _, err := s.courier.Older(ctx, workroom.RoomScope(id)); err != nil {
			if ctx.Err() != nil && s.ctx.Err() == nil {
				out.Window.Loading = true
				return out, nil
			}
			out.Reason = AsFailure(err).Message
			return out, nil
		}
	}
}

// placeOf finds where a place stands, 0 where it is not here. Behind says that it may be among what only the service has.
func (s *Session) placeOf(room workroom.RoomID, in AroundIn) (born int64, behind bool, err error) {
	ctx, scope := context.Background(), workroom.RoomScope(room)
	older, err := s.behind(scope)
	if err != nil {
		return 0, false, err
	}
	if in.Message != "" {
		x, known, err := s.replica.Thing(ctx, workroom.Ref{Scope: scope, Kind: workroom.KindMessage, ID: in.Message})
		if err != nil || known == workroom.Held {
			return x.Born, false, err
		}
		return 0, older, nil
	}
	find, want := s.replica.BornOfNumber, in.Num
	if in.Num <= 0 {
		find, want = s.replica.BornOfMoment, in.At*1000
	}
	first, err := s.replica.Stretch(ctx, scope, workroom.KindMessage, replica.Stretch{At: 1, After: 1})
	if err != nil || len(first.Rows) == 0 {
		return 0, older, err
	}
	oldest := first.Rows[0]
	if older && (in.Num > 0 && oldest.Num > in.Num || in.Num <= 0 && oldest.At >= want) {
		return 0, true, nil
	}
	born, ok, err := find(ctx, scope, want)
	if err != nil || ok {
		return born, false, err
	}
	w, err := s.replica.Window(ctx, scope, workroom.KindMessage, 0, 1) // all are of before: the newest
	if err != nil || len(w.Rows) == 0 {
		return 0, false, err
	}
	return w.Rows[0].Born, false, nil
}

// bornOf is where a message that is here stands in its room.
func (s *Session) bornOf(room workroom.RoomID, id string) (int64, error) {
	x, known, err := s.replica.Thing(context.Background(), workroom.Ref{Scope: workroom.RoomScope(room), Kind: workroom.KindMessage, ID: id})
	if err != nil {
		return 0, err
	}
	if known != workroom.Held {
		return 0, workroom.Refuse(workroom.Gone)
	}
	return x.Born, nil
}

// farthest is how many messages back what is not read may begin for a page to have it fetched: who was away for longer begins with the
// newest that are here.
const farthest = 5000

// opening is the window a room opens with, and the first message in it that is not read: the newest ones, or around the first unread where
// that is further back (M-31). Where that is at the service only, none is named though some are unread, and the page goes to it.
func (s *Session) opening(room workroom.RoomID, read replica.Reading) (w Window, first string, err error) {
	id, born, err := s.replica.FirstUnread(context.Background(), room)
	if err != nil {
		return w, "", err
	}
	_, far, err := s.placeOf(room, AroundIn{Num: read.To + 1})
	if err != nil {
		return w, "", err
	}
	if far && read.Unread > 0 && read.Last-read.To <= farthest {
		w, err = s.window(room, "", newestWindow)
		return w, "", err
	}
	if id != "" && read.Last-read.To > newestWindow {
		w, err = s.stretch(room, replica.Stretch{At: born, Before: shownBefore, After: aWindow - shownBefore})
	} else {
		w, err = s.window(room, "", newestWindow)
	}
	if slices.ContainsFunc(w.Messages, func(m MessageRow) bool { return m.ID == id }) {
		first = id
	}
	return w, first, err
}

// again is what a page shows, read once more. What it began with may be gone: then it is the newest window.
func (s *Session) again(room workroom.RoomID, first, last string) (Window, error) {
	from, err := s.bornOf(room, first)
	if err != nil {
		return s.window(room, "", newestWindow)
	}
	until := int64(0)
	if last != "" {
		if until, err = s.bornOf(room, last); err != nil {
			until = 0
		}
	}
	return s.stretch(room, replica.Stretch{At: from, After: replica.MaxStretch, Until: until})
}

// window reads messages before one (or the newest), oldest first, with those refused for good in their places.
func (s *Session) window(room workroom.RoomID, before string, limit int) (Window, error) {
	scope, born := workroom.RoomScope(room), int64(0)
	if before != "" {
		var err error
		if born, err = s.bornOf(room, before); err != nil {
			return Window{Room: string(room), Messages: []MessageRow{}}, err
		}
	}
	w, err := s.replica.Window(context.Background(), scope, workroom.KindMessage, born, limit)
	if err != nil {
		return Window{}, err
	}
	w.Newer = before != ""
	out, err := s.windowOf(room, w)
	if w.Older && !w.More && (before != "" || len(w.Rows) < limit) {
		out.Loading = true
		s.fetchOlder(scope, "older messages")
	}
	return out, err
}

// stretch reads messages around a place.
func (s *Session) stretch(room workroom.RoomID, want replica.Stretch) (Window, error) {
	w, err := s.replica.Stretch(context.Background(), workroom.RoomScope(room), workroom.KindMessage, want)
	if err != nil {
		return Window{}, err
	}
	return s.windowOf(room, w)
}

// windowOf makes a page's window of what the copy has.
func (s *Session) windowOf(room workroom.RoomID, w replica.Window) (Window, error) {
	scope := workroom.RoomScope(room)
	out := Window{Room: string(room), Messages: []MessageRow{}, More: w.More || w.Older, AtEnd: !w.Newer}
	at, err := s.replica.Cursor(context.Background(), scope)
	if err != nil {
		return out, err
	}
	out.Last = at.Msgs
	people, err := s.people(room)
	if err != nil {
		return out, err
	}
	beside, err := s.besides(room)
	if err != nil {
		return out, err
	}
	if w.Stale > 0 { // shown as it was before a reset of the service, until it was asked for anew
		s.fetchOlder(scope, "messages of before a reset")
	}
	marked, err := s.bookmarks()
	if err != nil {
		return out, err
	}
	for _, x := range w.Rows {
		m, ok := x.Thing.(*workroom.Message)
		if !ok { // written by a newer version; it is kept, and says so
			m = &workroom.Message{Author: x.By, At: x.At}
		}
		row, err := s.messageRow(room, x, m, people, beside)
		if err != nil {
			return out, err
		}
		if !ok {
			row.State = "unknown"
		}
		row.Bookmarked = marked[x.ID]
		out.Messages = append(out.Messages, row)
	}
	if out.AtEnd {
		return out, s.addRefused(&out, beside, people)
	}
	return out, nil
}

// fetchOlder asks the service for what is older than what is here; the room changes when it came.
func (s *Session) fetchOlder(scope workroom.Scope, what string) {
	s.goes(func() {
		if _, err := s.courier.Older(s.ctx, scope); err != nil && s.ctx.Err() == nil {
			slog.Info(what, "error", traceOf(err))
		}
	})
}
