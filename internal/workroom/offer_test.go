package workroom

import (
	"testing"
	"time"
)

func ask(who AccountID) AskOffer {
	return AskOffer{Contract: kon, Room: raum, Who: who, Name: "Esme", Secret: "secret-secret"}
}

// asked is a table with an offer that the freelancer asked about.
func asked(t testing.TB) *table {
	x := offered(t)
	wantCode(t, "asking", x.do(t, free, "ask", noon.Add(time.Hour), ask(free)), "")
	return x
}

func (t *table) contract() *Contract {
	return t.rows[Ref{ContractScope(kon), KindContract, string(kon)}].(*Contract)
}
func (t *table) room() *Room { return t.rows[Ref{RoomScope(raum), KindRoom, string(raum)}].(*Room) }
func (t *table) granted(who AccountID, s Scope) *Grant {
	g, _ := t.rows[Ref{AccountScope(who), KindGrant, string(s)}].(*Grant)
	return g
}

// M-02, P-01: who asks about an offer is in its interview room with the whole history, reads the offer, and is no side of a contract: nothing
// of the client's own side is open, and no right says that the two had a contract.
func TestM02_WhoAsksIsInTheInterviewRoom(t *testing.T) {
	x := asked(t)
	n, room := x.contract(), x.room()
	if n.Status != Offered || n.Asker != free || n.AskerName != "freelancer" || n.Freelancer != "" || n.Started != 0 || room.Kind != InterviewRoom || room.Archived {
		t.Errorf("%+v %+v", n, room)
	}
	m, _ := x.rows[Ref{RoomScope(raum), KindMember, string(free)}].(*Member)
	if m == nil || m.Role != Freelancer || m.Left != 0 || m.Name != "freelancer" { // the name is the account's, whatever the command says
		t.Errorf("the member is %+v", m)
	}
	if g := x.granted(free, RoomScope(raum)); g == nil || g.FromBorn != 0 || !g.Retain {
		t.Errorf("the room is open as %+v", g)
	}
	if g := x.granted(free, ContractScope(kon)); g == nil || g.Role != Writer {
		t.Errorf("the offer is open as %+v", g)
	}
	if g := x.granted(free, ClientScope(kon)); g != nil {
		t.Errorf("the client's side is open as %+v", g)
	}
	wantCode(t, "a question", x.do(t, free, "m1", noon.Add(2*time.Hour), SendMessage{Room: raum, Text: "When would it begin?"}), "")
	wantCode(t, "an answer", x.do(t, cli, "m2", noon.Add(2*time.Hour), SendMessage{Room: raum, Text: "On Monday."}), "")
	wantCode(t, "somebody else's", x.do(t, odd, "m3", noon.Add(2*time.Hour), SendMessage{Room: raum, Text: "And I?"}), NoAccess)

	before := len(x.rows)
	wantCode(t, "asking again", x.do(t, free, "ask2", noon.Add(3*time.Hour), ask(free)), "")
	if len(x.rows) != before || x.granted(free, RoomScope(raum)).Gen != 1 {
		t.Error("asking again changed something")
	}
	if (AskOffer{Contract: kon}).Settled(Asked{By: odd}, x) || !(AskOffer{Contract: kon}).Settled(Asked{By: free}, x) {
		t.Error("who is in the room already is not known")
	}
}

