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

// undoLimit is how long a deletion waits for the page to say that the person did not take it back: well above the eight seconds of its
// undo, which last longer while somebody reads it. Only a page that is gone says nothing.
const undoLimit = time.Minute

// DeleteSoon notes that a message is to be deleted unless that is taken back: by Delete when the undo has run out, else when the page has
// been silent for long, or when the program begins again (M-27). Until then nothing is sent.
func (r *Rooms) DeleteSoon(in MessageIn) (err error) {
	defer guard(&err)
	s, room, _, err := r.in(in.Room)
	if err != nil {
		return err
	}
	d := replica.Deletion{Room: room, Message: in.Message}
	if err := s.replica.NoteDeletion(context.Background(), d, true); err != nil {
		return err
	}
	s.goes(func() {
		select {
		case <-s.ctx.Done():
		case <-time.After(undoLimit):
			s.deleteNoted(func(x replica.Deletion) bool { return x.Room == d.Room && x.Message == d.Message })
		}
	})
	return nil
}

// Undelete takes a deletion back that was only noted.
func (r *Rooms) Undelete(in MessageIn) (err error) {
	defer guard(&err)
	s, room, _, err := r.in(in.Room)
	if err != nil {
		return err
	}
	d := replica.Deletion{Room: room, Message: in.Message}
	list, err := s.replica.Deletions(context.Background())
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(list, func(x replica.Deletion) bool { return x.Room == d.Room && x.Message == d.Message }) {
		return workroom.Refuse(workroom.Gone) // too late
	}
	return s.replica.NoteDeletion(context.Background(), d, false)
}

// Delete takes a message of one's own away (M-27). One that was never sent is called off, and nobody will know of it.
func (r *Rooms) Delete(in MessageIn) (err error) {
	defer guard(&err)
	s, room, _, err := r.in(in.Room)
	if err != nil {
		return err
	}
	return s.delete(replica.Deletion{Room: room, Message: in.Message})
}

// delete deletes a message and forgets the note of it: also where it is refused, for the person hears of that.
func (s *Session) delete(d replica.Deletion) error {
	err := s.deleteNow(d)
	return errors.Join(err, s.replica.NoteDeletion(context.Background(), d, false))
}

func (s *Session) deleteNow(d replica.Deletion) error {
	own, _, err := s.neverSent(d.Message)
	if err != nil {
		return err
	}
	if own != nil {
		err = s.discard(d.Message)
		if refused := (*workroom.Refusal)(nil); !errors.As(err, &refused) || refused.Code != workroom.Busy {
			return err
		}
	}
	o := enqueueOpts{}
	if d.At != 0 { // its time is that of the act, whenever the program begins again: where the service says that it is too late, the message says so
		o.At = time.UnixMicro(d.At)
	}
	_, err = s.enqueue(workroom.DeleteMessage{Room: d.Room, Message: d.Message}, o)
	return err
}

// deleteNoted carries out the deletions that were noted and that a page will say nothing of any more.
func (s *Session) deleteNoted(which func(replica.Deletion) bool) {
	list, err := s.replica.Deletions(context.Background())
	for _, d := range list {
		if which(d) {
			err = errors.Join(err, s.delete(d))
		}
	}
	if err != nil {
		slog.Warn("delete what was to be deleted", "error", traceOf(err))
	}
}
