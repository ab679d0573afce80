package replica

import (
	"encoding/json"
	"fmt"
	"math"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

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
			missing, err := t.missing(o.Scope, m)
			if err == nil && !missing {
				err = t.takeAway(o.Scope, m)
			}
			if err != nil {
				return err
			}
			continue
		}
		if err := t.reopen(o, m); err != nil {
			return err
		}
	}
	if err := t.settle(m); err != nil {
		return err
	}
	return t.rebase(m)
}

// reopen puts a scope's present state in place of what was held, without ever leaving its room blank: undated things that are not in the
// answer go at the end, what was read of the history turns stale and stays on screen until it is asked anew (sync.md §10). Own acked rows
// ahead of that state stay. An answer older than the cursor of the same generation changes nothing.
func (t *tx) reopen(o *wire.Opened, m touched) error {
	s, err := t.scope(o.Scope)
	if err != nil {
		return err
	}
	if s.state == Whole && s.gen == o.Gen && o.Seq < s.seq {
		return nil // a later page was faster
	}
	lo := o.Floor
	if !o.More {
		lo = 0
	}
	if err := t.openSpan(s, lo, o.FromBorn); err != nil {
		return err
	}
	s.gen, s.seq, s.tag, s.from, s.msgs, s.state = o.Gen, o.Seq, o.Tag, o.FromBorn, o.Msgs, Whole
	if err := t.saveScope(s); err != nil {
		return err
	}
	if o.Scope.Kind() == "k" && o.Scope.Part() == "" {
		diaries := "d:" + o.Scope.Owner() + ":"
		if _, err := t.Exec(`UPDATE scope SET state='' WHERE name>=? AND name<? AND state IN ('gone','archive')`, diaries, after(diaries)); err != nil {
			return fmt.Errorf("open %s: %w", o.Scope, err)
		}
	}
	there := [][2]string{}
	for _, list := range [][]wire.Thing{o.Hot, o.Tail} {
		for i := range list {
			x := &list[i]
			if x.Scope != o.Scope {
				return fmt.Errorf("the state of %s holds what is not of it", o.Scope)
			}
			there = append(there, [2]string{string(x.Kind), x.ID})
			if err := t.merge(x, state, m); err != nil {
				return err
			}
		}
	}
	if err := t.r.o.Fail(PointReopen); err != nil {
		return err
	}
	if err := t.sweepMissing(s, o.Seq, lo, math.MaxInt64, true, there, m); err != nil {
		return err
	}
	if o.FromBorn > 0 {
		if err := t.sweep(m, `sc=? AND kind IN ('message','file') AND born<?`, s.sc, o.FromBorn); err != nil {
			return err
		}
	}
	// What was acked while nothing was held lies in no span: its end may be among what this answer leaves out.
	if err := t.sweep(m, `sc=? AND seq<=? AND gone=0 AND kind IN ('message','file')
		AND NOT EXISTS (SELECT 1 FROM span WHERE span.sc=base.sc AND lo<=born AND hi>=born)`, s.sc, o.Seq); err != nil {
		return err
	}
	if _, err := t.Exec(`DELETE FROM ahead WHERE sc=? AND seq<=?`, s.sc, o.Seq); err != nil {
		return fmt.Errorf("open %s: %w", o.Scope, err)
	}
	m[spot{s.sc, "", ""}] = true
	t.tell(o.Scope)
	return t.rerunAllIn(s.sc, m)
}

// openSpan makes everything from lo on whole and what lay below stale. A stale span ends where the old cursor stood: what was born between
// it and lo is not here.
func (t *tx) openSpan(s *scopeRow, lo, from int64) error {
	if err := t.stale(s); err != nil {
		return err
	}
	for _, q := range []string{
		`UPDATE span SET hi=MIN(hi,?2-1) WHERE sc=?1 AND ?3>=0`,
		`DELETE FROM span WHERE sc=?1 AND (lo>hi OR hi<?3) AND ?2>=0`,
		`INSERT INTO span(sc,lo,hi,state) SELECT ?1,?2,9223372036854775807,'have' WHERE ?3>=0`,
	} {
		if _, err := t.Exec(q, s.sc, lo, from); err != nil {
			return fmt.Errorf("open span of %s: %w", s.name, err)
		}
	}
	return nil
}

