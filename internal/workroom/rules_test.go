package workroom

import (
	"sort"
	"strings"
	"testing"
	"time"
)

// table is a Rows over a map, as the service sees it: what is not there is absent. unheld names scopes that this copy does not have.
type table struct {
	rows   map[Ref]Thing
	unheld map[Scope]bool
	asked  []Ref
}

func newTable() *table { return &table{rows: map[Ref]Thing{}, unheld: map[Scope]bool{}} }

func (t *table) Row(r Ref) (Thing, Known) {
	t.asked = append(t.asked, r)
	if t.unheld[r.Scope] {
		return nil, Unheld
	}
	if x, ok := t.rows[r]; ok {
		return x, Held
	}
	return nil, Absent
}

func (t *table) All(s Scope, k Kind) ([]Ref, Known) {
	t.asked = append(t.asked, Ref{Scope: s, Kind: k})
	var out []Ref
	for r := range t.rows {
		if r.Scope == s && r.Kind == k {
			out = append(out, r)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].ID < out[j].ID })
	return out, Held
}

// do runs a command and writes what it changes; it fails the test if the rule looks at or writes a scope it does not declare.
func (t *table) do(tb testing.TB, who AccountID, id string, at time.Time, c Command) *Refusal {
	tb.Helper()
	t.asked = nil
	changes, refusal := Run(c, Asked{ID: id, By: who, Device: "d", At: at}, t)
	declared := map[Scope]bool{}
	for _, s := range c.Scopes() {
		declared[s] = true
	}
	for _, r := range t.asked {
		if !declared[r.Scope] {
			tb.Fatalf("%s looked at %s, which it does not declare", c.Op(), r.Scope)
		}
	}
	for _, x := range changes {
		if !declared[x.Ref.Scope] {
			tb.Fatalf("%s writes %s, which it does not declare", c.Op(), x.Ref.Scope)
		}
		if x.Thing == nil {
			delete(t.rows, x.Ref)
			continue
		}
		body, err := Encode(x.Thing)
		if err != nil {
			tb.Fatal(err)
		}
		back, err := Decode(x.Ref.Kind, body)
		if err != nil {
			tb.Fatalf("%s wrote a %s that cannot be read back: %v", c.Op(), x.Ref.Kind, err)
		}
		t.rows[x.Ref] = back
	}
	return refusal
}

const (
	cli  AccountID  = "client"
	free AccountID  = "freelancer"
	odd  AccountID  = "stranger"
	kon  ContractID = "contract"
	raum RoomID     = "room"
)

var noon = time.Date(2026, 11, 18, 12, 0, 0, 0, time.UTC)

func goodOffer() CreateContract {
	return CreateContract{Contract: kon, Who: cli, Name: "Mara", Room: raum, Title: "Otter Trails", Invitation: InvitationID("secret-secret"),
		Terms:      Terms{Rate: 5200, Currency: "EUR", Limit: 40 * 3600, Shots: ShotsFull, IdleMinutes: 10},
		Activities: []NewActivity{{ID: "map", Code: "Map screen"}, {ID: "review", Code: "Review"}}}
}

func accept() AcceptContract {
	return AcceptContract{Contract: kon, Room: raum, Who: free, Name: "Esme", Secret: "secret-secret"}
}

// offered is a table with an offer; active one whose offer was accepted.
func offered(t testing.TB) *table {
	x := newTable()
	for _, who := range []AccountID{cli, free, odd} {
		x.rows[Ref{AccountScope(who), KindAccount, string(who)}] = &Account{Name: string(who), Email: string(who) + "@x.example"}
	}
	if r := x.do(t, cli, string(kon), noon, goodOffer()); r != nil {
		t.Fatal(r)
	}
	return x
}

func active(t testing.TB) *table {
	x := offered(t)
	if r := x.do(t, free, "a1", noon.Add(time.Hour), accept()); r != nil {
		t.Fatal(r)
	}
	return x
}

