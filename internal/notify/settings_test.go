package notify

import (
	"testing"
	"time"
)

// N-03, N-07: which messages are told of, by topic and by what was chosen for the room.
func TestN03_WhatIsTold(t *testing.T) {
	plain, named, direct := Message{}, Message{Mention: true}, Message{Direct: true}
	for _, c := range []struct {
		name                 string
		s                    Settings
		level                Level
		plain, named, direct bool
	}{
		{"all on", Settings{}, All, true, true, true},
		{"all off", Settings{Off: true}, All, false, false, false},
		{"no messages", Settings{NoMessages: true}, All, false, true, true},
		{"no mentions", Settings{NoMentions: true}, All, true, false, false},
		{"a room of mentions", Settings{}, Mentions, false, true, true},
		{"a silent room", Settings{}, None, false, false, false},
		{"mentions of a room, and none of them", Settings{NoMentions: true}, Mentions, false, false, false},
	} {
		for _, x := range []struct {
			what string
			m    Message
			want bool
		}{{"a message", plain, c.plain}, {"one that names me", named, c.named}, {"one to me alone", direct, c.direct}} {
			x.m.Level = c.level
			if got := c.s.Tells(x.m); got != x.want {
				t.Errorf("%s, %s: told %v", c.name, x.what, got)
			}
		}
	}
}

// N-04: notices wait for the end of a pause, one a room for all that came in it; a mention does not wait and takes the others along.
func TestN04_Pauses(t *testing.T) {
	for _, c := range []struct {
		every      time.Duration
		came, ends string
	}{
		{15 * time.Minute, "12:00:00", "12:15:00"}, {15 * time.Minute, "12:14:59", "12:15:00"}, {15 * time.Minute, "23:50:00", "24:00:00"},
		{time.Hour, "12:00:00", "13:00:00"}, {24 * time.Hour, "08:59:59", "09:00:00"}, {24 * time.Hour, "09:00:00", "33:00:00"},
	} {
		day := time.Date(2015, 5, 4, 0, 0, 0, 0, time.UTC)
		came, ends := day.Add(clock(t, c.came)), day.Add(clock(t, c.ends))
		s := Settings{Every: c.every}
		d := NewDesk(s)
		m := msg("1", "a")
		m.Came = came
		d.Add(m)
		wantDue(t, d, came, "")
		if at, ok := d.Next(); !ok || !at.Equal(ends) {
			t.Errorf("every %s, came %s: next %v, want %v", c.every, c.came, at, ends)
		}
		m = msg("2", "a")
		m.Came = ends.Add(-time.Second)
		d.Add(m)
		wantDue(t, d, ends.Add(-time.Second), "")
		wantDue(t, d, ends, "a=2 1;")

		m = msg("3", "b")
		m.Came = came
		d.Add(m)
		m = msg("4", "b")
		m.Came, m.Mention = came, true
		d.Add(m)
		wantDue(t, d, came, "b=2 3!;")
	}
}

func clock(t *testing.T, s string) time.Duration {
	t.Helper()
	var h, m, sec int
	for i, p := range []*int{&h, &m, &sec} {
		*p = int(s[3*i]-'0')*10 + int(s[3*i+1]-'0')
	}
	return time.Duration(h)*time.Hour + time.Duration(m)*time.Minute + time.Duration(sec)*time.Second
}

// N-04: the pauses of a zone whose clock is half an hour off begin at its own midnight, and those of a day in which the clock is set forth or back
// end when its clock says so.
func TestN04_PausesInAZone(t *testing.T) {
	for zone, list := range map[string][][2]string{
		"Asia/Kolkata":    {{"2015-05-04T12:10:00+05:30", "2015-05-04T13:00:00+05:30"}},
		"Europe/Helsinki": {{"2026-03-28T09:30:00+02:00", "2026-03-29T09:00:00+03:00"}, {"2026-10-24T20:00:00+03:00", "2026-10-25T09:00:00+02:00"}},
	} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range list {
			came, _ := time.Parse(time.RFC3339, x[0])
			want, _ := time.Parse(time.RFC3339, x[1])
			every := 24 * time.Hour
			if zone == "Asia/Kolkata" {
				every = time.Hour
			}
			s := Settings{Every: every, Quiet: Hours{Zone: loc}}
			if got := s.pauseEnd(came.UTC()); !got.Equal(want) {
				t.Errorf("%s: the pause of %s ends %s, want %s", zone, x[0], got, x[1])
			}
		}
	}
}

