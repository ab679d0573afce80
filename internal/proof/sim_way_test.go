package proof

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"trestle/internal/courier"
	"trestle/internal/outbox"
	"trestle/internal/replica"
	"trestle/internal/service"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// opOf names the operation of a request.
func opOf(r *http.Request) string {
	p := strings.TrimPrefix(r.URL.Path, "/v1/")
	switch {
	case strings.HasPrefix(p, "scope/"):
		return p[strings.LastIndexByte(p, '/')+1:]
	case p == "files":
		return "new-file"
	case strings.HasSuffix(p, "/complete"):
		return "complete"
	case strings.HasPrefix(p, "parts/"):
		return "put-part"
	case strings.HasPrefix(p, "files/"):
		return "file"
	}
	return p
}

// RoundTrip is the way between a device and the service. Every fault of the network happens here.
func (d *simDevice) RoundTrip(r *http.Request) (*http.Response, error) {
	w := d.w
	op := opOf(r)
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
		r.Body.Close()
	}
	if w.now.Before(d.offline) && w.faulty {
		w.fired("drop", d, op, body)
		return nil, errNoNetwork
	}
	if op == "pull" && w.pageLimit > 0 {
		q := r.URL.Query()
		q.Set("limit", fmt.Sprint(1+w.rng.IntN(w.pageLimit)))
		r = r.Clone(r.Context())
		r.URL.RawQuery = q.Encode()
	}
	if op == "open" && w.pageLimit > 0 { // a short first look, so that there is history to ask for
		var in wire.Open
		if json.Unmarshal(body, &in) == nil {
			in.Tail = min(in.Tail, 1+w.rng.IntN(4))
			body, _ = json.Marshal(in)
		}
	}
	f := w.fault(op, body)
	if f != "" {
		w.fired(f, d, op, body)
	}
	go5 := func() (*http.Response, error) {
		if op == "events" {
			if w.svc == nil {
				return nil, errNoNetwork
			}
			res, err := service.Local(w.svc).RoundTrip(r)
			if err == nil {
				res.Body = &simEar{ReadCloser: res.Body, d: d, ms: 1000 + 2*len(d.name)}
			}
			return res, err
		}
		return w.serve(d, op, r, body)
	}
	switch f {
	case "drop":
		return nil, errNoNetwork
	case "halfopen": // it is done, and nobody hears of it
		if op != "events" {
			_, _ = go5()
		}
		w.answerDelay = w.span(0, 40*time.Second)
		return nil, errNoNetwork
	case "dup":
		if op != "events" {
			_, _ = go5()
		}
		return go5()
	case "reorder":
		w.answerDelay = w.span(50*time.Millisecond, 3*time.Second)
		return go5()
	case "delay":
		if w.chance(0.5) || op == "events" {
			w.answerDelay = w.span(time.Second, 39*time.Second)
			return go5()
		}
		// It arrives when nobody waits for it any more.
		late := w.span(41*time.Second, 10*time.Minute)
		again := r.Clone(simCtx)
		w.after(late, func() {
			d.note(Event{Kind: "late", Op: op})
			_, _ = w.serve(d, op, again, body)
		})
		w.answerDelay = 40 * time.Second
		return nil, context.DeadlineExceeded
	case "5xx":
		status := []int{500, 502, 503, 504}[w.rng.IntN(4)]
		return answerOf(r, status, "text/plain", "upstream error"), nil
	case "520":
		return answerOf(r, 520, "text/html", "<html><title>520</title>"), nil
	case "html":
		switch w.rng.IntN(3) {
		case 0:
			return answerOf(r, 200, "text/html", "<!doctype html><title>Sign in to the hotel</title>"), nil
		case 1:
			return answerOf(r, 302, "text/html", "", "Location", "https://portal.example/"), nil
		}
		return answerOf(r, 404, wire.ProblemType, `{"status":404,"title":"x","code":"no_access","retry":"never","detail":"Not here."}`), nil
	case "401":
		r = r.Clone(r.Context())
		r.Header.Set("Authorization", "Bearer trs_nobody")
		return go5()
	case "cut": // the answer breaks off
		res, err := go5()
		if err != nil || op == "events" {
			return res, err
		}
		all, _ := io.ReadAll(res.Body)
		res.Body = io.NopCloser(bytes.NewReader(all[:len(all)/2]))
		return res, nil
	}
	return go5()
}

