package app

import (
	"context"
	"slices"
	"testing"
	"time"
	"unsafe"

	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// clockSet is an instant before the computer's clock was set forward by so much: what passed since is right, what the clock says is not.
func clockSet(at time.Time, by time.Duration) time.Time {
	wall := (*uint64)(unsafe.Pointer(&at)) // the seconds of the clock, above 30 bits of nanoseconds; the instant that nobody can set lies beside
	*wall -= uint64(by/time.Second) << 30
	return at
}

// W-27: a clock that is set after the service told its time takes nothing that could not come back. Set back it takes nothing either.
func TestW27_AClockThatIsSetExpiresNothing(t *testing.T) {
	t.Parallel()
	const year = 365 * 24 * time.Hour
	now := time.Now()
	before := now.Add(-time.Hour)
	if at := clockSet(before, year); now.Sub(at) != time.Hour || now.Round(0).Sub(at.Round(0)) != year+time.Hour {
		t.Fatalf("%s: this shows nothing", at)
	}
	for name, c := range map[string]struct {
		at   time.Time
		want time.Time
	}{
		"not set":     {before, now.Add(time.Minute)},
		"set forward": {clockSet(before, year), now.Add(time.Minute - year)},
		"set back":    {clockSet(before, -year), now.Add(time.Minute)},
	} {
		if got := expiryNow(now, time.Minute, c.at); !got.Equal(c.want.Round(0)) {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// W-27: the first look waits for the service to tell the time. What it takes is not read anew at each start by a computer whose clock is wrong.
func TestW27_TheFirstLookWaits(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	c := h.desk("Esme")
	arrived(t, c)
	h.stop()
	s := c.session
	const week = "2020-11-16"
	at := time.Date(2020, 11, 18, 10, 0, 0, 0, time.UTC).Unix()
	k, d := workroom.ContractScope("old"), workroom.DiaryScope("old", week)
	shot := &workroom.Shot{Slice: "s", Contract: "old", Device: "d", Cell: at / 600, At: at, Seed: []byte{0xff, 0xd8, 0xff, 1}}
	thing := func(scope workroom.Scope, id string, x workroom.Thing) wire.Thing {
		body, err := workroom.Encode(x)
		if err != nil {
			t.Fatal(err)
		}
		return wire.Thing{Scope: scope, Kind: x.ThingKind(), ID: id, Seq: 1, Rev: 1, Body: body}
	}
	epoch, err := s.replica.Epoch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.replica.Apply(t.Context(), replica.Opened{Epoch: epoch, Scopes: []wire.Opened{
		{Scope: k, Gen: 1, Seq: 1, Tag: "t", Hot: []wire.Thing{thing(k, "old", &workroom.Contract{Title: "Old", Freelancer: s.me(), Status: workroom.Active, Started: 1})}},
		{Scope: d, Gen: 1, Seq: 1, Tag: "t", Hot: []wire.Thing{thing(d, workroom.CellID("d", at/600), shot)}},
	}}); err != nil {
		t.Fatal(err)
	}
	there := func() bool {
		rows, err := s.replica.All(t.Context(), d, workroom.KindShot)
		if err != nil || len(rows) != 1 {
			t.Fatalf("%+v %v", rows, err)
		}
		return rows[0].Thing.(*workroom.Shot).Pictured()
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var waits []time.Duration
	s.followExpiry(ctx, func(d time.Duration) <-chan time.Time {
		waits = append(waits, d)
		if len(waits) == 1 {
			if !there() {
				t.Error("it looked at once")
			}
			now := make(chan time.Time, 1)
			now <- time.Now()
			return now
		}
		stop()
		return nil
	})
	if there() {
		t.Error("it never looked")
	}
	if !slices.Equal(waits, []time.Duration{time.Minute, expireEvery}) {
		t.Errorf("waited %v", waits)
	}
}
