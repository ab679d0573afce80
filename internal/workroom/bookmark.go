package workroom

// MaxBookmarks is how many messages an account may keep among its bookmarks.
const MaxBookmarks = 2000

// Bookmark is a message an account wants to find again, in the account's own scope: nobody else ever learns of it (M-28). Its id is the
// message. It says nothing of what the message says: that is read where it stands, edited or deleted as it may be, or no longer at all.
type Bookmark struct {
	Room    RoomID `json:"room"`
	Made    int64  `json:"made"` // Unix µs
	Unknown `json:"-"`
}

// ThingKind is KindBookmark.
func (*Bookmark) ThingKind() Kind { return KindBookmark }

// SetBookmark keeps a message among the caller's bookmarks, or not. It says which of the two is wanted, so that doing it twice is doing it
// once.
type SetBookmark struct {
	Room    RoomID    `json:"room"`
	Message string    `json:"message"`
	Who     AccountID `json:"who"`
	On      bool      `json:"on"`
}

// Op is OpSetBookmark.
func (c SetBookmark) Op() Op { return OpSetBookmark }

// Scopes is the caller's own one.
func (c SetBookmark) Scopes() []Scope { return []Scope{AccountScope(c.Who)} }

// Lane is that of the account's own things.
func (c SetBookmark) Lane() string { return string(AccountScope(c.Who)) }

// FoldKey is the message: of setting it and taking it away while it waits only the last matters.
func (c SetBookmark) FoldKey() string { return c.Message }

// Wants is the bookmark.
func (c SetBookmark) Wants() []Ref { return []Ref{{AccountScope(c.Who), KindBookmark, c.Message}} }

// Check refuses what names nothing.
func (c SetBookmark) Check() *Refusal {
	if !ValidID(string(c.Room)) || !ValidID(c.Message) || !ValidID(string(c.Who)) {
		return Refuse(BadInput)
	}
	return nil
}

// Do sets the one bookmark. Whether the message can be read is not asked: a bookmark opens nothing.
func (c SetBookmark) Do(a Asked, in Rows, out *Changes) *Refusal {
	if a.By != c.Who {
		return Refuse(NoAccess)
	}
	s, ref := AccountScope(c.Who), c.Wants()[0]
	_, k := Get[*Bookmark](in, ref)
	switch {
	case (k == Held) == c.On:
		return nil
	case !c.On:
		out.Remove(ref)
		return nil
	}
	if all, k := in.All(s, KindBookmark); k == Held && len(all) >= MaxBookmarks {
		return Bad("message", "There are %d bookmarks, which is the most. Remove some first.", MaxBookmarks)
	}
	out.Put(s, c.Message, &Bookmark{Room: c.Room, Made: a.At.UnixMicro()})
	return nil
}
