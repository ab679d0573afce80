package app

// This file holds what the screens send: one struct for each call that takes something. Every call may be made again with the same
// client-made id without doing anything twice.

// AddressIn names a service.
type AddressIn struct {
	Address string `json:"address"`
}

// ServiceView is what answered at an address.
type ServiceView struct {
	URL       string `json:"url"`
	Name      string `json:"name"`
	Version   string `json:"version"`
	Open      bool   `json:"open"` // anyone may sign up; else an invitation is needed
	Encrypted bool   `json:"encrypted"`
}

// SignUpIn makes an account on a service.
type SignUpIn struct {
	Address  string `json:"address"`
	Name     string `json:"name"`
	Email    string `json:"email"`
	Password string `json:"password"`
	Link     string `json:"link"` // invitation link, where one was given
}

// SignInIn signs in on a service.
type SignInIn struct {
	Address  string `json:"address"`
	Email    string `json:"email"`
	Password string `json:"password"`
}

// LocalIn begins to work on this computer only.
type LocalIn struct {
	Name string `json:"name"`
}

// IDIn names one thing.
type IDIn struct {
	ID string `json:"id"`
}

// RoomIn names a room.
type RoomIn struct {
	Room string `json:"room"`
}

// OlderIn asks for the messages before one.
type OlderIn struct {
	Room   string `json:"room"`
	Before string `json:"before"` // message id
}

// SendIn is a message. ID is made by the page, a UUIDv7, so that the row it painted at once is the row that comes back.
type SendIn struct {
	ID    string   `json:"id"`
	Room  string   `json:"room"`
	Text  string   `json:"text"`
	Files []string `json:"files"` // ids of staged files
	Reply string   `json:"reply"` // the message it answers, or ""
	To    string   `json:"to"`    // whom a direct room that is not yet is for; "" for every other

	// Reason is why it holds contact details before a contract: legal, access, portfolio or not_contact; "" if it holds none.
	Reason string `json:"reason"`
}

// DraftIn keeps what is being written in a room.
type DraftIn struct {
	Room   string   `json:"room"`
	Text   string   `json:"text"`
	Cursor int64    `json:"cursor"`
	Files  []string `json:"files"`
	To     string   `json:"to"`    // whom a direct room that is not yet is for; "" for every other
	Reply  string   `json:"reply"` // the message that is answered
	Edit   string   `json:"edit"`  // the message that is being edited, what it is to say, and the cursor in that
	Words  string   `json:"words"`
	Place  int64    `json:"place"`
}

// ReadIn says up to which message number a room was read.
type ReadIn struct {
	Room string `json:"room"`
	Num  int64  `json:"num"`
}

// FavouriteIn keeps a room among the favourites, or not.
type FavouriteIn struct {
	Room      string `json:"room"`
	Favourite bool   `json:"favourite"`
}

// StageIn turns bytes that the page put (PUT /bridge/put/ID) into a file that can be attached.
type StageIn struct {
	Put  string `json:"put"`
	Name string `json:"name"`
	Room string `json:"room"`
}

// Refused is a file that was not taken, with the reason as a sentence.
type Refused struct {
	Name   string `json:"name"`
	Reason string `json:"reason"`
	Code   string `json:"code,omitempty"`
}

// Staged is what became of files that a person chose, dropped or pasted. It is also the payload of the event "drop".
type Staged struct {
	Files   []FileRow `json:"files"`
	Refused []Refused `json:"refused"`
}

// SavedOut is where a file went.
type SavedOut struct {
	Path string `json:"path"` // "" = the person closed the dialog
}

// FoundLink is a link to be opened outside. Sure is set after the person saw the real host.
type FoundLink struct {
	URL  string `json:"url"`
	Text string `json:"text"`
	Sure bool   `json:"sure"`
}

// OpenedLink answers FoundLink: opened, or Ask with the host to be confirmed.
type OpenedLink struct {
	Ask  bool   `json:"ask"`
	Host string `json:"host"`
}

