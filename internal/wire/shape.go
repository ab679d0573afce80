package wire

import (
	"encoding/json"
	"io"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"trestle/internal/workroom"
)

// An answer is believed only if it has the shape of one: a proxy that answers everything with the same JSON, or with that of another
// question, may delay what it stands before and never make the device take something for done. Each member that an answer always has must
// be there (so members that come with later versions are omitempty), and what the question asked for must be what it is about (fits).

// misshapen says that a question was answered with something else.
func misshapen(res *http.Response) *Error {
	return &Error{Status: res.StatusCode, Code: Unexpected, Retry: workroom.RetryLater,
		Text: "The service's answer does not fit what was asked. Everything waiting is kept."}
}

// shaped reports whether b is a JSON object with all members that an answer of that type always has. One that has none must be empty.
func shaped(b []byte, answer reflect.Type) bool {
	var there map[string]json.RawMessage
	if json.Unmarshal(b, &there) != nil || there == nil {
		return false
	}
	if answer.NumField() == 0 {
		return len(there) == 0
	}
	for f := range answer.Fields() {
		name, more, _ := strings.Cut(f.Tag.Get("json"), ",")
		if _, ok := there[name]; !ok && name != "-" && !strings.Contains(more, "omitempty") {
			return false
		}
	}
	return true
}

// done takes in the answer to a question that is answered with nothing but its being done.
func done(res *http.Response) error {
	b, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	if err != nil {
		return unreachable(err)
	}
	if !shaped(b, reflect.TypeFor[None]()) {
		return misshapen(res)
	}
	return nil
}

// about is an answer that can tell whether it is one to a question.
type about interface{ fits(question any) bool }

func (m *Meta) fits(any) bool  { return m.ID != "" && m.Epoch != "" }
func (o *Offer) fits(any) bool { return o.Contract != "" && o.Room != "" }
func (s *Signed) fits(any) bool {
	return s.Token != "" && s.Account != "" && s.Service != "" && s.Epoch != ""
}

// fits: everyone may read at least their own scope.
func (h *Heads) fits(any) bool { return h.Epoch != "" && len(h.Scopes) > 0 && named(h.Scopes) }

func (o *OpenOut) fits(q any) bool {
	in := q.(Open)
	ok := o.Epoch != "" && len(o.Scopes) == len(in.Scopes)
	for i := 0; ok && i < len(o.Scopes); i++ {
		x := &o.Scopes[i]
		ok = x.Scope == in.Scopes[i] && (x.Gone || x.Gen > 0 && things(x.Hot, x.Scope) && things(x.Tail, x.Scope))
	}
	return ok
}

func (p *Page) fits(q any) bool {
	in := q.(Pull)
	return p.Reset != "" || things(p.Things, in.Scope) && !slices.ContainsFunc(p.Things, func(x Thing) bool { return x.Seq <= in.After || x.Seq > p.Seq })
}

func (o *RangeOut) fits(q any) bool {
	in := q.(Range)
	return o.AsOf >= max(in.Min, 1) && things(o.Things, in.Scope)
}

func (o *ThingsOut) fits(q any) bool {
	in := q.(ThingsOf)
	return things(o.Things, in.Scope) && !slices.ContainsFunc(o.Things, func(x Thing) bool { return x.Kind != in.Kind || !slices.Contains(in.IDs, x.ID) })
}

var digestPattern = regexp.MustCompile(`^[0-9a-f]{16}$`)

func (o *DigestOut) fits(q any) bool {
	return o.AsOf >= q.(DigestIn).Min && digestPattern.MatchString(o.Digest)
}

func (o *WatchOut) fits(q any) bool {
	return named(o.Heads) && !slices.ContainsFunc(o.Heads, func(h Head) bool { return !slices.Contains(q.(Watch).Scopes, h.Scope) })
}

// fits: each command is answered once, in order, by a verdict there is.
func (o *CommandsOut) fits(q any) bool {
	in := q.(Commands)
	ok := o.Epoch != "" && len(o.Results) == len(in.Cmds)
	for i := 0; ok && i < len(o.Results); i++ {
		r := &o.Results[i]
		ok = r.ID == in.Cmds[i].ID && r.Status.known() && (r.Status != Rejected || r.Code != "") && things(r.Things, "")
	}
	return ok
}

func (o *NewFileOut) fits(q any) bool {
	in := q.(NewFile)
	ok := o.Space != "" && (!o.Complete || len(o.Missing) == 0)
	for _, sha := range o.Missing {
		ok = ok && slices.Contains(in.Parts, sha)
	}
	for sha, n := range o.Held {
		ok = ok && n >= 0 && slices.Contains(o.Missing, sha)
	}
	return ok
}

var partPattern = regexp.MustCompile(`^[0-9a-f]{64}$`)

func (o *PartsOut) fits(any) bool {
	return o.Size > 0 && int64(len(o.Parts)) == (o.Size+PartSize-1)/PartSize && !slices.ContainsFunc(o.Parts, func(sha string) bool { return !partPattern.MatchString(sha) })
}

// things reports whether all things have a name, and stand in a scope if one is given.
func things(list []Thing, in workroom.Scope) bool {
	return !slices.ContainsFunc(list, func(x Thing) bool { return x.Kind == "" || x.ID == "" || x.Scope == "" || in != "" && x.Scope != in })
}

// named reports whether all heads are of a scope.
func named(list []Head) bool {
	return !slices.ContainsFunc(list, func(h Head) bool { return h.Scope == "" })
}

func (v Verdict) known() bool {
	switch v {
	case OK, Rejected, Later, DepWait, NotRun:
		return true
	}
	return false
}
