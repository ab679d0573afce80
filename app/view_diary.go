package app

// WeekView is a week of a contract: seconds by activity and day, Monday first.
type WeekView struct {
	Contract string      `json:"contract"`
	Week     string      `json:"week"` // Monday, YYYY-MM-DD
	Zone     string      `json:"zone"` // in which the days are cut
	State    string      `json:"state"`
	Days     []string    `json:"days"` // seven, YYYY-MM-DD
	Rows     []WeekRow   `json:"rows"`
	Totals   []int64     `json:"totals"` // seconds a day
	Seconds  int64       `json:"seconds"`
	Limit    int64       `json:"limit"` // 0 = none
	Over     int64       `json:"over"`  // seconds over the limit
	Amount   int64       `json:"amount"`
	Currency string      `json:"currency"`
	Rate     int64       `json:"rate"`
	Tracked  int64       `json:"tracked"` // seconds less the next two
	Kept     int64       `json:"kept"`    // idle time that was kept
	Manual   int64       `json:"manual"`
	Activity int64       `json:"activity"` // percent, average of segments; -1 = not measured
	Waiting  int64       `json:"waiting"`  // segments not at the service yet
	Billable int64       `json:"billable"` // seconds that Amount is for
	Late     int64       `json:"late"`     // seconds that came after the freeze
	AfterEnd int64       `json:"afterEnd"` // seconds after the contract's end
	Shielded int64       `json:"shielded"` // segments with the protection badge
	Expired  int64       `json:"expired"`  // segments whose counts are not kept any more: not in Activity, and Shielded may have been more
	Sealed   string      `json:"sealed"`   // sum of the week's seal, "" if it has none
	Settling Settling    `json:"settling"` // what stands beside the bill
	Steps    []StepView  `json:"steps"`
	Memos    []MemoTotal `json:"memos"`
	Parts    []PartTotal `json:"parts"` // one for each activity of a day
	May      TimeMay     `json:"may"`   // what this side may do to the time of the week now
}

// WeekRow is one activity of a week.
type WeekRow struct {
	Activity string  `json:"activity"` // "" = no activity
	Code     string  `json:"code"`
	Colour   int64   `json:"colour"` // 0 = no activity
	Days     []int64 `json:"days"`
	Seconds  int64   `json:"seconds"`
}

// MemoTotal is the time of one memo on one day under one activity.
type MemoTotal struct {
	Activity string `json:"activity"`
	Day      string `json:"day"`
	Memo     string `json:"memo"`
	Seconds  int64  `json:"seconds"`
}

// PartTotal is what one activity of a day comes down to: how many segments hold some of it, and the activity level of its minutes.
type PartTotal struct {
	Activity string `json:"activity"`
	Day      string `json:"day"`
	Segments int64  `json:"segments"`
	Expired  int64  `json:"expired"` // those of them whose counts are not kept any more: not in Level
	Level    int64  `json:"level"`   // percent; -1 = not measured
}

// StepView is one step of a week's life: working, corrections, review, invoice.
type StepView struct {
	Name string `json:"name"` // open, adjust, review, closed
	At   int64  `json:"at"`   // when it ends
	Now  bool   `json:"now"`
}

// DayView is a day of the work diary.
type DayView struct {
	Contract string     `json:"contract"`
	Day      string     `json:"day"` // YYYY-MM-DD in Zone
	Zone     string     `json:"zone"`
	Week     WeekView   `json:"week"`
	Hours    []HourView `json:"hours"`
	Seconds  int64      `json:"seconds"`
	Side     string     `json:"side"`
	May      TimeMay    `json:"may"` // to the day as a whole: to any of it
}

// HourView is one row of the diary: six cells, and the runs of equal labels above them.
type HourView struct {
	Label string     `json:"label"` // "09:00"
	Runs  []RunView  `json:"runs"`
	Cells []CellView `json:"cells"`
}

// RunView is a header over neighbouring cells: "[Activity]: memo".
type RunView struct {
	From     int64  `json:"from"` // index of its first cell, 0 to 5
	Span     int64  `json:"span"`
	Activity string `json:"activity"` // "No activity" when there is none
	Memo     string `json:"memo"`
	Colour   int64  `json:"colour"`
	More     int64  `json:"more"` // further pieces in the first cell: "+n"
}

// CellView is a ten-minute segment. Cell 0 seconds = nothing was tracked.
type CellView struct {
	Cell     int64        `json:"cell"` // Unix seconds / 600
	Start    int64        `json:"start"`
	Label    string       `json:"label"` // "09:10"
	Until    string       `json:"until"`
	Seconds  int64        `json:"seconds"`
	Activity string       `json:"activity"`
	Code     string       `json:"code"`
	Colour   int64        `json:"colour"`
	Memo     string       `json:"memo"`
	More     int64        `json:"more"`
	Kind     string       `json:"kind"`   // tracked, manual, kept_idle; tracked where mixed
	Kept     int64        `json:"kept"`   // of its seconds, idle time that was kept
	Manual   int64        `json:"manual"` // of its seconds, written in by hand
	Boxes    string       `json:"boxes"`  // ten of a (active), i (inactive), u (untracked), p (present, not measured)
	Active   int64        `json:"active"`
	Touched  int64        `json:"touched"`
	Counted  bool         `json:"counted"`
	Minutes  []MinuteView `json:"minutes"`
	Keys     int64        `json:"keys"`
	Mouse    int64        `json:"mouse"`
	Shot     *ShotView    `json:"shot"`
	Waiting  bool         `json:"waiting"` // not at the service yet
	Open     bool         `json:"open"`    // being tracked now
	Flags    []string     `json:"flags"`
	Over     int64        `json:"over"`     // of its seconds, beyond the weekly limit
	Late     int64        `json:"late"`     // came after the freeze
	AfterEnd int64        `json:"afterEnd"` // after the contract's end
	Shadowed int64        `json:"shadowed"` // seconds that were tracked here too and belong to something else; not in Seconds
	Shielded bool         `json:"shielded"` // carries the protection badge
	Shots    []*ShotView  `json:"shots"`    // of all devices, in order of time
	Pieces   []PieceView  `json:"pieces"`
	Cuts     []CutMark    `json:"cuts"`
	May      TimeMay      `json:"may"`
	Gone     int64        `json:"gone"`   // since when its counts are not kept any more, 0 while they are or where none were taken
	Unsaid   bool         `json:"unsaid"` // whether it was protected cannot be said any more: only its counts could, and they are gone
	Looks    int64        `json:"looks"`  // how often its pictures were looked at: for the freelancer by others, else by oneself
}

// MinuteView is one minute's counts; -1 = not measurable.
type MinuteView struct {
	At      int64 `json:"at"` // Unix minute
	Keys    int64 `json:"keys"`
	Clicks  int64 `json:"clicks"`
	Scrolls int64 `json:"scrolls"`
}

// ShotView is a diary screenshot or the reason for none.
type ShotView struct {
	File     string `json:"file"` // for /file/ID; "" when none or blurred
	Seed     string `json:"seed"` // data of a blurred one, base64 JPEG
	At       int64  `json:"at"`
	W        int64  `json:"w"`
	H        int64  `json:"h"`
	Displays int64  `json:"displays"`
	Reason   string `json:"reason"`
	Gone     int64  `json:"gone"` // of reason expired: since when
	// Files are the pictures of all displays, the first one's first; [] when blurred or none. File, W and H are the first's.
	Files []ShotFile `json:"files"`
}

// ShotFile is the picture of one display.
type ShotFile struct {
	File string `json:"file"` // for /file/ID
	W    int64  `json:"w"`
	H    int64  `json:"h"`
}
