package app

// TermsView is what both sides agreed on.
type TermsView struct {
	Rate            int64  `json:"rate"` // minor units an hour
	Currency        string `json:"currency"`
	Limit           int64  `json:"limit"` // seconds a week, 0 = none
	RequireActivity bool   `json:"requireActivity"`
	Shots           string `json:"shots"` // none, blurred or full
	IdleMinutes     int64  `json:"idleMinutes"`
	Manual          bool   `json:"manual,omitempty"`   // time may be written in by hand
	Segments        bool   `json:"segments,omitempty"` // billed by whole segments
	// Days after their week for which pictures and input counts are kept, and days after its end in which a week is reviewed; 0 = as usual,
	// 90 and 5.
	KeepDays   int64 `json:"keepDays,omitempty"`
	ReviewDays int64 `json:"reviewDays,omitempty"`
}

// TermsMay says what of a contract this side may change now. Why is the sentence of the first that it may not, "" if it may everything.
type TermsMay struct {
	Rate     bool   `json:"rate"`  // upwards; downwards by AskRate
	Agree    bool   `json:"agree"` // a lower rate is asked for, and this side may answer
	Limit    bool   `json:"limit"`
	Manual   bool   `json:"manual"`
	Activity bool   `json:"activity"`
	Shots    bool   `json:"shots"`
	Idle     bool   `json:"idle"`
	Keep     bool   `json:"keep"`
	Review   bool   `json:"review"`
	Pause    bool   `json:"pause"`
	Resume   bool   `json:"resume"`
	End      bool   `json:"end"`
	Why      string `json:"why"`
}

// TurnRow is one thing that became of a contract. What is rate, limit, manual, activity, shots, idle, keep, review, paused, resumed, ended,
// rate_asked, rate_declined, rate_withdrawn (a lower rate, Now), approved (late time), disputed, answered, offered, settled or withdrawn (a dispute of a week);
// of a term Was and Now are its values: minor units an hour, seconds a week ("0" = no limit), "true" or "false", none, blurred or full, minutes,
// days.
type TurnRow struct {
	ID      string `json:"id"`
	At      int64  `json:"at"` // Unix ms
	By      string `json:"by"` // name
	Mine    bool   `json:"mine"`
	What    string `json:"what"`
	Was     string `json:"was"`
	Now     string `json:"now"`
	From    int64  `json:"from"`   // Unix ms from when it counts; 0 = from the next start of the tracker
	Reason  string `json:"reason"` // of an end: done, unneeded, terms, quality or other
	Text    string `json:"text"`
	Week    string `json:"week"`    // Monday of the week it is about, "" for none
	Seconds int64  `json:"seconds"` // approved
	Amount  int64  `json:"amount"`  // approved, offered or settled by, in minor units
	Needs   string `json:"needs"`   // of a lower rate that is asked for: me, them, or "" for anything else
	Mark    int64  `json:"mark"`    // names it, to answer just that
	Waiting bool   `json:"waiting"` // for the service
}

// ChangeTermsIn changes the terms that Set names, by the words of TurnRow.What, to those of Terms.
type ChangeTermsIn struct {
	Contract string    `json:"contract"`
	Set      []string  `json:"set"`
	Terms    TermsView `json:"terms"`
}

// AskRateIn asks the freelancer for a lower rate, in minor units an hour.
type AskRateIn struct {
	Contract string `json:"contract"`
	Rate     int64  `json:"rate"`
}

// AnswerRateIn agrees to a lower rate that is asked for, or does not; the client withdraws it without Agree. Mark is TurnRow.Mark.
type AnswerRateIn struct {
	Contract string `json:"contract"`
	Mark     int64  `json:"mark"`
	Agree    bool   `json:"agree"`
}

// EndIn ends a contract. Text is needed where the reason is other.
type EndIn struct {
	Contract string `json:"contract"`
	Reason   string `json:"reason"` // done, unneeded, terms, quality or other
	Text     string `json:"text"`
}
