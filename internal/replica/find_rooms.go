package replica

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"trestle/internal/search"
	"trestle/internal/workroom"
)

// CountLimit is how many hits of a search are counted at most, the newest ones.
const CountLimit = 1000

// RoomHits is how many hits a search has in a room.
type RoomHits struct {
	Scope workroom.Scope
	Hits  int
}

// FindRooms counts the hits of a search by room, most first. What in: asks for is passed over, unless nothing else is asked for: it is
// to be seen where else there are hits. More says that there are older ones that were not counted.
func (r *Replica) FindRooms(ctx context.Context, q search.Query) (out []RoomHits, more bool, err error) {
	asked := Found{Tokens: slices.Clone(q.Tokens)}
	rest := slices.DeleteFunc(slices.Clone(q.Tokens), func(t search.Token) bool { return t.Op == search.In })
	if !(search.Query{Tokens: rest}).Empty() {
		asked.Tokens = rest
	}
	people, rooms, err := r.meant(ctx, &asked)
	if err != nil {
		return nil, false, err
	}
	if q = (search.Query{Tokens: asked.Tokens}); q.Empty() {
		return nil, false, nil
	}
	count := func(name workroom.Scope) {
		i := slices.IndexFunc(out, func(x RoomHits) bool { return x.Scope == name })
		if i < 0 {
			i, out = len(out), append(out, RoomHits{Scope: name})
		}
		out[i].Hits++
	}
	if len(q.Values(search.Is)) > 0 {
		rows, err := r.marked(ctx, q, people, rooms)
		if err != nil {
			return nil, false, err
		}
		for _, x := range rows {
			count(x.Scope)
		}
	} else {
		err = r.read(ctx, func(l *link) error {
			more, err = r.eachFound(l, q, people, rooms, count)
			return err
		})
	}
	slices.SortStableFunc(out, func(a, b RoomHits) int { return cmp.Compare(b.Hits, a.Hits) })
	return out, more, err
}

// eachFound hands the rooms of the newest hits to count, one by one.
func (r *Replica) eachFound(l *link, q search.Query, people []workroom.AccountID, rooms []workroom.Scope, count func(workroom.Scope)) (more bool, err error) {
	waiting, err := r.findWaiting(l, q, people, rooms)
	if err != nil {
		return false, err
	}
	for _, x := range waiting {
		count(x.Scope)
	}
	begun, err := begunBy(l, q)
	if err != nil {
		return false, err
	}
	match, ok, err := matchOf(l, q, begun, people, rooms)
	if err != nil || !ok {
		return false, err
	}
	changed, err := changing(l)
	if err != nil {
		return false, err
	}
	lo, hi := rowidBounds(q)
	in, n := map[int64]int{}, 0
	var order []int64
	err = eachHit(l, match, lo, hi, CountLimit+1, func(h hit) bool {
		if n++; n > CountLimit {
			return false
		}
		if !changed[spot{h.sc, h.kind, h.id}] { // counted as it is now, above
			if in[h.sc]++; in[h.sc] == 1 {
				order = append(order, h.sc)
			}
		}
		return true
	})
	if err != nil {
		return false, err
	}
	for _, sc := range order {
		s, err := scopeByNumber(l, sc)
		if err != nil {
			return false, err
		}
		for range in[sc] {
			if s != nil {
				count(s.name)
			}
		}
	}
	return n > CountLimit, nil
}

// changing are the messages and files that a waiting command changes.
func changing(l *link) (map[spot]bool, error) {
	rows, err := l.Query(`SELECT sc,kind,id FROM effect WHERE kind IN ('message','file')`)
	if err != nil {
		return nil, fmt.Errorf("count hits: %w", err)
	}
	defer rows.Close()
	out := map[spot]bool{}
	for rows.Next() {
		var s spot
		if err := rows.Scan(&s.sc, &s.kind, &s.id); err != nil {
			return nil, fmt.Errorf("count hits: %w", err)
		}
		out[s] = true
	}
	return out, rows.Err()
}
