package service

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"testing"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// album is a contract whose freelancer tracked half an hour and shows pictures of it.
type album struct {
	t            *testing.T
	now          time.Time
	client, free *person
}

func newAlbum(t *testing.T) *album {
	a := &album{t: t, now: time.Date(2026, 11, 17, 7, 0, 0, 0, time.UTC)}
	_, c := start(t, Config{Now: func() time.Time { return a.now }})
	a.client, a.free = join(t, c, "client"), join(t, c, "free")
	hire(a.client, a.free, "k1", "r1")
	a.now = a.now.Add(time.Hour)
	for _, id := range []string{"s1", "s2"} { // of two devices
		s := workroom.Slice{ID: id, Rev: 1, Freelancer: a.free.id, Contract: "k1", Device: "d" + id, Boot: "b", Start: a.now.Unix() - 1800, End: a.now.Unix(), Memo: "work",
			Kind: workroom.Tracked, Close: workroom.CloseStop}
		a.free.does(id, workroom.ReportSlice{Week: "2026-11-16", Slice: s})
	}
	return a
}

// uploads a picture of one colour.
func (a *album) uploads(id workroom.FileID, grey uint8) {
	a.t.Helper()
	img := image.NewGray(image.Rect(0, 0, 40, 20))
	for i := range 40 {
		img.SetGray(i, i%20, color.Gray{Y: grey})
	}
	var jpg bytes.Buffer
	must(a.t, jpeg.Encode(&jpg, img, nil))
	a.free.upload(id, "d:k1:2026-11-16", "s.jpg", jpg.Bytes())
	must(a.t, a.free.Complete(a.t.Context(), id))
}

// shot is a screenshot of so many seconds after the slice began.
func (a *album) shot(slice string, after int64, file workroom.FileID, why workroom.ShotReason) workroom.AddShot {
	at := time.Date(2026, 11, 17, 7, 30, 0, 0, time.UTC).Unix() + after
	s := workroom.Shot{Slice: slice, Contract: "k1", Device: "d" + slice, Cell: at / 600, At: at, File: file, Reason: why}
	if file != "" {
		s.W, s.H = 40, 20
	}
	return workroom.AddShot{Week: "2026-11-16", Who: a.free.id, Shot: s}
}

func (a *album) says(id string, c workroom.Command) wire.Result {
	a.t.Helper()
	return a.free.send(a.free.command(id, c))[0]
}

// reads is how the service answers somebody who asks for a picture.
func (a *album) reads(p *person, id string) int {
	a.t.Helper()
	res := p.raw("GET", "/v1/files/"+id, nil)
	defer res.Body.Close()
	return res.StatusCode
}

func (a *album) shots() map[string]*workroom.Shot {
	d, _ := a.client.diary("k1", "2026-11-16")
	out := map[string]*workroom.Shot{}
	for _, s := range d.Shots {
		out[workroom.CellID(s.Device, s.Cell)] = s
	}
	return out
}

