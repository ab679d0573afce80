package replica

import (
	"cmp"
	"context"
	"slices"
	"time"

	"trestle/internal/search"
	"trestle/internal/workroom"
)

// findMarked is a page of what is found among the account's bookmarks. From counts the hits of the pages before.
func (r *Replica) findMarked(ctx context.Context, q search.Query, people []workroom.AccountID, rooms []workroom.Scope, from int64) ([]Row, int64, error) {
	out, err := r.marked(ctx, q, people, rooms)
	if err != nil {
		return nil, 0, err
	}
	next := int64(0)
	out = out[min(int(min(from, workroom.MaxBookmarks)), len(out)):]
	if len(out) > FindLimit {
		out, next = out[:FindLimit], from+FindLimit
	}
	err = r.read(ctx, func(l *link) error { return r.decorate(l, out) })
	return out, next, err
}

// marked searches among the account's bookmarks, newest message first (M-28). There are few of them, so each is read where it stands: one whose
// message is edited is found by what it says now, and one whose message is deleted, or not here, is none.
func (r *Replica) marked(ctx context.Context, q search.Query, people []workroom.AccountID, rooms []workroom.Scope) ([]Row, error) {
	marks, err := r.All(ctx, workroom.AccountScope(r.o.Account), workroom.KindBookmark)
	if err != nil {
		return nil, err
	}
	first, until := q.Period()
	var out []Row
	err = r.read(ctx, func(l *link) error { // one look at the copy for all of them
		scopes := map[workroom.Scope]*scopeRow{}
		for _, x := range marks {
			b, ok := x.Thing.(*workroom.Bookmark)
			if !ok {
				continue
			}
			name := workroom.RoomScope(b.Room)
			if rooms != nil && !slices.Contains(rooms, name) {
				continue
			}
			s, looked := scopes[name]
			if !looked {
				if s, err = findScope(l, name); err != nil {
					return err
				}
				scopes[name] = s
			}
			if s == nil {
				continue
			}
			one, err := queryRows(l, name, oneQuery, s.sc, string(workroom.KindMessage), x.ID)
			if err != nil {
				return err
			}
			if len(one) == 0 || one[0].Gone {
				continue
			}
			m, ok := one[0].Thing.(*workroom.Message)
			if !ok || m.Deleted != 0 || people != nil && !slices.Contains(people, m.Author) {
				continue
			}
			at := time.UnixMicro(m.At)
			if !first.IsZero() && at.Before(first) || !until.IsZero() && !at.Before(until) {
				continue
			}
			if words, _ := wordsOf(workroom.KindMessage, m); !q.Matches(words) {
				continue
			}
			one[0].Archive = s.state == Archived
			out = append(out, one[0])
		}
		slices.SortStableFunc(out, func(a, b Row) int {
			_, x := madeBy(&a)
			_, y := madeBy(&b)
			return cmp.Or(cmp.Compare(y, x), cmp.Compare(b.Born, a.Born))
		})
		return nil
	})
	return out, err
}
