package notify

import "time"

// ReplyAction is the action of a button that answers. Where the desktop has a box for it in the notice, the person writes there and Program.Reply
// is called; elsewhere it is a button like any other.
const ReplyAction = "reply"

// callLimit is how long the desktop's notification service, and the way to it, may take for one call. A locked or broken desktop must
// not hold anything up.
const callLimit = 2 * time.Second

// Button is a choice shown on a notice.
type Button struct {
	Action string // handed to Program.Act; "default" is a click on the notice itself
	Label  string
}

// Program says who sends and who is told.
type Program struct {
	Name string // shown by some desktops
	ID   string // name of the desktop file, without .desktop
	Icon string // an icon's name, or a path
	// Act is called, on a goroutine of the Bus, when the person chose something on the notice with this key.
	Act func(key, action string)
	// Reply is called likewise when the person wrote an answer into the notice itself, which only few desktops let them.
	Reply func(key, text string)
	// Changed is called likewise when a notification service came, with nil, or the last one left, with an *Unavailable.
	Changed func(err error)
	// Address of the session bus; empty: the one the environment names.
	Address string
}
