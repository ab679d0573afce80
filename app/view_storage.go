package app

// StorageView is what the Settings page says of the data on this computer.
type StorageView struct {
	Folder  string       `json:"folder"`  // of the account's data
	Backups string       `json:"backups"` // folder of the backups
	Size    int64        `json:"size"`    // of the store, in bytes
	List    []BackupView `json:"list"`    // newest first
	Making  bool         `json:"making"`  // one is being made
}

// BackupView is one backup of the store.
type BackupView struct {
	ID     string `json:"id"` // its file's name
	At     int64  `json:"at"`
	Size   int64  `json:"size"`
	Reason string `json:"reason"` // daily, by-hand, pre (before an update) or part
	Whole  bool   `json:"whole"`  // false: only what cannot be fetched again from the service
}

// RescueView says what became of a damaged store, or of one in whose place a backup was put. It is told until the person has read it.
type RescueView struct {
	At     int64  `json:"at"`
	Where  string `json:"where"`  // folder in which the old files lie
	Backup int64  `json:"backup"` // when the backup was made that took their place; 0 = none, everything is fetched again
	Unsent int64  `json:"unsent"` // of what was not sent, how many are here
	Drafts int64  `json:"drafts"`
	Lost   int64  `json:"lost"`   // rows of what was not sent that could not be read
	Chosen bool   `json:"chosen"` // the person brought the backup back; nothing was damaged
}

// StuckView says why the store cannot be used. It can be exported from all the same.
type StuckView struct {
	Code   string `json:"code"` // newer, other_account, damaged or disk_read_only
	Text   string `json:"text"`
	Folder string `json:"folder"`
}
