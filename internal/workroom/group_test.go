package workroom

import (
	"strings"
	"testing"
	"time"
)

const hall RoomID = "hall"

// people of the tests below beside client and freelancer, who know each other by their contract room.
const (
	boss  AccountID = cli
	aide  AccountID = "aide"  // admin
	plain AccountID = free    // member
	guest AccountID = "guest" // known to the owner, not in the hall
	out   AccountID = odd     // knows nobody
)

// hallOf is an active contract between boss and plain, a room in which boss knows aide and guest too, and a group room with an owner, an admin
// and a member.
func hallOf(t testing.TB) *table {
	t.Helper()
	x := active(t)
	for _, who := range []AccountID{aide, guest} {
		x.rows[Ref{AccountScope(who), KindAccount, string(who)}] = &Account{Name: "Name of " + string(who)}
	}
	lobby := RoomScope("lobby")
	x.rows[Ref{lobby, KindRoom, "lobby"}] = &Room{Kind: GroupRoom, Name: "Lobby"}
	for _, who := range []AccountID{boss, aide, guest, plain} {
		x.rows[Ref{lobby, KindMember, string(who)}] = &Member{Name: string(who), Role: Writer}
	}
	for i, c := range []struct {
		by AccountID
		do Command
	}{
		{boss, CreateRoom{Room: hall, Who: boss, Name: "Hall", As: "Mara"}},
		{boss, AddMember{Room: hall, Who: aide, Name: "Aide", Via: "lobby"}},
		{boss, AddMember{Room: hall, Who: plain, Name: "Esme", Via: raum, Whole: true}},
		{boss, SetRole{Room: hall, Who: aide, Role: Admin}},
	} {
		wantCode(t, string(c.do.Op()), x.do(t, c.by, "h"+string(rune('a'+i)), noon, c.do), "")
	}
	return x
}

func (t *table) member(who AccountID) *Member {
	m, _ := t.rows[Ref{RoomScope(hall), KindMember, string(who)}].(*Member)
	return m
}

func (t *table) right(who AccountID) *Grant {
	g, _ := t.rows[Ref{AccountScope(who), KindGrant, string(RoomScope(hall))}].(*Grant)
	return g
}

// M-04, M-05, M-06: who makes a room owns it; people come with their own names and a right of their own.
func TestM04_AGroupRoomIsMade(t *testing.T) {
	x := hallOf(t)
	room := x.rows[Ref{RoomScope(hall), KindRoom, string(hall)}].(*Room)
	if room.Kind != GroupRoom || room.Name != "Hall" || room.By != boss {
		t.Errorf("the room is %+v", room)
	}
	for who, want := range map[AccountID]struct {
		name string
		role Role
		from int64
		all  bool // what was written before they came is open to them
	}{boss: {"client", Owner, 0, false}, aide: {"Name of aide", Admin, FromNow, false}, plain: {"freelancer", Writer, 0, true}} {
		m, g := x.member(who), x.right(who)
		if m == nil || g == nil || m.Name != want.name || m.Role != want.role || g.FromBorn != want.from || g.Retain {
			t.Errorf("%s: %+v, %+v", who, m, g)
			continue
		}
		if from := m.ReadsFrom(); from != 0 == want.all || !want.all && from != m.Since {
			t.Errorf("%s reads from %d: %+v", who, from, m)
		}
	}
	if from := (&Member{Role: Freelancer, Since: 7}).ReadsFrom(); from != 0 {
		t.Errorf("a side of a contract reads from %d", from)
	}
	wantCode(t, "made twice", x.do(t, boss, "again", noon, CreateRoom{Room: hall, Who: boss, Name: "Other", As: "Mara"}), NoAccess)
}