// NewContractIn is an offer.
type NewContractIn struct {
	ID         string       `json:"id"` // made by the page, UUIDv7
	Title      string       `json:"title"`
	About      string       `json:"about"`
	Terms      TermsView    `json:"terms"`
	Activities []ActivityIn `json:"activities"`
	Email      string       `json:"email"` // whom the link is for; "" = whoever holds it
	Self       bool         `json:"self"`  // for oneself: both sides, starts at once

	Reason string `json:"reason"` // as SendIn's
}

// ActivityIn is an activity code to add or change. An empty ID adds one.
type ActivityIn struct {
	Contract string `json:"contract"`
	ID       string `json:"id"`
	Code     string `json:"code"`
	About    string `json:"about"`
	Archived bool   `json:"archived"`
}

// NewContractOut is the offer as it was written down, and the link that invites the other side ("" for oneself).
type NewContractOut struct {
	Contract ContractRow `json:"contract"`
	Link     string      `json:"link"`
	Mail     string      `json:"mail"` // mailto: address with the link in the text
}

// InviteIn names an offer: by its invitation link as pasted or, one's own or one that was asked about, by its contract.
type InviteIn struct {
	Link     string `json:"link"`
	Contract string `json:"contract"`
	Rev      int64  `json:"rev"` // of the offer that was shown; 0 for whatever it is now
}

// DayIn asks for a day or week of the diary. Day is any day YYYY-MM-DD, "" = today. Zone is an IANA name, "" = the viewer's own.
type DayIn struct {
	Contract string `json:"contract"`
	Day      string `json:"day"`
	Zone     string `json:"zone"`
}

// TrackerIn asks for the tracker with the codes of a contract; "" = the one tracked or last used.
type TrackerIn struct {
	Contract string `json:"contract"`
}

// TrackIn starts tracking, or changes what is tracked.
type TrackIn struct {
	Contract string `json:"contract"`
	Activity string `json:"activity"` // id, or "" for none
	Memo     string `json:"memo"`
	Unbilled bool   `json:"unbilled,omitempty"` // even if the weekly limit is reached
	Unseen   bool   `json:"unseen,omitempty"`   // asked for where nobody need be at this computer's screen: refused while it is locked
}

// AwayIn answers a question after idle time: discard, continue, keep or assign. Question is its id, "" = the oldest. Contract, Activity and
// Memo say to what the time is assigned.
type AwayIn struct {
	What     string `json:"what"`
	Question string `json:"question,omitempty"`
	Contract string `json:"contract,omitempty"`
	Activity string `json:"activity,omitempty"`
	Memo     string `json:"memo,omitempty"`
	Unseen   bool   `json:"unseen,omitempty"` // as in TrackIn
}

// GrabIn freezes the screen. Room is where the picture is meant for, "" = not known yet.
type GrabIn struct {
	Room  string `json:"room"`
	Delay int64  `json:"delay"` // seconds, 0 to 10
}

// ChooseIn takes one of several displays.
type ChooseIn struct {
	ID      string `json:"id"`
	Display string `json:"display"`
}

// MarksIn keeps the marks of a capture. Doc is the annotator's document as JSON text.
type MarksIn struct {
	ID  string `json:"id"`
	Doc string `json:"doc"`
}

// FinishIn flattens a capture and hands it on.
type FinishIn struct {
	ID      string `json:"id"`
	Doc     string `json:"doc"`
	Room    string `json:"room"`
	Caption string `json:"caption"`
	Message string `json:"message"` // id of the message, made by the page, when it is sent
}

// PictureIn opens a received or attached picture in the annotator.
type PictureIn struct {
	File string `json:"file"`
	Room string `json:"room"`
}

// TakeIn attaches files of this computer by path.
type TakeIn struct {
	Room  string   `json:"room"`
	Paths []string `json:"paths"`
}

// WatchIn names what is on screen, "" for nothing.
type WatchIn struct {
	Room     string `json:"room"`
	Contract string `json:"contract"`
}