func wantCode(t testing.TB, what string, r *Refusal, want Code) {
	t.Helper()
	switch {
	case r == nil && want != "":
		t.Errorf("%s: accepted, want %s", what, want)
	case r != nil && r.Code != want:
		t.Errorf("%s: refused with %s (%s), want %q", what, r.Code, r.Text, want)
	case r != nil && r.Text == "":
		t.Errorf("%s: refused without a sentence", what)
	}
}

func TestW33_AcceptingStartsTheContract(t *testing.T) {
	x := active(t)
	c := x.rows[Ref{ContractScope(kon), KindContract, string(kon)}].(*Contract)
	if c.Status != Active || c.Freelancer != free || c.FreelancerName != "freelancer" || c.ClientName != "client" { // P-01: their accounts' names, whatever a program says
		t.Errorf("contract is %+v", c)
	}
	room := x.rows[Ref{RoomScope(raum), KindRoom, string(raum)}].(*Room)
	if room.Kind != ContractRoom { // M-03
		t.Errorf("room is a %s room", room.Kind)
	}
	for _, who := range []AccountID{cli, free} {
		if m := x.rows[Ref{RoomScope(raum), KindMember, string(who)}].(*Member); m.Name != string(who) {
			t.Errorf("%s is in the room as %q", who, m.Name)
		}
	}
	for _, s := range []Scope{ContractScope(kon), RoomScope(raum)} {
		if _, ok := x.rows[Ref{AccountScope(free), KindGrant, string(s)}]; !ok {
			t.Errorf("the freelancer has no grant for %s", s)
		}
	}
	if _, ok := x.rows[Ref{AccountScope(free), KindGrant, string(ClientScope(kon))}]; ok {
		t.Error("the freelancer may read the client's side")
	}
}

func TestW33_FirstAnswerWins(t *testing.T) {
	for _, c := range []struct {
		what string
		who  AccountID
		cmd  Command
		at   time.Duration
		want Code
	}{
		{"a second acceptance", odd, AcceptContract{Contract: kon, Room: raum, Who: odd, Name: "Odd", Secret: "secret-secret"}, 2 * time.Hour, Moved},
		{"declining an accepted offer", free, DeclineContract{Contract: kon, Who: free, Secret: "secret-secret"}, 2 * time.Hour, Moved},
		{"a wrong secret", odd, AcceptContract{Contract: kon, Room: raum, Who: odd, Name: "Odd", Secret: "guess-guess-guess"}, 2 * time.Hour, NoAccess},
		{"in another's name", odd, accept(), 2 * time.Hour, NoAccess},
	} {
		wantCode(t, c.what, active(t).do(t, c.who, "x", noon.Add(c.at), c.cmd), c.want)
	}
	x := offered(t)
	wantCode(t, "one's own offer", x.do(t, cli, "x", noon, AcceptContract{Contract: kon, Room: raum, Who: cli, Name: "Mara", Secret: "secret-secret"}), ClientOnly)
	wantCode(t, "after 14 days", x.do(t, free, "x", noon.Add(InvitationLife+time.Second), accept()), Expired)
	wantCode(t, "within 14 days", x.do(t, free, "x", noon.Add(InvitationLife-time.Second), accept()), "")
}

func TestU12_InvitationForOneAddress(t *testing.T) {
	x := newTable()
	for _, who := range []AccountID{cli, free, odd} {
		x.rows[Ref{AccountScope(who), KindAccount, string(who)}] = &Account{Email: strings.ToUpper(string(who)) + "@x.example"}
	}
	o := goodOffer()
	o.Email = "freelancer@x.example"
	wantCode(t, "offer", x.do(t, cli, string(kon), noon, o), "")
	wantCode(t, "another address", x.do(t, odd, "x", noon, AcceptContract{Contract: kon, Room: raum, Who: odd, Name: "Odd", Secret: "secret-secret"}), WrongAddress)
	wantCode(t, "the address, whatever its case", x.do(t, free, "x", noon, accept()), "")
}