// Roles: each step with who may and who may not (M-05 to M-08).
func TestM05_RolesStepByStep(t *testing.T) {
	steps := []struct {
		what               string
		do                 func(by AccountID) Command
		owner, admin, plai Code // "" = allowed
	}{
		{"rename", func(AccountID) Command { return RenameRoom{Room: hall, Name: "Kitchen"} }, "", "", LeadersOnly},
		{"archive", func(AccountID) Command { return ArchiveRoom{Room: hall, Archived: true} }, "", "", LeadersOnly},
		{"add", func(AccountID) Command { return AddMember{Room: hall, Who: guest, Name: "Guest", Via: "lobby"} }, "", "", LeadersOnly},
		{"remove a member", func(by AccountID) Command {
			if by == plain {
				return RemoveMember{Room: hall, Who: aide}
			}
			return RemoveMember{Room: hall, Who: plain}
		}, "", "", LeadersOnly},
		{"make an admin", func(by AccountID) Command {
			if by == plain {
				return SetRole{Room: hall, Who: aide, Role: Writer}
			}
			return SetRole{Room: hall, Who: plain, Role: Admin}
		}, "", OwnerOnly, OwnerOnly},
		{"hand over", func(by AccountID) Command {
			if by == aide {
				return HandOver{Room: hall, Who: plain}
			}
			return HandOver{Room: hall, Who: aide}
		}, "", OwnerOnly, OwnerOnly},
		{"remove the owner", func(AccountID) Command { return RemoveMember{Room: hall, Who: boss} }, BadInput, OwnerOnly, LeadersOnly},
		{"make the owner a member", func(AccountID) Command { return SetRole{Room: hall, Who: boss, Role: Writer} }, BadInput, OwnerOnly, OwnerOnly},
		{"leave", func(by AccountID) Command { return LeaveRoom{Room: hall, Who: by} }, OwnerStays, "", ""},
		{"make another leave", func(by AccountID) Command {
			if by == aide {
				return LeaveRoom{Room: hall, Who: plain}
			}
			return LeaveRoom{Room: hall, Who: aide}
		}, NoAccess, NoAccess, NoAccess},
	}
	for _, s := range steps {
		for by, want := range map[AccountID]Code{boss: s.owner, aide: s.admin, plain: s.plai, guest: NoAccess, out: NoAccess} {
			wantCode(t, s.what+" by "+string(by), hallOf(t).do(t, by, "x", noon, s.do(by)), want)
		}
	}
	x := hallOf(t)
	wantCode(t, "a second admin", x.do(t, boss, "1", noon, SetRole{Room: hall, Who: plain, Role: Admin}), "")
	wantCode(t, "an admin removes an admin", x.do(t, aide, "2", noon, RemoveMember{Room: hall, Who: plain}), OwnerOnly)
	wantCode(t, "the owner removes an admin", x.do(t, boss, "3", noon, RemoveMember{Room: hall, Who: plain}), "")
	wantCode(t, "an invented role", x.do(t, boss, "4", noon, SetRole{Room: hall, Who: aide, Role: Owner}), BadInput)
	wantCode(t, "hand over", x.do(t, boss, "5", noon, HandOver{Room: hall, Who: aide}), "")
	if x.member(aide).Role != Owner || x.member(boss).Role != Admin {
		t.Errorf("after handing over: %+v, %+v", x.member(aide), x.member(boss))
	}
	wantCode(t, "and leave", x.do(t, boss, "6", noon, LeaveRoom{Room: hall, Who: boss}), "")
	wantCode(t, "hand over to one who left", x.do(t, aide, "7", noon, HandOver{Room: hall, Who: boss}), Gone)
	wantCode(t, "a role for one who left", x.do(t, aide, "8", noon, SetRole{Room: hall, Who: boss, Role: Admin}), Gone)
}

// M-07: with the member goes the right to read, in the same step; the name stays with what they wrote, and they may be let in again.
func TestM07_RemovedAndLetInAgain(t *testing.T) {
	x := hallOf(t)
	wantCode(t, "written", x.do(t, plain, "m", noon, SendMessage{Room: hall, Text: "hello"}), "")
	wantCode(t, "removed", x.do(t, boss, "r", noon.Add(time.Minute), RemoveMember{Room: hall, Who: plain}), "")
	if m := x.member(plain); m == nil || m.Left == 0 || m.Name != "freelancer" || m.Role != Writer || x.right(plain) != nil {
		t.Errorf("after: %+v, %+v", m, x.right(plain))
	}
	for what, c := range map[string]Command{
		"write": SendMessage{Room: hall, Text: "still here?"}, "edit": EditMessage{Room: hall, Message: "m", Text: "x"}, "leave": LeaveRoom{Room: hall, Who: plain},
		"react": React{Room: hall, Message: "m", Emoji: "👍", On: true}, "add": AddMember{Room: hall, Who: guest, Name: "G", Via: "lobby"},
	} {
		wantCode(t, what, x.do(t, plain, "n"+what, noon, c), NoAccess)
	}
	wantCode(t, "removed twice", x.do(t, boss, "r2", noon, RemoveMember{Room: hall, Who: plain}), "")
	wantCode(t, "let in again", x.do(t, aide, "a", noon, AddMember{Room: hall, Who: plain, Name: "Esme", Via: "lobby"}), "")
	if m := x.member(plain); m.Left != 0 || x.right(plain) == nil {
		t.Errorf("let in again: %+v, %+v", m, x.right(plain))
	}
	was := *x.right(plain)
	wantCode(t, "added while there", x.do(t, boss, "b", noon, AddMember{Room: hall, Who: plain, Name: "Esme", Via: "lobby", Whole: true}), "")
	if g := x.right(plain); g.Gen != was.Gen || g.FromBorn != was.FromBorn {
		t.Errorf("adding somebody who is there changed %+v into %+v", was, g)
	}
}

