package app

// OfferView is what the holder of an invitation link sees before accepting.
type OfferView struct {
	Contract   string       `json:"contract"`
	Title      string       `json:"title"`
	About      string       `json:"about"`
	Client     string       `json:"client"`
	Terms      TermsView    `json:"terms"`
	Activities []string     `json:"activities"`
	Email      string       `json:"email"`
	Expires    int64        `json:"expires"`
	Status     string       `json:"status"` // offered, active, refused, expired
	Service    string       `json:"service"`
	Mine       bool         `json:"mine"`    // one's own offer
	Room       string       `json:"room"`    // of the offer, if I am in it: I asked about it, or made it
	Over       string       `json:"over"`    // of a refused one: declined, withdrawn or lapsed
	Rev        int64        `json:"rev"`     // of what is shown, to answer about just that
	Waiting    *AnswerWaits `json:"waiting"` // my answer, while it waits for the service
}

// OfferBar is the offer in its interview room: what either side may do about it, and how it ended.
type OfferBar struct {
	Contract  string       `json:"contract"`
	Status    string       `json:"status"` // offered, expired or refused
	Over      string       `json:"over"`   // of a refused one: declined, withdrawn or lapsed
	Mine      bool         `json:"mine"`   // I made it
	Client    string       `json:"client"` // name
	Asker     string       `json:"asker"`  // name of who asked about it, "" while nobody did
	Terms     TermsView    `json:"terms"`
	Expires   int64        `json:"expires"`   // Unix ms, 0 where it is not known
	Link      string       `json:"link"`      // the invitation's, on the computer where it was made and while nobody used it
	InviteFor string       `json:"inviteFor"` // the address it is meant for
	Rev       int64        `json:"rev"`       // of what is shown, to answer about just that
	Waiting   *AnswerWaits `json:"waiting"`   // my answer, while it waits for the service
}

// AnswerWaits is an answer to an offer that the service has not taken yet. Outbox.Discard takes it back.
type AnswerWaits struct {
	ID   string `json:"id"`
	What string `json:"what"` // ask, accept, decline or withdraw
	Undo bool   `json:"undo"` // it has surely not reached the service
}
