package app

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"trestle/internal/replica"
)

// TestI16_AnAccountTheServiceLost: somebody who came after the backup cannot come in once the service was restored. The refusal says what may
// have happened, and what had reached the service can be saved, signed out as well.
func TestI16_AnAccountTheServiceLost(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	backup := t.TempDir() + "/backup"
	h.backUp(backup)
	c := h.desk("Esme")
	own(t, c, "none")
	arrived(t, c)
	l, err := (&Rooms{c}).List()
	if err != nil || len(l.Rooms) != 1 {
		t.Fatalf("%+v %v", l, err)
	}
	write(t, c, l.Rooms[0].ID, "after the backup\nsecond line")
	arrived(t, c)
	const heading = "HAD REACHED THE SERVICE"
	if doc, err := (&Outbox{c}).Export(); err != nil || strings.Contains(doc.Text, heading) {
		t.Errorf("somebody signed in is told what the service has: %v\n%s", err, doc.Text)
	}
	h.stop()
	h.restore(backup)
	h.again()
	eventually(t, "the service does not know the account", func() bool { s, err := (&Shell{c}).Status(); return err == nil && s.State == "signedOut" })

	refused := func(email string) *Failure {
		_, err := (&Start{c}).SignIn(SignInIn{Address: h.url, Email: email, Password: secretOfTests})
		if err == nil {
			t.Fatalf("%s came in", email)
		}
		return AsFailure(err)
	}
	saved := func(from func() (Document, error)) {
		t.Helper()
		doc, err := from()
		if err != nil || !strings.Contains(doc.Text, heading) || !strings.Contains(doc.Text, "| after the backup\n   | second line\n") ||
			!strings.Contains(doc.Text, "Message · Otter Trails") {
			t.Errorf("%v\n%s", err, doc.Text)
		}
	}
	for _, way := range []string{"refused", "signed out"} {
		if way == "signed out" {
			if _, err := (&Start{c}).SignOut(); err != nil {
				t.Fatal(err)
			}
		} else {
			saved((&Outbox{c}).Export)
		}
		if f := refused("ESME@x.example"); f.Field != "password" || !strings.Contains(f.Message, "set back to an earlier state") || !strings.Contains(f.Message, "trestle outbox export") {
			t.Errorf("%s: %+v", way, f)
		}
		if f := refused("nobody@x.example"); f.Field != "password" || strings.Contains(f.Message, "set back") {
			t.Errorf("%s: %+v", way, f)
		}
		saved(func() (Document, error) { return (&Verbs{c}).Unsent(FormatIn{"text"}) })
		doc, err := (&Verbs{c}).Unsent(FormatIn{"json"})
		var out struct {
			Items []replica.UnsentItem
			Sent  []replica.Kept
		}
		if err != nil || json.Unmarshal([]byte(doc.Text), &out) != nil || len(out.Sent) != 2 || len(out.Items) != 2 ||
			out.Items[1].State != "had reached the service" || out.Items[1].Text != "after the backup\nsecond line" {
			t.Errorf("%s: %v %+v\n%s", way, err, out, doc.Text)
		}
	}
	// Whoever comes in is not somebody who left any more.
	if _, err := (&Start{c}).SignUp(SignUpIn{Address: h.url, Name: "Esme", Email: "esme@x.example", Password: secretOfTests}); err != nil {
		t.Fatal(err)
	}
	if doc, err := (&Outbox{c}).Export(); err != nil || strings.Contains(doc.Text, heading) {
		t.Errorf("%v\n%s", err, doc.Text)
	}
}

// TestT21_AllWhoSignedOutHere: nobody is signed in, and what each of them left is in the export, the last first; a folder that is gone keeps
// nobody else's words back.
func TestT21_AllWhoSignedOutHere(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	c := h.desk("Esme")
	leave := func(email, text string) {
		t.Helper()
		own(t, c, "none")
		arrived(t, c)
		l, err := (&Rooms{c}).List()
		if err != nil {
			t.Fatal(err)
		}
		h.stop()
		write(t, c, l.Rooms[0].ID, text)
		if _, err := (&Start{c}).SignOut(); err != nil {
			t.Fatal(err)
		}
		h.again()
	}
	leave("esme@x.example", "of the first")
	if doc, err := (&Verbs{c}).Unsent(FormatIn{"text"}); err != nil || !strings.Contains(doc.Text, "of the first") || strings.Contains(doc.Text, "signed out") {
		t.Errorf("one alone: %v\n%s", err, doc.Text)
	}
	first := c.state.get().Left[0]
	if _, err := (&Start{c}).SignUp(SignUpIn{Address: h.url, Name: "Mara", Email: "mara@x.example", Password: secretOfTests}); err != nil {
		t.Fatal(err)
	}
	leave("mara@x.example", "of the second")
	doc, err := (&Verbs{c}).Unsent(FormatIn{"text"})
	if err != nil {
		t.Fatal(err)
	}
	at := -1
	for _, part := range []string{"mara@x.example", "of the second", "esme@x.example", "of the first"} {
		i := strings.Index(doc.Text, part)
		if i < 0 || i < at {
			t.Errorf("%q stands at %d, after %d:\n%s", part, i, at, doc.Text)
		}
		at = i
	}
	type part struct {
		Email string
		Items []replica.UnsentItem
	}
	var out struct {
		part
		Others []part
	}
	doc, err = (&Verbs{c}).Unsent(FormatIn{"json"})
	if err != nil || json.Unmarshal([]byte(doc.Text), &out) != nil || out.Email != "mara@x.example" || len(out.Items) == 0 || len(out.Others) != 1 ||
		out.Others[0].Email != "esme@x.example" || len(out.Others[0].Items) == 0 {
		t.Errorf("%v %+v\n%s", err, out, doc.Text)
	}
	if err := os.RemoveAll(c.dirOf(state{Way: wayService, Service: first.Service, Account: first.Account})); err != nil {
		t.Fatal(err)
	}
	if doc, err := (&Verbs{c}).Unsent(FormatIn{"text"}); err != nil || !strings.Contains(doc.Text, "of the second") || strings.Contains(doc.Text, "of the first") {
		t.Errorf("one folder is gone: %v\n%s", err, doc.Text)
	}
}

// TestT21_WhoIsFollowedByAnother: whoever is followed by another account without having signed out left all the same, and is here again after
// signing in again.
func TestT21_WhoIsFollowedByAnother(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	c := h.desk("Esme")
	own(t, c, "none")
	for _, name := range []string{"Mara", "Noor"} {
		if _, err := (&Start{c}).SignUp(SignUpIn{Address: h.url, Name: name, Email: strings.ToLower(name) + "@x.example", Password: secretOfTests}); err != nil {
			t.Fatal(err)
		}
	}
	left := func() (out []string) {
		for _, w := range c.state.get().Left {
			out = append(out, w.Email)
		}
		return out
	}
	if got := left(); !slices.Equal(got, []string{"esme@x.example", "mara@x.example"}) {
		t.Errorf("left: %v", got)
	}
	if _, err := (&Start{c}).SignIn(SignInIn{Address: h.url, Email: "mara@x.example", Password: secretOfTests}); err != nil {
		t.Fatal(err)
	}
	if got := left(); !slices.Equal(got, []string{"esme@x.example", "noor@x.example"}) {
		t.Errorf("left: %v", got)
	}
}