// M-06: only people one shares a room with now; nobody else, whatever the command says.
func TestM06_WhoMayBeAdded(t *testing.T) {
	add := func(who AccountID, via RoomID) AddMember { return AddMember{Room: hall, Who: who, Name: "N", Via: via} }
	for what, c := range map[string]struct {
		do   AddMember
		want Code
	}{
		"known from the lobby":         {add(guest, "lobby"), ""},
		"not in the room named":        {add(guest, raum), NotKnown},
		"a stranger":                   {add(out, "lobby"), NotKnown},
		"an account that is not":       {add("nobody", "lobby"), NotKnown},
		"a room that is not":           {add(guest, "nowhere"), NotKnown},
		"by the room itself":           {add(guest, hall), NotKnown},
		"who is in it, by itself":      {add(plain, hall), ""},
		"a name with a line break":     {AddMember{Room: hall, Who: guest, Name: "a\nb", Via: "lobby"}, BadInput},
		"an id that is none":           {add("a b", "lobby"), BadInput},
		"a direction in the room's id": {add(guest, "r:x"), BadInput},
	} {
		wantCode(t, what, hallOf(t).do(t, boss, "x", noon, c.do), c.want)
	}
	x := hallOf(t)
	x.rows[Ref{RoomScope("lobby"), KindMember, string(guest)}] = &Member{Name: "guest", Role: Writer, Left: 1}
	wantCode(t, "no longer in the lobby", x.do(t, boss, "x", noon, add(guest, "lobby")), NotKnown)

	x = hallOf(t)
	wantCode(t, "leave", x.do(t, plain, "l", noon, LeaveRoom{Room: hall, Who: plain}), "")
	wantCode(t, "who left, by the room they left", x.do(t, boss, "x", noon, add(plain, hall)), NotKnown)

	x = hallOf(t)
	x.unheld[AccountScope(guest)] = true
	wantCode(t, "on a desktop", x.do(t, boss, "x", noon, add(guest, "lobby")), "")
	if m := x.member(guest); m.Name != "N" {
		t.Errorf("on a desktop they are called %q", m.Name)
	}
	x = hallOf(t)
	for i := range MaxMembers - 3 {
		x.rows[Ref{RoomScope(hall), KindMember, "p" + strings.Repeat("x", i%30) + string(rune('a'+i%26)) + time.Duration(i).String()}] = &Member{Role: Writer}
	}
	wantCode(t, "a full room", x.do(t, boss, "x", noon, add(guest, "lobby")), RoomFull)
	x.rows[Ref{RoomScope(hall), KindMember, string(guest)}] = &Member{Name: "G", Role: Writer, Left: 5}
	wantCode(t, "who left it has their place still", x.do(t, boss, "y", noon, add(guest, "lobby")), "")
}

// M-08: what is archived is read by all and written by nobody, and opens again.
func TestM08_ArchivedIsReadOnly(t *testing.T) {
	x := hallOf(t)
	wantCode(t, "before", x.do(t, plain, "m", noon, SendMessage{Room: hall, Text: "hello"}), "")
	wantCode(t, "archive", x.do(t, aide, "a", noon, ArchiveRoom{Room: hall, Archived: true}), "")
	for _, c := range []Command{SendMessage{Room: hall, Text: "x"}, EditMessage{Room: hall, Message: "m", Text: "x"}, DeleteMessage{Room: hall, Message: "m"},
		React{Room: hall, Message: "m", Emoji: "👍", On: true}} {
		wantCode(t, string(c.Op()), x.do(t, plain, "x"+string(c.Op()), noon, c), RoomArchived)
	}
	wantCode(t, "rename", x.do(t, boss, "n", noon, RenameRoom{Room: hall, Name: "New"}), RoomArchived)
	wantCode(t, "add", x.do(t, boss, "o", noon, AddMember{Room: hall, Who: guest, Name: "G", Via: "lobby"}), RoomArchived)
	if r := x.right(plain); r == nil {
		t.Error("an archived room is not open to its members")
	}
	wantCode(t, "leave", x.do(t, plain, "l", noon, LeaveRoom{Room: hall, Who: plain}), "")
	wantCode(t, "by a member", x.do(t, plain, "u", noon, ArchiveRoom{Room: hall}), NoAccess)
	wantCode(t, "open again", x.do(t, aide, "u", noon, ArchiveRoom{Room: hall}), "")
	wantCode(t, "and write", x.do(t, aide, "m2", noon, SendMessage{Room: hall, Text: "back"}), "")

	for kind, room := range map[string]RoomID{"contract": raum, "direct": DirectID(boss, plain)} {
		x := active(t)
		wantCode(t, "direct", x.do(t, boss, "d", noon, CreateDirect{Room: DirectID(boss, plain), Who: boss, Name: "M", Other: plain, OtherName: "E", Via: raum}), "")
		wantCode(t, kind, x.do(t, boss, "a", noon, ArchiveRoom{Room: room, Archived: true}), NotArchivable)
	}
	wantCode(t, "interview", offered(t).do(t, boss, "a", noon, ArchiveRoom{Room: raum, Archived: true}), NotArchivable)
}

