package courier

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"trestle/internal/outbox"
	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// batchOf reads the commands of a request and puts the body back.
func batchOf(r *http.Request) wire.Commands {
	b, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(b))
	var in wire.Commands
	json.Unmarshal(b, &in)
	return in
}

func (d *device) problem(status int, code workroom.Code, retry workroom.Retry) *http.Response {
	b, _ := json.Marshal(map[string]any{"status": status, "code": code, "retry": retry, "detail": "Something went wrong at the service.", "incident": "i1"})
	return reply(status, wire.ProblemType, string(b), wire.HeaderService, d.signed.Service)
}

// A command the service fails over is found, tried five times alone and set aside; the rest of its lane goes on by its policy, and no
// other lane waits for it longer than a batch (sync.md §8, L1).
func TestPoison_SetAsideAfterFive(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	_, room, _ := a.contract(true)
	_, other, _ := a.contract(true)
	a.sync()
	var alone atomic.Int64
	meanwhile := make(chan struct{}, 100)
	a.way.answer(func(r *http.Request, do next) (*http.Response, error) {
		if r.URL.Path != wire.OpCommands.Path {
			return do(r)
		}
		in := batchOf(r)
		for _, c := range in.Cmds {
			if strings.Contains(string(c.Args), "poison") {
				if len(in.Cmds) == 1 {
					alone.Add(1)
					meanwhile <- struct{}{}
				}
				return a.problem(500, workroom.Internal, workroom.RetryLater), nil
			}
		}
		return do(r)
	})
	a.say(room, "before")
	id := a.say(room, "poison")
	a.say(room, "after")
	<-meanwhile
	a.say(other, "another lane")
	eventually(t, "the other lane's message goes while the poison is tried", func() bool {
		list, _ := a.rep.Outbox(bg)
		for _, i := range list {
			if i.Lane == string(workroom.RoomScope(other)) {
				return false
			}
		}
		return true
	})
	eventually(t, "it is set aside", func() bool {
		list, _ := a.rep.NotSent(bg)
		return len(list) == 1 && list[0].ID == id && list[0].State == outbox.SetAside && list[0].Code == workroom.Internal
	})
	if n := alone.Load(); n != outbox.MaxFails {
		t.Errorf("tried %d times alone", n)
	}
	a.sync() // a message holds its lane, as any refused one
	list, err := a.rep.Outbox(bg)
	must(t, err)
	if len(list) != 2 || list[1].State != outbox.Held || list[0].Command.(workroom.SendMessage).Text != "poison" {
		t.Errorf("outbox: %+v", list)
	}
	a.way.answer(nil)
	again, err := a.rep.Retry(bg, id)
	must(t, err)
	if again != id {
		t.Error("a command that was set aside goes again under another id")
	}
	a.sync()
	a.shows(room, "before", "poison", "after")
	a.checkI3()
}

// That the service is busy, or that something before it fails, is no fault of a command, however often it happens.
func TestPoison_BusyIsNot(t *testing.T) {
	m := begun(t)
	rows := []outbox.Row{row(1, "r:1", workroom.OpSendMessage)}
	for name, err := range map[string]*wire.Error{
		"busy":  {Code: workroom.Busy, Status: 503, Retry: workroom.RetryLater},
		"quota": {Code: workroom.Quota, Status: 507, Retry: workroom.RetryLater},
		"rate":  {Code: workroom.Rate, Status: 429, Retry: workroom.RetryLater},
		"local": {Code: localTrouble, Retry: workroom.RetryLater},
	} {
		m.Step(t0, evKick{})
		m.Step(t0, evRows{gen: m.gen, rows: rows})
		out := m.Step(t0, evSent{lane: "r:1", ids: []string{"c1"}, err: err})
		if len(keep[actPutOff](out)) != 1 || len(keep[actStrike](out)) != 0 {
			t.Errorf("%s: %v", name, names(out))
		}
		m.Step(t0, evApplied{lane: "r:1"})
	}
	out := m.Step(t0, evSent{lane: "r:1", ids: []string{"c1"}, err: &wire.Error{Code: wire.Unexpected, Status: 502, Retry: workroom.RetryLater}})
	if len(keep[actStrike](out)) != 0 {
		t.Error("a proxy's 502 is held against a command")
	}
}

