//go:build linux

package app

import (
	"context"
	"encoding/base64"
	"testing"
	"time"

	"trestle/internal/workroom"
)

// W-27: when the time of pictures and counts is over both desktops take them off their disks by themselves, whether the service is reached or
// not; the diary says since when. Should the clock have been wrong, all is back once the service is reached.
func TestW27_BothDesktopsForget(t *testing.T) {
	t.Parallel()
	h, client, freelancer, contract, sharp := pictured(t)
	for _, width := range []int{320, wholeWidth} {
		openPicture(t, client, sharp, width)
		openPicture(t, freelancer, sharp, width)
	}
	var pieces [][]byte
	for _, c := range []*Core{client, freelancer} {
		sha, _, ok, err := c.session.replica.LocalFile(context.Background(), sharp)
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		f, err := c.session.blobs.Open(sha)
		if err != nil {
			t.Fatal(err)
		}
		body := make([]byte, 1<<20)
		n, _ := f.Read(body)
		f.Close()
		pieces = append(pieces, middle(body[:n]))
	}
	shots, err := client.session.replica.Everywhere(context.Background(), "d:", workroom.KindShot)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range shots {
		if x := r.Thing.(*workroom.Shot); len(x.Seed) > 0 {
			pieces = append(pieces, []byte(base64.StdEncoding.EncodeToString(x.Seed))[:40])
		}
	}
	arrived(t, client)
	arrived(t, freelancer)
	h.stop()
	due := workroom.WeekOf(time.Now()).End().AddDate(0, 0, 90)
	cell := func(c *Core) (found *CellView) {
		day, err := (&Diary{c}).Day(DayIn{Contract: contract, Zone: "UTC"})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range day.Hours {
			for i := range h.Cells {
				if len(h.Cells[i].Shots) > 0 {
					found = &h.Cells[i]
				}
			}
		}
		return found
	}
	for name, c := range map[string]*Core{"client": client, "freelancer": freelancer} {
		dir := c.session.dir
		for _, p := range [][]byte{pieces[0], pieces[2]} {
			if len(bytesIn(t, dir, p)) == 0 {
				t.Fatalf("the %s never had it: this shows nothing", name)
			}
		}
		c.session.expire(context.Background(), due.Add(-time.Second), true)
		if v := cell(c); v == nil || v.Gone != 0 || v.Shot.Reason == "expired" {
			t.Fatalf("a second before, for the %s: %+v", name, v)
		}
		c.session.expire(context.Background(), due, true)
		eventually(t, "no byte of it is left with the "+name, func() bool {
			for _, p := range pieces {
				if len(bytesIn(t, dir, p)) > 0 {
					return false
				}
			}
			return true
		})
		v := cell(c)
		if v == nil || v.Gone != due.UnixMilli() || v.Shot.Reason != "expired" || v.Shot.Gone != due.UnixMilli() || v.Shot.File != "" || v.Shot.Seed != "" || v.Counted {
			t.Errorf("the %s is shown %+v, %+v", name, v, v.Shot)
		}
		if v.Seconds == 0 {
			t.Error("the time went too")
		}
		if _, err := c.files().Open(context.Background(), sharp, 320); err == nil {
			t.Errorf("the %s still opens it", name)
		}
	}
	h.again()
	eventually(t, "what was taken too early is back", func() bool {
		a, b := cell(client), cell(freelancer)
		return a != nil && b != nil && a.Gone == 0 && b.Gone == 0 && a.Shot.Reason == "" && a.Counted && b.Counted
	})
}

// W-27: the line in the log stands on each day of its week and on no other, and the diary reads it as it is.
func TestW27_TheLogSaysWhatIsGone(t *testing.T) {
	t.Parallel()
	b := aBook(t, "2027-03-01 12:00:00", 0)
	b.expiries = map[string]*workroom.Expiry{"2026-11-16": {Shots: 3, Cells: 20, At: at(t, "2027-02-21 04:00:00") * 1e6, Since: at(t, "2027-02-21 00:00:00")}}
	for day, want := range map[string]int{"2026-11-15": 0, "2026-11-16": 1, "2026-11-22": 1, "2026-11-23": 0} {
		from, _ := time.Parse(time.DateOnly, day)
		got := b.log(from, from.AddDate(0, 0, 1)).Rows
		if len(got) != want {
			t.Errorf("%s: %+v", day, got)
		}
		for _, r := range got {
			if r.What != "expired" || r.Value != "3 pictures, counts of 20 segments" || r.Who != "" || r.At != at(t, "2027-02-21 04:00:00")*1000 {
				t.Errorf("%+v", r)
			}
		}
	}
}