// T-07, T-08: the first picture of a segment stays, whatever a program sends for it later; after the freeze that is refused. What has no place in the
// diary does not stay at the service either.
func TestT07_TheFirstPictureStays(t *testing.T) {
	for name, c := range map[string]struct {
		first, then func(a *album) workroom.AddShot
		frozen      bool
		want        workroom.Code
		stays       workroom.FileID // in the diary
	}{
		"another picture": {func(a *album) workroom.AddShot { return a.shot("s1", 60, "one", "") },
			func(a *album) workroom.AddShot { return a.shot("s1", 61, "two", "") }, false, "", "one"},
		"a reason": {func(a *album) workroom.AddShot { return a.shot("s1", 60, "one", "") },
			func(a *album) workroom.AddShot { return a.shot("s1", 60, "", workroom.ShotFailed) }, false, "", "one"},
		"another picture after the freeze": {func(a *album) workroom.AddShot { return a.shot("s1", 60, "one", "") },
			func(a *album) workroom.AddShot { return a.shot("s1", 61, "two", "") }, true, workroom.WeekFrozen, "one"},
		"a reason after the freeze": {func(a *album) workroom.AddShot { return a.shot("s1", 60, "one", "") },
			func(a *album) workroom.AddShot { return a.shot("s1", 60, "", workroom.ShotFailed) }, true, workroom.WeekFrozen, "one"},
		"the same once more after the freeze": {func(a *album) workroom.AddShot { return a.shot("s1", 60, "one", "") },
			func(a *album) workroom.AddShot { return a.shot("s1", 60, "one", "") }, true, "", "one"},
		"a picture where there was none": {func(a *album) workroom.AddShot { return a.shot("s1", 60, "", workroom.ShotLocked) },
			func(a *album) workroom.AddShot { return a.shot("s1", 90, "two", "") }, false, "", "two"},
		"a picture where there was none, after the freeze": {func(a *album) workroom.AddShot { return a.shot("s1", 60, "", workroom.ShotLocked) },
			func(a *album) workroom.AddShot { return a.shot("s1", 90, "two", "") }, true, workroom.WeekFrozen, ""},
		"a first picture after the freeze": {func(a *album) workroom.AddShot { return a.shot("s1", 660, "", workroom.ShotLocked) },
			func(a *album) workroom.AddShot { return a.shot("s1", 90, "two", "") }, true, "", "two"},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAlbum(t)
			a.uploads("one", 1)
			a.uploads("two", 2)
			if r := a.says("first", c.first(a)); r.Status != wire.OK {
				t.Fatalf("%+v", r)
			}
			if c.frozen {
				a.now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
			}
			then := c.then(a)
			if r := a.says("then", then); r.Code != c.want {
				t.Errorf("%+v", r)
			}
			if s := a.shots()[workroom.CellID("ds1", then.Shot.Cell)]; s == nil || s.File != c.stays {
				t.Errorf("there is %+v", s)
			}
			if c.stays != "" && a.reads(a.client, string(c.stays)) != 200 {
				t.Errorf("the client cannot read %s", c.stays)
			}
			if lost := then.Shot.File; lost != "" && lost != c.stays && a.reads(a.free, string(lost)) == 200 {
				t.Errorf("the bytes of %s stay at the service", lost)
			}
		})
	}
}

// T-08: nobody takes a picture of a closed segment away by showing it once more elsewhere and deleting it there.
func TestT08_APictureIsOfOneSegment(t *testing.T) {
	for _, together := range []bool{false, true} {
		a := newAlbum(t)
		a.uploads("one", 1)
		first, again := a.free.command("first", a.shot("s1", 60, "one", "")), a.free.command("again", a.shot("s1", 660, "one", ""))
		var got []wire.Result
		if together {
			got = a.free.send(first, again)
		} else {
			got = append(a.free.send(first), a.free.send(again)...)
		}
		if got[0].Status != wire.OK || got[1].Status != wire.Rejected {
			t.Errorf("together %v: %+v", together, got)
		}
		cell := time.Date(2026, 11, 17, 7, 40, 0, 0, time.UTC).Unix()
		a.free.does("cut", workroom.CutTime{Contract: "k1", Week: "2026-11-16", From: cell, To: cell + 600})
		if a.reads(a.client, "one") != 200 {
			t.Errorf("together %v: the picture is gone", together)
		}
	}
}

// T-08: a picture that comes for a segment that was deleted is not kept, nor is one that is refused.
func TestT08_WhatHasNoPlaceIsErased(t *testing.T) {
	a := newAlbum(t)
	a.uploads("one", 1)
	a.uploads("two", 2)
	cell := time.Date(2026, 11, 17, 7, 30, 0, 0, time.UTC).Unix()
	a.free.does("cut", workroom.CutTime{Contract: "k1", Week: "2026-11-16", From: cell, To: cell + 600})
	if r := a.says("one", a.shot("s1", 60, "one", "")); r.Status != wire.OK {
		t.Errorf("%+v", r)
	}
	if r := a.says("two", a.shot("s9", 60, "two", "")); r.Code != workroom.Gone {
		t.Errorf("%+v", r)
	}
	for _, id := range []string{"one", "two"} {
		if a.reads(a.free, id) == 200 {
			t.Errorf("the bytes of %s stay at the service", id)
		}
	}
}
