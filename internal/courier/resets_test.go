package courier

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"trestle/internal/outbox"
	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// resets notes the reasons for which a device's pulls were answered with a reset.
func (d *device) resets() func() string {
	var mu sync.Mutex
	var seen []string
	d.way.answer(func(r *http.Request, do next) (*http.Response, error) {
		res, err := do(r)
		if err != nil || !strings.HasSuffix(r.URL.Path, "/pull") || res.StatusCode != 200 {
			return res, err
		}
		b, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil {
			return nil, err
		}
		var p wire.Page
		if json.Unmarshal(b, &p) == nil && p.Reset != "" {
			mu.Lock()
			seen = append(seen, string(p.Reset))
			mu.Unlock()
		}
		res.Body = io.NopCloser(strings.NewReader(string(b)))
		return res, nil
	})
	return func() string {
		mu.Lock()
		defer mu.Unlock()
		return strings.Join(seen, " ")
	}
}

// A device that was away for so long that deletions were forgotten, or that so much changed that opening anew is cheaper, opens the scope
// anew: it shows what the service has, nothing deleted lives again (I12), and what it had waiting goes out.
func TestI12_PurgedAndTooLong(t *testing.T) {
	for reset, change := range map[string]func(*world, workroom.AccountID, workroom.RoomID, string){
		"purged": func(w *world, me workroom.AccountID, room workroom.RoomID, gone string) {
			must(w.t, w.svc.Load().Act(bg, me, []workroom.Change{{Ref: workroom.Ref{Scope: workroom.RoomScope(room), Kind: workroom.KindMessage, ID: gone}}}))
			must(w.t, w.svc.Load().Compact(bg, time.Now().Add(100*24*time.Hour)))
		},
		"too_long": func(w *world, me workroom.AccountID, room workroom.RoomID, gone string) {
			must(w.t, w.svc.Load().Act(bg, me, []workroom.Change{{Ref: workroom.Ref{Scope: workroom.RoomScope(room), Kind: workroom.KindMessage, ID: gone}}}))
			for i := range 11 {
				var list []workroom.Change
				for j := range 500 {
					id := fmt.Sprintf("01934000-0000-7000-8000-%012d", 1000*i+j)
					list = append(list, workroom.Change{Ref: workroom.Ref{Scope: workroom.RoomScope(room), Kind: workroom.KindMessage, ID: id},
						Thing: &workroom.Message{Author: me, Text: id, At: time.Now().UnixMicro()}})
				}
				must(w.t, w.svc.Load().Act(bg, me, list))
			}
		},
	} {
		w := newWorld(t)
		a := w.join("Alice")
		_, room, _ := a.contract(true)
		a.say(room, "stays")
		gone := a.say(room, "to be deleted")
		a.sync()
		b := a.second()
		b.sync()
		b.shows(room, "stays", "to be deleted")
		b.way.down.Store(true)
		b.stop()
		change(w, a.signed.Account, room, gone)
		b.way.down.Store(false)
		seen := b.resets()
		b.start()
		b.say(room, "written while away")
		b.sync()
		if got := seen(); !strings.Contains(got, reset) {
			t.Errorf("resets %q, want %s", got, reset)
		}
		texts := strings.Join(b.texts(room), "|")
		if strings.Contains(texts, "to be deleted") {
			t.Errorf("I12: %s: what was deleted lives again", reset)
		}
		if !strings.HasSuffix(texts, "written while away") {
			t.Errorf("%s: what waited did not come: …%s", reset, texts[max(0, len(texts)-80):])
		}
		fresh := a.second()
		fresh.sync()
		if got, want := b.texts(room), fresh.texts(room); len(want) == 0 || len(got) < len(want) || strings.Join(got[len(got)-len(want):], "|") != strings.Join(want, "|") {
			t.Errorf("%s: %d messages here, %d on a fresh device, not the same ones", reset, len(got), len(want))
		}
	}
}

// What the person decided about changed meanwhile: refused as "moved", and the copy shows the present state at once, without a pull.
func TestMoved_ShowsThePresentRow(t *testing.T) {
	w := newWorld(t)
	a, b := w.join("Alice"), w.join("Bob")
	k, room, secret := a.contract(false)
	a.sync()
	c := workroom.AcceptContract{Contract: k, Room: room, Who: b.signed.Account, Name: "Bob", Secret: secret}
	ref := c.Expects()[0]
	row, known, err := a.rep.Thing(bg, ref)
	must(t, err)
	if known != workroom.Held {
		t.Fatal("no contract")
	}
	// Bob looked at an offer that is one version behind by the time his acceptance arrives.
	must(t, w.svc.Load().Act(bg, a.signed.Account, []workroom.Change{{Ref: ref, Thing: row.Thing}}))
	id := b.do(c, replica.EnqueueOpts{About: string(k), Seen: []wire.Expect{{Scope: ref.Scope, Kind: ref.Kind, ID: ref.ID, Rev: row.Rev}}})
	b.sync()
	list, err := b.rep.NotSent(bg)
	must(t, err)
	if len(list) != 1 || list[0].ID != id || list[0].Code != workroom.Moved || list[0].State != outbox.Refused {
		t.Fatalf("Not sent: %+v", list)
	}
	must(t, b.rep.Discard(bg, id))
	b.do(c, replica.EnqueueOpts{About: string(k), Seen: []wire.Expect{{Scope: ref.Scope, Kind: ref.Kind, ID: ref.ID, Rev: row.Rev + 1}}})
	b.sync()
	if list, err := b.rep.NotSent(bg); err != nil || len(list) != 0 {
		t.Errorf("the present offer is not taken: %+v %v", list, err)
	}
	if r, known, _ := b.rep.Thing(bg, ref); known != workroom.Held || r.Thing.(*workroom.Contract).Status != workroom.Active {
		t.Errorf("contract %v %+v", known, r)
	}
	b.checkI3()
}

// One that holds what it decided about sees the present row with the refusal itself.
func TestMoved_MergesTheRowOfARefusal(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	k, _, _ := a.contract(true)
	a.sync()
	ref := workroom.Ref{Scope: workroom.ContractScope(k), Kind: workroom.KindContract, ID: string(k)}
	row, _, err := a.rep.Thing(bg, ref)
	must(t, err)
	a.way.answer(func(r *http.Request, do next) (*http.Response, error) {
		if r.URL.Path != wire.OpCommands.Path {
			return nil, fmt.Errorf("nothing else gets through")
		}
		in := batchOf(r)
		body := strings.Replace(string(row.Body), `"title":"Work"`, `"title":"Other work"`, 1)
		out := wire.CommandsOut{}
		out.Epoch, _ = a.rep.Epoch(bg)
		for _, c := range in.Cmds {
			out.Results = append(out.Results, wire.Result{ID: c.ID, Status: wire.Rejected, Code: workroom.Moved, Text: "This changed meanwhile.", Things: []wire.Thing{
				{Scope: ref.Scope, Kind: ref.Kind, ID: ref.ID, Seq: row.Seq + 5, Born: row.Born, Rev: row.Rev + 1, By: row.By, At: row.At, Body: json.RawMessage(body)}}})
		}
		b, _ := json.Marshal(out)
		return reply(200, "application/json", string(b), wire.HeaderService, a.signed.Service), nil
	})
	a.do(workroom.SetActivity{Contract: k, ID: workroom.ActivityID(newID()), Code: "DEV"}, replica.EnqueueOpts{})
	eventually(t, "the present row is shown", func() bool {
		r, _, _ := a.rep.Thing(bg, ref)
		return r.Thing.(*workroom.Contract).Title == "Other work"
	})
}
