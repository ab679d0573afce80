package app

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
	Named     bool    `json:"named"` // what is unread names me
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

// LinkRow is a link shared in a room.
type LinkRow struct {
	Message string `json:"message"` // in which it stands
	URL     string `json:"url"`
	Host    string `json:"host"`
	By      string `json:"by"`
	At      int64  `json:"at"`
}
