package app

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// PartIn is something that is to be done in a room unless it is taken back: to leave it, to remove somebody, or to hand it over to them.
type PartIn struct {
	Room    string `json:"room"`
	What    string `json:"what"`    // leave, remove or handover
	Account string `json:"account"` // whom to remove or to hand over to; empty with leave
}

// PartSoon notes it: Leave, Remove or HandOver do it when the undo has run out, else it is done when the page has been silent for long, or
// when the program begins again (M-05, M-07). Until then nothing is sent.
func (r *Rooms) PartSoon(in PartIn) (err error) {
	defer guard(&err)
	s, p, err := r.parting(in)
	if err != nil {
		return err
	}
	if err := s.replica.NoteParting(context.Background(), p, true); err != nil {
		return err
	}
	s.goes(func() {
		select {
		case <-s.ctx.Done():
		case <-time.After(undoLimit):
			s.partNoted(func(x replica.Parting) bool { return x == p })
		}
	})
	return nil
}

// Unpart takes back what was only noted.
func (r *Rooms) Unpart(in PartIn) (err error) {
	defer guard(&err)
	s, p, err := r.parting(in)
	if err != nil {
		return err
	}
	list, err := s.replica.Partings(context.Background())
	if err != nil {
		return err
	}
	if !slices.Contains(list, p) {
		return workroom.Refuse(workroom.Gone) // too late
	}
	return s.replica.NoteParting(context.Background(), p, false)
}

// parting is what a page names, of a room that is here.
func (r *Rooms) parting(in PartIn) (*Session, replica.Parting, error) {
	s, room, _, err := r.in(in.Room)
	if err != nil {
		return nil, replica.Parting{}, err
	}
	p := replica.Parting{Room: room, What: in.What, Who: workroom.AccountID(in.Account)}
	if in.What == "leave" {
		p.Who = s.me()
	}
	if partCommand(p) == nil {
		return nil, p, workroom.Refuse(workroom.BadInput)
	}
	return s, p, nil
}

// partCommand is what is sent in the end; nil for what this version does not know.
func partCommand(p replica.Parting) workroom.Command {
	switch p.What {
	case "leave":
		return workroom.LeaveRoom{Room: p.Room, Who: p.Who}
	case "remove":
		return workroom.RemoveMember{Room: p.Room, Who: p.Who}
	case "handover":
		return workroom.HandOver{Room: p.Room, Who: p.Who}
	}
	return nil
}

// part gives the command and forgets the note of it: also where it is refused, for the person hears of that.
func (r *Rooms) part(in PartIn) error {
	s, p, err := r.parting(in)
	if err != nil {
		return err
	}
	return s.part(p)
}

func (s *Session) part(p replica.Parting) (err error) {
	if c := partCommand(p); c != nil {
		_, err = s.enqueue(c, enqueueOpts{})
	}
	return errors.Join(err, s.replica.NoteParting(context.Background(), p, false))
}

// partNoted does what was noted and a page will say nothing of any more. What somebody else did meanwhile (the room is gone, they left) is
// no trouble.
func (s *Session) partNoted(which func(replica.Parting) bool) {
	list, err := s.replica.Partings(context.Background())
	for _, p := range list {
		if which(p) {
			err = errors.Join(err, s.part(p))
		}
	}
	if err != nil {
		slog.Warn("leave or remove what was noted", "error", traceOf(err))
	}
}
