package app

import (
	"context"

	"trestle/internal/outbox"
	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// This file is what a room's messages show of the outbox: those that were refused, and refused changes of those that are there.

// besides is what the messages of one room show beside what they say: the outbox, and whom I blocked.
type besides struct {
	uploads map[string]replica.Item // all that wait, by id of the file
	refused []replica.Item          // messages of the room, in their order
	unsaved map[string]*UnsavedRow  // by message, the newest change of it that was refused
	putOff  map[string]string       // of messages that wait, why the service put them off (P-25)
	blocked map[workroom.AccountID]bool
}

// besides reads it once for the messages of a room.
func (s *Session) besides(room workroom.RoomID) (besides, error) {
	list, err := s.replica.Outbox(context.Background())
	if err != nil {
		return besides{}, err
	}
	between, err := s.between()
	if err != nil {
		return besides{}, err
	}
	out := besides{unsaved: map[string]*UnsavedRow{}, putOff: map[string]string{}, blocked: between.blocked}
	out.uploads, _ = carriedFiles(list)
	newest := map[string]int64{}
	for _, i := range list {
		if i.Lane != string(workroom.RoomScope(room)) {
			continue
		}
		if i.Verdict == outbox.None {
			if i.State == outbox.Later {
				out.putOff[i.ID] = i.Text
			}
			continue
		}
		message := ""
		switch c := i.Command.(type) {
		case workroom.SendMessage:
			out.refused = append(out.refused, i)
		case workroom.EditMessage:
			message = c.Message
		case workroom.DeleteMessage:
			message = c.Message
		}
		if message == "" || i.N < newest[message] {
			continue
		}
		said := s.unsentRow(i, out.uploads)
		newest[message] = i.N
		out.unsaved[message] = &UnsavedRow{ID: i.ID, What: said.What, Text: said.Source, Code: said.Code, Reason: said.Reason, Retry: said.Retry}
	}
	return out, nil
}

// addRefused puts messages that the service refused where they would stand, red in place until the person decides.
func (s *Session) addRefused(w *Window, beside besides, people []Person) error {
	for _, i := range beside.refused {
		c := i.Command.(workroom.SendMessage)
		row := s.plainRow(i.ID, &workroom.Message{Author: s.me(), Text: c.Text, At: i.At, Files: c.Files}, people)
		var err error
		if row.Reply, err = s.quote(c.Room, c.Reply, people, beside.blocked); err != nil {
			return err
		}
		said := s.unsentRow(i, beside.uploads)
		row.State, row.Code, row.Reason, row.Retry, row.Files = "failed", said.Code, said.Reason, said.Retry, said.Files
		at := len(w.Messages)
		for at > 0 && w.Messages[at-1].Num == 0 && w.Messages[at-1].At > row.At {
			at--
		}
		w.Messages = append(w.Messages[:at], append([]MessageRow{row}, w.Messages[at:]...)...)
	}
	return nil
}
