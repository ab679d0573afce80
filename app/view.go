package app

// This file holds what the screens are given: one struct for each answer, with nothing in it that JavaScript could misread. Ids are
// strings, times Unix milliseconds, lists never null, a pointer is an optional field. frontend/src/bridge/api.ts is generated from it.

// Boot is the first answer a page asks for: who is here, what this computer can do, and what the shell shows around every screen.
type Boot struct {
	Version  string      `json:"version"`
	Account  *Me         `json:"account"` // absent until one of the three ways in was taken
	Caps     Caps        `json:"caps"`
	Settings Settings    `json:"settings"`
	Sync     Sync        `json:"sync"`
	Notices  []string    `json:"notices"` // things to be told once: no tray, no keyring, …
	Rescue   *RescueView `json:"rescue"`  // what became of the store, until it was read
	Stuck    *StuckView  `json:"stuck"`   // why the store cannot be used
}

// Me is the person at this desktop.
type Me struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Email   string `json:"email"`
	Service string `json:"service"` // name or address of the service, or "This computer"
	Way     string `json:"way"`     // service, local or example
}

// Caps says what this face on this computer can do, so that nothing is shown that cannot work.
type Caps struct {
	OS       string `json:"os"`
	Window   bool   `json:"window"`  // a native window, else a browser
	Tray     bool   `json:"tray"`    // a tray host took the icon
	Capture  bool   `json:"capture"` // a display can be captured
	Count    bool   `json:"count"`   // keys, clicks and scrolls can be counted
	CountWhy string `json:"countWhy"`
	Dialogs  bool   `json:"dialogs"` // native file dialogs
	MaxFile  int64  `json:"maxFile"` // bytes
	Invite   bool   `json:"invite"`  // others can reach this service

	CaptureWhy string `json:"captureWhy"` // why no display can be captured, a sentence (R9)
}

// Settings are this computer's own; what Enter does is the account's, once it was chosen.
type Settings struct {
	Theme     string `json:"theme"`     // system, light or dark
	EnterSend bool   `json:"enterSend"` // Enter sends; else Ctrl+Enter does
	RoomList  string `json:"roomList"`  // recent or categories
	Zoom      int64  `json:"zoom"`      // percent, 80 to 200
	Notices   bool   `json:"notices"`   // desktop notices
	HideText  bool   `json:"hideText"`  // notices without content
	Badge     bool   `json:"badge"`     // how much is unread, on the tray and the taskbar
	LastRoom  string `json:"lastRoom"`
	// Folded are the headings of the room list that are folded up.
	Folded []string `json:"folded"`
	// Hotkeys work anywhere in the system.
	Hotkeys HotkeySettings `json:"hotkeys"`
}

// Sync says how far this computer and its service agree.
type Sync struct {
	State   string `json:"state"`   // online, connecting, offline or signedOut
	Settled bool   `json:"settled"` // everything the service has was fetched
	Why     string `json:"why"`     // a sentence when not online
	Waiting int64  `json:"waiting"`
	Message int64  `json:"messages"` // of those, messages
	NotSent int64  `json:"notSent"`
	Held    int64  `json:"held"`   // goes only once something that was not sent, or is asked about, is decided
	Since   int64  `json:"since"`  // when this state began
	TooOld  bool   `json:"tooOld"` // the service takes nothing from this version any more; reading goes on
	Disk    string `json:"disk"`   // a sentence when the disk is full or read-only
}

// RoomRow is one line of the room list.
type RoomRow struct {
	ID        string  `json:"id"`
	Name      string  `json:"name"`
	Kind      string  `json:"kind"` // direct, group, interview or contract
	Contract  string  `json:"contract"`
	Other     string  `json:"other"`   // who else is in it, by name
	Person    string  `json:"person"`  // the account of the only other member, if there is one
	Members   int64   `json:"members"` // how many people are in it
	Role      string  `json:"role"`    // my own
	Preview   string  `json:"preview"`
	By        string  `json:"by"` // whose line the preview is; "" = mine
	Mine      bool    `json:"mine"`
	At        int64   `json:"at"`
	Unread    int64   `json:"unread"`
	Heard     bool    `json:"heard"` // somebody else wrote in it: it can be marked as unread
	Favourite bool    `json:"favourite"`
	Hidden    bool    `json:"hidden"` // put aside by me; the searches find it
	Level     string  `json:"level"`  // what I am told of: all, mentions or none
	Draft     string  `json:"draft"`
	Failed    bool    `json:"failed"`   // what the preview shows was refused
	Unsent    bool    `json:"unsent"`   // something else of the room was
	Archived  bool    `json:"archived"` // it can be read, not written in
	May       MayView `json:"may"`      // what I may do there
}

// RoomList is the sidebar.
type RoomList struct {
	Rooms  []RoomRow `json:"rooms"`
	Unread int64     `json:"unread"`
}

// Person is a member of a room.
type Person struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Role string `json:"role"`
	Me   bool   `json:"me"`
	Left bool   `json:"left"` // no longer in the room; only where names of the past are needed

	Business bool `json:"business"` // a Business client, marked by the service's administrator
}

