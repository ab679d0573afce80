package proof

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"trestle/internal/replica"
	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// What can go wrong on the way, and what can go wrong around it.
var (
	wayFaults   = []string{"drop", "dup", "reorder", "delay", "halfopen", "5xx", "520", "html", "401", "cut"}
	frameFaults = []string{"drop", "dup", "reorder", "delay", "halfopen"}
	worldFaults = []string{"crash", "clock", "churn", "restore", "fork", "clone", "compact", "skew", "restart", "away", "failpoint", "store"}
	wayReads    = []string{"heads", "open", "pull", "range", "events"}
)

// simOps are the commands of a run, as the coverage table names them.
func simOps() []string {
	var out []string
	for op := range workroom.Ops {
		out = append(out, string(op))
	}
	slices.Sort(out)
	return out
}

// coverage counts which fault met which operation.
type coverage struct {
	pairs map[[2]string]int
	fired map[string]int
}

func newCoverage() *coverage { return &coverage{map[[2]string]int{}, map[string]int{}} }

func (c *coverage) add(o *coverage) {
	for k, n := range o.pairs {
		c.pairs[k] += n
	}
	for k, n := range o.fired {
		c.fired[k] += n
	}
}

// universe is every pair that can meet; can says which faults of the world this build has.
func universe(can map[string]bool) (out [][2]string) {
	for _, f := range wayFaults {
		for _, op := range append(simOps(), wayReads...) {
			if f != "cut" || op != "events" {
				out = append(out, [2]string{f, op})
			}
		}
	}
	for _, f := range frameFaults {
		out = append(out, [2]string{f, "frame"})
	}
	for _, f := range worldFaults {
		if can[f] {
			for _, op := range simOps() {
				out = append(out, [2]string{f, op})
			}
		}
	}
	return out
}

// table prints how often each fault met each operation, and the share of the pairs that met at all.
func (c *coverage) table(can map[string]bool) (string, float64) {
	all := universe(can)
	seen := 0
	ops := append(append(simOps(), wayReads...), "frame")
	var b strings.Builder
	fmt.Fprintf(&b, "%-10s", "")
	for _, op := range ops {
		fmt.Fprintf(&b, " %8.8s", op)
	}
	possible := map[[2]string]bool{}
	for _, p := range all {
		possible[p] = true
		if c.pairs[p] > 0 {
			seen++
		}
	}
	for _, f := range append(slices.Clone(wayFaults), worldFaults...) {
		fmt.Fprintf(&b, "\n%-10s", f)
		for _, op := range ops {
			p := [2]string{f, op}
			if !possible[p] {
				fmt.Fprintf(&b, " %8s", "-")
			} else {
				fmt.Fprintf(&b, " %8d", c.pairs[p])
			}
		}
	}
	return b.String(), float64(seen) / float64(len(all))
}

// fault decides whether something goes wrong with a request or frame.
func (w *simWorld) fault(op string, body []byte) string {
	if !w.faulty || op == "sign-in" || op == "sign-up" {
		return ""
	}
	kinds := wayFaults
	if op == "frame" {
		kinds = frameFaults
	}
	var on []string
	for _, k := range kinds {
		if w.cfg.faults[k] {
			on = append(on, k)
		}
	}
	if f := w.wanted(op, body, on); f != "" && w.chance(0.6) {
		return f
	}
	if !w.chance(w.intensity) || len(on) == 0 {
		return ""
	}
	return on[w.rng.IntN(len(on))]
}

// fired counts a fault against what it hit.
func (w *simWorld) fired(f string, d *simDevice, op string, body []byte) {
	w.cover.fired[f]++
	d.note(Event{Kind: "fault", Op: f, Text: op})
	switch op {
	case "commands":
		var in wire.Commands
		if json.Unmarshal(body, &in) == nil {
			for _, c := range in.Cmds {
				w.cover.pairs[[2]string{f, string(c.Op)}]++
			}
		}
	case "new-file", "put-part", "complete":
		w.cover.pairs[[2]string{f, string(workroom.OpUpload)}]++
	default:
		w.cover.pairs[[2]string{f, op}]++
	}
}

// shook counts a fault of the world against everything that waits at this moment, and for one that hits the service what it has accepted.
func (w *simWorld) shook(f string, only *simDevice) {
	w.cover.fired[f]++
	w.note(Event{Kind: "fault", Op: f})
	for _, d := range w.devs {
		if only != nil && d != only {
			continue
		}
		ops := map[workroom.Op]bool{}
		if d.on {
			rows, err := d.look.Waiting()
			w.must("read the outbox", err)
			for _, r := range rows {
				ops[r.Op] = true
			}
		}
		for _, k := range d.kept { // what the person did here, wherever it is by now
			ops[k.op] = true
		}
		for op := range ops {
			w.cover.pairs[[2]string{f, string(op)}]++
		}
	}
}

