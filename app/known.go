package app

import (
	"context"
	"slices"
	"strings"

	"trestle/internal/workroom"
)

// known is one person of the address book.
type known struct {
	KnownRow
	via workroom.RoomID // a room we are both in that is open, to be named as what we have in common
}

// addressBook is everybody one shares a room or a contract with (U-11), with a room that is open to both where there is one.
func (s *Session) addressBook() (map[workroom.AccountID]*known, error) {
	ctx := context.Background()
	out := map[workroom.AccountID]*known{}
	rooms, err := s.replica.Rooms(ctx)
	if err != nil {
		return nil, err
	}
	for _, x := range rooms {
		room, ok := x.Thing.(*workroom.Room)
		if !ok {
			continue
		}
		people, err := s.people(workroom.RoomID(x.ID))
		if err != nil {
			return nil, err
		}
		newest, err := s.replica.Newest(ctx, workroom.RoomID(x.ID))
		if err != nil {
			return nil, err
		}
		at := room.Made / 1000
		if newest != nil {
			at = max(at, newest.At/1000)
		}
		for _, p := range present(people) {
			if p.Me {
				continue
			}
			k := out[workroom.AccountID(p.ID)]
			if k == nil {
				k = &known{KnownRow: KnownRow{ID: p.ID, Rooms: []PlaceRow{}, Contracts: []PlaceRow{}}}
				out[workroom.AccountID(p.ID)] = k
			}
			if at >= k.At {
				k.Name = p.Name // as they are called where we met last
			}
			k.At = max(k.At, at)
			switch {
			case room.Kind == workroom.DirectRoom:
				k.Direct = x.ID
			case room.Contract != "":
				k.Contracts = append(k.Contracts, PlaceRow{ID: string(room.Contract), Name: room.Name})
			default:
				k.Rooms = append(k.Rooms, PlaceRow{ID: x.ID, Name: room.Name})
			}
			if !x.Archive && (k.via == "" || k.via.Direct()) {
				k.via = workroom.RoomID(x.ID)
			}
		}
	}
	between, err := s.between()
	if err != nil {
		return nil, err
	}
	for id, k := range out {
		k.Blocked = between.blocked[id]
	}
	return out, nil
}

// meets finds a person of the address book with whom one shares an open room.
func (s *Session) meets(book map[workroom.AccountID]*known, account string) (*known, error) {
	k := book[workroom.AccountID(account)]
	if k == nil || k.via == "" {
		return nil, workroom.Refuse(workroom.NotKnown)
	}
	return k, nil
}

// People searches the address book: each word asked for begins a word of the name. Those one met lately come first.
func (r *Rooms) People(in PeopleIn) (out PeopleView, err error) {
	defer guard(&err)
	out.People = []KnownRow{}
	s, err := r.c.here()
	if err != nil {
		return out, err
	}
	book, err := s.addressBook()
	if err != nil {
		return out, err
	}
	for _, k := range book {
		if k.via != "" && namedLike(k.Name, in.Query) {
			out.People = append(out.People, k.KnownRow)
		}
	}
	slices.SortFunc(out.People, func(a, b KnownRow) int {
		if a.At != b.At {
			return int(min(max(b.At-a.At, -1), 1))
		}
		return strings.Compare(a.ID, b.ID)
	})
	limit := int(in.Limit)
	if limit <= 0 {
		limit = 50
	}
	if limit < len(out.People) {
		out.People, out.More = out.People[:limit], true
	}
	return out, nil
}

// namedLike reports whether each word of a query begins a word of a name, whatever the case.
func namedLike(name, query string) bool {
	words := strings.Fields(strings.ToLower(name))
	for q := range strings.FieldsSeq(strings.ToLower(query)) {
		if !slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, q) }) {
			return false
		}
	}
	return true
}

// between is what stands between me and others: whom I blocked, and with whom I have an active contract.
type between struct {
	blocked map[workroom.AccountID]bool // by me
	shut    map[workroom.AccountID]bool // by one of us
	active  map[workroom.AccountID]bool
}

// why says why somebody cannot be blocked: contract or blocked; "" if they can.
func (b between) why(who workroom.AccountID) string {
	switch {
	case b.blocked[who]:
		return "blocked"
	case b.active[who]:
		return "contract"
	}
	return ""
}

func (s *Session) between() (between, error) {
	ctx := context.Background()
	out := between{map[workroom.AccountID]bool{}, map[workroom.AccountID]bool{}, map[workroom.AccountID]bool{}}
	blocks, err := s.replica.All(ctx, workroom.AccountScope(s.me()), workroom.KindBlock)
	if err != nil {
		return out, err
	}
	for _, x := range blocks {
		if b, ok := x.Thing.(*workroom.Block); ok {
			out.blocked[workroom.AccountID(x.ID)] = b.Mine != 0
			out.shut[workroom.AccountID(x.ID)] = b.Mine != 0 || b.Theirs != 0
		}
	}
	contracts, err := s.replica.Contracts(ctx)
	if err != nil {
		return out, err
	}
	for _, x := range contracts {
		if c, ok := x.Thing.(*workroom.Contract); ok && c.Status.Runs() {
			for _, who := range []workroom.AccountID{c.Client, c.Freelancer} {
				if who != s.me() {
					out.active[who] = true
				}
			}
		}
	}
	return out, nil
}
