package app

import (
	"context"
	"encoding/json"
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

// NotSent is the Not sent drawer: what was refused and what waits.
func (o *Outbox) NotSent() (out NotSentView, err error) {
	defer guard(&err)
	s, err := o.c.here()
	if err != nil {
		return emptyNotSent(), err
	}
	return s.notSent()
}

// Retry sends something again that was refused.
func (o *Outbox) Retry(in IDIn) (err error) {
	defer guard(&err)
	s, err := o.c.here()
	if err != nil {
		return err
	}
	if err := s.retry(in.ID); err != nil {
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
	return s.discard(in.ID)
}

// Edit takes a message back into the box of its room.
func (o *Outbox) Edit(in IDIn) (out EditedOut, err error) {
	defer guard(&err)
	s, err := o.c.here()
	if err != nil {
		return out, err
	}
	return s.edit(in.ID)
}

// Export is everything that was not sent, drafts and running time too, as a text to keep.
func (o *Outbox) Export() (out Document, err error) {
	defer guard(&err)
	if o.c.stuck != nil {
		out, err = o.c.aside("text")
	} else if s, e := o.c.here(); e != nil {
		err = e
	} else {
		out, err = s.unsentDocument("text")
	}
	if err != nil {
		return Document{}, err
	}
	return o.c.keep(out, "Save what was not sent"), nil
}

// Bytes is what this program cannot read, as it is stored, for a newer version or for whoever can make sense of it.
func (o *Outbox) Bytes(in IDIn) (out Document, err error) {
	defer guard(&err)
	s, err := o.c.here()
	if err != nil {
		return out, err
	}
	i, _, err := s.item(in.ID)
	if err != nil {
		return out, err
	}
	kept := keptOf(i)
	body, err := json.MarshalIndent(kept, "", "  ")
	if err != nil {
		return out, err
	}
	return o.c.keep(Document{Name: "trestle-" + i.ID + ".json", Text: string(body) + "\n"}, "Save what cannot be sent"), nil
}
