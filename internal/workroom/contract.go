package workroom

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
	"unicode/utf8"
)

// Status of a contract.
type Status string

// Statuses, and the arrows between them:
//
//	offered ──accept──► active ──pause──► paused
//	   │                  │   ◄──resume──    │
//	   │                  └──────end─────────┴──► ended
//	   └────decline, withdraw, lapse───► refused (Over says which)
const (
	Offered Status = "offered"
	Active  Status = "active"
	Paused  Status = "paused"
	Refused Status = "refused"
	Ended   Status = "ended"
)

// ShotPolicy says what the work diary keeps of the screen. Nothing is preset: the client chooses in the offer, the freelancer sees it
// before accepting and before each start.
type ShotPolicy string

// Policies of screenshots.
const (
	ShotsNone    ShotPolicy = "none"
	ShotsBlurred ShotPolicy = "blurred"
	ShotsFull    ShotPolicy = "full"
)

// Terms of an hourly contract. Money is in minor units of the currency.
type Terms struct {
	Rate            int64      `json:"rate"`     // minor units an hour
	Currency        string     `json:"currency"` // ISO 4217
	Limit           int64      `json:"limit"`    // seconds a week; counts only if not Unlimited
	Unlimited       bool       `json:"unlimited,omitempty"`
	RequireActivity bool       `json:"require_activity,omitempty"`
	Shots           ShotPolicy `json:"shots"`
	IdleMinutes     int        `json:"idle_minutes"` // 3 to 30
	// Manual lets the freelancer write time in by hand (T-14, W-25). Switching it off later keeps what was written in.
	Manual bool `json:"manual,omitempty"`
	// Segments bills by whole ten-minute segments instead of exact seconds (T-19).
	Segments bool `json:"segments,omitempty"`
	// KeepDays is how many days after its week pictures and input counts are kept, ReviewDays how many days after its end a week may be
	// reviewed; 0 means DefaultKeep and DefaultReview. Keep and Review answer them.
	KeepDays   int `json:"keep_days,omitempty"`
	ReviewDays int `json:"review_days,omitempty"`

	// Of the terms of a week whose limit was lowered in it (History.Of), not stored: since when, Unix, and to how much. Limit is what was within
	// it then, of which LimitOf says how much stands.
	Lowered int64 `json:"-"`
	Least   int64 `json:"-"` // seconds
}

// Contract is an hourly agreement between a client and a freelancer. Freelancer is empty until somebody accepts. A contract kept for
// oneself has the same account on both sides.
type Contract struct {
	Title          string    `json:"title"`
	About          string    `json:"about,omitempty"`
	Status         Status    `json:"status"`
	Client         AccountID `json:"client"`
	ClientName     string    `json:"client_name"`
	Freelancer     AccountID `json:"freelancer,omitempty"`
	FreelancerName string    `json:"freelancer_name,omitempty"`
	Room           RoomID    `json:"room"`
	Terms          Terms     `json:"terms"`
	Made           int64     `json:"made"`              // Unix µs
	Started        int64     `json:"started,omitempty"` // Unix µs
	Ended          int64     `json:"ended,omitempty"`   // Unix µs
	// Contact is the reason its author named for contact details in the offer.
	Contact ContactReason `json:"contact,omitempty"`
	// Asker is who came into the interview room to ask about the offer; nobody else may answer it from then on. It is no side of a contract:
	// Freelancer stays empty until they accept.
	Asker     AccountID `json:"asker,omitempty"`
	AskerName string    `json:"asker_name,omitempty"`
	// Expires is until when the offer may be answered, Unix µs; offers of the first versions say it in their invitation alone.
	Expires int64 `json:"expires,omitempty"`
	// Over says of a refused offer how it came to its end; those of the first versions were declined and do not say.
	Over    OfferEnd `json:"over,omitempty"`
	Unknown `json:"-"`
}

// Invitation is the other end of a link: its id is the hex SHA-256 of the link's secret, so that nobody who reads the store can use it.
type Invitation struct {
	Email   string    `json:"email,omitempty"` // lower case; empty = whoever holds the link
	Expires int64     `json:"expires"`         // Unix µs
	Used    AccountID `json:"used,omitempty"`
	Unknown `json:"-"`
}

