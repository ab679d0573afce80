package workroom

import "testing"

func direct(by, other AccountID, via RoomID) CreateDirect {
	return CreateDirect{Room: DirectID(by, other), Who: by, Name: "Name of " + string(by), Other: other, OtherName: "said of " + string(other), Via: via}
}

// M-01: one room per pair, whoever makes it, however often: its id is the pair's.
func TestM01_OneDirectRoomPerPair(t *testing.T) {
	id := DirectID(cli, free)
	if id != DirectID(free, cli) || id == DirectID(cli, odd) || !id.Direct() || !ValidID(string(id)) || raum.Direct() {
		t.Errorf("the id is %q", id)
	}
	if DirectID("a", "bc") == DirectID("ab", "c") {
		t.Error("two pairs have one room")
	}
	x := active(t)
	wantCode(t, "made", x.do(t, cli, "d1", noon, direct(cli, free, raum)), "")
	s := RoomScope(id)
	room := x.rows[Ref{s, KindRoom, string(id)}].(*Room)
	if room.Kind != DirectRoom || room.By != cli || room.Name != "" {
		t.Errorf("the room is %+v", room)
	}
	for _, who := range []AccountID{cli, free} {
		m, _ := x.rows[Ref{s, KindMember, string(who)}].(*Member)
		g, _ := x.rows[Ref{AccountScope(who), KindGrant, string(s)}].(*Grant)
		if m == nil || g == nil || m.Role != Writer || g.FromBorn != 0 || m.Name != string(who) {
			t.Errorf("%s: %+v, %+v", who, m, g)
		}
	}
	was := *x.rows[Ref{AccountScope(cli), KindGrant, string(s)}].(*Grant)
	wantCode(t, "made by the other too", x.do(t, free, "d2", noon, direct(free, cli, raum)), "")
	if n := x.rows[Ref{s, KindRoom, string(id)}].(*Room); n.By != cli || x.rows[Ref{AccountScope(cli), KindGrant, string(s)}].(*Grant).Gen != was.Gen {
		t.Errorf("the second one changed it: %+v", n)
	}
	for _, who := range []AccountID{cli, free} {
		wantCode(t, "written", x.do(t, who, "m"+string(who), noon, SendMessage{Room: id, Text: "hello"}), "")
	}
	wantCode(t, "by a third", x.do(t, odd, "m3", noon, SendMessage{Room: id, Text: "hello"}), NoAccess)
}

// M-01: who knows nobody in common reaches nobody, and nobody's room is made but one's own.
func TestM01_WhoMayMakeADirectRoom(t *testing.T) {
	other := direct(cli, free, raum)
	other.Room = DirectID(cli, odd)
	for what, c := range map[string]struct {
		by   AccountID
		do   CreateDirect
		want Code
	}{
		"somebody of one's contract": {cli, direct(cli, free, raum), ""},
		"a stranger":                 {cli, direct(cli, odd, raum), NotKnown},
		"by a stranger":              {odd, direct(odd, cli, raum), NotKnown},
		"by a room that is not":      {cli, direct(cli, free, "nowhere"), NotKnown},
		"in another's name":          {odd, direct(cli, free, raum), NoAccess},
		"another pair's room":        {cli, other, NoAccess},
		"with oneself":               {cli, direct(cli, cli, raum), BadInput},
		"by itself":                  {cli, direct(cli, free, DirectID(cli, free)), BadInput},
	} {
		wantCode(t, what, active(t).do(t, c.by, "x", noon, c.do), c.want)
	}
	x := active(t)
	x.unheld[AccountScope(free)] = true
	wantCode(t, "on a desktop", x.do(t, cli, "x", noon, direct(cli, free, raum)), "")
	if m := x.rows[Ref{RoomScope(DirectID(cli, free)), KindMember, string(free)}].(*Member); m.Name != "said of freelancer" {
		t.Errorf("on a desktop the other is called %q", m.Name)
	}
}

// M-01, M-05, M-06: a direct room is the two people's: nobody is added, removed or made anything there, it has no name and is not left.
func TestM01_ADirectRoomStaysWhatItIs(t *testing.T) {
	id := DirectID(cli, free)
	for what, c := range map[string]struct {
		do   Command
		want Code
	}{
		"add":       {AddMember{Room: id, Who: odd, Name: "O", Via: raum}, RoomKindNot},
		"remove":    {RemoveMember{Room: id, Who: free}, RoomKindNot},
		"leave":     {LeaveRoom{Room: id, Who: cli}, RoomKindNot},
		"name":      {RenameRoom{Room: id, Name: "Us"}, RoomKindNot},
		"archive":   {ArchiveRoom{Room: id, Archived: true}, NotArchivable},
		"an admin":  {SetRole{Room: id, Who: free, Role: Admin}, RoomKindNot},
		"hand over": {HandOver{Room: id, Who: free}, RoomKindNot},
	} {
		x := active(t)
		wantCode(t, "made", x.do(t, cli, "d", noon, direct(cli, free, raum)), "")
		wantCode(t, what, x.do(t, cli, "x", noon, c.do), c.want)
	}
}
