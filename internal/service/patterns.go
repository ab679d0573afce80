package service

import (
	"slices"

	"trestle/internal/contact"
	"trestle/internal/service/store"
	"trestle/internal/workroom"
)

// telling are the kinds among what was found in a message that the administrator judges: those that its reader is warned of (P-17, P-18).
func telling(found []contact.Kind) []contact.Kind {
	return slices.DeleteFunc(found, func(k contact.Kind) bool {
		return k != contact.Ask && k != contact.Payment && k != contact.PastLedger
	})
}

// noticed puts a message that asks for contact details before a contract, or for money before one or past its ledger, into the administrator's
// queue, in the transaction of its command (P-25). A person judges it: nothing is done to the message or to who wrote it, neither is told, and
// of the room no other message is kept.
func (w *writer) noticed(b *store.Batch, x *item) error {
	if len(x.tells) == 0 {
		return nil
	}
	r := store.Report{Person: x.caller.Account, At: w.s.now().UnixMicro()}
	switch c := x.does.(type) {
	case workroom.SendMessage:
		r.Room, r.Message = c.Room, x.cmd.ID
	case workroom.EditMessage:
		r.Room, r.Message = c.Room, c.Message
	default:
		return nil
	}
	for _, k := range x.tells {
		r.Reason = workroom.PaysOutside
		var against bool
		var err error
		switch k {
		case contact.Ask:
			r.Reason = workroom.WantsContact
			against, err = asksTooEarly(b, r.Person, r.Room)
		case contact.Payment: // a Business client is not free of this rule
			against, err = unmet(b, r.Person, r.Room)
		default: // past the ledger is against the rules with a contract, too
			against, err = listened(b, r.Person, r.Room)
		}
		if err == nil && against {
			err = b.Notice(r)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// asksTooEarly reports whether what somebody asks for in a room may not be shared there yet.
func asksTooEarly(b *store.Batch, who workroom.AccountID, room workroom.RoomID) (bool, error) {
	v, err := b.Setting(settingContact)
	if err != nil || contactMode(v) == workroom.ContactOff {
		return false, err
	}
	free, err := freeToShare(b, who, room)
	return !free, err
}

// unmet reports whether somebody in a room had no contract with a member of it.
func unmet(b *store.Batch, who workroom.AccountID, room workroom.RoomID) (bool, error) {
	kind, members, err := membersOf(b, room)
	if err != nil || kind == workroom.InterviewRoom {
		return kind == workroom.InterviewRoom, err
	}
	others := othersOf(members, who)
	met, err := b.Met(who, others)
	return slices.ContainsFunc(others, func(a workroom.AccountID) bool { return !met[a] }), err
}

// listened reports whether anybody else is in a room.
func listened(b *store.Batch, who workroom.AccountID, room workroom.RoomID) (bool, error) {
	kind, members, err := membersOf(b, room)
	return kind == workroom.InterviewRoom || len(othersOf(members, who)) > 0, err
}

// membersOf are those who are or were in a room, as the batch has it by now.
func membersOf(b *store.Batch, id workroom.RoomID) (workroom.RoomKind, map[workroom.AccountID]*workroom.Member, error) {
	s := workroom.RoomScope(id)
	view := b.View([]workroom.Scope{s})
	room, k := workroom.Get[*workroom.Room](view, workroom.Ref{Scope: s, Kind: workroom.KindRoom, ID: string(id)})
	if k != workroom.Held {
		return "", nil, view.Err
	}
	refs, _ := view.All(s, workroom.KindMember)
	if err := b.Prefetch(refs); err != nil {
		return "", nil, err
	}
	members := map[workroom.AccountID]*workroom.Member{}
	for _, ref := range refs {
		if m, k := workroom.Get[*workroom.Member](view, ref); k == workroom.Held {
			members[workroom.AccountID(ref.ID)] = m
		}
	}
	return room.Kind, members, view.Err
}

// othersOf are the members of a room but one, without those who left.
func othersOf(members map[workroom.AccountID]*workroom.Member, who workroom.AccountID) []workroom.AccountID {
	var out []workroom.AccountID
	for id, m := range members {
		if id != who && m.Left == 0 {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}