func TestW32_OfferIsCheckedFieldByField(t *testing.T) {
	for field, spoil := range map[string]func(*CreateContract){
		"title":        func(c *CreateContract) { c.Title = " \u200b " },
		"name":         func(c *CreateContract) { c.Name = "two\nlines" },
		"rate":         func(c *CreateContract) { c.Terms.Rate = 0 },
		"currency":     func(c *CreateContract) { c.Terms.Currency = "euro" },
		"limit":        func(c *CreateContract) { c.Terms.Limit = 169 * 3600 },
		"shots":        func(c *CreateContract) { c.Terms.Shots = "" }, // W-27: nothing is preset
		"idle_minutes": func(c *CreateContract) { c.Terms.IdleMinutes = 31 },
		"email":        func(c *CreateContract) { c.Email = "not an address" },
		"invitation":   func(c *CreateContract) { c.Invitation = strings.ToUpper(c.Invitation) },
		"activities":   func(c *CreateContract) { c.Activities[1].Code = "MAP SCREEN" },
		"code":         func(c *CreateContract) { c.Activities[0].Code = strings.Repeat("x", MaxCode+1) },
	} {
		c := goodOffer()
		spoil(&c)
		r := c.Check()
		if r == nil || r.Field != field {
			t.Errorf("%s: answered %+v", field, r)
		}
	}
}

func TestM22_OnlyMembersWrite(t *testing.T) {
	x := active(t)
	say := func(who AccountID, text string) *Refusal {
		return x.do(t, who, "m-"+string(who), noon, SendMessage{Room: raum, Text: text})
	}
	wantCode(t, "the client", say(cli, "hello"), "")
	wantCode(t, "the freelancer", say(free, "hello"), "")
	wantCode(t, "a stranger", say(odd, "hello"), NoAccess)
	wantCode(t, "nothing", say(cli, " \n\t\u200b"), BadInput)
	wantCode(t, "the longest", say(cli, strings.Repeat("ä", MaxMessage)), "")
	wantCode(t, "one more", say(cli, strings.Repeat("ä", MaxMessage+1)), BadInput)
	wantCode(t, "not UTF-8", say(cli, "\xff"), BadInput)
	x.rows[Ref{RoomScope(raum), KindRoom, string(raum)}] = &Room{Kind: ContractRoom, Archived: true}
	wantCode(t, "an archived room", say(cli, "hello"), RoomArchived)
	x.unheld[RoomScope(raum)] = true
	wantCode(t, "a room that this copy cannot judge", say(odd, "hello"), "")
}

func TestF04_FilesOfAMessage(t *testing.T) {
	file := func(size int64, name string) FileRef {
		return FileRef{ID: FileID(newFileID(name)), Name: name, Size: size, Type: "text/plain"}
	}
	for _, c := range []struct {
		what  string
		files []FileRef
		want  Code
	}{
		{"at the limit", []FileRef{file(MaxFileSize, "a")}, ""},
		{"one byte more", []FileRef{file(MaxFileSize+1, "a")}, TooLarge},
		{"empty", []FileRef{file(0, "a")}, BadInput},
		{"a path as name", []FileRef{file(1, "../a")}, BadInput},
		{"eleven", []FileRef{file(1, "a"), file(1, "b"), file(1, "c"), file(1, "d"), file(1, "e"), file(1, "f"), file(1, "g"), file(1, "h"), file(1, "i"), file(1, "j"), file(1, "k")}, BadInput},
	} {
		wantCode(t, c.what, active(t).do(t, cli, "m", noon, SendMessage{Room: raum, Files: c.files}), c.want)
	}
}

func newFileID(name string) string { return "f-" + InvitationID(name)[:8] }

