package replica

import (
	"encoding/base64"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"trestle/internal/outbox"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// A picture of the diary that is kept on this machine, sharp and blurred, and counts, in a week that is due on 21 February 2027.
const (
	pastWeek  = "2026-11-16"
	countWord = `"keys":47110`
	fileWord  = "file-xylofon"
)

var (
	pastDiary = workroom.DiaryScope("k1", pastWeek)
	pastAt    = time.Date(2026, 11, 19, 10, 0, 0, 0, time.UTC)
	pastDue   = time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 90)
	pastSeed  = append([]byte{0xff, 0xd8, 0xff}, "xylofonwalnutxylofon"...)
	seedWord  = strings.ToLower(base64.StdEncoding.EncodeToString(pastSeed))[8:24]
)

func pastShot(device string, file workroom.FileID, seed []byte) *workroom.Shot {
	return &workroom.Shot{Slice: "s-" + device, Contract: "k1", Device: device, Cell: pastAt.Unix() / 600, At: pastAt.Unix(), File: file, Seed: seed}
}

func pastInput(device string) *workroom.CellInput {
	n := uint16(47110)
	return &workroom.CellInput{Device: device, Cell: pastAt.Unix() / 600, Minutes: []workroom.Minute{{At: pastAt.Unix() / 60, Keys: &n}}}
}

func pastSlice(device string) *workroom.Slice {
	return &workroom.Slice{ID: "s-" + device, Rev: 1, Freelancer: me, Contract: "k1", Device: device, Boot: "b", Start: pastAt.Unix() - 300, End: pastAt.Unix() + 300,
		Memo: "work", Kind: workroom.Tracked, Close: workroom.CloseStop}
}

// pastWeekOpen is the state of the contract and of its week as the service tells them.
func pastWeekOpen(t testing.TB) Opened {
	k := workroom.ContractScope("k1")
	return Opened{"e1", []wire.Opened{
		{Scope: k, Gen: 1, Seq: 9, Tag: "t", Hot: []wire.Thing{
			thing(t, k, "k1", 1, &workroom.Contract{Title: "Work", Status: workroom.Active, Client: "you", Freelancer: me, Started: pastAt.AddDate(0, 0, -1).UnixMicro(),
				Terms: workroom.Terms{Shots: workroom.ShotsFull}}),
			thing(t, k, pastWeek, 9, &workroom.WeekMark{Seq: 5}),
		}},
		{Scope: pastDiary, Gen: 1, Seq: 5, Tag: "t", Hot: []wire.Thing{
			thing(t, pastDiary, "s-dev", 1, pastSlice("dev")),
			thing(t, pastDiary, workroom.CellID("a", pastAt.Unix()/600), 2, pastShot("a", fileWord, nil)),
			thing(t, pastDiary, workroom.CellID("b", pastAt.Unix()/600), 3, pastShot("b", "", pastSeed)),
			thing(t, pastDiary, workroom.CellID("a", pastAt.Unix()/600), 4, pastInput("a")),
		}},
	}}
}

// past is a copy that holds all that, in a folder of its own, with a clock.
func past(t testing.TB) (r *Replica, dir string, dropped *[]string, later func()) {
	t.Helper()
	r, dir, later = wiped(t)
	dropped = &[]string{}
	r.o.Drop = func(sha string) error { *dropped = append(*dropped, sha); return nil }
	must(t, r.Apply(ctx, pastWeekOpen(t)))
	for _, id := range []string{fileWord, fileWord + "@320"} {
		must(t, r.KnowFile(ctx, id, pastDiary, "sha of "+id, 4))
	}
	return r, dir, dropped, later
}

func nothingLeft(t testing.TB, dir string) {
	t.Helper()
	for _, word := range []string{seedWord, countWord, fileWord} {
		if left := onDisk(t, dir, word); len(left) > 0 {
			t.Errorf("%s is still in %q", word, left)
		}
	}
}

// leftOf are the week's rows after a service that did the same said so.
func leftOf(t testing.TB, seq int64) []wire.Thing {
	h := workroom.HistoryOf(&workroom.Contract{}, nil)
	var out []wire.Thing
	for _, x := range pastWeekOpen(t).Scopes[1].Hot {
		was, err := workroom.Decode(x.Kind, x.Body)
		must(t, err)
		if left, due := h.Due(was, pastDue); due {
			x.Seq, x.Rev, x.Body = seq, 2, body(t, left)
			out = append(out, x)
		}
	}
	return out
}

