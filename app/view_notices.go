package app

// NoticeRow is one line of the bell: something the person was told of, or would have been.
type NoticeRow struct {
	ID       string `json:"id"`
	Topic    string `json:"topic"` // mentions, messages, offers, contract, limit or unsent
	Room     string `json:"room"`
	Contract string `json:"contract"`
	Title    string `json:"title"` // of the room or contract
	By       string `json:"by"`    // who wrote it, "" for several or nobody
	Text     string `json:"text"`
	At       int64  `json:"at"`
	Count    int64  `json:"count"` // messages it stands for
	Place    string `json:"place"` // where it leads
	Fresh    bool   `json:"fresh"` // it came after the bell was last looked at
}

// NoticeList is the bell: the notices of the last 30 days, newest first.
type NoticeList struct {
	Rows []NoticeRow `json:"rows"`
}

// FreshView says how many notices came since the bell was last looked at.
type FreshView struct {
	Fresh int64 `json:"fresh"`
}

// TopicRow is a topic and whether the person is told of it.
type TopicRow struct {
	ID string `json:"id"`
	On bool   `json:"on"`
}

// QuietView are the quiet hours: minutes after midnight in Zone, and the days that are quiet as a whole, 0 for Sunday.
type QuietView struct {
	On   bool    `json:"on"`
	From int64   `json:"from"`
	To   int64   `json:"to"`
	Zone string  `json:"zone"`
	Rest []int64 `json:"rest"`
}

// LevelRow is a room of which other notices are wanted than of the rest.
type LevelRow struct {
	Room  string `json:"room"`
	Name  string `json:"name"`
	Level string `json:"level"` // mentions or none
}

// RulesView is what the account is told of, on all its devices.
type RulesView struct {
	Off    bool       `json:"off"`
	Topics []TopicRow `json:"topics"`
	Every  int64      `json:"every"` // minutes; 0: at once
	Quiet  QuietView  `json:"quiet"`
	Levels []LevelRow `json:"levels"`
	Why    string     `json:"why"` // a sentence when this computer shows no notices
}

// RulesIn changes what it names.
type RulesIn struct {
	Off    *bool      `json:"off"`
	Topics []TopicRow `json:"topics"`
	Every  *int64     `json:"every"`
	Quiet  *QuietView `json:"quiet"`
}

// OfficeView is the out-of-office responder.
type OfficeView struct {
	On    bool   `json:"on"`
	Text  string `json:"text"`
	Plain string `json:"plain"` // the text as one line without markup
	HTML  string `json:"html"`  // the text as others see it, made safe by the markup package
	First string `json:"first"` // YYYY-MM-DD, "" if none was chosen
	Last  string `json:"last"`
	Zone  string `json:"zone"`
	From  int64  `json:"from"` // when the absence begins and ends; 0: no dates
	To    int64  `json:"to"`
	Now   bool   `json:"now"` // others read now that the person is away
	Over  bool   `json:"over"`
}

// OfficeIn changes what it names; the dates come together, in a time zone.
type OfficeIn struct {
	On    *bool   `json:"on"`
	Text  *string `json:"text"`
	First string  `json:"first"`
	Last  string  `json:"last"`
	Zone  string  `json:"zone"`
}
