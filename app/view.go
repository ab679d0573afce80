package app

// This file holds what the screens are given: one struct for each answer, with nothing in it that JavaScript could misread. Ids are
// strings, times Unix milliseconds, lists never null, a pointer is an optional field. frontend/src/bridge/api.ts is generated from it.

// Boot is the first answer a page asks for: who is here, what this computer can do, and what the shell shows around every screen.
type Boot struct {
	Version  string      `json:"version"`
	Account  *Me         `json:"account"` // absent until one of the three ways in was taken
	Caps     Caps        `json:"caps"`
	Settings Settings    `json:"settings"`
	Sync     Sync        `json:"sync"`
	Notices  []string    `json:"notices"` // things to be told once: no tray, no keyring, …
	Rescue   *RescueView `json:"rescue"`  // what became of the store, until it was read
	Stuck    *StuckView  `json:"stuck"`   // why the store cannot be used
}

// Me is the person at this desktop.
type Me struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Email   string `json:"email"`
	Service string `json:"service"` // name or address of the service, or "This computer"
	Way     string `json:"way"`     // service, local or example
}

// Caps says what this face on this computer can do, so that nothing is shown that cannot work.
type Caps struct {
	OS       string `json:"os"`
	Window   bool   `json:"window"`  // a native window, else a browser
	Tray     bool   `json:"tray"`    // a tray host took the icon
	Capture  bool   `json:"capture"` // a display can be captured
	Count    bool   `json:"count"`   // keys, clicks and scrolls can be counted
	CountWhy string `json:"countWhy"`
	Dialogs  bool   `json:"dialogs"` // native file dialogs
	MaxFile  int64  `json:"maxFile"` // bytes
	Invite   bool   `json:"invite"`  // others can reach this service

	CaptureWhy string `json:"captureWhy"` // why no display can be captured, a sentence (R9)
}

// Settings are this computer's own; what Enter does is the account's, once it was chosen.
type Settings struct {
	Theme     string `json:"theme"`     // system, light or dark
	EnterSend bool   `json:"enterSend"` // Enter sends; else Ctrl+Enter does
	RoomList  string `json:"roomList"`  // recent or categories
	Zoom      int64  `json:"zoom"`      // percent, 80 to 200
	Notices   bool   `json:"notices"`   // desktop notices
	HideText  bool   `json:"hideText"`  // notices without content
	Badge     bool   `json:"badge"`     // how much is unread, on the tray and the taskbar
	LastRoom  string `json:"lastRoom"`
	// Folded are the headings of the room list that are folded up.
	Folded []string `json:"folded"`
	// Hotkeys work anywhere in the system.
	Hotkeys HotkeySettings `json:"hotkeys"`
}

// Sync says how far this computer and its service agree.
type Sync struct {
	State   string `json:"state"`   // online, connecting, offline or signedOut
	Settled bool   `json:"settled"` // everything the service has was fetched
	Why     string `json:"why"`     // a sentence when not online
	Waiting int64  `json:"waiting"`
	Message int64  `json:"messages"` // of those, messages
	NotSent int64  `json:"notSent"`
	Held    int64  `json:"held"`   // goes only once something that was not sent, or is asked about, is decided
	Since   int64  `json:"since"`  // when this state began
	TooOld  bool   `json:"tooOld"` // the service takes nothing from this version any more; reading goes on
	Disk    string `json:"disk"`   // a sentence when the disk is full or read-only
	Clock   int64  `json:"clock"`  // minutes that this computer's clock is ahead of the service's, 0 before it was reached
}
