package app

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"

	"trestle/internal/markup"
	"trestle/internal/notify"
	"trestle/internal/workroom"
)

// noticeRules are what the account wants to be told of; nothing chosen tells everything at once.
func (s *Session) noticeRules() *workroom.NoticeRules {
	r, known, err := s.replica.Thing(context.Background(), workroom.NoticesOf(s.me()))
	if rules, ok := r.Thing.(*workroom.NoticeRules); ok && err == nil && known == workroom.Held {
		return rules
	}
	return &workroom.NoticeRules{}
}

// away is the account's out-of-office responder.
func (s *Session) away() *workroom.Away {
	r, known, err := s.replica.Thing(context.Background(), workroom.AwayOf(s.me()))
	if a, ok := r.Thing.(*workroom.Away); ok && err == nil && known == workroom.Held {
		return a
	}
	return &workroom.Away{}
}

// levelOf is what was chosen for a room.
func (s *Session) levelOf(room workroom.RoomID) notify.Level {
	r, known, err := s.replica.Thing(context.Background(), workroom.Ref{Scope: workroom.AccountScope(s.me()), Kind: workroom.KindPref, ID: string(room)})
	if p, ok := r.Thing.(*workroom.Pref); ok && err == nil && known == workroom.Held {
		switch p.Level {
		case workroom.LevelMentions:
			return notify.Mentions
		case workroom.LevelNone:
			return notify.None
		}
	}
	return notify.All
}

// roomTitle names a room for a notice; a direct room is the other person.
func (s *Session) roomTitle(r *workroom.Room, people []Person) string {
	if r.Kind == workroom.DirectRoom || r.Name == "" {
		return others(people)
	}
	return r.Name
}

// mentioned reports whether a message names this person.
func (s *Session) mentioned(m *workroom.Message) bool {
	return slices.Contains(markup.Mentions(m.Text), string(s.me()))
}

// act answers what a person chose on a notice.
func (n *noticeBoard) act(key, action string) {
	if place, own := strings.CutPrefix(key, ownNotice); own {
		n.s.core.show([]string{place})
		return
	}
	place := "room/" + key
	switch action {
	case noticeMute:
		if _, err := n.s.enqueue(workroom.SetPref{Room: workroom.RoomID(key), Who: n.s.me(), Level: new(workroom.LevelNone)}, enqueueOpts{}); err != nil {
			slog.Warn("mute a room from a notice", "error", traceOf(err))
		}
		ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
		defer cancel()
		n.withdraw(ctx, key)
		return
	case notify.ReplyAction:
		place += "/reply"
	default:
		n.mu.Lock()
		message := n.shown[key]
		n.mu.Unlock()
		if workroom.ValidID(message) {
			place += "/at/" + message
		}
	}
	n.s.core.show([]string{place})
}

// reply sends what a person wrote into a notice. What cannot be sent goes behind the room's draft, and is said.
func (n *noticeBoard) reply(key, text string) {
	room := workroom.RoomID(key)
	if !workroom.ValidID(key) || strings.TrimSpace(text) == "" {
		return
	}
	_, err := n.s.enqueue(workroom.SendMessage{Room: room, Text: text}, enqueueOpts{})
	if err == nil {
		return
	}
	slog.Info("reply from a notice", "error", traceOf(err))
	if err := n.s.keepWords(room, text); err != nil {
		slog.Warn("keep a reply", "error", traceOf(err))
	}
	n.s.core.tell("Not sent", AsFailure(err).Message, "room/"+key)
}

// eventWords tells that the program wrote into the draft of a room what was typed elsewhere: WordsOut.
const eventWords = "words"

// keepWords puts words behind those of a room's draft: nothing that a person wrote is thrown away.
func (s *Session) keepWords(room workroom.RoomID, text string) error {
	s.draftMu.Lock()
	defer s.draftMu.Unlock()
	d, err := s.replica.Draft(context.Background(), room)
	if err != nil {
		return err
	}
	d.Room = room
	if d.Text != "" {
		d.Text += "\n"
	}
	d.Text += text
	d.Cursor = unitsOf(d.Text)
	if err := s.replica.SaveDraft(context.Background(), d); err != nil {
		return err
	}
	s.core.Events.Publish(eventWords, WordsOut{Room: string(room), Text: text})
	return nil
}

// tellOf shows a notice of the program's own about a topic, unless the person wants none of it now.
func (c *Core) tellOf(topic workroom.Topic, title, body, place string) {
	c.mu.Lock()
	s := c.session
	c.mu.Unlock()
	if s == nil || s.notices == nil {
		return
	}
	now, rules := s.notices.now(), s.noticeRules()
	set := s.notices.settings(now)
	if rules.Mutes(topic) || set.Off || set.Hold || set.Quiet.Contain(now) {
		return
	}
	if set.HideContent {
		title, body = "Trestle", "There is something new."
	}
	c.tell(title, body, place)
}

// tell shows a notice of the program's own; a click on it leads to a place in the pages. Nothing happens where nothing can show it: the same
// stands in the window.
func (c *Core) tell(title, body, place string) {
	c.mu.Lock()
	s := c.session
	c.mu.Unlock()
	if s == nil || s.notices == nil || !c.state.get().Settings.Notices || s.noticeRules().Off {
		return
	}
	if show, failed := s.notices.sender(); show == nil && failed != nil {
		return
	}
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
		defer cancel()
		s.notices.put(ctx, notify.Notice{Key: ownNotice + place, Title: title, Body: body})
	}()
}

// badge redraws the tray and tells the window how much is unread.
func (c *Core) badge(count int) {
	c.mu.Lock()
	f := c.face
	c.unread = count
	c.mu.Unlock()
	select {
	case c.trayDirty <- struct{}{}:
	default:
	}
	if f != nil {
		f.Badge(count)
	}
}

// zoneOf is a time zone by its name, this computer's if there is no such.
func zoneOf(name string) *time.Location {
	if name == "" {
		return time.Local
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		return time.Local
	}
	return z
}