func TestA09_OnlyTheClientNamesActivities(t *testing.T) {
	x := active(t)
	set := func(who AccountID, id ActivityID, code string, archived bool) *Refusal {
		return x.do(t, who, "s", noon, SetActivity{Contract: kon, ID: id, Code: code, Archived: archived})
	}
	wantCode(t, "the freelancer", set(free, "new", "Mine", false), ClientOnly)
	wantCode(t, "a stranger", set(odd, "new", "Mine", false), NoAccess)
	wantCode(t, "a taken code", set(cli, "new", "mAP sCREEN", false), CodeTaken)
	wantCode(t, "renaming to its own code", set(cli, "map", "Map Screen", false), "")
	wantCode(t, "archiving", set(cli, "review", "Review", true), "")
	if a := x.rows[Ref{ContractScope(kon), KindActivity, "review"}].(*Activity); a.Archived == 0 {
		t.Error("not archived")
	}
	wantCode(t, "restoring", set(cli, "review", "Review", false), "")
	if a := x.rows[Ref{ContractScope(kon), KindActivity, "review"}].(*Activity); a.Archived != 0 {
		t.Error("not restored")
	}
}

func sliceOf(rev int64, from, to time.Time, act ActivityID) Slice {
	return Slice{ID: "s1", Rev: rev, Freelancer: free, Contract: kon, Device: "d", Boot: "b", Seq: 1, Start: from.Unix(), End: to.Unix(), Activity: act,
		Memo: "first work", Kind: Tracked}
}

func TestT21_ReportsOfASlice(t *testing.T) {
	x := active(t)
	from := noon.Add(2 * time.Hour)
	report := func(who AccountID, s Slice, at time.Time) *Refusal {
		return x.do(t, who, "c", at, ReportSlice{Week: WeekOf(time.Unix(s.Start, 0)).String(), Slice: s})
	}
	ref := Ref{DiaryScope(kon, "2026-11-16"), KindSlice, "s1"}
	wantCode(t, "first report", report(free, sliceOf(2, from, from.Add(10*time.Minute), "map"), from.Add(10*time.Minute)), "")
	wantCode(t, "an older report", report(free, sliceOf(1, from, from.Add(5*time.Minute), "map"), from.Add(11*time.Minute)), "")
	if s := x.rows[ref].(*Slice); s.Rev != 2 || s.Seconds() != 600 {
		t.Errorf("an older report replaced the newer: %+v", s)
	}
	wantCode(t, "by the client", report(cli, sliceOf(3, from, from.Add(20*time.Minute), "map"), from.Add(20*time.Minute)), FreelancerOnly)
	wantCode(t, "by a stranger", report(odd, sliceOf(3, from, from.Add(20*time.Minute), "map"), from.Add(20*time.Minute)), NoAccess)
	wantCode(t, "in the future", report(free, sliceOf(3, from, from.Add(20*time.Minute), "map"), from.Add(14*time.Minute)), InFuture)
	foreign := sliceOf(3, from, from.Add(time.Minute), "nowhere")
	foreign.ID = "s2"
	wantCode(t, "a foreign activity", report(free, foreign, from.Add(time.Hour)), ActivityGone)
	blank := sliceOf(3, from, from.Add(time.Minute), "map")
	blank.Memo = "  "
	wantCode(t, "without a memo", report(free, blank, from.Add(time.Hour)), MemoEmpty) // T-02
	if _, ok := x.rows[Ref{ContractScope(kon), KindWeek, "2026-11-16"}]; !ok {
		t.Error("readers of the contract are not told of the week")
	}
}

func TestA10_TimeUnderAnArchivedActivityStays(t *testing.T) {
	x := active(t)
	from := noon.Add(2 * time.Hour)
	wantCode(t, "archive", x.do(t, cli, "s", from.Add(5*time.Minute), SetActivity{Contract: kon, ID: "map", Code: "Map screen", Archived: true}), "")
	wantCode(t, "report", x.do(t, free, "c", from.Add(time.Hour), ReportSlice{Week: "2026-11-16", Slice: sliceOf(1, from, from.Add(10*time.Minute), "map")}), "")
	s := x.rows[Ref{DiaryScope(kon, "2026-11-16"), KindSlice, "s1"}].(*Slice)
	if s.Activity != "map" || len(s.Flags) != 1 || s.Flags[0] != FlagCodeInactive {
		t.Errorf("kept as %+v", s)
	}
}

