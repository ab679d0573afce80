package service

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// P-21: what was reported stays readable for the administrator with five messages around it, whatever becomes of it after; the reporter sees what
// came of it, and nobody else that there was a report.
func TestP21_WhatWasReportedIsKept(t *testing.T) {
	s, c := start(t, Config{Now: inSlice})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	for _, id := range []string{"m1", "m2", "m3", "m4", "m5", "m6"} {
		anna.does(id, say("r1", "words of "+id))
	}
	ben.does("bad", say("r1", "first words"))
	ben.does("edit", workroom.EditMessage{Room: "r1", Message: "bad", Text: "send me gift cards"})
	for _, id := range []string{"n1", "n2", "n3", "n4", "n5", "n6"} {
		anna.does(id, say("r1", "words of "+id))
	}
	report := workroom.MakeReport{Who: anna.id, Person: ben.id, Name: "Ben", Room: "r1", Message: "bad", Reason: workroom.AsksToSpend, Note: "twice now"}
	anna.does("rep", report)
	ben.does("edit2", workroom.EditMessage{Room: "r1", Message: "bad", Text: "nothing"})
	ben.does("delete", workroom.DeleteMessage{Room: "r1", Message: "bad"})
	list, err := s.Reports(t.Context(), ReportsIn{})
	if err != nil || len(list) != 1 || list[0].By != "anna" || list[0].About != "ben" || list[0].Kept != nil || list[0].Note != "twice now" {
		t.Fatalf("%+v, %v", list, err)
	}
	r, err := s.LookReport(t.Context(), ReportIn{Handle: s.handle(t, "rep")})
	if err != nil || len(r.Kept) != 11 {
		t.Fatalf("%d messages are kept, %v", len(r.Kept), err)
	}
	bad := r.Kept[5]
	if !bad.Reported || bad.Text != "send me gift cards" || len(bad.Before) != 1 || bad.Before[0] != "first words" || r.Kept[0].ID != "m2" || r.Kept[10].ID != "n5" {
		t.Errorf("kept %+v", r.Kept)
	}
	if err := s.DecideReport(t.Context(), ReportIn{Handle: s.handle(t, "rep"), Outcome: workroom.Warned, Text: "Do not ask for gift cards."}); err != nil {
		t.Fatal(err)
	}
	if err := s.DecideReport(t.Context(), ReportIn{Handle: s.handle(t, "rep"), Outcome: workroom.Dismissed}); err == nil {
		t.Error("decided twice")
	}
	own := func(p *person, kind workroom.Kind) []wire.Thing {
		o, err := p.Open(t.Context(), wire.Open{Scopes: []workroom.Scope{workroom.AccountScope(p.id)}})
		if err != nil {
			t.Fatal(err)
		}
		var out []wire.Thing
		for _, x := range o.Scopes[0].Hot {
			if x.Kind == kind {
				out = append(out, x)
			}
		}
		return out
	}
	if mine := bodyOf[workroom.Report](t, own(anna, workroom.KindReport)[0]); mine.Outcome != workroom.Warned || mine.Decided == 0 || mine.Reason != workroom.AsksToSpend {
		t.Errorf("the reporter sees %+v", mine)
	}
	if len(own(ben, workroom.KindReport)) != 0 {
		t.Error("the reported one sees the report")
	}
	if a := bodyOf[workroom.Account](t, own(ben, workroom.KindAccount)[0]); a.Warned == nil || a.Warned.Text != "Do not ask for gift cards." || a.Name != "ben" {
		t.Errorf("the reported one reads %+v", a)
	}
	checkScope(t, s, workroom.AccountScope(anna.id))
	checkScope(t, s, workroom.AccountScope(ben.id))
}

// P-21: who deletes what they said before the report of it arrives leaves the administrator what the reporter's computer had, as such; what the
// service knows itself is not said twice.
func TestP21_DeletedBeforeTheReportArrives(t *testing.T) {
	s, c := start(t, Config{Now: inSlice})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	for id, x := range map[string]struct {
		then workroom.Command
		seen string
		want string
	}{
		"deleted": {workroom.DeleteMessage{Room: "r1", Message: "deleted"}, "bad words", "bad words"},
		"edited":  {workroom.EditMessage{Room: "r1", Message: "edited", Text: "nothing"}, "bad words", ""},
		"as-is":   {say("r1", "more"), "bad words", ""},
		"made-up": {say("r1", "more"), "worse words", "worse words"},
		"older":   {say("r1", "more"), "", ""}, // reported by a program that does not say what it saw
	} {
		ben.does(id, say("r1", "bad words"))
		ben.does("then-"+id, x.then)
		anna.does("rep-"+id, workroom.MakeReport{Who: anna.id, Person: ben.id, Name: "Ben", Room: "r1", Message: id, Reason: workroom.Threats, Seen: x.seen})
		r, err := s.LookReport(t.Context(), ReportIn{Handle: s.handle(t, "rep-"+id)})
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range r.Kept {
			if k.Reported && k.Claimed != x.want || !k.Reported && k.Claimed != "" {
				t.Errorf("%s: kept %+v", id, k)
			}
		}
	}
}

