package app

// MessageRow is one message.
type MessageRow struct {
	ID     string    `json:"id"`
	Author string    `json:"author"`
	Name   string    `json:"name"`
	Role   string    `json:"role"`
	Mine   bool      `json:"mine"`
	HTML   string    `json:"html"` // made safe by the markup package
	Text   string    `json:"text"` // as written, for Copy and Edit
	At     int64     `json:"at"`
	Num    int64     `json:"num"`   // 0 while waiting
	State  string    `json:"state"` // sent, waiting, sending, failed, or unknown: of a newer version
	Again  bool      `json:"again"` // the service lost it in a restore, and this computer brought it back
	Code   string    `json:"code"`
	Reason string    `json:"reason"` // a sentence when failed, or when the service put it off
	Retry  bool      `json:"retry"`  // it failed, and sending it again can help
	Files  []FileRow `json:"files"`

	Edited     int64         `json:"edited"`     // when its words were last changed, 0: never
	Deleted    int64         `json:"deleted"`    // when its author took it away: nothing of it is left
	Removed    bool          `json:"removed"`    // with Deleted: the service's administrator took it away, not its author
	Bookmarked bool          `json:"bookmarked"` // it is among my bookmarks
	Auto       bool          `json:"auto"`       // the service wrote it for somebody who is away
	Changing   bool          `json:"changing"`   // the service has the message, and a change of it waits
	Unsaved    *UnsavedRow   `json:"unsaved"`    // the newest change of it that was refused; absent: none
	Reply      *QuoteRow     `json:"reply"`
	Reactions  []ReactionRow `json:"reactions"`

	Contact string `json:"contact"` // why its author says it holds contact details: legal, access, portfolio or not_contact
	Hint    string `json:"hint"`    // what its reader should know: asks, pays
}

// QuoteRow is the message that another one answers, as it stands now: an answer names it and repeats nothing of it, so that what was edited
// or deleted is so in every quote.
type QuoteRow struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Text  string `json:"text"`  // one line
	State string `json:"state"` // here, deleted, removed by an administrator, folded: of somebody one blocked, or away: older than what this computer holds
}

// UnsavedRow is a change of a message that the service refused. It stands in Not sent too, under the same id: Outbox.Retry and Outbox.Discard
// decide about it.
type UnsavedRow struct {
	ID     string `json:"id"`
	What   string `json:"what"` // edit or deletion
	Text   string `json:"text"` // what the message was to say, as it was written; "" for a deletion
	Code   string `json:"code"`
	Reason string `json:"reason"` // a sentence
	Retry  bool   `json:"retry"`  // sending it again can help
}

// ReactionRow is one emoji under a message.
type ReactionRow struct {
	Emoji string   `json:"emoji"`
	Count int64    `json:"count"`
	Mine  bool     `json:"mine"`
	Names []string `json:"names"` // who, oneself last
}

// WordingRow is what a message said at a time.
type WordingRow struct {
	HTML string `json:"html"` // made safe by the markup package
	Text string `json:"text"`
	At   int64  `json:"at"` // since when it said so
}

// WordingsView is what an edited message said before, newest first. What it says now is not among them.
type WordingsView struct {
	Wordings []WordingRow `json:"wordings"`
}

// EmojiRow is one emoji of the panel.
type EmojiRow struct {
	Emoji  string   `json:"emoji"`
	Label  string   `json:"label"`
	Group  int64    `json:"group"` // 0 smileys, 1 people, 3 animals, 4 food, 5 travel, 6 activities, 7 objects, 8 symbols, 9 flags
	Names  []string `json:"names"` // as typed between colons
	Search []string `json:"search"`
}

// EmojiView is the panel's table, in the order in which it is shown.
type EmojiView struct {
	Emoji []EmojiRow `json:"emoji"`
}

// MessageIn names a message of a room.
type MessageIn struct {
	Room    string `json:"room"`
	Message string `json:"message"`
}

// RewordIn gives a message other words.
type RewordIn struct {
	Room    string `json:"room"`
	Message string `json:"message"`
	Text    string `json:"text"`
	Reason  string `json:"reason"` // as SendIn's
}

// ReactIn puts one's emoji under a message, or takes it away.
type ReactIn struct {
	Room    string `json:"room"`
	Message string `json:"message"`
	Emoji   string `json:"emoji"`
	On      bool   `json:"on"`
}