func TestT06_MinutesOnlyGrow(t *testing.T) {
	n := func(v uint16) *uint16 { return &v }
	x := active(t)
	from := noon.Add(2 * time.Hour)
	cell := from.Unix() / 600
	in := func(keys uint16) []CellInput {
		return []CellInput{{Device: "d", Cell: cell, Minutes: []Minute{{At: cell * 10, Keys: n(keys), Clicks: n(1), Scroll: n(0), Moved: 3}}}}
	}
	for _, keys := range []uint16{40, 12} { // the second is a replay of an older report
		wantCode(t, "report", x.do(t, free, "c", from.Add(time.Hour), ReportSlice{Week: "2026-11-16", Slice: sliceOf(1, from, from.Add(time.Minute), "map"), Input: in(keys)}), "")
	}
	got := x.rows[Ref{DiaryScope(kon, "2026-11-16"), KindInput, CellID("d", cell)}].(*CellInput)
	if len(got.Minutes) != 1 || *got.Minutes[0].Keys != 40 {
		t.Errorf("minutes are %+v", got.Minutes)
	}
}

// blurred begins as a JPEG does.
var blurred = []byte{0xff, 0xd8, 0xff, 0xe0, 1, 2, 3}

func TestT07_AShotFollowsThePolicy(t *testing.T) {
	from := noon.Add(2 * time.Hour)
	shot := func(file FileID, seed []byte) AddShot {
		return AddShot{Week: "2026-11-16", Who: free, Shot: Shot{Slice: "s1", Contract: kon, Device: "d", Cell: from.Unix() / 600, At: from.Unix(), File: file, Seed: seed}}
	}
	for _, c := range []struct {
		policy ShotPolicy
		cmd    AddShot
		want   Code
	}{
		{ShotsFull, shot("pic", nil), ""}, {ShotsFull, shot("", blurred), ""},
		{ShotsBlurred, shot("pic", nil), Moved}, {ShotsBlurred, shot("", blurred), ""},
		{ShotsNone, shot("pic", nil), Moved}, {ShotsNone, shot("", blurred), Moved},
	} {
		x := active(t)
		k := x.rows[Ref{ContractScope(kon), KindContract, string(kon)}].(*Contract)
		k.Terms.Shots = c.policy
		wantCode(t, "report", x.do(t, free, "c", from.Add(time.Hour), ReportSlice{Week: "2026-11-16", Slice: sliceOf(1, from, from.Add(10*time.Minute), "map")}), "")
		wantCode(t, string(c.policy), x.do(t, free, "c", from.Add(time.Hour), c.cmd), c.want)
		wantCode(t, "the client adds none", x.do(t, cli, "c", from.Add(time.Hour), c.cmd), FreelancerOnly)
	}
	wantCode(t, "a shot without its slice", active(t).do(t, free, "c", from.Add(time.Hour), shot("pic", nil)), Gone)
}

func TestI20_MarkersJoinInAnyOrder(t *testing.T) {
	list := []Marker{{N: 3, E: 0, Head: 3}, {N: 9, E: 0, Head: 9}, {N: 2, E: 1, Head: 9}, {N: 4, E: 1, Head: 9}}
	for _, order := range [][]int{{0, 1, 2, 3}, {3, 2, 1, 0}, {1, 3, 0, 2}, {2, 0, 3, 1}, {3, 3, 0, 3}} {
		x := newTable()
		for _, i := range order {
			m := list[i]
			wantCode(t, "marker", x.do(t, free, "c", noon, SetMarker{Room: raum, Who: free, N: m.N, E: m.E, Head: m.Head}), "")
		}
		got := x.rows[Ref{AccountScope(free), KindMarker, string(raum)}].(*Marker)
		if got.N != 4 || got.E != 1 {
			t.Errorf("order %v ends at %+v", order, got)
		}
	}
	wantCode(t, "another's marker", newTable().do(t, odd, "c", noon, SetMarker{Room: raum, Who: free}), NoAccess)
}

