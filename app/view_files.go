package app

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

// FilesIn asks for the files and links of a room.
type FilesIn struct {
	Room   string `json:"room"`
	Words  string `json:"words"`  // that stand in the name, or in the address of a link; "" = any
	Group  string `json:"group"`  // images, documents, media, other, links; "" = all
	Before string `json:"before"` // the id of a file: those that were sent before it; in the group of links, of a message
}

// FilesView is the Files & links panel: newest first.
type FilesView struct {
	Files   []FileRow `json:"files"`
	Links   []LinkRow `json:"links"`
	More    bool      `json:"more"`    // there are more files, here
	Further string    `json:"further"` // the message before which no links were looked for yet, here; "" = none
	Older   bool      `json:"older"`   // there is history at the service that is not here yet
	Loading bool      `json:"loading"` // some of it is being fetched
}

// ShareIn sends staged files as a message of their own. ID is the message's, made by the page.
type ShareIn struct {
	ID    string   `json:"id"`
	Room  string   `json:"room"`
	Files []string `json:"files"`
}

// FileIn names a file of a room.
type FileIn struct {
	Room string `json:"room"`
	File string `json:"file"`
}

// TextView is a text file as it is shown.
type TextView struct {
	Text string `json:"text"`
}

// OpenedFile says how far the opening of a file outside got: opened, or fetching it first.
type OpenedFile struct {
	State string `json:"state"`
}

// ChangedFile is a file that was opened or saved from a room, and then changed on this computer's disk (D-07).
type ChangedFile struct {
	ID       string `json:"id"` // of the copy on the disk
	Room     string `json:"room"`
	RoomName string `json:"roomName"`
	Name     string `json:"name"`
	Path     string `json:"path"`
	At       int64  `json:"at"` // when that was noticed
}

// ChangedFiles are those that are asked about.
type ChangedFiles struct {
	Files []ChangedFile `json:"files"`
	// Polled says that this computer does not tell of changes, so that they are looked for each minute.
	Polled bool `json:"polled"`
}

// SendVersionIn sends a changed file as a new version; Message is the id of the message, made by the page.
type SendVersionIn struct {
	ID      string `json:"id"`
	Message string `json:"message"`
}

// DropFolderRow is a folder whose new files become attachments of a contract's room (D-08).
type DropFolderRow struct {
	Contract string `json:"contract"`
	Title    string `json:"title"`
	Room     string `json:"room"`
	Path     string `json:"path"`  // "" = the contract has none
	Makes    string `json:"makes"` // the folder that is made if the person chooses none
	State    string `json:"state"` // watched, polled or missing; "" for none
}

// DropFolders are the contracts that may have a folder, and those that have one.
type DropFolders struct {
	Folders []DropFolderRow `json:"folders"`
}

// DroppedView is what a drop folder added to the draft of a room. It comes by event "added".
type DroppedView struct {
	Room     string    `json:"room"`
	RoomName string    `json:"roomName"`
	Files    []FileRow `json:"files"`
	Refused  []Refused `json:"refused"`
}
