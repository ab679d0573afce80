package app

import (
	"context"
	"slices"
	"time"

	"trestle/internal/notify"
	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// noticeReads is how many messages of a room one look reads at most; what came before them is counted.
const noticeReads = 1000

// room hands what others wrote in a room since the last look to the desk, and how many came before what was read.
func (n *noticeBoard) room(ctx context.Context, room workroom.RoomID) {
	cursor, err := n.s.replica.Cursor(ctx, workroom.RoomScope(room))
	top := n.seen[room]
	if err != nil || cursor.Msgs <= top {
		return
	}
	n.seen[room] = cursor.Msgs
	read, err := n.s.replica.Reading(ctx, room)
	if err != nil {
		return
	}
	if read.Unread == 0 {
		if n.desk.Read(string(room)) {
			n.withdraw(ctx, string(room))
		}
		return
	}
	from := max(top, read.To)
	rows, missed, err := n.since(ctx, room, from, cursor.Msgs)
	if err != nil {
		return
	}
	_, r, err := n.s.room(string(room))
	if err != nil {
		return
	}
	people, err := n.s.people(room)
	if err != nil {
		return
	}
	if !n.desk.Waits(string(room)) {
		n.after[room] = top
	}
	now, level, direct := n.now(), n.s.levelOf(room), r.Kind == workroom.DirectRoom
	missed = min(missed, read.Unread)
	last := slices.IndexFunc(rows, func(x replica.Row) bool { return !n.s.mentioned(x.Thing.(*workroom.Message)) }) // the newest comes first
	for i, x := range slices.Backward(rows) {
		m := x.Thing.(*workroom.Message)
		d := notify.Message{ID: x.ID, Room: string(room), Direct: direct, Mention: n.s.mentioned(m), Level: level, Came: earliest(now, time.UnixMicro(m.At))}
		if !d.Mention { // what was not read counts as messages like this one: where only mentions are told, neither is
			d.Missed, missed = int(missed), 0
		}
		if d.Mention || i == last { // the words of the last one that is told stand for all
			d.Title, d.Author, d.Text = n.s.roomTitle(r, people), nameIn(people, string(m.Author)), lineOf(m, people)
		}
		n.desk.Add(d)
	}
}

// since answers the messages of a room above one number, up to another, that are to be told, the newest first, and how many of them were not
// read.
func (n *noticeBoard) since(ctx context.Context, room workroom.RoomID, from, top int64) (out []replica.Row, missed int64, err error) {
	between, err := n.s.between()
	if err != nil {
		return nil, 0, err
	}
	before, low, fresh := int64(0), int64(0), n.right(n.fresh)
	page := int(min(top-from+20, replica.MaxWindow)) // some of the newest may be one's own that wait
	for read := 0; read < noticeReads; {
		w, err := n.s.replica.Window(ctx, workroom.RoomScope(room), workroom.KindMessage, before, page)
		if err != nil {
			return nil, 0, err
		}
		for _, x := range slices.Backward(w.Rows) {
			if x.Num > 0 && x.Num <= from {
				return out, 0, nil
			}
			m, ok := x.Thing.(*workroom.Message)
			if !ok || x.Num == 0 {
				continue
			}
			if time.UnixMicro(m.At).Before(fresh) {
				return out, 0, nil
			}
			if low = x.Num; m.Author != n.s.me() && m.Deleted == 0 && !between.blocked[m.Author] {
				out = append(out, x)
			}
		}
		if read += len(w.Rows); len(w.Rows) == 0 || !w.More {
			break
		}
		before, page = w.Rows[0].Born, replica.MaxWindow
	}
	return out, max(0, low-from-1), nil
}

// earliest is the first of two moments: what came while the program was closed waits for the end of the pause it came in, which may be over.
func earliest(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
