package service

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

const marker = "ZANZIBAR"

// F-05: whatever is sent, the answer is a problem with a code, says nothing back of what was sent, and the service goes on.
func TestF05_MalformedIsAnswered(t *testing.T) {
	s, c := start(t, Config{})
	anna := join(t, c, "anna")
	bodies := map[string]string{
		"empty":           ``,
		"no json":         marker,
		"cut":             `{"email":"` + marker,
		"list":            `["` + marker + `"]`,
		"wrong types":     `{"email":{"a":"` + marker + `"},"password":["` + marker + `"],"scopes":"` + marker + `","cmds":"` + marker + `","device":5,"secret":[],"parts":7,"size":"` + marker + `"}`,
		"null":            `null`,
		"deep":            strings.Repeat(`{"a":`, 5000) + `1` + strings.Repeat(`}`, 5000),
		"unknown members": `{"zanzibar":{"` + marker + `":1}}`,
		"not utf-8":       "{\"email\":\"\xff\xfe\"}",
		"zero bytes":      `{"email":"a\u0000b@example.com","device":"\u0000","password":"` + marker + `","scopes":["r:\u0000"],"secret":"\u0000"}`,
		"huge numbers":    `{"tail":1e400,"size":9223372036854775808,"cmds":[{"n":1e99}]}`,
	}
	for _, op := range wire.All() {
		path := strings.NewReplacer("{id}", "f1", "{scope}", "r:r1", "{space}", "k-x", "{sha}", strings.Repeat("a", 64)).Replace(op.Path)
		if op.Method == "GET" {
			if op.Name == "events" {
				continue
			}
			for _, q := range []string{"?limit=" + marker, "?after=" + marker, "?ids=%00&kind=%00", "?gen=99999999999999999999", "?w=" + marker, "?%zz", "?around=" + marker + "%27%3B--"} {
				answered(t, anna.raw("GET", path+q, nil), op.Name+q)
			}
			for _, sc := range []string{"r%3A%27%3BDROP", "%00", "r:", "d:x:2020-01-01", "..%2f..", strings.Repeat("a", 3000)} {
				answered(t, anna.raw("GET", strings.NewReplacer("r:r1", sc, "f1", sc).Replace(path), nil), op.Name+" at "+sc[:min(len(sc), 20)])
			}
			continue
		}
		if op.Name == "sign-out" {
			continue
		}
		for name, b := range bodies {
			answered(t, anna.raw(op.Method, path, []byte(b)), op.Name+" "+name)
		}
		if !op.Raw && op.Name != "complete" { // complete has no body
			big := append([]byte(`{"x":"`), bytes.Repeat([]byte("a"), int(op.MaxBody))...)
			res := anna.raw(op.Method, path, append(big, `"}`...))
			if res.StatusCode != http.StatusRequestEntityTooLarge {
				t.Errorf("%s: %d for an oversized body", op.Name, res.StatusCode)
			}
			answered(t, res, op.Name+" oversize")
		}
	}
	if _, err := anna.Heads(t.Context(), ""); err != nil {
		t.Fatal("the service is gone:", err)
	}
	if n := s.faults.Load(); n != 0 {
		t.Fatal("rules panicked:", n)
	}
}

// answered checks the form of an answer.
func answered(t *testing.T, res *http.Response, what string) {
	t.Helper()
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(what, err)
	}
	if bytes.Contains(b, []byte(marker)) {
		t.Errorf("%s: the answer repeats what was sent: %s", what, b)
	}
	if res.StatusCode >= 500 && res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("%s: %d %s", what, res.StatusCode, b)
	}
	var p wire.Problem
	if res.StatusCode >= 300 && res.StatusCode != http.StatusNotModified && (json.Unmarshal(b, &p) != nil || p.Code == "" || p.Retry == "" || p.Detail == "") {
		t.Errorf("%s: no problem: %d %s", what, res.StatusCode, b)
	}
}

// An invitation's page says how to open the link, runs no script, and needs nothing from elsewhere.
func TestInvitePage(t *testing.T) {
	_, c := start(t, Config{})
	p := &person{Client: &wire.Client{Base: c.Base}, t: t}
	res := p.raw("GET", "/invite", nil)
	b, err := io.ReadAll(res.Body)
	res.Body.Close()
	if err != nil || res.StatusCode != 200 || !strings.Contains(res.Header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Fatal(res.Status, err)
	}
	for _, no := range []string{"<script", "http://", "https://", "src="} {
		if bytes.Contains(b, []byte(no)) {
			t.Errorf("the page holds %s", no)
		}
	}
}

