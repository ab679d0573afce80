package app

// TimeReportIn asks for a report of time. Days are of Zone, both included; an empty list filters nothing. An empty id among Activities is time
// without one.
type TimeReportIn struct {
	From       string   `json:"from"` // YYYY-MM-DD
	To         string   `json:"to"`
	Zone       string   `json:"zone"`  // IANA name, "" = UTC
	Group      []string `json:"group"` // of freelancer, contract, activity, day, week, month, client, kind, memo
	Clients    []string `json:"clients"`
	Contracts  []string `json:"contracts"`
	People     []string `json:"people"`
	Activities []string `json:"activities"`
	Kinds      []string `json:"kinds"` // of tracked, manual, kept_idle, over_limit, late
	// Week is the Monday of the only week of the contracts that is meant, YYYY-MM-DD in UTC: its edges are no midnights of other zones.
	Week string `json:"week,omitempty"`
}

// TimeSum is a row of a report: its keys in the order asked for, and seconds and minor units.
type TimeSum struct {
	Keys     []string `json:"keys"`
	Seconds  int64    `json:"seconds"`
	Billable int64    `json:"billable"`
	Manual   int64    `json:"manual"`
	Amount   int64    `json:"amount"`
	Currency string   `json:"currency"`
}

// MoneyView is an amount in minor units.
type MoneyView struct {
	Amount   int64  `json:"amount"`
	Currency string `json:"currency"`
}

// TimeFacet is something a report can be filtered by, with what it would hold if that filter let it through.
type TimeFacet struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	About    string `json:"about"`
	Colour   int64  `json:"colour"` // of an activity: 1 to 7
	Archived bool   `json:"archived"`
	Seconds  int64  `json:"seconds"`
}

// TimeReport is a report. Rows are grouped as asked for, Chart by day and activity, or by week where there are many days.
type TimeReport struct {
	From       string      `json:"from"`
	To         string      `json:"to"`
	Zone       string      `json:"zone"`
	ZoneName   string      `json:"zoneName"` // "Europe/Berlin (UTC+1)"
	Group      []string    `json:"group"`
	Rows       []TimeSum   `json:"rows"`
	Chart      []TimeSum   `json:"chart"` // keys: day or week, activity
	ChartBy    string      `json:"chartBy"`
	Seconds    int64       `json:"seconds"`
	Billable   int64       `json:"billable"`
	Manual     int64       `json:"manual"`
	Week       int64       `json:"week"` // seconds of the present week among them
	Money      []MoneyView `json:"money"`
	Clients    []TimeFacet `json:"clients"`
	Contracts  []TimeFacet `json:"contracts"`
	People     []TimeFacet `json:"people"`
	Activities []TimeFacet `json:"activities"` // the first has an empty id: no activity
	Kinds      []TimeFacet `json:"kinds"`
	Empty      []string    `json:"empty"` // of an empty report: each filter that alone holds everything back; "dates" if none does
	Trackers   int64       `json:"trackers"`
	// Adjusted are the lines beside the bills of the weeks that end in these days; none where activities or kinds are chosen. Bill is Money with
	// them, and Approved the seconds of late time that they pay.
	Adjusted []TimeAdjusted `json:"adjusted"`
	Bill     []MoneyView    `json:"bill"`
	Approved int64          `json:"approved"`
}

// TimeAdjusted is a line beside the bill of a contract's week.
type TimeAdjusted struct {
	ID         string `json:"id"`
	Contract   string `json:"contract"`
	Title      string `json:"title"`
	Freelancer string `json:"freelancer"`
	Week       string `json:"week"` // its Monday
	Kind       string `json:"kind"` // late or dispute
	Seconds    int64  `json:"seconds"`
	Amount     int64  `json:"amount"`
	Currency   string `json:"currency"`
	Text       string `json:"text"`
}

// BudgetRow is one hourly contract's limit and use.
type BudgetRow struct {
	Contract string `json:"contract"`
	Title    string `json:"title"`
	Other    string `json:"other"`
	Side     string `json:"side"` // client, freelancer or both
	Status   string `json:"status"`
	Rate     int64  `json:"rate"`
	Currency string `json:"currency"`
	Limit    int64  `json:"limit"` // seconds a week, 0 = none
	Week     int64  `json:"week"`  // seconds of this week
	Over     int64  `json:"over"`  // of these beyond the limit
	Amount   int64  `json:"amount"`
	Total    int64  `json:"total"` // seconds in all
	Spent    int64  `json:"spent"` // minor units in all
	Require  bool   `json:"require"`
	Codes    int64  `json:"codes"` // that can be picked on it
}

// CodeRow is an activity code of one's own list, and the contracts it can be picked on.
type CodeRow struct {
	ID        string   `json:"id"`
	Code      string   `json:"code"`
	About     string   `json:"about"`
	Archived  bool     `json:"archived"`
	Colour    int64    `json:"colour"`
	Seconds   int64    `json:"seconds"`
	Contracts []string `json:"contracts"`
}

// BudgetsView is Reports › Budgets: the contracts, and the list of codes of which one is the client.
type BudgetsView struct {
	Budgets []BudgetRow `json:"budgets"`
	Codes   []CodeRow   `json:"codes"`
	Manage  bool        `json:"manage"` // one is the client of some contract
}

// CodeIn adds, renames, archives or restores a code everywhere. An empty ID makes a new one; it is assigned to Contracts.
type CodeIn struct {
	ID        string   `json:"id"`
	Code      string   `json:"code"`
	About     string   `json:"about"`
	Archived  bool     `json:"archived"`
	Contracts []string `json:"contracts"`
}

// AssignIn lets codes be picked on contracts, or no longer.
type AssignIn struct {
	Codes     []string `json:"codes"`
	Contracts []string `json:"contracts"`
	On        bool     `json:"on"`
}

// TimeExportIn asks for a report as a file: csv with a layout, xlsx, pdf or json.
type TimeExportIn struct {
	Report TimeReportIn `json:"report"`
	Format string       `json:"format"`
	Layout string       `json:"layout"` // of CSV: trestle, toggl, clockify, solidtime or kimai
	Mark   bool         `json:"mark"`   // a byte order mark before CSV
}

// TimeFile is an exported file, whole.
type TimeFile struct {
	Name string `json:"name"`
	Body string `json:"body"` // base64
}

// SavedReport is a report with its filters under a name, kept on this computer.
type SavedReport struct {
	ID     string       `json:"id"`
	Name   string       `json:"name"`
	Use    string       `json:"use"`   // freelancer, activity or everyone
	Range  string       `json:"range"` // week, lastWeek, weeks4, month, lastMonth; "" = the days of Report
	Swap   bool         `json:"swap"`
	Report TimeReportIn `json:"report"`
}

// SavedReports are all of them, by name.
type SavedReports struct {
	List []SavedReport `json:"list"`
}
