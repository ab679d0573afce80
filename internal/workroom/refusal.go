package workroom

import "fmt"

// Code names why something was refused. The same codes travel over wire, outbox and bridge; the UI chooses its words by them.
type Code string

// Codes a rule or the service answers. Those a rule gives are final: the same command would be refused again.
const (
	BadInput       Code = "bad_input"
	NoAccess       Code = "no_access" // absent and forbidden alike
	Gone           Code = "gone"
	RoomArchived   Code = "room_archived"
	ContractEnded  Code = "contract_ended"
	Moved          Code = "moved" // it changed meanwhile
	DepFailed      Code = "dep_failed"
	Expired        Code = "expired"
	Internal       Code = "internal"
	Quota          Code = "quota"
	Rate           Code = "rate"
	Busy           Code = "busy"
	IDReuse        Code = "id_reuse"
	SignedOut      Code = "signed_out"
	ClientTooOld   Code = "client_too_old"
	DeviceCloned   Code = "device_cloned" // another copy of this profile sends under the same device id
	TooLarge       Code = "too_large"
	FreelancerOnly Code = "freelancer_only"
	ClientOnly     Code = "client_only"
	MemoEmpty      Code = "memo_empty"
	ActivityGone   Code = "activity_archived"
	ActivityNeeded Code = "activity_required"
	CodeTaken      Code = "code_taken"
	WrongAddress   Code = "wrong_address" // an invitation meant for another e-mail address
	InFuture       Code = "in_future"
	AuthorOnly     Code = "author_only"
	UploaderOnly   Code = "uploader_only"
	TypeRefused    Code = "type_refused" // the service takes no files of this type
	LeadersOnly    Code = "leaders_only"
	OwnerOnly      Code = "owner_only"
	OwnerStays     Code = "owner_must_stay" // until the room is handed over
	PartyStays     Code = "party_stays"     // a side of a contract, in its room
	NotArchivable  Code = "not_archivable"
	RoomKindNot    Code = "room_kind" // there is no such thing in this kind of room
	NotKnown       Code = "not_known" // somebody with whom one shares nothing
	RoomFull       Code = "room_full"
	AccountClosed  Code = "suspended"
	OfferHeld      Code = "offer_held" // its client is suspended
	ActiveContract Code = "active_contract"
	Undeliverable  Code = "undeliverable" // one of the two blocked the other
	TooLate        Code = "too_late"      // a message of a contract or interview room, after DeleteWithin
	WeekFrozen     Code = "week_frozen"   // from Monday 12:00 UTC after the week
	WeekOver       Code = "week_closed"   // from the end of the review
	WeekRuns       Code = "week_open"     // its review is not over
	ManualOff      Code = "manual_off"    // the contract takes no manual time
	Overlap        Code = "overlap"       // with time that is there
	NotRunning     Code = "not_running"   // the contract is paused or has ended
	OtherSide      Code = "other_side"    // the other side of the contract has to do it
	RateCut        Code = "rate_cut"      // a lower rate, which the freelancer has to agree to
	TooMany        Code = "too_many"      // more of it than a contract or a week holds of one side
)

// Retry says when trying again can help.
type Retry string

// Answers to "shall I try again?".
const (
	RetryNever   Retry = "never"
	RetryLater   Retry = "later"
	RetryAuth    Retry = "auth"
	RetryUpgrade Retry = "upgrade"
	RetryDevice  Retry = "device" // take a new device id, then send the same commands again
)

// Retry of a code as sync.md §9 has it.
func (c Code) Retry() Retry {
	switch c {
	case Quota, Rate, Busy, AccountClosed:
		return RetryLater
	case SignedOut:
		return RetryAuth
	case ClientTooOld:
		return RetryUpgrade
	case DeviceCloned:
		return RetryDevice
	}
	return RetryNever
}

// LaneFatal reports whether a refusal with this code refuses everything that waits in the same lane.
func (c Code) LaneFatal() bool { return c == NoAccess || c == RoomArchived || c == ContractEnded }

// Refusal is a typed no: a code, a sentence a person can act on, and the field it is about if any. It never repeats the person's text.
type Refusal struct {
	Code  Code   `json:"code"`
	Text  string `json:"text"`
	Field string `json:"field,omitempty"`
}