// WeekMark tells readers of a contract that the diary of a week changed: Seq is that of the diary scope, filled in by the store.
type WeekMark struct {
	Seq     int64 `json:"seq"`
	Unknown `json:"-"`
}

func (*Contract) ThingKind() Kind   { return KindContract }
func (*Invitation) ThingKind() Kind { return KindInvitation }
func (*WeekMark) ThingKind() Kind   { return KindWeek }

// InvitationLife is how long an invitation link works.
const InvitationLife = 14 * 24 * time.Hour

// InvitationID is the id under which an invitation with this secret is kept.
func InvitationID(secret string) string {
	h := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(h[:])
}

// validInvitation reports whether a text is what InvitationID answers: 64 lower-case hex digits.
func validInvitation(id string) bool {
	return len(id) == 64 && strings.Trim(id, "0123456789abcdef") == ""
}

// Settler is a command that can tell from the rows that what it asks for is so already. Of one whose answer was lost with the service's
// history, the person need not be asked again.
type Settler interface{ Settled(Asked, Rows) bool }

// CreateContract offers an hourly contract: the contract, its activities, its room and the invitation in one act. The command's id becomes
// the contract's. With Self the author is both sides and the contract starts at once.
type CreateContract struct {
	Contract   ContractID    `json:"contract"` // the command's own id
	Who        AccountID     `json:"who"`
	Name       string        `json:"name"` // the author's; on the service their account's own row counts
	Room       RoomID        `json:"room"`
	Title      string        `json:"title"`
	About      string        `json:"about,omitempty"`
	Terms      Terms         `json:"terms"`
	Activities []NewActivity `json:"activities,omitempty"`
	Invitation string        `json:"invitation,omitempty"` // hex SHA-256 of the link's secret
	Email      string        `json:"email,omitempty"`
	Self       bool          `json:"self,omitempty"`
	Composed   int64         `json:"composed_at,omitempty"` // as SendMessage's
	Contact    ContactReason `json:"contact,omitempty"`     // why the offer holds contact details, if it does
}

// ComposedAt is the command with the moment it was given, unless it carries one already.
func (c CreateContract) ComposedAt(us int64) Command {
	if c.Composed == 0 {
		c.Composed = us
	}
	return c
}

func (c CreateContract) Op() Op { return OpCreateContract }
func (c CreateContract) Scopes() []Scope {
	return []Scope{AccountScope(c.Who), ContractScope(c.Contract), ClientScope(c.Contract), RoomScope(c.Room)}
}
func (c CreateContract) Lane() string  { return string(ContractScope(c.Contract)) }
func (c CreateContract) Wants() []Ref  { return []Ref{accountRef(c.Who)} }
func (c CreateContract) Space() string { return string(c.Contract) }

func (c CreateContract) Check() *Refusal {
	switch {
	case !ValidID(string(c.Contract)) || !ValidID(string(c.Who)) || !ValidID(string(c.Room)) || c.Room.Direct():
		return Refuse(BadInput)
	case c.Title == "" || Blank(c.Title):
		return Bad("title", "Give the contract a title.")
	case checkLabel("title", "title", c.Title, MaxTitle) != nil:
		return checkLabel("title", "title", c.Title, MaxTitle)
	case c.Name == "" || c.Name != SafeLabel(c.Name, MaxName):
		return Bad("name", "The name has 1 to %d characters.", MaxName)
	case utf8.RuneCountInString(c.About) > MaxMessage:
		return Bad("about", "The description has at most %d characters.", MaxMessage)
	case !c.Self && !validInvitation(c.Invitation) || c.Self && c.Invitation != "":
		return Bad("invitation", "An offer needs an invitation, named by its SHA-256.")
	case c.Email != "" && !PlausibleEmail(c.Email):
		return Bad("email", "This is not an e-mail address.")
	case len(c.Activities) > 200:
		return Bad("activities", "A contract has at most 200 activities.")
	}
	if r := c.Terms.check(); r != nil {
		return r
	}
	if r := c.Contact.check(); r != nil {
		return r
	}
	seen := map[string]bool{}
	for _, n := range c.Activities {
		if r := checkCode(n.Code, n.About); r != nil {
			return r
		}
		if !ValidID(string(n.ID)) || seen[Skeleton(n.Code)] {
			return Refuse(CodeTaken).on("activities")
		}
		seen[Skeleton(n.Code)] = true
	}
	return nil
}

