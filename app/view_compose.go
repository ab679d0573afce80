package app

// Draft is what stands in the box of one room. Cursors count as JavaScript does; mentions are as they are stored.
type Draft struct {
	Text   string     `json:"text"`
	Cursor int64      `json:"cursor"`
	Files  []FileRow  `json:"files"`
	Reply  *QuoteRow  `json:"reply"` // the message that is answered
	Edit   *DraftEdit `json:"edit"`  // the message that is being edited, while the rest waits
}

// SpansIn asks what a text that is being written is made of. With a room, the mentions of its people are among it; notes reads the larger
// syntax of a notepad.
type SpansIn struct {
	Room  string `json:"room"`
	Text  string `json:"text"`
	Notes bool   `json:"notes"`
}

// SpanRow is a stretch of the text, in the units JavaScript counts. Kind is mark, bold, italic, strike, code, block, quote, link, mention,
// emoji, heading or list; mark is what is typed to make the others.
type SpanRow struct {
	From int64  `json:"from"`
	To   int64  `json:"to"`
	Kind string `json:"kind"`
}

// SpansView is the spans of a text, in the order of where they begin, the longer first. They nest.
type SpansView struct {
	Spans []SpanRow `json:"spans"`
}

// DraftEdit is a message of one's own that stands in the box to be edited.
type DraftEdit struct {
	Message string `json:"message"`
	Text    string `json:"text"`  // what it says
	Files   bool   `json:"files"` // it carries files, so it may say nothing
	Words   string `json:"words"` // what it is to say
	Cursor  int64  `json:"cursor"`
}

// MentionsIn asks whom what was typed behind an @ can mean.
type MentionsIn struct {
	Room  string `json:"room"`
	Typed string `json:"typed"`
}

// MentionsView is the people of a room that fit, the likeliest first, at most eight, never oneself.
type MentionsView struct {
	People []Person `json:"people"`
}
