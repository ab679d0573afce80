package proof

import (
	"fmt"
	"maps"
	"slices"

	"trestle/internal/outbox"
	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// Limits of sync.md §16.
const (
	idleMost    = 40  // KiB an idle connection may cost (L3)
	stalledMost = 256 // KiB a connection may cost that takes nothing (L3)
	backAfter   = 500 // devices that may come back in a second (L4)
)

// CheckI17Compaction is the law "for every cut c, state(c) + pull after compaction = state(head)": have is a scope as it was at number cut
// with what a pull from there answered laid over it, now the scope at the service after compaction.
func CheckI17Compaction(s workroom.Scope, cut int64, have, now map[string]Row) (out []Violation) {
	for _, k := range slices.Sorted(maps.Keys(now)) {
		if h, r := have[k], now[k]; h.Seq != r.Seq || h.Gone != r.Gone {
			out = append(out, broken("I17", string(s), "from %d on, %s has seq %d (gone %t) and not %d (gone %t)", cut, k, h.Seq, h.Gone, r.Seq, r.Gone))
		}
	}
	for _, k := range slices.Sorted(maps.Keys(have)) {
		if _, ok := now[k]; !ok && !have[k].Gone {
			out = append(out, broken("I17", string(s), "from %d on, %s lives although it was deleted and purged", cut, k))
		}
	}
	return out
}

// CheckI19FramesChangeNothing is "dropping all frames changes no final state": of two devices of one account that are in step, one heard
// every frame of the live channel and the other none; they have the same, but for how far each looked back.
func CheckI19FramesChangeNothing(heard, deaf *View) (out []Violation) {
	for _, s := range slices.Sorted(maps.Keys(heard.Scopes)) {
		a, b := heard.Scopes[s], deaf.Scopes[s]
		if a.State != replica.Whole {
			continue
		}
		if b == nil || b.State != replica.Whole || a.Seq != b.Seq || a.Gen != b.Gen || a.Tag != b.Tag {
			out = append(out, broken("I19", string(s), "held up to %d where frames are heard, and otherwise where none is", a.Seq))
			continue
		}
		for _, k := range slices.Sorted(maps.Keys(a.Rows)) {
			r := a.Rows[k]
			if o, ok := b.Rows[k]; !r.Gone && (!r.Kind.Dated() || a.In(r.Born) && b.In(r.Born)) && (!ok || o != r) {
				out = append(out, broken("I19", string(s), "%s is another one where no frame is heard", k))
			}
		}
	}
	for _, s := range slices.Sorted(maps.Keys(deaf.Scopes)) {
		if h := heard.Scopes[s]; deaf.Scopes[s].State == replica.Whole && (h == nil || h.State != replica.Whole) {
			out = append(out, broken("I19", string(s), "held only where no frame is heard"))
		}
	}
	return out
}

// CheckI21Schema is "any released outbox and base opens with the same view": was is a copy as an older program left it, is the same one after
// this program opened it. What waits is all there in its order, what was attempted byte for byte; every row has its body, of kinds and with
// fields that nobody knows too; the same things are shown as waiting.
func CheckI21Schema(was, is *View) (out []Violation) {
	have := map[string]outbox.Row{}
	last := -1
	for i, r := range is.Waiting {
		have[r.ID] = r
		if j := slices.IndexFunc(was.Waiting, func(o outbox.Row) bool { return o.ID == r.ID }); j >= 0 && j < last {
			out = append(out, broken("I21", r.ID, "%s waits at place %d and stood after another one before", r.Op, i))
		} else {
			last = max(last, j)
		}
	}
	for _, o := range was.Waiting {
		switch r, ok := have[o.ID]; {
		case !ok:
			out = append(out, broken("I21", o.ID, "%s waited and is not there", o.Op))
		case r.Op != o.Op || r.Account != o.Account || r.Lane != o.Lane || r.Attempts != o.Attempts || r.Verdict != o.Verdict:
			out = append(out, broken("I21", o.ID, "%s waits otherwise than it did", o.Op))
		case o.Attempts > 0 && string(r.Args) != string(o.Args):
			out = append(out, broken("I21", o.ID, "%s was attempted and has other bytes", o.Op))
		}
	}
	for _, s := range slices.Sorted(maps.Keys(was.Scopes)) {
		o, h := was.Scopes[s], is.Scopes[s]
		if h == nil || h.Seq != o.Seq || h.Gen != o.Gen || h.Tag != o.Tag || h.State != o.State {
			out = append(out, broken("I21", string(s), "was held up to %d in gen %d, and is not", o.Seq, o.Gen))
			continue
		}
		for _, k := range slices.Sorted(maps.Keys(o.Rows)) {
			if h.Rows[k] != o.Rows[k] {
				out = append(out, broken("I21", string(s), "%s is another one", k))
			}
		}
	}
	shows := map[string]bool{}
	for _, e := range is.Effects {
		shows[fmt.Sprint(e.N, " ", e.Kind, "/", e.ID, " ", e.Gone)] = true
	}
	for _, e := range was.Effects {
		if !shows[fmt.Sprint(e.N, " ", e.Kind, "/", e.ID, " ", e.Gone)] {
			out = append(out, broken("I21", e.ID, "command %d showed a %s and shows it no more", e.N, e.Kind))
		}
	}
	return out
}

// CheckL3Memory is "≤ 40 KiB an idle connection, ≤ 256 KiB a stalled one": what each adds to the memory of the service's process, in KiB.
func CheckL3Memory(idle, stalled float64) (out []Violation) {
	if idle > idleMost {
		out = append(out, broken("L3", "idle", "a connection costs %.1f KiB", idle))
	}
	if stalled > stalledMost {
		out = append(out, broken("L3", "stalled", "a connection that takes nothing costs %.1f KiB", stalled))
	}
	return out
}

// CheckL4BackInStep is "restart with C devices: all synced in ≤ 2·C/500 s + 5 s".
func CheckL4BackInStep(devices int, seconds float64) []Violation {
	if seconds <= 2*float64(devices)/backAfter+5 {
		return nil
	}
	return []Violation{broken("L4", "service", "%d devices were in step only %.2f s after the restart", devices, seconds)}
}