// RoomView is a room as its page shows it, with the newest window of messages.
type RoomView struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Kind      string   `json:"kind"`
	Contract  string   `json:"contract"`
	Status    string   `json:"status"` // of the contract
	Favourite bool     `json:"favourite"`
	Archived  bool     `json:"archived"`
	People    []Person `json:"people"`
	May       MayView  `json:"may"`
	Made      int64    `json:"made"`
	MadeBy    string   `json:"madeBy"` // who made it, by name; "" where that is not known
	Draft     Draft    `json:"draft"`
	Unread    int64    `json:"unread"`
	FirstNew  string   `json:"firstNew"` // id of the first unread message that is here
	Window    Window   `json:"window"`
	// Offer is the offer of an interview room, absent in other rooms and for those who are no side of it.
	Offer *OfferBar `json:"offer"`
	// DeleteWithin is how long after it was sent one's own message may be deleted, in ms; 0: any time.
	DeleteWithin int64 `json:"deleteWithin"`
}

// Window is a run of messages, oldest first. More says that older ones exist; Loading that they are being fetched.
type Window struct {
	Room     string       `json:"room"`
	Messages []MessageRow `json:"messages"`
	More     bool         `json:"more"`
	Loading  bool         `json:"loading"`
	AtEnd    bool         `json:"atEnd"` // no newer ones follow
	Last     int64        `json:"last"`  // number of the room's newest message, as far as this computer knows
}

// MessageRow is one message.
type MessageRow struct {
	ID     string    `json:"id"`
	Author string    `json:"author"`
	Name   string    `json:"name"`
	Role   string    `json:"role"`
	Mine   bool      `json:"mine"`
	HTML   string    `json:"html"` // made safe by the markup package
	Text   string    `json:"text"` // as written, for Copy and Edit
	At     int64     `json:"at"`
	Num    int64     `json:"num"`   // 0 while waiting
	State  string    `json:"state"` // sent, waiting, sending, failed, or unknown: of a newer version
	Again  bool      `json:"again"` // the service lost it in a restore, and this computer brought it back
	Code   string    `json:"code"`
	Reason string    `json:"reason"` // a sentence when failed, or when the service put it off
	Retry  bool      `json:"retry"`  // it failed, and sending it again can help
	Files  []FileRow `json:"files"`

	Edited     int64         `json:"edited"`     // when its words were last changed, 0: never
	Deleted    int64         `json:"deleted"`    // when its author took it away: nothing of it is left
	Removed    bool          `json:"removed"`    // with Deleted: the service's administrator took it away, not its author
	Bookmarked bool          `json:"bookmarked"` // it is among my bookmarks
	Auto       bool          `json:"auto"`       // the service wrote it for somebody who is away
	Changing   bool          `json:"changing"`   // the service has the message, and a change of it waits
	Unsaved    *UnsavedRow   `json:"unsaved"`    // the newest change of it that was refused; absent: none
	Reply      *QuoteRow     `json:"reply"`
	Reactions  []ReactionRow `json:"reactions"`

	Contact string `json:"contact"` // why its author says it holds contact details: legal, access, portfolio or not_contact
	Hint    string `json:"hint"`    // what its reader should know: asks, pays
}

// FileRow is a file in a message, a draft or the files panel.
type FileRow struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Size    int64  `json:"size"`
	Type    string `json:"type"`
	Picture bool   `json:"picture"` // a picture of which a thumbnail can be shown
	W       int64  `json:"w"`
	H       int64  `json:"h"`
	By      string `json:"by"`
	At      int64  `json:"at"`
	Sent    int64  `json:"sent"`   // bytes uploaded so far
	State   string `json:"state"`  // here, remote, uploading, fetching or failed
	Reason  string `json:"reason"` // a sentence when failed
	Room    string `json:"room"`
	Kind    string `json:"kind"`    // picture, text, pdf, document, audio, video, archive, page, program or other
	Program bool   `json:"program"` // opening it could run it
	Message string `json:"message"` // the message it stands in, in the files panel
	// Deleted is when somebody took its bytes away, and DeletedBy who; CanDelete that this account may.
	Deleted   int64  `json:"deleted"`
	DeletedBy string `json:"deletedBy"`
	CanDelete bool   `json:"canDelete"`
	// Was is what a file was called that is taken in under another name, because other systems could not keep its own.
	Was string `json:"was,omitempty"`
}

// LinkRow is a link shared in a room.
type LinkRow struct {
	Message string `json:"message"` // in which it stands
	URL     string `json:"url"`
	Host    string `json:"host"`
	By      string `json:"by"`
	At      int64  `json:"at"`
}

// Draft is what stands in the box of one room. Cursors count as JavaScript does; mentions are as they are stored.
type Draft struct {
	Text   string     `json:"text"`
	Cursor int64      `json:"cursor"`
	Files  []FileRow  `json:"files"`
	Reply  *QuoteRow  `json:"reply"` // the message that is answered
	Edit   *DraftEdit `json:"edit"`  // the message that is being edited, while the rest waits
}

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

