package proof

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"trestle/internal/outbox"
	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// spot is a row's place in a copy.
type spot struct {
	scope workroom.Scope
	kind  workroom.Kind
	id    string
}

// fold is base ⊕ effects built anew in memory: the second implementation of workroom.Rows on the desktop's side, against which the first
// is compared.
type fold struct {
	c      *Copy
	scopes map[workroom.Scope]*Held
	tops   map[spot]Effect
	err    error
}

func newFold(c *Copy) *fold {
	return &fold{c: c, scopes: map[workroom.Scope]*Held{}, tops: map[spot]Effect{}}
}

func (f *fold) scope(s workroom.Scope) *Held {
	if h, ok := f.scopes[s]; ok {
		return h
	}
	h, err := f.c.Scope(s)
	if err != nil {
		f.err = err
	}
	if h == nil {
		h = &Held{Name: s, Rows: map[string]Row{}}
	}
	f.scopes[s] = h
	return h
}

// Row is workroom.Rows.
func (f *fold) Row(ref workroom.Ref) (workroom.Thing, workroom.Known) {
	h := f.scope(ref.Scope)
	body, gone := "", false
	if e, ok := f.tops[spot{ref.Scope, ref.Kind, ref.ID}]; ok {
		body, gone = e.Body, e.Gone
	} else if r, ok := h.Rows[string(ref.Kind)+"/"+ref.ID]; ok {
		body, gone = r.Body, r.Gone
	} else if h.State == replica.Whole && !ref.Kind.Dated() {
		return nil, workroom.Absent
	} else {
		return nil, workroom.Unheld
	}
	if gone {
		return nil, workroom.Absent
	}
	t, err := workroom.Decode(ref.Kind, []byte(body))
	if err != nil {
		return nil, workroom.Unheld
	}
	return t, workroom.Held
}

// All is workroom.Rows.
func (f *fold) All(s workroom.Scope, k workroom.Kind) ([]workroom.Ref, workroom.Known) {
	h := f.scope(s)
	ids := map[string]bool{}
	for _, r := range h.Rows {
		if r.Kind == k && !r.Gone {
			ids[r.ID] = true
		}
	}
	for at, e := range f.tops {
		if at.scope == s && at.kind == k {
			ids[at.id] = !e.Gone
		}
	}
	var out []workroom.Ref
	for id, live := range ids {
		if live {
			out = append(out, workroom.Ref{Scope: s, Kind: k, ID: id})
		}
	}
	slices.SortFunc(out, func(a, b workroom.Ref) int { return strings.Compare(a.ID, b.ID) })
	if h.State != replica.Whole {
		return out, workroom.Unheld
	}
	return out, workroom.Held
}

// newBorn is where the order of things begins that the service has not numbered yet (sync.md §7).
const newBorn = int64(1) << 61

// add runs one waiting command over the fold and answers its effects.
func (f *fold) add(row *outbox.Row) []Effect {
	c, err := workroom.DecodeCommand(row.Op, row.V, row.Args)
	if err != nil || workroom.Ops[row.Op].Class != workroom.AtOnce || row.Verdict != outbox.None {
		return nil
	}
	changes, refusal := workroom.Run(c, workroom.Asked{ID: row.ID, By: row.Account, Device: row.Device, At: time.UnixMicro(row.At).UTC()}, f)
	if refusal != nil {
		return nil
	}
	var out []Effect
	for _, ch := range changes {
		h := f.scope(ch.Ref.Scope)
		at := spot{ch.Ref.Scope, ch.Ref.Kind, ch.Ref.ID}
		e := Effect{SC: h.SC, Kind: string(ch.Ref.Kind), ID: ch.Ref.ID, N: row.N, Born: newBorn + row.Pos, Gone: ch.Thing == nil}
		base, here := h.Rows[string(ch.Ref.Kind)+"/"+ch.Ref.ID]
		if here && ch.Ref.ID == row.ID {
			return nil // what it creates came before its answer
		}
		if top, ok := f.tops[at]; ok {
			e.Born = top.Born
		} else if here {
			e.Born = base.Born
		}
		if ch.Thing != nil {
			b, err := workroom.Encode(ch.Thing)
			if err != nil {
				f.err = err
			}
			e.Body = string(b)
		}
		out = append(out, e)
	}
	for i, ch := range changes {
		f.tops[spot{ch.Ref.Scope, ch.Ref.Kind, ch.Ref.ID}] = out[i]
	}
	return out
}

// CheckI8ViewPurity is "visible = fold(effects, base), effects = rules run again from scratch": the stored effects are what the rules of the
// waiting commands say over the copy as it is, no more and no less.
func CheckI8ViewPurity(c *Copy) (out []Violation, err error) {
	rows, err := c.Waiting()
	if err != nil {
		return nil, err
	}
	slices.SortFunc(rows, func(a, b outbox.Row) int { return int(a.N - b.N) })
	f := newFold(c)
	type at struct {
		n, sc    int64
		kind, id string
	}
	want := map[at]Effect{}
	who := map[int64]string{}
	for i := range rows {
		who[rows[i].N] = fmt.Sprint(rows[i].Op, " ", rows[i].ID)
		for _, e := range f.add(&rows[i]) {
			want[at{e.N, e.SC, e.Kind, e.ID}] = e
		}
	}
	have, err := c.Effects()
	if err != nil || f.err != nil {
		return nil, fmt.Errorf("run the rules again: %w", firstOf(err, f.err))
	}
	for _, e := range have {
		k := at{e.N, e.SC, e.Kind, e.ID}
		w, ok := want[k]
		switch {
		case !ok:
			out = append(out, broken("I8", who[e.N], "command %d shows %s/%s, its rule does not", e.N, e.Kind, e.ID))
		case w.Gone != e.Gone || w.Born != e.Born || w.Body != e.Body:
			out = append(out, broken("I8", who[e.N], "command %d shows another %s/%s than its rule (born %d, %d)", e.N, e.Kind, e.ID, e.Born, w.Born))
		}
		delete(want, k)
	}
	for k := range want {
		out = append(out, broken("I8", who[k.n], "command %d should show %s/%s and does not", k.n, k.kind, k.id))
	}
	return out, nil
}

func firstOf(list ...error) error {
	for _, err := range list {
		if err != nil {
			return err
		}
	}
	return nil
}
