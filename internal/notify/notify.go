// Package notify decides which desktop notices to show, and on Linux sends them.
//
// Desk is the decision, pure but for the times handed to it: one notice a room that later messages replace, at least Gap apart, nothing
// for the room being looked at, nothing in quiet hours, nothing but a count where content is to be hidden (N-08). Bus is the sender for
// Linux; on other systems the window's own notices are used. The package knows neither the database nor the network: the
// program hands it messages as they arrive.
package notify

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Gap is the least time between two notices of one room; what arrives sooner is told together when it has passed.
const Gap = 4 * time.Second

// maxBody and maxTitle are the most characters of a notice's text and title.
const (
	maxBody  = 240
	maxTitle = 80
)

// Level says which messages of a room are told.
type Level int

// The levels a person can choose for a room.
const (
	All Level = iota
	Mentions
	None
)

// Message is a message from somebody else that has just arrived.
type Message struct {
	ID      string
	Room    string // id
	Title   string // the room's name as this person sees it
	Author  string
	Text    string // plain text, without markup
	Direct  bool   // a room of two: the author's name is the room's
	Mention bool   // it names this person
	Level   Level  // what was chosen for the room
	Missed  int    // unread messages of the room before it that are not handed in themselves
	Came    time.Time
}

// Notice is what to show. A notice with the Key of one still on screen takes its place.
type Notice struct {
	Key     string // the room's id
	Message string // id of the message to open: the first that is not yet seen
	Title   string // one line of plain text
	Body    string // plain text; may have several lines
	Mention bool   // names this person
	Urgent  bool   // stays until it is answered; a Desk never sets it
	Count   int    // messages it stands for
}

// room is what one room has waiting and has shown.
type room struct {
	waiting []Message
	first   string    // the first message told since the room was last read
	told    int       // messages told since then
	mention bool      // one of them named this person
	last    time.Time // when its notice was last shown
}

// Desk holds what has been shown and what waits to be. It is not safe for concurrent use; its owner calls it from one goroutine.
type Desk struct {
	settings Settings
	looking  string // room on screen in a focused window; empty: none
	rooms    map[string]*room
}

// NewDesk returns a desk on which nothing has been shown.
func NewDesk(s Settings) *Desk { return &Desk{settings: s, rooms: map[string]*room{}} }

// Set takes changed settings. What waits is judged by them when it is due.
func (d *Desk) Set(s Settings) { d.settings = s }

// Look says which room is on screen in a focused window, empty if none is. That room counts as read.
func (d *Desk) Look(room string) (withdraw bool) {
	d.looking = room
	return d.Read(room)
}

// Read says that the room was read, here or on another device. It reports whether a notice of it may be on screen and should
// be withdrawn.
func (d *Desk) Read(room string) (withdraw bool) {
	r := d.rooms[room]
	if r == nil {
		return false
	}
	withdraw = r.told > 0
	r.waiting, r.told, r.first, r.mention = nil, 0, "", false
	return withdraw
}

// Told lists the rooms of which a notice may be on screen, or waits to be.
func (d *Desk) Told() []string {
	var out []string
	for id, r := range d.rooms {
		if r.told > 0 || len(r.waiting) > 0 {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

// Add takes a message that has arrived. It may be told at the next Due, be kept for a later one, or never be told.
func (d *Desk) Add(m Message) {
	if !d.settings.Tells(m) || m.Room == d.looking {
		return
	}
	r := d.rooms[m.Room]
	if r == nil {
		r = &room{}
		d.rooms[m.Room] = r
	}
	if !slices.ContainsFunc(r.waiting, func(w Message) bool { return w.ID == m.ID }) {
		r.waiting = append(r.waiting, m)
	}
}

// Waits reports whether messages of a room wait to be told.
func (d *Desk) Waits(room string) bool {
	r := d.rooms[room]
	return r != nil && len(r.waiting) > 0
}

// Pauses reports whether messages may wait for longer than Gap.
func (d *Desk) Pauses() bool { return d.settings.Every >= time.Minute }

// Due returns the notices to show now, in the order of their rooms' ids, and counts them as shown.
func (d *Desk) Due(now time.Time) []Notice {
	var out []Notice
	for id, r := range d.rooms {
		if len(r.waiting) == 0 {
			if r.told == 0 && now.Sub(r.last) >= Gap {
				delete(d.rooms, id)
			}
			continue
		}
		if d.settings.Off || d.settings.Hold {
			r.waiting = nil
			continue
		}
		if d.settings.Quiet.Contain(now) { // what waits for the end of a pause goes on waiting
			r.waiting = slices.DeleteFunc(r.waiting, func(m Message) bool { return !d.settings.paused([]Message{m}, now) })
			continue
		}
		if d.settings.paused(r.waiting, now) {
			continue
		}
		if !r.last.IsZero() && now.Sub(r.last) < Gap && now.Sub(r.last) >= 0 { // a clock set back must not hold notices back
			continue
		}
		if r.first == "" {
			r.first = r.waiting[0].ID
		}
		r.told += len(r.waiting)
		for _, m := range r.waiting {
			r.told += m.Missed
		}
		r.last = now
		r.mention = r.mention || slices.ContainsFunc(r.waiting, func(m Message) bool { return m.Mention })
		out = append(out, d.notice(r))
		r.waiting = nil
	}
	slices.SortFunc(out, func(a, b Notice) int { return strings.Compare(a.Key, b.Key) })
	return out
}

// Next returns when Due should be asked again; false if nothing waits.
func (d *Desk) Next() (at time.Time, ok bool) {
	for _, r := range d.rooms {
		if len(r.waiting) == 0 {
			continue
		}
		due := r.last.Add(Gap)
		if end := d.settings.pauseEnds(r.waiting); end.After(due) {
			due = end
		}
		if !ok || due.Before(at) {
			at, ok = due, true
		}
	}
	return at, ok
}

// notice words what a room has to tell; the newest message speaks for all.
func (d *Desk) notice(r *room) Notice {
	m := r.waiting[len(r.waiting)-1]
	n := Notice{Key: m.Room, Message: r.first, Mention: r.mention, Count: r.told}
	news := "New message"
	if r.told > 1 {
		news = fmt.Sprintf("%d new messages", r.told)
	}
	if d.settings.HideContent {
		n.Title, n.Body = "Trestle", news
		return n
	}
	n.Title = line(m.Title, maxTitle)
	n.Body = shorten(m.Text, maxBody)
	if !m.Direct {
		n.Body = line(m.Author, maxTitle) + ": " + n.Body
	}
	if r.told > 1 {
		n.Body = news + "\n" + n.Body
	}
	return n
}

// line makes one line of at most max characters.
func line(s string, max int) string {
	return shorten(strings.Join(strings.Fields(s), " "), max)
}

// shorten drops control and invisible direction characters, which could make a notice read as something else, and cuts to max.
func shorten(s string, max int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t':
			return ' '
		case unicode.IsControl(r), r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.TrimSpace(s)
	if utf8.RuneCountInString(s) <= max {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:max-1])) + "…"
}