func (t Terms) check() *Refusal {
	switch {
	case t.Rate <= 0 || t.Rate > 1_000_000_00:
		return Bad("rate", "The hourly rate must be more than 0 and at most 1,000,000.")
	case len(t.Currency) != 3 || strings.ToUpper(t.Currency) != t.Currency:
		return Bad("currency", "The currency is three capital letters, such as EUR.")
	case !t.Unlimited && (t.Limit < 600 || t.Limit > 168*3600):
		return Bad("limit", "The weekly limit lies between 10 minutes and 168 hours, or there is none.")
	case t.IdleMinutes < 3 || t.IdleMinutes > 30:
		return Bad("idle_minutes", "Idle time lies between 3 and 30 minutes.")
	case t.KeepDays != 0 && (t.KeepDays < minKeep || t.KeepDays > maxKeep):
		return Bad("keep_days", "Pictures are kept for %d to %d days.", minKeep, maxKeep)
	case t.ReviewDays < 0 || t.ReviewDays > maxReview:
		return Bad("review_days", "A review takes 1 to %d days.", maxReview)
	}
	switch t.Shots {
	case ShotsNone, ShotsBlurred, ShotsFull:
		return nil
	}
	return Bad("shots", "Choose whether the diary keeps no, blurred or full screenshots.")
}

// Do writes contract, activities, room, own membership, own grants and the invitation.
func (c CreateContract) Do(a Asked, in Rows, out *Changes) *Refusal {
	if a.By != c.Who || string(c.Contract) != a.ID {
		return Refuse(NoAccess)
	}
	k, r := ContractScope(c.Contract), RoomScope(c.Room)
	if _, known := in.Row(Ref{r, KindRoom, string(c.Room)}); known == Held {
		return Refuse(NoAccess)
	}
	at, name := a.given().UnixMicro(), signed(in, c.Who, c.Name)
	n := &Contract{Title: c.Title, About: c.About, Status: Offered, Client: c.Who, ClientName: name, Room: c.Room, Terms: c.Terms, Made: at, Contact: c.Contact}
	room := &Room{Kind: InterviewRoom, Name: c.Title, Contract: c.Contract, Made: at, By: c.Who}
	if c.Self {
		n.Status, n.Freelancer, n.FreelancerName, n.Started = Active, c.Who, name, at
		room.Kind = ContractRoom
	} else {
		n.Expires = a.given().Add(InvitationLife).UnixMicro()
		out.Put(ClientScope(c.Contract), c.Invitation, &Invitation{Email: strings.ToLower(c.Email), Expires: n.Expires})
	}
	out.Put(k, string(c.Contract), n)
	for _, x := range c.Activities {
		out.Put(k, string(x.ID), &Activity{Code: x.Code, About: x.About, Made: at})
		if team := (teamCodes{in, c.Who}); team.has(x.ID) == Absent {
			switch o := team.alike(x.Code, x.ID, true); {
			case o == nil:
				out.Put(AccountScope(c.Who), string(x.ID), &ActivityCode{Code: x.Code, About: x.About, Made: at})
			case foldCode(o.Code) != foldCode(x.Code):
				return taken(o.Code, o.Archived != 0).on("activities")
			}
		}
	}
	out.Put(r, string(c.Room), room)
	out.Put(r, string(c.Who), &Member{Name: name, Role: Client, Since: at})
	grant(in, out, c.Who, k, Client, 0)
	grant(in, out, c.Who, ClientScope(c.Contract), Client, 0)
	retainable(in, out, c.Who, r, Client, 0, true)
	return nil
}

// PlausibleEmail reports whether a text can be an e-mail address: one @ between non-empty sides, no spaces or controls, at most 254 bytes.
func PlausibleEmail(s string) bool {
	at := strings.IndexByte(s, '@')
	if at < 1 || at == len(s)-1 || len(s) > 254 || strings.Count(s, "@") != 1 {
		return false
	}
	for _, r := range s {
		if r <= 0x20 || r == 0x7f || strings.ContainsRune(`<>()[]\,;:"`, r) {
			return false
		}
	}
	return true
}
