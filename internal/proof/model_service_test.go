package proof

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// modelService is a service of a few scopes in memory, simple enough to be believed: it shares no line with the real one. What it holds is
// a Truth, so that the same checks read it.
type modelService struct {
	*Truth
	records map[string]wire.Result
	order   []string // ids in the order they were accepted
	token   string
	fault   string // of the next request; then none
	limit   int    // rows of a page
	tail    int    // messages of a first look
	late    []func()
	sent    map[string]string // id to the bytes it was first sent with
	bad     []Violation
}

const (
	modelID   = "model-service"
	modelMe   = workroom.AccountID("me")
	modelSelf = workroom.Scope("a:me")
)

func newModelService() *modelService {
	m := &modelService{Truth: &Truth{Epoch: "one", Tagged: true}, records: map[string]wire.Result{}, token: "t1", limit: 500, tail: 50, sent: map[string]string{}}
	m.forget()
	m.Rights[modelMe] = map[workroom.Scope]Right{}
	m.write(modelMe, workroom.Change{Ref: workroom.Ref{Scope: modelSelf, Kind: workroom.KindAccount, ID: "me"}, Thing: &workroom.Account{Name: "Me"}})
	m.grant(modelSelf, 0)
	for _, r := range modelRooms {
		m.write(modelMe, workroom.Change{Ref: workroom.Ref{Scope: workroom.RoomScope(r), Kind: workroom.KindRoom, ID: string(r)}, Thing: &workroom.Room{Kind: workroom.ContractRoom, Name: "Room"}},
			workroom.Change{Ref: workroom.Ref{Scope: workroom.RoomScope(r), Kind: workroom.KindMember, ID: "me"}, Thing: &workroom.Member{Name: "Me"}})
		m.grant(workroom.RoomScope(r), 0)
		for i := range 8 { // there is a past to ask for
			m.write("other", workroom.Change{Ref: workroom.Ref{Scope: workroom.RoomScope(r), Kind: workroom.KindMessage, ID: fmt.Sprint("past-", r, i)}, Thing: &workroom.Message{Author: "other", Text: "past"}})
		}
	}
	return m
}

var modelRooms = []workroom.RoomID{"one", "two"}

// grant lets the account into a scope, once more with a new gen.
func (m *modelService) grant(s workroom.Scope, from int64) {
	r := Right{Gen: m.Rights[modelMe][s].Gen + 1, From: from}
	m.Rights[modelMe][s] = r
	m.write(modelMe, workroom.Change{Ref: workroom.Ref{Scope: modelSelf, Kind: workroom.KindGrant, ID: string(s)}, Thing: &workroom.Grant{Gen: r.Gen, FromBorn: from}})
}

func (m *modelService) revoke(s workroom.Scope) {
	r := m.Rights[modelMe][s]
	r.Gone = true
	m.Rights[modelMe][s] = r
	m.write("owner", workroom.Change{Ref: workroom.Ref{Scope: modelSelf, Kind: workroom.KindGrant, ID: string(s)}})
}

// write gives one command's changes their numbers: one seq a scope.
func (m *modelService) write(by workroom.AccountID, changes ...workroom.Change) (out []wire.Thing) {
	seqs := map[workroom.Scope]bool{}
	for _, c := range changes {
		s := c.Ref.Scope
		h := m.Heads[s]
		if !seqs[s] {
			seqs[s] = true
			h.Seq++
			h.Tag = fmt.Sprint(m.Epoch, s, h.Seq)
			if m.Tags[s] == nil {
				m.Tags[s], m.Things[s] = map[int64]string{}, map[string]Row{}
			}
			m.Tags[s][h.Seq] = h.Tag
		}
		k := string(c.Ref.Kind) + "/" + c.Ref.ID
		r, had := m.Things[s][k]
		if !had {
			r = Row{Kind: c.Ref.Kind, ID: c.Ref.ID, Born: h.Seq}
			if r.Kind == workroom.KindMessage {
				h.Msgs++
				r.Num = h.Msgs
			}
		}
		r.Seq, r.Rev, r.By, r.Gone, r.Body = h.Seq, r.Rev+1, by, c.Thing == nil, ""
		if c.Thing != nil {
			b, _ := workroom.Encode(c.Thing)
			r.Body = string(b)
		} else {
			m.Dead[string(s)+" "+k] = h.Seq
		}
		m.Things[s][k], m.Heads[s] = r, h
		out = append(out, r.wire(s))
	}
	return out
}