// W-27: what the service says is gone leaves this machine while the program runs: the copy, its log, the backups and the bytes. The time stays.
func TestW27_WhatTheServiceTookAwayLeavesTheDisk(t *testing.T) {
	r, dir, dropped, later := past(t)
	_, err := r.BackUp(ctx, BackupDaily)
	must(t, err)
	for _, word := range []string{seedWord, countWord, fileWord} {
		if len(onDisk(t, dir, word)) == 0 {
			t.Fatalf("%s was never on the disk: this shows nothing", word)
		}
	}
	page(t, r, pastDiary, leftOf(t, 6)...)
	later()
	nothingLeft(t, dir)
	if want := []string{"sha of " + fileWord, "sha of " + fileWord + "@320"}; !slices.Equal(slices.Sorted(slices.Values(*dropped)), want) {
		t.Errorf("dropped %q", *dropped)
	}
	rows, err := r.All(ctx, pastDiary, workroom.KindSlice)
	must(t, err)
	if len(rows) != 1 {
		t.Errorf("the time went too: %+v", rows)
	}
}

// W-27: a machine that is offline does it by itself when the time is over and not before; the service's word later changes nothing. If its
// clock was wrong, all is back once the service is reached.
func TestW27_OfflineItGoesToo(t *testing.T) {
	for name, wrong := range map[string]bool{"the clock is right": false, "the clock was wrong": true} {
		t.Run(name, func(t *testing.T) {
			r, dir, _, later := past(t)
			if n, err := r.Expire(ctx, pastDue.Add(-time.Second), true); n != 0 || err != nil {
				t.Fatalf("a second before: %d %v", n, err)
			}
			if n, err := r.Expire(ctx, pastDue, true); n != 3 || err != nil {
				t.Fatalf("%d rows, %v", n, err)
			}
			if n, err := r.Expire(ctx, pastDue.AddDate(1, 0, 0), true); n != 0 || err != nil {
				t.Fatalf("again: %d %v", n, err)
			}
			later()
			nothingLeft(t, dir)
			shown := func() []string {
				var out []string
				rows, err := r.All(ctx, pastDiary, workroom.KindShot)
				must(t, err)
				for _, x := range rows {
					out = append(out, string(x.Thing.(*workroom.Shot).Reason))
				}
				return out
			}
			if got := shown(); !slices.Equal(got, []string{"expired", "expired"}) {
				t.Errorf("%q", got)
			}
			behind, err := r.WeeksBehind(ctx)
			must(t, err)
			if !slices.Contains(behind, pastDiary) {
				t.Errorf("it is not read anew: %v", behind)
			}
			o := pastWeekOpen(t)
			o.Scopes = o.Scopes[1:]
			if !wrong {
				o.Scopes[0].Seq, o.Scopes[0].Hot = 6, append(o.Scopes[0].Hot[:1], leftOf(t, 6)...)
			}
			must(t, r.Apply(ctx, o))
			want := []string{"expired", "expired"}
			if wrong {
				want = []string{"", ""}
			}
			if got := shown(); !slices.Equal(got, want) {
				t.Errorf("after the service was reached: %q", got)
			}
			if behind, err := r.WeeksBehind(ctx); err != nil || len(behind) != 0 {
				t.Errorf("%v %v", behind, err)
			}
		})
	}
}

