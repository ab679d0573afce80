package notify

import (
	"slices"
	"time"
)

// Settings are what the person chose.
type Settings struct {
	Off         bool // no notices at all (N-06)
	HideContent bool // say that something came, not what, nor from whom, nor where
	Quiet       Hours
	Hold        bool // quiet for as long as it is set: the person is away
	// NoMentions and NoMessages leave out messages that are meant for the person, by name or in a room of two, and all others (N-03).
	NoMentions bool
	NoMessages bool
	// Every is how far apart notices of messages may be; 0: they come at once (N-04). Pauses of an hour or a part of it begin with the hours of
	// Quiet's zone, that of a day at nine there. What names the person always comes at once.
	Every time.Duration
}

// Tells reports whether a message is one to tell of at all, now or later.
func (s Settings) Tells(m Message) bool {
	meant := m.Mention || m.Direct
	switch {
	case s.Off, m.Level == None, m.Level == Mentions && !meant:
		return false
	case meant:
		return !s.NoMentions
	}
	return !s.NoMessages
}

// Hours are daily quiet hours, as minutes after midnight in Zone; From == To means none. They may pass midnight. The days of Rest are quiet as a
// whole.
type Hours struct {
	From, To int
	Rest     []time.Weekday
	Zone     *time.Location // nil: the zone of the times handed in
}

// Contain reports whether now lies in the quiet hours.
func (h Hours) Contain(now time.Time) bool {
	now = h.in(now)
	if slices.Contains(h.Rest, now.Weekday()) {
		return true
	}
	if h.From == h.To {
		return false
	}
	m := now.Hour()*60 + now.Minute()
	if h.From < h.To {
		return m >= h.From && m < h.To
	}
	return m >= h.From || m < h.To
}

// end is the first moment from t on that is not quiet; where every day is, one of them.
func (h Hours) end(t time.Time) time.Time {
	for range 2 * 7 { // each round leaves a night or a day
		if !h.Contain(t) {
			break
		}
		t = h.in(t)
		y, m, d := t.Date()
		switch at := t.Hour()*60 + t.Minute(); {
		case slices.Contains(h.Rest, t.Weekday()):
			t = time.Date(y, m, d+1, 0, 0, 0, 0, t.Location())
		case h.From > h.To && at >= h.From:
			t = time.Date(y, m, d+1, 0, h.To, 0, 0, t.Location())
		default:
			t = time.Date(y, m, d, 0, h.To, 0, 0, t.Location())
		}
	}
	return t
}

func (h Hours) in(t time.Time) time.Time {
	if h.Zone != nil {
		return t.In(h.Zone)
	}
	return t
}

// morning is the hour at which a day's notices come.
const morning = 9

// pauseEnd is when the pause ends in which a moment lies.
func (s Settings) pauseEnd(t time.Time) time.Time {
	t = s.Quiet.in(t)
	y, m, d := t.Date()
	if s.Every >= 24*time.Hour {
		if t.Hour() >= morning {
			d++
		}
		return time.Date(y, m, d, morning, 0, 0, 0, t.Location())
	}
	// By the offset of this moment: in a night in which the clock is set, a wall clock's time may come twice or never.
	_, offset := t.Zone()
	wall, every := t.Unix()+int64(offset), int64(s.Every/time.Second)
	return time.Unix(wall-wall%every+every-int64(offset), 0).In(t.Location())
}

// toldAt is when a message that waits is told: at the end of its pause, or of the quiet hours in which that lies. A pause of a day passes quiet
// days over; what came in quiet hours, in a shorter one, ends in them.
func (s Settings) toldAt(came time.Time) time.Time {
	end, daily := s.pauseEnd(came), s.Every >= 24*time.Hour
	for range 6 {
		if daily && slices.Contains(s.Quiet.Rest, end.Weekday()) {
			end = s.pauseEnd(end)
		}
	}
	if daily || !s.Quiet.Contain(came) {
		end = s.Quiet.end(end)
	}
	return end
}

// pauseEnds is when messages that wait may be told; long ago if at once.
func (s Settings) pauseEnds(waiting []Message) time.Time {
	if s.Every < time.Minute || slices.ContainsFunc(waiting, func(m Message) bool { return m.Mention || m.Came.IsZero() }) {
		return time.Time{}
	}
	return s.toldAt(waiting[0].Came)
}

// paused reports whether messages wait for the end of a pause.
func (s Settings) paused(waiting []Message, now time.Time) bool {
	return now.Before(s.pauseEnds(waiting))
}
