package app

// ContractRow is one line of Your contracts.
type ContractRow struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Status   string `json:"status"` // offered, waiting, active, paused, refused, ended
	Side     string `json:"side"`   // client, freelancer or both
	Other    string `json:"other"`
	Room     string `json:"room"`
	Seconds  int64  `json:"seconds"` // this week
	Limit    int64  `json:"limit"`
	Tracking bool   `json:"tracking"`
	Unread   int64  `json:"unread"`
}

// ContractList is the sidebar of Work.
type ContractList struct {
	Contracts []ContractRow `json:"contracts"`
}

// ActivityRow is an activity code of a contract.
type ActivityRow struct {
	ID       string `json:"id"`
	Code     string `json:"code"`
	About    string `json:"about"`
	Archived bool   `json:"archived"`
	Seconds  int64  `json:"seconds"` // tracked under it in all
	Colour   int64  `json:"colour"`  // 1 to 7, stays the same everywhere
}

// ContractView is a workroom's Overview and Details.
type ContractView struct {
	Row        ContractRow   `json:"row"`
	About      string        `json:"about"`
	Client     string        `json:"client"`
	Freelancer string        `json:"freelancer"`
	Terms      TermsView     `json:"terms"`
	Activities []ActivityRow `json:"activities"`
	Made       int64         `json:"made"`
	Started    int64         `json:"started"`
	Invitation string        `json:"invitation"` // the link, for the client while offered, if made on this computer
	InviteFor  string        `json:"inviteFor"`  // e-mail address it is meant for
	Over       string        `json:"over"`       // of a refused offer: declined, withdrawn or lapsed
	Asker      string        `json:"asker"`      // name of who asked about the offer, "" while nobody did
	Week       WeekView      `json:"week"`       // the present one
	Today      []CellView    `json:"today"`      // the newest segments of the diary, at most 4
	Files      []FileRow     `json:"files"`      // newest 10
	People     []Person      `json:"people"`
	Waiting    string        `json:"waiting"` // what waits for the service, as a sentence
	TermsMay   TermsMay      `json:"termsMay"`
	Pending    []TurnRow     `json:"pending"` // what does not count yet: it waits for the service, or for its Monday
	Turns      []TurnRow     `json:"turns"`   // who changed what, newest first (W-29)
	Since      int64         `json:"since"`   // Unix ms; paused or ended since then, else 0
}