// P-21: a removed message says nothing any more, and says that it was not its author who took it away; its file goes too.
func TestP21_TheMessageIsRemoved(t *testing.T) {
	s, c := start(t, Config{Now: inSlice})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	ben.upload("f1", "r:r1", "a.png", noise(100, 1))
	if err := ben.Complete(t.Context(), "f1"); err != nil {
		t.Fatal(err)
	}
	ben.does("bad", workroom.SendMessage{Room: "r1", Text: "see this", Files: []workroom.FileRef{{ID: "f1", Name: "a.png", Size: 100}}})
	anna.does("rep", workroom.MakeReport{Who: anna.id, Person: ben.id, Name: "Ben", Room: "r1", Message: "bad", Reason: workroom.Scam})
	anna.does("rep2", workroom.MakeReport{Who: anna.id, Person: ben.id, Name: "Ben", Room: "r1", Reason: workroom.Scam})
	if err := s.DecideReport(t.Context(), ReportIn{Handle: s.handle(t, "rep"), Outcome: workroom.Removed}); err != nil {
		t.Fatal(err)
	}
	out, err := anna.Things(t.Context(), wire.ThingsOf{Scope: "r:r1", Kind: workroom.KindMessage, IDs: []string{"bad"}})
	if err != nil || len(out.Things) != 1 {
		t.Fatalf("%+v, %v", out, err)
	}
	if m := bodyOf[workroom.Message](t, out.Things[0]); m.Text != "" || m.Deleted == 0 || !m.Removed || m.Author != ben.id || len(m.Files) != 0 || out.Things[0].By != ben.id {
		t.Errorf("left is %+v", m)
	}
	if _, err := anna.Parts(t.Context(), "f1"); code(err) != workroom.NoAccess {
		t.Errorf("its file: %v", err)
	}
	if err := s.DecideReport(t.Context(), ReportIn{Handle: s.handle(t, "rep2"), Outcome: workroom.Removed}); err == nil {
		t.Error("a report about a person removed a message")
	}
	checkScope(t, s, "r:r1")
}

// U-14 P-21: a suspended account signs in and reads, and sees why; what it sends waits and is not refused, uploads too; let in again it goes out.
func TestU14_ASuspendedAccountReadsAndSendsNothing(t *testing.T) {
	s, c := start(t, Config{Now: inSlice})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	anna.does("rep", workroom.MakeReport{Who: anna.id, Person: ben.id, Name: "Ben", Room: "r1", Reason: workroom.Threats})
	if err := s.DecideReport(t.Context(), ReportIn{Handle: s.handle(t, "rep"), Outcome: workroom.Suspended, Text: " "}); err == nil {
		t.Error("suspended without a reason")
	}
	if err := s.DecideReport(t.Context(), ReportIn{Handle: s.handle(t, "rep"), Outcome: workroom.Suspended, Text: "Threats in Website."}); err != nil {
		t.Fatal(err)
	}
	waits := ben.command("m1", say("r1", "hello"))
	for _, x := range []wire.Command{waits, ben.command("g", workroom.CreateRoom{Room: "g1", Who: ben.id, Name: "N", As: "B"}), ben.command("p", workroom.MakeReport{Who: ben.id, Person: anna.id, Name: "A", Room: "r1", Reason: workroom.Scam})} {
		if r := ben.send(x)[0]; r.Status != wire.Later || r.Code != workroom.AccountClosed || !strings.Contains(r.Text, "Threats in Website.") {
			t.Errorf("%s: %+v", x.Op, r)
		}
	}
	ben.does("read", workroom.SetMarker{Room: "r1", N: 1, Who: ben.id})
	if _, err := ben.NewFile(t.Context(), wire.NewFile{ID: "f9", Scope: "r:r1", Name: "a.txt", Size: 1, Parts: []string{sha([]byte("x"))}}); code(err) != workroom.AccountClosed {
		t.Errorf("an upload: %v", err)
	}
	anna.does("m0", say("r1", "still here"))
	if got := ben.saw("r1", "m0"); len(got) != 1 {
		t.Errorf("ben reads %v", got)
	}
	if in, err := c.SignIn(t.Context(), wire.SignIn{Email: "ben@example.com", Password: goodPassword, Device: "d-new"}); err != nil || in.Account != ben.id {
		t.Errorf("signing in: %v", err)
	}
	if err := s.Suspend(t.Context(), SuspendIn{Email: "ben@example.com", Off: true}); err != nil {
		t.Fatal(err)
	}
	if r := ben.send(waits)[0]; r.Status != wire.OK {
		t.Errorf("let in again: %+v", r)
	}
	if err := s.Suspend(t.Context(), SuspendIn{Email: "nobody@example.com", Text: "x"}); err == nil {
		t.Error("nobody was suspended")
	}
}