// M-02: who may ask, and who may not.
func TestM02_WhoMayAsk(t *testing.T) {
	blocked := func(by, other AccountID) func(*table) {
		return func(x *table) {
			wantCode(t, "block", x.do(t, by, "b", noon, SetBlock{Who: by, Other: other, Name: "N", On: true}), "")
		}
	}
	with := func(change func(*AskOffer)) AskOffer {
		c := ask(free)
		change(&c)
		return c
	}
	for what, c := range map[string]struct {
		first func(*table)
		by    AccountID
		cmd   AskOffer
		at    time.Duration
		want  Code
	}{
		"with the secret":           {nil, free, ask(free), time.Hour, ""},
		"on the last day":           {nil, free, ask(free), InvitationLife - time.Second, ""},
		"too late":                  {nil, free, ask(free), InvitationLife + time.Second, Expired},
		"one's own offer":           {nil, cli, ask(cli), time.Hour, ClientOnly},
		"a guessed secret":          {nil, free, with(func(c *AskOffer) { c.Secret = "guess-guess-guess" }), time.Hour, NoAccess},
		"the secret's own id":       {nil, free, with(func(c *AskOffer) { c.Secret = InvitationID("secret-secret") }), time.Hour, NoAccess},
		"no secret":                 {nil, free, with(func(c *AskOffer) { c.Secret = "" }), time.Hour, BadInput},
		"an endless secret":         {nil, free, with(func(c *AskOffer) { c.Secret = string(make([]byte, 129)) }), time.Hour, BadInput},
		"another room":              {nil, free, with(func(c *AskOffer) { c.Room = "elsewhere" }), time.Hour, NoAccess},
		"another contract":          {nil, free, with(func(c *AskOffer) { c.Contract = "elsewhere" }), time.Hour, NoAccess},
		"in another's name":         {nil, odd, ask(free), time.Hour, NoAccess},
		"a name of two lines":       {nil, free, with(func(c *AskOffer) { c.Name = "a\nb" }), time.Hour, BadInput},
		"a second person":           {func(x *table) { x.do(t, odd, "first", noon, ask(odd)) }, free, ask(free), time.Hour, Gone},
		"blocked by the client":     {blocked(cli, free), free, ask(free), time.Hour, Undeliverable},
		"having blocked the client": {blocked(free, cli), free, ask(free), time.Hour, Undeliverable},
		"what was declined": {func(x *table) {
			x.do(t, odd, "d", noon, DeclineContract{Contract: kon, Who: odd, Secret: "secret-secret"})
		}, free, ask(free), time.Hour, Moved},
		"what was withdrawn":          {func(x *table) { x.do(t, cli, "d", noon, DeclineContract{Contract: kon, Who: cli, Room: raum}) }, free, ask(free), time.Hour, Moved},
		"what was accepted":           {func(x *table) { x.do(t, free, "a", noon, accept()) }, free, ask(free), time.Hour, Moved},
		"what somebody else accepted": {func(x *table) { x.do(t, free, "a", noon, accept()) }, odd, ask(odd), time.Hour, Moved},
	} {
		x := offered(t)
		if c.first != nil {
			c.first(x)
		}
		wantCode(t, what, x.do(t, c.by, "x", noon.Add(c.at), c.cmd), c.want)
		if g := x.granted(c.by, RoomScope(raum)); c.want != "" && c.by != cli && g != nil && x.contract().Freelancer != c.by {
			t.Errorf("%s: the room is open all the same", what)
		}
	}
}

