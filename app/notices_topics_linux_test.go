package app

import (
	"strings"
	"testing"
	"time"

	"trestle/internal/tracker"
	"trestle/internal/workroom"
)

// N-02, N-03: besides messages a person is told that an offer was answered, that a contract's activities changed, that the week's limit comes
// near, and that something was not sent; each by its own switch, and each stands in the bell as long as it is of account.
func TestN02_TheOtherTopics(t *testing.T) {
	t.Parallel()
	h, mara, esme, offer, link := offered(t)
	clientBus, ownBus := sessionBus(t), sessionBus(t)
	toMara, toEsme := notifierOn(t, clientBus), notifierOn(t, ownBus)
	client, own := h.deskOnBus(mara, clientBus), h.deskOnBus(esme, ownBus)
	showsNotices(t, client)
	showsNotices(t, own)
	next := func(what string, n *notifierOfTest, title, body string) {
		t.Helper()
		select {
		case got := <-n.calls:
			if got.title != title || !strings.Contains(got.body, body) {
				t.Errorf("%s: %q %q", what, got.title, got.body)
			}
		case <-time.After(time.Minute):
			t.Fatalf("%s: nothing is told", what)
		}
	}

	if _, err := (&Contracts{esme}).Accept(InviteIn{Link: link, Rev: offer.Rev}); err != nil {
		t.Fatal(err)
	}
	next("the answer to an offer", toMara, "Harbour Map", "Esme accepted the offer.")
	list, err := (&Contracts{mara}).List()
	if err != nil || len(list.Contracts) != 1 {
		t.Fatal(list, err)
	}
	contract := list.Contracts[0].ID
	eventually(t, "the contract is here", func() bool {
		c, _, err := own.session.contract(contract)
		return err == nil && c.Status == workroom.Active
	})
	activity := func(code string) {
		t.Helper()
		if _, err := (&Contracts{mara}).SetActivity(ActivityIn{Contract: contract, Code: code}); err != nil {
			t.Fatal(err)
		}
	}
	activity("Tides")
	next("an activity", toEsme, "Harbour Map", "The activity Tides is there to choose.")
	limit := func() {
		own.session.track.notify(tracker.Notify{What: tracker.LimitInAnHour, Work: tracker.Work{Contract: workroom.ContractID(contract)}})
	}
	limit()
	next("the limit", toEsme, "Time tracker", "One hour is left of this week's limit on Harbour Map.")
	refused := func() { // nobody is blocked while a contract runs
		block := workroom.SetBlock{Who: own.session.me(), Other: client.session.me(), Name: "Mara", On: true}
		if _, err := own.session.enqueue(block, enqueueOpts{}); err != nil {
			t.Fatal(err)
		}
	}
	refused()
	next("what was refused", toEsme, "Not sent", "It is kept")

	bell := func(c *Core) string {
		l, err := (&Notices{c}).List()
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, r := range l.Rows {
			out = append(out, r.Topic)
		}
		return strings.Join(out, " ")
	}
	if got := bell(client); got != "offers" {
		t.Errorf("the client's bell: %q", got)
	}
	if got := bell(own); got != "unsent contract" {
		t.Errorf("the bell: %q", got)
	}

	// Without them: what comes next is the notice that is asked for last.
	var off []TopicRow
	for _, topic := range []workroom.Topic{workroom.TopicContract, workroom.TopicLimit, workroom.TopicUnsent} {
		off = append(off, TopicRow{ID: string(topic)})
	}
	if _, err := (&Notices{own}).SetRules(RulesIn{Topics: off}); err != nil {
		t.Fatal(err)
	}
	activity("Currents")
	eventually(t, "it is known", func() bool {
		v, err := (&Contracts{own}).Get(IDIn{contract})
		return err == nil && len(v.Activities) == 2
	})
	limit()
	refused()
	eventually(t, "it was refused", func() bool { s, err := (&Shell{own}).Status(); return err == nil && s.NotSent == 2 })
	if err := (&Notices{own}).Test(); err != nil {
		t.Fatal(err)
	}
	next("the one asked for", toEsme, "Trestle", "This is how a notification looks.")
	if got := bell(own); got != "" {
		t.Errorf("the bell without the topics: %q", got)
	}
}

// N-01: what becomes of a contract is told from the first change on, whether it came while the program ran or while it was closed.
func TestN01_TheFirstChangeAfterAStart(t *testing.T) {
	t.Parallel()
	_, mara, esme, _ := twoInRoom(t)
	list, err := (&Contracts{mara}).List()
	if err != nil || len(list.Contracts) != 1 {
		t.Fatal(list, err)
	}
	limit := func(hours int64) {
		t.Helper()
		change := ChangeTermsIn{Contract: list.Contracts[0].ID, Set: []string{"limit"}, Terms: TermsView{Limit: hours * 3600}}
		if _, err := (&Contracts{mara}).ChangeTerms(change); err != nil {
			t.Fatal(err)
		}
		arrived(t, mara)
	}
	dirs, bus := esme.dirs, sessionBus(t)
	toEsme := notifierOn(t, bus)
	esme.Close()
	limit(20)
	c, err := OpenCore(CoreOptions{Dirs: dirs, Face: "desktop", Bus: bus})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	for _, hours := range []int64{20, 30} {
		if hours != 20 {
			limit(hours)
		}
		select {
		case got := <-toEsme.calls:
			if want := workroom.HoursMinutes(hours*60) + " h"; got.title != "Harbour Map" || !strings.Contains(got.body, want) {
				t.Errorf("%q %q, want %q", got.title, got.body, want)
			}
		case <-time.After(time.Minute):
			t.Fatalf("the limit of %d hours: nothing is told", hours)
		}
	}
}
