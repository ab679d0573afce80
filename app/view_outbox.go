package app

// UnsentRow is one thing a person did that the service does not have.
type UnsentRow struct {
	ID       string    `json:"id"`
	What     string    `json:"what"`   // message, edit, deletion, erasure, reaction, unreaction, time, screenshot, activity, contract, ask, accept, decline, withdraw, bookmark, favourite, unfavourite, hide, unhide, level, notices, away, notepad, privacy, writing, direct, block, unblock, report, room, rename, archive, unarchive, add, remove, leave, admin, member, handover, recode, rememo, swap, cut, manual, terms, pause, resume, end, lower, approve, dispute, file or unknown
	State    string    `json:"state"`  // rejected, quarantined or confirm; or how it waits: queued, sending, later, waiting, held
	Where    string    `json:"where"`  // name of the room or contract; "" when it is not here any more
	Room     string    `json:"room"`   // to go there, "" when it cannot be shown
	Place    string    `json:"place"`  // scope of the room or contract it was done in, also when that is closed
	By       string    `json:"by"`     // who made the offer that was answered
	About    string    `json:"about"`  // the beginning of the message that it is about, as that stands
	Text     string    `json:"text"`   // what it says, in plain text
	Source   string    `json:"source"` // the same as it was written, for Copy
	Files    []FileRow `json:"files"`  // those of a message, each with how far it is
	Code     string    `json:"code"`
	Reason   string    `json:"reason"` // a sentence; "" while it only waits
	At       int64     `json:"at"`     // when it was done
	From     int64     `json:"from"`   // of tracked time, 0 otherwise
	Until    int64     `json:"until"`
	Activity string    `json:"activity"` // its code
	Now      string    `json:"now"`      // what stands there now, where it changed meanwhile
	Link     string    `json:"link"`     // of the offer to look at again, where it changed before it was answered
	Behind   int64     `json:"behind"`   // how many of its room wait until this one is decided
	Retry    bool      `json:"retry"`    // sending it again can help
	Discard  bool      `json:"discard"`  // it can be thrown away: it has surely not reached the service
	Edit     bool      `json:"edit"`     // it can be taken back into the box it was written in
	Bytes    bool      `json:"bytes"`    // this program cannot read it; its bytes can be saved
}

// UnsentGroup is what one refusal took along: everything of a room or contract that is closed.
type UnsentGroup struct {
	ID     string      `json:"id"`
	Where  string      `json:"where"`
	Code   string      `json:"code"`
	Reason string      `json:"reason"`
	Rows   []UnsentRow `json:"rows"`
}

// NotSentView is the Not sent drawer: what a person must decide about, and what is on its way.
type NotSentView struct {
	Groups  []UnsentGroup `json:"groups"`
	Rows    []UnsentRow   `json:"rows"`    // each refused for itself, oldest first
	Waiting []UnsentRow   `json:"waiting"` // the oldest of what waits
	More    int64         `json:"more"`    // how many wait beyond those
}

// EditedOut says in which room a message was put back into the box.
type EditedOut struct {
	Room  string `json:"room"`
	Draft Draft  `json:"draft"`
}

// WordsOut is what the program put behind the words in the box of a room.
type WordsOut struct {
	Room string `json:"room"`
	Text string `json:"text"`
}

// Document is a file for a person to keep, for a face that saves it itself. Where the window asks with the system's dialog it is empty.
type Document struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// OutboxRow is one command that waits to be sent.
type OutboxRow struct {
	ID       string `json:"id"`
	Op       string `json:"op"`
	Lane     string `json:"lane"`
	State    string `json:"state"` // queued, sending, later, waiting, held, rejected, quarantined, confirm
	At       int64  `json:"at"`
	Attempts int64  `json:"attempts"`
	Code     string `json:"code"`
	Reason   string `json:"reason"`
}

// OutboxView is the whole outbox, oldest first.
type OutboxView struct {
	Rows []OutboxRow `json:"rows"`
}

// FormatIn chooses between the form a person reads, text, and the one a program reads, json.
type FormatIn struct {
	Format string `json:"format"`
}