func (r *Refusal) Error() string { return r.Text }

// Refuse makes a refusal with the code's usual sentence.
func Refuse(c Code) *Refusal { return &Refusal{Code: c, Text: sentences[c]} }

// Bad makes a refusal of one input field.
func Bad(field, text string, args ...any) *Refusal {
	return &Refusal{Code: BadInput, Field: field, Text: fmt.Sprintf(text, args...)}
}

func (r *Refusal) on(field string) *Refusal {
	n := *r
	n.Field = field
	return &n
}

var sentences = map[Code]string{
	ContactDetails: "This holds contact details, which are not shared before a contract has started. Take them out, or say why they are needed.",
	BadInput:       "Something in this is not as expected.",
	NoAccess:       "This is not here, or not open to you.",
	Gone:           "This is no longer there.",
	RoomArchived:   "This room is archived. Nothing more can be written in it.",
	ContractEnded:  "This contract is not active.",
	Moved:          "This changed meanwhile.",
	DepFailed:      "Something this depends on was not accepted.",
	Expired:        "This has expired.",
	Internal:       "Something went wrong at the service.",
	Quota:          "A limit of the service is reached for now.",
	Rate:           "Too fast. It goes on by itself in a moment.",
	Busy:           "The service is busy. It goes on by itself in a moment.",
	IDReuse:        "The service has something else under this id.",
	SignedOut:      "Please sign in again. Everything waiting is kept.",
	ClientTooOld:   "This version of Trestle is too old for the service. Everything waiting is kept; please update.",
	DeviceCloned:   "Another copy of this profile is in use. This one takes a name of its own and goes on.",
	TooLarge:       "This is too large.",
	FreelancerOnly: "Only the freelancer of this contract may do that.",
	ClientOnly:     "Only the client of this contract may do that.",
	MemoEmpty:      "Write a memo first: a few words on what you are working on.",
	ActivityGone:   "This activity is archived. Choose another one.",
	ActivityNeeded: "The client asks for an activity. Choose one.",
	CodeTaken:      "There is already an activity with this code.",
	WrongAddress:   "This invitation is meant for another e-mail address.",
	AuthorOnly:     "Only who wrote this may change it.",
	UploaderOnly:   "Only who sent this file may delete it, and in a group room its owner and admins.",
	TypeRefused:    "This service takes no files of this type. Send a link instead.",
	LeadersOnly:    "Only the owner and the admins of this room may do that.",
	OwnerOnly:      "Only the owner of this room may do that.",
	OwnerStays:     "You own this room. Hand it over to somebody else first.",
	PartyStays:     "The two sides of a contract stay in its room.",
	NotArchivable:  "Only group rooms can be archived.",
	RoomKindNot:    "That is not possible in this kind of room.",
	NotKnown:       "You share no room with this person.",
	RoomFull:       "A room holds at most 1,000 people.",
	AccountClosed:  "This account is suspended. Everything waiting is kept and can be exported.",
	OfferHeld:      "The account of who made this offer is suspended, so nobody can ask about it or accept it now. Nothing was answered; it can be declined.",
	ActiveContract: "You have an active contract with this person. It has to end before you can block them.",
	Undeliverable:  "This cannot be delivered.",
	TooLate:        "In this room a message can be deleted for 15 minutes. It stays as it is.",
	InFuture:       "This lies in the future. Check the clock of this computer.",
	WeekFrozen:     "The times of this week stand still since Monday 12:00 UTC. They cannot be changed any more.",
	WeekOver:       "The review of this week is over. Nothing of it can be changed any more.",
	WeekRuns:       "This week is not closed yet.",
	ManualOff:      "The client of this contract has not allowed manual time.",
	NotRunning:     "This contract is paused or has ended.",
	OtherSide:      "The other side of the contract has to do that.",
	TooMany:        "There is as much of this already as can be.",
	RateCut:        "A lower rate needs the consent of the freelancer. Ask for it instead.",
	Overlap:        "This overlaps time that is there already. Choose another time, or fill the gaps only.",
}
