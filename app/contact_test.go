package app

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"trestle/internal/workroom"
)

const mailed = "Write to mara@studio.design, dear 🦦"

// codeOfErr is the code an error carries.
func codeOfErr(err error) workroom.Code {
	var r *workroom.Refusal
	if errors.As(err, &r) {
		return r.Code
	}
	var f *Failure
	if errors.As(err, &f) {
		return workroom.Code(f.Code)
	}
	return ""
}

// P-01, P-04, P-06: before the answer to an offer contact details are held back here until a reason is named, which the reader sees; after
// it they go out.
func TestP04_HeldBackUntilAReasonIsNamed(t *testing.T) {
	t.Parallel()
	_, client, freelancer, offer, link := offered(t)
	l, err := (&Rooms{client}).List()
	if err != nil || len(l.Rooms) != 1 {
		t.Fatalf("%+v %v", l, err)
	}
	room := l.Rooms[0].ID
	v, err := (&Contact{client}).Look(ContactIn{Room: room, Text: mailed})
	if err != nil || v.Free || v.Mode != "ask" || len(v.Finds) != 1 || v.Finds[0] != (FindRow{From: 9, To: 27, Kind: "email"}) || len(v.Reasons) != 4 {
		t.Fatalf("%+v %v", v, err)
	}
	if _, err := (&Rooms{client}).Send(SendIn{Room: room, Text: mailed}); codeOfErr(err) != workroom.ContactDetails {
		t.Fatalf("it was taken: %v", err)
	}
	if n, err := client.session.notSent(); err != nil || len(n.Rows)+len(n.Waiting) > 0 {
		t.Errorf("something of it waits: %+v %v", n, err)
	}
	sent, err := (&Rooms{client}).Send(SendIn{Room: room, Text: mailed, Reason: "legal"})
	if err != nil || sent.Contact != "legal" {
		t.Fatalf("%+v %v", sent, err)
	}
	if _, err := (&Rooms{client}).Reword(RewordIn{Room: room, Message: sent.ID, Text: mailed + " or +49 151 23456789"}); err != nil {
		t.Errorf("the reason does not hold for an edit: %v", err)
	}
	arrived(t, client)
	if a, err := (&Contracts{freelancer}).Accept(InviteIn{Link: link, Rev: offer.Rev}); err != nil || a.Status != "active" {
		t.Fatalf("%+v %v", a, err)
	}
	arrived(t, freelancer)
	w, err := (&Rooms{freelancer}).Newest(RoomIn{room})
	if err != nil || len(w.Messages) != 1 || w.Messages[0].Contact != "legal" {
		t.Fatalf("what the reader sees: %+v %v", w.Messages, err)
	}
	if v, err := (&Contact{freelancer}).Look(ContactIn{Room: room, Text: mailed}); err != nil || !v.Free || len(v.Finds) > 0 {
		t.Errorf("after the contract began: %+v %v", v, err)
	}
	if _, err := (&Rooms{freelancer}).Send(SendIn{Room: room, Text: mailed}); err != nil {
		t.Errorf("after the contract began: %v", err)
	}
}

// P-01: the codes of an offer, which its link shows, hold none either; nothing of them waits to be refused by the service.
func TestP01_CodesOfAnOfferAreLookedInto(t *testing.T) {
	t.Parallel()
	_, client, _, _, _ := offered(t)
	rows, err := client.session.replica.Contracts(t.Context())
	if err != nil || len(rows) != 1 {
		t.Fatal(rows, err)
	}
	for about, want := range map[string]workroom.Code{"Maps in the style of 2015": "", mailed: workroom.ContactDetails} {
		if _, err := (&Contracts{client}).SetActivity(ActivityIn{Contract: rows[0].ID, Code: "Draw" + string(want), About: about}); codeOfErr(err) != want {
			t.Errorf("%q: %v", about, err)
		}
	}
	if n, err := client.session.notSent(); err != nil || len(n.Rows) > 0 {
		t.Errorf("something of it waits: %+v %v", n, err)
	}
}

// P-05, P-06: without the service the last that was heard counts: of the contract, and of the mode.
func TestP05_OfflineWhatWasLastHeard(t *testing.T) {
	t.Parallel()
	h, client, _, _, _ := offered(t)
	l, _ := (&Rooms{client}).List()
	room := l.Rooms[0].ID
	client.session.askPolicies(t.Context())
	h.stop() // before the words put into its mouth, so that it cannot answer after them
	if news, err := client.session.policy.hear(workroom.ContactRefuse); !news || err != nil {
		t.Fatal(news, err)
	}
	again := openPolicies(client.session.dir)
	if again.mode() != workroom.ContactRefuse {
		t.Errorf("the mode was forgotten: %s", again.mode())
	}
	send := func(reason string) workroom.Code {
		_, err := (&Rooms{client}).Send(SendIn{Room: room, Text: mailed, Reason: reason})
		return codeOfErr(err)
	}
	if got := []workroom.Code{send(""), send("not_contact"), send("access")}; !slices.Equal(got, []workroom.Code{workroom.ContactDetails, workroom.ContactDetails, ""}) {
		t.Errorf("refuse: %q", got)
	}
	if _, err := client.session.policy.hear(workroom.ContactOff); err != nil || send("") != "" {
		t.Errorf("off: %v", err)
	}
	if openPolicies(t.TempDir()).mode() != workroom.ContactAsk {
		t.Error("where nothing was heard yet one is asked")
	}
}