// sends looks at a batch as it leaves: only the account's own commands, byte for byte as they were kept (I22).
func (d *simDevice) sends(in *wire.Commands, r *http.Request) {
	w := d.w
	if !d.on {
		return
	}
	rows, err := d.look.Waiting()
	w.must("read the outbox", err)
	for _, c := range in.Cmds {
		i := slices.IndexFunc(rows, func(x outbox.Row) bool { return x.ID == c.ID })
		if i < 0 {
			continue // an earlier life sent it
		}
		w.fail(CheckI22Isolation(d.who.id, rows[i])...)
		w.fail(CheckI4Verbatim(c, rows[i])...)
	}
}

// placeOf is the place of a command in its lane.
func (d *simDevice) placeOf(id string) int64 {
	if d.clone || !d.on {
		return 0
	}
	rows, err := d.look.Waiting()
	d.w.must("read the outbox", err)
	for _, r := range rows {
		if r.ID == id {
			return r.Pos
		}
	}
	return 0
}

// follow notes the cursors that moved, and that no page of another history was taken in (I15).
func (d *simDevice) follow(kind string, scopes []workroom.Scope) {
	w := d.w
	list, err := d.rep.Cursors(simCtx)
	w.must("read cursors", err)
	epoch, err := d.rep.Epoch(simCtx)
	w.must("read the epoch", err)
	if epoch != d.epoch {
		d.epoch = epoch
		clear(d.astray)
		d.note(Event{Kind: "epoch", Text: epoch})
	}
	for _, c := range list {
		was := d.cursors[c.Scope]
		if was == c {
			continue
		}
		if c.Hold == replica.Taken || c.Hold == replica.Archived {
			for id, k := range d.kept { // what was acked there is the service's alone from now on, even if it lost it without a word
				if _, ok := w.first[string(d.who.id)+" "+id]; (ok || w.right(d.who, c.Scope)) && w.ever[string(d.who.id)+" "+id] && (k.lane == string(c.Scope) || k.lane == "diary:"+c.Scope.Owner()) {
					delete(d.kept, id)
				}
			}
		}
		e := Event{Kind: "cursor", Scope: string(c.Scope), Gen: c.Gen, Seq: c.Seq, Status: epoch}
		if was.Hold != replica.Whole || c.Hold != replica.Whole || kind == "open" || kind == "heads" {
			e.Text = "reset"
		}
		if c.Hold == replica.Whole {
			d.note(e)
		}
		if d.astray[c.Scope] && was.Hold == replica.Whole && c.Hold == replica.Whole {
			if kind == "open" {
				delete(d.astray, c.Scope)
			} else if c.Seq != was.Seq && kind == "frame" { // a page is looked at where it is given: it may have been under way
				w.fail(broken("I15", string(c.Scope), "%s took a %s of another history: %d to %d", d.name, kind, was.Seq, c.Seq))
			}
		} else if c.Hold != replica.Whole {
			delete(d.astray, c.Scope)
		}
		d.cursors[c.Scope] = c
	}
}

// stray finds the scopes whose cursor is of a history that the service has lost.
func (d *simDevice) stray() {
	for s, c := range d.cursors {
		if tag, ok := d.w.truth.Tags[s][c.Seq]; c.Hold == replica.Whole && c.Seq > 0 && (c.Seq > d.w.truth.Heads[s].Seq || ok && tag != c.Tag) {
			d.astray[s] = true
		}
	}
	d.lost = false
}

// signIn gets a new token after the old one was refused, and goes on with it.
func (d *simDevice) signIn() {
	d.asked = false
	if !d.on || d.w.svc == nil {
		if d.on {
			d.asked = true
			d.w.after(time.Minute, d.signIn)
		}
		return
	}
	w := d.w
	before, err := d.look.Waiting()
	w.must("read the outbox", err)
	faulty := w.faulty
	w.faulty, w.armed = false, ""
	old := d.old
	d.old = false
	s, err := d.client().SignIn(simCtx, wire.SignIn{Email: d.who.email, Password: simPassword, Device: d.id})
	d.old = old
	w.faulty = faulty
	w.must("sign in again", err)
	d.token = s.Token
	w.must("go on with a new token", d.man.Resume(d.client()))
	after, err := d.look.Waiting()
	w.must("read the outbox", err)
	w.fail(CheckI22Refresh(before, after)...)
	d.note(Event{Kind: "act", Op: "sign in"})
	d.step(courier.Start())
}