func (r Row) wire(s workroom.Scope) wire.Thing {
	x := wire.Thing{Scope: s, Kind: r.Kind, ID: r.ID, Seq: r.Seq, Born: r.Born, Rev: r.Rev, Num: r.Num, Gone: r.Gone, By: r.By, At: r.At}
	if !r.Gone {
		x.Body = json.RawMessage(r.Body)
	}
	return x
}

// RoundTrip answers one request, or lets it go wrong.
func (m *modelService) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
	}
	f := m.fault
	m.fault = ""
	switch f {
	case "drop":
		return nil, errNoNetwork
	case "html":
		return answerOf(r, 200, "text/html", "<!doctype html>"), nil
	case "404": // typed as the service's own word, by somebody who is not it
		return answerOf(r, 404, wire.ProblemType, `{"status":404,"title":"x","code":"no_access","retry":"never","detail":"Not here."}`), nil
	case "422":
		return answerOf(r, 422, "application/json", `{"message":"nope"}`, wire.HeaderService, modelID), nil
	case "500":
		return answerOf(r, 500, "text/plain", "oops", wire.HeaderService, modelID), nil
	case "late": // it arrives when nobody waits for it any more
		again := r.Clone(simCtx)
		m.late = append(m.late, func() { m.answer(again, body) })
		return nil, errNoNetwork
	case "lost":
		m.answer(r, body)
		return nil, errNoNetwork
	case "twice":
		m.answer(r, body)
	}
	return m.answer(r, body), nil
}

func (m *modelService) answer(r *http.Request, body []byte) *http.Response {
	say := func(status int, kind string, v any) *http.Response {
		b, _ := json.Marshal(v)
		return answerOf(r, status, kind, string(b), wire.HeaderService, modelID, wire.HeaderTime, "1")
	}
	no := func(c workroom.Code) *http.Response {
		p := wire.Fail(c)
		return say(p.Status, wire.ProblemType, p)
	}
	if r.Header.Get("Authorization") != "Bearer "+m.token {
		return no(workroom.SignedOut)
	}
	q := r.URL.Query()
	num := func(k string) int64 { n, _ := strconv.ParseInt(q.Get(k), 10, 64); return n }
	op := opOf(r)
	var s workroom.Scope
	if p, ok := strings.CutPrefix(r.URL.Path, "/v1/scope/"); ok {
		s = workroom.Scope(p[:strings.LastIndexByte(p, '/')])
		if right, ok := m.Rights[modelMe][s]; !ok || right.Gone {
			return no(workroom.NoAccess)
		}
	}
	switch op {
	case "heads":
		out := wire.Heads{Epoch: m.Epoch, Scopes: []wire.Head{}}
		for _, s := range slices.Sorted(maps.Keys(m.Heads)) {
			if right := m.Rights[modelMe][s]; right.Gen > 0 && !right.Gone {
				h := m.Heads[s]
				out.Scopes = append(out.Scopes, wire.Head{Scope: s, Gen: right.Gen, Seq: h.Seq, Tag: h.Tag, Msgs: h.Msgs})
			}
		}
		if r.Header.Get("If-None-Match") == `"`+wire.HeadsTag(out.Epoch, out.Scopes)+`"` {
			return answerOf(r, 304, "", "", wire.HeaderService, modelID)
		}
		return say(200, "application/json", out)
	case "open":
		var in wire.Open
		_ = json.Unmarshal(body, &in)
		out := wire.OpenOut{Epoch: m.Epoch}
		for _, s := range in.Scopes {
			out.Scopes = append(out.Scopes, m.open(s))
		}
		return say(200, "application/json", out)
	case "pull":
		return say(200, "application/json", m.page(s, q.Get("epoch"), num("gen"), num("after"), q.Get("tag")))
	case "range":
		things, floor := m.window(s, num("before"), int(num("limit")))
		return say(200, "application/json", wire.RangeOut{Things: things, Lo: floor, Hi: num("before") - 1, AsOf: m.Heads[s].Seq, More: floor > 0})
	case "digest":
		var d wire.Digest
		for _, x := range m.Things[s] {
			if in := !x.Kind.Dated() && num("hi") == 0 || x.Kind.Dated() && num("hi") > 0 && x.Born >= max(num("lo"), m.Rights[modelMe][s].From) && x.Born <= num("hi"); in && !x.Gone {
				d += wire.ShareOf(x.Kind, x.ID, x.Seq)
			}
		}
		return say(200, "application/json", wire.DigestOut{AsOf: m.Heads[s].Seq, Digest: d.String()})
	case "commands":
		var in wire.Commands
		_ = json.Unmarshal(body, &in)
		return say(200, "application/json", m.commands(&in))
	}
	return no(workroom.NoAccess)
}