// W-27: what waited for a year is sent without pictures and counts, and their bytes are not on the disk any more. The time is sent as it is.
func TestW27_WhatWaitsGoesToo(t *testing.T) {
	r, dir, later := wiped(t)
	var dropped []string
	r.o.Drop = func(sha string) error { dropped = append(dropped, sha); return nil }
	o := pastWeekOpen(t)
	o.Scopes[1].Seq, o.Scopes[1].Hot, o.Scopes[0].Hot = 0, nil, o.Scopes[0].Hot[:1]
	must(t, r.Apply(ctx, o))
	give := func(c workroom.Command, id string, ups ...Upload) string {
		id, err := r.Enqueue(ctx, c, EnqueueOpts{ID: id, At: pastAt.Add(10 * time.Minute), Uploads: ups})
		must(t, err)
		return id
	}
	give(workroom.ReportSlice{Week: pastWeek, Slice: *pastSlice("a"), Input: []workroom.CellInput{*pastInput("a")}}, "time")
	give(workroom.ReportSlice{Week: pastWeek, Slice: *pastSlice("b")}, "bare")
	up := Upload{ID: fileWord, Scope: pastDiary, Name: "screenshot.jpg", Size: 4, Type: "image/jpeg", SHA: "sha", Parts: []string{"p"}}
	give(workroom.AddShot{Week: pastWeek, Who: me, Shot: *pastShot("a", fileWord, nil)}, "sharp", up)
	give(workroom.AddShot{Week: pastWeek, Who: me, Shot: *pastShot("b", "", pastSeed)}, "blurred")
	if len(onDisk(t, dir, seedWord)) == 0 || len(onDisk(t, dir, fileWord)) == 0 {
		t.Fatal("it was never on the disk: this shows nothing")
	}
	if n, err := r.Expire(ctx, pastDue.Add(-time.Second), true); n != 0 || err != nil {
		t.Fatalf("a second before: %d %v", n, err)
	}
	// By a clock that nobody confirmed, what is nowhere else stays.
	if n, err := r.Expire(ctx, pastDue.AddDate(0, 9, 0), false); n != 0 || err != nil || len(onDisk(t, dir, seedWord)) == 0 {
		t.Fatalf("a clock that may be wrong took what was never sent: %d %v", n, err)
	}
	if n, err := r.Expire(ctx, pastDue.AddDate(0, 9, 0), true); n != 3 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	later()
	nothingLeft(t, dir)
	if !slices.Equal(dropped, []string{"sha"}) {
		t.Errorf("dropped %q", dropped)
	}
	list, err := r.Outbox(ctx)
	must(t, err)
	for _, x := range list {
		if x.State == outbox.Refused || len(x.After) > 0 {
			t.Errorf("%s: %s after %v", x.ID, x.State, x.After)
		}
		switch c := x.Command.(type) {
		case workroom.AddShot:
			if c.Shot.Pictured() || c.Shot.Reason != workroom.ShotExpired || c.Check() != nil {
				t.Errorf("%s: %+v", x.ID, c.Shot)
			}
		case workroom.ReportSlice:
			if len(c.Input) > 0 || c.Slice.End != pastAt.Unix()+300 {
				t.Errorf("%s: %+v", x.ID, c)
			}
		default:
			t.Errorf("%s is left: %T", x.ID, x.Command)
		}
	}
	if len(list) != 4 {
		t.Errorf("%d wait", len(list))
	}
}

// W-27, T-08: a picture that was deleted leaves the log, the commands kept for a restore and the backups, and those beside it stay.
func TestT08_ADeletedPictureLeavesTheBackups(t *testing.T) {
	r, dir, _, later := past(t)
	backup, err := r.BackUp(ctx, BackupDaily)
	must(t, err)
	gone := thing(t, pastDiary, workroom.CellID("b", pastAt.Unix()/600), 6, pastShot("b", "", pastSeed))
	gone.Gone, gone.Body = true, nil
	page(t, r, pastDiary, gone)
	later()
	if left := onDisk(t, dir, seedWord); len(left) > 0 {
		t.Errorf("still in %q", left)
	}
	if left := onDisk(t, dir, countWord); !slices.Contains(left, filepath.Join("backups", filepath.Base(backup))) {
		t.Errorf("what was not deleted is in %q", left)
	}
}

// W-27: an archive cannot be read anew, so a clock that nobody confirmed takes nothing out of it; one that the service told does.
func TestW27_AnArchiveWaitsForTheServicesClock(t *testing.T) {
	r, _, dropped, _ := past(t)
	must(t, r.write(ctx, true, func(t *tx) error {
		s, err := t.scope(pastDiary)
		if err != nil {
			return err
		}
		s.gen, s.seq, s.tag, s.state = 0, 0, "", Archived
		return t.saveScope(s)
	}))
	if n, err := r.Expire(ctx, pastDue.AddDate(1, 0, 0), false); n != 0 || err != nil || len(*dropped) != 0 {
		t.Errorf("by a clock that may be a year ahead: %d %v, dropped %q", n, err, *dropped)
	}
	if n, err := r.Expire(ctx, pastDue, true); n != 3 || err != nil {
		t.Errorf("by the service's: %d %v", n, err)
	}
}

// W-27: what waits under a contract that is not here is kept as long as any contract may say: it is nowhere else.
func TestW27_WhatWaitsUnderUnknownTerms(t *testing.T) {
	r, _, _ := wiped(t)
	longest := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 730)
	for id, c := range map[string]workroom.Command{
		"time":    workroom.ReportSlice{Week: pastWeek, Slice: *pastSlice("a"), Input: []workroom.CellInput{*pastInput("a")}},
		"blurred": workroom.AddShot{Week: pastWeek, Who: me, Shot: *pastShot("b", "", pastSeed)},
	} {
		_, err := r.Enqueue(ctx, c, EnqueueOpts{ID: id, At: pastAt.Add(10 * time.Minute)})
		must(t, err)
	}
	if n, err := r.Expire(ctx, longest.Add(-time.Second), true); n != 0 || err != nil {
		t.Errorf("a second before: %d %v", n, err)
	}
	if n, err := r.Expire(ctx, longest, true); n != 2 || err != nil {
		t.Errorf("%d %v", n, err)
	}
}
