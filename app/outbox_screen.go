package app

import (
	"context"

	"trestle/internal/markup"
	"trestle/internal/outbox"
	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// Outbox is the Not sent drawer and the list of what waits.
type Outbox struct{ c *Core }

// List is everything that has not reached the service, oldest first.
func (o *Outbox) List() (out OutboxView, err error) {
	defer guard(&err)
	out = OutboxView{Rows: []OutboxRow{}}
	s, err := o.c.here()
	if err != nil {
		return out, err
	}
	list, err := s.replica.Outbox(context.Background())
	if err != nil {
		return out, err
	}
	for _, i := range list {
		out.Rows = append(out.Rows, OutboxRow{ID: i.ID, Op: string(i.Op), Lane: i.Lane, State: string(i.State), At: i.At / 1000,
			Attempts: int64(i.Attempts), Code: string(i.Code), Reason: i.Text})
	}
	return out, nil
}

// NotSent is what was refused for good, and what waits behind it.
func (o *Outbox) NotSent() (out NotSentView, err error) {
	defer guard(&err)
	out = NotSentView{Rows: []NotSentRow{}}
	s, err := o.c.here()
	if err != nil {
		return out, err
	}
	list, err := s.replica.Outbox(context.Background())
	if err != nil {
		return out, err
	}
	for _, i := range list {
		if i.Verdict == outbox.None && i.State != outbox.Held {
			continue
		}
		out.Rows = append(out.Rows, s.notSentRow(i))
	}
	return out, nil
}

func (s *Session) notSentRow(i replica.Item) NotSentRow {
	row := NotSentRow{ID: i.ID, What: string(i.Op), Code: string(i.Code), Reason: i.Text, At: i.At / 1000, State: "rejected"}
	if i.Verdict == outbox.None {
		row.State = "held"
	}
	switch c := i.Command.(type) {
	case workroom.SendMessage:
		row.What, row.Room, row.Text = "message", string(c.Room), markup.Plain(c.Text, markup.Options{})
		if _, r, err := s.room(string(c.Room)); err == nil {
			row.Where = r.Name
		}
	case workroom.ReportSlice:
		row.What, row.Text, row.Where = "time", c.Slice.Memo, s.title(c.Slice.Contract)
	case workroom.AddShot:
		row.What, row.Where = "screenshot", s.title(c.Shot.Contract)
	case workroom.SetActivity:
		row.What, row.Text, row.Where = "activity", c.Code, s.title(c.Contract)
	case workroom.CreateContract:
		row.What, row.Text = "contract", c.Title
	case workroom.AcceptContract, workroom.DeclineContract:
		row.What = "answer"
	}
	if i.Upload != nil {
		row.What, row.Text = "file", i.Upload.Name
	}
	return row
}

// Retry sends something again that was refused.
func (o *Outbox) Retry(in IDIn) (err error) {
	defer guard(&err)
	s, err := o.c.here()
	if err != nil {
		return err
	}
	if _, err := s.replica.Retry(context.Background(), in.ID); err != nil {
		return err
	}
	s.courier.Kick()
	return nil
}

// Discard takes something away that was refused, or that has not been sent yet.
func (o *Outbox) Discard(in IDIn) (err error) {
	defer guard(&err)
	s, err := o.c.here()
	if err != nil {
		return err
	}
	return s.replica.Discard(context.Background(), in.ID)
}
