package replica

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"trestle/internal/outbox"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Change is what may come from the service: Page, Frame, Opened, Gone, History, Results, Epoch.
type Change interface {
	apply(*tx) error
	durable() bool
}

// Apply is the one door for what the service says. Rows, cursors and effects move in one transaction; afterwards Changed tells which
// scopes to read again.
func (r *Replica) Apply(ctx context.Context, c Change) error {
	return r.write(ctx, c.durable(), c.apply)
}

// ErrStale says that a page does not follow the cursor any more; it is to be asked again.
var ErrStale = errors.New("the page does not follow the cursor")

// Page is what changed in a scope after a cursor.
type Page struct {
	Scope workroom.Scope
	Epoch string
	Gen   int64
	After int64
	wire.Page
}

func (c Page) durable() bool { return false }

func (c Page) apply(t *tx) error {
	s, err := t.scope(c.Scope)
	if err != nil {
		return err
	}
	if epoch, err := t.meta("epoch"); err != nil {
		return err
	} else if s.state != Whole || s.gen != c.Gen || s.seq != c.After || epoch != c.Epoch || c.Seq < c.After {
		return ErrStale
	}
	m := touched{}
	for i := range c.Things {
		if c.Things[i].Scope != c.Scope || c.Things[i].Seq > c.Seq {
			return fmt.Errorf("a page of %s holds what is not of it", c.Scope)
		}
		if err := t.merge(&c.Things[i], pulled, m); err != nil {
			return err
		}
	}
	if err := t.r.o.Fail("page"); err != nil {
		return err
	}
	s.seq, s.tag, s.msgs = c.Seq, c.Tag, max(s.msgs, c.Msgs)
	if err := t.saveScope(s); err != nil {
		return err
	}
	t.tell(c.Scope)
	return t.rebase(m)
}

// Opened is the present state of scopes, which replaces what was held of them.
type Opened struct {
	Epoch  string
	Scopes []wire.Opened
}

func (c Opened) durable() bool { return false }

func (c Opened) apply(t *tx) error {
	if epoch, err := t.meta("epoch"); err != nil {
		return err
	} else if epoch != c.Epoch {
		return ErrStale
	}
	m := touched{}
	for i := range c.Scopes {
		o := &c.Scopes[i]
		if o.Gone {
			if err := t.purge(o.Scope, m); err != nil {
				return err
			}
			continue
		}
		if err := t.reopen(o, m); err != nil {
			return err
		}
	}
	return t.rebase(m)
}

// reopen puts a scope's state in place of the rows held so far. Own acked rows ahead of that state stay.
func (t *tx) reopen(o *wire.Opened, m touched) error {
	s, err := t.scope(o.Scope)
	if err != nil {
		return err
	}
	rows, err := t.Query(`SELECT kind,id FROM base WHERE sc=? AND seq<=?`, s.sc, o.Seq)
	if err != nil {
		return fmt.Errorf("open %s: %w", o.Scope, err)
	}
	for rows.Next() {
		at := spot{sc: s.sc}
		if err := rows.Scan(&at.kind, &at.id); err != nil {
			rows.Close()
			return fmt.Errorf("open %s: %w", o.Scope, err)
		}
		m[at] = true
	}
	if err := rows.Close(); err != nil {
		return fmt.Errorf("open %s: %w", o.Scope, err)
	}
	for _, q := range []string{`DELETE FROM base WHERE sc=?1 AND seq<=?2`, `DELETE FROM span WHERE sc=?1 AND ?2>=0`} {
		if _, err := t.Exec(q, s.sc, o.Seq); err != nil {
			return fmt.Errorf("open %s: %w", o.Scope, err)
		}
	}
	s.gen, s.seq, s.tag, s.from, s.msgs, s.state = o.Gen, o.Seq, o.Tag, o.FromBorn, o.Msgs, Whole
	if err := t.saveScope(s); err != nil {
		return err
	}
	lo := o.Floor
	if !o.More {
		lo = 0
	}
	if _, err := t.Exec(`INSERT INTO span(sc,lo,hi,state) VALUES(?,?,?,'have')`, s.sc, lo, int64(math.MaxInt64)); err != nil {
		return fmt.Errorf("open %s: %w", o.Scope, err)
	}
	if o.Scope.Kind() == "k" && o.Scope.Part() == "" {
		diaries := "d:" + o.Scope.Owner() + ":"
		if _, err := t.Exec(`UPDATE scope SET state='' WHERE name>=? AND name<? AND state='gone'`, diaries, after(diaries)); err != nil {
			return fmt.Errorf("open %s: %w", o.Scope, err)
		}
	}
	for _, list := range [][]wire.Thing{o.Hot, o.Tail} {
		for i := range list {
			if list[i].Scope != o.Scope {
				return fmt.Errorf("the state of %s holds what is not of it", o.Scope)
			}
			if err := t.merge(&list[i], opened, m); err != nil {
				return err
			}
		}
	}
	m[spot{s.sc, "", ""}] = true
	t.tell(o.Scope)
	return t.rerunAllIn(s.sc, m)
}

