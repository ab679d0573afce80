package app

import (
	"context"
	"errors"
	"time"

	"trestle/internal/markup"
	"trestle/internal/notify"
	"trestle/internal/workroom"
)

// Notices is the bell, what the person is told of, and the out-of-office responder.
type Notices struct{ c *Core }

// List answers the bell: the notices of the last 30 days, newest first.
func (n *Notices) List() (out NoticeList, err error) {
	defer guard(&err)
	s, err := n.c.here()
	if err != nil {
		return out, err
	}
	now, _ := s.bestNow()
	out.Rows, err = s.bell(now, false)
	return out, err
}

// Fresh counts the notices since the bell was last looked at.
func (n *Notices) Fresh() (out FreshView, err error) {
	defer guard(&err)
	s, err := n.c.here()
	if err != nil {
		return out, err
	}
	now, _ := s.bestNow()
	rows, err := s.bell(now, true)
	for _, r := range rows {
		if r.Fresh {
			out.Fresh++
		}
	}
	return out, err
}

// Seen says that the bell was looked at, on all devices.
func (n *Notices) Seen() (err error) {
	defer guard(&err)
	s, err := n.c.here()
	if err != nil {
		return err
	}
	now, _ := s.bestNow()
	rows, err := s.bell(now, false)
	if err != nil || len(rows) == 0 || !rows[0].Fresh {
		return err
	}
	_, err = s.enqueue(workroom.SetNotices{Who: s.me(), Seen: rows[0].At * 1000}, enqueueOpts{})
	return err
}

// Rules says what the person is told of.
func (n *Notices) Rules() (out RulesView, err error) {
	defer guard(&err)
	s, err := n.c.here()
	if err != nil {
		return out, err
	}
	return s.rulesView()
}

// SetRules changes what the person is told of, on all devices.
func (n *Notices) SetRules(in RulesIn) (out RulesView, err error) {
	defer guard(&err)
	s, err := n.c.here()
	if err != nil {
		return out, err
	}
	c := workroom.SetNotices{Who: s.me(), Off: in.Off}
	if len(in.Topics) > 0 {
		c.Topics = map[workroom.Topic]bool{}
		for _, t := range in.Topics {
			c.Topics[workroom.Topic(t.ID)] = t.On
		}
	}
	if in.Every != nil {
		c.Every = new(int(*in.Every))
	}
	if q := in.Quiet; q != nil {
		c.Quiet = &workroom.Quiet{On: q.On, From: int(q.From), To: int(q.To), Zone: knownZone(q.Zone)}
		for _, d := range q.Rest {
			c.Quiet.Rest = append(c.Quiet.Rest, int(d))
		}
	}
	if _, err := s.enqueue(c, enqueueOpts{}); err != nil {
		return out, err
	}
	return s.rulesView()
}

