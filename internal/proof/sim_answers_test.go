package proof

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// pathOf is what a request is about, without the tags and epochs that differ from run to run.
func pathOf(r *http.Request) string {
	q := r.URL.Query()
	q.Del("tag")
	q.Del("epoch")
	return strings.TrimPrefix(r.URL.Path, "/v1/") + " " + q.Encode()
}

// observe reads what a write changed, and notes it.
func (w *simWorld) observe() {
	before := maps.Clone(w.truth.Heads)
	w.must("read the service's database", w.truth.Refresh())
	for _, s := range slices.Sorted(maps.Keys(w.truth.Heads)) {
		h := w.truth.Heads[s]
		was, ok := before[s]
		if ok && was.Seq == h.Seq {
			continue
		}
		w.note(Event{Kind: "wrote", Scope: string(s), Seq: h.Seq, Text: w.truth.Epoch})
		if ok && h.Seq < was.Seq {
			w.fail(broken("I1", string(s), "the head went from %d back to %d", was.Seq, h.Seq))
		}
		if s.Kind() == "r" || s.Kind() == "d" {
			w.erasedIn(s, was.Seq)
		}
		if s.Kind() != "a" {
			continue
		}
		for _, r := range w.truth.Things[s] {
			if r.Kind != workroom.KindMarker || r.Seq <= was.Seq || r.Gone {
				continue
			}
			var m workroom.Marker
			if json.Unmarshal([]byte(r.Body), &m) != nil {
				continue
			}
			k := string(s) + " " + r.ID
			if v := m.E<<32 | m.N; v < w.marks[k] {
				w.fail(broken("I14", string(s), "the marker of %s went back to (%d, %d)", r.ID, m.N, m.E))
			} else {
				w.marks[k] = v
			}
		}
	}
}

// reads is what an answer shows.
type simShown struct {
	Things  []wire.Thing `json:"things"`
	Scopes  []simOpened  `json:"scopes"`
	Results []struct {
		Things []wire.Thing `json:"things"`
	} `json:"results"`
}

type simOpened struct {
	wire.Opened
	Head wire.Head `json:"-"`
}

// inspect is the ear at the socket: what an answer shows must be open to the account that asks (I10), and an answer to a command must be
// the same each time (I4).
func (w *simWorld) inspect(d *simDevice, op string, asked *http.Request, in *wire.Commands, said []byte) {
	who := d.who.id
	defer d.named()
	show := func(list []wire.Thing) { w.fail(CheckI10NoLeak(w.truth, who, list)...) }
	switch op {
	case "heads":
		var h wire.Heads
		if json.Unmarshal(said, &h) == nil {
			w.fail(CheckI10Heads(w.truth, who, h.Scopes)...)
		}
	case "commands":
		var out wire.CommandsOut
		if json.Unmarshal(said, &out) != nil {
			return
		}
		for i, r := range out.Results {
			show(r.Things)
			w.answered(d, in, i, r)
		}
	case "complete":
		w.whole[strings.TrimSuffix(strings.TrimPrefix(asked.URL.Path, "/v1/files/"), "/complete")] = true
	case "pull":
		var p wire.Page
		if json.Unmarshal(said, &p) != nil {
			return
		}
		show(p.Things)
		w.page(d, asked, &p)
	case "open", "range", "things":
		var x simShown
		if json.Unmarshal(said, &x) != nil {
			return
		}
		show(x.Things)
		for _, o := range x.Scopes {
			show(o.Hot)
			show(o.Tail)
		}
	}
}

// page looks at a page as it is given.
func (w *simWorld) page(d *simDevice, r *http.Request, p *wire.Page) {
	q := r.URL.Query()
	num := func(k string) int64 { n, _ := strconv.ParseInt(q.Get(k), 10, 64); return n }
	in := wire.Pull{Scope: workroom.Scope(strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, "/v1/scope/"), "/pull")),
		Epoch: q.Get("epoch"), Gen: num("gen"), After: num("after"), Tag: q.Get("tag")}
	if p.Reset != "" {
		w.count("reset " + string(p.Reset))
	}
	w.fail(CheckI15ForkFound(w.truth, d.who.id, in, p)...)
	w.fail(CheckI2Whole(w.truth, d.who.id, in, p)...)
}

// answered compares a result with the first final one, and notes the order of first acceptance.
func (w *simWorld) answered(d *simDevice, in *wire.Commands, i int, r wire.Result) {
	if i >= len(in.Cmds) || r.Status != wire.OK && r.Status != wire.Rejected {
		return
	}
	c := in.Cmds[i]
	k := string(d.who.id) + " " + c.ID
	if old, ok := w.first[k]; ok {
		if !d.clone || r.Code != workroom.IDReuse { // two copies of a profile may word it differently
			w.fail(CheckI4SameAnswer(c.ID, c.Op, old, r)...)
		}
		return
	}
	w.first[k] = r
	w.note(Event{Kind: string(r.Status), Dev: d.name, Op: string(c.Op), ID: c.ID, Status: string(r.Code)})
	if r.Status == wire.Rejected {
		w.count("refused")
		if !d.clone {
			w.fail(CheckI4OneEffect(w.truth, d.who.id, c.ID, c.Op, r)...)
		}
		return
	}
	w.count("accepted")
	w.idle[k] = w.truth.Idle(d.who.id, c.ID)
	if w.ever[k] { // once more, in a later history
		return
	}
	w.ever[k] = true
	e := Event{Kind: "accepted", Dev: d.name, Op: string(c.Op), ID: c.ID, Lane: c.Lane, Seq: d.placeOf(c.ID)}
	if kept := d.kept[c.ID]; kept != nil {
		for _, p := range kept.after {
			if x, ok := w.first[string(d.who.id)+" "+p]; d.kept[p] != nil && d.kept[p].op != workroom.OpUpload && (!ok || x.Status != wire.OK) {
				e.Status, e.Text = "orphan", p
			}
		}
	}
	if kept := d.kept[c.ID]; e.Seq != 0 && kept != nil && !kept.again {
		w.note(e)
	}
}
