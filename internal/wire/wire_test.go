package wire

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"trestle/internal/workroom"
)

func serve(t *testing.T, h http.HandlerFunc) *Client {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return &Client{Base: srv.URL, Service: "svc", Token: "trs_x"}
}

// A question reaches its handler with every part where it belongs, and the answer comes back whole.
func TestRoundTrip(t *testing.T) {
	mux := http.NewServeMux()
	api := NewAPI(mux, "test", "1")
	Serve(api, OpPull, func(_ context.Context, in *Pull) (*Page, error) {
		if in.Scope != "r:a" || in.Epoch != "e" || in.Gen != 3 || in.After != 9 || in.Limit != 7 {
			t.Errorf("pull arrived as %+v", in)
		}
		return &Page{Seq: 12, Tag: "t", Things: []Thing{{Scope: "r:a", Kind: "message", ID: "m", Seq: 12, Body: json.RawMessage(`{"a":1}`)}}}, nil
	})
	Serve(api, OpThings, func(_ context.Context, in *ThingsOf) (*ThingsOut, error) {
		if strings.Join(in.IDs, "|") != "x|y" || in.Kind != "message" {
			t.Errorf("things arrived as %+v", in)
		}
		return nil, ProblemOf(workroom.Bad("ids", "No."))
	})
	Serve(api, OpCommands, func(_ context.Context, in *Commands) (*CommandsOut, error) {
		return &CommandsOut{Epoch: string(in.Cmds[0].Args), Results: []Result{{ID: in.Cmds[0].ID, Status: OK}}}, nil
	})
	Serve(api, OpHeads, func(_ context.Context, in *HeadsIn) (*Heads, error) {
		h := &Heads{Epoch: "e", Scopes: []Head{{Scope: "a:b", Gen: 1, Seq: 2}}}
		h.Same = in.IfNoneMatch == `"`+HeadsTag("e", h.Scopes)+`"`
		return h, nil
	})
	Serve(api, OpSignOut, func(context.Context, *None) (*None, error) { return &None{}, nil })
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(HeaderService, "svc")
		mux.ServeHTTP(w, r)
	})
	ctx := t.Context()
	p, err := c.Pull(ctx, Pull{Scope: "r:a", Epoch: "e", Gen: 3, After: 9, Limit: 7})
	if err != nil || p.Seq != 12 || string(p.Things[0].Body) != `{"a":1}` {
		t.Fatalf("pull: %+v, %v", p, err)
	}
	_, err = c.Things(ctx, ThingsOf{Scope: "r:a", Kind: "message", IDs: []string{"x", "y"}})
	var ref *workroom.Refusal
	if !errors.As(err, &ref) || ref.Code != workroom.BadInput || ref.Field != "ids" {
		t.Fatalf("things: %v", err)
	}
	out, err := c.Commands(ctx, Commands{Device: "d", Cmds: []Command{{ID: "i", Op: "X", V: 1, Args: json.RawMessage(`{"b": [1]}`)}}})
	if err != nil || out.Epoch != `{"b":[1]}` && out.Epoch != `{"b": [1]}` {
		t.Fatalf("commands: %+v, %v", out, err)
	}
	h, err := c.Heads(ctx, "")
	if err != nil || h.Same || len(h.Scopes) != 1 {
		t.Fatalf("heads: %+v, %v", h, err)
	}
	if h, err = c.Heads(ctx, HeadsTag("e", h.Scopes)); err != nil || !h.Same {
		t.Fatalf("unchanged heads: %+v, %v", h, err)
	}
	if err := c.SignOut(ctx); err != nil {
		t.Fatal(err)
	}
}