// N-07: quiet days are quiet from midnight to midnight of their zone, and a person who is away is left alone.
func TestN07_QuietDays(t *testing.T) {
	sunday := time.Date(2015, 5, 3, 12, 0, 0, 0, time.UTC)
	h := Hours{Rest: []time.Weekday{time.Saturday, time.Sunday}, Zone: time.FixedZone("east", 10*3600)}
	for d, want := range map[time.Duration]bool{0: true, 2*time.Hour - time.Second: true, 2 * time.Hour: false, -46*time.Hour - time.Second: false, -46 * time.Hour: true, -33 * time.Hour: true} {
		if got := h.Contain(sunday.Add(d)); got != want {
			t.Errorf("%s: quiet %v", sunday.Add(d).In(h.Zone), got)
		}
	}
	d := NewDesk(Settings{Hold: true})
	d.Add(msg("1", "a"))
	wantDue(t, d, noon, "")
	d.Set(Settings{})
	wantDue(t, d, noon.Add(Gap), "") // it stands in the bell
}

// N-01: what came while there was no connection is one summary a room, of all that is unread.
func TestN01_OneSummaryAfterReconnect(t *testing.T) {
	d := NewDesk(Settings{})
	first := msg("31", "a")
	first.Missed = 30
	d.Add(first)
	d.Add(msg("32", "a"))
	got := d.Due(noon)
	if len(got) != 1 || got[0].Count != 32 || got[0].Body != "32 new messages\nIshaan: text 32" {
		t.Errorf("%+v", got)
	}
}

// N-04, N-07: the end of a pause that lies in quiet hours waits for theirs, and what waits is not thrown away when they begin; a day's summary
// passes quiet days over.
func TestN07_ASummaryOutlivesQuietHours(t *testing.T) {
	const quarter, hour, day = 15 * time.Minute, time.Hour, 24 * time.Hour
	night, late := Hours{From: 22 * 60, To: 7 * 60, Zone: time.UTC}, Hours{From: 22 * 60, To: 9*60 + 30, Zone: time.UTC}
	weekend := Hours{Rest: []time.Weekday{time.Saturday, time.Sunday}, Zone: time.UTC}
	for _, x := range []struct {
		name       string
		quiet      Hours
		every      time.Duration
		came, told string // told "" for never
	}{
		{"a day's, past a night", night, day, "2026-11-18T14:00:00Z", "2026-11-19T09:00:00Z"},
		{"a day's, that came at night", night, day, "2026-11-18T23:00:00Z", "2026-11-19T09:00:00Z"},
		{"a day's, with a long night", late, day, "2026-11-18T14:00:00Z", "2026-11-19T09:30:00Z"},
		{"a day's, on a Friday", weekend, day, "2026-11-20T14:00:00Z", "2026-11-23T09:00:00Z"},
		{"an hour's, at the brink", night, hour, "2026-11-18T21:50:00Z", "2026-11-19T07:00:00Z"},
		{"a quarter's, on a Friday night", weekend, quarter, "2026-11-20T23:50:00Z", "2026-11-23T00:00:00Z"},
		{"a quarter's, in the afternoon", night, quarter, "2026-11-18T14:00:00Z", "2026-11-18T14:15:00Z"},
		{"a quarter's, at night", night, quarter, "2026-11-18T23:00:00Z", ""},
	} {
		d := NewDesk(Settings{Every: x.every, Quiet: x.quiet})
		m := msg("1", "a")
		m.Came = at(t, x.came)
		d.Add(m)
		told := ""
		for now := m.Came; now.Before(m.Came.Add(4*day)) && told == ""; now = now.Add(time.Minute) {
			if now.Hour() == 23 { // one that names the person, at night, is not told and takes nothing along
				named := msg("2", "a")
				named.Mention, named.Came = true, now
				if x.quiet.Contain(now) {
					d.Add(named)
				}
			}
			if len(d.Due(now)) > 0 {
				told = now.Format(time.RFC3339)
			}
		}
		if told != x.told {
			t.Errorf("%s: told %q, want %q", x.name, told, x.told)
		}
	}
	if every := (Hours{Rest: []time.Weekday{0, 1, 2, 3, 4, 5, 6}}); !every.Contain(every.end(noon)) {
		t.Error("a week of quiet days has an end")
	}
}
