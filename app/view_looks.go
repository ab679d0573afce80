package app

// LooksIn asks who looked at the screenshots of a contract: at all of them, or with a Cell (Unix seconds / 600) at those of one segment.
type LooksIn struct {
	Contract string `json:"contract"`
	Cell     int64  `json:"cell"`
	Zone     string `json:"zone"`
}

// LooksView is the log of looks, newest first. Shown says that this side reads everybody's; else these are one's own, which the freelancer
// reads too.
type LooksView struct {
	Rows  []LookRow `json:"rows"`
	Shown bool      `json:"shown"`
}

// LookRow is one look at one segment's picture.
type LookRow struct {
	Who     string `json:"who"` // name
	Me      bool   `json:"me"`
	At      int64  `json:"at"`    // Unix ms
	Cell    int64  `json:"cell"`  // the segment of the picture
	Label   string `json:"label"` // "09:10", when it begins
	Day     string `json:"day"`   // of the segment
	Large   bool   `json:"large"` // more than the small picture of the day's grid
	Waiting bool   `json:"waiting"`
}