// chooses sets the mode at the service, as its administrator does.
func (h *house) chooses(m workroom.ContactMode) {
	h.t.Helper()
	db, err := sql.Open("sqlite3", filepath.Join(h.dir, "service.db")+"?_busy_timeout=5000")
	if err != nil {
		h.t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`INSERT INTO meta (k, v) VALUES ('setting.contact', ?) ON CONFLICT (k) DO UPDATE SET v = excluded.v`, string(m)); err != nil {
		h.t.Fatal(err)
	}
}

// P-05: what an administrator chose since is heard while one writes what it decides about, and not ten minutes later.
func TestP05_AnotherModeIsHeardWhileOneWrites(t *testing.T) {
	t.Parallel()
	h, client, _, _, _ := offered(t)
	l, _ := (&Rooms{client}).List()
	client.session.policy.mu.Lock()
	client.session.policy.every = 0
	client.session.policy.mu.Unlock()
	for _, mode := range []workroom.ContactMode{workroom.ContactRefuse, workroom.ContactOff, workroom.ContactAsk} {
		h.chooses(mode)
		eventually(t, "the mode "+string(mode)+" is heard", func() bool {
			v, err := (&Contact{client}).Look(ContactIn{Room: l.Rooms[0].ID, Text: mailed})
			return err == nil && v.Mode == string(mode)
		})
	}
}

