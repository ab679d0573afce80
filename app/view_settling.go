package app

// Settling is what stands beside the bill of a week: late time, lines that adjust it, and the dispute there is of it.
type Settling struct {
	ReviewEnds int64           `json:"reviewEnds"` // Unix ms
	LateOpen   int64           `json:"lateOpen"`   // seconds that came late and are not approved
	LateWorth  int64           `json:"lateWorth"`  // what approving all of them would add, in minor units
	Approve    bool            `json:"approve"`    // this side may approve them now
	Adjusted   []AdjustmentRow `json:"adjusted"`   // oldest first
	Dispute    *DisputeView    `json:"dispute"`    // the open one, else the newest; null for none
	Begin      bool            `json:"begin"`      // this side may open one now
}

// AdjustmentRow is a line beside the bill of a week. Amount is in minor units, below 0 what the client gets back.
type AdjustmentRow struct {
	ID      string `json:"id"`
	Kind    string `json:"kind"` // late or dispute
	At      int64  `json:"at"`   // Unix ms
	By      string `json:"by"`   // name of who approved or accepted
	Mine    bool   `json:"mine"`
	Seconds int64  `json:"seconds"` // of late time
	Amount  int64  `json:"amount"`
	Text    string `json:"text"`
	Waiting bool   `json:"waiting"` // for the service
}

// DisputeView is a dispute of a week (W-38). State is open, settled or withdrawn.
type DisputeView struct {
	ID      string        `json:"id"`
	Week    string        `json:"week"`
	State   string        `json:"state"`
	By      string        `json:"by"`
	Mine    bool          `json:"mine"`
	At      int64         `json:"at"` // Unix ms
	Closed  int64         `json:"closed"`
	Texts   []DisputeText `json:"texts"`
	Offer   *DisputeOffer `json:"offer"` // the newest, null for none
	May     DisputeMay    `json:"may"`
	Waiting bool          `json:"waiting"` // something done to it waits for the service
}

// DisputeText is what one side has to say. Folded are the words of somebody one blocked: money matters go on, and their words are shown when
// asked.
type DisputeText struct {
	By     string `json:"by"`
	Mine   bool   `json:"mine"`
	At     int64  `json:"at"`
	Text   string `json:"text"`
	Folded bool   `json:"folded"`
}

// DisputeOffer is an amount to settle by, in minor units, below 0 what the client gets back.
type DisputeOffer struct {
	By     string `json:"by"`
	Mine   bool   `json:"mine"`
	At     int64  `json:"at"`
	Mark   int64  `json:"mark"` // names it, to accept just this one
	Amount int64  `json:"amount"`
	Text   string `json:"text"`
	Folded bool   `json:"folded"` // the words, as of a DisputeText
}

// DisputeMay says what this side may do to a dispute now.
type DisputeMay struct {
	Write    bool `json:"write"`
	Offer    bool `json:"offer"`
	Accept   bool `json:"accept"`
	Withdraw bool `json:"withdraw"`
}

// ApproveIn approves late time of a week: that of some segments, or all that is shown as open.
type ApproveIn struct {
	Contract string  `json:"contract"`
	Week     string  `json:"week"`  // any day of it, YYYY-MM-DD
	Cells    []int64 `json:"cells"` // Unix seconds / 600; none = all
	Zone     string  `json:"zone"`  // of the answer
}

// DisputeIn opens a dispute of a week, with the first words about it.
type DisputeIn struct {
	Contract string `json:"contract"`
	Week     string `json:"week"` // any day of it
	Text     string `json:"text"`
	Zone     string `json:"zone"`
}

// DisputeActIn does something to a dispute: writes Text, offers Amount, accepts the offer named Mark, or withdraws it.
type DisputeActIn struct {
	Contract string `json:"contract"`
	Week     string `json:"week"`
	ID       string `json:"id"`
	Text     string `json:"text"`
	Amount   int64  `json:"amount"`
	Mark     int64  `json:"mark"`
	Zone     string `json:"zone"`
}
