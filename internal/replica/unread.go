package replica

import (
	"context"
	"encoding/json"
	"fmt"

	"trestle/internal/workroom"
)

// Reading is how far the account has read a room. Numbers are those of messages.
type Reading struct {
	To     int64 // all up to this number counts as read
	Last   int64 // of the newest message
	Unread int64 // messages above To that somebody else wrote whom the account has not blocked
}

// Reading tells how far a room is read (sync.md §11): up to the account's marker, to what stood above its own messages when it wrote them, if
// they came after the marker was set, and to what stood there before it was let in. Own messages above that are not unread, nor what the service answered in one's own
// name, nor what somebody wrote whom the account blocked, as far as they are here.
func (r *Replica) Reading(ctx context.Context, room workroom.RoomID) (Reading, error) {
	var out Reading
	err := r.read(ctx, func(l *link) error {
		unheard, err := r.unheard(l)
		if err != nil {
			return err
		}
		out, err = r.reading(l, room, unheard)
		return err
	})
	return out, err
}

// Unread is Reading.Unread of a room.
func (r *Replica) Unread(ctx context.Context, room workroom.RoomID) (int64, error) {
	x, err := r.Reading(ctx, room)
	return x.Unread, err
}

// UnreadAll is Unread of every room, those with none left out.
func (r *Replica) UnreadAll(ctx context.Context) (map[workroom.RoomID]int64, error) {
	out := map[workroom.RoomID]int64{}
	err := r.read(ctx, func(l *link) error {
		unheard, err := r.unheard(l)
		if err != nil {
			return err
		}
		list, err := scopesLike(l, "r:")
		if err != nil {
			return err
		}
		for _, s := range list {
			id := workroom.RoomID(s.name.Owner())
			x, err := r.reading(l, id, unheard)
			if err != nil {
				return err
			}
			if x.Unread > 0 {
				out[id] = x.Unread
			}
		}
		return nil
	})
	return out, err
}

// unheard lists, as JSON, whose messages are never unread: the account's own, and those of the people it blocked.
func (r *Replica) unheard(l *link) (string, error) {
	list := []string{string(r.o.Account)}
	me, err := findScope(l, workroom.AccountScope(r.o.Account))
	if err != nil {
		return "", err
	}
	if me != nil {
		rows, err := queryRows(l, me.name, allQuery, me.sc, string(workroom.KindBlock))
		if err != nil {
			return "", err
		}
		for _, x := range rows {
			if b, ok := x.Thing.(*workroom.Block); ok && b.Mine != 0 {
				list = append(list, x.ID)
			}
		}
	}
	b, err := json.Marshal(list)
	if err != nil {
		return "", fmt.Errorf("list whose messages are never unread: %w", err)
	}
	return string(b), nil
}

// FirstUnread is the first message of a room that is here and not read, and where it stands; "" if there is none.
func (r *Replica) FirstUnread(ctx context.Context, room workroom.RoomID) (id string, born int64, err error) {
	x, err := r.Reading(ctx, room)
	if err != nil || x.Unread == 0 {
		return "", 0, err
	}
	scope := workroom.RoomScope(room)
	from, ok, err := r.BornOfNumber(ctx, scope, x.To+1)
	if err != nil || !ok {
		return "", 0, err
	}
	err = r.read(ctx, func(l *link) error {
		unheard, err := r.unheard(l)
		if err != nil {
			return err
		}
		s, err := findScope(l, scope)
		if err != nil || s == nil {
			return err
		}
		_, err = l.scan(`SELECT id,born FROM base WHERE sc=?1 AND kind='message' AND gone=0 AND born>=?2 AND actor NOT IN (SELECT value FROM json_each(?3))
			AND (actor<>'' OR json_extract(body,'$.author')<>?4) ORDER BY born LIMIT 1`, []any{s.sc, from, unheard, string(r.o.Account)}, &id, &born)
		if err != nil {
			return fmt.Errorf("find the first unread: %w", err)
		}
		return nil
	})
	return id, born, err
}

// namedAmong is how many of the newest messages of a room UnreadNaming looks through.
const namedAmong = 500

// UnreadNaming lists those of the unread messages of a room whose text may name the account: it holds its id. Only the newest 500 are looked
// through, and none that is read: numbers rise with born.
func (r *Replica) UnreadNaming(ctx context.Context, room workroom.RoomID) (out []Row, err error) {
	err = r.read(ctx, func(l *link) error {
		unheard, err := r.unheard(l)
		if err != nil {
			return err
		}
		x, err := r.reading(l, room, unheard)
		if err != nil || x.Unread == 0 {
			return err
		}
		scope := workroom.RoomScope(room)
		s, err := findScope(l, scope)
		if err != nil || s == nil {
			return err
		}
		out, err = queryRows(l, scope, `SELECT kind,id,seq,born,rev,mn,gone,actor,at,body,0
			FROM (SELECT * FROM base WHERE sc=?1 AND kind='message' AND gone=0 AND mn>0 ORDER BY born DESC LIMIT ?2)
			WHERE mn>?3 AND instr(body,?4)>0 AND actor NOT IN (SELECT value FROM json_each(?5))`,
			s.sc, min(namedAmong, x.Last-x.To), x.To, string(r.o.Account), unheard)
		return err
	})
	return out, err
}

