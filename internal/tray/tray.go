// Package tray says what the system tray shows: from the facts about tracking, waiting changes and unread messages it
// computes the icon, the tooltip and the menu. It is pure: no window, no D-Bus, no clock. The program hands it the facts whenever they change
// and draws what comes back with whatever tray the system has.
package tray

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Face is what the icon says. The first that applies, from the top:
//
//	Question   an idle question waits for an answer
//	Tracking   time is running
//	Unsynced   changes have waited for the service longer than a moment
//	Paused     stopped, and one click resumes
//	Stopped    none of these
type Face int

// The faces, from calm to urgent.
const (
	Stopped Face = iota
	Paused
	Unsynced
	Tracking
	Question
)

// State is the facts the tray is computed from.
type State struct {
	Running  bool          // a slice is open
	Asking   bool          // the idle question is open
	Resume   bool          // stopped in this run of the program, so that one click goes on with the same contract, activity and memo
	Elapsed  time.Duration // since Start, while running
	Today    time.Duration
	Week     time.Duration
	Limit    time.Duration // weekly limit of the chosen contract; 0: none
	Contract string        // id of the chosen contract; empty: none chosen
	Activity string        // id of the chosen activity; empty: none
	HasMemo  bool          // a memo is written, so a start needs nothing more

	Contracts []Contract // those this person can track on
	Recent    []Combo    // what was tracked last, the newest first
	Waiting   int        // commands not yet taken by the service
	Behind    bool       // they have waited long enough to say so
	Unread    int        // unread messages
	Capture   bool       // pictures can be taken on this system
}

// Contract is a contract time can be tracked on.
type Contract struct {
	ID         string
	Title      string
	Activities []Activity // those assigned and not archived
}

// Activity is one of the client's labels.
type Activity struct {
	ID   string
	Name string
}

// Combo is a contract, an activity and a memo that were tracked together.
type Combo struct {
	Contract string // id
	Activity string // id; empty: no activity
	Memo     string
	Label    string // contract and activity by their names
}

// Kind is what choosing an item does.
type Kind int

// What items do. Nothing marks lines that only tell something, and submenus.
const (
	Nothing Kind = iota
	Start
	Stop
	Pick        // choose Contract and Activity; while tracking this switches
	OpenTracker // show the window with the tracker panel: memo, idle question
	Capture
	Show
	Quit
)

// Action is what choosing an item does, and to what.
type Action struct {
	Kind     Kind
	Contract string // Pick
	Activity string // Pick; empty: no activity
	Memo     string // Pick; empty: the memo stays as it is
}

// Item is a line of the menu.
type Item struct {
	Label     string
	Action    Action
	Separator bool
	Disabled  bool
	Check     bool // shows a mark where Checked
	Checked   bool
	Items     []Item
}

// View is everything the tray shows.
type View struct {
	Icon    Icon
	Tooltip string
	Items   []Item
}

// Icon names one picture; Picture draws it.
type Icon struct {
	Face   Face
	Unread bool
}

// View computes what the tray shows.
func (s State) View() View {
	return View{Icon: Icon{s.face(), s.Unread > 0}, Tooltip: s.tooltip(), Items: s.menu()}
}

func (s State) face() Face {
	switch {
	case s.Asking:
		return Question
	case s.Running:
		return Tracking
	case s.Behind && s.Waiting > 0:
		return Unsynced
	case s.Resume:
		return Paused
	}
	return Stopped
}

func (s State) tooltip() string {
	parts := []string{"Trestle", s.status()}
	if s.Asking {
		parts[1] = "were you working? Answer in the window"
	}
	if s.Waiting > 0 && s.Behind {
		parts = append(parts, count(s.Waiting, "change waits", "changes wait")+" for the service")
	}
	if s.Unread > 0 {
		parts = append(parts, count(s.Unread, "unread message", "unread messages"))
	}
	return strings.Join(parts, " · ")
}

func (s State) status() string {
	if !s.Running {
		return "not tracking"
	}
	said := "tracking " + clock(s.Elapsed)
	c, ok := s.chosen()
	if !ok {
		return said
	}
	said += " on " + short(c.Title)
	if i := slices.IndexFunc(c.Activities, func(a Activity) bool { return a.ID == s.Activity }); i >= 0 {
		said += ", " + short(c.Activities[i].Name)
	}
	return said
}

