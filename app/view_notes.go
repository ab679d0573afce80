package app

// NoteView is the notepad of a room: what it says, as text and as safe HTML.
type NoteView struct {
	Text string `json:"text"`
	HTML string `json:"html"`
	At   int64  `json:"at"` // when the text last changed, ms; 0 for one never written
	// Waits is set while the service has not got it yet.
	Waits bool `json:"waits"`
	// Other is set while another text stands beside this one, because both changed the same lines: the person chooses (M-35).
	Other *OtherNote `json:"other"`
}

// OtherNote is the text that stands beside a notepad's, and the mark that says which one was looked at.
type OtherNote struct {
	Text string `json:"text"`
	HTML string `json:"html"`
	At   int64  `json:"at"`
	Mark string `json:"mark"`
}

// NoteIn puts a text into the notepad of a room, in the place of the one the page showed.
type NoteIn struct {
	Room string `json:"room"`
	Base string `json:"base"` // what the page showed before the person changed it
	Text string `json:"text"`
	// Chosen is the mark of the other text, where the person decided between the two.
	Chosen string `json:"chosen"`
}

// PersonSeen is what is known now of somebody one shares a room with.
type PersonSeen struct {
	ID    string       `json:"id"`
	State string       `json:"state"` // on, away or off
	Zone  string       `json:"zone"`  // IANA name of the time zone; "" while unknown
	Away  *AbsenceSeen `json:"away"`
}

// AbsenceSeen is what somebody who is out of office lets others read. Days are YYYY-MM-DD.
type AbsenceSeen struct {
	First string `json:"first"`
	Last  string `json:"last"`
	Text  string `json:"text"`
}

// SeenIn asks about people.
type SeenIn struct {
	IDs []string `json:"ids"`
}

// SeenView answers SeenIn; Known is false while the service cannot be asked, when nothing is known of anybody.
type SeenView struct {
	Known  bool         `json:"known"`
	People []PersonSeen `json:"people"`
}

// UsedIn says whether the window is being used. Zone is the time zone of this computer, "" where it cannot be told.
type UsedIn struct {
	Used bool   `json:"used"`
	Zone string `json:"zone"`
}

// PrivacyView is what others are told of oneself.
type PrivacyView struct {
	Presence bool   `json:"presence"` // whether one is here
	Receipts bool   `json:"receipts"` // how far one has read
	Zone     string `json:"zone"`
}

// PrivacyIn changes what it names.
type PrivacyIn struct {
	Presence *bool `json:"presence"`
	Receipts *bool `json:"receipts"`
}

// ReceiptsView is how far the other members of a room have read it, as they tell; On is false while one does not tell oneself, when nothing is
// shown either.
type ReceiptsView struct {
	On       bool         `json:"on"`
	Receipts []ReceiptRow `json:"receipts"`
}

// ReceiptRow is one member and the number of the last message they have read. What was written before From, in ms, they cannot see.
type ReceiptRow struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Num  int64  `json:"num"`
	From int64  `json:"from"`
}