// stale ends the trust in what was read of a scope up to its cursor. What was just being asked for is asked again.
func (t *tx) stale(s *scopeRow) error {
	hi := s.seq
	for _, k := range []workroom.Kind{workroom.KindMessage, workroom.KindFile} { // own acked ones may lie ahead of the cursor
		var born int64
		if _, err := t.scan(`SELECT COALESCE(MAX(born),0) FROM base WHERE sc=? AND kind=?`, []any{s.sc, string(k)}, &born); err != nil {
			return fmt.Errorf("turn spans of %s stale: %w", s.name, err)
		}
		hi = max(hi, born)
	}
	for _, q := range []string{
		`DELETE FROM span WHERE sc=?1 AND state='loading' AND ?2>=0`,
		`INSERT INTO span(sc,lo,hi,state) SELECT sc,lo,MIN(hi,?2),'stale' FROM span WHERE sc=?1 AND state='have' AND lo<=?2
		 ON CONFLICT(sc,state,lo) DO UPDATE SET hi=MAX(hi,excluded.hi)`,
		`DELETE FROM span WHERE sc=?1 AND state='have' AND ?2>=0`,
	} {
		if _, err := t.Exec(q, s.sc, hi); err != nil {
			return fmt.Errorf("turn spans of %s stale: %w", s.name, err)
		}
	}
	return nil
}

// sweepMissing deletes the rows of an interval of born numbers, and with hot the undated ones, that an answer as of seq does not name.
// Tombstones stay: whatever comes late, they keep the thing from living again.
func (t *tx) sweepMissing(s *scopeRow, seq, lo, hi int64, hot bool, there [][2]string, m touched) error {
	list, err := json.Marshal(there)
	if err != nil {
		return fmt.Errorf("sweep %s: %w", s.name, err)
	}
	const where = `sc=?1 AND seq<=?2 AND gone=0 AND (kind IN ('message','file') AND born>=?3 AND born<=?4 OR kind NOT IN ('message','file') AND ?5)
		AND (kind,id) NOT IN (SELECT json_extract(value,'$[0]'),json_extract(value,'$[1]') FROM json_each(?6))`
	args := []any{s.sc, seq, lo, hi, hot, string(list)}
	if err := t.untold(s, where, args); err != nil {
		return err
	}
	return t.sweep(m, where, args...)
}

// untold sees to it that words and pictures leave this machine whose end nobody told: they are missing at the service, which forgot even that they
// were deleted. The other files forget all of the scope and read it anew after a restore. What is missing because the service lost it, and
// has no number for that, comes back from whoever sent it.
func (t *tx) untold(s *scopeRow, where string, args []any) error {
	rows, err := t.Query(`SELECT kind,id,COALESCE(body,'') FROM base WHERE seq>0 AND kind IN ('message','file','shot','input') AND `+where, args...)
	if err != nil {
		return fmt.Errorf("sweep %s: %w", s.name, err)
	}
	defer rows.Close()
	n := 0
	var pictures []workroom.FileID
	for rows.Next() {
		var kind, id, body string
		if err := rows.Scan(&kind, &id, &body); err != nil {
			return fmt.Errorf("sweep %s: %w", s.name, err)
		}
		n++
		switch kind {
		case "file":
			pictures = append(pictures, workroom.FileID(id))
		case "shot":
			if x, err := workroom.Decode(workroom.KindShot, []byte(body)); err == nil {
				pictures = append(pictures, x.(*workroom.Shot).Files()...)
			}
		}
	}
	if err := rows.Close(); err != nil || n == 0 {
		return err
	}
	for _, f := range pictures {
		if err := t.forgetFileIn(s.name, string(f)); err != nil {
			return err
		}
	}
	return t.scrubs(s.name, every, every)
}

// sweep deletes base rows with their index entries, and adds them to the touched places where m is given.
func (t *tx) sweep(m touched, where string, args ...any) error {
	t.deletes()
	if m != nil {
		rows, err := t.Query(`SELECT sc,kind,id FROM base WHERE `+where, args...)
		if err != nil {
			return fmt.Errorf("sweep: %w", err)
		}
		for rows.Next() {
			var at spot
			if err := rows.Scan(&at.sc, &at.kind, &at.id); err != nil {
				rows.Close()
				return fmt.Errorf("sweep: %w", err)
			}
			m[at] = true
		}
		if err := rows.Close(); err != nil {
			return fmt.Errorf("sweep: %w", err)
		}
	}
	for _, q := range []string{
		`DELETE FROM find WHERE rowid IN (SELECT found FROM base WHERE found<>0 AND ` + where + `)`,
		`DELETE FROM base WHERE ` + where,
	} {
		if _, err := t.Exec(q, args...); err != nil {
			return fmt.Errorf("sweep: %w", err)
		}
	}
	return nil
}

// unfind takes one row out of the index, in the transaction that deletes or replaces it.
func (t *tx) unfind(sc int64, kind, id string) error {
	for _, q := range []string{
		`DELETE FROM find WHERE rowid=(SELECT found FROM base WHERE sc=? AND kind=? AND id=?)`,
		`UPDATE base SET found=0 WHERE sc=? AND kind=? AND id=?`,
	} {
		if _, err := t.Exec(q, sc, kind, id); err != nil {
			return fmt.Errorf("take out of the index: %w", err)
		}
	}
	return nil
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