// W-33, M-03: the link is bound to who asked first. They answer with it or without, nobody else does, and the room becomes the contract's, in
// which nothing of before is fetched anew.
func TestM03_OnlyWhoAskedAnswers(t *testing.T) {
	bare := func(c AcceptContract) AcceptContract { c.Secret = ""; return c }
	theirs := AcceptContract{Contract: kon, Room: raum, Who: odd, Name: "Odd", Secret: "secret-secret"}
	for what, c := range map[string]struct {
		by   AccountID
		cmd  Command
		at   time.Duration
		want Code
	}{
		"with the link":                {free, accept(), 2 * time.Hour, ""},
		"without":                      {free, bare(accept()), 2 * time.Hour, ""},
		"another with the link":        {odd, theirs, 2 * time.Hour, Gone},
		"another without":              {odd, bare(theirs), 2 * time.Hour, NoAccess},
		"the client":                   {cli, AcceptContract{Contract: kon, Room: raum, Who: cli, Name: "Mara"}, 2 * time.Hour, ClientOnly},
		"without, too late":            {free, bare(accept()), InvitationLife + time.Second, Expired},
		"in another room":              {free, AcceptContract{Contract: kon, Room: "elsewhere", Who: free, Name: "Esme"}, 2 * time.Hour, NoAccess},
		"another declines by the link": {odd, DeclineContract{Contract: kon, Who: odd, Secret: "secret-secret", Room: raum}, 2 * time.Hour, Gone},
		"another declines without":     {odd, DeclineContract{Contract: kon, Who: odd, Room: raum}, 2 * time.Hour, NoAccess},
		"declining in another room":    {free, DeclineContract{Contract: kon, Who: free, Room: "elsewhere"}, 2 * time.Hour, NoAccess},
	} {
		x := asked(t)
		wantCode(t, what, x.do(t, c.by, "x", noon.Add(c.at), c.cmd), c.want)
		if c.want != "" {
			if n := x.contract(); n.Status != Offered || n.Freelancer != "" {
				t.Errorf("%s: the contract is %+v", what, n)
			}
			continue
		}
		n, room := x.contract(), x.room()
		if n.Status != Active || n.Freelancer != free || room.Kind != ContractRoom || room.Archived {
			t.Errorf("%s: %+v %+v", what, n, room)
		}
		if k, r := x.granted(free, ContractScope(kon)), x.granted(free, RoomScope(raum)); k.Role != Freelancer || !k.Retain || r.Gen != 1 {
			t.Errorf("%s: open as %+v, the room as %+v", what, k, r)
		}
	}
	// Whoever has the link alone answers without asking, as ever, and no one without it.
	wantCode(t, "without asking or a link", offered(t).do(t, free, "x", noon, bare(accept())), NoAccess)
}

// M-12, W-33: declined, withdrawn or lapsed, an offer leaves its room to be read, by both, and says how it ended.
func TestM12_AnOfferThatIsOverClosesItsRoom(t *testing.T) {
	lapse := func(x *table) *Refusal {
		var out Changes
		EndOffer(x, &out, kon, x.contract(), OfferLapsed)
		for _, c := range out.List() {
			x.rows[c.Ref] = c.Thing
		}
		return nil
	}
	decline := DeclineContract{Contract: kon, Who: free, Room: raum}
	withdraw := DeclineContract{Contract: kon, Who: cli, Room: raum}
	for what, c := range map[string]struct {
		end  func(*table) *Refusal
		over OfferEnd
	}{
		"declined":  {func(x *table) *Refusal { return x.do(t, free, "d", noon.Add(2*time.Hour), decline) }, OfferDeclined},
		"withdrawn": {func(x *table) *Refusal { return x.do(t, cli, "d", noon.Add(2*time.Hour), withdraw) }, OfferWithdrawn},
		"lapsed":    {lapse, OfferLapsed},
		"by an older": {func(x *table) *Refusal {
			c := decline
			c.Room, c.Secret = "", "secret-secret"
			x.do(t, free, "d", noon, c)
			return lapse(x)
		}, OfferDeclined},
		"withdrawn too": {func(x *table) *Refusal { x.do(t, cli, "d", noon, withdraw); return lapse(x) }, OfferWithdrawn},
	} {
		x := asked(t)
		wantCode(t, what, c.end(x), "")
		if n := x.contract(); n.Status != Refused || n.Over != c.over || n.Freelancer != "" || !x.room().Archived {
			t.Errorf("%s: %+v, closed %v", what, n, x.room().Archived)
		}
		for _, who := range []AccountID{cli, free} {
			wantCode(t, what+", a word of "+string(who), x.do(t, who, "m"+string(who), noon.Add(3*time.Hour), SendMessage{Room: raum, Text: "But"}), RoomArchived)
		}
		wantCode(t, what+", asked again", x.do(t, free, "ask-again", noon.Add(InvitationLife+time.Hour), ask(free)), map[bool]Code{true: Expired, false: Moved}[c.over == OfferLapsed])
		wantCode(t, what+", withdrawn", x.do(t, cli, "late", noon.Add(InvitationLife+time.Hour), withdraw), map[bool]Code{true: Expired, false: Moved}[c.over == OfferLapsed])
	}
	// Accepted in time, and known so late only because the service lost it: it counts (sync.md §12).
	x := asked(t)
	_ = lapse(x)
	wantCode(t, "accepted before it lapsed", x.given(free, "a", noon.AddDate(0, 0, 20), noon.AddDate(0, 0, 3), accept()), "")
	if n := x.contract(); n.Status != Active || n.Over != "" || x.room().Archived {
		t.Errorf("%+v %+v", n, x.room())
	}
}

