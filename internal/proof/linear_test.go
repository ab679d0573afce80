package proof

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// look and set are what devices do to one thing of a contract: read it, or write it if it still is what they looked at.
type linearIn struct {
	set   bool
	rev   int64  // expected
	value string // to write
}

type linearState struct {
	rev   int64 // 0: not there
	value string
}

// linearOut is what a device was told. again says that the answer came from the record of an earlier run, so that the row beside it may be
// a later one.
type linearOut struct {
	again, moved bool
	linearState
}

// linearModel is the thing as one register: a write with another rev than the present one is refused and shows the present row.
var linearModel = porcupine.Model{
	Init: func() any { return linearState{} },
	Step: func(state, input, output any) (bool, any) {
		s, in, out := state.(linearState), input.(linearIn), output.(linearOut)
		holds := in.set && in.rev == s.rev
		next := s
		if holds {
			next = linearState{s.rev + 1, in.value}
		}
		switch {
		case !in.set:
			return out.linearState == s, s
		case out.moved:
			return !holds && (out.again || out.linearState == s), s
		default:
			return holds && (out.again || out.linearState == next), next
		}
	},
}

// register is one device at one thing.
type register struct {
	*writer
	contract workroom.ContractID
	activity workroom.ActivityID
	saw      int64
}

func (r *register) ref() wire.Expect {
	return wire.Expect{Scope: workroom.ContractScope(r.contract), Kind: workroom.KindActivity, ID: string(r.activity)}
}

func stateOf(x wire.Thing) (linearState, error) {
	var a workroom.Activity
	err := json.Unmarshal(x.Body, &a)
	return linearState{x.Rev, a.About}, err
}

// get reads the thing; ok is false if no answer came.
func (r *register) get() (out linearOut, ok bool) {
	ctx, cancel := context.WithTimeout(bg, 5*time.Second)
	defer cancel()
	res, err := r.client.Things(ctx, wire.ThingsOf{Scope: r.ref().Scope, Kind: workroom.KindActivity, IDs: []string{string(r.activity)}})
	if err != nil {
		return out, false
	}
	for _, x := range res.Things {
		out.linearState, err = stateOf(x)
		must(r.t, err)
	}
	return out, true
}

// put sends a command once; ok is false if no answer came.
func (r *register) put(c wire.Command, again bool) (out linearOut, ok bool) {
	ctx, cancel := context.WithTimeout(bg, 5*time.Second)
	defer cancel()
	res, err := r.client.Commands(ctx, wire.Commands{Device: r.dev, Cmds: []wire.Command{c}})
	if err != nil {
		return out, false
	}
	a := res.Results[0]
	out.again = again
	switch {
	case a.Status == wire.Later:
		return out, false
	case a.Status == wire.Rejected && a.Code == workroom.Moved:
		out.moved = true
	case a.Status != wire.OK:
		r.t.Errorf("T11: %+v", a)
		return out, false
	}
	for _, x := range a.Things {
		if x.ID == string(r.activity) {
			out.linearState, err = stateOf(x)
			must(r.t, err)
		}
	}
	return out, true
}

func (r *register) command(rev int64, value string) wire.Command {
	r.n++
	args, err := workroom.EncodeCommand(workroom.SetActivity{Contract: r.contract, ID: r.activity, Code: string(r.activity)[24:], About: value})
	must(r.t, err)
	e := r.ref()
	e.Rev = rev
	return wire.Command{ID: newID(), N: r.n, Lane: string(workroom.ContractScope(r.contract)), Op: workroom.OpSetActivity, V: workroom.Ops[workroom.OpSetActivity].V,
		Args: args, Expect: []wire.Expect{e}}
}

