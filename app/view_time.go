package app

// EditTimeIn changes memo or activity of what a contract has in some segments, or with no Cells between two moments (Unix ms). Only what Set
// names is changed. An empty Activity is "No activity". With Bare only time without an activity is meant.
type EditTimeIn struct {
	Contract    string  `json:"contract"`
	Cells       []int64 `json:"cells"` // Unix seconds / 600
	From        int64   `json:"from"`
	To          int64   `json:"to"`
	SetMemo     bool    `json:"setMemo"`
	Memo        string  `json:"memo"`
	SetActivity bool    `json:"setActivity"`
	Activity    string  `json:"activity"` // id
	Bare        bool    `json:"bare,omitempty"`
}

// CutIn names what is to be deleted or swapped: segments, or with no Cells the time between two moments (Unix ms).
type CutIn struct {
	Contract string  `json:"contract"`
	Cells    []int64 `json:"cells"`
	From     int64   `json:"from"`
	To       int64   `json:"to"`
}

// TimePart is a stretch of one slice as it was before an edit.
type TimePart struct {
	Slice string `json:"slice"`
	From  int64  `json:"from"` // Unix ms
	To    int64  `json:"to"`
	What  string `json:"what"` // memo or activity
	Value string `json:"value"`
}

// TimeDone says what an edit changed. Undo takes it back by Diary.Restore; it is empty where that is not possible.
type TimeDone struct {
	Seconds  int64      `json:"seconds"`
	Segments int64      `json:"segments"`
	Undo     []TimePart `json:"undo"`
}

// RestoreIn takes an edit back.
type RestoreIn struct {
	Contract string     `json:"contract"`
	Parts    []TimePart `json:"parts"`
}

// CutView says what deleting would take, before it does.
type CutView struct {
	Seconds  int64  `json:"seconds"`
	Segments int64  `json:"segments"`
	Shots    int64  `json:"shots"`
	Label    string `json:"label"` // "14:20–14:30", in the viewer's zone
}

// ManualIn writes time in by hand: whole minutes, in Unix ms. With Fill only the gaps between what is there are filled.
type ManualIn struct {
	Contract string `json:"contract"`
	From     int64  `json:"from"`
	To       int64  `json:"to"`
	Memo     string `json:"memo"`
	Activity string `json:"activity"` // id, or "" for none
	Fill     bool   `json:"fill"`
}

// SpanView is a stretch of time, in Unix ms.
type SpanView struct {
	From int64  `json:"from"`
	To   int64  `json:"to"`
	What string `json:"what"` // of a clash: the contract's title, or that it was deleted there
}

// ManualOut is what was written in, or, with nothing written in, what stands in the way.
type ManualOut struct {
	Added   []SpanView `json:"added"`
	Clashes []SpanView `json:"clashes"`
}

// TimeMay says what this side may do to some time now. Why is the sentence of the first that it may not, "" if it may everything.
type TimeMay struct {
	Memo     bool   `json:"memo"`
	Activity bool   `json:"activity"`
	Cut      bool   `json:"cut"`
	Swap     bool   `json:"swap"`
	Manual   bool   `json:"manual"`
	Why      string `json:"why"`
}

// PieceView is a stretch of a segment under one activity and one memo.
type PieceView struct {
	Slice    string   `json:"slice"`
	From     int64    `json:"from"` // Unix ms
	To       int64    `json:"to"`
	Activity string   `json:"activity"`
	Code     string   `json:"code"`
	Memo     string   `json:"memo"`
	Kind     string   `json:"kind"` // tracked, kept_idle or manual
	Flags    []string `json:"flags"`
	// Shadowed says that something else owns this time: it is shown hatched and never billed. To whom it went only the freelancer is told.
	Shadowed bool   `json:"shadowed"`
	Owner    string `json:"owner"`
}

// CutMark says that time of a segment was deleted.
type CutMark struct {
	By      string `json:"by"` // name
	At      int64  `json:"at"`
	Seconds int64  `json:"seconds"` // that were there when it was deleted
}

// TimeLogRow is one line of the log of a diary: who changed what.
type TimeLogRow struct {
	At      int64  `json:"at"`
	Who     string `json:"who"`
	What    string `json:"what"` // memo, activity, cut, owner, manual; expired, without Who: pictures and counts of the week are not kept any more
	From    int64  `json:"from"`
	To      int64  `json:"to"`
	Seconds int64  `json:"seconds"`
	Value   string `json:"value"` // the memo, or the activity's code
	Waiting bool   `json:"waiting"`
}

// TimeLog is the log of a day, newest first.
type TimeLog struct {
	Rows []TimeLogRow `json:"rows"`
}

// SealView is one week as it was checked. State is open (not closed yet), waiting (closed, the service has not sealed it yet), good,
// changed (the rows here are not those that were sealed) or rewritten (the seal is another than the one this computer saw before).
type SealView struct {
	Week    string   `json:"week"`
	State   string   `json:"state"`
	N       int64    `json:"n"`
	Sum     string   `json:"sum"`
	Seconds int64    `json:"seconds"`
	Amount  int64    `json:"amount"`
	Rows    int64    `json:"rows"`
	Why     []string `json:"why"`
}

// VerifyView is the check of a contract's closed weeks, oldest first. Head is the sum of the newest seal: both sides have the same.
type VerifyView struct {
	Contract string     `json:"contract"`
	Good     bool       `json:"good"`
	Head     string     `json:"head"`
	Weeks    []SealView `json:"weeks"`
}

// ReadingIn says that somebody reads or is in a call: idle time is an hour meanwhile.
type ReadingIn struct {
	On bool `json:"on"`
}
