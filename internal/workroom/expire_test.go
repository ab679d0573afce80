package workroom

import (
	"reflect"
	"testing"
	"time"
)

// W-27: what is due, when, and what is left of it; said again nothing more goes.
func TestW27_WhatIsLeft(t *testing.T) {
	at := time.Date(2026, 11, 19, 10, 0, 0, 0, time.UTC)
	until := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 90)
	h := HistoryOf(&Contract{Status: Active, Started: 1}, nil)
	n := uint16(3)
	cell := at.Unix() / 600
	pic := Shot{Slice: "s", Contract: "k", Device: "d", Cell: cell, At: at.Unix()}
	gone := pic
	gone.Reason, gone.Until = ShotExpired, until.Unix()
	full, blurred, none := pic, pic, pic
	full.File, full.More, full.W, full.H, full.Displays = "f", []Picture{{File: "g"}}, 100, 50, 2
	blurred.Seed = []byte{0xff, 0xd8, 0xff}
	none.Reason = ShotLocked
	fullGone := gone
	fullGone.Displays = 2
	for name, tt := range map[string]struct {
		thing, left Thing
		less        bool
	}{
		"a picture":            {&full, &fullGone, true},
		"a blurred one":        {&blurred, &gone, true},
		"none was taken":       {&none, &none, false},
		"counts":               {&CellInput{Device: "d", Cell: cell, Minutes: []Minute{{At: cell * 10, Keys: &n}}}, &CellInput{Device: "d", Cell: cell, Until: until.Unix()}, true},
		"what could not count": {&CellInput{Device: "d", Cell: cell, Minutes: []Minute{{At: cell * 10, Moved: 9}}}, &CellInput{Device: "d", Cell: cell}, true},
		"no counts":            {&CellInput{Device: "d", Cell: cell}, &CellInput{Device: "d", Cell: cell}, false},
		"time":                 {&Slice{ID: "s"}, &Slice{ID: "s"}, false},
		"who looked":           {&Look{Shot: "d.1"}, &Look{Shot: "d.1"}, false},
		"the line of it":       {&Expiry{Shots: 1}, &Expiry{Shots: 1}, false},
		"a picture gone":       {&gone, &gone, false},
		"a closed week seal":   {&Seal{Week: "2026-11-16"}, &Seal{Week: "2026-11-16"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if left, less := h.Due(tt.thing, until.Add(-time.Second)); less || left != tt.thing {
				t.Errorf("a second before: %+v", left)
			}
			left, less := h.Due(tt.thing, until)
			if less != tt.less || !reflect.DeepEqual(left, tt.left) {
				t.Errorf("%v %+v", less, left)
			}
			if again, less := h.Due(left, until.AddDate(5, 0, 0)); less || !reflect.DeepEqual(again, left) {
				t.Errorf("said again: %+v", again)
			}
		})
	}
	if MayExpire("2026-11-16", time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC)) || !MayExpire("2026-11-16", time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)) {
		t.Error("the shortest time is a week")
	}
}

// W-27: of commands that waited for long only what has a place in the diary is sent.
func TestW27_WhatWaitedTooLong(t *testing.T) {
	at := time.Date(2026, 11, 19, 10, 0, 0, 0, time.UTC)
	h := HistoryOf(&Contract{Status: Active, Started: 1, Terms: Terms{KeepDays: 7}}, nil)
	n := uint16(3)
	report := ReportSlice{Week: "2026-11-16", Slice: Slice{ID: "s"}, Input: []CellInput{
		{Device: "d", Cell: at.Unix() / 600, Minutes: []Minute{{At: at.Unix() / 60, Keys: &n}}},
		{Device: "d", Cell: at.Unix()/600 + 7*144, Minutes: []Minute{{At: at.Unix()/60 + 7*1440, Keys: &n}}},
	}}
	shot := AddShot{Week: "2026-11-16", Shot: Shot{Slice: "s", Contract: "k", Device: "d", Cell: at.Unix() / 600, At: at.Unix(), File: "f", More: []Picture{{File: "g"}}}}
	soon, late := at.AddDate(0, 0, 8), at.AddDate(0, 0, 12)
	for _, c := range []Command{report, shot} {
		if left, _, changed := h.DueIn(c, soon); changed || !reflect.DeepEqual(left, c) {
			t.Errorf("not due: %+v", left)
		}
	}
	left, files, changed := h.DueIn(report, late)
	if r := left.(ReportSlice); !changed || len(files) != 0 || len(r.Input) != 1 || r.Input[0].Cell != report.Input[1].Cell {
		t.Errorf("%+v", left)
	}
	left, files, changed = h.DueIn(shot, late)
	if s := left.(AddShot); !changed || len(files) != 2 || s.Shot.Pictured() || s.Check() != nil && s.Check().Field != "" {
		t.Errorf("%+v %v %+v", left, files, s.Check())
	}
	if _, _, changed := h.DueIn(CutTime{}, late); changed {
		t.Error("a command without pictures is changed")
	}
}
