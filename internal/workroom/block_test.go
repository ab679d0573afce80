package workroom

import "testing"

func block(by, other AccountID, on bool) SetBlock {
	return SetBlock{Who: by, Other: other, Name: "Name", On: on}
}

// P-22, P-24: a block stands in the scopes of both, closes their direct room for both, and what is not there yet cannot be made; unblocking opens
// it again, unless the other blocked too.
func TestP24_ABlockKeepsEverythingFromPassing(t *testing.T) {
	x := hallOf(t)
	id := DirectID(boss, guest)
	wantCode(t, "direct", x.do(t, boss, "d", noon, direct(boss, guest, "lobby")), "")
	wantCode(t, "written", x.do(t, guest, "m1", noon, SendMessage{Room: id, Text: "hello"}), "")
	wantCode(t, "blocked", x.do(t, guest, "b1", noon, block(guest, boss, true)), "")
	mine, theirs := x.rows[blockRef(guest, boss)].(*Block), x.rows[blockRef(boss, guest)].(*Block)
	if mine.Mine == 0 || mine.Theirs != 0 || mine.Name != "Name" || theirs.Theirs == 0 || theirs.Mine != 0 || theirs.Name != "" {
		t.Errorf("%+v, %+v", mine, theirs)
	}
	for _, by := range []AccountID{boss, guest} {
		wantCode(t, "written by "+string(by), x.do(t, by, "n"+string(by), noon, SendMessage{Room: id, Text: "x"}), Undeliverable)
		wantCode(t, "reacted by "+string(by), x.do(t, by, "r"+string(by), noon, React{Room: id, Message: "m1", Emoji: "👍", On: true}), Undeliverable)
	}
	wantCode(t, "added by the one who is blocked", x.do(t, boss, "a1", noon, AddMember{Room: hall, Who: guest, Name: "G", Via: "lobby"}), Undeliverable)
	wantCode(t, "blocked back", x.do(t, boss, "b2", noon, block(boss, guest, true)), "")
	wantCode(t, "unblocked by one", x.do(t, guest, "b3", noon, block(guest, boss, false)), "")
	wantCode(t, "still", x.do(t, guest, "o", noon, SendMessage{Room: id, Text: "x"}), Undeliverable)
	wantCode(t, "added by the one who blocks", x.do(t, boss, "a2", noon, AddMember{Room: hall, Who: guest, Name: "G", Via: "lobby"}), Undeliverable)
	wantCode(t, "unblocked by both", x.do(t, boss, "b4", noon, block(boss, guest, false)), "")
	wantCode(t, "written again", x.do(t, guest, "p", noon, SendMessage{Room: id, Text: "x"}), "")
	wantCode(t, "added again", x.do(t, boss, "a3", noon, AddMember{Room: hall, Who: guest, Name: "G", Via: "lobby"}), "")

	x = hallOf(t)
	wantCode(t, "blocked first", x.do(t, guest, "b", noon, block(guest, boss, true)), "")
	for _, c := range []CreateDirect{direct(boss, guest, "lobby"), direct(guest, boss, "lobby")} {
		wantCode(t, "a first message by "+string(c.Who), x.do(t, c.Who, "d"+string(c.Who), noon, c), Undeliverable)
	}
	x.unheld[AccountScope(boss)] = true
	wantCode(t, "on the blocker's desktop", x.do(t, guest, "e", noon, direct(guest, boss, "lobby")), Undeliverable)
}

// P-24: an offer between the two is not accepted any more.
func TestP24_NoOfferPasses(t *testing.T) {
	for _, by := range []AccountID{cli, free} {
		x := offered(t)
		other := map[AccountID]AccountID{cli: free, free: cli}[by]
		wantCode(t, "blocked", x.do(t, by, "b", noon, block(by, other, true)), "")
		wantCode(t, "accepted, blocked by "+string(by), x.do(t, free, "a", noon, accept()), Undeliverable)
		wantCode(t, "declined, blocked by "+string(by), x.do(t, free, "d", noon, DeclineContract{Contract: kon, Who: free, Secret: "secret-secret"}), Undeliverable)
	}
}

// P-22: who may block whom.
func TestP22_WhoMayBlock(t *testing.T) {
	for what, c := range map[string]struct {
		by   AccountID
		do   SetBlock
		want Code
	}{
		"somebody":             {boss, block(boss, guest, true), ""},
		"in another's name":    {out, block(boss, guest, true), NoAccess},
		"oneself":              {boss, block(boss, boss, true), BadInput},
		"nobody":               {boss, block(boss, "nobody", true), NotKnown},
		"not blocked, undone":  {boss, block(boss, guest, false), ""},
		"without a name":       {boss, SetBlock{Who: boss, Other: guest, On: true}, BadInput},
		"an id that is no id":  {boss, block(boss, "a b", true), BadInput},
		"a name of two lines":  {boss, SetBlock{Who: boss, Other: guest, Name: "a\nb", On: true}, BadInput},
		"somebody unknown yet": {out, block(out, guest, true), ""},
	} {
		wantCode(t, what, hallOf(t).do(t, c.by, "x", noon, c.do), c.want)
	}
}
