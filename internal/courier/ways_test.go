package courier

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"trestle/internal/outbox"
	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

type next = func(*http.Request) (*http.Response, error)

// portals are answers of strangers: hotel and airport pages, proxies, broken servers. None of them is ever the last word about a command.
var portals = map[string]func(*http.Request) *http.Response{
	"200 page": func(*http.Request) *http.Response {
		return reply(200, "text/html", "<!doctype html><title>Welcome to Hotel Wi-Fi</title>")
	},
	"200 json": func(*http.Request) *http.Response { return reply(200, "application/json", `{"results":[]}`) },
	"200 other service": func(*http.Request) *http.Response {
		return reply(200, "application/json", `{"epoch":"x","results":[]}`, wire.HeaderService, "another")
	},
	"302": func(*http.Request) *http.Response {
		return reply(302, "text/html", "", "Location", "http://portal.example.com/login")
	},
	"307": func(*http.Request) *http.Response {
		return reply(307, "text/html", "", "Location", "https://portal.example.com/")
	},
	"401 bad": func(*http.Request) *http.Response { return reply(401, "text/html", "<title>Proxy login</title>") },
	"403":     func(*http.Request) *http.Response { return reply(403, "text/html", "<title>Blocked by policy</title>") },
	"403 problem of a stranger": func(*http.Request) *http.Response {
		return reply(403, wire.ProblemType, `{"status":403,"code":"no_access","retry":"never","detail":"no"}`)
	},
	"404": func(*http.Request) *http.Response { return reply(404, "text/plain", "404 page not found") },
	"407": func(*http.Request) *http.Response { return reply(407, "text/html", "") },
	"451": func(*http.Request) *http.Response { return reply(451, "text/html", "<h1>Unavailable</h1>") },
	"502": func(*http.Request) *http.Response { return reply(502, "text/html", "<h1>Bad gateway</h1>") },
	"511": func(*http.Request) *http.Response {
		return reply(511, "text/html", "<title>Sign in to network</title>")
	},
	"302 to https": func(*http.Request) *http.Response {
		return reply(302, "text/html", "<title>Moved</title>", "Location", "https://login.example.com/?next=%2Fv1%2Fcommands")
	},
	"502 behind our own proxy": func(r *http.Request) *http.Response { // the header passed, the answer is the proxy's
		return reply(502, "text/html", "<h1>Bad gateway</h1>", wire.HeaderService, r.Header.Get(testService))
	},
	"200 page with our id": func(r *http.Request) *http.Response {
		return reply(200, "text/html", "<!doctype html><title>Error</title>", wire.HeaderService, r.Header.Get(testService))
	},
	"200 answers to other commands": func(r *http.Request) *http.Response {
		return reply(200, "application/json", `{"epoch":"x","results":[{"id":"another","status":"rejected","code":"no_access"}]}`, wire.HeaderService, r.Header.Get(testService))
	},
	"200 fewer answers": func(r *http.Request) *http.Response {
		return reply(200, "application/json", `{"epoch":"x","results":[]}`, wire.HeaderService, r.Header.Get(testService))
	},
	"403 problem with our id, cut": func(r *http.Request) *http.Response {
		return reply(403, wire.ProblemType, `{"status":403,"code":"no_access","retry":"nev`, wire.HeaderService, r.Header.Get(testService))
	},
	"403 problem of another status": func(r *http.Request) *http.Response {
		return reply(403, wire.ProblemType, `{"status":404,"code":"no_access","retry":"never","detail":"no"}`, wire.HeaderService, r.Header.Get(testService))
	},
	"413 page": func(*http.Request) *http.Response {
		return reply(413, "text/html", "<h1>Request Entity Too Large</h1>")
	},
	"429 page": func(*http.Request) *http.Response { return reply(429, "text/html", "slow down", "Retry-After", "1") },
	"520":      func(*http.Request) *http.Response { return reply(520, "text/html", "") },
	"cut body": func(*http.Request) *http.Response { return reply(200, "application/json", `{"epoch":"x","resul`) },
}

// testService is a header by which the test tells a stranger the id of the service it stands before.
const testService = "Test-Service"