// F-05: whatever a stranger on the way answers is "later", never a verdict, and says what it looked like.
func TestF05_PortalIsNeverFinal(t *testing.T) {
	page := `<!DOCTYPE html><html><head><title>Hotel &amp; Spa` + "\u202e" + ` Wi-Fi</title></head></html>`
	problem := `{"status":404,"code":"no_access","retry":"never","detail":"Gone."}`
	corpus := []struct {
		name, service, kind, body, where string
		status                           int
		says                             string
	}{
		{"portal 200", "", "text/html; charset=utf-8", page, "", 200, "titled “Hotel & Spa Wi-Fi”"},
		{"portal 200 as json", "", "application/json", `{"results":[]}`, "", 200, ""},
		{"portal 302", "", "text/html", page, "http://login.hotel.example/x", 302, "redirection to login.hotel.example"},
		{"portal 511", "", "text/html", page, "", 511, "titled"},
		{"portal 307 of the same address", "", "text/html", page, "/login", 307, "a redirection"},
		{"portal 302 with our id", "svc", "text/html", page, "http://login.hotel.example/x", 302, "redirection to login.hotel.example"},
		{"firewall 403", "", "text/html", page, "", 403, "titled"},
		{"firewall 403 with our id", "svc", "text/html; charset=utf-8", page, "", 403, "titled"},
		{"portal 401", "", "text/html", page, "", 401, "titled"},
		{"limiter 429", "", "text/html", "<html>slow down", "", 429, "a web page"},
		{"portal 511 with our id and a problem", "svc", ProblemType, `{"status":511,"code":"no_access","retry":"never","detail":"x"}`, "", 511, ""},
		{"nothing 204", "", "", "", "", 204, "204"},
		{"proxy 407", "", "text/plain", "auth", "", 407, "407"},
		{"cdn 520", "", "text/html", "<html>", "", 520, "a web page"},
		{"404 by a proxy, as problem", "", ProblemType, problem, "", 404, ""},
		{"404 of another service", "other", ProblemType, problem, "", 404, ""},
		{"404 as html with our id", "svc", "text/html", page, "", 404, "titled"},
		{"404 cut off", "svc", ProblemType, problem[:20], "", 404, ""},
		{"500 that says never", "svc", ProblemType, `{"status":500,"code":"internal","retry":"never","detail":"x"}`, "", 500, ""},
		{"200 of another service", "other", "application/json", `{"results":[{"id":"i","status":"rejected"}]}`, "", 200, "another Trestle service"},
		{"200 with too few results", "svc", "application/json", `{"results":[]}`, "", 200, ""},
		{"200 with an unknown verdict", "svc", "application/json", `{"results":[{"id":"i","status":"maybe"}]}`, "", 200, ""},
		{"200 cut off", "svc", "application/json", `{"results":[{"id":"i"`, "", 200, ""},
	}
	for _, x := range corpus {
		t.Run(x.name, func(t *testing.T) {
			c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				if x.service != "" {
					w.Header().Set(HeaderService, x.service)
				}
				w.Header().Set("Content-Type", x.kind)
				if x.where != "" {
					w.Header().Set("Location", x.where)
				}
				w.WriteHeader(x.status)
				fmt.Fprint(w, x.body)
			})
			_, err := c.Commands(t.Context(), Commands{Device: "d", Cmds: []Command{{ID: "i"}}})
			var e *Error
			if !errors.As(err, &e) || e.Final || e.Retry != workroom.RetryLater {
				t.Fatalf("answered %#v", err)
			}
			var r *workroom.Refusal
			if errors.As(err, &r) {
				t.Fatal("taken for a refusal")
			}
			if !strings.Contains(e.Text, x.says) || strings.ContainsRune(e.Text, '\u202e') {
				t.Fatalf("says %q", e.Text)
			}
			for name, ask := range map[string]func() error{
				"heads":  func() error { _, err := c.Heads(t.Context(), "tag"); return err },
				"open":   func() error { _, err := c.Open(t.Context(), Open{Scopes: []workroom.Scope{"r:a"}}); return err },
				"pull":   func() error { _, err := c.Pull(t.Context(), Pull{Scope: "r:a"}); return err },
				"digest": func() error { _, err := c.Digest(t.Context(), DigestIn{Scope: "r:a"}); return err },
				"watch":  func() error { _, err := c.Watch(t.Context(), Watch{Conn: "c"}); return err },
			} {
				var e *Error
				if err := ask(); x.status != 200 && (!errors.As(err, &e) || e.Final || e.Retry != workroom.RetryLater) {
					t.Errorf("%s: answered %#v", name, err)
				} else if err == nil && x.service != "svc" {
					t.Errorf("%s: believed", name)
				}
			}
			if err := c.Events(t.Context(), func(Event) { t.Error("a frame out of nothing") }); err == nil {
				t.Fatal("events without an error")
			}
		})
	}
}

// The service's own word is final only where it says so.
func TestFinal(t *testing.T) {
	for _, x := range []struct {
		code  workroom.Code
		final bool
		retry workroom.Retry
	}{
		{workroom.NoAccess, true, workroom.RetryNever},
		{workroom.BadInput, true, workroom.RetryNever},
		{workroom.SignedOut, false, workroom.RetryAuth},
		{workroom.ClientTooOld, false, workroom.RetryUpgrade},
		{workroom.DeviceCloned, false, workroom.RetryDevice},
		{workroom.Rate, false, workroom.RetryLater},
		{workroom.Busy, false, workroom.RetryLater},
		{workroom.Internal, false, workroom.RetryLater},
	} {
		c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set(HeaderService, "svc")
			Fail(x.code).Write(w)
		})
		_, err := c.Heads(t.Context(), "")
		var e *Error
		if !errors.As(err, &e) || e.Final != x.final || e.Retry != x.retry || e.ErrorCode() != string(x.code) {
			t.Errorf("%s: %#v", x.code, err)
		}
	}
}

func TestBaseAddress(t *testing.T) {
	for base, ok := range map[string]bool{
		"https://work.example.com": true, "http://127.0.0.1:8080": true, "http://localhost:1": true, "http://[::1]:1": true, LocalBase: true,
		"http://work.example.com": false, "http://127.0.0.1.example.com": false, "http://localhost.example.com": false,
		"https://a:b@work.example.com": false, "ftp://x": false, "work.example.com": false, "": false, "http://10.0.0.1": false,
	} {
		if err := CheckBase(base); (err == nil) != ok {
			t.Errorf("%q: %v", base, err)
		}
	}
}

// A redirect is never followed: the token would go with it.
func TestRedirectNotFollowed(t *testing.T) {
	asked := 0
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked++
		w.Header().Set(HeaderService, "svc")
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	})
	if _, err := c.Heads(t.Context(), ""); err == nil || asked != 1 {
		t.Fatalf("asked %d times: %v", asked, err)
	}
}
