package tracker

import (
	"time"

	"trestle/internal/workroom"
)

// Event is one of the facts below.
type Event interface{ event() }

// Work is what somebody works on: a contract, an activity of it (empty for none) and a memo.
type Work struct {
	Contract workroom.ContractID `json:"contract"`
	Activity workroom.ActivityID `json:"activity,omitempty"`
	Memo     string              `json:"memo"`
}

// Contract is what the machine must know of a contract before it can be tracked.
type Contract struct {
	ID     workroom.ContractID
	Active bool
	Paused bool           // it is not active, but may be again
	Terms  workroom.Terms // as they count from the next start
	// Limits are the weekly limits (seconds, workroom.NoLimit for none) of weeks that have another one than the terms say.
	Limits     map[workroom.Week]int64
	Activities map[workroom.ActivityID]bool // of this contract; false = archived
}

// Start begins to track, or switches if something is tracked already.
type Start struct {
	Work
	Unbilled bool // go on even if the weekly limit is reached
}

// Stop ends tracking. Pausing is the same; Snapshot.Work is what resuming starts.
type Stop struct{}

// Quit says that the program ends: tracking stops. Time away that was not answered for is not counted; the app keeps its questions, and they
// can be answered after the next start.
type Quit struct{}

// Left brings what waited for an answer when the program ended last: its questions, and one with To = 0 if somebody was away just then, which
// is asked now. Those whose week is frozen meanwhile are dropped.
type Left struct{ Questions []Question }

// LeaseLearnt says on which device its person began to track last, and when (Unix ms): the newest start wins, so an older one here ends.
// Name is the device's, for the notice.
type LeaseLearnt struct {
	Device string
	Name   string
	Since  int64
}

// Switch changes contract, activity or memo of what is tracked, from this instant on.
type Switch struct{ Work }

// Input is what was counted since the last Input.
type Input struct {
	Keys, Clicks, Scrolls int
	Moves                 int  // seconds with pointer movement
	Countable             bool // false: the four numbers are not known
	// Presence says that the system tells when the last input was, and Ago how long ago. Without it nobody is ever called idle.
	Presence bool
	Ago      time.Duration
}

// Report asks that what is tracked now be reported up to this instant, without ending it: somebody is about to edit it.
type Report struct{}

// Deadline says that the instant of the last WakeAt is reached.
type Deadline struct{}

// Lock and Unlock say that the session's screen was locked and unlocked. Both may come twice.
type (
	Lock   struct{}
	Unlock struct{}
)

// Seen says that the person acts at this computer's own screen, so that it is neither locked nor asleep whatever was told last: not every
// desktop tells that it was unlocked. The app passes it before what somebody presses in a window or in the tray.
type Seen struct{}

// Sleeping says that the system is about to sleep, Woke that it runs again. Both may come twice.
type (
	Sleeping struct{}
	Woke     struct{}
)

// Slept says that the system slept without telling, found by its clocks (Clock.Now). The app passes it before anything else.
type Slept struct{}

// Choice is a person's decision on time away.
type Choice string

// Choices on time away.
const (
	Discard Choice = "discard" // the default, also when nobody answers
	Keep    Choice = "keep"    // as time on what was tracked before, marked as idle
	Assign  Choice = "assign"  // as idle time on something else
)

// Answer answers a question, until the freeze of its week.
type Answer struct {
	Question string
	Choice   Choice
	Work     Work // for Assign
	Continue bool // track on, from now, what was tracked before
}

// Reading switches "in a call or reading" on or off: while on, the idle time is an hour, shown as such.
type Reading struct{ On bool }

// Unbilled says that the person wants to go on beyond the weekly limit in this session.
type Unbilled struct{}

// TermsLearnt brings a contract up to date. Terms other than its end count from the next start.
type TermsLearnt struct{ Contract Contract }

// LimitLearnt says how many seconds of the week are used up on a contract, all devices together and what this device has not sent yet
// included, the open slice not.
type LimitLearnt struct {
	Contract workroom.ContractID
	Week     workroom.Week
	Seconds  int64
}

// Skewed says that the first comparison with the service's clock in this run found this device's clock wrong by so much, in whole
// seconds: what was recorded lies By too early (or, negative, too late). Sent is the end, Unix, of the last slice of this run that the
// service has, 0 for none: it stays where it is. Runs are earlier runs that were wrong too, by their names: their questions are moved. It is told
// also if nothing was wrong.
type Skewed struct {
	By   time.Duration
	Sent int64
	Runs map[string]time.Duration
}

// Found brings a slice that was still open when the program last ended, as of its last heartbeat.
type Found struct {
	Slice  workroom.Slice
	Inputs []workroom.CellInput
}

func (Start) event()       {}
func (Stop) event()        {}
func (Quit) event()        {}
func (Left) event()        {}
func (LeaseLearnt) event() {}
func (Switch) event()      {}
func (Input) event()       {}
func (Deadline) event()    {}
func (Report) event()      {}
func (Lock) event()        {}
func (Unlock) event()      {}
func (Seen) event()        {}
func (Sleeping) event()    {}
func (Woke) event()        {}
func (Slept) event()       {}
func (Answer) event()      {}
func (Reading) event()     {}
func (Unbilled) event()    {}
func (TermsLearnt) event() {}
func (LimitLearnt) event() {}
func (Skewed) event()      {}
func (Found) event()       {}