// window is the newest live messages below a born number, oldest first, and the born of the oldest if there are older ones, else 0.
func (m *modelService) window(s workroom.Scope, before int64, limit int) ([]wire.Thing, int64) {
	var list []Row
	for _, x := range m.Things[s] {
		if x.Kind.Dated() && !x.Gone && x.Born < before && x.Born >= m.Rights[modelMe][s].From {
			list = append(list, x)
		}
	}
	slices.SortFunc(list, func(a, b Row) int { return int(b.Born - a.Born) })
	floor := int64(0)
	if len(list) > limit {
		list = list[:limit]
		floor = before
		if limit > 0 {
			floor = list[limit-1].Born
		}
	}
	out := []wire.Thing{}
	for _, x := range slices.Backward(list) {
		out = append(out, x.wire(s))
	}
	return out, floor
}

func (m *modelService) open(s workroom.Scope) wire.Opened {
	right, ok := m.Rights[modelMe][s]
	if !ok || right.Gone {
		return wire.Opened{Scope: s, Gone: true}
	}
	h := m.Heads[s]
	o := wire.Opened{Scope: s, Gen: right.Gen, Seq: h.Seq, Tag: h.Tag, Msgs: h.Msgs, FromBorn: right.From, Hot: []wire.Thing{}}
	for _, k := range slices.Sorted(maps.Keys(m.Things[s])) {
		if x := m.Things[s][k]; !x.Kind.Dated() && !x.Gone {
			o.Hot = append(o.Hot, x.wire(s))
		}
	}
	o.Tail, o.Floor = m.window(s, h.Seq+1, m.tail)
	o.More = o.Floor > 0
	return o
}

func (m *modelService) page(s workroom.Scope, epoch string, gen, after int64, tag string) wire.Page {
	right, h := m.Rights[modelMe][s], m.Heads[s]
	switch {
	case epoch != m.Epoch:
		return wire.Page{Reset: wire.ResetEpoch, Things: []wire.Thing{}}
	case after > h.Seq || after > 0 && m.Tags[s][after] != tag:
		return wire.Page{Reset: wire.ResetFork, Things: []wire.Thing{}}
	case gen != right.Gen:
		return wire.Page{Reset: wire.ResetGen, Things: []wire.Thing{}}
	}
	var list []Row
	hidden := false
	for _, x := range m.Things[s] {
		if x.Kind.Dated() && x.Born < right.From {
			hidden = true
		} else if x.Seq > after {
			list = append(list, x)
		}
	}
	slices.SortFunc(list, func(a, b Row) int { return int(a.Seq - b.Seq) })
	p := wire.Page{Things: []wire.Thing{}, Seq: h.Seq, Tag: h.Tag, Msgs: h.Msgs}
	for i, x := range list {
		if i >= m.limit && x.Seq != list[i-1].Seq {
			p.More, p.Seq, p.Tag = true, list[i-1].Seq, m.Tags[s][list[i-1].Seq]
			break
		}
		p.Things = append(p.Things, x.wire(s))
	}
	if !p.More && !hidden {
		p.Digest = m.Sum(s).String()
	}
	return p
}

// commands runs a batch: each id once, a refused message holds its lane, a child waits for its parent.
func (m *modelService) commands(in *wire.Commands) wire.CommandsOut {
	out := wire.CommandsOut{Epoch: m.Epoch}
	held := map[string]bool{}
	for _, c := range in.Cmds {
		if was, ok := m.sent[c.ID]; ok && was != string(c.Args) {
			m.bad = append(m.bad, broken("I4", c.ID, "sent again with other bytes"))
		}
		m.sent[c.ID] = string(c.Args)
		out.Results = append(out.Results, m.command(c, held))
	}
	return out
}

