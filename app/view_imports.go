package app

// ImportPiece is a part of a file of time that the page, or the command line, hands over: one after the other, each at its place.
type ImportPiece struct {
	ID   string `json:"id"` // made by the caller; the same for all pieces of a file
	Name string `json:"name"`
	At   int64  `json:"at"`   // bytes before it
	Body string `json:"body"` // base64
}

// ImportFile is a file that was chosen with the system's dialog. It comes by event "importfile".
type ImportFile struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Why  string `json:"reason"` // a sentence if it was not taken
}

// ImportMatch says what a name of the file is here.
type ImportMatch struct {
	Name string `json:"name"`
	To   string `json:"to"` // a contract's or an activity's id; "-" = none
}

// ImportIn says how a file is to be read.
type ImportIn struct {
	ID       string        `json:"id"`
	Zone     string        `json:"zone"`     // IANA name; "" = this computer's
	Order    string        `json:"order"`    // of day and month: ymd, dmy or mdy; "" = as the file says
	Person   string        `json:"person"`   // whose rows: an address or a name of the file; "" = one's own, or the only one
	Contract string        `json:"contract"` // where the time goes if all of the file is of one project that no contract is called by
	Projects []ImportMatch `json:"projects"`
	Tasks    []ImportMatch `json:"tasks"` // Name "" is of rows without a task; To is a code
	Memo     string        `json:"memo"`  // for rows without one
	Show     string        `json:"show"`  // add, there, refused; "" = all
	Skip     int64         `json:"skip"`  // rows before the first one answered
}

// ImportName is a name that stands in the file, and what it is here.
type ImportName struct {
	Name string `json:"name"`
	Rows int64  `json:"rows"`
	To   string `json:"to"` // a contract's id, a code, or whether a person is chosen; "" = nothing, "-" = left out on purpose
}

// ImportContract is a contract time can go to.
type ImportContract struct {
	ID     string   `json:"id"`
	Title  string   `json:"title"`
	Client string   `json:"client"`
	Codes  []string `json:"codes"`
	Why    string   `json:"why"` // why no time can be written in there
}

// ImportRow is a line of the file and what becomes of it.
type ImportRow struct {
	Line     int64      `json:"line"`
	From     int64      `json:"from"` // 0 if it cannot be read
	To       int64      `json:"to"`
	Project  string     `json:"project"`
	Contract string     `json:"contract"` // its title
	Task     string     `json:"task"`
	Memo     string     `json:"memo"`
	Code     string     `json:"code"`
	Seconds  int64      `json:"seconds"`
	State    string     `json:"state"`  // add, there or refused
	Why      string     `json:"why"`    // a sentence when refused
	Notes    []string   `json:"notes"`  // sentences
	Clashes  []SpanView `json:"inWay"`  // what it overlaps
	Reason   string     `json:"reason"` // the kind of refusal, to count by
}

// ImportReason counts the rows that are refused for one reason.
type ImportReason struct {
	Reason string `json:"reason"`
	Rows   int64  `json:"rows"`
	Why    string `json:"why"` // the sentence of the first
}

// ImportView is what importing a file would do. Nothing is written by it.
type ImportView struct {
	ID        string           `json:"id"`
	Name      string           `json:"name"`
	Layout    string           `json:"layout"`  // toggl, clockify, solidtime or trestle
	Letters   string           `json:"letters"` // an encoding that had to be guessed
	Left      []string         `json:"left"`    // columns that are not taken over
	Zone      string           `json:"zone"`
	ZoneName  string           `json:"zoneName"`
	Order     string           `json:"order"` // "" while it must be said
	Orders    []string         `json:"orders"`
	Sample    string           `json:"sample"` // a date of the file that can be read in two ways
	People    []ImportName     `json:"people"`
	Projects  []ImportName     `json:"projects"`
	Tasks     []ImportName     `json:"tasks"` // that need an activity, or have one that is not known
	Contracts []ImportContract `json:"contracts"`
	Rows      []ImportRow      `json:"rows"`
	More      int64            `json:"more"` // rows behind those answered
	All       int64            `json:"all"`
	Add       int64            `json:"add"`
	There     int64            `json:"there"`
	Refused   int64            `json:"refused"`
	Seconds   int64            `json:"seconds"` // of the rows to add
	Reasons   []ImportReason   `json:"reasons"`
}

// ImportState is how far an import is. It comes by event "import".
type ImportState struct {
	ID      string      `json:"id"`
	State   string      `json:"state"` // going, done or cancelled
	Done    int64       `json:"done"`  // rows
	Total   int64       `json:"total"`
	Added   int64       `json:"added"`   // rows that are in
	Seconds int64       `json:"seconds"` // of these
	Refused []ImportRow `json:"refused"` // those that were to be added and were not, the first 100
	Failed  int64       `json:"failed"`  // how many
	Until   int64       `json:"until"`   // Unix ms until which all of it can be taken back without a trace
}

// ImportUndone is what was taken back.
type ImportUndone struct {
	Rows     int64 `json:"rows"`
	Seconds  int64 `json:"seconds"`
	Deleted  int64 `json:"deleted"`  // seconds that the service had already and that are deleted, for good
	Standing int64 `json:"standing"` // seconds that can no longer be changed
}
