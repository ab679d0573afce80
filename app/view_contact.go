package app

// ContactIn asks what a text and files hold that are about to be sent.
type ContactIn struct {
	Room    string   `json:"room"` // "" for an offer, which nobody has answered
	Text    string   `json:"text"` // as it is sent
	Files   []string `json:"files"`
	Message string   `json:"message"` // that is edited, or ""
}

// FindRow is a place of the text, in UTF-16 units, and what stands there.
type FindRow struct {
	From int64  `json:"from"`
	To   int64  `json:"to"`
	Kind string `json:"kind"` // phone, email, address, form, application, handle or ask; scheduling or secret
}

// ContactView is what was found.
type ContactView struct {
	Mode    string    `json:"mode"`    // ask, refuse or off
	Free    bool      `json:"free"`    // contact details may be shared here
	Finds   []FindRow `json:"finds"`   // held back until a reason is named
	Asks    []FindRow `json:"asks"`    // worth a question before it is sent
	Files   []string  `json:"files"`   // names of files that hold contact details
	Reasons []string  `json:"reasons"` // that can be named: legal, access, portfolio, not_contact
	Named   string    `json:"named"`   // the reason the message that is edited has already
	Remind  bool      `json:"remind"`  // a document that nobody looks into is attached for the first time
}