// U-02: an invitation meant for one address, used twice, by its author, or unknown.
func TestU02_Invitations(t *testing.T) {
	_, c := start(t, Config{})
	anna, ben, eve := join(t, c, "anna"), join(t, c, "ben"), join(t, c, "eve")
	o := offer(anna, "k1", "r1", secret)
	o.Email = "ben@example.com"
	anna.does("k1", o)
	accept := func(p *person, id string) wire.Result {
		return p.send(p.command(id, workroom.AcceptContract{Contract: "k1", Room: "r1", Who: p.id, Name: "N", Secret: secret}))[0]
	}
	for _, x := range []struct {
		p    *person
		want workroom.Code
	}{{eve, workroom.WrongAddress}, {ben, ""}, {ben, workroom.Moved}, {eve, workroom.WrongAddress}} {
		if r := accept(x.p, newID()); r.Code != x.want {
			t.Fatalf("%+v, want %s", r, x.want)
		}
	}
	if _, err := ben.Look(t.Context(), "unknown"); code(err) != workroom.NoAccess {
		t.Fatal(err)
	}
	if l, err := ben.Look(t.Context(), secret); err != nil || !l.Used || l.Status != workroom.Active {
		t.Fatalf("%+v, %v", l, err)
	}
	// Somebody who holds the link cannot take it over with an offer of their own.
	eve.does("k9", offer(eve, "k9", "r9", secret))
	if l, err := ben.Look(t.Context(), secret); err != nil || l.Contract != "k1" {
		t.Fatalf("%+v, %v", l, err)
	}
	// Nor can anybody make a contract over one that is there.
	eve2 := offer(eve, "k1", "r1", "x")
	if r := eve.send(eve.command("k1", eve2))[0]; r.Code != workroom.NoAccess {
		t.Fatalf("%+v", r)
	}
}

// T-06: a slice moves the week's mark in the contract to the diary's own number, so a reader of the contract knows what to pull.
func TestT06_WeekMark(t *testing.T) {
	s, c := start(t, Config{Now: inSlice})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	for i := range 3 {
		x := slice(ben.id, "slice1")
		x.Slice.Rev, x.Slice.End = int64(i+1), x.Slice.Start+int64(60*(i+1))
		var diary, mark int64
		for _, y := range ben.does(fmt.Sprintf("s%d", i), x).Things {
			switch y.Kind {
			case workroom.KindSlice:
				diary = y.Seq
			case workroom.KindWeek:
				mark = bodyOf[workroom.WeekMark](t, y).Seq
			}
		}
		if diary != int64(i+1) || mark != diary {
			t.Fatalf("report %d: diary %d, mark %d", i, diary, mark)
		}
	}
	o, err := anna.Open(t.Context(), wire.Open{Scopes: []workroom.Scope{"d:k1:2001-09-03"}})
	if err != nil || o.Scopes[0].Gone || len(o.Scopes[0].Hot) != 1 || o.Scopes[0].Hot[0].Rev != 3 {
		t.Fatalf("%+v, %v", o, err)
	}
	checkScope(t, s, "d:k1:2001-09-03")
	checkScope(t, s, "k:k1")
}

// M-22: a long history comes in windows that join without a gap, and pages of a pull never split a command.
func TestM22_Windows(t *testing.T) {
	_, c := start(t, Config{})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	w := hire(anna, ben, "k1", "r1")
	const n = 230
	for i := 0; i < n; i += 46 {
		var cmds []wire.Command
		for j := range 46 {
			cmds = append(cmds, anna.command(fmt.Sprintf("m%03d", i+j), say(w.r, "x")))
		}
		for _, r := range anna.send(cmds...) {
			if r.Status != wire.OK {
				t.Fatalf("%+v", r)
			}
		}
	}
	o, err := ben.Open(t.Context(), wire.Open{Scopes: []workroom.Scope{"r:r1"}, Tail: 50})
	if err != nil || len(o.Scopes[0].Tail) != 50 || !o.Scopes[0].More || o.Scopes[0].Floor != o.Scopes[0].Tail[0].Born {
		t.Fatalf("%v", err)
	}
	if z, err := ben.Open(t.Context(), wire.Open{Scopes: []workroom.Scope{"r:r1"}}); err != nil || len(z.Scopes[0].Tail) != 0 || !z.Scopes[0].More || z.Scopes[0].Floor != z.Scopes[0].Seq+1 {
		t.Fatalf("no tail: %+v, %v", z.Scopes[0], err)
	}
	seen, floor := 50, o.Scopes[0].Floor
	for more := true; more; {
		g, err := ben.Range(t.Context(), wire.Range{Scope: "r:r1", Before: floor, Min: o.Scopes[0].Seq})
		if err != nil || g.Hi != floor-1 || g.More && g.Lo != g.Things[0].Born || !g.More && g.Lo != 0 {
			t.Fatalf("%+v, %v", g, err)
		}
		seen, floor, more = seen+len(g.Things), g.Lo, g.More
	}
	if seen != n {
		t.Fatalf("%d of %d seen", seen, n)
	}
	g, err := ben.Range(t.Context(), wire.Range{Scope: "r:r1", Around: "m100", Limit: 20})
	if err != nil || len(g.Things) != 20 || g.Things[0].ID > "m100" || g.Things[19].ID < "m100" || g.Hi < g.Things[19].Born {
		t.Fatalf("around: %+v, %v", g, err)
	}
	if _, err := ben.Range(t.Context(), wire.Range{Scope: "r:r1", Min: 1 << 40}); code(err) != workroom.Busy {
		t.Fatalf("behind the caller: %v", err)
	}
	// The contract scope got several rows from one command: a page of one row still holds all of them.
	p, err := ben.Pull(t.Context(), wire.Pull{Scope: "k:k1", Epoch: o.Epoch, Gen: 1, Limit: 1})
	if err != nil || len(p.Things) < 1 {
		t.Fatal(err)
	}
	for _, x := range p.Things {
		if x.Seq != p.Seq {
			t.Fatalf("a page up to %d holds a row of %d", p.Seq, x.Seq)
		}
	}
}

