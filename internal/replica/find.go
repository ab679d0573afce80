package replica

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"trestle/internal/markup"
	"trestle/internal/search"
	"trestle/internal/workroom"
)

// FindLimit is how many hits a page of a search has at most.
const FindLimit = 50

// Found is a page of hits, newest first. Next leads to the older ones; 0 when there are none.
type Found struct {
	Rows   []Row
	Next   int64
	Tokens []search.Token // as typed, with what is wrong marked: a name nobody has, a date that is none
}

// Find searches messages and file names in everything that is here, newest first. Room narrows it to one room ("Find in this room"). From
// is Found.Next of the page before, 0 for the first. What waits to be sent is found too.
func (r *Replica) Find(ctx context.Context, q search.Query, room workroom.RoomID, from int64) (Found, error) {
	out := Found{Tokens: slices.Clone(q.Tokens)}
	if q.Empty() {
		return out, nil
	}
	people, rooms, err := r.meant(ctx, &out)
	if err != nil {
		return out, err
	}
	q = search.Query{Tokens: out.Tokens}
	if q.Empty() || people != nil && len(people) == 0 || rooms != nil && len(rooms) == 0 {
		return out, nil
	}
	if room != "" {
		rooms = []workroom.Scope{workroom.RoomScope(room)}
	}
	if len(q.Values(search.Is)) > 0 {
		out.Rows, out.Next, err = r.findMarked(ctx, q, people, rooms, from)
		return out, err
	}
	err = r.read(ctx, func(l *link) error {
		lo, hi := rowidBounds(q)
		if from > 0 {
			hi = min(hi, from)
		} else if out.Rows, err = r.findWaiting(l, q, people, rooms); err != nil {
			return err
		}
		out.Rows = out.Rows[:min(len(out.Rows), FindLimit)]
		hits, err := findHits(l, q, people, rooms, lo, hi)
		if err != nil {
			return err
		}
		if len(hits) > FindLimit {
			hits = hits[:FindLimit]
			out.Next = hits[FindLimit-1].rowid
		}
		names, indexed, moment := map[int64]*scopeRow{}, len(out.Rows), map[string]int64{}
		for _, h := range hits {
			if names[h.sc] == nil {
				if names[h.sc], err = scopeByNumber(l, h.sc); err != nil {
					return err
				} else if names[h.sc] == nil {
					continue
				}
			}
			one, err := queryRows(l, names[h.sc].name, oneQuery, h.sc, h.kind, h.id)
			if err != nil {
				return err
			}
			if len(one) == 0 || one[0].Gone || one[0].N != 0 { // what waits on top was matched as it is now
				continue
			}
			one[0].Archive = names[h.sc].state == Archived
			moment[h.id] = h.rowid >> slotBits
			out.Rows = append(out.Rows, one[0])
		}
		// What the service took in one go is of one millisecond, where the index keeps the order of arrival: that of the room is meant.
		slices.SortStableFunc(out.Rows[indexed:], func(a, b Row) int {
			return cmp.Or(cmp.Compare(moment[b.ID], moment[a.ID]), cmp.Compare(a.Scope, b.Scope), cmp.Compare(b.Born, a.Born))
		})
		return r.decorate(l, out.Rows)
	})
	return out, err
}

// Indexing reports whether something that is here is not in the index yet, so that a search may miss it for a moment.
func (r *Replica) Indexing(ctx context.Context) (more bool, err error) {
	err = r.read(ctx, func(l *link) error {
		var one int
		if more, err = l.scan(`SELECT 1 FROM base WHERE look=1 AND kind IN ('message','file') LIMIT 1`, nil, &one); err != nil {
			return fmt.Errorf("look at the index: %w", err)
		}
		return nil
	})
	return more, err
}

