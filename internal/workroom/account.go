package workroom

// Account is what an account knows of itself, in its own scope.
type Account struct {
	Name   string `json:"name"`
	Email  string `json:"email"`
	Joined int64  `json:"joined"` // Unix µs
	// Business marks a Business client (Member.Business).
	Business bool `json:"business,omitempty"`
	// Suspended is the administrator's reason why nothing can be sent from this account now; Warned is their newest warning.
	Suspended *Notice `json:"suspended,omitempty"`
	Warned    *Notice `json:"warned,omitempty"`
	Unknown   `json:"-"`
}

// Grant is the right of the account whose scope it lies in to read one root scope, from a born number on. Gen rises with every new grant
// and every change of what is visible; a device that holds another gen starts the scope anew.
type Grant struct {
	Gen  int64 `json:"gen"`
	Role Role  `json:"role"`
	// FromBorn is the first born number of dated things that it opens. A rule that means "from now" writes FromNow; the service puts in the
	// number that the command itself gets in the root.
	FromBorn int64 `json:"from_born"`
	// Retain lets the account's devices keep what they have of the root as an archive to read once the right is taken away: it is evidence
	// of a contract.
	Retain  bool `json:"retain_on_leave,omitempty"`
	Unknown `json:"-"`
}

// FromNow stands for the number of the command that writes the grant, which a rule does not know.
const FromNow int64 = -1

// Role of an account in a room or contract.
type Role string

// Roles.
const (
	Owner      Role = "owner"
	Admin      Role = "admin"
	Writer     Role = "member"
	Client     Role = "client"
	Freelancer Role = "freelancer"
)

// Marker is how far an account has read a room: the message number N it has read up to, in epoch E of marking. The greater E wins, then
// the greater N, then the greater Head; "mark unread" raises E with a lower N. Head is the room's newest number when the marker was set
// (sync.md §11). Of any number of markers the same one wins in whatever order and however often they meet.
type Marker struct {
	N       int64 `json:"n"`
	E       int64 `json:"e"`
	Head    int64 `json:"h"`
	Unknown `json:"-"`
}

// Later reports whether m wins over o.
func (m *Marker) Later(o *Marker) bool {
	switch {
	case o == nil:
		return true
	case m.E != o.E:
		return m.E > o.E
	case m.N != o.N:
		return m.N > o.N
	}
	return m.Head > o.Head
}

func (*Account) ThingKind() Kind { return KindAccount }
func (*Grant) ThingKind() Kind   { return KindGrant }
func (*Marker) ThingKind() Kind  { return KindMarker }

// grant writes the right of one account to read a root scope: a new gen above the one it had. Contracts are retained by both sides.
func grant(in Rows, out *Changes, who AccountID, root Scope, role Role, fromBorn int64) {
	retainable(in, out, who, root, role, fromBorn, root.Kind() == "k" && root.Part() == "")
}

// retainable is grant for what is evidence whatever its scope: the room of a contract.
func retainable(in Rows, out *Changes, who AccountID, root Scope, role Role, fromBorn int64, retain bool) {
	gen := int64(1)
	if old, k := Get[*Grant](in, Ref{AccountScope(who), KindGrant, string(root)}); k == Held {
		gen = old.Gen + 1
	}
	out.Put(AccountScope(who), string(root), &Grant{Gen: gen, Role: role, FromBorn: fromBorn, Retain: retain})
}

// SetMarker moves the caller's read marker of a room.
type SetMarker struct {
	Room RoomID    `json:"room"`
	N    int64     `json:"n"`
	E    int64     `json:"e"`
	Head int64     `json:"h"`
	Who  AccountID `json:"who"`
}

func (c SetMarker) Op() Op          { return OpSetMarker }
func (c SetMarker) Scopes() []Scope { return []Scope{AccountScope(c.Who)} }
func (c SetMarker) Lane() string    { return "read:" + string(c.Who) }
func (c SetMarker) FoldKey() string { return string(c.Room) }
func (c SetMarker) Wants() []Ref {
	return []Ref{{AccountScope(c.Who), KindMarker, string(c.Room)}}
}
func (c SetMarker) Check() *Refusal {
	if !ValidID(string(c.Room)) || !ValidID(string(c.Who)) || c.N < 0 || c.E < 0 || c.Head < 0 {
		return Refuse(BadInput)
	}
	return nil
}

// Do keeps the later of the two markers, so that the order of arrival does not matter.
func (c SetMarker) Do(a Asked, in Rows, out *Changes) *Refusal {
	if a.By != c.Who {
		return Refuse(NoAccess)
	}
	n := &Marker{N: c.N, E: c.E, Head: c.Head}
	old, k := Get[*Marker](in, c.Wants()[0])
	switch {
	case k == Held && !n.Later(old):
		return nil
	case k == Absent && !another(in, c.Who, KindMarker, maxOwn):
		return Bad("room", "There are %d rooms with a marker, which is the most.", maxOwn)
	}
	out.Put(AccountScope(c.Who), string(c.Room), n)
	return nil
}
