package app

import (
	"testing"
	"time"

	"trestle/internal/workroom"
)

// hired are two desktops, each with its own tracker and window, and a contract between the two.
func hired(t *testing.T) (h *house, client, freelancer *Core, contract string) {
	t.Helper()
	h = openHouse(t)
	client, freelancer = h.desk("Mara"), h.desk("Esme")
	made, err := (&Contracts{client}).Create(NewContractIn{ID: newID(), Title: "Harbour Map", Activities: []ActivityIn{},
		Terms: TermsView{Rate: 6000, Currency: "EUR", Shots: "none", IdleMinutes: 10, Manual: true}})
	if err != nil {
		t.Fatal(err)
	}
	arrived(t, client)
	if _, err := (&Contracts{freelancer}).Accept(InviteIn{Link: made.Link}); err != nil {
		t.Fatal(err)
	}
	arrived(t, freelancer)
	arrived(t, client)
	return h, client, freelancer, made.Contract.ID
}

// W-35: the client pauses while the freelancer is tracked: that tracker stops by itself and says why; nothing starts until it goes on.
func TestW35_APauseStopsTheOtherTracker(t *testing.T) {
	t.Parallel()
	_, client, freelancer, contract := hired(t)
	if v := started(t, freelancer, contract, "", "markers"); v.State != "tracking" {
		t.Fatalf("%+v", v)
	}
	if _, err := (&Contracts{client}).Pause(IDIn{contract}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the tracker stops", func() bool { return status(t, freelancer).State == "stopped" })
	if v := status(t, freelancer); v.Note != "Harbour Map is paused, so tracking stopped." {
		t.Errorf("it says %q", v.Note)
	}
	if _, err := (&Tracker{freelancer}).Start(TrackIn{Contract: contract, Memo: "more"}); code(err) != string(workroom.ContractEnded) {
		t.Errorf("started in a pause: %v", err)
	}
	if _, err := (&Contracts{client}).Resume(IDIn{contract}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it goes on", func() bool {
		_, err := (&Tracker{freelancer}).Start(TrackIn{Contract: contract, Memo: "more"})
		return err == nil
	})
	if _, err := (&Contracts{client}).End(EndIn{Contract: contract, Reason: "done"}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the tracker stops", func() bool { return status(t, freelancer).State == "stopped" })
	if v := status(t, freelancer); v.Note != "Harbour Map has ended, so tracking stopped." {
		t.Errorf("it says %q", v.Note)
	}
}

// W-35: what was recorded after the end, by a computer that had not heard of it, is kept, unbilled, and both see it so.
func TestW35_RecordedAfterTheEnd(t *testing.T) {
	t.Parallel()
	w := atWork(t)
	w.base = time.Now().Add(-9 * time.Minute).Truncate(time.Second)
	if _, err := (&Contracts{w.mara}).End(EndIn{Contract: w.harbour, Reason: "done"}); err != nil {
		t.Fatal(err)
	}
	w.track(w.harbour, 0, 12, "Map", "in a tunnel") // until three minutes after the end
	w.all()
	for _, c := range []*Core{w.mara, w.esme} {
		var all, after, billable int64
		for _, week := range []workroom.Week{workroom.WeekOf(w.base), workroom.WeekOf(w.base).Next()} { // the end may lie in the next
			v := w.week(c, week)
			all, after, billable = all+v.Seconds, after+v.AfterEnd, billable+v.Billable
		}
		if all != 720 || after < 120 || after > 180 || billable != all-after {
			t.Errorf("%d s after the end of %d s, %d s billable", after, all, billable)
		}
	}
}
