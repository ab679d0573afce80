package service

import (
	"crypto/sha256"
	"encoding/hex"

	"trestle/internal/markup"
	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// answerAway writes the automatic answers to a message that was just accepted, in the transaction that stores the message, so that there is
// never one without the other, whatever is killed when (M-34). Everybody in a direct, interview or contract room is written to; in a group
// only who is named. Each person gets one answer in each absence, in the room where they write first: a record under an id made of the two
// says that it was given. Only a person's own SendMessage is answered, so no answer is ever answered.
func (w *writer) answerAway(b *store.Batch, x *item) error {
	c, ok := x.does.(workroom.SendMessage)
	if !ok {
		return nil
	}
	from, room := x.caller.Account, workroom.RoomScope(c.Room)
	others, named, err := writtenTo(b, c, from)
	if err != nil || len(others) == 0 {
		return err
	}
	var scopes []workroom.Scope
	var refs []workroom.Ref
	for _, who := range others {
		s := workroom.AccountScope(who)
		scopes = append(scopes, s)
		refs = append(refs, workroom.AwayOf(who), workroom.Ref{Scope: s, Kind: workroom.KindAccount, ID: string(who)},
			workroom.Ref{Scope: s, Kind: workroom.KindBlock, ID: string(from)})
	}
	if err := b.Prefetch(refs); err != nil {
		return err
	}
	view, now := b.View(scopes), w.s.now()
	for _, who := range others {
		away, k := workroom.Get[*workroom.Away](view, workroom.AwayOf(who))
		if k != workroom.Held || !away.Now(now) || silent(view, who, from) {
			continue
		}
		if may, err := mayAnswer(b, who, c.Room, away.Text); err != nil {
			return err
		} else if !may {
			continue
		}
		id := answerID(who, away.Absence, from)
		had, err := b.Had(workroom.Ref{Scope: room, Kind: workroom.KindMessage, ID: id})
		if err != nil {
			return err
		}
		if had {
			continue
		}
		// Somebody who writes in two rooms at once is answered in one of them.
		given := &store.Record{Account: who, ID: id, Op: store.OpAnswered, Hash: id, Status: wire.OK, At: now.UnixMicro()}
		mine, err := b.Claim(given)
		if err != nil {
			return err
		}
		if !mine {
			continue
		}
		m := &workroom.Message{Author: who, Text: away.Text, At: now.UnixMicro(), Auto: true}
		if named {
			m.Reply = x.cmd.ID
		}
		// Nobody did it: as an act of its author's it would make the room count as read on all their devices.
		_, seqs, err := b.Write("", now, "", []workroom.Change{{Ref: workroom.Ref{Scope: room, Kind: workroom.KindMessage, ID: id}, Thing: m}})
		if err != nil {
			return err
		}
		if err := b.Place(given, seqs); err != nil {
			return err
		}
	}
	return view.Err
}

// silent reports whether nothing may pass from one account to another: the first is suspended, or one of the two blocked the other (P-24).
func silent(view workroom.Rows, by, to workroom.AccountID) bool {
	own := workroom.AccountScope(by)
	a, k := workroom.Get[*workroom.Account](view, workroom.Ref{Scope: own, Kind: workroom.KindAccount, ID: string(by)})
	if k == workroom.Held && a.Suspended != nil {
		return true
	}
	x, k := workroom.Get[*workroom.Block](view, workroom.Ref{Scope: own, Kind: workroom.KindBlock, ID: string(to)})
	return k == workroom.Held && x.Shut()
}

// writtenTo are the members of a room, but its sender, whom a message is meant for; named says that it names them.
func writtenTo(b *store.Batch, c workroom.SendMessage, from workroom.AccountID) (list []workroom.AccountID, named bool, err error) {
	s := workroom.RoomScope(c.Room)
	view := b.View([]workroom.Scope{s})
	r, k := workroom.Get[*workroom.Room](view, workroom.Ref{Scope: s, Kind: workroom.KindRoom, ID: string(c.Room)})
	if k != workroom.Held {
		return nil, false, view.Err
	}
	if r.Kind == workroom.GroupRoom {
		for _, id := range markup.Mentions(c.Text) {
			ref := workroom.Ref{Scope: s, Kind: workroom.KindMember, ID: id}
			if m, k := workroom.Get[*workroom.Member](view, ref); k == workroom.Held && m.Left == 0 && id != string(from) {
				list = append(list, workroom.AccountID(id))
			}
		}
		return list, true, view.Err
	}
	members, _ := view.All(s, workroom.KindMember)
	if err := b.Prefetch(members); err != nil {
		return nil, false, err
	}
	for _, ref := range members {
		if m, k := workroom.Get[*workroom.Member](view, ref); k == workroom.Held && m.Left == 0 && ref.ID != string(from) {
			list = append(list, workroom.AccountID(ref.ID))
		}
	}
	return list, false, view.Err
}

// answerID names the one automatic answer that somebody gives to somebody else in one absence.
func answerID(by workroom.AccountID, absence string, to workroom.AccountID) string {
	sum := sha256.Sum256([]byte("away\x00" + string(by) + "\x00" + absence + "\x00" + string(to)))
	return "away-" + hex.EncodeToString(sum[:16])
}
