package proof

import (
	"slices"
	"strings"

	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// check compares what changed since the last look with the service.
func (d *simDevice) check() {
	w := d.w
	if len(d.touched) == 0 || w.svc == nil {
		return
	}
	if d.lost || w.forked { // a page may have been under way when the service went back
		d.stray()
	}
	list := make([]workroom.Scope, 0, len(d.touched))
	for s := range d.touched {
		list = append(list, s)
	}
	clear(d.touched)
	slices.Sort(list)
	for _, s := range list {
		if !s.Valid() {
			continue
		}
		h, err := d.look.Scope(s)
		w.must("read a scope", err)
		if h == nil {
			continue
		}
		if h.State == replica.Taken {
			v, err := CheckI11Purge(d.look, s)
			w.must("check I11", err)
			w.fail(v...)
		}
		if d.epoch != w.truth.Epoch || d.astray[s] {
			continue
		}
		w.fail(CheckI3CursorHonesty(h, w.truth)...)
		w.fail(CheckI13SpanTruth(h, w.truth, d.who.id)...)
		w.fail(CheckI12NoResurrection(h, w.truth)...)
		w.count("scopes compared")
	}
	if w.chance(0.3) {
		v, err := CheckI8ViewPurity(d.look)
		w.must("check I8", err)
		w.fail(v...)
		w.count("views compared")
	}
	d.named()
}

// right reports whether somebody had a right to a scope that was taken away, and not lost by going back to an older state.
func (w *simWorld) right(who *simPerson, s workroom.Scope) bool {
	r, ok := w.truth.Rights[who.id][s.Root()]
	return ok && r.Gone
}

// named says in what is wrong on which device.
func (d *simDevice) named() {
	for i := range d.w.bad {
		if !strings.HasPrefix(d.w.bad[i].Text, "[") {
			d.w.bad[i].Text = "[" + d.name + "] " + d.w.bad[i].Text
		}
	}
}

// checkKept is I5: whatever the person was told is safe is at rest, acked, or in Not sent with its text.
func (d *simDevice) checkKept(when string) {
	w := d.w
	rows, err := d.look.Waiting()
	w.must("read the outbox", err)
	sent, err := d.look.Sent()
	w.must("read what was sent", err)
	kept := map[string]Kept{}
	for id, k := range d.kept {
		kept[id] = Kept{k.op, k.text}
	}
	for _, v := range CheckI5NoLoss(kept, rows, sent, func(id string) bool {
		return w.first[string(d.who.id)+" "+id].Status == wire.OK || w.whole[string(d.kept[id].file)] || w.erased[id] || w.erased[d.kept[id].about]
	}) {
		v.Text += " " + when
		w.fail(v)
	}
	d.named()
}