// M-02, M-05: in the rooms of a contract its client is the owner: names admins, adds, removes and renames; the two sides stay, and nobody takes
// the room over.
func TestM02_TheClientOwnsTheRoomsOfAContract(t *testing.T) {
	for what, make := range map[string]func(testing.TB) *table{"interview": offered, "contract": active} {
		x := make(t)
		x.rows[Ref{RoomScope("lobby"), KindMember, string(boss)}] = &Member{Role: Writer}
		x.rows[Ref{RoomScope("lobby"), KindMember, string(out)}] = &Member{Role: Writer}
		steps := []struct {
			by   AccountID
			do   Command
			want Code
		}{
			{boss, AddMember{Room: raum, Who: out, Name: "O", Via: "lobby"}, ""},
			{boss, SetRole{Room: raum, Who: out, Role: Admin}, ""},
			{boss, RenameRoom{Room: raum, Name: "Otters"}, ""},
			{out, RenameRoom{Room: raum, Name: "Badgers"}, ""},
			{boss, LeaveRoom{Room: raum, Who: boss}, PartyStays},
			{boss, HandOver{Room: raum, Who: out}, RoomKindNot},
			{out, RemoveMember{Room: raum, Who: boss}, PartyStays},
		}
		if what == "contract" {
			steps = append(steps, []struct {
				by   AccountID
				do   Command
				want Code
			}{
				{plain, RenameRoom{Room: raum, Name: "Mine"}, LeadersOnly},
				{plain, LeaveRoom{Room: raum, Who: plain}, PartyStays},
				{boss, RemoveMember{Room: raum, Who: plain}, PartyStays},
				{boss, SetRole{Room: raum, Who: plain, Role: Admin}, PartyStays},
			}...)
		}
		steps = append(steps, struct {
			by   AccountID
			do   Command
			want Code
		}{out, LeaveRoom{Room: raum, Who: out}, ""})
		for i, s := range steps {
			wantCode(t, what+": "+string(s.do.Op())+" by "+string(s.by), x.do(t, s.by, "s"+string(rune('a'+i)), noon, s.do), s.want)
		}
	}
}

// M-04: a room has a name of 1 to 80 characters that shows on one line.
func TestM04_NamesOfRooms(t *testing.T) {
	for name, want := range map[string]Code{
		"Kitchen": "", strings.Repeat("ü", MaxName): "", strings.Repeat("ü", MaxName+1): BadInput, "": BadInput, "  ": BadInput, " a": BadInput,
		"a\nb": BadInput, "a\u202eb": BadInput, "\u200b": BadInput,
	} {
		wantCode(t, "create "+name, newTableOf(boss).do(t, boss, "c", noon, CreateRoom{Room: hall, Who: boss, Name: name, As: "M"}), want)
		wantCode(t, "rename "+name, hallOf(t).do(t, boss, "c", noon, RenameRoom{Room: hall, Name: name}), want)
	}
	wantCode(t, "in another's name", newTableOf(boss).do(t, out, "c", noon, CreateRoom{Room: hall, Who: boss, Name: "N", As: "M"}), NoAccess)
	wantCode(t, "where a direct room belongs", newTableOf(boss).do(t, boss, "c", noon, CreateRoom{Room: DirectID("a", "b"), Who: boss, Name: "N", As: "M"}), BadInput)
	squat := goodOffer()
	squat.Room = DirectID("a", "b")
	wantCode(t, "a contract where a direct room belongs", newTableOf(boss).do(t, boss, string(kon), noon, squat), BadInput)
}

func newTableOf(who AccountID) *table {
	x := newTable()
	x.rows[Ref{AccountScope(who), KindAccount, string(who)}] = &Account{Name: string(who)}
	return x
}