func (m *modelService) command(c wire.Command, held map[string]bool) wire.Result {
	r := wire.Result{ID: c.ID, Status: wire.OK}
	if old, ok := m.records[c.ID]; ok {
		if old.Status == wire.Rejected { // what waited behind it when it was refused waits behind it whenever it is asked again
			held[c.Lane] = held[c.Lane] || workroom.Ops[c.Op].Policy == workroom.Hold
		}
		return old
	}
	if held[c.Lane] {
		r.Status = wire.NotRun
		return r
	}
	for _, p := range c.After {
		if old, ok := m.records[p]; !ok {
			m.bad = append(m.bad, broken("I7", c.ID, "came before %s, which it follows", p))
			r.Status, r.Retry = wire.DepWait, workroom.RetryLater
			held[c.Lane] = true
			return r
		} else if old.Status == wire.Rejected {
			return m.refuse(c, workroom.DepFailed, held)
		}
	}
	x, err := workroom.DecodeCommand(c.Op, c.V, c.Args)
	if err != nil {
		return m.refuse(c, workroom.BadInput, held)
	}
	for _, s := range x.Scopes() {
		if right, ok := m.Rights[modelMe][s]; !ok || right.Gone {
			return m.refuse(c, workroom.NoAccess, held)
		}
	}
	switch x := x.(type) {
	case workroom.SendMessage:
		if strings.HasPrefix(x.Text, "bad") {
			return m.refuse(c, workroom.BadInput, held)
		}
		r.Things = m.write(modelMe, workroom.Change{Ref: workroom.Ref{Scope: workroom.RoomScope(x.Room), Kind: workroom.KindMessage, ID: c.ID}, Thing: &workroom.Message{Author: modelMe, Text: x.Text}})
	case workroom.SetPref:
		r.Things = m.write(modelMe, workroom.Change{Ref: workroom.Ref{Scope: modelSelf, Kind: workroom.KindPref, ID: string(x.Room)}, Thing: &workroom.Pref{Favourite: *x.Favourite}})
	case workroom.SetMarker:
		var old workroom.Marker
		now := workroom.Marker{N: x.N, E: x.E, Head: x.Head}
		was, ok := m.Things[modelSelf]["marker/"+string(x.Room)]
		if ok {
			_ = json.Unmarshal([]byte(was.Body), &old)
		}
		if !ok || now.E > old.E || now.E == old.E && now.N > old.N {
			r.Things = m.write(modelMe, workroom.Change{Ref: workroom.Ref{Scope: modelSelf, Kind: workroom.KindMarker, ID: string(x.Room)}, Thing: &now})
		}
	default:
		return m.refuse(c, workroom.BadInput, held)
	}
	m.records[c.ID] = r
	m.order = append(m.order, c.ID)
	return r
}

func (m *modelService) refuse(c wire.Command, code workroom.Code, held map[string]bool) wire.Result {
	no := workroom.Refuse(code)
	r := wire.Result{ID: c.ID, Status: wire.Rejected, Code: code, Text: no.Text, Retry: workroom.RetryNever}
	m.records[c.ID] = r
	held[c.Lane] = held[c.Lane] || workroom.Ops[c.Op].Policy == workroom.Hold
	return r
}

// rowsFrame is what the live channel would say of a number, if it is still the newest.
func (m *modelService) rowsFrame(s workroom.Scope, prev int64) wire.Event {
	h := m.Heads[s]
	f := &wire.Rows{Scope: s, Gen: m.Rights[modelMe][s].Gen, Prev: prev, Seq: h.Seq, Tag: h.Tag, Msgs: h.Msgs}
	for _, k := range slices.Sorted(maps.Keys(m.Things[s])) {
		if x := m.Things[s][k]; x.Seq == h.Seq && (!x.Kind.Dated() || x.Born >= m.Rights[modelMe][s].From) {
			f.Things = append(f.Things, x.wire(s))
		}
	}
	return wire.Event{Rows: f}
}
