package replica

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"trestle/internal/outbox"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Gone are roots the account may not read any more.
type Gone struct{ Scopes []workroom.Scope }

func (c Gone) durable() bool { return true }

func (c Gone) apply(t *tx) error {
	m := touched{}
	for _, s := range c.Scopes {
		if err := t.takeAway(s, m); err != nil {
			return err
		}
	}
	return t.rebase(m)
}

// takeAway is purge, unless the person is being asked whether what opened the scope still holds.
func (t *tx) takeAway(name workroom.Scope, m touched) error {
	if open, err := t.openQuestion(name); err != nil || open {
		return err
	}
	return t.purge(name, m)
}

// purge removes every trace of a scope and of those below it: rows, spans, effects, index entries, bytes. What waits for it is refused
// with its text kept, a draft too (sync.md §10). Where the grant said so, the service's rows and their bytes stay as an archive to read.
func (t *tx) purge(name workroom.Scope, m touched) error {
	s, err := t.scope(name)
	if err != nil {
		return err
	}
	gone := []*scopeRow{s}
	if name.Kind() == "k" && name.Part() == "" {
		diaries, err := scopesLike(t.link, "d:"+name.Owner()+":")
		if err != nil {
			return err
		}
		gone = append(gone, diaries...)
	}
	if name.Kind() == "r" {
		receipts, err := findScope(t.link, workroom.ReceiptScope(workroom.RoomID(name.Owner())))
		if err != nil {
			return err
		}
		if receipts != nil {
			gone = append(gone, receipts)
		}
	}
	keep := s.retain && (s.state == Whole || s.state == Stale)
	for _, s := range gone {
		if s.state == Taken || s.state == Archived {
			continue
		}
		why, err := t.taken(s)
		if err != nil {
			return fmt.Errorf("purge %s: %w", s.name, err)
		}
		if err := t.refuseScope(s.name, why, m); err != nil {
			return err
		}
		for _, q := range []string{`DELETE FROM effect WHERE sc=?`, `DELETE FROM ahead WHERE sc=?`, `DELETE FROM unproven WHERE sc=?`} {
			if _, err := t.Exec(q, s.sc); err != nil {
				return fmt.Errorf("purge %s: %w", s.name, err)
			}
		}
		if _, err := t.Exec(`DELETE FROM sent WHERE lane IN (?,?)`, string(s.name), "diary:"+s.name.Owner()); err != nil {
			return fmt.Errorf("purge %s: %w", s.name, err)
		}
		if s.name.Kind() == "r" {
			room := workroom.RoomID(s.name.Owner())
			if err := t.keepDraft(room, why); err != nil {
				return fmt.Errorf("purge %s: %w", s.name, err)
			}
			t.r.parted.Store(room, why)
			t.tell(DraftScope)
		}
		if err := t.r.o.Fail(PointPurge); err != nil {
			return err
		}
		if keep && s.name.Kind() != "rc" { // its numbers are worth nothing after the grant: let in again, it may be in another history
			if err := t.unnumber(s, m); err != nil {
				return fmt.Errorf("archive %s: %w", s.name, err)
			}
			s.gen, s.seq, s.tag, s.state = 0, 0, "", Archived
		} else {
			if err := t.erase(s, m); err != nil {
				return fmt.Errorf("purge %s: %w", s.name, err)
			}
			s.gen, s.seq, s.tag, s.msgs, s.state = 0, 0, "", 0, Taken
		}
		if err := t.saveScope(s); err != nil {
			return err
		}
		delete(t.scopes, s.name)
		m[spot{s.sc, "", ""}] = true
		t.tell(s.name)
	}
	return nil
}

// missing empties a diary week, or a room's receipts, that the service does not have although the contract or room is open to the account: it
// went back to a state of before. It is no right that ended, so what waits for it stays and brings it back; the contract then tells of the
// week (revive), the service of the receipts when they are watched. It answers false for any other scope.
func (t *tx) missing(name workroom.Scope, m touched) (bool, error) {
	if name.Root() == name {
		return false, nil
	}
	k, err := t.scope(name.Root())
	if err != nil || k.state != Whole {
		return false, err
	}
	s, err := t.scope(name)
	if err != nil {
		return false, err
	}
	if err := t.erase(s, m); err != nil {
		return false, fmt.Errorf("empty %s: %w", name, err)
	}
	for _, q := range []string{`DELETE FROM ahead WHERE sc=?`, `DELETE FROM unproven WHERE sc=?`} {
		if _, err := t.Exec(q, s.sc); err != nil {
			return false, fmt.Errorf("empty %s: %w", name, err)
		}
	}
	s.gen, s.seq, s.tag, s.msgs, s.state = 0, 0, "", 0, Taken
	if name.Kind() == "rc" {
		s.state = Named
	}
	m[spot{s.sc, "", ""}] = true
	t.tell(name)
	return true, t.saveScope(s)
}