func TestM22_CaptivePortalIsNeverFinal(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	_, room, _ := a.contract(true)
	a.say(room, "before")
	a.sync()
	a.way.answer(func(r *http.Request, _ next) (*http.Response, error) { return portals["200 page"](r), nil })
	a.c.cutForTest()
	a.say(room, "behind the portal")
	eventually(t, "the portal is noticed", func() bool { return a.c.Status().Phase == Offline })
	for name, p := range portals {
		var met atomic.Bool
		a.way.answer(func(r *http.Request, _ next) (*http.Response, error) {
			if r.URL.Path == wire.OpCommands.Path {
				met.Store(true)
			}
			r = r.Clone(r.Context())
			r.Header.Set(testService, a.signed.Service)
			return p(r), nil
		})
		eventually(t, name+" is met by a command", func() bool { a.c.Kick(); return met.Load() })
		if list, _ := a.rep.NotSent(bg); len(list) != 0 {
			t.Errorf("%s: a stranger's answer was taken for the last word: %+v", name, list)
		}
		st := a.c.Status()
		if st.Phase != Offline || st.Waiting != 1 || st.Text == "" {
			t.Errorf("%s: status %+v", name, st)
		}
	}
	a.way.answer(nil)
	a.sync()
	a.shows(room, "before", "behind the portal")
}

// cutForTest breaks the live channel as a lost network does.
func (c *Courier) cutForTest() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cut != nil {
		c.cut()
	}
}

// A revoked token pauses everything, keeps all, and after signing in again it goes on.
func TestI22_SignedOutPausesAndKeeps(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	_, room, _ := a.contract(true)
	a.sync()
	must(t, a.client().SignOut(bg))
	a.say(room, "kept")
	eventually(t, "paused", func() bool { return a.c.Status().Phase == Paused })
	st := a.c.Status()
	if st.Code != workroom.SignedOut || st.Waiting != 1 || st.Refused != 0 {
		t.Errorf("status %+v", st)
	}
	if err := a.c.Drain(bg); err == nil {
		t.Error("sync says nothing of the missing sign-in")
	}
	a.shows(room, "kept")
	other := a.client()
	other.Service = "another"
	if err := a.c.Resume(bg, other); err == nil {
		t.Error("I22: went on at another service")
	}
	s, err := a.client().SignIn(bg, wire.SignIn{Email: a.signed.Email, Password: password, Device: a.id})
	must(t, err)
	a.signed = *s
	must(t, a.c.Resume(bg, a.client()))
	a.sync()
	a.shows(room, "kept")
	a.checkI3()
}

// Requests that are lost, answers that are lost, requests that arrive twice, streams that break: nothing is lost or doubled, and the order
// stays (I4, I5, I7, I19).
func TestI4I5I7_FaultyNetwork(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	_, room, _ := a.contract(true)
	a.sync()
	b := a.second()
	for i, d := range []*device{a, b} {
		rnd := rand.New(rand.NewSource(int64(7 + i)))
		var fired [4]int
		d.way.answer(func(r *http.Request, do next) (*http.Response, error) {
			d.way.mu.Lock()
			dice := rnd.Intn(10)
			if dice < 4 {
				fired[dice]++
			}
			d.way.mu.Unlock()
			if strings.HasSuffix(r.URL.Path, "/events") {
				if dice < 3 {
					return nil, errors.New("no stream")
				}
				return do(r)
			}
			switch dice {
			case 0:
				return nil, errors.New("request lost")
			case 1:
				if res, err := do(r); err == nil {
					res.Body.Close()
				}
				return nil, errors.New("answer lost")
			case 2:
				body, _ := io.ReadAll(bodyOf(r))
				r.Body = io.NopCloser(bytes.NewReader(body))
				if res, err := do(r); err == nil {
					io.Copy(io.Discard, res.Body)
					res.Body.Close()
				}
				r = r.Clone(r.Context())
				r.Body = io.NopCloser(bytes.NewReader(body))
				return do(r)
			case 3:
				res, err := do(r)
				if err == nil && res.ContentLength > 4 {
					res.Body = struct {
						io.Reader
						io.Closer
					}{io.LimitReader(res.Body, res.ContentLength/2), res.Body}
				}
				return res, err
			}
			return do(r)
		})
		t.Cleanup(func() { t.Logf("device %d: requests lost, answers lost, doubled, cut: %v", i, fired) })
	}
	const n = 40
	for i := range n {
		a.say(room, fmt.Sprintf("a%02d", i))
		b.rep.Enqueue(bg, workroom.SendMessage{Room: room, Text: fmt.Sprintf("b%02d", i)}, replica.EnqueueOpts{})
	}
	a.sync()
	b.sync()
	a.way.answer(nil)
	b.way.answer(nil)
	a.sync()
	b.sync()
	checkOnceInOrder(t, a.texts(room), "a", n)
	checkOnceInOrder(t, a.texts(room), "b", n)
	b.shows(room, a.texts(room)...)
	a.checkI3()
	b.checkI3()
}

