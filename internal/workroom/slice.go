package workroom

// SliceKind says how a slice came to be.
type SliceKind string

// Kinds of a slice.
const (
	Tracked  SliceKind = "tracked"   // measured by the tracker
	KeptIdle SliceKind = "kept_idle" // time away that the freelancer chose to keep
	Manual   SliceKind = "manual"    // written in by hand
)

// CloseReason says why a slice ended. It is empty while the slice is open.
type CloseReason string

// Reasons for a slice to end.
const (
	CloseStop          CloseReason = "stop"
	CloseSwitch        CloseReason = "switch"
	CloseIdle          CloseReason = "idle"
	CloseLock          CloseReason = "lock"
	CloseSuspend       CloseReason = "suspend"
	CloseLimit         CloseReason = "limit"
	CloseCrash         CloseReason = "crash"
	CloseQuit          CloseReason = "quit"
	CloseContractEnded CloseReason = "contract_ended"
)

var closeReasons = []CloseReason{CloseStop, CloseSwitch, CloseIdle, CloseLock, CloseSuspend, CloseLimit, CloseCrash, CloseQuit, CloseContractEnded}

// Flags a slice may carry. The first three are the rule's own, the clock's come from the device.
const (
	FlagCodeInactive   = "code_inactive"   // its activity was archived meanwhile, at CodeTo
	FlagAfterEnd       = "after_end"       // recorded after the contract ended or was paused, at WorkTo and in Out; unbilled there
	FlagLate           = "late"            // arrived after the freeze, all of it before LateTo; unbilled
	FlagClockCorrected = "clock_corrected" // shifted by the first skew learnt of its run
	FlagClockUncertain = "clock_uncertain" // moved to before what its run had sent: number and time disagree
)

var sliceFlags = []string{FlagCodeInactive, FlagAfterEnd, FlagLate, FlagClockCorrected, FlagClockUncertain}

// Slice is a stretch of tracked time on one contract, under one activity and one memo. It is a stored fact: every later edit is a mark.
// Edges are whole seconds, Unix UTC, [Start, End). Only the recording device moves End, and only forward; each report raises Rev.
// The source is tracker.md §2.
type Slice struct {
	ID         string      `json:"id"`
	Rev        int64       `json:"rev"`
	Freelancer AccountID   `json:"freelancer"`
	Contract   ContractID  `json:"contract"`
	Device     string      `json:"device"`
	Boot       string      `json:"boot"` // the run of the program that recorded it
	Seq        int64       `json:"seq"`  // rises by one with each slice of this device and run
	Start      int64       `json:"start"`
	End        int64       `json:"end"`
	Activity   ActivityID  `json:"activity,omitempty"`
	Memo       string      `json:"memo"`
	Kind       SliceKind   `json:"kind"`
	Close      CloseReason `json:"close,omitempty"`
	Flags      []string    `json:"flags,omitempty"`

	// From which or until which second a flag holds, Unix; 0 beside the flag means all of the slice. They are the rule's own: what a report
	// says of them is not looked at.
	LateTo int64 `json:"late_to,omitempty"` // late before it
	CodeTo int64 `json:"code_to,omitempty"` // under an archived code from it on
	WorkTo int64 `json:"work_to,omitempty"` // after the contract's end, or in a pause that goes on, from it on
	// Out are stretches of it in which the contract was paused.
	Out []Interval `json:"out,omitempty"`
	// Back is from where on it was given back after the freeze of its week, 0 if it was not: what lies after that keeps its place on the
	// timeline, so that it falls to no other slice whose bill stands, and counts for nobody.
	Back int64 `json:"back,omitempty"`
	// In is the week in whose diary it stands, zero for that of its start. It is not stored: Diary.Add fills it in.
	In      Week `json:"-"`
	Unknown `json:"-"`
}

// Seconds is the slice's length, without what was given back of it.
func (s *Slice) Seconds() int64 {
	if s.Back != 0 {
		return s.Back - s.Start
	}
	return s.End - s.Start
}

// giveBack lets a slice that was known to a later end, of which the part before frozen came in time, end where it says now, and keep its
// place up to there.
func (s *Slice) giveBack(known *Slice, frozen int64) {
	if stays := min(known.End, frozen); s.End < stays && known.timely(frozen) {
		s.End, s.Back = stays, max(s.End, s.Start)
	}
}

// Minute is what the input counter saw in one minute of one device: counts only, never which key. A nil count was not measurable
// (Wayland), which is not the same as zero. Counts saturate at 65,535.
type Minute struct {
	At     int64   `json:"at"` // Unix minute: floor(unix seconds / 60)
	Keys   *uint16 `json:"keys"`
	Clicks *uint16 `json:"clicks"`
	Scroll *uint16 `json:"scrolls"`
	Moved  uint8   `json:"moved"` // seconds with pointer movement, 0-60
}

// Active reports whether the minute counts as active: a key, click or scroll in it. Movement alone does not.
func (m Minute) Active() bool {
	for _, n := range []*uint16{m.Keys, m.Clicks, m.Scroll} {
		if n != nil && *n > 0 {
			return true
		}
	}
	return false
}

// Measured reports whether counts were taken at all in this minute.
func (m Minute) Measured() bool { return m.Keys != nil }

// CellInput holds the minutes of one device in one ten-minute cell: at most ten, ordered by time. Cell is floor(unix seconds / 600).
type CellInput struct {
	Device  string   `json:"device"`
	Cell    int64    `json:"cell"`
	Minutes []Minute `json:"minutes"`
	Until   int64    `json:"until,omitempty"` // Unix seconds; since when the counts are gone, 0 while they are kept
	Unknown `json:"-"`
}

// Shot is a screenshot in the work diary, or the reason why there is none. It belongs to the slice that covers its moment.
type Shot struct {
	Slice    string     `json:"slice"`
	Contract ContractID `json:"contract"`
	Device   string     `json:"device"`
	Cell     int64      `json:"cell"`
	At       int64      `json:"at"`             // Unix seconds
	File     FileID     `json:"file,omitempty"` // of the first display: JPEG, at most 1,280 wide; empty when blurred or not taken
	Seed     []byte     `json:"seed,omitempty"` // 32 × 18 JPEG, the whole of a blurred picture
	W        int        `json:"w,omitempty"`
	H        int        `json:"h,omitempty"`
	Displays int        `json:"displays,omitempty"`
	More     []Picture  `json:"more,omitempty"`   // of the other displays; Pictures answers all
	Reason   ShotReason `json:"reason,omitempty"` // why there is no picture
	Until    int64      `json:"until,omitempty"`  // Unix seconds; since when an expired picture is gone
	Unknown  `json:"-"`
}

// ShotReason says why a segment has no picture.
type ShotReason string

// Reasons for a missing picture.
const (
	ShotDeleted ShotReason = "deleted"
	ShotLocked  ShotReason = "locked"
	ShotDenied  ShotReason = "denied"
	ShotFailed  ShotReason = "failed"
	ShotExpired ShotReason = "expired" // there was one; it was kept as long as the contract says
)

var shotReasons = []ShotReason{ShotDeleted, ShotLocked, ShotDenied, ShotFailed, ShotExpired}
