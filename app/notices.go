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
	fresh time.Time                                // on a copy that was empty, what is older than this is not news
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
			alarm = time.After(alarmIn(time.Until(at)))
		}
		select {
		case <-ctx.Done():
			return
		case room := <-n.looks:
			if n.desk.Look(room) {
				n.withdraw(ctx, room)
			}
		case <-n.woken:
			n.desk.Set(n.settings(time.Now()))
			n.collect(ctx)
			n.late(ctx)
		case <-alarm:
		}
		n.desk.Set(n.settings(time.Now()))
		for _, d := range n.desk.Due(time.Now()) {
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

// room hands what others wrote in a room since the last look to the desk: the newest messages, and how many came before them.
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
	fresh := cursor.Msgs - from
	w, err := n.s.replica.Window(ctx, workroom.RoomScope(room), workroom.KindMessage, 0, int(min(fresh, 20)))
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
	level := n.s.levelOf(room)
	between, err := n.s.between()
	if err != nil {
		return
	}
	missed, now := int(min(max(0, fresh-20), read.Unread)), time.Now()
	if !n.desk.Waits(string(room)) {
		n.after[room] = top
	}
	for _, x := range w.Rows {
		m, ok := x.Thing.(*workroom.Message)
		if !ok || x.Num <= from || m.Author == n.s.me() || m.Deleted != 0 || between.blocked[m.Author] || time.UnixMicro(m.At).Before(n.fresh) {
			continue
		}
		n.desk.Add(notify.Message{
			ID: x.ID, Room: string(room), Title: n.s.roomTitle(r, people), Author: nameIn(people, string(m.Author)), Text: lineOf(m, people),
			Direct: r.Kind == workroom.DirectRoom, Mention: n.s.mentioned(m), Level: level, Missed: missed, Came: earliest(now, time.UnixMicro(m.At)),
		})
		missed = 0
	}
}

// earliest is the first of two moments: what came while the program was closed waits for the end of the pause it came in, which may be over.
func earliest(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// contract tells that the other side answered an offer, or changed the activities of the contract.
func (n *noticeBoard) contract(id workroom.ContractID) {
	c, row, err := n.s.contract(string(id))
	if err != nil || row.Waits() {
		return
	}
	was, known := n.known[id]
	n.known[id] = c.Status
	changed, turned := n.activities(id), n.turned(id, c)
	if !known {
		return
	}
	place := "contract/" + string(id) + "/overview"
	if text := offerNews(c); text != "" && was == workroom.Offered && was != c.Status && row.By != n.s.me() {
		n.s.core.tellOf(workroom.TopicOffers, c.Title, text, place)
	}
	for _, x := range changed {
		n.s.core.tellOf(workroom.TopicContract, c.Title, activityNews(x), place)
	}
	for _, text := range turned {
		n.s.core.tellOf(workroom.TopicContract, c.Title, text, place)
	}
}

// activities takes the activities of a contract as known, and answers those the other side changed since.
func (n *noticeBoard) activities(id workroom.ContractID) []*workroom.Activity {
	rows, err := n.s.replica.All(context.Background(), workroom.ContractScope(id), workroom.KindActivity)
	if err != nil {
		return nil
	}
	was, now := n.codes[id], map[string]int64{}
	var out []*workroom.Activity
	for _, r := range rows {
		now[r.ID] = r.Rev
		if a, ok := r.Thing.(*workroom.Activity); ok && was != nil && now[r.ID] > was[r.ID] && !r.Waits() && r.By != n.s.me() {
			out = append(out, a)
		}
	}
	n.codes[id] = now
	return out
}

// offerNews words the answer to an offer, "" while there is none.
func offerNews(c *workroom.Contract) string {
	switch c.Status {
	case workroom.Active, workroom.Paused, workroom.Ended:
		return c.FreelancerName + " accepted the offer."
	case workroom.Refused:
		return "The offer was declined."
	}
	return ""
}

// activityNews words how an activity stands.
func activityNews(a *workroom.Activity) string {
	if a.Archived != 0 {
		return "The activity " + a.Code + " was archived."
	}
	return "The activity " + a.Code + " is there to choose."
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

// badge shows how many messages are unread, on the tray and the taskbar (N-09).
func (n *noticeBoard) badge(ctx context.Context) {
	all, err := n.s.replica.UnreadAll(ctx)
	if err != nil {
		return
	}
	var count int
	for _, c := range all {
		count += int(c)
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
