package workroom

import (
	"math/rand"
	"reflect"
	"testing"
	"time"
)

// T-09: who may write that they looked, at what, and when it counts.
func TestT09_WhoLooked(t *testing.T) {
	k, d := ContractScope("k1"), DiaryScope("k1", "2026-11-16")
	at := time.Date(2026, 11, 17, 10, 0, 0, 0, time.UTC)
	shot := CellID("dev", at.Unix()/600)
	rows := func() *table {
		m := newTable()
		m.rows[Ref{k, KindContract, "k1"}] = &Contract{Status: Active, Client: "client", Freelancer: "free", Started: 1}
		m.rows[Ref{d, KindShot, shot}] = &Shot{Slice: "s", Contract: "k1", Device: "dev", Cell: at.Unix() / 600, At: at.Unix() + 5, File: "f"}
		m.rows[Ref{d, KindShot, "dev.1"}] = &Shot{Slice: "s", Contract: "k1", Device: "dev", Cell: 1, At: 600, Reason: ShotLocked}
		return m
	}
	look := func(who AccountID, s string, when time.Time) NoteLooks {
		return NoteLooks{Contract: "k1", Week: "2026-11-16", Who: who, Looks: []LookAt{{Shot: s, Seen: Seen{At: when.Unix()}}}}
	}
	later := at.Add(time.Hour)
	for name, tt := range map[string]struct {
		by   AccountID
		c    NoteLooks
		code Code
		want []Seen
	}{
		"the client":                   {"client", look("client", shot, at.Add(time.Minute)), "", []Seen{{At: at.Unix() + 60}}},
		"in another's name":            {"client", look("free", shot, later), NoAccess, nil},
		"the freelancer, own picture":  {"free", look("free", shot, later), "", nil},
		"before it was taken":          {"client", look("client", shot, at.Add(-time.Hour)), "", []Seen{{At: at.Unix() + 5}}},
		"in the future":                {"client", look("client", shot, at.AddDate(1, 0, 0)), "", []Seen{{At: later.Unix()}}},
		"no picture was taken":         {"client", look("client", "dev.1", later), "", nil},
		"deleted meanwhile":            {"client", look("client", "dev.2", later), "", nil},
		"a contract that is not there": {"client", NoteLooks{Contract: "k2", Week: "2026-11-16", Who: "client", Looks: []LookAt{{Shot: shot}}}, NoAccess, nil},
	} {
		t.Run(name, func(t *testing.T) {
			list, r := Run(tt.c, Asked{ID: "c", By: tt.by, At: later}, rows())
			if r == nil && tt.code != "" || r != nil && r.Code != tt.code {
				t.Fatalf("refused: %+v", r)
			}
			var got []Seen
			for _, c := range list {
				if l, ok := c.Thing.(*Look); ok {
					if l.Who != tt.by || l.Shot != shot || l.Cell != at.Unix()/600 || c.Ref.Scope != d {
						t.Errorf("%s %+v", c.Ref, l)
					}
					got = l.Seen
				}
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("%+v, want %+v", got, tt.want)
			}
		})
	}
}

// T-09: the same looks give the same log in any order and told any number of times, by the service, by the desktop or by both.
func TestT09_OrderAndRepetitionDoNotMatter(t *testing.T) {
	rnd := rand.New(rand.NewSource(9))
	for range 500 {
		var looks []Seen
		for range 1 + rnd.Intn(8) {
			looks = append(looks, Seen{At: 1_000_000 + rnd.Int63n(3000), Large: rnd.Intn(3) == 0})
		}
		a, b := &Look{}, &Look{}
		for _, s := range looks {
			a.add(s)
		}
		for range 2 {
			for _, i := range rnd.Perm(len(looks)) {
				b.add(looks[i])
			}
		}
		if !reflect.DeepEqual(a.Seen, b.Seen) {
			t.Fatalf("%+v: %+v and %+v", looks, a.Seen, b.Seen)
		}
		if b.add(looks[0]) {
			t.Fatalf("%+v: said again it says more", looks[0])
		}
		for i, s := range a.Seen[1:] {
			if s.At/CellSeconds <= a.Seen[i].At/CellSeconds {
				t.Fatalf("%+v", a.Seen)
			}
		}
	}
}
