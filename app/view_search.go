package app

// FindIn is what was typed, for one room or all, and which page of it.
type FindIn struct {
	Text string `json:"text"`
	Room string `json:"room"` // find in this room; "" = in all
	From int64  `json:"from"` // FindView.Next of the page before; 0 = the first
}

// FindView is a page of hits, newest first.
type FindView struct {
	Asked    bool       `json:"asked"` // something can be searched for
	Hits     []HitRow   `json:"hits"`
	Next     int64      `json:"next"` // leads to older hits; 0 = these are the last
	Chips    []ChipRow  `json:"chips"`
	Indexing bool       `json:"indexing"` // something that is here cannot be found yet: ask again in a moment
	Behind   []string   `json:"behind"`   // names of the rooms searched whose older messages are at the service only; with the first page
	Rooms    []RoomHits `json:"rooms"`    // where hits are, most first, also outside of what in: asks for; with the first page of a search in all rooms
	Over     bool       `json:"over"`     // there are more hits than Rooms counts
}

// ChipRow is an operator as typed, or a word that cannot be searched for.
type ChipRow struct {
	Op      string `json:"op"` // from, in, before, after; "" for a word
	Value   string `json:"value"`
	Day     string `json:"day"`     // of before and after, as 2006-01-02
	Bad     string `json:"bad"`     // why it is left out, a sentence; "" = it counts
	Without string `json:"without"` // what was typed, without it
}

// HitRow is a message or a file that was found.
type HitRow struct {
	ID       string    `json:"id"`
	Kind     string    `json:"kind"` // message or file
	Room     string    `json:"room"`
	RoomName string    `json:"roomName"`
	Contract string    `json:"contract"`
	Closed   bool      `json:"closed"`  // the room is kept to be read
	Message  string    `json:"message"` // where it stands
	Author   string    `json:"author"`
	Name     string    `json:"name"`
	At       int64     `json:"at"`
	Waiting  bool      `json:"waiting"` // not at the service yet
	Parts    []Part    `json:"parts"`
	Files    []FileRow `json:"files"`
	Folded   bool      `json:"folded"` // written by somebody one blocked: nothing of it is told here, the room shows it when asked
}

// Part is a piece of a found text; Hit is set on what was searched for.
type Part struct {
	Text string `json:"text"`
	Hit  bool   `json:"hit"`
}

// RoomHits is how many hits a room has.
type RoomHits struct {
	Room     string `json:"room"`
	Name     string `json:"name"`
	Contract string `json:"contract"`
	Hits     int64  `json:"hits"`
}

// FetchOut is what came of asking the service for older messages.
type FetchOut struct {
	More   bool   `json:"more"`   // there are older ones still
	Reason string `json:"reason"` // why it ended early, a sentence; "" = it did not
}