// The service has something else under the id: set aside, not refused, and Retry takes a new id.
func TestIDReuse_IsSetAside(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	_, room, _ := a.contract(true)
	a.sync()
	a.stop()
	id := newID()
	_, err := a.client().Commands(bg, wire.Commands{Device: a.id, Cmds: []wire.Command{{ID: id, N: 99, Lane: string(workroom.RoomScope(room)), Op: workroom.OpSendMessage, V: 1,
		Args: fmt.Appendf(nil, `{"room":%q,"text":"one thing"}`, room)}}})
	must(t, err)
	a.start()
	a.do(workroom.SendMessage{Room: room, Text: "another thing"}, replica.EnqueueOpts{ID: id})
	a.say(room, "and more")
	a.sync()
	list, err := a.rep.NotSent(bg)
	must(t, err)
	if len(list) != 1 || list[0].State != outbox.SetAside || list[0].Code != workroom.IDReuse {
		t.Fatalf("Not sent: %+v", list)
	}
	again, err := a.rep.Retry(bg, id)
	must(t, err)
	if again == id {
		t.Error("it goes again under the id that is taken")
	}
	a.sync()
	a.shows(room, "one thing", "another thing", "and more")
}

// A code that concerns everything that waits in a lane refuses all of it at once, text kept, and other lanes go on.
func TestLaneFatal_RefusesTheLaneOnce(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	_, room, _ := a.contract(true)
	_, other, _ := a.contract(true)
	a.sync()
	for _, code := range []workroom.Code{workroom.NoAccess, workroom.RoomArchived, workroom.ContractEnded} {
		asked := atomic.Int64{}
		a.way.answer(func(r *http.Request, do next) (*http.Response, error) {
			if r.URL.Path != wire.OpCommands.Path {
				return do(r)
			}
			in := batchOf(r)
			if in.Cmds[0].Lane != string(workroom.RoomScope(room)) {
				return do(r)
			}
			asked.Add(1)
			out := wire.CommandsOut{Epoch: "x"}
			for i, c := range in.Cmds {
				res := wire.Result{ID: c.ID, Status: wire.NotRun}
				if i == 0 {
					res = wire.Result{ID: c.ID, Status: wire.Rejected, Code: code, Text: "No."}
				}
				out.Results = append(out.Results, res)
			}
			b, _ := json.Marshal(out)
			return reply(200, "application/json", string(b), wire.HeaderService, a.signed.Service), nil
		})
		a.way.down.Store(true)
		for i := range 5 {
			a.say(room, fmt.Sprint("kept ", i))
		}
		a.say(other, string(code))
		a.way.down.Store(false)
		a.sync()
		list, err := a.rep.NotSent(bg)
		must(t, err)
		if len(list) != 5 || asked.Load() != 1 {
			t.Errorf("%s: %d refused with %d questions", code, len(list), asked.Load())
		}
		for i, x := range list {
			if x.Code != code || x.Command.(workroom.SendMessage).Text != fmt.Sprint("kept ", i) {
				t.Errorf("%s: %+v", code, x)
			}
			must(t, a.rep.Discard(bg, x.ID))
		}
	}
	a.way.answer(nil)
	a.sync()
	a.shows(other, "no_access", "room_archived", "contract_ended")
}

// Two computers with one device id: the one the service did not know first takes another, and what both wrote is there once.
func TestClone_TakesAnotherID(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	_, room, _ := a.contract(true)
	a.sync()
	b := a.clone(newID())
	a.say(room, "from the one")
	a.sync()
	b.say(room, "from the other")
	b.sync()
	if b.rep.Device() == a.rep.Device() {
		t.Error("two computers keep one device id")
	}
	a.say(room, "again")
	a.sync()
	b.sync()
	a.sync()
	a.shows(room, "from the one", "from the other", "again")
	b.shows(room, "from the one", "from the other", "again")
	if a.rep.Device() != a.id {
		t.Error("both took another id")
	}
	a.checkI3()
	b.checkI3()
}

// A service that calls every device a clone is not asked faster than the back-off allows.
func TestClone_NoHurry(t *testing.T) {
	m := begun(t)
	rows := []outbox.Row{row(1, "r:1", workroom.OpSendMessage)}
	now, sent := t0, 0
	m.Step(now, evKick{})
	out := m.Step(now, evRows{gen: m.gen, rows: rows})
	for range 200 {
		var next []act
		for _, x := range out {
			switch x := x.(type) {
			case actSend:
				sent++
				next = append(next, m.Step(now, evSent{lane: x.lane, ids: x.ids, err: &wire.Error{Code: workroom.DeviceCloned, Status: 409, Retry: workroom.RetryDevice}})...)
			case actRenew:
				next = append(next, m.Step(now, evRenewed{lane: x.lane, until: x.until})...)
			case actChoose:
				next = append(next, m.Step(now, evRows{gen: x.gen, rows: rows})...)
			}
		}
		if out = next; len(out) == 0 {
			now = now.Add(100 * time.Millisecond)
			out = m.Step(now, evTick{})
		}
	}
	if sent < 3 || sent > 12 {
		t.Errorf("sent %d times in %v", sent, now.Sub(t0))
	}
}