// revive lets a diary week be asked for again that was not there before: its contract has news of it.
func (t *tx) revive(week *wire.Thing) error {
	name := workroom.DiaryScope(workroom.ContractID(week.Scope.Owner()), week.ID)
	if !name.Valid() || week.Gone {
		return nil
	}
	s, err := t.scope(name)
	if err != nil || s.state != Taken {
		return err
	}
	s.state = Named
	return t.saveScope(s)
}

// erase deletes all the service's rows of a scope with their index entries, spans and bytes. What waits over one of them is touched, where m is
// given.
func (t *tx) erase(s *scopeRow, m touched) error {
	if err := t.sweep(m, `sc=?`, s.sc); err != nil {
		return err
	}
	if err := t.scrubs(s.name, every, every); err != nil {
		return err
	}
	if _, err := t.Exec(`DELETE FROM span WHERE sc=?`, s.sc); err != nil {
		return err
	}
	return t.forgetFilesOf(s.name)
}

// EraseArchive deletes an archive for good, because the person wishes it or its time is over.
func (r *Replica) EraseArchive(ctx context.Context, root workroom.Scope) error {
	return r.write(ctx, true, func(t *tx) error {
		s, err := t.scope(root)
		if err != nil {
			return err
		}
		list := []*scopeRow{s}
		if root.Kind() == "k" && root.Part() == "" {
			diaries, err := scopesLike(t.link, "d:"+root.Owner()+":")
			if err != nil {
				return err
			}
			list = append(list, diaries...)
		}
		for _, s := range list {
			if s.state != Archived {
				continue
			}
			if err := t.erase(s, nil); err != nil {
				return fmt.Errorf("erase archive %s: %w", s.name, err)
			}
			s.msgs, s.state = 0, Taken
			if err := t.saveScope(s); err != nil {
				return err
			}
			t.tell(s.name)
		}
		return nil
	})
}

// taken says to a person what is taken away by its name, which nothing here will know afterwards. It is as the service's rows call it: what a
// person's own waiting commands made of it is nobody else's.
func (t *tx) taken(s *scopeRow) (string, error) {
	kind, says := workroom.KindRoom, "You are no longer in %s."
	if s.name.Kind() == "k" && s.name.Part() == "" {
		kind, says = workroom.KindContract, "%s is no longer open to you."
	} else if s.name.Kind() != "r" {
		return workroom.Refuse(workroom.NoAccess).Text, nil
	}
	var body []byte
	if _, err := t.scan(`SELECT body FROM base WHERE sc=? AND kind=? AND id=? AND gone=0`, []any{s.sc, string(kind), s.name.Owner()}, &body); err != nil {
		return "", err
	}
	var it struct{ Name, Title string }
	if len(body) == 0 || json.Unmarshal(body, &it) != nil || it.Name+it.Title == "" {
		return workroom.Refuse(workroom.NoAccess).Text, nil
	}
	return fmt.Sprintf(says, workroom.SafeLabel(it.Name+it.Title, workroom.MaxTitle)), nil
}

// refuseScope refuses the waiting commands and uploads that concern a scope. What the service has refused for the same reason already, a
// moment before the grant was taken away, says why too.
func (t *tx) refuseScope(name workroom.Scope, why string, m touched) error {
	rows, err := outbox.ListFull(t)
	if err != nil {
		return err
	}
	for i := range rows {
		known := rows[i].Verdict == outbox.Rejected && rows[i].Code == workroom.NoAccess
		if rows[i].Verdict != outbox.None && !known || !concerns(&rows[i], name) {
			continue
		}
		if known {
			if err := outbox.Judge(t, rows[i].N, outbox.Rejected, workroom.NoAccess, why, ""); err != nil {
				return err
			}
			continue
		}
		if err := t.refuse(&rows[i], outbox.Rejected, workroom.NoAccess, why, "", m); err != nil && !errors.Is(err, outbox.ErrMissing) {
			return err
		}
	}
	t.tell(OutboxScope)
	return nil
}

func concerns(row *outbox.Row, name workroom.Scope) bool {
	if row.Op == workroom.OpUpload {
		u, err := DecodeUpload(row)
		return err == nil && u.Scope == name
	}
	c, err := outbox.Decode(*row)
	if err != nil {
		return row.Lane == string(name)
	}
	return slices.Contains(c.Scopes(), name)
}