// W-25, T-02, W-27: until they accept, who asked can do nothing about time, terms, codes and money of the contract.
func TestM02_WhoAskedIsNoFreelancerYet(t *testing.T) {
	week := WeekOf(noon).String()
	for what, cmd := range map[string]Command{
		"time":       ReportSlice{Week: week, Slice: sliceOf(1, noon, noon.Add(time.Minute), "map")},
		"by hand":    AddTime{Contract: kon, Week: week, Who: free, Entries: []ManualEntry{{ID: "e", From: noon.Unix() - 600, To: noon.Unix() - 540, Memo: "m"}}},
		"a picture":  AddShot{Week: week, Who: free, Shot: Shot{Slice: "s", Contract: kon, Device: "d", Cell: noon.Unix() / 600, At: noon.Unix(), Reason: ShotDenied}},
		"a mark":     MarkTime{Contract: kon, Week: week, What: MarkMemo, Value: "m", Spans: []MarkSpan{{Slice: "s", From: noon.Unix(), To: noon.Unix() + 60}}},
		"a cut":      CutTime{Contract: kon, Week: week, From: noon.Unix(), To: noon.Unix() + 10},
		"a code":     SetActivity{Contract: kon, ID: "new", Code: "New"},
		"terms":      ChangeTerms{Contract: kon, Week: week, Limit: new(int64(7200))},
		"a rate":     LowerRate{Contract: kon, Act: RateAsk, Rate: 1},
		"a pause":    PauseContract{Contract: kon, Week: week, On: true},
		"an end":     EndContract{Contract: kon, Week: week, Reason: EndDone},
		"late time":  ApproveTime{Contract: kon, Week: week, Of: []Interval{{noon.Unix(), noon.Unix() + 60}}},
		"a dispute":  DisputeWeek{Contract: kon, Week: week, Act: DisputeBegin, Text: "No."},
		"the room":   RenameRoom{Room: raum, Name: "Mine"},
		"a guest":    AddMember{Room: raum, Who: odd, Name: "stranger", Via: raum},
		"the client": RemoveMember{Room: raum, Who: cli},
		"leaving":    LeaveRoom{Room: raum, Who: free},
	} {
		if r := asked(t).do(t, free, "x", noon.Add(2*time.Hour), cmd); r == nil {
			t.Errorf("%s: accepted", what)
		}
	}
}

// U-12: a question about an offer for one address comes from that address alone.
func TestU12_OnlyTheInvitedAddressAsks(t *testing.T) {
	x := newTable()
	for _, who := range []AccountID{cli, free, odd} {
		x.rows[Ref{AccountScope(who), KindAccount, string(who)}] = &Account{Name: string(who), Email: string(who) + "@x.example"}
	}
	o := goodOffer()
	o.Email = "freelancer@x.example"
	wantCode(t, "offer", x.do(t, cli, string(kon), noon, o), "")
	wantCode(t, "another address", x.do(t, odd, "x", noon, ask(odd)), WrongAddress)
	wantCode(t, "the address", x.do(t, free, "y", noon, ask(free)), "")
	wantCode(t, "withdrawn by the client", x.do(t, cli, "z", noon, DeclineContract{Contract: kon, Who: cli, Room: raum, Secret: "secret-secret"}), "")
}
