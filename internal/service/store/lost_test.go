package store

import (
	"testing"
	"time"
)

// T-21: several restores are remembered, each for four weeks, with five minutes for clocks that differ.
func TestT21_LostSpans(t *testing.T) {
	ctx := t.Context()
	address := "sqlite:" + t.TempDir() + "/service.db"
	s, err := Open(ctx, address, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	at := time.Date(2026, 11, 2, 3, 0, 0, 0, time.UTC)
	day := 24 * time.Hour
	if s.Lost(at, at) {
		t.Error("a service that lost nothing believes a claim")
	}
	for _, l := range []span{{at.Add(-40 * day), at.Add(-39 * day)}, {at, at.Add(day)}, {at.Add(3 * day), at.Add(4 * day)}} {
		if err := s.Write(ctx, func(tx Tx) error { return noteLost(ctx, tx.Tx, l.from, l.to) }); err != nil {
			t.Fatal(err)
		}
	}
	again, err := Open(ctx, address, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = again.Close() }()
	if len(again.lost) != 2 {
		t.Errorf("%d spans are kept", len(again.lost))
	}
	for what, x := range map[string]struct {
		at, now time.Duration
		want    bool
	}{
		"in the first":         {12 * time.Hour, 5 * day, true},
		"in the second":        {3*day + time.Hour, 5 * day, true},
		"between them":         {2 * day, 5 * day, false},
		"a little before":      {-5 * time.Minute, 5 * day, true},
		"before":               {-5*time.Minute - 1, 5 * day, false},
		"a little after":       {4*day + 5*time.Minute, 5 * day, true},
		"after":                {4*day + 5*time.Minute + 1, 5 * day, false},
		"four weeks later":     {12 * time.Hour, 29 * day, true},
		"later than that":      {12 * time.Hour, 29*day + 1, false},
		"the one long past":    {-39*day - time.Hour, 5 * day, false},
		"the second, later on": {3*day + time.Hour, 30 * day, true},
	} {
		if got := again.Lost(at.Add(x.at), at.Add(x.now)); got != x.want {
			t.Errorf("%s: %v", what, got)
		}
	}
}
