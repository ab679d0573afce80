package service

import (
	"strings"
	"sync"
	"testing"
	"time"

	"trestle/internal/service/files"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// counted reports a slice that ends at an instant, with counts of its minute.
func (p *person) counted(k workroom.ContractID, device string, at time.Time) {
	p.t.Helper()
	n, t := uint16(4711), at.Unix()
	p.does("counted-"+device, workroom.ReportSlice{Week: workroom.WeekOf(at.Add(-time.Minute)).String(), Slice: workroom.Slice{ID: "counted-" + device, Rev: 1, Freelancer: p.id,
		Contract: k, Device: device, Boot: "b", Start: t - 60, End: t, Memo: "work", Kind: workroom.Tracked, Close: workroom.CloseStop},
		Input: []workroom.CellInput{{Device: device, Cell: (t - 60) / 600, Minutes: []workroom.Minute{{At: (t - 60) / 60, Keys: &n, Clicks: &n, Scroll: &n}}}}})
}

// week is what is in a diary week, by kind and id.
func (p *person) week(k workroom.ContractID, week string) map[string]workroom.Thing {
	p.t.Helper()
	out, err := p.Open(p.t.Context(), wire.Open{Scopes: []workroom.Scope{workroom.DiaryScope(k, week)}})
	must(p.t, err)
	all := map[string]workroom.Thing{}
	for _, x := range out.Scopes[0].Hot {
		if t, err := workroom.Decode(x.Kind, x.Body); err == nil && !x.Gone {
			all[string(x.Kind)+" "+x.ID] = t
		}
	}
	return all
}

// W-27: pictures, sharp and blurred, and counts go when they are due and not an hour before, for both sides, with their bytes; the time and
// the log of who looked stay, and a line says what went. What a device that was away for a year brings then is kept without them.
func TestW27_PicturesGoWhenTheirTimeIsOver(t *testing.T) {
	now := inSlice()
	s, c := start(t, Config{Now: func() time.Time { return now }})
	client, free := join(t, c, "client"), join(t, c, "free")
	hire(client, free, "k1", "r1")
	const week = "2001-09-03"
	taken := now.Add(-time.Minute)
	sharp := free.shown("k1", "d", "shot1", taken)
	free.counted("k1", "e", taken)
	seed := append([]byte{0xff, 0xd8, 0xff}, "N33DLE of a blurred picture"...)
	free.does("blurred", workroom.AddShot{Week: week, Who: free.id, Shot: workroom.Shot{Slice: "counted-e", Contract: "k1", Device: "e", Cell: taken.Unix() / 600, At: taken.Unix(), Seed: seed}})
	free.does("plain", workroom.ReportSlice{Week: week, Slice: workroom.Slice{ID: "plain", Rev: 1, Freelancer: free.id, Contract: "k1", Device: "f", Boot: "b", Start: taken.Unix() - 60,
		End: taken.Unix(), Memo: "work", Kind: workroom.Tracked, Close: workroom.CloseStop}})
	free.does("locked", workroom.AddShot{Week: week, Who: free.id, Shot: workroom.Shot{Slice: "plain", Contract: "k1", Device: "f", Cell: taken.Unix() / 600, At: taken.Unix(), Reason: workroom.ShotLocked}})
	if status, _ := client.asks("/v1/files/shot1"); status != 200 {
		t.Fatal(status)
	}
	before, raw := free.diary("k1", week)
	if !strings.Contains(raw, "4711") {
		t.Fatal("the counts are not there")
	}
	w := workroom.WeekOf(taken)
	due := w.End().AddDate(0, 0, 90)
	now = due.Add(-time.Hour)
	client.renew(c, "client")
	free.renew(c, "free")
	must(t, s.Expire(t.Context(), now))
	if status, _ := client.asks("/v1/files/shot1"); status != 200 {
		t.Fatalf("an hour before: %d", status)
	}
	now = due
	for range 2 { // the second time there is nothing left to do
		must(t, s.Expire(t.Context(), now))
	}
	all := client.week("k1", week)
	if x := all["shot "+sharp].(*workroom.Shot); x.Pictured() || x.W != 0 || x.Reason != workroom.ShotExpired || x.Until != due.Unix() || x.Slice == "" {
		t.Errorf("%+v", x)
	}
	e, ok := all["expiry "+week].(*workroom.Expiry)
	if !ok || e.Shots != 2 || e.Cells != 1 || e.Since != due.Unix() || e.At != now.UnixMicro() || e.Says() != "2 pictures, counts of 1 segment" {
		t.Errorf("the line in the log: %+v", e)
	}
	if x := all["shot "+workroom.CellID("f", taken.Unix()/600)].(*workroom.Shot); x.Reason != workroom.ShotLocked || x.Until != 0 {
		t.Errorf("there never was one: %+v", x)
	}
	if log := free.logOf("k1", week); len(log[sharp]) != 2 { // the second a day of its own
		t.Errorf("who looked is forgotten: %+v", log)
	}
	for name, p := range map[string]*person{"client": client, "freelancer": free} {
		after, raw := p.diary("k1", week)
		for _, gone := range []string{"4711", "shot1", "/9j/TjMzREx"} { // the seed's base64
			if strings.Contains(raw, gone) {
				t.Errorf("the %s still reads %s", name, gone)
			}
		}
		if len(after.Slices) != len(before.Slices) || after.Pieces()[0].Seconds() != before.Pieces()[0].Seconds() {
			t.Errorf("time went too: %+v", after.Pieces())
		}
		for _, path := range []string{"/v1/files/shot1", "/v1/files/shot1/thumb?w=320"} {
			if status, _ := p.asks(path); status != 410 {
				t.Errorf("the %s asks for %s: %d", name, path, status)
			}
		}
	}
	// The bytes leave the store with the sweep, the previews a minute later.
	for range 3 {
		now = now.Add(25 * time.Hour)
		must(t, s.work(t.Context()))
	}
	if left := stored(t, s); len(left) != 0 {
		t.Errorf("in the store are %v", left)
	}

	// A year later a device comes back that recorded in that week, and never heard of all this.
	now = due.AddDate(1, 0, 0)
	client.renew(c, "client")
	free.renew(c, "free")
	free.counted("k1", "old", taken)
	back := free.shown("k1", "older", "shot9", taken)
	all = client.week("k1", week)
	if x := all["shot "+back].(*workroom.Shot); x.Pictured() || x.Reason != workroom.ShotExpired || x.Until != due.Unix() {
		t.Errorf("brought back: %+v", x)
	}
	if _, raw := client.diary("k1", week); strings.Contains(raw, "4711") || strings.Contains(raw, "shot9") {
		t.Error("counts or a picture are back")
	}
	if all["slice slice-older"] == nil || all["slice counted-old"] == nil {
		t.Error("its time was not kept")
	}
	for _, p := range []*person{client, free} {
		if status, _ := p.asks("/v1/files/shot9"); status == 200 {
			t.Errorf("%s reads the picture", p.id)
		}
	}
	// That a new picture is called expired is not believed.
	free.counted("k1", "new", now.Add(-time.Minute))
	free.does("lie", workroom.AddShot{Week: workroom.WeekOf(now.Add(-time.Minute)).String(), Who: free.id, Shot: workroom.Shot{Slice: "counted-new", Contract: "k1", Device: "new",
		Cell: now.Add(-time.Minute).Unix() / 600, At: now.Add(-time.Minute).Unix(), Reason: workroom.ShotExpired, Until: 5}})
	if x := client.week("k1", workroom.WeekOf(now.Add(-time.Minute)).String())["shot "+workroom.CellID("new", now.Add(-time.Minute).Unix()/600)].(*workroom.Shot); x.Reason != workroom.ShotFailed || x.Until != 0 {
		t.Errorf("%+v", x)
	}
}

// W-27: how long is what was agreed when the picture was taken; the contract says so, and changing it later changes nothing of before.
func TestW27_AsLongAsWasAgreed(t *testing.T) {
	now := inSlice()
	s, c := start(t, Config{Now: func() time.Time { return now }})
	client, free := join(t, c, "client"), join(t, c, "free")
	hire(client, free, "k1", "r1")
	client.does("week", workroom.ChangeTerms{Contract: "k1", Week: "2001-09-03", KeepDays: new(7)})
	now = now.Add(time.Minute)
	first := free.shown("k1", "d", "shot1", now)
	now = now.Add(time.Minute)
	client.does("year", workroom.ChangeTerms{Contract: "k1", Week: "2001-09-03", KeepDays: new(365)})
	now = now.Add(time.Minute)
	second := free.shown("k1", "e", "shot2", now)
	w := workroom.WeekOf(now)
	has := func(id string) bool {
		client.renew(c, "client")
		return client.week("k1", "2001-09-03")["shot "+id].(*workroom.Shot).Pictured()
	}
	for _, x := range []struct {
		days          int
		first, second bool
	}{{6, true, true}, {7, false, true}, {364, false, true}, {365, false, false}} {
		now = w.End().AddDate(0, 0, x.days)
		must(t, s.Expire(t.Context(), now))
		if a, b := has(first), has(second); a != x.first || b != x.second {
			t.Errorf("after %d days: %v %v", x.days, a, b)
		}
	}
	if e := client.week("k1", "2001-09-03")["expiry 2001-09-03"].(*workroom.Expiry); e.Shots != 2 || e.Since != w.End().AddDate(0, 0, 7).Unix() {
		t.Errorf("%+v", e)
	}
}

// W-27: two nodes that do it at once do it once, and both sides hear of it at either.
func TestW27_AtBothNodes(t *testing.T) {
	a, b, ca, cb, _, _ := pair(t, "mem")
	client, free := join(t, ca, "client"), join(t, ca, "free")
	hire(client, free, "k1", "r1")
	taken := time.Now()
	shot := free.shown("k1", "d", "shot1", taken)
	free.counted("k1", "e", taken)
	week := workroom.WeekOf(taken.Add(-time.Minute)).String()
	due := workroom.WeekOf(taken).End().AddDate(0, 0, 90)
	var all sync.WaitGroup
	for _, s := range []*Service{a, b, a, b} {
		all.Go(func() { must(t, s.Expire(t.Context(), due)) })
	}
	all.Wait()
	for _, p := range []*person{client.at(ca), client.at(cb), free.at(ca), free.at(cb)} {
		x := p.week("k1", week)
		if e := x["expiry "+week].(*workroom.Expiry); e.Shots != 1 || e.Cells != 1 || x["shot "+shot].(*workroom.Shot).Pictured() {
			t.Errorf("%+v", e)
		}
		if status, _ := p.asks("/v1/files/shot1"); status != 410 {
			t.Errorf("%d", status)
		}
	}
}

// stored are the parts that are in the store of files.
func stored(t *testing.T, s *Service) (left []string) {
	t.Helper()
	must(t, s.files.Parts(t.Context(), func(o files.Stored) error {
		left = append(left, o.Space+"/"+o.SHA)
		return nil
	}))
	return left
}
