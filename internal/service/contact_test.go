package service

import (
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// verdict sends a command as a program that checks nothing would, and answers the code it is refused with; "" if it is taken.
func (p *person) verdict(id string, c workroom.Command) workroom.Code {
	p.t.Helper()
	r := p.send(p.command(id, c))[0]
	if r.Status != wire.OK && r.Status != wire.Rejected {
		p.t.Fatalf("%s: %s %s", id, r.Status, r.Text)
	}
	return r.Code
}

// three are a client and two freelancers with contracts of that client's, in one group room of all; the freelancers have none with each other.
func three(t *testing.T) (s *Service, client, esme, bob *person) {
	s, c := start(t, Config{})
	client, esme, bob = join(t, c, "client"), join(t, c, "esme"), join(t, c, "bob")
	for _, x := range []struct {
		p    *person
		k, r string
	}{{esme, "k1", "r1"}, {bob, "k2", "r2"}} {
		client.does(x.k, offer(client, x.k, x.r, secret+x.k))
		x.p.does("accept-"+x.k, workroom.AcceptContract{Contract: workroom.ContractID(x.k), Room: workroom.RoomID(x.r), Who: x.p.id, Name: "N", Secret: secret + x.k})
	}
	client.does("g", workroom.CreateRoom{Room: "g", Who: client.id, Name: "All of us", As: "client"})
	client.does("add-1", workroom.AddMember{Room: "g", Who: esme.id, Name: "esme", Via: "r1"})
	client.does("add-2", workroom.AddMember{Room: "g", Who: bob.id, Name: "bob", Via: "r2"})
	return s, client, esme, bob
}

const details = "Write to me at esme@studio.design"

// P-01, P-05, P-06: a program that skips the check is refused by the service, unless a reason is named or a contract has started.
func TestP01_TheServiceHoldsContactDetailsBack(t *testing.T) {
	s, client, esme, bob := three(t)
	client.does("k9", offer(client, "k9", "r9", secret+"k9")) // nobody answered it yet
	say := func(room, text string, why workroom.ContactReason) workroom.SendMessage {
		return workroom.SendMessage{Room: workroom.RoomID(room), Text: text, Contact: why}
	}
	bad, held, free := workroom.BadInput, workroom.ContactDetails, workroom.Code("")
	for i, x := range []struct {
		name              string
		who               *person
		c                 workroom.Command
		ask, refuse, off_ workroom.Code
	}{
		{"words", esme, say("g", "Hello", ""), free, free, free},
		{"details in a group with a stranger", esme, say("g", details, ""), held, held, free},
		{"the same by the other", bob, say("g", "call +49 151 23456789", ""), held, held, free},
		{"by who has contracts with all", client, say("g", details, ""), free, free, free},
		{"in the room of the contract (P-07)", esme, say("r1", details, ""), free, free, free},
		{"before the answer to an offer", client, say("r9", details, ""), held, held, free},
		{"asked for (P-03)", bob, say("g", "What is your phone number?", ""), held, held, free},
		{"for legal papers (P-08)", esme, say("g", details, workroom.ContactLegal), free, free, free},
		{"for access (P-09)", esme, say("g", details, workroom.ContactAccess), free, free, free},
		{"in a portfolio (P-10)", esme, say("g", details, workroom.ContactPortfolio), free, free, free},
		{"none, as they say", esme, say("g", details, workroom.ContactNone), free, held, free},
		{"for a reason that is none", esme, say("g", details, "because"), bad, bad, bad},
		{"numbers, dates, prices, code (P-02)", esme, say("g", "Order 0151 23456789 of 2023-11-22 costs $1,500.00, see v10.15.7", ""), free, free, free},
		{"samples and pages (P-11)", esme, say("g", "https://github.com/esme and https://shop.example.com/products", ""), free, free, free},
		{"in an offer", client, about(offer(client, "f1", "fr1", "x"), details), held, held, free},
		{"in an offer to oneself", client, self(about(offer(client, "f2", "fr2", "x"), details)), free, free, free},
		{"as the name of a room", esme, workroom.CreateRoom{Room: "new", Who: esme.id, Name: "esme@studio.design", As: "esme"}, held, held, free},
		{"as its new name", client, workroom.RenameRoom{Room: "g", Name: "Mail client@studio.design"}, free, free, free},
	} {
		for _, m := range []struct {
			mode workroom.ContactMode
			want workroom.Code
		}{{workroom.ContactAsk, x.ask}, {workroom.ContactRefuse, x.refuse}, {workroom.ContactOff, x.off_}} {
			if err := s.SetContactMode(t.Context(), m.mode); err != nil {
				t.Fatal(err)
			}
			id, c := string(m.mode)+string(rune('a'+i)), x.c
			switch n := c.(type) { // each its own, since the first of them may have been taken
			case workroom.CreateContract:
				n.Contract, n.Room = workroom.ContractID(id), workroom.RoomID("room-"+id)
				c = n
			case workroom.CreateRoom:
				n.Room = workroom.RoomID("room-" + id)
				c = n
			}
			if got := x.who.verdict(id, c); got != m.want {
				t.Errorf("%s, mode %s: %q, want %q", x.name, m.mode, got, m.want)
			}
		}
	}
}

func about(c workroom.CreateContract, text string) workroom.CreateContract {
	c.About = text
	return c
}

func self(c workroom.CreateContract) workroom.CreateContract {
	c.Self, c.Invitation = true, ""
	return c
}

// P-01: an edit is looked at like a message; a reason that was named for the message goes on holding.
func TestP01_AnEditIsHeldBackToo(t *testing.T) {
	_, _, esme, _ := three(t)
	esme.does("m1", say("g", "Hello"))
	edit := func(text string, why workroom.ContactReason) workroom.EditMessage {
		return workroom.EditMessage{Room: "g", Message: "m1", Text: text, Contact: why}
	}
	for i, x := range []struct {
		c    workroom.Command
		want workroom.Code
	}{
		{edit(details, ""), workroom.ContactDetails}, {edit("Hello again", ""), ""}, {edit(details, workroom.ContactLegal), ""}, {edit(details+" or +49 151 23456789", ""), ""},
	} {
		if got := esme.verdict("e"+string(rune('0'+i)), x.c); got != x.want {
			t.Errorf("edit %d: %q, want %q", i, got, x.want)
		}
	}
}

// P-01: names of files and what stands in text files count as words do; kinds that cannot be read do not.
func TestP01_FilesAreLookedInto(t *testing.T) {
	_, _, esme, _ := three(t)
	send := func(id, name, body string, why workroom.ContactReason) workroom.Code {
		t.Helper()
		esme.upload(workroom.FileID(id), "r:g", name, []byte(body))
		if err := esme.Complete(t.Context(), workroom.FileID(id)); err != nil {
			t.Fatal(err)
		}
		return esme.verdict("m-"+id, workroom.SendMessage{Room: "g", Files: []workroom.FileRef{{ID: workroom.FileID(id), Name: name, Size: int64(len(body))}}, Contact: why})
	}
	for _, x := range []struct {
		id, name, body string
		why            workroom.ContactReason
		want           workroom.Code
	}{
		{"f1", "cv.txt", "Esme, " + details, "", workroom.ContactDetails},
		{"f2", "cv2.md", "# Esme\n" + details, workroom.ContactPortfolio, ""},
		{"f3", "list.csv", "name,mail\nEsme,esme@studio.design\n", "", workroom.ContactDetails},
		{"f4", "esme@studio.design.png", "no picture", "", workroom.ContactDetails},
		{"f5", "notes.txt", "Nothing of the sort, 12,500 rows", "", ""},
		{"f6", "cv.pdf", details, "", ""},
	} {
		if got := send(x.id, x.name, x.body, x.why); got != x.want {
			t.Errorf("%s: %q, want %q", x.name, got, x.want)
		}
	}
}

// P-06, P-07: the moment a contract is accepted its two sides may write what they like, also where both commands come in one question.
func TestP06_AcceptingEndsIt(t *testing.T) {
	_, _, esme, bob := three(t)
	if got := bob.verdict("before", workroom.SendMessage{Room: "g", Text: details}); got != workroom.ContactDetails {
		t.Fatalf("before: %q", got)
	}
	bob.does("test", offer(bob, "test", "rt", secret+"test"))
	accept := esme.command("accept", workroom.AcceptContract{Contract: "test", Room: "rt", Who: esme.id, Name: "esme", Secret: secret + "test"})
	for i, r := range esme.send(accept, esme.command("in-it", say("rt", details)), esme.command("in-the-group", say("g", details))) {
		if r.Status != wire.OK {
			t.Errorf("%d: %s %s", i, r.Status, r.Code)
		}
	}
	if got := bob.verdict("after", workroom.SendMessage{Room: "g", Text: details}); got != "" {
		t.Errorf("after: %q", got)
	}
}

// P-15, P-16: an administrator's mark frees both sides, shows in every room, old and new, and can be taken away.
func TestP15_BusinessClient(t *testing.T) {
	s, client, esme, bob := three(t)
	if err := s.SetBusiness(t.Context(), "Bob@Example.com", true); err != nil {
		t.Fatal(err)
	}
	mark := func(p *person, room string, who workroom.AccountID) bool {
		t.Helper()
		out, err := p.Things(t.Context(), wire.ThingsOf{Scope: workroom.RoomScope(workroom.RoomID(room)), Kind: workroom.KindMember, IDs: []string{string(who)}})
		if err != nil || len(out.Things) != 1 {
			t.Fatal(err, out)
		}
		return strings.Contains(string(out.Things[0].Body), `"business":true`)
	}
	for who, want := range map[*person]bool{bob: true, esme: false, client: false} {
		if mark(esme, "g", who.id) != want {
			t.Errorf("%s is marked: %v", who.id, !want)
		}
	}
	for i, p := range []*person{esme, bob} {
		if got := p.verdict("m"+string(rune('0'+i)), say("g", details)); got != "" {
			t.Errorf("%d: %q", i, got)
		}
	}
	client.does("g2", workroom.CreateRoom{Room: "g2", Who: client.id, Name: "New", As: "client"})
	client.does("add-3", workroom.AddMember{Room: "g2", Who: bob.id, Name: "bob", Via: "r2"})
	if !mark(client, "g2", bob.id) {
		t.Error("a new room does not show the mark")
	}
	if err := s.SetBusiness(t.Context(), "bob@example.com", false); err != nil {
		t.Fatal(err)
	}
	if got := bob.verdict("m3", say("g", details)); got != workroom.ContactDetails || mark(client, "g2", bob.id) {
		t.Errorf("after the mark was taken away: %q", got)
	}
	if err := s.SetBusiness(t.Context(), "nobody@example.com", true); err == nil {
		t.Error("nobody was marked")
	}
}

// P-05: the operator chooses over an address of their own; a page of a browser cannot, and nothing else is taken.
func TestP05_TheOperatorChooses(t *testing.T) {
	s, c := start(t, Config{Contact: workroom.ContactRefuse})
	mode := func() string {
		m, err := c.Meta(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return string(m.Contact)
	}
	if mode() != "refuse" {
		t.Errorf("the flag was not heard: %s", mode())
	}
	join(t, c, "client")
	post := func(path, kind, origin, body string) int {
		r := httptest.NewRequest("POST", path, strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		if origin != "" {
			r.Header.Set("Origin", origin)
		}
		w := httptest.NewRecorder()
		s.Admin().ServeHTTP(w, r)
		return w.Code
	}
	var codes []int
	for _, x := range [][4]string{
		{"/contact", "application/json", "", `{"mode":"off"}`}, {"/contact", "application/json", "", `{"mode":"maybe"}`},
		{"/contact", "text/plain", "", `{"mode":"ask"}`}, {"/contact", "application/json", "https://evil.example", `{"mode":"ask"}`},
		{"/business", "application/json", "", `{"email":"client@example.com","on":true}`}, {"/business", "application/json", "", `{"email":"nobody@example.com","on":true}`},
	} {
		codes = append(codes, post(x[0], x[1], x[2], x[3]))
	}
	if want := []int{200, 422, 403, 403, 200, 404}; !slices.Equal(codes, want) || mode() != "off" {
		t.Errorf("%v, want %v; mode %s", codes, want, mode())
	}
}

// P-01, M-34: an automatic answer that holds contact details is not given to somebody without a contract.
func TestP01_AwayWithContactDetails(t *testing.T) {
	_, client, esme, bob := three(t)
	esme.does("away", leaves(esme.id, "Away. "+details, time.Now().Add(-time.Minute)))
	bob.does("m1", say("g", "Hello <@"+string(esme.id)+">"))
	if got := bob.answers("g"); len(got) != 0 {
		t.Errorf("a stranger is told %q", got)
	}
	client.does("m2", say("r1", "Hello"))
	if got := client.answers("r1"); len(got) != 1 {
		t.Errorf("a partner is told %q", got)
	}
}

// P-01: the name of an account is read by everybody, before any contract: it is no telephone number and no address. Off is off.
func TestP01_NamesAreNoContactDetails(t *testing.T) {
	s, c := start(t, Config{})
	up := func(name, mail string) error {
		_, err := c.SignUp(t.Context(), wire.SignUp{Name: name, Email: mail, Password: goodPassword, Device: "d-" + mail[:2]})
		return err
	}
	for _, name := range []string{"Bo bo@quill.studio", "Bo +49 151 23456789", "Bo telegram @boquill", "bo(at)gmail.com"} {
		if err := up(name, "b0@example.com"); code(err) != workroom.ContactDetails || !strings.Contains(err.Error(), "name") {
			t.Errorf("%q: %v", name, err)
		}
	}
	for i, name := range []string{"Bo Quill", "Quill Studio 24", "Anna-Maria Hauptstraße", "Booking.com", "R2-D2 1977", "Bo 的微信"} {
		if err := up(name, "n"+string(rune('0'+i))+"@example.com"); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	must(t, s.SetContactMode(t.Context(), workroom.ContactOff))
	if err := up("Bo bo@quill.studio", "z0@example.com"); err != nil {
		t.Error(err)
	}
}

// P-01, P-06: what a client writes beside an offer is read before the contract as well: its link shows the codes. Once it has started they are
// words between its two sides, and the client's own list is nobody else's.
func TestP01_CodesOfAnOffer(t *testing.T) {
	_, client, _, _ := three(t)
	client.does("k9", offer(client, "k9", "r9", secret+"k9"))
	code := func(k, id, code, about string) workroom.SetActivity {
		return workroom.SetActivity{Contract: workroom.ContractID(k), ID: workroom.ActivityID(id), Code: code, About: about}
	}
	list := code("", "c5", "Mail", details)
	list.Who = client.id
	for i, x := range []struct {
		c    workroom.Command
		want workroom.Code
	}{
		{code("k9", "c1", "Drawing", "Maps in the style of 2015"), ""},
		{code("k9", "c2", "Drawing more", details), workroom.ContactDetails},
		{code("k9", "c3", "esme@studio.design", ""), workroom.ContactDetails},
		{code("k1", "c4", "Drawing", details), ""},
		{list, ""},
	} {
		if got := client.verdict("code"+string(rune('0'+i)), x.c); got != x.want {
			t.Errorf("%d: %q, want %q", i, got, x.want)
		}
	}
}