// Test shows a notice, so that the person sees whether and how this computer shows them.
func (n *Notices) Test() (err error) {
	defer guard(&err)
	s, err := n.c.here()
	if err != nil {
		return err
	}
	show, failed := (*notifier)(nil), error(nil)
	if s.notices != nil {
		show, failed = s.notices.sender()
	}
	if show == nil {
		return noNotifier(failed)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	return show.show(ctx, notify.Notice{Key: ownNotice + "settings/notices", Title: "Trestle", Body: "This is how a notification looks."})
}

// noNotifier is why this computer shows no notices, in a person's words.
func noNotifier(why error) *Failure {
	none := &notify.Unavailable{Err: why}
	if why == nil || errors.As(why, &none) {
		return Fail("no_notifier", none.Sentence())
	}
	return AsFailure(why)
}

func (s *Session) rulesView() (out RulesView, err error) {
	r := s.noticeRules()
	out = RulesView{Off: r.Off, Topics: []TopicRow{}, Every: int64(r.Every), Levels: []LevelRow{}, Quiet: QuietView{
		On: r.Quiet.On, From: int64(r.Quiet.From), To: int64(r.Quiet.To), Zone: r.Quiet.Zone, Rest: []int64{}}}
	for _, t := range workroom.Topics() {
		out.Topics = append(out.Topics, TopicRow{ID: string(t), On: !r.Mutes(t)})
	}
	for _, d := range r.Quiet.Rest {
		out.Quiet.Rest = append(out.Quiet.Rest, int64(d))
	}
	if s.notices != nil {
		if show, failed := s.notices.sender(); show == nil && failed != nil {
			out.Why = noNotifier(failed).Message
		}
	}
	prefs, err := s.replica.All(context.Background(), workroom.AccountScope(s.me()), workroom.KindPref)
	if err != nil {
		return out, err
	}
	for _, x := range prefs {
		p, ok := x.Thing.(*workroom.Pref)
		if !ok || p.Level == workroom.LevelAll {
			continue
		}
		id, room, err := s.room(x.ID)
		if err != nil {
			continue // not here any more
		}
		people, err := s.people(id)
		if err != nil {
			return out, err
		}
		out.Levels = append(out.Levels, LevelRow{Room: x.ID, Name: s.roomTitle(room, people), Level: string(p.Level)})
	}
	return out, nil
}

// Office answers the out-of-office responder.
func (n *Notices) Office() (out OfficeView, err error) {
	defer guard(&err)
	s, err := n.c.here()
	if err != nil {
		return out, err
	}
	return s.officeView(), nil
}

// SetOffice changes the out-of-office responder.
func (n *Notices) SetOffice(in OfficeIn) (out OfficeView, err error) {
	defer guard(&err)
	s, err := n.c.here()
	if err != nil {
		return out, err
	}
	c := workroom.SetAway{Who: s.me(), On: in.On, Text: in.Text}
	if in.First != "" || in.Last != "" {
		if c.When, err = datesOf(in.First, in.Last, in.Zone); err != nil {
			return out, err
		}
	}
	if r := s.tried(c); r != nil {
		return out, r
	}
	if _, err := s.enqueue(c, enqueueOpts{}); err != nil {
		return out, err
	}
	return s.officeView(), nil
}

// tried is why a command would be refused as things stand here, so that the person is told beside the field.
func (s *Session) tried(c workroom.SetAway) *workroom.Refusal {
	if r := c.Check(); r != nil {
		return r
	}
	now := *s.away()
	if c.Text != nil {
		now.Text = *c.Text
	}
	on := now.On
	if c.On != nil {
		on = *c.On
	}
	switch {
	case !on:
		return nil
	case workroom.Blank(now.Text):
		return workroom.Bad("text", "Write what others are answered.")
	case now.To == 0 && c.When == nil:
		return workroom.Bad("first", "Choose the first and the last day.")
	}
	return nil
}

// datesOf are the moments at which two days of a time zone begin and end.
func datesOf(first, last, zone string) (*workroom.Dates, error) {
	z := zoneOf(zone)
	from, err := time.ParseInLocation(time.DateOnly, first, z)
	if err != nil {
		return nil, workroom.Bad("first", "Choose the first day.")
	}
	to, err := time.ParseInLocation(time.DateOnly, last, z)
	if err != nil {
		return nil, workroom.Bad("last", "Choose the last day.")
	}
	if to.Before(from) {
		return nil, workroom.Bad("last", "The last day lies before the first.")
	}
	return &workroom.Dates{First: first, Last: last, Zone: knownZone(zone), From: from.UnixMicro(), To: to.AddDate(0, 0, 1).UnixMicro()}, nil
}

// knownZone is the name of a time zone, "" if this computer does not know it.
func knownZone(name string) string {
	if _, err := time.LoadLocation(name); err != nil || name == "Local" {
		return ""
	}
	return name
}

func (s *Session) officeView() OfficeView {
	a := s.away()
	now, _ := s.bestNow()
	out := OfficeView{On: a.On, Text: a.Text, First: a.First, Last: a.Last, Zone: a.Zone, From: a.From / 1000, To: a.To / 1000, Now: a.Now(now)}
	out.Over = a.On && a.To > 0 && now.UnixMicro() >= a.To
	out.Plain = markup.Preview(a.Text, 160, markup.Options{})
	out.HTML = markup.HTML(a.Text, markup.Options{})
	return out
}