// P-01, P-12: names of files and text files are looked into here as well; a document that cannot be is worth a word, once.
func TestP12_FilesBeforeAContract(t *testing.T) {
	t.Parallel()
	_, client, _, _, _ := offered(t)
	l, _ := (&Rooms{client}).List()
	room := l.Rooms[0].ID
	dir := t.TempDir()
	take := func(name, body string) string {
		t.Helper()
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := (&Verbs{client}).Take(TakeIn{Room: room, Paths: []string{p}})
		if err != nil || len(s.Files) != 1 {
			t.Fatalf("%+v %v", s, err)
		}
		return s.Files[0].ID
	}
	look := func(id string) ContactView {
		t.Helper()
		v, err := (&Contact{client}).Look(ContactIn{Room: room, Files: []string{id}})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	cv, fine, pdf := take("cv.txt", mailed), take("plan.md", "# Plan\n12 pages"), take("cv.pdf", "%PDF-1.4 "+mailed)
	if v := look(cv); len(v.Files) != 1 || v.Files[0] != "cv.txt" || v.Remind {
		t.Errorf("%+v", v)
	}
	if v := look(fine); len(v.Files) > 0 || v.Remind {
		t.Errorf("%+v", v)
	}
	if v := look(pdf); len(v.Files) > 0 || !v.Remind {
		t.Errorf("%+v", v)
	}
	if err := (&Contact{client}).Reminded(); err != nil || look(pdf).Remind {
		t.Errorf("reminded twice: %v", err)
	}
	for id, want := range map[string]workroom.Code{cv: workroom.ContactDetails, fine: "", pdf: ""} {
		if _, err := (&Rooms{client}).Send(SendIn{Room: room, Files: []string{id}}); codeOfErr(err) != want {
			t.Errorf("%s: %v", id, err)
		}
	}
}

// P-01: an offer's words are read before its answer.
func TestP01_AnOfferIsHeldBack(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	client := h.desk("Mara")
	offers := func(reason string) error {
		_, err := (&Contracts{client}).Create(NewContractIn{ID: newID(), Title: "Harbour Map", About: mailed, Reason: reason,
			Terms: TermsView{Rate: 5200, Currency: "EUR", Shots: "none", IdleMinutes: 10}, Activities: []ActivityIn{}})
		return err
	}
	if err := offers(""); codeOfErr(err) != workroom.ContactDetails {
		t.Errorf("it was offered: %v", err)
	}
	if err := offers("legal"); err != nil {
		t.Error(err)
	}
}

// P-13, P-14: a link that makes an appointment and a pasted key are asked about, wherever.
func TestP14_AskedBeforeItIsSent(t *testing.T) {
	t.Parallel()
	_, client, _, room := twoInRoom(t)
	kinds := func(text string) (out []string) {
		v, err := (&Contact{client}).Look(ContactIn{Room: room, Text: text})
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range v.Asks {
			out = append(out, a.Kind)
		}
		return out
	}
	if got := kinds("password: hunter2! at https://calendly.com/mara/30"); !slices.Equal(got, []string{"secret"}) {
		t.Errorf("in a contract's room: %v", got)
	}
}

// P-17, P-18: what a reader is told under a message, before a contract and within one.
func TestP17_HintsForTheReader(t *testing.T) {
	t.Parallel()
	_, client, freelancer, room := twoInRoom(t)
	say := func(c *Core, text string) {
		t.Helper()
		if _, err := (&Rooms{c}).Send(SendIn{Room: room, Text: text}); err != nil {
			t.Fatal(err)
		}
		arrived(t, c)
	}
	say(freelancer, "What is your phone number?")
	say(freelancer, "We can pay outside the platform")
	say(freelancer, "Can you pay me upfront?")
	say(freelancer, "Good morning")
	arrived(t, client)
	hints := func(c *Core) string {
		t.Helper()
		w, err := (&Rooms{c}).Newest(RoomIn{room})
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, m := range w.Messages {
			out = append(out, m.Hint)
		}
		return strings.Join(out, ",")
	}
	if got := hints(client); got != ",pays,," {
		t.Errorf("within a contract: %q", got)
	}
	if got := hints(freelancer); got != ",,," {
		t.Errorf("under one's own: %q", got)
	}
}

// P-06, P-17, P-18: in a group with somebody whom one has no contract with.
func TestP17_HintsAmongStrangers(t *testing.T) {
	t.Parallel()
	h, client, esme, _ := twoInRoom(t)
	bob := h.desk("Bob")
	made, err := (&Contracts{client}).Create(NewContractIn{ID: newID(), Title: "Rigging", Activities: []ActivityIn{},
		Terms: TermsView{Rate: 5200, Currency: "EUR", Shots: "none", IdleMinutes: 10}})
	if err != nil {
		t.Fatal(err)
	}
	arrived(t, client)
	o, err := (&Contracts{bob}).Look(InviteIn{Link: made.Link})
	if err != nil {
		t.Fatal(err)
	}
	if a, err := (&Contracts{bob}).Accept(InviteIn{Link: made.Link, Rev: o.Rev}); err != nil || a.Status != "active" {
		t.Fatalf("%+v %v", a, err)
	}
	for _, c := range []*Core{bob, client} {
		arrived(t, c)
	}
	g, err := (&Rooms{client}).New(NewRoomIn{Name: "All of us", People: []string{string(esme.session.me()), string(bob.session.me())}, Whole: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []*Core{client, esme, bob} {
		arrived(t, c)
	}
	for _, x := range []struct {
		who  *Core
		text string
		why  string
		want workroom.Code
	}{
		{client, mailed, "", ""}, {bob, mailed, "", workroom.ContactDetails}, {bob, "What is your phone number, Esme?", "not_contact", ""}, {bob, "Can you pay me upfront?", "", ""},
	} {
		if _, err := (&Rooms{x.who}).Send(SendIn{Room: g.Room, Text: x.text, Reason: x.why}); codeOfErr(err) != x.want {
			t.Errorf("%q: %v", x.text, err)
		}
		arrived(t, x.who)
	}
	arrived(t, esme)
	w, err := (&Rooms{esme}).Newest(RoomIn{g.Room})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range w.Messages {
		got = append(got, m.Name+" "+m.Hint+" "+m.Contact)
	}
	if want := []string{"Mara  ", "Bob asks not_contact", "Bob pays "}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if err := (&Rooms{bob}).Rename(RenameIn{Room: g.Room, Name: "mail bob@studio.design"}); err == nil {
		t.Error("a room was named by an address")
	}
}

// P-05, P-15: the administrator's verbs, while the service runs and while it does not.
func TestP05_AdminVerbs(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.desk("Mara")
	if code, out := verb(t, h.dir, "admin", "contact", "off"); code == 0 || !strings.Contains(out, "--at") {
		t.Errorf("beside a running service: %d %s", code, out)
	}
	h.stop()
	if code, out := verb(t, h.dir, "admin", "contact", "refuse"); code != 0 || !strings.Contains(out, "refuse") {
		t.Errorf("%d %s", code, out)
	}
	if code, out := verb(t, h.dir, "admin", "business", "mara@x.example"); code != 0 || !strings.Contains(out, "is a Business client") {
		t.Errorf("%d %s", code, out)
	}
	if code, out := verb(t, h.dir, "admin", "business", "nobody@x.example"); code == 0 {
		t.Errorf("nobody was marked: %s", out)
	}
}

func verb(t *testing.T, data string, args ...string) (int, string) {
	t.Helper()
	var out strings.Builder
	code := Run(t.Context(), append([]string{"--data", data}, args...), strings.NewReader(""), &out, &out)
	return code, out.String()
}