func TestI21_UnknownFieldsSurvive(t *testing.T) {
	body := []byte(`{"author":"a","text":"t","at":5,"later":{"deep":[1,2]},"files":null}`)
	m, err := Decode(KindMessage, body)
	if err != nil {
		t.Fatal(err)
	}
	out, err := Encode(m)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(out), `"later":{"deep":[1,2]}`) {
		t.Errorf("a newer field was dropped: %s", out)
	}
	if f, err := Decode(KindFile, []byte(`{"id":"x","name":"n","size":1,"type":"t","author":"a","new":1}`)); err != nil || len(f.(*File).Unknown) != 1 {
		t.Errorf("fields of an embedded struct count as unknown: %+v %v", f, err)
	}
}

func TestSafeName(t *testing.T) {
	for in, want := range map[string]string{
		"report.pdf": "report.pdf", "../../etc/passwd": "passwd", `C:\x\y.txt`: "y.txt", "a\u202egnp.exe": "agnp.exe", "CON.txt": "_CON.txt",
		"  . ": "file", "a:b?.txt": "a_b_.txt", "": "file", "tab\there": "tabhere", strings.Repeat("ä", 300) + ".tar": strings.Repeat("ä", 98) + ".tar",
		"COM1": "_COM1", "x.": "x", "\xff.txt": "_.txt",
		".env": ".env", "..env": ".env", " .env.": ".env", ". .x": ".x", "...": "file", ".tar.gz": ".tar.gz", ".con": ".con", `.\..\.ssh`: ".ssh", ". .": "file",
		"." + strings.Repeat("x", 300) + ".pdf": "." + strings.Repeat("x", 195) + ".pdf", ".<b>": "._b_", "\u202e.env": ".env", "-rf": "-rf",
	} {
		if got := SafeName(in); got != want {
			t.Errorf("SafeName(%q) = %q, want %q", in, got, want)
		}
		if got := SafeName(SafeName(in)); got != SafeName(in) {
			t.Errorf("SafeName is not stable for %q: %q", in, got)
		}
	}
}

func TestEveryOpIsInTheTable(t *testing.T) {
	for _, c := range []Command{SendMessage{}, EditMessage{}, DeleteMessage{}, React{}, DeleteFile{}, SetMarker{}, SetPref{}, SetBookmark{}, SetNotices{}, SetAway{}, MakeReport{}, SetBlock{}, CreateDirect{}, CreateRoom{}, RenameRoom{}, ArchiveRoom{}, AddMember{}, RemoveMember{}, LeaveRoom{}, SetRole{}, HandOver{}, CreateContract{}, AskOffer{}, AcceptContract{}, DeclineContract{}, SetActivity{}, ReportSlice{}, AddShot{}, MarkTime{}, CutTime{}, AddTime{}, SetLease{}, CloseWeek{}, ChangeTerms{}, PauseContract{}, EndContract{}, LowerRate{}, ApproveTime{}, DisputeWeek{}, NoteLooks{}} {
		info, ok := Ops[c.Op()]
		if !ok {
			t.Errorf("%s is not in the table", c.Op())
			continue
		}
		args, err := EncodeCommand(c)
		if err != nil {
			t.Fatal(err)
		}
		back, err := DecodeCommand(c.Op(), info.V, args)
		if err != nil || back.Op() != c.Op() {
			t.Errorf("%s does not come back: %v", c.Op(), err)
		}
		if _, err := DecodeCommand(c.Op(), info.V+1, args); err == nil {
			t.Errorf("%s: a newer version was taken for a known one", c.Op())
		}
		if len(c.Scopes()) > 4 {
			t.Errorf("%s declares %d scopes", c.Op(), len(c.Scopes()))
		}
		if c.Check() == nil {
			t.Errorf("%s: empty arguments pass the check", c.Op())
		}
	}
}
