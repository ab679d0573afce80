package wire

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"trestle/internal/workroom"
)

// F-05: an answer of the service's address, with its id and its media type, that has not the shape of one to the question means later, for
// every operation: one such answer must not make the device take anything for done. The good answers show that the shapes are those asked for.
func TestF05_AWrongShapeIsNoAnswer(t *testing.T) {
	sha := strings.Repeat("ab", 32)
	thing := `{"s":"r:a","k":"message","id":"m","q":5,"b":5,"r":1,"by":"x","at":1}`
	asks := map[string]struct {
		ask  func(c *Client) error
		good string
		bad  []string
	}{
		"meta": {func(c *Client) error { _, err := c.Meta(t.Context()); return err },
			`{"id":"svc","name":"n","version":"1","epoch":"e","min_client":"","features":null,"max_file":1,"open_join":false}`,
			[]string{`{"id":"svc","name":"n","version":"1","epoch":"","min_client":"","features":[],"max_file":1,"open_join":false}`}},
		"sign-up": {func(c *Client) error { _, err := c.SignUp(t.Context(), SignUp{}); return err },
			`{"token":"t","account":"a","name":"n","email":"e","service":"svc","epoch":"e"}`,
			[]string{`{"token":"","account":"a","name":"n","email":"e","service":"svc","epoch":"e"}`}},
		"sign-in": {func(c *Client) error { _, err := c.SignIn(t.Context(), SignIn{}); return err },
			`{"token":"t","account":"a","name":"n","email":"e","service":"svc","epoch":"e"}`,
			[]string{`{"token":"t","account":"","name":"n","email":"e","service":"svc","epoch":"e"}`}},
		"sign-out": {func(c *Client) error { return c.SignOut(t.Context()) }, `{}`, nil},
		"look": {func(c *Client) error { _, err := c.Look(t.Context(), "s"); return err },
			`{"contract":"k","room":"r","title":"","about":"","client":"","terms":{},"activities":null,"expires":1,"status":"offered","used":false,"rev":1}`,
			[]string{`{"contract":"","room":"","title":"","about":"","client":"","terms":{},"activities":null,"expires":1,"status":"","used":false,"rev":1}`}},
		"heads": {func(c *Client) error { _, err := c.Heads(t.Context(), ""); return err },
			`{"epoch":"e","scopes":[{"s":"a:x","g":1,"q":1,"t":"t"}]}`,
			[]string{`{"epoch":"e","scopes":[]}`, `{"epoch":"e","scopes":[{}]}`, `{"epoch":"","scopes":[{"s":"a:x","g":1,"q":1,"t":"t"}]}`}},
		"open": {func(c *Client) error {
			_, err := c.Open(t.Context(), Open{Scopes: []workroom.Scope{"r:a"}})
			return err
		},
			`{"epoch":"e","scopes":[{"s":"r:a","gen":1,"seq":5,"tag":"t","msgs":1,"from_born":0,"hot":[],"tail":[` + thing + `],"floor":0,"more":false}]}`,
			[]string{`{"epoch":"e","scopes":[]}`, `{"epoch":"e","scopes":[{"s":"r:b","gone":true}]}`, `{"epoch":"e","scopes":[{"s":"r:a"}]}`,
				`{"epoch":"e","scopes":[{"s":"r:a","gen":1,"seq":1,"hot":[{}]}]}`}},
		"pull": {func(c *Client) error { _, err := c.Pull(t.Context(), Pull{Scope: "r:a", After: 4}); return err },
			`{"things":[` + thing + `],"seq":5,"tag":"","msgs":1,"more":false}`,
			[]string{`{"things":[],"reset":"fork"}`, `{"things":[` + thing + `],"seq":4,"tag":"","msgs":1,"more":false}`,
				`{"things":[{"s":"r:b","k":"message","id":"m","q":5}],"seq":5,"tag":"","msgs":1,"more":false}`}},
		"range": {func(c *Client) error { _, err := c.Range(t.Context(), Range{Scope: "r:a", Min: 5}); return err },
			`{"things":[` + thing + `],"lo":1,"hi":5,"as_of":5,"more":false}`,
			[]string{`{"things":[],"lo":0,"hi":0,"as_of":0,"more":false}`, `{"things":[{}],"lo":0,"hi":0,"as_of":5,"more":false}`}},
		"things": {func(c *Client) error {
			_, err := c.Things(t.Context(), ThingsOf{Scope: "r:a", Kind: "message", IDs: []string{"m"}})
			return err
		}, `{"things":[` + thing + `]}`, []string{`{"things":[{"s":"r:a","k":"message","id":"other"}]}`}},
		"digest": {func(c *Client) error { _, err := c.Digest(t.Context(), DigestIn{Scope: "r:a", Min: 3}); return err },
			`{"as_of":3,"digest":"0123456789abcdef"}`, []string{`{"as_of":3,"digest":""}`, `{"as_of":0,"digest":"0123456789abcdef"}`}},
		"watch": {func(c *Client) error {
			_, err := c.Watch(t.Context(), Watch{Conn: "c", Scopes: []workroom.Scope{"r:a"}})
			return err
		},
			`{"heads":[{"s":"r:a","g":1,"q":1,"t":"t"}]}`, []string{`{"heads":[{"s":"r:b","g":1,"q":1,"t":"t"}]}`}},
		"typing":   {func(c *Client) error { return c.Typing(t.Context(), "a") }, `{}`, nil},
		"presence": {func(c *Client) error { return c.Presence(t.Context(), "c", On) }, `{}`, nil},
		"people": {func(c *Client) error { _, err := c.People(t.Context(), []string{"x"}); return err },
			`{"people":[{"id":"x","state":"on","zone":"UTC"}]}`, []string{`{"people":[{"id":"y","state":"on"}]}`, `{"people":[{"id":"x","state":"asleep"}]}`}},
		"commands": {func(c *Client) error {
			_, err := c.Commands(t.Context(), Commands{Cmds: []Command{{ID: "i"}}})
			return err
		},
			`{"epoch":"e","results":[{"id":"i","status":"ok"}]}`,
			[]string{`{"epoch":"e","results":[]}`, `{"epoch":"","results":[{"id":"i","status":"ok"}]}`, `{"epoch":"e","results":[{"id":"j","status":"ok"}]}`,
				`{"epoch":"e","results":[{"id":"i","status":"rejected"}]}`, `{"epoch":"e","results":[{"id":"i","status":"ok","things":[{}]}]}`}},
		"new-file": {func(c *Client) error {
			_, err := c.NewFile(t.Context(), NewFile{ID: "f", Parts: []string{sha}})
			return err
		},
			`{"space":"k-k","missing":["` + sha + `"],"held":{"` + sha + `":1},"complete":false}`,
			[]string{`{"space":"","missing":[],"complete":true}`, `{"space":"k-k","missing":["` + sha + `"],"complete":true}`, `{"space":"k-k","missing":["other"],"complete":false}`}},
		"complete": {func(c *Client) error { return c.Complete(t.Context(), "f") }, `{}`, nil},
		"parts": {func(c *Client) error { _, err := c.Parts(t.Context(), "f"); return err },
			`{"size":5,"parts":["` + sha + `"]}`, []string{`{"size":0,"parts":[]}`, `{"size":5,"parts":[]}`, `{"size":5,"parts":["x"]}`}},
		"put-part": {func(c *Client) error { return c.PutPart(t.Context(), "k-k", sha, []byte("x")) }, "{}\n", nil},
		"thumb":    {func(c *Client) error { _, err := c.Thumb(t.Context(), "f", 320); return err }, "\xff\xd8\xff", nil},
	}
	// What a stranger may say to anything.
	all := []string{``, `null`, `[]`, `""`, `true`, `{"ok":true}`, `{"results":[],"things":[],"scopes":[],"epoch":""}`, `{"results":[],"scopes":[],"epoch":"e"}`}
	for _, op := range All() {
		x, ok := asks[op.Name]
		if !ok {
			if op.Name != "events" && op.Name != "download" { // streams: frames and bytes are looked at one by one, a file's by its hashes
				t.Errorf("%s is not looked at", op.Name)
			}
			continue
		}
		answer := func(body string) error {
			return x.ask(serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set(HeaderService, "svc")
				w.Header().Set("Content-Type", map[bool]string{true: "image/jpeg", false: "application/json"}[op.Name == "thumb"])
				fmt.Fprint(w, body)
			}))
		}
		if err := answer(x.good); err != nil {
			t.Errorf("%s: a good answer is not believed: %v", op.Name, err)
		}
		for _, body := range append(append([]string{`{}`}, all...), x.bad...) {
			if body == strings.TrimSpace(x.good) || op.Name == "things" && strings.Contains(body, `"things":[]`) {
				continue // indeed an answer; that of "things" says that nothing is there
			}
			var e *Error
			if err := answer(body); !errors.As(err, &e) || e.Final || e.Code != Unexpected || e.Retry != workroom.RetryLater {
				t.Errorf("%s answered with %q: %#v", op.Name, body, err)
			}
		}
	}
	// 304 is an answer to a question with a tag only.
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set(HeaderService, "svc")
		w.WriteHeader(http.StatusNotModified)
	})
	if _, err := c.Heads(t.Context(), ""); err == nil {
		t.Error("nothing changed since nothing")
	}
}
