package app

// BlockIn names whom to block; Name is what they are called where one met them.
type BlockIn struct {
	Account string `json:"account"`
	Name    string `json:"name"`
}

// BlockedRow is somebody I blocked.
type BlockedRow struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	At   int64  `json:"at"`
}

// BlockedView is whom I blocked, by name.
type BlockedView struct {
	People []BlockedRow `json:"people"`
	Active []string     `json:"active"` // accounts with which I have an active contract: they cannot be blocked
}

// ReportMessageIn reports a message of a room, or somebody of a room where Message is empty, to the service's administrator.
type ReportMessageIn struct {
	Room    string `json:"room"`
	Message string `json:"message"`
	Account string `json:"account"` // whom; with a message its author
	Reason  string `json:"reason"`  // spend, contact, payment, account, skills, scam, abuse or other
	Note    string `json:"note"`    // needed for other
}

// ReportRow is one of my reports.
type ReportRow struct {
	ID      string `json:"id"`
	Person  string `json:"person"` // their name
	Room    string `json:"room"`   // its name, if it is here
	Reason  string `json:"reason"`
	Note    string `json:"note"`
	At      int64  `json:"at"`
	Waiting bool   `json:"waiting"` // the service does not have it yet
	Outcome string `json:"outcome"` // "" = not decided, dismissed, warned, removed or suspended
	Decided int64  `json:"decided"`
}

// ReportsView is what I reported, newest first.
type ReportsView struct {
	Reports []ReportRow `json:"reports"`
}

// StandingView is what the administrator wrote to my account; empty texts where they wrote nothing.
type StandingView struct {
	Suspended   string `json:"suspended"` // why nothing can be sent
	SuspendedAt int64  `json:"suspendedAt"`
	Warned      string `json:"warned"`
	WarnedAt    int64  `json:"warnedAt"`
}
