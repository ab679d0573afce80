package tracker

import (
	"time"

	"trestle/internal/workroom"
)

// Effect is one of the orders below, for the app to carry out.
type Effect interface{ effect() }

// Save writes a slice and the minutes of input recorded in it since its last report, in one transaction. A slice is open while its Close
// is empty. With Report the slice is also sent, under its raised Rev: at the end of each cell, and when it closes; what was saved of
// these minutes before need not be kept. Without Report it is a heartbeat: only this device keeps it, for the case of a crash.
type Save struct {
	Slice  workroom.Slice
	Inputs []workroom.CellInput
	Report bool
}

// Drop removes an open slice that ended empty and was never reported.
type Drop struct{ Slice string }

// Ask puts a question to the person, without taking the focus.
type Ask struct{ Question Question }

// TakeShot takes a picture now, under this policy (never ShotsNone), for the slice. Whatever the person's time to look at it, it may not
// leave this computer before KeepShot: if it turns out that nobody was there, the time ends before it. After a crash the app keeps the
// pictures that lie before the end of the slice it found, and throws away the others.
type TakeShot struct {
	Slice    string
	Contract workroom.ContractID
	Cell     int64
	At       int64 // Unix seconds
	Policy   workroom.ShotPolicy
}

// KeepShot says that the slice covers the moment of its picture in a cell, DropShot that it does not: then its bytes go at once.
type (
	KeepShot struct {
		Slice string
		Cell  int64
	}
	DropShot struct {
		Slice string
		Cell  int64
	}
)

// Lease tells the person's other devices that tracking began here at Since (Unix ms). Nobody waits for it.
type Lease struct{ Since int64 }

// Notify tells the person something.
type Notify struct {
	What NoticeKind
	Work Work
	Name string // of TakenOver: the other device's
	// Since is when the time told of ended: of Crashed the last heartbeat, of WentIdle the last input.
	Since time.Time
}

// NoticeKind says what a notice is about.
type NoticeKind string

// What the tracker tells by itself.
const (
	LimitInAnHour    NoticeKind = "limit_60" // an hour of the weekly limit is left
	LimitInTen       NoticeKind = "limit_10" // ten minutes are left
	LimitIsReached   NoticeKind = "limit"    // and tracking stopped
	BeyondLimit      NoticeKind = "unbilled" // and tracking goes on, unbilled
	WentIdle         NoticeKind = "idle"     // time ended at the last input
	Crashed          NoticeKind = "crash"    // a slice was found open; offers to start again
	ContractIsEnded  NoticeKind = "contract_ended"
	ContractIsPaused NoticeKind = "contract_paused"
	TakenOver        NoticeKind = "taken_over" // another device began later, so it stopped here
)

// WatchInput asks to be told of the next input at once, by an Input: somebody is waited for.
type WatchInput struct{}

// WakeAt asks for a Deadline at this instant; it replaces the one before. The zero time asks for none.
type WakeAt struct{ At time.Time }

func (Save) effect()       {}
func (Drop) effect()       {}
func (Ask) effect()        {}
func (TakeShot) effect()   {}
func (KeepShot) effect()   {}
func (DropShot) effect()   {}
func (Notify) effect()     {}
func (Lease) effect()      {}
func (WatchInput) effect() {}
func (WakeAt) effect()     {}