// abilities says which faults of the world this build can be put through.
func (w *simWorld) abilities() map[string]bool {
	can := map[string]bool{}
	for _, f := range worldFaults {
		can[f] = true
	}
	_, act := any(w.svc).(interface {
		Act(context.Context, workroom.AccountID, []workroom.Change) error
	})
	_, compact := any(w.svc).(interface {
		Compact(context.Context, time.Time) error
	})
	can["churn"], can["compact"], can["fork"] = act, compact && act, w.truth.Tagged
	return can
}

// shake lets one fault of the world happen.
func (w *simWorld) shake() {
	can := w.abilities()
	var on []string
	for _, f := range worldFaults {
		if w.cfg.faults[f] && can[f] {
			on = append(on, f)
		}
	}
	if len(on) == 0 {
		return
	}
	f := on[w.rng.IntN(len(on))]
	d := w.devs[w.rng.IntN(len(w.devs))]
	switch f {
	case "crash":
		if d.on {
			w.shook(f, d)
			d.crash(w.span(0, time.Minute))
		}
	case "failpoint": // the machine dies in the middle of its next transaction or act
		if d.on {
			w.shook(f, d)
			d.armed = simPoints[w.rng.IntN(len(simPoints))]
		}
	case "store": // the service's database fails in the middle of its next transaction
		if w.svc != nil {
			w.shook(f, nil)
			points := store.Points()
			w.armed = points[w.rng.IntN(len(points))]
			if w.chance(0.5) {
				w.armed = []string{store.PointCommit, store.PointRecords, store.PointUntold}[w.rng.IntN(3)]
			}
		}
	case "clock": // while it was off, its clock went wrong
		if d.on {
			w.shook(f, d)
			d.stop()
			d.skew = w.span(-24*time.Hour, 24*time.Hour)
			if w.chance(0.3) {
				d.skew = 0
			}
			w.after(w.span(0, time.Minute), func() {
				if !d.on {
					d.start()
				}
			})
		}
	case "away":
		w.shook(f, d)
		d.offline = w.now.Add(w.span(time.Second, 10*time.Minute))
		d.hangUp()
		if d.on {
			d.listen()
		}
	case "restart":
		if w.svc != nil {
			w.shook(f, nil)
			w.down()
			w.after(w.span(time.Second, 2*time.Minute), func() {
				if w.svc == nil {
					w.up()
				}
			})
		}
	case "restore", "fork":
		if w.svc != nil && w.backup != "" && (f == "restore" || w.known()) {
			w.shook(f, nil)
			w.restore(f == "restore")
			w.backup = ""
		}
	case "clone":
		w.cloneOf(d)
	case "skew":
		if d.on {
			w.shook(f, d)
			w.versions(d)
		}
	case "churn":
		w.churn()
	case "compact":
		w.compact()
	}
}

// known reports whether every machine has been in step with its account once: one that was not has no cursor by which it could find a fork
// that nobody tells of.
func (w *simWorld) known() bool {
	return !slices.ContainsFunc(w.devs, func(d *simDevice) bool { return d.cursors[workroom.AccountScope(d.who.id)].Hold != replica.Whole })
}

// cloneOf copies a person's profile to another machine, files and all; both go on.
func (w *simWorld) cloneOf(d *simDevice) {
	if len(w.devs) >= 6 || !d.on || d.clone {
		return
	}
	w.shook("clone", d)
	d.stop()
	n := &simDevice{w: w, who: d.who, name: d.name + "x", id: d.id, token: d.token, clone: true, touched: map[workroom.Scope]bool{}, kept: map[string]*simKept{},
		slice: map[workroom.ContractID]*workroom.Slice{}, cursors: maps.Clone(d.cursors), astray: maps.Clone(d.astray), lost: d.lost, epoch: d.epoch, pulls: map[workroom.Scope]int{}}
	d.clone = true
	n.dir = filepath.Join(w.dir, n.name)
	w.must("copy a profile", os.CopyFS(n.dir, os.DirFS(d.dir)))
	for id, k := range d.kept {
		twin := *k
		n.kept[id] = &twin
	}
	w.devs = append(w.devs, n)
	d.start()
	n.start()
}