func bodyOf(r *http.Request) io.Reader {
	if r.Body == nil {
		return strings.NewReader("")
	}
	return r.Body
}

// checkOnceInOrder is I4, I5 and I7 for the texts of one device: all of 0 to n-1, each once, rising.
func checkOnceInOrder(t *testing.T, texts []string, prefix string, n int) {
	t.Helper()
	var got []string
	for _, s := range texts {
		if strings.HasPrefix(s, prefix) {
			got = append(got, s)
		}
	}
	if len(got) != n {
		t.Errorf("%d messages of %s, want %d", len(got), prefix, n)
		return
	}
	for i, s := range got {
		if want := fmt.Sprintf("%s%02d", prefix, i); s != want {
			t.Errorf("place %d holds %s, want %s", i, s, want)
			return
		}
	}
}

// Two devices of one account see each other's work, markers and settings.
func TestM22_TwoDevices(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	_, room, _ := a.contract(true)
	a.sync()
	b := a.second()
	b.sync()
	a.do(workroom.SetPref{Room: room, Who: a.signed.Account, Favourite: new(true)}, replica.EnqueueOpts{})
	b.say(room, "from b")
	eventually(t, "b's message at a", func() bool { return len(a.texts(room)) == 1 })
	eventually(t, "a's favourite at b", func() bool {
		r, k, _ := b.rep.Thing(bg, workroom.Ref{Scope: workroom.AccountScope(a.signed.Account), Kind: workroom.KindPref, ID: string(room)})
		return k == workroom.Held && r.Thing.(*workroom.Pref).Favourite
	})
	a.sync()
	b.sync()
	a.checkI3()
	b.checkI3()
}

// A refusal of the service holds the lane with its text kept; a refused setting steps aside.
func TestD06_RefusedByTheService(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	// A room this device does not hold: its copy cannot tell, so only the service can refuse.
	a.do(workroom.SendMessage{Room: workroom.RoomID(newID()), Text: "to nobody"}, replica.EnqueueOpts{})
	a.sync()
	list, err := a.rep.NotSent(bg)
	must(t, err)
	if len(list) != 1 || list[0].Code != workroom.NoAccess || list[0].Command.(workroom.SendMessage).Text != "to nobody" || list[0].State != outbox.Refused {
		t.Errorf("Not sent: %+v", list)
	}
	must(t, a.rep.Discard(bg, list[0].ID))
	a.sync()
}

// Diary weeks are opened when their mark shows in the contract, and followed from then on.
func TestT22_DiaryWeeksFollow(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	k, _, _ := a.contract(true)
	a.sync()
	b := a.second()
	b.sync()
	now := time.Now().Unix()
	week := workroom.WeekOf(unix(now)).String()
	report := func(id string, rev, end int64) {
		a.do(workroom.ReportSlice{Week: week, Slice: workroom.Slice{ID: id, Rev: rev, Freelancer: a.signed.Account, Contract: k, Device: a.id, Boot: "b",
			Start: now, End: end, Memo: "work", Kind: workroom.Tracked}}, replica.EnqueueOpts{})
	}
	end := func() int64 {
		r, known, _ := b.rep.Thing(bg, workroom.Ref{Scope: workroom.DiaryScope(k, week), Kind: workroom.KindSlice, ID: "s1"})
		if known != workroom.Held {
			return 0
		}
		return r.Thing.(*workroom.Slice).End
	}
	report("s1", 1, now+60)
	eventually(t, "the slice on the other device", func() bool { return end() == now+60 })
	report("s1", 2, now+120)
	eventually(t, "the grown slice on the other device", func() bool { return end() == now+120 })
	a.sync()
	b.sync()
	a.checkI3()
	b.checkI3()
}