// P-21: the operator's address answers a program with JSON, and a page in a browser never.
func TestP21_OnlyAProgramAsksForReports(t *testing.T) {
	s, c := start(t, Config{Now: inSlice})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	anna.does("rep", workroom.MakeReport{Who: anna.id, Person: ben.id, Name: "Ben", Room: "r1", Reason: workroom.Scam})
	look := `{"handle":"` + s.handle(t, "rep") + `"`
	for _, x := range []struct {
		path, body, origin, kind string
		status                   int
		says                     string
	}{
		{"/reports", `{}`, "", "application/json", 200, `"rep"`},
		{"/reports", `{}`, "http://elsewhere", "application/json", 403, ""},
		{"/reports", `{}`, "", "text/plain", 403, ""},
		{"/reports/look", look + "}", "", "application/json", 200, `"reason":"scam"`},
		{"/reports/look", `{"handle":"none"}`, "", "application/json", 404, "no such report"},
		{"/reports/decide", look + `,"outcome":"praised"}`, "", "application/json", 422, "dismissed"},
		{"/reports/decide", look + `,"outcome":"dismissed"}`, "", "application/json", 200, "{}"},
		{"/reports", `{}`, "", "application/json", 200, "[]"},
		{"/reports", `{"all":true}`, "", "application/json", 200, `"dismissed"`},
	} {
		q := httptest.NewRequest(http.MethodPost, x.path, strings.NewReader(x.body))
		q.Header.Set("Content-Type", x.kind)
		if x.origin != "" {
			q.Header.Set("Origin", x.origin)
		}
		w := httptest.NewRecorder()
		s.Admin().ServeHTTP(w, q)
		if w.Code != x.status || !strings.Contains(w.Body.String(), x.says) {
			t.Errorf("%s %s: %d %s", x.path, x.body, w.Code, w.Body)
		}
	}
}

// handle is the name of the first report under an id.
func (s *Service) handle(t *testing.T, id string) string {
	t.Helper()
	list, err := s.Reports(t.Context(), ReportsIn{All: true})
	must(t, err)
	for _, x := range list {
		if x.ID == id {
			return x.Handle
		}
	}
	t.Fatalf("there is no report %s", id)
	return ""
}

// P-21: two people may give their reports the same id, which each chooses; the administrator has a name for each of them, decides about the one
// they mean, and the other's author hears nothing of it. An id is no such name.
func TestP21_ReportsOfTheSameID(t *testing.T) {
	s, c := start(t, Config{Now: inSlice})
	anna, ben, cleo := gather(t, c)
	cleo.does("rep", workroom.MakeReport{Who: cleo.id, Person: anna.id, Name: "A", Room: "r2", Reason: workroom.FalseSkills})
	ben.does("rep", workroom.MakeReport{Who: ben.id, Person: anna.id, Name: "A", Room: "r1", Reason: workroom.Threats})
	list, err := s.Reports(t.Context(), ReportsIn{})
	if err != nil || len(list) != 2 || list[0].Handle == list[1].Handle {
		t.Fatalf("%+v, %v", list, err)
	}
	for _, x := range list {
		got, err := s.LookReport(t.Context(), ReportIn{Handle: x.Handle})
		if err != nil || got.Account != x.Account || got.Reason != x.Reason {
			t.Errorf("looked at %+v: %+v, %v", x, got, err)
		}
		if x.Account == ben.id {
			must(t, s.DecideReport(t.Context(), ReportIn{Handle: x.Handle, Outcome: workroom.Warned, Text: "Do not threaten."}))
		}
	}
	if _, err := s.LookReport(t.Context(), ReportIn{Handle: "rep"}); err == nil {
		t.Error("an id is a name")
	}
	for who, want := range map[*person]workroom.Outcome{ben: workroom.Warned, cleo: workroom.ReportOpen} {
		o, err := who.Open(t.Context(), wire.Open{Scopes: []workroom.Scope{workroom.AccountScope(who.id)}})
		must(t, err)
		for _, x := range o.Scopes[0].Hot {
			if x.Kind == workroom.KindReport {
				if r := bodyOf[workroom.Report](t, x); r.Outcome != want {
					t.Errorf("%s reads %q, want %q", who.id, r.Outcome, want)
				}
			}
		}
	}
}