// versions makes a program too old for a while, or lets a newer one write what this one does not know.
func (w *simWorld) versions(d *simDevice) {
	if w.chance(0.5) {
		d.stop()
		d.old = true
		d.start()
		w.after(w.span(10*time.Second, 5*time.Minute), func() {
			d.old = false
			if d.on {
				d.stop()
				d.start()
			}
		})
		return
	}
	for _, s := range slices.Sorted(maps.Keys(w.truth.Heads)) {
		if s.Kind() == "r" && w.chance(0.5) {
			w.operate("write as a newer program", d.who.id, []workroom.Change{{Ref: workroom.Ref{Scope: s, Kind: "hologram", ID: w.newID("holo")}, Thing: hologram{"depth": 3}}})
			return
		}
	}
}

// hologram is a kind of thing that only a newer program knows.
type hologram map[string]any

func (hologram) ThingKind() workroom.Kind { return "hologram" }

// churn takes a right away, gives one back with less of the past, or deletes a message.
func (w *simWorld) churn() {
	if w.svc == nil {
		return
	}
	var rooms []*simContract
	for _, c := range w.contracts {
		if c.freelancer != nil {
			rooms = append(rooms, c)
		}
	}
	if len(rooms) == 0 {
		return
	}
	w.shook("churn", nil)
	c := rooms[w.rng.IntN(len(rooms))]
	s := workroom.RoomScope(c.room)
	switch w.rng.IntN(4) {
	case 0, 1: // delete a message
		var live []Row
		for _, k := range slices.Sorted(maps.Keys(w.truth.Things[s])) {
			if r := w.truth.Things[s][k]; r.Kind == workroom.KindMessage && !r.Gone {
				live = append(live, r)
			}
		}
		if len(live) > 0 {
			r := live[w.rng.IntN(len(live))]
			from := w.truth.Rights[c.freelancer.id][s].From
			if i := slices.IndexFunc(live, func(x Row) bool { return x.Born < from }); i >= 0 && w.chance(0.7) {
				r = live[i] // one that the other side was not let in to see
			}
			w.operate("delete a message", r.By, []workroom.Change{{Ref: workroom.Ref{Scope: s, Kind: r.Kind, ID: r.ID}}})
			w.count("messages deleted")
		}
	case 2:
		p := c.freelancer
		if r, ok := w.truth.Rights[p.id][s]; ok && !r.Gone {
			w.operate("remove a member", c.client.id, []workroom.Change{
				{Ref: workroom.Ref{Scope: workroom.AccountScope(p.id), Kind: workroom.KindGrant, ID: string(s)}},
				{Ref: workroom.Ref{Scope: s, Kind: workroom.KindMember, ID: string(p.id)}},
			})
			w.count("members removed")
		}
	case 3:
		p := c.freelancer
		if r, ok := w.truth.Rights[p.id][s]; ok {
			from := int64(0)
			if w.chance(0.7) {
				from = w.truth.Heads[s].Seq + 1
			}
			if !r.Gone {
				from = r.From
			}
			w.operate("let a member in", c.client.id, []workroom.Change{
				{Ref: workroom.Ref{Scope: workroom.AccountScope(p.id), Kind: workroom.KindGrant, ID: string(s)},
					Thing: &workroom.Grant{Gen: r.Gen + 1, Role: workroom.Freelancer, FromBorn: from}},
				{Ref: workroom.Ref{Scope: s, Kind: workroom.KindMember, ID: string(p.id)}, Thing: &workroom.Member{Name: p.name, Role: workroom.Freelancer, Since: 1}},
			})
			w.count("members let in")
		}
	}
}

// compact purges every tombstone there is, as if 90 days had gone by (I17 is then seen by I3 and I9: cuts before it are reset).
func (w *simWorld) compact() {
	svc, ok := any(w.svc).(interface {
		Compact(context.Context, time.Time) error
	})
	if w.svc == nil || !ok {
		return
	}
	w.shook("compact", nil)
	err := svc.Compact(context.Background(), w.now.Add(91*24*time.Hour))
	if errors.Is(err, errSimCrash) { // its transaction failed at the armed place; the scopes done before it stay done
		w.note(Event{Kind: "fault", Op: "compaction failed"})
	} else {
		w.must("compact", err)
	}
	w.must("read the service's database", w.truth.Refresh())
	for s := range w.truth.Things {
		w.must("read the service's database", w.truth.scope(s, w.truth.Heads[s].Seq+1<<40))
	}
}