// TestT11_Linearizable lets eight devices decide about one thing of a contract, each by what it looked at, while the service is killed now
// and then and devices forget what they asked. What they were told could have happened one after the other (porcupine).
func TestT11_Linearizable(t *testing.T) {
	t.Parallel()
	histories, length, devices := Size(2, 6, 20, 500), Size(150, 300, 500, 500), 8
	data := t.TempDir()
	c, addr := startOwn(t, data)
	way, err := NewProxy(addr)
	must(t, err)
	t.Cleanup(way.Close)
	a, _, k, list := crew(t, way.URL(), devices)
	a.stop()
	all, crashes, forgotten, moved, wrote, read := 0, 0, 0, 0, 0, 0
	for round := range histories {
		activity := workroom.ActivityID(newID())
		var mu sync.Mutex
		var history []porcupine.Operation
		var done atomic.Int64
		start := time.Now()
		var running sync.WaitGroup
		for i, w := range list {
			r := &register{writer: w, contract: k, activity: activity}
			running.Go(func() {
				type late struct {
					porcupine.Operation
					wire.Command
				}
				var crashed []late // asked by this device before it crashed; it asks again in the end
				for n := 0; done.Add(1) <= int64(length); n++ {
					op := porcupine.Operation{ClientId: i}
					var out linearOut
					gone := false
					if rand.IntN(4) == 0 {
						op.Input, op.Call = linearIn{}, int64(time.Since(start))
						ok := false
						eventually(t, "a read", func() bool { out, ok = r.get(); return ok })
					} else {
						in := linearIn{set: true, rev: r.saw, value: fmt.Sprintf("%d.%d.%d", round, i, n)}
						if rand.IntN(8) == 0 {
							in.rev = max(0, in.rev-1) // looked long ago
						}
						c := r.command(in.rev, in.value)
						op.Input, op.Call = in, int64(time.Since(start))
						ok, tries := false, 0
						eventually(t, "an answer", func() bool {
							out, ok = r.put(c, tries > 0)
							tries++
							gone = !ok && tries == 1 && rand.IntN(3) == 0 // the device crashes too: it goes on without the answer
							return ok || gone
						})
						if gone {
							crashed = append(crashed, late{op, c})
							eventually(t, "the service is back", func() bool { _, ok := r.get(); return ok })
							continue
						}
					}
					op.Output, op.Return = out, int64(time.Since(start))
					r.saw = max(r.saw, out.rev)
					mu.Lock()
					history = append(history, op)
					mu.Unlock()
				}
				for _, x := range crashed {
					eventually(t, "an answer in the end", func() bool {
						out, ok := r.put(x.Command, true)
						x.Output, x.Return = out, int64(time.Since(start))
						return ok
					})
					mu.Lock()
					history = append(history, x.Operation)
					forgotten++
					mu.Unlock()
				}
			})
		}
		stop := make(chan struct{})
		var killer sync.WaitGroup
		killer.Go(func() { // at three places of each history but the first
			for n := 1; n <= 3 && round > 0; n++ {
				for done.Load() < int64(n*length/4) {
					select {
					case <-stop:
						return
					case <-time.After(time.Millisecond):
					}
				}
				c.kill()
				c, addr = startOwn(t, data)
				way.Target(addr)
				crashes++
			}
		})
		running.Wait()
		close(stop)
		killer.Wait()
		for _, op := range history {
			out := op.Output.(linearOut)
			switch {
			case !op.Input.(linearIn).set:
				read++
			case out.moved:
				moved++
			default:
				wrote++
			}
		}
		all += len(history)
		if r := porcupine.CheckOperationsTimeout(linearModel, history, 20*time.Second); r != porcupine.Ok {
			for _, op := range history {
				t.Logf("%d %10d-%10d %+v → %+v", op.ClientId, op.Call, op.Return, op.Input, op.Output)
			}
			t.Fatalf("history %d of %d operations: %s", round, len(history), r)
		}
		if round > 0 {
			continue
		}
		if r := porcupine.CheckOperationsTimeout(linearModel, spoilt(history), 2*time.Minute); r != porcupine.Illegal {
			t.Fatalf("the history with one refusal told as a success: %s; the checker proves nothing", r)
		}
	}
	c.kill()
	Report(t, "T11", "%d histories, %d operations by %d devices: %d written, %d moved, %d read, %d learnt only in the end; %d crashes; all linearizable, the control with one lie is not",
		histories, all, devices, wrote, moved, read, forgotten, crashes)
	if moved == 0 || wrote == 0 || crashes == 0 {
		t.Error("nothing happened that could have gone wrong")
	}
}

// spoilt is the history with one refusal told as a success: the control.
func spoilt(history []porcupine.Operation) []porcupine.Operation {
	out := append([]porcupine.Operation(nil), history...)
	for i, op := range out {
		if o := op.Output.(linearOut); o.moved && !o.again {
			o.moved = false
			o.linearState = linearState{op.Input.(linearIn).rev + 1, op.Input.(linearIn).value}
			out[i].Output = o
			return out
		}
	}
	return out
}
