package workroom

import (
	"fmt"
	"testing"
)

// M-33: what an account says about itself is its own to say, field by field.
func TestM33_SetProfile(t *testing.T) {
	x := active(t)
	profile := func() Profile {
		p, _ := x.rows[Ref{AccountScope(free), KindProfile, string(free)}].(*Profile)
		if p == nil {
			return Profile{}
		}
		return Profile{Zone: p.Zone, Shy: p.Shy, NoReceipts: p.NoReceipts, Enter: p.Enter}
	}
	for _, c := range []struct {
		what string
		do   SetProfile
		want string
	}{
		{"a zone", SetProfile{Who: free, Zone: new("Europe/Lisbon")}, "{Europe/Lisbon false false  map[]}"},
		{"nobody is told whether it is here", SetProfile{Who: free, Presence: new(false)}, "{Europe/Lisbon true false  map[]}"},
		{"nor how far it has read", SetProfile{Who: free, Receipts: new(false)}, "{Europe/Lisbon true true  map[]}"},
		{"both again", SetProfile{Who: free, Presence: new(true), Receipts: new(true)}, "{Europe/Lisbon false false  map[]}"},
		{"K-02: Enter makes a line", SetProfile{Who: free, Enter: EnterLine}, "{Europe/Lisbon false false line map[]}"},
		{"K-02: and sends again", SetProfile{Who: free, Enter: EnterSends}, "{Europe/Lisbon false false send map[]}"},
	} {
		wantCode(t, c.what, x.do(t, free, "p", noon, c.do), "")
		if got := fmt.Sprint(profile()); got != c.want {
			t.Errorf("%s: %s, want %s", c.what, got, c.want)
		}
	}
	wantCode(t, "for another", x.do(t, cli, "p", noon, SetProfile{Who: free, Zone: new("UTC")}), NoAccess)
	for _, bad := range []string{"Europe/Lisbon\n", "<b>", "Zone with spaces", "Æ"} {
		wantCode(t, bad, SetProfile{Who: free, Zone: &bad}.Check(), BadInput)
	}
	wantCode(t, "Enter that flies", SetProfile{Who: free, Enter: "fly"}.Check(), BadInput)
	joined := SetProfile{Who: free, Presence: new(false)}.Joined(SetProfile{Who: free, Zone: new("UTC"), Presence: new(true), Enter: EnterLine}).(SetProfile)
	if *joined.Zone != "UTC" || *joined.Presence || joined.Receipts != nil || joined.Enter != EnterLine {
		t.Errorf("joined: %+v", joined)
	}
}

// M-33: a receipt says how far a member has read, never less than before, until the member stops telling; nobody else can say it, and a room
// with many members keeps none.
func TestM33_SetReceipt(t *testing.T) {
	x := active(t)
	n := func() int64 {
		r, _ := x.rows[Ref{ReceiptScope(raum), KindReceipt, string(free)}].(*Receipt)
		if r == nil {
			return -1
		}
		return r.N
	}
	for _, c := range []struct {
		what string
		do   SetReceipt
		want int64
	}{
		{"told", SetReceipt{Room: raum, Who: free, N: 3}, 3},
		{"further", SetReceipt{Room: raum, Who: free, N: 5}, 5},
		{"late", SetReceipt{Room: raum, Who: free, N: 4}, 5},
		{"not told any more", SetReceipt{Room: raum, Who: free, Off: true}, 0},
		{"told again", SetReceipt{Room: raum, Who: free, N: 4}, 4},
	} {
		wantCode(t, c.what, x.do(t, free, "r", noon, c.do), "")
		if n() != c.want {
			t.Errorf("%s: %d, want %d", c.what, n(), c.want)
		}
	}
	wantCode(t, "for another", x.do(t, cli, "r", noon, SetReceipt{Room: raum, Who: free, N: 9}), NoAccess)
	wantCode(t, "by a stranger", x.do(t, odd, "r", noon, SetReceipt{Room: raum, Who: odd, N: 1}), NoAccess)
	for what, bad := range map[string]SetReceipt{"nothing": {Room: raum, Who: free}, "less": {Room: raum, Who: free, N: -1}, "off at a number": {Room: raum, Who: free, N: 2, Off: true}} {
		wantCode(t, what, bad.Check(), BadInput)
	}
	member := Ref{RoomScope(raum), KindMember, string(free)}
	x.rows[member] = &Member{Name: "Esme", Role: Writer, Left: 5}
	wantCode(t, "by one who left", x.do(t, free, "r", noon, SetReceipt{Room: raum, Who: free, N: 7}), NoAccess)
	x.rows[member] = &Member{Name: "Esme", Role: Writer}
	for i := range MaxReceipts {
		x.rows[Ref{RoomScope(raum), KindMember, fmt.Sprint("guest", i)}] = &Member{Name: "Guest", Role: Writer, Left: int64(i % 2)}
	}
	wantCode(t, "where many left", x.do(t, free, "r", noon, SetReceipt{Room: raum, Who: free, N: 8}), "")
	if n() != 8 {
		t.Error("who left is counted")
	}
	for i := range MaxReceipts {
		x.rows[Ref{RoomScope(raum), KindMember, fmt.Sprint("guest", i)}] = &Member{Name: "Guest", Role: Writer}
	}
	wantCode(t, "among many", x.do(t, free, "r", noon, SetReceipt{Room: raum, Who: free, N: 9}), "")
	if n() != 8 {
		t.Error("a room with many members keeps receipts")
	}
	if j := (SetReceipt{Room: raum, Who: free, N: 2}).Joined(SetReceipt{Room: raum, Who: free, N: 6}).(SetReceipt); j.N != 6 {
		t.Errorf("joined to %d", j.N)
	}
	if j := (SetReceipt{Room: raum, Who: free, Off: true}).Joined(SetReceipt{Room: raum, Who: free, N: 6}).(SetReceipt); j.N != 0 || !j.Off {
		t.Errorf("off joined to %+v", j)
	}
}

// P-24: between two of whom one blocked the other no receipt passes; what was told before can be taken back.
func TestP24_NoReceiptPastABlock(t *testing.T) {
	x := active(t)
	at := Ref{ReceiptScope(raum), KindReceipt, string(free)}
	wantCode(t, "before", x.do(t, free, "r", noon, SetReceipt{Room: raum, Who: free, N: 1}), "")
	room := *x.rows[Ref{RoomScope(raum), KindRoom, string(raum)}].(*Room)
	room.Shut = true
	x.rows[Ref{RoomScope(raum), KindRoom, string(raum)}] = &room
	wantCode(t, "after", x.do(t, free, "r", noon, SetReceipt{Room: raum, Who: free, N: 2}), "")
	if r := x.rows[at].(*Receipt); r.N != 1 {
		t.Errorf("told up to %d", r.N)
	}
	wantCode(t, "taken back", x.do(t, free, "r", noon, SetReceipt{Room: raum, Who: free, Off: true}), "")
	if r := x.rows[at].(*Receipt); r.N != 0 {
		t.Errorf("still told up to %d", r.N)
	}
}