// The rate of one device does not slow another one down, and "too fast" is never final.
func TestRate(t *testing.T) {
	s, c := start(t, Config{})
	s.paces.set(Limits{Commands: 1, Burst: 5, SignUps: -1})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	var cmds []wire.Command
	for i := range 5 {
		cmds = append(cmds, anna.command(fmt.Sprintf("m%d", i), say("r1", "x")))
	}
	_, err := anna.Commands(t.Context(), wire.Commands{Cmds: cmds})
	var e *wire.Error
	if !asError(err, &e) || e.Code != workroom.Rate || e.Final || e.After <= 0 {
		t.Fatalf("%#v", err)
	}
	ben.does("b1", say("r1", "not slowed down"))
}

// Only a trusted proxy is believed about where somebody comes from.
func TestAddress(t *testing.T) {
	s := &Service{cfg: Config{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}}}
	for _, x := range []struct{ from, says, want string }{
		{"203.0.113.9:5", "", "203.0.113.9"}, {"203.0.113.9:5", "1.1.1.1", "203.0.113.9"}, {"10.1.2.3:5", "1.1.1.1", "1.1.1.1"},
		{"10.1.2.3:5", "8.8.8.8, 1.1.1.1, 10.9.9.9", "1.1.1.1"}, {"10.1.2.3:5", "nonsense", "10.1.2.3"}, {"10.1.2.3:5", "", "10.1.2.3"},
		{"[::1]:5", "::ffff:1.1.1.1", "1.1.1.1"}, {"", "1.1.1.1", ""},
	} {
		r := &http.Request{RemoteAddr: x.from, Header: http.Header{}}
		if x.says != "" {
			r.Header.Set("X-Forwarded-For", x.says)
		}
		if got := s.address(r); got != x.want {
			t.Errorf("%+v: %q", x, got)
		}
	}
}

// Long answers are compressed for those who ask, but never one that holds a token, nor bytes of a file.
func TestCompression(t *testing.T) {
	s, c := start(t, Config{})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	w := hire(anna, ben, "k1", "r1")
	anna.does("m1", say(w.r, strings.Repeat("a long message ", 300)))
	anna.upload("f1", "r:r1", "a.txt", bytes.Repeat([]byte("a"), 5000))
	if err := anna.Complete(t.Context(), "f1"); err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		method, path, body string
		squeezed           bool
	}{
		{"GET", "/v1/scope/r:r1/pull?gen=1&epoch=" + s.store.Epoch, "", true},
		{"GET", "/v1/files/f1", "", false},
		{"POST", "/v1/sign-in", `{"email":"anna@example.com","password":"` + goodPassword + `","device":"d2"}`, false},
	} {
		r, err := http.NewRequest(x.method, c.Base+x.path, strings.NewReader(x.body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept-Encoding", "gzip")
		r.Header.Set("Authorization", "Bearer "+anna.Token)
		res, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, res.Body)
		_ = res.Body.Close()
		if got := res.Header.Get("Content-Encoding") == "gzip"; res.StatusCode != 200 || got != x.squeezed {
			t.Errorf("%s: %s %v", x.path, res.Status, res.Header)
		}
	}
}
