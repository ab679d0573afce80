package service

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// exchange is one question of the first slice's program with the answer its service gave. {anna}, {ben}, {epoch} and {tag:NAME} stand for
// what is another value each time.
type exchange struct {
	Name   string `json:"name"`
	Who    string `json:"who"`
	Method string `json:"method"`
	Path   string `json:"path"`
	Body   string `json:"body"`
	Status int    `json:"status"`
	Answer any    `json:"answer"`
}

// changing are members of answers whose value is another one each time; words for people may be better by now.
var changing = map[string]bool{"t": true, "tag": true, "token": true, "epoch": true, "service": true, "version": true, "detail": true, "text": true, "title": true, "incident": true}

// firstKinds are the kinds of the first slice; its program stores a thing of another kind and shows nothing of it.
var firstKinds = []string{"account", "grant", "marker", "pref", "room", "member", "message", "file", "contract", "activity", "week", "invitation", "slice", "input", "shot"}

// newer reports whether an item of an answer is a thing of a kind that came later.
func newer(item any) bool {
	m, _ := item.(map[string]any)
	k, is := m["k"].(string)
	return is && !slices.Contains(firstKinds, k)
}

// differs says how an answer is not what an older program understands: each member it knows must be there, with the same value. More members
// are fine.
func differs(old, now any, at string) string {
	switch old := old.(type) {
	case map[string]any:
		n, ok := now.(map[string]any)
		if !ok {
			return at + " is no object"
		}
		for k, v := range old {
			w, there := n[k]
			if !there {
				return at + "." + k + " is missing"
			}
			if changing[k] || k == "id" && at == "meta" {
				if reflect.TypeOf(v) != reflect.TypeOf(w) {
					return at + "." + k + " has another type"
				}
				continue
			}
			if said := differs(v, w, at+"."+k); said != "" {
				return said
			}
		}
		return ""
	case []any:
		n, ok := now.([]any)
		n = slices.DeleteFunc(slices.Clone(n), newer)
		if !ok || len(n) < len(old) || len(n) > len(old) && !strings.HasSuffix(at, ".features") {
			return fmt.Sprintf("%s has %d items, had %d", at, len(n), len(old))
		}
		for i := range old {
			if said := differs(old[i], n[i], fmt.Sprintf("%s[%d]", at, i)); said != "" {
				return said
			}
		}
		return ""
	}
	if !reflect.DeepEqual(old, now) {
		return fmt.Sprintf("%s is %v, was %v", at, now, old)
	}
	return ""
}

// I21: the program of the first slice is answered as it was by its own service: the questions it sent, replayed byte for byte.
func TestI21_FirstSliceIsServed(t *testing.T) {
	inAFile(t) // lanes of one question run one after the other there, as when the answers were recorded
	b, err := os.ReadFile(filepath.Join("testdata", "first-slice.json"))
	if err != nil {
		t.Fatal(err)
	}
	var list []exchange
	if err := json.Unmarshal(b, &list); err != nil {
		t.Fatal(err)
	}
	_, c := start(t, Config{Now: inSlice})
	vars, tokens := map[string]string{}, map[string]string{}
	fill := func(s string) string {
		for k, v := range vars {
			s = strings.ReplaceAll(s, "{"+k+"}", v)
		}
		return s
	}
	for _, x := range list {
		p := &person{Client: &wire.Client{Base: c.Base, Token: tokens[x.Who]}, t: t}
		res := p.raw(x.Method, fill(x.Path), []byte(fill(x.Body)))
		b, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		var now map[string]any
		if err := json.Unmarshal(b, &now); err != nil {
			t.Fatalf("%s: %s", x.Name, b)
		}
		for k, as := range map[string]string{"tag": "tag:" + x.Name, "epoch": "epoch", "account": x.Who} {
			if v, ok := now[k].(string); ok {
				vars[as] = v
			}
		}
		if v, ok := now["seq"].(float64); ok {
			vars["seq:"+x.Name] = fmt.Sprint(int64(v))
		}
		if v, ok := now["token"].(string); ok {
			tokens[x.Who] = v
		}
		old, err := json.Marshal(x.Answer)
		if err != nil {
			t.Fatal(err)
		}
		// Who offers or accepts is called by their account now, whatever their program says (P-01).
		called := strings.NewReplacer(`"Client"`, `"anna"`, `"Ben"`, `"ben"`)
		var was any
		if err := json.Unmarshal([]byte(called.Replace(fill(string(old)))), &was); err != nil {
			t.Fatal(err)
		}
		if said := differs(was, any(now), x.Name); said != "" || res.StatusCode != x.Status {
			t.Errorf("%s: status %d, was %d; %s", x.Name, res.StatusCode, x.Status, said)
		}
	}
	t.Logf("%d questions of the first slice's program", len(list))
}

// I21 I18: a database that the first slice's service wrote opens, every scope of it is sound, people sign in, and a device that has cursors of
// it goes on from them.
func TestI21_FirstSliceDatabaseOpens(t *testing.T) {
	dir := t.TempDir()
	text, err := os.ReadFile(filepath.Join("testdata", "first-slice.sql"))
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite3", filepath.Join(dir, "service.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(string(text)); err != nil {
		t.Fatal(err)
	}
	type cursor struct {
		scope workroom.Scope
		seq   int64
		tag   string
	}
	var cursors []cursor
	rows, err := db.Query("SELECT scope, seq, tag FROM head ORDER BY scope")
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var x cursor
		if err := rows.Scan(&x.scope, &x.seq, &x.tag); err != nil {
			t.Fatal(err)
		}
		cursors = append(cursors, x)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s, c := start(t, Config{Data: dir, DB: "sqlite:" + filepath.Join(dir, "service.db"), Now: inSlice})
	in, err := c.SignIn(t.Context(), wire.SignIn{Email: "anna@example.com", Password: goodPassword, Device: "d-anna"})
	if err != nil {
		t.Fatal(err)
	}
	own := *c
	own.Token, own.Service = in.Token, in.Service
	anna := &person{Client: &own, t: t, id: in.Account, n: 1000}
	anna.does("new", say("r1", "after the update"))
	pulled := 0
	for _, x := range cursors {
		checkScope(t, s, x.scope)
		for _, q := range []wire.Pull{
			{After: x.seq, Tag: x.tag}, {After: x.seq - 1, Tag: "of then"}, {After: x.seq - 1}, {},
		} {
			q.Scope, q.Epoch, q.Gen = x.scope, s.store.Epoch, 1
			p, err := anna.Pull(t.Context(), q)
			if code(err) == workroom.NoAccess {
				continue // ben's own
			}
			if err != nil || p.Reset != "" || p.Tag == "" {
				t.Errorf("%s from %d, tag %q: %+v, %v", x.scope, q.After, q.Tag, p, err)
			}
			pulled++
		}
		if p, err := anna.Pull(t.Context(), wire.Pull{Scope: x.scope, Epoch: s.store.Epoch, Gen: 1, After: x.seq, Tag: "another"}); err == nil && x.scope == "r:r1" && p.Reset != wire.ResetFork {
			t.Errorf("%s with another tag at the head of then: %+v", x.scope, p)
		}
	}
	if len(cursors) < 6 || pulled < 16 {
		t.Errorf("%d scopes, %d pulls: the fixture is not what it was", len(cursors), pulled)
	}
}
