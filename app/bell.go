package app

import (
	"cmp"
	"context"
	"slices"
	"time"

	"trestle/internal/notify"
	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// Bounds of the bell.
const (
	bellDays  = 30 * 24 * time.Hour
	bellRows  = 200
	bellReads = 100 // messages of one room
)

// bell is what the person was told of in the last 30 days, newest first (N-10). Nothing is kept of it: it follows from the rooms, contracts and
// rules, so that it is the same on every device and outlives a restart. Messages of a room stand together day by day; one that names the person
// stands for itself. unread looks only at rooms in which something is unread.
func (s *Session) bell(now time.Time, unread bool) ([]NoticeRow, error) {
	ctx := context.Background()
	rules := s.noticeRules()
	set := notify.Settings{NoMentions: rules.Mutes(workroom.TopicMentions), NoMessages: rules.Mutes(workroom.TopicMessages)}
	rooms, err := s.bellRooms(ctx, now, unread)
	if err != nil {
		return nil, err
	}
	out := []NoticeRow{}
	for _, id := range rooms {
		rows, err := s.bellRoom(ctx, id, set, now)
		if err != nil {
			return nil, err
		}
		if out = append(out, rows...); len(out) > 4*bellRows {
			break // the rooms come newest first
		}
	}
	if !rules.Mutes(workroom.TopicUnsent) {
		rows, err := s.bellUnsent(ctx)
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
	rows, err := s.bellContracts(ctx, rules)
	if err != nil {
		return nil, err
	}
	out = append(out, rows...)
	from := now.Add(-bellDays).UnixMilli()
	out = slices.DeleteFunc(out, func(r NoticeRow) bool { return r.At < from })
	slices.SortFunc(out, func(a, b NoticeRow) int { return cmp.Or(cmp.Compare(b.At, a.At), cmp.Compare(a.ID, b.ID)) })
	out = out[:min(len(out), bellRows)]
	for i := range out {
		out[i].Fresh = out[i].At*1000 > rules.Seen
	}
	return out, nil
}

// bellRooms are the rooms in which somebody wrote within the days of the bell, newest first.
func (s *Session) bellRooms(ctx context.Context, now time.Time, unread bool) ([]workroom.RoomID, error) {
	var ids []workroom.RoomID
	if unread {
		all, err := s.replica.UnreadAll(ctx)
		if err != nil {
			return nil, err
		}
		for id := range all {
			ids = append(ids, id)
		}
	} else {
		rows, err := s.replica.Rooms(ctx)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			ids = append(ids, workroom.RoomID(r.ID))
		}
	}
	type newest struct {
		id workroom.RoomID
		at int64
	}
	var list []newest
	for _, id := range ids {
		w, err := s.replica.Window(ctx, workroom.RoomScope(id), workroom.KindMessage, 0, 1)
		if err != nil {
			return nil, err
		}
		if n := len(w.Rows); n > 0 {
			if m, ok := w.Rows[n-1].Thing.(*workroom.Message); ok && m.At >= now.Add(-bellDays).UnixMicro() {
				list = append(list, newest{id, m.At})
			}
		}
	}
	slices.SortFunc(list, func(a, b newest) int { return cmp.Or(cmp.Compare(b.at, a.at), cmp.Compare(a.id, b.id)) })
	out := make([]workroom.RoomID, len(list))
	for i, x := range list {
		out[i] = x.id
	}
	return out, nil
}

// bellRoom are the lines of one room.
func (s *Session) bellRoom(ctx context.Context, id workroom.RoomID, set notify.Settings, now time.Time) ([]NoticeRow, error) {
	_, r, err := s.room(string(id))
	if err != nil {
		return nil, nil // it is just leaving
	}
	people, err := s.people(id)
	if err != nil {
		return nil, err
	}
	w, err := s.replica.Window(ctx, workroom.RoomScope(id), workroom.KindMessage, 0, bellReads)
	if err != nil {
		return nil, err
	}
	if len(w.Rows) < bellReads && w.Older {
		s.lengthen(id, w.Rows, now)
	}
	between, err := s.between()
	if err != nil {
		return nil, err
	}
	level, title := s.levelOf(id), s.roomTitle(r, people)
	var out []NoticeRow
	days := map[string]int{} // of the room's line of a day, its place in out
	for _, x := range w.Rows {
		m, ok := x.Thing.(*workroom.Message)
		if !ok || x.Num == 0 || m.Author == s.me() || m.Deleted != 0 || between.blocked[m.Author] {
			continue
		}
		named, direct := s.mentioned(m), r.Kind == workroom.DirectRoom
		if !set.Tells(notify.Message{Level: level, Mention: named, Direct: direct}) {
			continue
		}
		row := NoticeRow{
			ID: x.ID, Topic: string(workroom.TopicMessages), Room: string(id), Title: title, By: nameIn(people, string(m.Author)), Text: lineOf(m, people),
			At: m.At / 1000, Count: 1, Place: "room/" + string(id) + "/at/" + x.ID,
		}
		if named || direct {
			row.Topic = string(workroom.TopicMentions)
		}
		if named {
			out = append(out, row)
			continue
		}
		day := time.UnixMicro(m.At).In(now.Location()).Format(time.DateOnly)
		i, ok := days[day]
		if !ok {
			days[day] = len(out)
			out = append(out, row)
			continue
		}
		was := out[i] // it leads to the first of the day and says what the last one says
		row.ID, row.Place, row.Count = was.ID, was.Place, was.Count+1
		out[i] = row
	}
	return out, nil
}

// lengthen asks for more of a room of which a new copy has only the newest page, once, so that its bell is that of the other devices; the page
// hears of the room's change.
func (s *Session) lengthen(id workroom.RoomID, rows []replica.Row, now time.Time) {
	if s.notices == nil || len(rows) > 0 && rows[0].At < now.Add(-bellDays).UnixMicro() {
		return
	}
	if _, asked := s.notices.longer.LoadOrStore(id, true); asked {
		return
	}
	s.goes(func() {
		if _, err := s.courier.Older(s.ctx, workroom.RoomScope(id)); err != nil {
			s.notices.longer.Delete(id) // the next look at the bell asks again
		}
	})
}

// bellUnsent is the line of what the service did not accept.
func (s *Session) bellUnsent(ctx context.Context) ([]NoticeRow, error) {
	list, err := s.replica.NotSent(ctx)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	row := NoticeRow{ID: "notsent", Topic: string(workroom.TopicUnsent), Title: "Not sent", Place: "notsent", Count: int64(len(list))}
	for _, i := range list {
		row.At = max(row.At, i.At/1000)
	}
	return []NoticeRow{row}, nil
}

// bellContracts are the answers to one's own offers, and what the other side changed of the activities of a contract once it ran.
func (s *Session) bellContracts(ctx context.Context, rules *workroom.NoticeRules) ([]NoticeRow, error) {
	rows, err := s.replica.Contracts(ctx)
	if err != nil {
		return nil, err
	}
	var out []NoticeRow
	for _, x := range rows {
		c, ok := x.Thing.(*workroom.Contract)
		if !ok || x.Waits() || c.Client == c.Freelancer {
			continue
		}
		row := NoticeRow{ID: x.ID, Contract: x.ID, Title: c.Title, Count: 1, Place: "contract/" + x.ID + "/overview"}
		if (c.Client == s.me() || c.Asker == s.me() && c.Status == workroom.Refused) && !rules.Mutes(workroom.TopicOffers) {
			row.Topic, row.Text = string(workroom.TopicOffers), offerNews(c, s.me())
			if row.At = c.Started / 1000; c.Status == workroom.Refused || c.Status == workroom.Offered {
				row.At, row.Place = x.At/1000, "room/"+string(c.Room)
			}
			if row.Text != "" && row.At > 0 {
				out = append(out, row)
			}
		}
		if rules.Mutes(workroom.TopicContract) || c.Started == 0 {
			continue
		}
		turns, err := s.replica.All(ctx, workroom.ContractScope(workroom.ContractID(x.ID)), workroom.KindTurn)
		if err != nil {
			return nil, err
		}
		for _, r := range turns {
			if t, ok := r.Thing.(*workroom.Turn); ok && !r.Waits() && t.By != s.me() {
				row.ID, row.Topic, row.Text, row.At = x.ID+" "+r.ID, string(workroom.TopicContract), turnNews(c, t), t.At/1000
				out = append(out, row)
			}
		}
		codes, err := s.replica.All(ctx, workroom.ContractScope(workroom.ContractID(x.ID)), workroom.KindActivity)
		if err != nil {
			return nil, err
		}
		for _, r := range codes {
			a, ok := r.Thing.(*workroom.Activity)
			if !ok || r.Waits() || r.By == s.me() || r.At <= c.Started {
				continue
			}
			row.ID, row.Topic, row.Text, row.At = x.ID+" "+r.ID, string(workroom.TopicContract), activityNews(a), r.At/1000
			out = append(out, row)
		}
	}
	return out, nil
}
