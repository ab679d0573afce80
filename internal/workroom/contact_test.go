package workroom

import (
	"slices"
	"testing"
)

// P-06, P-07, P-15: who may share contact details in a room, and who not yet.
func TestP06_WhoMayShareContactDetails(t *testing.T) {
	met := func(who ...AccountID) func(AccountID) bool {
		return func(a AccountID) bool { return slices.Contains(who, a) }
	}
	in, asks, business, left := &Member{}, &Member{Role: Freelancer}, &Member{Business: true}, &Member{Left: 1}
	for _, x := range []struct {
		name    string
		kind    RoomKind
		members map[AccountID]*Member
		met     func(AccountID) bool
		may     bool
	}{
		{"a direct room of strangers", DirectRoom, map[AccountID]*Member{"me": in, "b": in}, met(), false},
		{"a direct room of two with a contract", DirectRoom, map[AccountID]*Member{"me": in, "b": in}, met("b"), true},
		{"P-07: a test project is a contract", ContractRoom, map[AccountID]*Member{"me": in, "b": in}, met("b"), true},
		{"an offer nobody answered", InterviewRoom, map[AccountID]*Member{"me": in}, met(), false},
		{"a further offer, to whoever comes", InterviewRoom, map[AccountID]*Member{"me": in}, met("b"), false},
		{"a further offer, to one who asks about it", InterviewRoom, map[AccountID]*Member{"me": in, "b": asks}, met("b"), true},
		{"an offer a stranger asks about", InterviewRoom, map[AccountID]*Member{"me": in, "b": asks}, met(), false},
		{"who asks, of a stranger", InterviewRoom, map[AccountID]*Member{"me": asks, "b": in}, met(), false},
		{"P-15: who asks, of a Business client", InterviewRoom, map[AccountID]*Member{"me": asks, "b": business}, met(), true},
		{"P-15: who asks, with a stranger beside", InterviewRoom, map[AccountID]*Member{"me": asks, "b": business, "c": in}, met(), false},
		{"a group with one stranger", GroupRoom, map[AccountID]*Member{"me": in, "b": in, "c": in}, met("b"), false},
		{"a group of partners", GroupRoom, map[AccountID]*Member{"me": in, "b": in, "c": in}, met("b", "c"), true},
		{"a group whose stranger has left", GroupRoom, map[AccountID]*Member{"me": in, "b": in, "c": left}, met("b"), true},
		{"a group of one's own", GroupRoom, map[AccountID]*Member{"me": in}, met(), true},
		{"P-15: I am a Business client", DirectRoom, map[AccountID]*Member{"me": business, "b": in}, met(), true},
		{"P-15: a Business client's own offer", InterviewRoom, map[AccountID]*Member{"me": business}, met(), true},
		{"P-15: the other is a Business client", DirectRoom, map[AccountID]*Member{"me": in, "b": business}, met(), true},
		{"P-15: one of two others is", GroupRoom, map[AccountID]*Member{"me": in, "b": business, "c": in}, met(), false},
	} {
		if got := MayShareContact(x.kind, "me", x.members, x.met); got != x.may {
			t.Errorf("%s: %v", x.name, got)
		}
	}
}

// P-05, P-08 to P-10: which reasons each mode takes.
func TestP05_ModesAndReasons(t *testing.T) {
	for _, x := range []struct {
		mode  ContactMode
		takes []ContactReason
		not   []ContactReason
	}{
		{ContactAsk, []ContactReason{ContactLegal, ContactAccess, ContactPortfolio, ContactNone}, []ContactReason{"", "because"}},
		{ContactRefuse, []ContactReason{ContactLegal, ContactAccess, ContactPortfolio}, []ContactReason{ContactNone, "", "because"}},
		{ContactOff, []ContactReason{ContactLegal, ""}, nil},
	} {
		for _, r := range x.takes {
			if !x.mode.Takes(r) {
				t.Errorf("%s does not take %q", x.mode, r)
			}
		}
		for _, r := range x.not {
			if x.mode.Takes(r) || slices.Contains(x.mode.Reasons(), r) {
				t.Errorf("%s takes %q", x.mode, r)
			}
		}
		for _, r := range x.mode.Reasons() {
			if !x.mode.Takes(r) || r.check() != nil {
				t.Errorf("%s offers %q", x.mode, r)
			}
		}
	}
	if ContactMode("maybe").Valid() || !ContactAsk.Valid() {
		t.Error("which modes there are")
	}
	for _, c := range []Command{
		SendMessage{Room: "r", Text: "t", Contact: "because"}, EditMessage{Room: "r", Message: "m", Text: "t", Contact: "because"},
	} {
		if c.Check() == nil {
			t.Errorf("%s takes a reason that is none", c.Op())
		}
	}
}

// P-04: the reason stays with what was written; an edit without one keeps it.
func TestP04_TheReasonStays(t *testing.T) {
	x := active(t)
	says := func(id string, c Command, text string, reason ContactReason) {
		t.Helper()
		wantCode(t, id, x.do(t, cli, id, work, c), "")
		if m := x.message("m1"); m.Text != text || m.Contact != reason {
			t.Errorf("%s: %q for %q", id, m.Text, m.Contact)
		}
	}
	says("m1", SendMessage{Room: raum, Text: "a@b.org", Contact: ContactLegal}, "a@b.org", ContactLegal)
	says("e1", EditMessage{Room: raum, Message: "m1", Text: "c@d.org"}, "c@d.org", ContactLegal)
	says("e2", EditMessage{Room: raum, Message: "m1", Text: "e@f.org", Contact: ContactAccess}, "e@f.org", ContactAccess)
	says("d1", DeleteMessage{Room: raum, Message: "m1"}, "", "")
}