// rerunAllIn touches everything waiting commands read in a scope, because a scope that is held answers "absent" where it could not tell.
func (t *tx) rerunAllIn(sc int64, m touched) error {
	rows, err := t.Query(`SELECT DISTINCT kind,id FROM effect_read WHERE sc=?`, sc)
	if err != nil {
		return fmt.Errorf("find what was read: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		at := spot{sc: sc}
		if err := rows.Scan(&at.kind, &at.id); err != nil {
			return fmt.Errorf("find what was read: %w", err)
		}
		m[at] = true
	}
	return rows.Err()
}

// Gone are roots the account may not read any more.
type Gone struct{ Scopes []workroom.Scope }

func (c Gone) durable() bool { return true }

func (c Gone) apply(t *tx) error {
	m := touched{}
	for _, s := range c.Scopes {
		if err := t.purge(s, m); err != nil {
			return err
		}
	}
	return t.rebase(m)
}

// purge removes every trace of a scope and of those below it: rows, spans, effects, bytes. What waits for it is refused with its text
// kept, a draft too (sync.md §10).
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
	for _, s := range gone {
		if s.state == Taken {
			continue
		}
		if err := t.refuseScope(s.name, m); err != nil {
			return err
		}
		for _, q := range []string{`DELETE FROM base WHERE sc=?`, `DELETE FROM span WHERE sc=?`, `DELETE FROM effect WHERE sc=?`} {
			if _, err := t.Exec(q, s.sc); err != nil {
				return fmt.Errorf("purge %s: %w", s.name, err)
			}
		}
		if _, err := t.Exec(`DELETE FROM sent WHERE lane IN (?,?)`, string(s.name), "diary:"+s.name.Owner()); err != nil {
			return fmt.Errorf("purge %s: %w", s.name, err)
		}
		if s.name.Kind() == "r" {
			if err := t.keepDraft(workroom.RoomID(s.name.Owner())); err != nil {
				return fmt.Errorf("purge %s: %w", s.name, err)
			}
			t.tell(DraftScope)
		}
		if err := t.forgetFilesOf(s.name); err != nil {
			return err
		}
		s.gen, s.seq, s.tag, s.msgs, s.state = 0, 0, "", 0, Taken
		if err := t.saveScope(s); err != nil {
			return err
		}
		delete(t.scopes, s.name)
		m[spot{s.sc, "", ""}] = true
		t.tell(s.name)
	}
	return nil
}

// keepDraft moves what stands in the composer of a room that is gone to Not sent: nothing a person typed is deleted without them.
func (t *tx) keepDraft(room workroom.RoomID) error {
	var text string
	ok, err := t.scan(`SELECT text FROM draft WHERE room=?`, []any{string(room)}, &text)
	if err != nil || !ok {
		return err
	}
	if _, err := t.Exec(`DELETE FROM draft WHERE room=?`, string(room)); err != nil {
		return err
	}
	if workroom.Blank(text) {
		return nil
	}
	c := workroom.SendMessage{Room: room, Text: text}
	args, err := workroom.EncodeCommand(c)
	if err != nil {
		return err
	}
	row := &outbox.Row{ID: t.r.o.NewID(), Account: t.r.o.Account, Device: t.r.o.Device, Lane: c.Lane(), Op: c.Op(), V: workroom.Ops[c.Op()].V, Args: args,
		At: t.r.o.Now().UnixMicro()}
	if err := outbox.Insert(t, row); err != nil {
		return err
	}
	no := workroom.Refuse(workroom.NoAccess)
	return outbox.Judge(t, row.N, outbox.Rejected, no.Code, no.Text, "")
}