// meant looks up who and which rooms are meant. A nil list asks for nothing; a token nobody answers to is marked in out.
func (r *Replica) meant(ctx context.Context, out *Found) (people []workroom.AccountID, rooms []workroom.Scope, err error) {
	var members, all []Row
	for i := range out.Tokens {
		t := &out.Tokens[i]
		if t.Bad != "" {
			continue
		}
		switch t.Op {
		case search.From:
			if members == nil {
				if members, err = r.Everywhere(ctx, "r:", workroom.KindMember); err != nil {
					return nil, nil, err
				}
			}
			known := false
			if people == nil {
				people = []workroom.AccountID{}
			}
			for _, m := range members {
				x, ok := m.Thing.(*workroom.Member)
				id := workroom.AccountID(m.ID)
				if !ok || !search.Named(x.Name, t.Value) && !(strings.EqualFold(t.Value, "me") && id == r.o.Account) {
					continue
				}
				known = true
				if !slices.Contains(people, id) {
					people = append(people, id)
				}
			}
			if !known {
				t.Bad = "Nobody of this name writes in your rooms."
			}
		case search.In:
			if all == nil {
				if all, err = r.Rooms(ctx); err != nil {
					return nil, nil, err
				}
			}
			known := false
			if rooms == nil {
				rooms = []workroom.Scope{}
			}
			for _, x := range all {
				if n, ok := x.Thing.(*workroom.Room); ok && search.Named(n.Name, t.Value) {
					known = true
					if !slices.Contains(rooms, x.Scope) {
						rooms = append(rooms, x.Scope)
					}
				}
			}
			if !known {
				t.Bad = "You have no room of this name."
			}
		}
	}
	// A bad token is left out and the rest searched.
	if len(people) == 0 && !slices.ContainsFunc(out.Tokens, func(t search.Token) bool { return t.Op == search.From && t.Bad == "" }) {
		people = nil
	}
	if len(rooms) == 0 && !slices.ContainsFunc(out.Tokens, func(t search.Token) bool { return t.Op == search.In && t.Bad == "" }) {
		rooms = nil
	}
	return people, rooms, nil
}

// findWaiting matches what waits to be sent, which the index does not know, newest first.
func (r *Replica) findWaiting(l *link, q search.Query, people []workroom.AccountID, rooms []workroom.Scope) ([]Row, error) {
	from, until := q.Period()
	scopes, err := waitingScopes(l)
	if err != nil {
		return nil, err
	}
	var out []Row
	for _, s := range scopes {
		if rooms != nil && !slices.Contains(rooms, s.name) {
			continue
		}
		rows, err := queryRows(l, s.name, waitingQuery, s.sc)
		if err != nil {
			return nil, err
		}
		for _, x := range rows {
			by, us := madeBy(&x)
			at := time.UnixMicro(us)
			words, ok := wordsOf(x.Kind, x.Thing)
			if ok && q.Matches(words) && (people == nil || slices.Contains(people, by)) && (from.IsZero() || !at.Before(from)) && (until.IsZero() || at.Before(until)) {
				out = append(out, x)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Row) int { return int(b.N - a.N) })
	return out, nil
}

const waitingQuery = `SELECT kind,id,0,born,0,0,gone,actor,at,COALESCE(body,''),n FROM effect t WHERE sc=? AND kind IN ('message','file') AND gone=0
	AND NOT EXISTS (SELECT 1 FROM effect e WHERE e.sc=t.sc AND e.kind=t.kind AND e.id=t.id AND e.n>t.n)`

// waitingScopes lists the scopes with messages or files that wait.
func waitingScopes(l *link) ([]*scopeRow, error) {
	rows, err := l.Query(`SELECT ` + scopeColumns + ` FROM scope WHERE sc IN (SELECT sc FROM effect WHERE kind IN ('message','file')) ORDER BY name`)
	if err != nil {
		return nil, fmt.Errorf("search what waits: %w", err)
	}
	defer rows.Close()
	var out []*scopeRow
	for rows.Next() {
		var s scopeRow
		if err := rows.Scan(s.dest()...); err != nil {
			return nil, fmt.Errorf("search what waits: %w", err)
		}
		out = append(out, &s)
	}
	return out, rows.Err()
}

// wordsOf is what of a thing can be searched.
func wordsOf(k workroom.Kind, x workroom.Thing) (string, bool) {
	switch x := x.(type) {
	case *workroom.Message:
		words := markup.Words(x.Text)
		return words, words != ""
	case *workroom.File:
		return x.Name, x.Name != ""
	}
	return "", false
}

func scopeByNumber(l *link, sc int64) (*scopeRow, error) {
	var s scopeRow
	ok, err := l.scan(`SELECT `+scopeColumns+` FROM scope WHERE sc=?`, []any{sc}, s.dest()...)
	if err != nil || !ok {
		return nil, err
	}
	return &s, nil
}
