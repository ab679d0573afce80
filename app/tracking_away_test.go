package app

import (
	"context"
	"os"
	"testing"
	"time"

	"trestle/internal/tracker"
	"trestle/internal/workroom"
)

// leaves makes a desk's tracker believe that the computer slept for a while and that its person is back.
func leaves(t *testing.T, c *Core, asleep time.Duration) {
	t.Helper()
	k := c.session.track
	err := k.do(context.Background(), func() {
		k.tell(k.present(), tracker.Sleeping{})
		k.tell(k.present().Add(asleep), tracker.Woke{})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// T-10: a question is there again after the program ended and started, nothing of it is counted meanwhile, and it can be given to another
// contract and activity.
func TestT10_AQuestionOutlivesTheProgram(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	dirs := testDirs(t)
	c := openDesk(t, dirs)
	if _, err := (&Start{c}).SignUp(SignUpIn{Address: h.url, Name: "Esme", Email: "esme@x.example", Password: secretOfTests}); err != nil {
		t.Fatal(err)
	}
	patient := func() string {
		out, err := (&Contracts{c}).Create(NewContractIn{ID: newID(), Title: "Otter Trails", Self: true,
			Terms: TermsView{Rate: 5200, Currency: "EUR", Shots: "none", IdleMinutes: 3}, Activities: []ActivityIn{{Code: "Map"}}})
		if err != nil {
			t.Fatal(err)
		}
		return out.Contract.ID
	}
	id, other := patient(), patient()
	started(t, c, id, "", "Reading")
	tracked(t, c, 1)
	leaves(t, c, 4*time.Minute)
	before := status(t, c)
	if len(before.Aways) != 1 || before.Aways[0].Memo != "Reading" || before.Aways[0].Why != "suspend" || !before.Aways[0].CanKeep || before.Aways[0].Until-before.Aways[0].From < 230_000 {
		t.Fatalf("%+v", before.Aways)
	}
	c.Close()

	c = openDesk(t, dirs)
	eventually(t, "the question is back", func() bool { return len(status(t, c).Aways) == 1 })
	v := status(t, c)
	if v.Aways[0] != before.Aways[0] || v.Away == nil || *v.Away != v.Aways[0] {
		t.Errorf("%+v, was %+v", v.Aways[0], before.Aways[0])
	}
	if n := len(slicesOf(t, c, id)); n != 1 {
		t.Errorf("%d slices before an answer", n)
	}
	if _, err := (&Tracker{c}).Answer(AwayIn{What: "assign", Question: v.Aways[0].ID, Contract: other, Memo: " "}); code(err) != string(workroom.MemoEmpty) {
		t.Errorf("without a memo: %v", err)
	}
	if _, err := (&Tracker{c}).Answer(AwayIn{What: "assign", Question: v.Aways[0].ID, Contract: other, Activity: firstActivity(t, c, other), Memo: "Meeting"}); err != nil {
		t.Fatal(err)
	}
	list := slicesOf(t, c, other)
	if len(list) != 1 || list[0].Kind != workroom.KeptIdle || list[0].Memo != "Meeting" || list[0].Activity == "" || list[0].End-list[0].Start < 230 {
		t.Errorf("%+v", list)
	}
	if v := status(t, c); len(v.Aways) != 0 || v.Away != nil {
		t.Errorf("still asked: %+v", v.Aways)
	}
	if _, err := os.Stat(c.session.track.questionsPath()); !os.IsNotExist(err) {
		t.Errorf("an answered question is kept: %v", err)
	}
}

// T-13: tracking that begins on one computer ends it on the other, which says where it went and offers to go on here.
func TestT13_StartingHereStopsThere(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	desk := h.desk("Esme")
	id := own(t, desk, "none")
	arrived(t, desk)
	started(t, desk, id, "", "At the desk")
	tracked(t, desk, 1)
	lap := openDesk(t, testDirs(t))
	if _, err := (&Start{lap}).SignIn(SignInIn{Address: h.url, Email: "esme@x.example", Password: secretOfTests}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the contract is there", func() bool { return len(status(t, lap).Contracts) == 1 })
	started(t, lap, id, "", "On the lap")
	eventually(t, "the desk stopped", func() bool { return status(t, desk).State == "stopped" })
	v := status(t, desk)
	if v.LostTo == "" || v.Note == "" || !v.Offer {
		t.Errorf("%q, %q, %v", v.LostTo, v.Note, v.Offer)
	}
	if s := status(t, lap); s.State != "tracking" {
		t.Errorf("the lap is %s", s.State)
	}
	list := slicesOf(t, desk, id)
	if len(list) == 0 || list[0].Close != workroom.CloseSwitch {
		t.Errorf("%+v", list)
	}
	started(t, desk, id, "", "Again at the desk")
	eventually(t, "the lap stopped", func() bool { return status(t, lap).State == "stopped" })
	if v := status(t, desk); v.LostTo != "" || v.State != "tracking" {
		t.Errorf("%+v", v)
	}
}

// TestT10_AQuestionStaysBesideAWrongClock: on a computer whose clock is always an hour late a question stays where it was put right, however
// often the program starts.
func TestT10_AQuestionStaysBesideAWrongClock(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.stop()
	h.now = func() time.Time { return time.Now().Add(time.Hour) }
	h.again()
	c := h.desk("Esme")
	out, err := (&Contracts{c}).Create(NewContractIn{ID: newID(), Title: "Otter Trails", Self: true,
		Terms: TermsView{Rate: 5200, Currency: "EUR", Shots: "none", IdleMinutes: 3}, Activities: []ActivityIn{}})
	if err != nil {
		t.Fatal(err)
	}
	arrived(t, c)
	learnt := func() bool {
		k := c.session.track
		k.clockMu.Lock()
		defer k.clockMu.Unlock()
		return k.clock.Learnt()
	}
	eventually(t, "the clocks are compared", learnt)
	started(t, c, out.Contract.ID, "", "Reading")
	tracked(t, c, 1)
	leaves(t, c, 4*time.Minute)
	before := status(t, c).Aways
	if len(before) != 1 || before[0].From < time.Now().Add(50*time.Minute).UnixMilli() {
		t.Fatalf("%+v", before)
	}
	for range 2 {
		dirs := c.dirs
		c.Close()
		c = openDesk(t, dirs)
		arrived(t, c)
		eventually(t, "the clocks are compared again", learnt)
		if err := c.session.track.do(context.Background(), func() {}); err != nil { // what it told the tracker is done
			t.Fatal(err)
		}
		if v := status(t, c).Aways; len(v) != 1 || v[0] != before[0] {
			t.Fatalf("%+v, was %+v", v, before[0])
		}
	}
}
