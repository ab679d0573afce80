package app

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
