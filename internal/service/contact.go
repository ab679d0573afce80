package service

import (
	"context"
	"fmt"
	"io"
	"slices"

	"trestle/internal/contact"
	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// settingContact is where the mode of the rule about contact details is kept (P-05).
const settingContact = "contact"

// contactMode is what an administrator chose; ask if nothing was.
func contactMode(v string) workroom.ContactMode {
	if m := workroom.ContactMode(v); m.Valid() {
		return m
	}
	return workroom.ContactAsk
}

// ContactMode reads how this service deals with contact details before a contract.
func (s *Service) ContactMode(ctx context.Context) (workroom.ContactMode, error) {
	v := ""
	err := s.store.Read(ctx, func(tx store.Tx) (err error) {
		v, err = tx.Setting(ctx, settingContact)
		return err
	})
	return contactMode(v), err
}

// SetContactMode chooses it, for every node, from the next command on.
func (s *Service) SetContactMode(ctx context.Context, m workroom.ContactMode) error {
	if !m.Valid() {
		return workroom.Bad("contact", "The rule about contact details is ask, refuse or off.")
	}
	err := s.store.Write(ctx, func(tx store.Tx) error { return tx.SetSetting(ctx, settingContact, string(m)) })
	if err == nil {
		s.log.InfoContext(ctx, "rule about contact details chosen", "mode", m)
	}
	return err
}

// speaks looks for contact details in what a command lets others read, before anything is locked. It answers the field that holds some, and
// what the words of a message hold that is for the administrator to judge.
func speaks(c workroom.Command) (field string, tells []contact.Kind) {
	sp, ok := c.(workroom.Speaker)
	if !ok {
		return "", nil
	}
	for _, t := range sp.Says().Texts {
		found := contact.Kinds(contact.Find(t.Text))
		if field == "" && slices.ContainsFunc(found, contact.Kind.Held) {
			field = t.Field
		}
		if t.Field == "text" {
			tells = telling(found)
		}
	}
	return field, tells
}

// heldBack refuses contact details before a contract without a reason (P-01, P-05 to P-10), whatever the program was that sent them. It asks
// the database only for a command that holds some, so the usual one costs a look at its text and nothing else. The rule's own verdict comes
// first: it says more.
func (w *writer) heldBack(b *store.Batch, x *item) (*workroom.Refusal, error) {
	sp, ok := x.does.(workroom.Speaker)
	if !ok {
		return nil, nil
	}
	field, said := x.speaks, sp.Says()
	if field == "" {
		for _, f := range x.files {
			if f.Contact {
				field = "files"
			}
		}
	}
	if field == "" {
		return nil, nil
	}
	v, err := b.Setting(settingContact)
	if err != nil {
		return nil, err
	}
	mode := contactMode(v)
	if mode.Takes(said.Reason) {
		return nil, nil
	}
	if said.Contract != "" {
		k := workroom.ContractScope(said.Contract)
		view := b.View([]workroom.Scope{k})
		n, known := workroom.Get[*workroom.Contract](view, workroom.Ref{Scope: k, Kind: workroom.KindContract, ID: string(said.Contract)})
		if view.Err != nil || known == workroom.Held && n.Started != 0 {
			return nil, view.Err
		}
	}
	if free, err := freeToShare(b, x.caller.Account, said.Room); free || err != nil {
		return nil, err
	}
	if said.Message != "" {
		view := b.View([]workroom.Scope{workroom.RoomScope(said.Room)})
		m, k := workroom.Get[*workroom.Message](view, workroom.Ref{Scope: workroom.RoomScope(said.Room), Kind: workroom.KindMessage, ID: said.Message})
		if view.Err != nil || k == workroom.Held && m.Contact != "" && mode.Takes(m.Contact) {
			return nil, view.Err
		}
	}
	r := workroom.Refuse(workroom.ContactDetails)
	r.Field = field
	return r, nil
}

// freeToShare reports whether an account may share contact details in a room, or with whoever answers an offer if it names none.
func freeToShare(b *store.Batch, who workroom.AccountID, id workroom.RoomID) (bool, error) {
	own := workroom.AccountScope(who)
	view := b.View([]workroom.Scope{own})
	me, k := workroom.Get[*workroom.Account](view, workroom.Ref{Scope: own, Kind: workroom.KindAccount, ID: string(who)})
	if view.Err != nil || k == workroom.Held && me.Business {
		return view.Err == nil, view.Err
	}
	if id == "" {
		return false, nil
	}
	kind, members, err := membersOf(b, id)
	if err != nil || kind == "" {
		return false, err
	}
	others := slices.DeleteFunc(othersOf(members, who), func(a workroom.AccountID) bool { return members[a].Business })
	met, err := b.Met(who, others)
	return workroom.MayShareContact(kind, who, members, func(a workroom.AccountID) bool { return met[a] }), err
}

// mayBeCalled refuses a name that is a way to somebody: everybody reads it before any contract (P-01). Streets are names, too.
func mayBeCalled(ctx context.Context, tx store.Tx, name string) error {
	ways := slices.DeleteFunc(contact.Kinds(contact.Held(name)), func(k contact.Kind) bool { return k == contact.Address || k == contact.Ask })
	if len(ways) == 0 {
		return nil
	}
	v, err := tx.Setting(ctx, settingContact)
	if err != nil || contactMode(v) == workroom.ContactOff {
		return err
	}
	r := workroom.Refuse(workroom.ContactDetails)
	r.Field, r.Text = "name", "A name holds no contact details: everybody here reads it, and they are shared once a contract has started."
	return r
}

// mayAnswer reports whether an automatic answer may go into a room in its author's name: one that holds contact details waits for a contract
// as anything else does (P-01), and nobody is there to name a reason.
func mayAnswer(b *store.Batch, who workroom.AccountID, room workroom.RoomID, text string) (bool, error) {
	if len(contact.Held(text)) == 0 {
		return true, nil
	}
	v, err := b.Setting(settingContact)
	if err != nil || contactMode(v) == workroom.ContactOff {
		return err == nil, err
	}
	return freeToShare(b, who, room)
}

// withhold takes the out-of-office texts with contact details out of what somebody is told of people with whom they had no contract that
// started (P-01); that and until when these are away is said all the same.
func withhold(ctx context.Context, tx store.Tx, who workroom.AccountID, people []wire.Person) error {
	var telling []workroom.AccountID
	for _, p := range people {
		if p.Away != nil && len(contact.Held(p.Away.Text)) > 0 {
			telling = append(telling, p.ID)
		}
	}
	if len(telling) == 0 {
		return nil
	}
	v, err := tx.Setting(ctx, settingContact)
	if err != nil || contactMode(v) == workroom.ContactOff {
		return err
	}
	free, err := tx.Met(ctx, who, telling)
	if err != nil {
		return err
	}
	own, err := tx.Own(ctx, append([]workroom.AccountID{who}, telling...), workroom.KindAccount)
	if err != nil {
		return err
	}
	business := func(id workroom.AccountID) bool {
		for _, t := range own[id] {
			if a, ok := t.(*workroom.Account); ok && a.Business {
				return true
			}
		}
		return false
	}
	for i, p := range people {
		if slices.Contains(telling, p.ID) && !free[p.ID] && !business(who) && !business(p.ID) {
			said := *p.Away
			said.Text = ""
			people[i].Away = &said
		}
	}
	return nil
}

// marked gives the members that a rule writes the mark of a Business client, which only the service knows of everybody (P-15).
func marked(b *store.Batch, changes []workroom.Change) error {
	for i, c := range changes {
		m, ok := c.Thing.(*workroom.Member)
		if !ok {
			continue
		}
		own := workroom.AccountScope(workroom.AccountID(c.Ref.ID))
		view := b.View([]workroom.Scope{own})
		acc, k := workroom.Get[*workroom.Account](view, workroom.Ref{Scope: own, Kind: workroom.KindAccount, ID: c.Ref.ID})
		if view.Err != nil {
			return view.Err
		}
		if business := k == workroom.Held && acc.Business; business != m.Business {
			n := *m
			n.Business = business
			changes[i].Thing = &n
		}
	}
	return nil
}

// detailed looks into a text file whose upload is complete for contact details.
func (s *Service) detailed(ctx context.Context, f *store.File) (bool, error) {
	if !contact.Readable(f.Name, f.Size) {
		return false, nil
	}
	in := s.files.Read(ctx, f.Space, f.Parts, f.Size)
	defer func() { _ = in.Close() }()
	body, err := io.ReadAll(io.LimitReader(in, contact.MaxText))
	if err != nil {
		s.lost(ctx, f, in)
		return false, fmt.Errorf("look into a text file: %w", err)
	}
	return len(contact.Held(contact.Text(body))) > 0, nil
}