// refuseScope refuses the waiting commands and uploads that concern a scope.
func (t *tx) refuseScope(name workroom.Scope, m touched) error {
	rows, err := outbox.ListFull(t)
	if err != nil {
		return err
	}
	no := workroom.Refuse(workroom.NoAccess)
	for i := range rows {
		if rows[i].Verdict != outbox.None || !concerns(&rows[i], name) {
			continue
		}
		if err := t.refuse(&rows[i], outbox.Rejected, no.Code, no.Text, "", m); err != nil && !errors.Is(err, outbox.ErrMissing) {
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
	c, err := workroom.DecodeCommand(row.Op, row.V, row.Args)
	if err != nil {
		return row.Lane == string(name)
	}
	return slices.Contains(c.Scopes(), name)
}

// Epoch is the history the service's numbers belong to now. In another one than before every cursor and span is void; what is on screen
// stays until the scopes were opened anew, and what waits stays waiting.
type Epoch struct{ Epoch string }

func (c Epoch) durable() bool { return true }

func (c Epoch) apply(t *tx) error {
	known, err := t.meta("epoch")
	if err != nil || known == c.Epoch {
		return err
	}
	if err := t.setMeta("epoch", c.Epoch); err != nil {
		return err
	}
	if known == "" {
		return nil
	}
	for _, q := range []string{
		`UPDATE scope SET gen=0,seq=0,tag='',state=CASE state WHEN 'open' THEN 'stale' ELSE state END`,
		`UPDATE base SET seq=0`, `DELETE FROM span WHERE state='loading'`,
	} {
		if _, err := t.Exec(q); err != nil {
			return fmt.Errorf("begin epoch: %w", err)
		}
	}
	t.scopes = map[workroom.Scope]*scopeRow{}
	return nil
}

// source says on which road a thing came.
type source int

const (
	pulled source = iota // by a page: dated things only where the copy is whole
	opened               // as part of a scope's state, or of asked history
	own                  // as what an acked command wrote
)

// merge takes one thing of the service into the copy: greater seq wins, a tombstone stays for ever, and nothing older than the account's
// grant is let in.
func (t *tx) merge(x *wire.Thing, from source, m touched) error {
	s, err := t.scope(x.Scope)
	if err != nil {
		return err
	}
	if s.state == Taken || x.Kind == "" || x.ID == "" {
		return nil
	}
	dated := x.Kind.Dated()
	if dated && x.Born < s.from {
		return nil
	}
	var seq int64
	here, err := t.scan(`SELECT seq FROM base WHERE sc=? AND kind=? AND id=?`, []any{s.sc, string(x.Kind), x.ID}, &seq)
	if err != nil {
		return fmt.Errorf("merge %s: %w", x.Kind, err)
	}
	if here && seq >= x.Seq {
		return nil
	}
	if from == own && !here && s.state == Whole && x.Seq <= s.seq {
		return nil // the state held is later than this answer: what is not in it was removed meanwhile
	}
	if dated && !here && from == pulled {
		var one int
		if in, err := t.scan(`SELECT 1 FROM span WHERE sc=? AND lo<=? AND hi>=? LIMIT 1`, []any{s.sc, x.Born, x.Born}, &one); err != nil {
			return fmt.Errorf("merge %s: %w", x.Kind, err)
		} else if !in {
			return nil
		}
	}
	var body any
	if !x.Gone {
		body = string(x.Body)
	}
	if _, err := t.Exec(`INSERT INTO base(sc,kind,id,seq,born,rev,mn,gone,actor,at,body) VALUES(?,?,?,?,?,?,?,?,?,?,?)
		ON CONFLICT(sc,kind,id) DO UPDATE SET seq=excluded.seq,born=excluded.born,rev=excluded.rev,mn=excluded.mn,gone=excluded.gone,
		actor=excluded.actor,at=excluded.at,body=excluded.body`,
		s.sc, string(x.Kind), x.ID, x.Seq, x.Born, x.Rev, x.Num, x.Gone, string(x.By), x.At, body); err != nil {
		return fmt.Errorf("merge %s: %w", x.Kind, err)
	}
	if x.Num > s.msgs {
		s.msgs = x.Num
		if err := t.saveScope(s); err != nil {
			return err
		}
	}
	m[spot{s.sc, string(x.Kind), x.ID}] = true
	t.tell(x.Scope)
	return nil
}

// Root reports whether a scope stands in the heads list of its own; a diary week does not.
func Root(s workroom.Scope) bool { return !strings.HasPrefix(string(s), "d:") }
