package replica

import (
	"context"
	"fmt"
	"strings"

	"trestle/internal/outbox"
	"trestle/internal/workroom"
)

// This file keeps what stands in the box of a room that is taken away: nothing a person typed is deleted without them (M-07).

// KeepDraft puts what was being written in a room that was taken away meanwhile into Not sent, in the place of what was kept of the same
// words when the room went. Where the right to the room has ended (open is false) and the room has not gone yet, it is a draft until then.
// For every other room it answers false, and does nothing.
func (r *Replica) KeepDraft(ctx context.Context, d Draft, open bool) (kept bool, err error) {
	going := false
	look := func(l *link) error {
		s, err := findScope(l, workroom.RoomScope(d.Room))
		kept = s != nil && (s.state == Taken || s.state == Archived)
		going = s != nil && !open && (s.state == Whole || s.state == Stale)
		return err
	}
	if err := r.read(ctx, look); err != nil || !kept && !going {
		return false, err
	}
	d.At = r.o.Now().UnixMicro()
	return true, r.write(ctx, true, func(t *tx) error {
		if err := look(t.link); err != nil { // it may have gone meanwhile
			return err
		}
		if !kept {
			t.tell(DraftScope)
			return t.putDraft(d, false)
		}
		rows, err := outbox.Lane(t, string(workroom.RoomScope(d.Room)))
		if err != nil {
			return fmt.Errorf("keep a late draft: %w", err)
		}
		why := workroom.Refuse(workroom.NoAccess).Text
		if x, ok := r.parted.Load(d.Room); ok { // its name is nowhere else any more
			why, _ = x.(string)
		}
		for _, x := range rows {
			if x.Verdict != outbox.Rejected || x.Code != workroom.NoAccess {
				continue
			}
			why = x.Text // it knows the room's name
			if x.About != draft {
				continue
			}
			full, err := outbox.ByN(t, x.N)
			if err == nil && earlier(full, d) {
				err = outbox.Delete(t, x.N)
			}
			if err != nil {
				return fmt.Errorf("keep a late draft: %w", err)
			}
		}
		t.tell(OutboxScope)
		return t.keep(d, why)
	})
}

// earlier reports whether a row holds the words of a draft as they were before some more were written.
func earlier(x *outbox.Row, d Draft) bool {
	c, err := outbox.Decode(*x)
	if err != nil {
		return false
	}
	switch c := c.(type) {
	case workroom.SendMessage:
		return strings.HasPrefix(d.Text, c.Text)
	case workroom.EditMessage:
		return c.Message == d.Beside.Edit && strings.HasPrefix(d.Beside.Words, c.Text)
	}
	return false
}

// keepDraft moves what stands in the composer of a room that goes to Not sent.
func (t *tx) keepDraft(room workroom.RoomID, why string) error {
	list, err := readDrafts(t.link, draftsOf+` WHERE room=?`, string(room))
	if err != nil || len(list) == 0 {
		return err
	}
	if _, err := t.Exec(`DELETE FROM draft WHERE room=?`, string(room)); err != nil {
		return err
	}
	return t.keep(list[0], why)
}

// keep puts the words of a draft, and those of an edit that stands beside it, into Not sent.
func (t *tx) keep(d Draft, why string) error {
	if !workroom.Blank(d.Text) {
		if err := t.keepRefused(workroom.SendMessage{Room: d.Room, Text: d.Text, Reply: d.Beside.Reply}, why); err != nil {
			return err
		}
	}
	if d.Beside.Edit != "" && !workroom.Blank(d.Beside.Words) {
		return t.keepRefused(workroom.EditMessage{Room: d.Room, Message: d.Beside.Edit, Text: d.Beside.Words}, why)
	}
	return nil
}

// keepRefused puts a command that was never given into Not sent.
func (t *tx) keepRefused(c workroom.Command, why string) error {
	args, err := workroom.EncodeCommand(c)
	if err != nil {
		return err
	}
	row := &outbox.Row{ID: t.r.o.NewID(), Account: t.r.o.Account, Device: t.r.Device(), Lane: c.Lane(), About: draft, Op: c.Op(), V: workroom.Ops[c.Op()].V, Args: args,
		At: t.r.o.Now().UnixMicro()}
	if err := outbox.Insert(t, row); err != nil {
		return err
	}
	return outbox.Judge(t, row.N, outbox.Rejected, workroom.NoAccess, why, "")
}
