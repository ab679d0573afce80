package app

// TrackerView is the panel, the chip and the tray.
type TrackerView struct {
	State     string        `json:"state"` // stopped, tracking, idle (question open)
	Contract  string        `json:"contract"`
	Title     string        `json:"title"`
	Activity  string        `json:"activity"`
	Code      string        `json:"code"`
	Colour    int64         `json:"colour"`
	Memo      string        `json:"memo"`
	Since     int64         `json:"since"`   // start of this stretch
	Seconds   int64         `json:"seconds"` // of this stretch, at At
	At        int64         `json:"at"`
	Cell      *CellView     `json:"cell"`  // this segment
	Today     int64         `json:"today"` // seconds on this contract, in the viewer's day
	Week      int64         `json:"week"`
	Limit     int64         `json:"limit"` // 0 = none
	Waiting   int64         `json:"waiting"`
	Shot      *PendingShot  `json:"shot"`
	LastShot  *ShotView     `json:"lastShot"`
	Away      *AwayView     `json:"away"`
	Note      string        `json:"note"`      // a sentence to be told, e.g. after a crash
	Offer     bool          `json:"offer"`     // the note offers to start again
	Contracts []ContractRow `json:"contracts"` // those that can be tracked
	Codes     []ActivityRow `json:"codes"`     // of the chosen contract
	Required  bool          `json:"required"`  // the chosen contract asks for an activity
	Shots     string        `json:"shots"`     // its policy; while tracking that of what runs
	Idle      int64         `json:"idle"`      // its idle minutes, likewise
	Changes   []TurnRow     `json:"changes"`   // terms of the chosen contract that changed since the last start on it
	Counted   bool          `json:"counted"`
	CountWhy  string        `json:"countWhy"`
	Aways     []AwayView    `json:"aways"`    // every open question, oldest first
	Reading   bool          `json:"reading"`  // "in a call or reading"
	Unbilled  bool          `json:"unbilled"` // goes on beyond the limit by choice
	LostTo    string        `json:"lostTo"`   // the computer that tracks now instead of this one, "" for none
	Next      *TrackerView  `json:"next"`     // the contract that was asked for while another runs, as it would begin
}

// PendingShot is a screenshot that leaves this computer at Leaves unless it is deleted.
type PendingShot struct {
	ID     string `json:"id"`
	File   string `json:"file"`
	Title  string `json:"title"`
	Taken  int64  `json:"taken"`
	Leaves int64  `json:"leaves"`
	Blur   bool   `json:"blur"` // it is or becomes blurred
	// Files are the pictures of all displays, the first of them File; [] when blurred.
	Files []string `json:"files"`
}

// AwayView is the question after idle time.
type AwayView struct {
	From    int64  `json:"from"`
	Until   int64  `json:"until"` // 0 = still away
	Code    string `json:"code"`
	CanKeep bool   `json:"canKeep"` // not after more than 8 hours

	ID       string `json:"id"`
	Contract string `json:"contract"`
	Title    string `json:"title"`
	Activity string `json:"activity"`
	Memo     string `json:"memo"`
	Why      string `json:"why"`     // idle, lock or suspend
	Expires  int64  `json:"expires"` // the freeze of its week: until then it can be answered
}
