package proof

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"trestle/internal/outbox"
	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// moved learns which new ids stand for old ones, by the text.
func (d *modelDesk) moved() {
	rows, err := d.look.Waiting()
	d.must("read the outbox", err)
	ids := map[string]bool{}
	for _, r := range rows {
		ids[r.ID] = true
	}
	for _, r := range rows {
		if _, known := d.kept[r.ID]; known || r.Op != workroom.OpSendMessage {
			continue
		}
		for id, text := range d.kept {
			if !ids[id] && strings.Contains(string(r.Args), `"`+text+`"`) {
				delete(d.kept, id)
				d.kept[r.ID] = text
				break
			}
		}
	}
}

// check holds the copy against the model.
func (d *modelDesk) check(when string) {
	var bad []Violation
	bad = append(bad, d.svc.bad...)
	names, err := d.look.Names()
	d.must("read the copy", err)
	epoch, err := d.look.Epoch()
	d.must("read the copy", err)
	for _, s := range names {
		h, err := d.look.Scope(s)
		d.must("read the copy", err)
		if epoch == d.svc.Epoch {
			bad = append(bad, CheckI3CursorHonesty(h, d.svc.Truth)...)
			bad = append(bad, CheckI13SpanTruth(h, d.svc.Truth, modelMe)...)
			bad = append(bad, CheckI12NoResurrection(h, d.svc.Truth)...)
		}
		v, err := CheckI11Purge(d.look, s)
		d.must("check I11", err)
		bad = append(bad, v...)
		if h.State == replica.Whole {
			d.events = append(d.events, Event{Kind: "cursor", Scope: string(s), Seq: h.Seq, Gen: h.Gen, Status: epoch})
		} else {
			d.events = append(d.events, Event{Kind: "cursor", Scope: string(s), Gen: h.Gen, Status: epoch, Text: "reset"})
		}
	}
	bad = append(bad, CheckI14Monotonic(d.events)...)
	v, err := CheckI8ViewPurity(d.look)
	d.must("check I8", err)
	bad = append(bad, v...)
	rows, err := d.look.Waiting()
	d.must("read the outbox", err)
	sent, err := d.look.Sent()
	d.must("read what was sent", err)
	args := map[string]string{}
	for _, r := range rows {
		args[r.ID] = string(r.Args)
		if r.Verdict == outbox.Rejected && d.svc.records[r.ID].Status != wire.Rejected && r.Code != workroom.NoAccess && r.Code != workroom.DepFailed {
			bad = append(bad, broken("I4", r.ID, "%s counts as refused (%s) and the service never said so", r.Op, r.Code))
		}
		if r.Verdict != outbox.None && d.svc.records[r.ID].Status == wire.OK && r.Code != workroom.NoAccess {
			bad = append(bad, broken("I4", r.ID, "%s counts as refused (%s) and the service has it", r.Op, r.Code))
		}
	}
	for _, a := range sent {
		args[a.ID] = a.Args
		if d.svc.records[a.ID].Status != wire.OK {
			bad = append(bad, broken("I6", a.ID, "%s counts as acked and the service does not have it", a.Op))
		}
	}
	for id, text := range d.kept {
		if a, ok := args[id]; d.svc.records[id].Status != wire.OK && (!ok || !strings.Contains(a, `"`+text+`"`)) {
			bad = append(bad, broken("I5", id, "a message is nowhere, or lost its text, %s", when))
		}
	}
	if len(bad) > 0 {
		d.rt.Fatalf("%s:\n%s", when, words(bad))
	}
}

// modelWindows counts the windows of history that were stored in all runs: without any, T1 proves nothing of them.
var modelWindows int

// checkOrder is I7 for the whole run: accepted messages of a lane stand in the order of their places, and none before what it follows.
func (d *modelDesk) checkOrder() {
	at := map[string]int{}
	for i, id := range d.svc.order {
		at[id] = i
	}
	sent, err := d.look.Sent()
	d.must("read what was sent", err)
	pos, err := d.placesOfSent()
	d.must("read what was sent", err)
	slices.SortFunc(sent, func(a, b Acked) int { return int(pos[a.ID] - pos[b.ID]) })
	last := map[string]Acked{}
	for _, a := range sent {
		if a.Op != workroom.OpSendMessage {
			continue
		}
		if was, ok := last[a.Lane]; ok && at[was.ID] > at[a.ID] {
			d.rt.Fatalf("I7: %s at place %d was accepted after %s at place %d", was.ID, pos[was.ID], a.ID, pos[a.ID])
		}
		last[a.Lane] = a
	}
}

func (d *modelDesk) placesOfSent() (map[string]int64, error) {
	out := map[string]int64{}
	rows, err := d.look.db.Query(`SELECT id, CASE pos WHEN 0 THEN n ELSE pos END FROM sent`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var pos int64
		if err := rows.Scan(&id, &pos); err != nil {
			return nil, err
		}
		out[id] = pos
	}
	return out, rows.Err()
}

// TestT1_AgainstModel drives courier, outbox and spans through whatever rapid thinks of, against a model of the service that is simple
// enough to be believed. -rapid.checks chooses how many runs.
func TestT1_AgainstModel(t *testing.T) {
	dir := simDir(t)
	checks := Size(25, 120, 2000, 200_000)
	if f := os.Getenv("TRESTLE_PROOF_MODEL"); f != "" {
		fmt.Sscan(f, &checks)
	}
	was := flag.Lookup("rapid.checks").Value.String()
	must(t, flag.Set("rapid.checks", fmt.Sprint(checks)))
	defer flag.Set("rapid.checks", was)
	runs, steps := 0, 0
	defer func() {
		Report(t, "T1", "%d runs, %d steps of the model, %d windows of history", runs, steps, modelWindows)
	}()
	rapid.Check(t, func(rt *rapid.T) {
		runs++
		path := filepath.Join(dir, fmt.Sprint(runs), "copy.db")
		defer os.RemoveAll(filepath.Dir(path))
		d := &modelDesk{rt: rt, svc: newModelService(), path: path, now: time.Unix(1_800_000_000, 0), kept: map[string]string{}, cursors: map[workroom.Scope]replica.Cursor{}}
		if d.roll("small", 4) < 3 {
			d.svc.limit, d.svc.tail = 1+d.roll("limit", 3), d.roll("tail", 4)
		}
		d.lively = d.roll("lively", 4) < 3
		d.open()
		defer func() { d.close() }()
		if d.roll("begin", 4) > 0 {
			d.rest()
		}
		k := rapid.IntRange(1, 80).Draw(rt, "steps")
		for range k {
			d.act()
			d.check("on the way")
		}
		steps += k
		d.armed = ""
		d.svc.late = nil
		d.rest()
		d.check("at the end")
		d.checkOrder()
	})
}