func (r *Replica) reading(l *link, room workroom.RoomID, unheard string) (Reading, error) {
	s, err := findScope(l, workroom.RoomScope(room))
	if err != nil || s == nil || s.state != Whole && s.state != Stale {
		return Reading{}, err
	}
	m, err := r.marker(l, room)
	if err != nil {
		return Reading{}, err
	}
	read, mine, err := r.wroteBelow(l, s.sc, m)
	if err != nil {
		return Reading{}, err
	}
	if s.from > 0 { // let in later: what stood there before does not count
		var first int64
		if _, err := l.scan(`SELECT COALESCE(MIN(mn),0) FROM base WHERE sc=? AND kind='message' AND mn>0`, []any{s.sc}, &first); err != nil {
			return Reading{}, fmt.Errorf("find first message: %w", err)
		}
		if lo, ok, err := oldest(l, s.sc); err != nil {
			return Reading{}, err
		} else if ok && lo <= s.from {
			if first == 0 { // nothing was written since
				first = s.msgs + 1
			}
			read = max(read, first-1)
		}
	}
	var missed int64
	if read < mine {
		if missed, err = r.between(l, s.sc, read, mine, unheard); err != nil {
			return Reading{}, err
		}
	}
	top := max(read, mine)
	out := Reading{To: top, Last: s.msgs, Unread: missed}
	if missed > 0 {
		out.To = read
	}
	if s.msgs <= top {
		return out, nil
	}
	// What the service answered in one's own name while one was away is nobody's act, and nothing to be read (M-34). Few rows are so.
	var passed int64
	if _, err := l.scan(`SELECT (SELECT COUNT(*) FROM base WHERE sc=?1 AND kind='message' AND actor IN (SELECT value FROM json_each(?4)) AND mn>?2)
		+(SELECT COUNT(*) FROM base WHERE sc=?1 AND kind='message' AND actor='' AND mn>?2 AND NOT gone AND json_extract(body,'$.author')=?3)`,
		[]any{s.sc, top, string(r.o.Account), unheard}, &passed); err != nil {
		return Reading{}, fmt.Errorf("count what is never unread: %w", err)
	}
	out.Unread += max(0, s.msgs-top-passed)
	return out, nil
}

// wroteBelow tells what is read of a room by writing there: what stood above the own messages that came after the marker was set, and up to
// the newest of them, mine, what is not here. One that does not say what stood above it, as those of earlier versions, reads all up to itself.
// Written without a network, a message gets its number after those that others wrote meanwhile, which its author has not seen. One that had
// less above it than there was when the room was marked as unread was written before that, and reads nothing.
func (r *Replica) wroteBelow(l *link, sc int64, m workroom.Marker) (read, mine int64, err error) {
	read = m.N
	rows, err := l.Query(`SELECT mn,CASE WHEN gone THEN 0 ELSE COALESCE(CAST(json_extract(body,'$.above') AS INTEGER),0) END FROM base
		WHERE sc=? AND kind='message' AND actor=? AND mn>? ORDER BY mn DESC`, sc, string(r.o.Account), max(m.N, m.Head))
	if err != nil {
		return 0, 0, fmt.Errorf("find own messages: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var num, above int64
		if err := rows.Scan(&num, &above); err != nil {
			return 0, 0, fmt.Errorf("find own messages: %w", err)
		}
		if num <= read { // the rest stood lower
			break
		}
		to := workroom.ReadBy(num, above)
		if to < m.Head && m.N < m.Head {
			continue
		}
		if mine = max(mine, num); to == num-1 { // nothing came between
			to = num
		}
		read = max(read, to)
	}
	return read, mine, rows.Err()
}

// between counts what others wrote in a room after one number and before another, as far as it is here.
func (r *Replica) between(l *link, sc, after, before int64, unheard string) (n int64, err error) {
	from, ok, err := l.bornOf(sc, "mn", after+1)
	if err != nil || !ok {
		return 0, err
	}
	_, err = l.scan(`SELECT COUNT(*) FROM base WHERE sc=?1 AND kind='message' AND gone=0 AND born>=?2 AND mn>?3 AND mn<?4 AND actor NOT IN (SELECT value FROM json_each(?5))
		AND NOT (actor='' AND json_extract(body,'$.author')=?6)`, []any{sc, from, after, before, unheard, string(r.o.Account)}, &n)
	if err != nil {
		return 0, fmt.Errorf("count what came in above own messages: %w", err)
	}
	return n, nil
}

// marker is the account's read marker of a room as the screen sees it.
func (r *Replica) marker(l *link, room workroom.RoomID) (workroom.Marker, error) {
	me, err := findScope(l, workroom.AccountScope(r.o.Account))
	if err != nil || me == nil {
		return workroom.Marker{}, err
	}
	rows, err := queryRows(l, me.name, oneQuery, me.sc, string(workroom.KindMarker), string(room))
	if err != nil || len(rows) != 1 {
		return workroom.Marker{}, err
	}
	if m, ok := rows[0].Thing.(*workroom.Marker); ok {
		return *m, nil
	}
	return workroom.Marker{}, nil
}
