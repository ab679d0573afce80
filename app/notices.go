package app

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"trestle/internal/notify"
	"trestle/internal/workroom"
)

// noticeBoard watches the rooms and shows what arrived as the system's notices: one a room, never of the room somebody is looking at. The
// rules are the account's own, on all its devices; whether they are shown here is this computer's.
type noticeBoard struct {
	s     *Session
	desk  *notify.Desk
	woken chan struct{}
	looks chan string
	seen  map[workroom.RoomID]int64 // number of the newest message that was looked at here
	known map[workroom.ContractID]workroom.Status
	codes map[workroom.ContractID]map[string]int64 // by activity, the rev that was looked at
	turns map[workroom.ContractID]map[string]bool  // what became of each contract, as far as it was looked at
	fresh time.Time                                // on a copy that was empty, what is older than this moment of this computer's clock is not news
	lost  int                                      // commands refused so far
	count int                                      // unread messages, as tray and taskbar show them

	longer sync.Map // rooms of which the bell asked for older messages

	after map[workroom.RoomID]int64 // of rooms whose messages wait for the end of a pause, the number before the first of them
	kept  map[workroom.RoomID]int64 // the same, as the disk has it

	mu      sync.Mutex
	changed map[workroom.Scope]bool
	show    *notifier                // nil while there is no way to one
	failed  error                    // why no notice can be shown now
	asked   bool                     // it is known whether one can
	shown   map[string]string        // by a notice's key, the message it opens at
	unshown map[string]notify.Notice // of rooms, by key, what nothing could show
}

// noticeMute is the action that silences a room.
const noticeMute = "mute"

// ownNotice begins the keys of the program's own notices; the place that a click leads to follows. All other keys are rooms.
const ownNotice = ">"

func openNotices(s *Session) *noticeBoard {
	return &noticeBoard{s: s, desk: notify.NewDesk(notify.Settings{}), woken: make(chan struct{}, 1), looks: make(chan string, 8),
		seen: map[workroom.RoomID]int64{}, known: map[workroom.ContractID]workroom.Status{}, codes: map[workroom.ContractID]map[string]int64{},
		turns: map[workroom.ContractID]map[string]bool{}, changed: map[workroom.Scope]bool{},
		after: map[workroom.RoomID]int64{}, kept: map[workroom.RoomID]int64{},
		shown: map[string]string{}, unshown: map[string]notify.Notice{}, count: -1}
}

// wake asks the board to look again at what changed; it never blocks.
func (n *noticeBoard) wake(scopes ...workroom.Scope) {
	n.mu.Lock()
	for _, s := range scopes {
		n.changed[s] = true
	}
	n.mu.Unlock()
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
	n.begin(ctx)
	var attending sync.WaitGroup
	defer attending.Wait()
	attending.Go(func() { n.attend(ctx) })
	n.badge(ctx)
	for {
		var alarm <-chan time.Time
		if at, ok := n.desk.Next(); ok {
			alarm = time.After(alarmIn(at.Sub(n.now())))
		}
		select {
		case <-ctx.Done():
			return
		case room := <-n.looks:
			if n.desk.Look(room) {
				n.withdraw(ctx, room)
			}
		case <-n.woken:
			n.desk.Set(n.settings(n.now()))
			n.collect(ctx)
			n.late(ctx)
		case <-alarm:
		}
		n.desk.Set(n.settings(n.now()))
		for _, d := range n.desk.Due(n.now()) {
			n.put(ctx, d)
		}
		n.keep()
	}
}

// alarmIn is how long to wait for a moment: a minute at most, because a timer does not run while the computer sleeps, and the moment may have
// come then.
func alarmIn(wait time.Duration) time.Duration {
	return min(max(wait, 10*time.Millisecond), time.Minute)
}

// now is the moment by which notices are told: a computer's clock may be wrong, and the service's says by how much.
func (n *noticeBoard) now() time.Time { return n.right(time.Now()) }

// right is what the service's clock showed when this computer's showed t.
func (n *noticeBoard) right(t time.Time) time.Time {
	offset, _, _ := n.s.courier.Offset()
	return t.Add(offset)
}

