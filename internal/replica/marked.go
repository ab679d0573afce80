package replica

import (
	"cmp"
	"context"
	"slices"
	"time"

	"trestle/internal/search"
	"trestle/internal/workroom"
)

// findMarked searches among the account's bookmarks, newest message first (M-28). There are few of them, so each is read where it stands:
// one whose message is edited is found by what it says now, and one whose message is deleted, or not here, is none. From counts the hits of
// the pages before.
func (r *Replica) findMarked(ctx context.Context, q search.Query, people []workroom.AccountID, rooms []workroom.Scope, from int64) ([]Row, int64, error) {
	marks, err := r.All(ctx, workroom.AccountScope(r.o.Account), workroom.KindBookmark)
	if err != nil {
		return nil, 0, err
	}
	first, until := q.Period()
	var out []Row
	for _, x := range marks {
		b, ok := x.Thing.(*workroom.Bookmark)
		if !ok || rooms != nil && !slices.Contains(rooms, workroom.RoomScope(b.Room)) {
			continue
		}
		row, known, err := r.Thing(ctx, workroom.Ref{Scope: workroom.RoomScope(b.Room), Kind: workroom.KindMessage, ID: x.ID})
		if err != nil {
			return nil, 0, err
		}
		m, ok := row.Thing.(*workroom.Message)
		if known != workroom.Held || !ok || m.Deleted != 0 || people != nil && !slices.Contains(people, m.Author) {
			continue
		}
		at := time.UnixMicro(m.At)
		words, _ := wordsOf(workroom.KindMessage, m)
		if !q.Matches(words) || !first.IsZero() && at.Before(first) || !until.IsZero() && !at.Before(until) {
			continue
		}
		out = append(out, row)
	}
	slices.SortStableFunc(out, func(a, b Row) int {
		_, x := madeBy(&a)
		_, y := madeBy(&b)
		return cmp.Or(cmp.Compare(y, x), cmp.Compare(b.Born, a.Born))
	})
	out = out[min(int(min(from, workroom.MaxBookmarks)), len(out)):]
	next := int64(0)
	if len(out) > FindLimit {
		out, next = out[:FindLimit], from+FindLimit
	}
	return out, next, nil
}
