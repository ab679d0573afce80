package app

import (
	"context"
	"slices"
	"strings"

	"trestle/internal/outbox"
	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// This file is what a person decides about something in the outbox.

// item finds a row of the outbox and those whose ids it waits for.
func (s *Session) item(id string) (replica.Item, []replica.Item, error) {
	list, err := s.replica.Outbox(context.Background())
	if err != nil {
		return replica.Item{}, nil, err
	}
	at := slices.IndexFunc(list, func(i replica.Item) bool { return i.ID == id })
	if at < 0 {
		return replica.Item{}, nil, workroom.Refuse(workroom.Gone)
	}
	var parents []replica.Item
	for _, i := range list {
		if slices.Contains(list[at].After, i.ID) {
			parents = append(parents, i)
		}
	}
	return list[at], parents, nil
}

// retry sends something again. What it waits for and was refused itself goes first, and takes it along.
func (s *Session) retry(id string) error {
	i, parents, err := s.item(id)
	if err != nil {
		return err
	}
	ctx := context.Background()
	for _, p := range parents {
		if p.Verdict == outbox.None {
			continue
		}
		if _, err := s.replica.Retry(ctx, p.ID); err != nil {
			return err
		}
	}
	if now, _, err := s.item(i.ID); err != nil || now.Verdict == outbox.None {
		return nil // it went along, under a new id or its own
	}
	_, err = s.replica.Retry(ctx, i.ID)
	return err
}

// discard takes something away for good, and with a message the files that nothing else carries.
func (s *Session) discard(id string) error {
	i, parents, err := s.item(id)
	if err != nil {
		return err
	}
	if i.Upload != nil {
		return s.courier.StopUpload(context.Background(), i.ID)
	}
	if err := s.replica.Discard(context.Background(), i.ID); err != nil {
		return err
	}
	return s.callOff(parents)
}

// callOff ends the uploads among some rows that nothing in the outbox waits for any more.
func (s *Session) callOff(rows []replica.Item) error {
	list, err := s.replica.Outbox(context.Background())
	if err != nil {
		return err
	}
	for _, p := range rows {
		named := slices.ContainsFunc(list, func(i replica.Item) bool { return slices.Contains(i.After, p.ID) })
		if p.Upload == nil || named {
			continue
		}
		if err := s.courier.StopUpload(context.Background(), p.ID); err != nil {
			return err
		}
	}
	return nil
}

// edit puts a message back into the box of its room, before what stands there, and takes it out of the outbox. The draft is written first:
// whatever ends the program between the two, the words are in one of them.
func (s *Session) edit(id string) (EditedOut, error) {
	out := EditedOut{}
	i, parents, err := s.item(id)
	if err != nil {
		return out, err
	}
	c, ok := i.Command.(workroom.SendMessage)
	if !ok {
		return out, workroom.Refuse(workroom.BadInput)
	}
	if i.Verdict == outbox.None && i.Attempts > 0 {
		return out, &workroom.Refusal{Code: workroom.Busy, Text: "This may have reached the service already. Wait until it answers."}
	}
	if _, r, err := s.room(string(c.Room)); err != nil {
		return out, err
	} else if r.Archived { // its words would vanish into a box that is not shown
		return out, workroom.Refuse(workroom.RoomArchived)
	}
	ctx := context.Background()
	d, err := s.replica.Draft(ctx, c.Room)
	if err != nil {
		return out, err
	}
	d.Cursor = unitsOf(c.Text)
	if strings.TrimSpace(d.Text) == "" {
		d.Text = c.Text
	} else {
		d.Text = c.Text + "\n" + d.Text
	}
	if d.Beside.Reply == "" {
		d.Beside.Reply = c.Reply
	}
	var back []workroom.FileRef
	for _, ref := range c.Files {
		// Under a new id, so that it can be sent while the old one is still being called off.
		sha, size, here, err := s.replica.LocalFile(ctx, string(ref.ID))
		if err != nil {
			return out, err
		}
		if !here || !s.blobs.Has(sha) {
			continue // its bytes are gone: it must be attached again
		}
		staged, err := s.stagedBlob(sha, size)
		if err != nil {
			return out, err
		}
		u, err := s.stageBlob(newID(), staged, ref.Name, workroom.RoomScope(c.Room))
		if err != nil {
			return out, err
		}
		ref.ID = u.ID
		back = append(back, ref)
	}
	d.Files = append(back, d.Files...)
	d.Files = d.Files[:min(len(d.Files), workroom.MaxFiles)]
	if err := s.replica.SaveDraft(ctx, d); err != nil {
		return out, err
	}
	if err := s.replica.Discard(ctx, i.ID); err != nil {
		return out, err
	}
	if err := s.callOff(parents); err != nil {
		return out, err
	}
	out.Room = string(c.Room)
	out.Draft, err = s.draft(c.Room)
	return out, err
}