// ContractRow is one line of Your contracts.
type ContractRow struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Status   string `json:"status"` // offered, waiting, active, paused, refused, ended
	Side     string `json:"side"`   // client, freelancer or both
	Other    string `json:"other"`
	Room     string `json:"room"`
	Seconds  int64  `json:"seconds"` // this week
	Limit    int64  `json:"limit"`
	Tracking bool   `json:"tracking"`
	Unread   int64  `json:"unread"`
}

// ContractList is the sidebar of Work.
type ContractList struct {
	Contracts []ContractRow `json:"contracts"`
}

// ActivityRow is an activity code of a contract.
type ActivityRow struct {
	ID       string `json:"id"`
	Code     string `json:"code"`
	About    string `json:"about"`
	Archived bool   `json:"archived"`
	Seconds  int64  `json:"seconds"` // tracked under it in all
	Colour   int64  `json:"colour"`  // 1 to 7, stays the same everywhere
}

// ContractView is a workroom's Overview and Details.
type ContractView struct {
	Row        ContractRow   `json:"row"`
	About      string        `json:"about"`
	Client     string        `json:"client"`
	Freelancer string        `json:"freelancer"`
	Terms      TermsView     `json:"terms"`
	Activities []ActivityRow `json:"activities"`
	Made       int64         `json:"made"`
	Started    int64         `json:"started"`
	Invitation string        `json:"invitation"` // the link, for the client while offered, if made on this computer
	InviteFor  string        `json:"inviteFor"`  // e-mail address it is meant for
	Over       string        `json:"over"`       // of a refused offer: declined, withdrawn or lapsed
	Asker      string        `json:"asker"`      // name of who asked about the offer, "" while nobody did
	Week       WeekView      `json:"week"`       // the present one
	Today      []CellView    `json:"today"`      // the newest segments of the diary, at most 4
	Files      []FileRow     `json:"files"`      // newest 10
	People     []Person      `json:"people"`
	Waiting    string        `json:"waiting"` // what waits for the service, as a sentence
	TermsMay   TermsMay      `json:"termsMay"`
	Pending    []TurnRow     `json:"pending"` // what does not count yet: it waits for the service, or for its Monday
	Turns      []TurnRow     `json:"turns"`   // who changed what, newest first (W-29)
	Since      int64         `json:"since"`   // Unix ms; paused or ended since then, else 0
}

// OfferView is what the holder of an invitation link sees before accepting.
type OfferView struct {
	Contract   string    `json:"contract"`
	Title      string    `json:"title"`
	About      string    `json:"about"`
	Client     string    `json:"client"`
	Terms      TermsView `json:"terms"`
	Activities []string  `json:"activities"`
	Email      string    `json:"email"`
	Expires    int64     `json:"expires"`
	Status     string    `json:"status"` // offered, active, refused, expired
	Service    string    `json:"service"`
	Mine       bool      `json:"mine"` // one's own offer
	Room       string    `json:"room"` // of the offer, if I am in it: I asked about it, or made it
	Over       string    `json:"over"` // of a refused one: declined, withdrawn or lapsed
	Rev        int64     `json:"rev"`  // of what is shown, to answer about just that
}

// OfferBar is the offer in its interview room: what either side may do about it, and how it ended.
type OfferBar struct {
	Contract  string    `json:"contract"`
	Status    string    `json:"status"` // offered, expired or refused
	Over      string    `json:"over"`   // of a refused one: declined, withdrawn or lapsed
	Mine      bool      `json:"mine"`   // I made it
	Client    string    `json:"client"` // name
	Asker     string    `json:"asker"`  // name of who asked about it, "" while nobody did
	Terms     TermsView `json:"terms"`
	Expires   int64     `json:"expires"`   // Unix ms, 0 where it is not known
	Link      string    `json:"link"`      // the invitation's, on the computer where it was made and while nobody used it
	InviteFor string    `json:"inviteFor"` // the address it is meant for
	Rev       int64     `json:"rev"`       // of what is shown, to answer about just that
	Waiting   bool      `json:"waiting"`   // my answer waits for the service
}

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
	Level    int64  `json:"level"` // percent; -1 = not measured
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
	Gone     int64        `json:"gone"`  // since when its pictures or counts are not kept any more, 0 while they are
	Looks    int64        `json:"looks"` // how often its pictures were looked at: for the freelancer by others, else by oneself
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

// DisplayView is one captured display.
type DisplayView struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	File  string `json:"file"` // for /file/ID
	W     int64  `json:"w"`
	H     int64  `json:"h"`
	Scale int64  `json:"scale"` // percent
}

// CaptureView is a frozen picture with its marks. Doc is the document of the annotator as JSON text.
type CaptureView struct {
	ID       string        `json:"id"`
	Room     string        `json:"room"`
	File     string        `json:"file"`
	Doc      string        `json:"doc"`
	Taken    int64         `json:"taken"`
	Displays []DisplayView `json:"displays"`
	Rooms    []RoomRow     `json:"rooms"`
}
