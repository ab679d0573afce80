package workroom

// Block is what stands between an account and another one, whose id it has, in the scope of each of the two: when the owner of the scope
// blocked the other, and when the other blocked them, Unix µs; 0: not. One of the two is enough to keep everything from passing, either
// way (P-24).
type Block struct {
	Mine    int64  `json:"mine,omitempty"`
	Theirs  int64  `json:"theirs,omitempty"`
	Name    string `json:"name,omitempty"` // of the other, for the list of those who are blocked; only with Mine
	Unknown `json:"-"`
}

func (*Block) ThingKind() Kind { return KindBlock }

// Shut reports whether one of the two blocked the other.
func (b *Block) Shut() bool { return b.Mine != 0 || b.Theirs != 0 }

// SetBlock blocks another account, or ends that. It writes down for both what stands between them, and closes or opens their direct room. With
// an active contract between the two the service refuses it (P-23): that is no rule, because no four scopes hold all contracts.
type SetBlock struct {
	Who   AccountID `json:"who"`
	Other AccountID `json:"other"`
	Name  string    `json:"name"` // of the other, as the author's copy has it
	On    bool      `json:"on"`
}

func (c SetBlock) Op() Op            { return OpSetBlock }
func (c SetBlock) Lane() string      { return string(AccountScope(c.Who)) }
func (c SetBlock) FoldKey() string   { return string(c.Other) }
func (c SetBlock) Joins() bool       { return true }
func (c SetBlock) Grants() AccountID { return c.Other }
func (c SetBlock) Scopes() []Scope {
	return []Scope{AccountScope(c.Who), AccountScope(c.Other), RoomScope(DirectID(c.Who, c.Other))}
}
func (c SetBlock) Wants() []Ref {
	room := DirectID(c.Who, c.Other)
	return []Ref{blockRef(c.Who, c.Other), blockRef(c.Other, c.Who), accountRef(c.Other), {RoomScope(room), KindRoom, string(room)}}
}
func (c SetBlock) Check() *Refusal {
	if !ValidID(string(c.Who)) || !ValidID(string(c.Other)) || c.Who == c.Other {
		return Refuse(BadInput)
	}
	return checkName("name", c.Name)
}

// Do writes both rows. One that says nothing any more stays as it is: a tombstone would be there for ever. The name is the one that the author
// says: whoever knows no more than an id is told none.
func (c SetBlock) Do(a Asked, in Rows, out *Changes) *Refusal {
	if a.By != c.Who {
		return Refuse(NoAccess)
	}
	if _, r := accountName(in, c.Other, c.Name); r != nil {
		return r
	}
	var mine, theirs Block
	if b, k := Get[*Block](in, blockRef(c.Who, c.Other)); k == Held {
		mine = *b
	}
	if b, k := Get[*Block](in, blockRef(c.Other, c.Who)); k == Held {
		theirs = *b
	}
	if c.On == (mine.Mine != 0) {
		return nil
	}
	mine.Mine, mine.Name, theirs.Theirs = 0, "", 0
	if c.On {
		at := a.At.UnixMicro()
		mine.Mine, mine.Name, theirs.Theirs = at, c.Name, at
	}
	out.Put(AccountScope(c.Who), string(c.Other), &mine)
	out.Put(AccountScope(c.Other), string(c.Who), &theirs)
	id := DirectID(c.Who, c.Other)
	room, k := Get[*Room](in, Ref{RoomScope(id), KindRoom, string(id)})
	if k == Held && room.Shut != mine.Shut() {
		n := *room
		n.Shut = mine.Shut()
		out.Put(RoomScope(id), string(id), &n)
	}
	return nil
}

// blockRef is what stands between an account and another one, as the first has it.
func blockRef(who, other AccountID) Ref { return Ref{AccountScope(who), KindBlock, string(other)} }

// reachable refuses what one account wants to send another where one of them blocked the other. It reads the other's scope, which only the
// service holds.
func reachable(in Rows, by, who AccountID) *Refusal {
	if b, k := Get[*Block](in, blockRef(who, by)); k == Held && b.Shut() {
		return Refuse(Undeliverable)
	}
	return nil
}