// begin takes what is here when the program starts as known; it is no news.
func (n *noticeBoard) begin(ctx context.Context) {
	list, err := n.s.replica.Cursors(ctx)
	if err != nil {
		slog.Warn("begin notices", "error", traceOf(err))
	}
	for _, c := range list {
		if c.Scope.Kind() == "r" {
			n.seen[workroom.RoomID(c.Scope.Owner())] = c.Msgs
		}
	}
	if len(n.seen) == 0 {
		n.fresh = time.Now()
	}
	n.resume()
	rows, err := n.s.replica.Contracts(ctx)
	if err != nil {
		slog.Warn("begin notices", "error", traceOf(err))
	}
	for _, r := range rows {
		if c, ok := r.Thing.(*workroom.Contract); ok && !r.Waits() {
			n.known[workroom.ContractID(r.ID)] = c.Status
			n.activities(workroom.ContractID(r.ID))
			n.turned(workroom.ContractID(r.ID), c)
		}
	}
	_, n.lost, _ = n.s.replica.Count(ctx)
}

// settings are the rules of this moment.
func (n *noticeBoard) settings(now time.Time) notify.Settings {
	st, rules := n.s.core.state.get().Settings, n.s.noticeRules()
	s := notify.Settings{
		Off: !st.Notices || rules.Off, HideContent: st.HideText, Hold: n.s.away().Now(now), Every: time.Duration(rules.Every) * time.Minute,
		NoMentions: rules.Mutes(workroom.TopicMentions), NoMessages: rules.Mutes(workroom.TopicMessages),
		Quiet: notify.Hours{Zone: zoneOf(rules.Quiet.Zone)},
	}
	if rules.Quiet.On {
		s.Quiet.From, s.Quiet.To = rules.Quiet.From, rules.Quiet.To
		for _, d := range rules.Quiet.Rest {
			s.Quiet.Rest = append(s.Quiet.Rest, time.Weekday(d))
		}
	}
	return s
}

// collect looks at what changed since the last time.
func (n *noticeBoard) collect(ctx context.Context) {
	n.mu.Lock()
	changed := n.changed
	n.changed = map[workroom.Scope]bool{}
	n.mu.Unlock()
	own := false
	for s := range changed {
		switch s.Kind() {
		case "a":
			own = true
		case "r":
			n.room(ctx, workroom.RoomID(s.Owner()))
		case "k":
			if s.Part() == "" {
				n.contract(workroom.ContractID(s.Owner()))
			}
		}
	}
	if own { // a read marker of another device came
		for _, room := range n.desk.Told() {
			if unread, err := n.s.replica.Unread(ctx, workroom.RoomID(room)); err == nil && unread == 0 && n.desk.Read(room) {
				n.withdraw(ctx, room)
			}
		}
	}
	n.refused(ctx)
	n.badge(ctx)
}

// refused tells that the service took something for good not.
func (n *noticeBoard) refused(ctx context.Context) {
	_, now, err := n.s.replica.Count(ctx)
	if err != nil {
		return
	}
	more := now > n.lost
	n.lost = now
	if more {
		n.s.core.tellOf(workroom.TopicUnsent, "Not sent", "Something was not accepted. It is kept, and can be mended under Not sent.", "notsent")
	}
}

// badge shows how many messages are unread, on the tray and the taskbar (N-09). Rooms of which the person wants to be told nothing are not
// counted: a number that cannot be silenced would be a notice (N-07).
func (n *noticeBoard) badge(ctx context.Context) {
	all, err := n.s.replica.UnreadAll(ctx)
	if err != nil {
		return
	}
	var count int
	for room, c := range all {
		if n.s.levelOf(room) != notify.None {
			count += int(c)
		}
	}
	if !n.s.core.state.get().Settings.Badge {
		count = 0
	}
	if count == n.count {
		return
	}
	n.count = count
	n.s.core.badge(count)
	if show, _ := n.sender(); show != nil && show.badge != nil {
		show.badge(count)
	}
}
