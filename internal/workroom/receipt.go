package workroom

// ReceiptScope holds how far the members of a room have read it, as they tell each other. Who reads the room reads it; it is brought only
// while the room is open on a screen.
func ReceiptScope(r RoomID) Scope { return Scope("rc:" + string(r)) }

// MaxReceipts is up to how many members a room keeps receipts; in a larger one nobody is helped by them.
const MaxReceipts = 50

// Receipt is how far a member has read a room: up to message number N, 0 for untold. It never goes back, because what was read was read,
// except to 0 when the member stops telling. Its id is the account.
type Receipt struct {
	N       int64 `json:"n"`
	Unknown `json:"-"`
}

// ThingKind is KindReceipt.
func (*Receipt) ThingKind() Kind { return KindReceipt }

// SetReceipt tells the other members of a room how far the caller has read it, or with Off that they are not told any more. The caller's own
// marker is another thing (SetMarker) and is never shown to anybody else.
type SetReceipt struct {
	Room RoomID    `json:"room"`
	Who  AccountID `json:"who"`
	N    int64     `json:"n"`
	Off  bool      `json:"off,omitempty"`
}

// Op is OpSetReceipt.
func (c SetReceipt) Op() Op { return OpSetReceipt }

// Scopes are the room, whose members are asked for, and its receipts.
func (c SetReceipt) Scopes() []Scope { return []Scope{RoomScope(c.Room), ReceiptScope(c.Room)} }

// Lane is that of the account's markers.
func (c SetReceipt) Lane() string { return "read:" + string(c.Who) }

// FoldKey is the room: while one waits, only the newest matters.
func (c SetReceipt) FoldKey() string { return string(c.Room) }

// Wants is the caller's membership and present receipt, and the room.
func (c SetReceipt) Wants() []Ref {
	return []Ref{{RoomScope(c.Room), KindMember, string(c.Who)}, {ReceiptScope(c.Room), KindReceipt, string(c.Who)}, {RoomScope(c.Room), KindRoom, string(c.Room)}}
}

// Joined is the further of two, unless the newer takes all back.
func (c SetReceipt) Joined(older Command) Command {
	if o, ok := older.(SetReceipt); ok && !c.Off && !o.Off {
		c.N = max(c.N, o.N)
	}
	return c
}

// Check refuses what names no room, nobody, or no number.
func (c SetReceipt) Check() *Refusal {
	switch {
	case !ValidID(string(c.Room)) || !ValidID(string(c.Who)):
		return Refuse(NoAccess)
	case c.N < 0 || c.N == 0 && !c.Off || c.Off && c.N != 0:
		return Refuse(BadInput)
	}
	return nil
}

// Do keeps the further number. A room with too many members keeps none, and between two of whom one blocked the other none passes (P-24).
func (c SetReceipt) Do(a Asked, in Rows, out *Changes) *Refusal {
	if a.By != c.Who {
		return Refuse(NoAccess)
	}
	if m, k := Get[*Member](in, c.Wants()[0]); k == Absent || k == Held && m.Left != 0 {
		return Refuse(NoAccess)
	}
	was := int64(0)
	if old, k := Get[*Receipt](in, c.Wants()[1]); k == Held {
		was = old.N
	}
	if c.Off && was == 0 || !c.Off && c.N <= was {
		return nil
	}
	if room, k := Get[*Room](in, c.Wants()[2]); !c.Off && (k == Held && room.Shut || c.crowded(in)) {
		return nil
	}
	out.Put(ReceiptScope(c.Room), string(c.Who), &Receipt{N: c.N})
	return nil
}

// crowded reports whether the room has more members than keep receipts.
func (c SetReceipt) crowded(in Rows) bool {
	members, _ := in.All(RoomScope(c.Room), KindMember)
	if len(members) <= MaxReceipts {
		return false
	}
	n := 0
	for _, ref := range members {
		if m, k := Get[*Member](in, ref); k == Held && m.Left == 0 {
			n++
		}
	}
	return n > MaxReceipts
}
