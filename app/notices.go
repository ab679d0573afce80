package app

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"trestle/internal/markup"
	"trestle/internal/notify"
	"trestle/internal/workroom"
)

// noticeBoard watches the rooms and shows what arrived as the system's notices: one a room, never of the room somebody is looking at.
type noticeBoard struct {
	s     *Session
	desk  *notify.Desk
	woken chan struct{}
	looks chan string
	seen  map[string]int64 // message number up to which a room was told of
	show  *notifier
}

// notifier is the system's way of showing notices.
type notifier struct {
	show     func(context.Context, notify.Notice) error
	withdraw func(context.Context, string) error
	close    func()
}

func openNotices(s *Session) *noticeBoard {
	return &noticeBoard{s: s, desk: notify.NewDesk(notify.Settings{}), woken: make(chan struct{}, 1), looks: make(chan string, 8), seen: map[string]int64{}}
}

// wake asks the board to look again; it never blocks.
func (n *noticeBoard) wake() {
	select {
	case n.woken <- struct{}{}:
	default:
	}
}

// look says which room is on screen in a focused window.
func (n *noticeBoard) look(room string) {
	select {
	case n.looks <- room:
	default:
	}
}

func (n *noticeBoard) run(ctx context.Context) {
	show, err := openNotifier(ctx, n.act)
	var none *notify.Unavailable
	switch {
	case errors.As(err, &none):
		slog.Info("no notifier", "error", traceOf(err))
	case err != nil:
		slog.Warn("no notifier", "error", traceOf(err))
	default:
		n.show = show
		defer show.close()
	}
	first := true
	for {
		var alarm <-chan time.Time
		if at, ok := n.desk.Next(); ok {
			alarm = time.After(max(time.Until(at), 10*time.Millisecond))
		}
		select {
		case <-ctx.Done():
			return
		case room := <-n.looks:
			if n.desk.Look(room) && n.show != nil {
				_ = n.show.withdraw(ctx, room)
			}
		case <-n.woken:
			n.collect(ctx, first)
			first = first && len(n.seen) == 0
		case <-alarm:
		}
		st := n.s.core.state.get().Settings
		n.desk.Set(notify.Settings{Off: !st.Notices, HideContent: st.HideText})
		for _, d := range n.desk.Due(time.Now()) {
			n.put(ctx, d)
		}
	}
}

func (n *noticeBoard) put(ctx context.Context, d notify.Notice) {
	if n.show == nil {
		return
	}
	if err := n.show.show(ctx, d); err != nil {
		slog.Warn("notice not shown", "error", traceOf(err))
	}
}

// collect hands new messages of others to the desk. What was there when the program started is not news.
func (n *noticeBoard) collect(ctx context.Context, first bool) {
	unread, err := n.s.replica.UnreadAll(ctx)
	if err != nil {
		return
	}
	for room := range n.seen {
		if unread[workroom.RoomID(room)] == 0 && n.desk.Read(room) && n.show != nil {
			_ = n.show.withdraw(ctx, room)
		}
	}
	for room, count := range unread {
		w, err := n.s.replica.Window(ctx, workroom.RoomScope(room), workroom.KindMessage, 0, int(min(count, 20)))
		if err != nil || len(w.Rows) == 0 {
			continue
		}
		people, err := n.s.people(room)
		if err != nil {
			continue
		}
		top, known := n.seen[string(room)]
		for _, x := range w.Rows {
			m, ok := x.Thing.(*workroom.Message)
			if !ok || x.Num == 0 || x.Num <= top || m.Author == n.s.me() || m.Deleted != 0 {
				continue
			}
			n.seen[string(room)] = x.Num
			if !known && first {
				continue
			}
			_, r, err := n.s.room(string(room))
			if err != nil {
				continue
			}
			text := markup.Preview(m.Text, 160, mentionsOf(people))
			if text == "" && len(m.Files) > 0 {
				text = m.Files[0].Name
			}
			n.desk.Add(notify.Message{ID: x.ID, Room: string(room), Title: r.Name, Author: nameIn(people, string(m.Author)), Text: text})
		}
	}
}

// act answers a click on a notice.
func (n *noticeBoard) act(key, _ string) {
	place := "room/" + key
	if key == "tracker" {
		place = "tracker"
	}
	n.s.core.show([]string{place})
}

// tell shows a notice of the program's own. Nothing happens where nothing can show it: the same stands in the window.
func (c *Core) tell(title, body, key string) {
	c.mu.Lock()
	s := c.session
	c.mu.Unlock()
	if s == nil || s.notices == nil || s.notices.show == nil || !c.state.get().Settings.Notices {
		return
	}
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
		defer cancel()
		s.notices.put(ctx, notify.Notice{Key: key, Title: title, Body: body})
	}()
}