func (s State) menu() []Item {
	var items []Item
	tell := func(text string) { items = append(items, Item{Label: text, Disabled: true}) }
	do := func(text string, k Kind) { items = append(items, Item{Label: text, Action: Action{Kind: k}}) }
	part := func() { items = append(items, Item{Separator: true}) }

	if len(s.Contracts) == 0 && !s.Running {
		tell("No contract to track on")
	} else {
		tell(capital(s.status()))
		if s.Asking {
			do("Answer the idle question…", OpenTracker)
		}
		_, chosen := s.chosen()
		switch {
		case s.Running:
			do("Stop tracking", Stop)
		case chosen && s.HasMemo && s.Resume:
			do("Resume tracking", Start)
		case chosen && s.HasMemo:
			do("Start tracking", Start)
		default: // a start needs a contract and a memo, and a menu cannot ask for them
			do("Start tracking…", OpenTracker)
		}
		items = append(items, Item{Label: "Contract and activity", Items: s.contractItems()})
		if recent := s.recentItems(); len(recent) > 0 {
			items = append(items, Item{Label: "Recent", Items: recent})
		}
		do("Memo…", OpenTracker)
		tell("Today " + clock(s.Today))
		week := "This week " + clock(s.Week)
		if s.Limit > 0 {
			week += " of " + clock(s.Limit)
		}
		tell(week)
	}
	part()
	if s.Capture {
		do("Capture to a room…", Capture)
	}
	if s.Waiting > 0 && s.Behind {
		tell(count(s.Waiting, "change waits", "changes wait") + " for the service")
	}
	show := "Show Trestle"
	if s.Unread > 0 {
		show += fmt.Sprintf(" (%d unread)", s.Unread)
	}
	do(show, Show)
	part()
	do("Quit", Quit)
	return items
}

// contractItems is one line a contract, or a submenu where it has activities.
func (s State) contractItems() []Item {
	var items []Item
	for _, c := range s.Contracts {
		here := c.ID == s.Contract
		if len(c.Activities) == 0 {
			items = append(items, pick(short(c.Title), c.ID, "", here))
			continue
		}
		sub := []Item{pick("No activity", c.ID, "", here && s.Activity == "")}
		for _, a := range c.Activities {
			sub = append(sub, pick(short(a.Name), c.ID, a.ID, here && s.Activity == a.ID))
		}
		items = append(items, Item{Label: short(c.Title), Check: true, Checked: here, Items: sub})
	}
	return items
}

func pick(label, contract, activity string, checked bool) Item {
	return Item{Label: label, Check: true, Checked: checked, Action: Action{Kind: Pick, Contract: contract, Activity: activity}}
}

// maxRecent is how many combinations the menu offers.
const maxRecent = 6

// recentItems are the combinations tracked last: one click goes on with one of them.
func (s State) recentItems() []Item {
	var items []Item
	for _, c := range s.Recent[:min(len(s.Recent), maxRecent)] {
		label := short(c.Memo)
		if c.Label != "" {
			label = short(c.Label) + ": " + label
		}
		items = append(items, Item{Label: label, Action: Action{Kind: Pick, Contract: c.Contract, Activity: c.Activity, Memo: c.Memo}})
	}
	return items
}

func (s State) chosen() (Contract, bool) {
	for _, c := range s.Contracts {
		if c.ID == s.Contract {
			return c, true
		}
	}
	return Contract{}, false
}

// Label prepares an item's text for a system's menu, where one character marks the access key: "_" on Linux, "&" on Windows.
func Label(goos, text string) string {
	switch goos {
	case "linux":
		return strings.ReplaceAll(text, "_", "__")
	case "windows":
		return strings.ReplaceAll(text, "&", "&&")
	}
	return text
}

// clock writes whole minutes as hours and minutes: 1:05.
func clock(d time.Duration) string {
	m := int64(max(d, 0) / time.Minute)
	return fmt.Sprintf("%d:%02d", m/60, m%60)
}

// maxTitle keeps a menu narrower than the screen.
const maxTitle = 40

func short(title string) string {
	title = strings.Join(strings.Fields(title), " ")
	if utf8.RuneCountInString(title) <= maxTitle {
		return title
	}
	return strings.TrimSpace(string([]rune(title)[:maxTitle-1])) + "…"
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
