package app

import (
	"testing"
	"time"
)

// M-34: the days of an absence are those of the zone they were chosen in, on a device in any other, also where such a day has 23 or 25 hours.
func TestM34_AnAbsenceAcrossZones(t *testing.T) {
	t.Parallel()
	h, _, esme, _ := twoInRoom(t)
	other := h.deskOnBus(esme, "")
	for _, x := range []struct {
		first, last, zone string
		hours             int64
	}{
		{"2035-07-01", "2035-07-01", "Pacific/Auckland", 24}, {"2035-07-01", "2035-07-02", "America/Los_Angeles", 48},
		{"2036-03-30", "2036-03-30", "Europe/Berlin", 23}, {"2036-10-26", "2036-10-26", "Europe/Berlin", 25}, {"2036-11-01", "2036-11-03", "UTC", 72},
	} {
		zone, err := time.LoadLocation(x.zone)
		if err != nil {
			t.Fatal(err)
		}
		first, err := time.ParseInLocation(time.DateOnly, x.first, zone)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := (&Notices{esme}).SetOffice(OfficeIn{On: new(true), Text: new("At the sea."), First: x.first, Last: x.last, Zone: x.zone}); err != nil {
			t.Fatal(err)
		}
		var v OfficeView
		eventually(t, "the other device has it", func() bool {
			v, err = (&Notices{other}).Office()
			return err == nil && v.First == x.first && v.Zone == x.zone
		})
		if v.Last != x.last || v.From != first.UnixMilli() || v.To-v.From != x.hours*3600*1000 || v.Now || v.Over {
			t.Errorf("%s to %s in %s: %+v", x.first, x.last, x.zone, v)
		}
		a := other.session.away()
		for moment, want := range map[time.Time]bool{first.Add(-time.Microsecond): false, first: true, time.UnixMilli(v.To): false, time.UnixMilli(v.To - 1): true} {
			if a.Now(moment.In(time.FixedZone("elsewhere", -9*3600))) != want {
				t.Errorf("%s: away at %s: %v", x.zone, moment, !want)
			}
		}
	}
	if _, err := (&Notices{esme}).SetOffice(OfficeIn{First: "2035-07-02", Last: "2035-07-01", Zone: "UTC"}); AsFailure(err).Field != "last" {
		t.Errorf("an end before the beginning: %v", err)
	}
}

// M-34: the text can be written anew while the responder is on, off, over or on again; it is kept on all devices, and another text begins no
// other absence, so that nobody is answered twice.
func TestM34_TheTextInEveryState(t *testing.T) {
	t.Parallel()
	h, mara, esme, room := twoInRoom(t)
	other := h.deskOnBus(esme, "")
	set := func(what string, in OfficeIn) OfficeView {
		t.Helper()
		v, err := (&Notices{esme}).SetOffice(in)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		eventually(t, what+" is on the other device", func() bool {
			o, err := (&Notices{other}).Office()
			return err == nil && o == v
		})
		return v
	}
	set("a draft while it is off", OfficeIn{Text: new("Later.")})
	today, tomorrow := time.Now().UTC().Format(time.DateOnly), time.Now().UTC().AddDate(0, 0, 1).Format(time.DateOnly)
	if v := set("switched on", OfficeIn{On: new(true), First: today, Last: tomorrow, Zone: "UTC"}); !v.Now || v.Plain != "Later." {
		t.Errorf("%+v", v)
	}
	write(t, mara, room, "Are you there?")
	answers := func() (n int) {
		for _, text := range textsOf(t, mara, "Harbour Map") {
			if text == "Later." || text == "Sooner." || text == "Again." {
				n++
			}
		}
		return n
	}
	eventually(t, "she is answered", func() bool { return answers() == 1 })
	if v := set("another text while it is on", OfficeIn{Text: new("Sooner.")}); !v.Now || v.Plain != "Sooner." {
		t.Errorf("%+v", v)
	}
	write(t, mara, room, "And now?")
	arrived(t, mara)
	arrived(t, mara)
	if n := answers(); n != 1 {
		t.Errorf("%d answers in one absence", n)
	}
	if _, err := (&Notices{esme}).SetOffice(OfficeIn{Text: new(" \n")}); AsFailure(err).Field != "text" {
		t.Errorf("no text while it is on: %v", err)
	}
	if v := set("over", OfficeIn{First: "2015-05-04", Last: "2015-05-05", Zone: "UTC"}); v.Now || !v.Over {
		t.Errorf("%+v", v)
	}
	if v := set("a text while it is over", OfficeIn{Text: new("Again.")}); v.Now || !v.Over || v.Plain != "Again." {
		t.Errorf("%+v", v)
	}
	set("switched off", OfficeIn{On: new(false)})
	set("no text while it is off", OfficeIn{Text: new("")})
	set("a text again", OfficeIn{Text: new("Again.")})
	if v := set("a new absence", OfficeIn{On: new(true), First: today, Last: tomorrow, Zone: "UTC"}); !v.Now || v.Over {
		t.Errorf("%+v", v)
	}
	write(t, mara, room, "Away again?")
	eventually(t, "she is answered once more", func() bool { return answers() == 2 })
}
