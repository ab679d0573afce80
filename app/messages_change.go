package app

import (
	"context"
	"errors"
	"slices"

	"trestle/internal/markup"
	"trestle/internal/outbox"
	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// This file is what a person does to a message that is there: edit, delete, react, look at what it said before.

// Reword gives a message of one's own other words (M-26). One that was never sent is sent with them instead, as if it had never said
// anything else.
func (r *Rooms) Reword(in RewordIn) (out MessageRow, err error) {
	defer guard(&err)
	s, room, _, err := r.in(in.Room)
	if err != nil {
		return out, err
	}
	if err := s.reword(room, in.Message, in.Text, workroom.ContactReason(in.Reason)); err != nil {
		return out, err
	}
	out, _, err = s.sentRow(room, in.Message)
	return out, err
}

func (s *Session) reword(room workroom.RoomID, id, text string, why workroom.ContactReason) error {
	text, err := s.readable(room, text)
	if err != nil {
		return err
	}
	own, c, err := s.neverSent(id)
	if err != nil {
		return err
	}
	if own != nil {
		c.Text = text
		if why != "" {
			c.Contact = why
		}
		if err := s.held(c); err != nil {
			return err
		}
		_, err = s.replica.EditArgs(context.Background(), id, c, own.After)
		if refused := (*workroom.Refusal)(nil); !errors.As(err, &refused) || refused.Code != workroom.Busy {
			return err
		} // it was attempted meanwhile: the edit follows it
	}
	_, err = s.enqueue(workroom.EditMessage{Room: room, Message: id, Text: text, Contact: why}, enqueueOpts{})
	return err
}

// neverSent is the row of a message that waits and was never attempted; nil if there is none.
func (s *Session) neverSent(id string) (*replica.Item, workroom.SendMessage, error) {
	list, err := s.replica.Outbox(context.Background())
	if err != nil {
		return nil, workroom.SendMessage{}, err
	}
	for i := range list {
		c, ok := list[i].Command.(workroom.SendMessage)
		if ok && list[i].ID == id && list[i].Verdict == outbox.None && list[i].Attempts == 0 {
			return &list[i], c, nil
		}
	}
	return nil, workroom.SendMessage{}, nil
}

// React puts one's emoji under a message, or takes it away (M-28).
func (r *Rooms) React(in ReactIn) (err error) {
	defer guard(&err)
	s, room, _, err := r.in(in.Room)
	if err != nil {
		return err
	}
	_, err = s.enqueue(workroom.React{Room: room, Message: in.Message, Emoji: in.Emoji, On: in.On}, enqueueOpts{})
	return err
}

// Wordings is what an edited message said before, newest first (M-26).
func (r *Rooms) Wordings(in MessageIn) (out WordingsView, err error) {
	defer guard(&err)
	out.Wordings = []WordingRow{}
	s, room, _, err := r.in(in.Room)
	if err != nil {
		return out, err
	}
	m, err := s.message(room, in.Message)
	if err != nil {
		return out, err
	}
	people, err := s.people(room)
	if err != nil {
		return out, err
	}
	for _, w := range slices.Backward(m.Wordings) {
		out.Wordings = append(out.Wordings, WordingRow{HTML: markup.HTML(w.Text, mentionsOf(people)), Text: w.Text, At: w.At / 1000})
	}
	return out, nil
}

// message reads a message that is here.
func (s *Session) message(room workroom.RoomID, id string) (*workroom.Message, error) {
	if !workroom.ValidID(id) {
		return nil, workroom.Refuse(workroom.NoAccess)
	}
	x, known, err := s.replica.Thing(context.Background(), workroom.Ref{Scope: workroom.RoomScope(room), Kind: workroom.KindMessage, ID: id})
	if err != nil {
		return nil, err
	}
	m, ok := x.Thing.(*workroom.Message)
	if known != workroom.Held || !ok {
		return nil, workroom.Refuse(workroom.Gone)
	}
	return m, nil
}

// quote is the message that another one answers, nil if it answers none. What somebody one blocked wrote is folded there, too (P-24).
func (s *Session) quote(room workroom.RoomID, id string, people []Person, blocked map[workroom.AccountID]bool) (*QuoteRow, error) {
	if id == "" {
		return nil, nil
	}
	q := &QuoteRow{ID: id, State: "away"}
	m, err := s.message(room, id)
	if refused := (*workroom.Refusal)(nil); errors.As(err, &refused) {
		return q, nil
	}
	if err != nil {
		return nil, err
	}
	q.Name, q.State = nameIn(people, string(m.Author)), "here"
	switch {
	case m.Removed:
		q.State = "removed"
		return q, nil
	case m.Deleted != 0:
		q.State = "deleted"
		return q, nil
	case blocked[m.Author]:
		q.State = "folded"
		return q, nil
	}
	q.Text = lineOf(m, people)
	return q, nil
}

func reactionRows(list []workroom.Reaction, people []Person, me workroom.AccountID) []ReactionRow {
	out := []ReactionRow{}
	for _, r := range list {
		row := ReactionRow{Emoji: r.Emoji, Count: int64(len(r.By)), Names: []string{}}
		for _, who := range r.By {
			if who == me {
				row.Mine = true
				continue
			}
			row.Names = append(row.Names, nameIn(people, string(who)))
		}
		if row.Mine {
			row.Names = append(row.Names, nameIn(people, string(me)))
		}
		out = append(out, row)
	}
	return out
}

// MarkUnread sets the read marker before a message, on all devices of the account (M-29). What is on screen is read again only on the next
// visit: that is the page's part.
func (r *Rooms) MarkUnread(in MessageIn) (err error) {
	defer guard(&err)
	s, room, _, err := r.in(in.Room)
	if err != nil {
		return err
	}
	ctx := context.Background()
	x, known, err := s.replica.Thing(ctx, workroom.Ref{Scope: workroom.RoomScope(room), Kind: workroom.KindMessage, ID: in.Message})
	if err != nil {
		return err
	}
	if known != workroom.Held || x.Num == 0 {
		return workroom.Refuse(workroom.Gone)
	}
	if err := s.followed(room, x); err != nil {
		return err
	}
	at, err := s.replica.Cursor(ctx, workroom.RoomScope(room))
	if err != nil {
		return err
	}
	cmd := workroom.SetMarker{Room: room, Who: s.me(), N: x.Num - 1, E: 1, Head: at.Msgs}
	old, known, err := s.replica.Thing(ctx, workroom.Ref{Scope: workroom.AccountScope(s.me()), Kind: workroom.KindMarker, ID: in.Room})
	if err != nil {
		return err
	}
	if m, ok := old.Thing.(*workroom.Marker); ok && known == workroom.Held {
		cmd.E = m.E + 1
	}
	_, err = s.enqueue(cmd, enqueueOpts{})
	return err
}

// followed refuses an own message behind which nobody else wrote: nothing would be unread.
func (s *Session) followed(room workroom.RoomID, x replica.Row) error {
	if m, ok := x.Thing.(*workroom.Message); !ok || m.Author != s.me() {
		return nil
	}
	last, err := s.heard(room)
	if err != nil {
		return err
	}
	if last != "" {
		at, err := s.bornOf(room, last)
		if err != nil || at > x.Born {
			return err
		}
	}
	return &workroom.Refusal{Code: workroom.BadInput, Text: "Own messages are never unread, and nobody wrote after this one."}
}

// Emoji is the table of the emoji panel.
func (r *Rooms) Emoji() (out EmojiView, err error) {
	defer guard(&err)
	out.Emoji = []EmojiRow{}
	for _, e := range markup.AllEmoji() {
		if workroom.IsEmoji(e.Text) {
			out.Emoji = append(out.Emoji, EmojiRow{Emoji: e.Text, Label: e.Label, Group: int64(e.Group), Names: notNil(e.Names), Search: notNil(e.Search)})
		}
	}
	return out, nil
}

func notNil(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
