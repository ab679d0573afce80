package app

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"trestle/internal/replica"
	"trestle/internal/service"
	"trestle/internal/tracker"
	"trestle/internal/workroom"
)

// house is a real service on an address of this computer, which can go and come back, for desks with data folders of their own.
type house struct {
	t    *testing.T
	dir  string
	url  string
	stop func()
	now  func() time.Time // the service's clock; nil for the computer's
	// oldest is the oldest version the service takes anything from, "" for its own choice.
	oldest string
}

func openHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, dir: t.TempDir(), stop: func() {}}
	h.start("127.0.0.1:0")
	t.Cleanup(func() { h.stop() })
	return h
}

// recorded is how often the service accepted a command of an account.
func (h *house) recorded(account string, op workroom.Op) (n int) {
	h.t.Helper()
	db, err := sql.Open("sqlite3", filepath.Join(h.dir, "service.db"))
	if err != nil {
		h.t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow(`SELECT count(*) FROM command WHERE account=? AND op=? AND status='ok'`, account, string(op)).Scan(&n); err != nil {
		h.t.Fatal(err)
	}
	return n
}

func (h *house) start(listen string) {
	h.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	up, down := make(chan string, 1), make(chan error, 1)
	go func() {
		down <- service.Serve(ctx, service.ServeConfig{
			Config: service.Config{Data: h.dir, Name: "House", Version: Version, OpenJoin: true, Now: h.now, MinClient: h.oldest}, Listen: listen,
		}, func(url string) { up <- url })
	}()
	select {
	case h.url = <-up:
	case err := <-down:
		h.t.Fatal(err)
	}
	h.stop = func() {
		h.stop = func() {}
		cancel()
		<-down
	}
}

// again brings a service back that was stopped, at its address. Whoever asks there meanwhile may get its port for a moment, as the one it asks
// from.
func (h *house) again() {
	h.t.Helper()
	at := strings.TrimPrefix(h.url, "http://")
	eventually(h.t, "its address is free", func() bool {
		l, err := net.Listen("tcp", at)
		if err == nil {
			_ = l.Close()
		}
		return err == nil
	})
	h.start(at)
}

const secretOfTests = "correct horse battery"

// desk opens a desktop of a new account.
func (h *house) desk(name string) *Core {
	h.t.Helper()
	c := openDesk(h.t, testDirs(h.t))
	_, err := (&Start{c}).SignUp(SignUpIn{Address: h.url, Name: name, Email: strings.ToLower(name) + "@x.example", Password: secretOfTests})
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

// deskInRoom opens a desktop without a display whose person has a contract for themselves, and answers that contract's room.
func deskInRoom(t *testing.T) (h *house, c *Core, room string) {
	t.Helper()
	h = openHouse(t)
	c = h.desk("Esme")
	own(t, c, "none")
	arrived(t, c)
	l, err := (&Rooms{c}).List()
	if err != nil {
		t.Fatal(err)
	}
	return h, c, l.Rooms[0].ID
}

// witness signs in to an account on a data folder of its own, so that it sees what the service has and nothing else.
func (h *house) witness(name string) *Core {
	h.t.Helper()
	c, err := OpenCore(CoreOptions{Dirs: testDirs(h.t), Face: "cli"})
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(c.Close)
	if _, err := (&Start{c}).SignIn(SignInIn{Address: h.url, Email: strings.ToLower(name) + "@x.example", Password: secretOfTests}); err != nil {
		h.t.Fatal(err)
	}
	arrived(h.t, c)
	return c
}

func openDesk(t *testing.T, dirs Dirs) *Core {
	t.Helper()
	c, err := OpenCore(CoreOptions{Dirs: dirs, Face: "desktop", Watch: Pace{Quiet: 50 * time.Millisecond, Rescan: time.Second}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// deskOnBus opens another device of somebody, on a session bus; with "" on none.
func (h *house) deskOnBus(c *Core, address string) *Core {
	h.t.Helper()
	second, err := OpenCore(CoreOptions{Dirs: testDirs(h.t), Face: "desktop", Bus: address})
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(second.Close)
	if _, err := (&Start{second}).SignIn(SignInIn{Address: h.url, Email: c.state.get().Email, Password: secretOfTests}); err != nil {
		h.t.Fatal(err)
	}
	arrived(h.t, second)
	return second
}

// newest is the number of a room's newest message.
func newest(t *testing.T, c *Core, room string) int64 {
	t.Helper()
	w, err := (&Rooms{c}).Newest(RoomIn{room})
	if err != nil || len(w.Messages) == 0 {
		t.Fatal(err, w)
	}
	return w.Messages[len(w.Messages)-1].Num
}

// firstActivity is the first activity of a contract.
func firstActivity(t *testing.T, c *Core, contract string) string {
	t.Helper()
	v, err := (&Contracts{c}).Get(IDIn{ID: contract})
	if err != nil || len(v.Activities) == 0 {
		t.Fatal(err, v)
	}
	return v.Activities[0].ID
}

// own makes a contract for oneself.
func own(t *testing.T, c *Core, shots string) string {
	t.Helper()
	out, err := (&Contracts{c}).Create(NewContractIn{ID: newID(), Title: "Otter Trails", Self: true,
		Terms:      TermsView{Rate: 5200, Currency: "EUR", Shots: shots, IdleMinutes: 10},
		Activities: []ActivityIn{{Code: "Map", About: "Markers"}, {Code: "Review"}}})
	if err != nil {
		t.Fatal(err)
	}
	return out.Contract.ID
}

// eventually polls for something to come true.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); !ok(); time.Sleep(30 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
	}
}

// arrived waits until nothing waits to be sent or fetched.
func arrived(t *testing.T, c *Core) {
	t.Helper()
	if _, err := (&Shell{c}).SyncNow(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "everything is sent and fetched", func() bool {
		s, err := (&Shell{c}).Status()
		return err == nil && s.Settled && s.Waiting == 0
	})
}

func started(t *testing.T, c *Core, contract, activity, memo string) TrackerView {
	t.Helper()
	v, err := (&Tracker{c}).Start(TrackIn{Contract: contract, Activity: activity, Memo: memo})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func status(t *testing.T, c *Core) TrackerView {
	t.Helper()
	v, err := (&Tracker{c}).State(TrackerIn{})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// tracked waits until some whole seconds were tracked: an empty slice is dropped.
func tracked(t *testing.T, c *Core, seconds int64) {
	t.Helper()
	eventually(t, "time runs", func() bool { return status(t, c).Seconds >= seconds })
}

// cells are the segments of today and yesterday with time in them, so that a test may run over midnight.
func cells(t *testing.T, c *Core, contract string) (list []CellView) {
	t.Helper()
	for _, back := range []time.Duration{24 * time.Hour, 0} {
		day := time.Now().UTC().Add(-back).Format(time.DateOnly)
		v, err := (&Diary{c}).Day(DayIn{Contract: contract, Day: day, Zone: "UTC"})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range v.Hours {
			for _, cell := range h.Cells {
				if cell.Seconds > 0 {
					list = append(list, cell)
				}
			}
		}
	}
	return list
}

func secondsOf(list []CellView) (sum int64) {
	for _, c := range list {
		sum += c.Seconds
	}
	return sum
}

func TestT01_StartAndStopReachTheService(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	c := h.desk("Esme")
	id := own(t, c, "none")
	v, err := (&Tracker{c}).State(TrackerIn{id})
	if err != nil || v.State != "stopped" || len(v.Codes) != 2 {
		t.Fatalf("before: %+v %v", v, err)
	}
	if _, err := (&Tracker{c}).Start(TrackIn{Contract: id, Memo: "  "}); err == nil || !strings.Contains(AsFailure(err).Message, "memo") {
		t.Errorf("an empty memo: %v", err)
	}
	started(t, c, id, v.Codes[0].ID, "Draw the otters")
	tracked(t, c, 1)
	started(t, c, id, v.Codes[1].ID, "Look at them") // a switch: the one ends where the other begins
	tracked(t, c, 1)
	if v, err = (&Tracker{c}).Stop(); err != nil || v.State != "stopped" {
		t.Fatalf("after: %+v %v", v, err)
	}
	mine := cells(t, c, id)
	arrived(t, c)
	there := cells(t, h.witness("Esme"), id)
	if secondsOf(mine) < 2 || secondsOf(mine) != secondsOf(there) {
		t.Errorf("%d s here, %d s at the service", secondsOf(mine), secondsOf(there))
	}
	memos := map[string]bool{}
	for _, x := range there {
		memos[x.Memo] = true
	}
	if !memos["Draw the otters"] && !memos["Look at them"] {
		t.Errorf("the memos at the service: %v", memos)
	}
}

// TestT06_NoDisplayCountsNothing: what cannot be counted is unknown, not zero, and says why.
func TestT06_NoDisplayCountsNothing(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	c := h.desk("Esme")
	id := own(t, c, "none")
	started(t, c, id, "", "Draw the otters")
	tracked(t, c, 1)
	v := status(t, c)
	if v.Counted || !strings.Contains(v.CountWhy, "no display") {
		t.Errorf("counted %v, because %q", v.Counted, v.CountWhy)
	}
	for _, m := range v.Cell.Minutes {
		if m.Keys != -1 || m.Clicks != -1 || m.Scrolls != -1 {
			t.Errorf("a minute says %+v", m)
		}
	}
}

// TestT21_ServiceDownWhileTracking: time goes on without the service, is shown, and arrives when it is back.
func TestT21_ServiceDownWhileTracking(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	c := h.desk("Esme")
	id := own(t, c, "none")
	arrived(t, c)
	h.stop()
	started(t, c, id, "", "On the train")
	tracked(t, c, 2)
	if _, err := (&Tracker{c}).Stop(); err != nil {
		t.Fatal(err)
	}
	mine := cells(t, c, id)
	if secondsOf(mine) < 2 {
		t.Fatalf("%d s are shown while the service is away", secondsOf(mine))
	}
	if s, _ := (&Shell{c}).Status(); s.Waiting == 0 {
		t.Error("nothing waits, though the service is away")
	}
	h.again()
	arrived(t, c)
	there := cells(t, h.witness("Esme"), id)
	if secondsOf(there) != secondsOf(mine) || there[0].Memo != "On the train" {
		t.Errorf("%d s here, at the service %+v", secondsOf(mine), there)
	}
	if s, _ := (&Shell{c}).Status(); s.NotSent != 0 {
		t.Errorf("%d were not sent", s.NotSent)
	}
}

// TestT12_QuitEndsTracking: no time runs while the program does not, and nothing starts it again.
func TestT12_QuitEndsTracking(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	c := h.desk("Esme")
	id := own(t, c, "none")
	started(t, c, id, "", "Until I go")
	tracked(t, c, 2)
	dirs := c.dirs
	c.Close()
	if left := recordedIn(t, dirs); left != nil {
		t.Errorf("the open slice is still there: %+v", left)
	}
	c = openDesk(t, dirs)
	mine := secondsOf(cells(t, c, id))
	if v := status(t, c); v.State != "stopped" || v.Note != "" {
		t.Errorf("after the start: %s, %q", v.State, v.Note)
	}
	arrived(t, c)
	if there := secondsOf(cells(t, h.witness("Esme"), id)); mine < 2 || there != mine {
		t.Errorf("%d s here, %d s at the service", mine, there)
	}
}

// recordedIn reads, from beside the program that has the folder, what it records at this moment; nil for nothing.
func recordedIn(t testing.TB, dirs Dirs) *replica.Tracked {
	t.Helper()
	list, _ := filepath.Glob(filepath.Join(dirs.Data, "accounts", "*", "replica.db"))
	if len(list) != 1 {
		return nil
	}
	db, err := sql.Open("sqlite3", "file:"+list[0]+"?_busy_timeout=5000")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var body []byte
	switch err := db.QueryRow("SELECT v FROM meta WHERE k='tracked'").Scan(&body); {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		t.Fatal(err)
	}
	var x replica.Tracked
	if err := json.Unmarshal(body, &x); err != nil {
		t.Fatal(err)
	}
	return &x
}

// TestT12_HeartbeatIsOnTheDisk: while time runs, the store has it up to the last quarter of a minute.
func TestT12_HeartbeatIsOnTheDisk(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	c := h.desk("Esme")
	id := own(t, c, "none")
	started(t, c, id, "", "Draw the otters")
	var o *replica.Tracked
	eventually(t, "a heartbeat", func() bool {
		o = recordedIn(t, c.dirs)
		return o != nil && o.Slice.End > o.Slice.Start
	})
	if o.Slice.End%15 != 0 || o.Slice.Memo != "Draw the otters" || o.Slice.Close != "" {
		t.Errorf("the store has %+v", o.Slice)
	}
}

// TestT12_FileOfAnEarlierProgram: what a program before this one left in its file is ended where its last heartbeat was, once; a file that
// cannot be read is set aside and keeps nobody from working.
func TestT12_FileOfAnEarlierProgram(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	c := h.desk("Esme")
	id := own(t, c, "none")
	dirs, folder, me := c.dirs, c.session.dir, c.session.me()
	arrived(t, c)
	c.Close()
	file := filepath.Join(folder, "open-slice.json")
	end := time.Now().Truncate(15 * time.Second).Unix()
	left := replica.Tracked{Slice: workroom.Slice{ID: newID(), Freelancer: me, Contract: workroom.ContractID(id), Device: "dev", Boot: "boot", Seq: 1,
		Start: end - 30, End: end, Memo: "Before", Kind: workroom.Tracked}}
	body, err := json.Marshal(map[string]any{"slice": left.Slice, "inputs": nil, "boot": "boot"})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, body, 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		c = openDesk(t, dirs)
		eventually(t, "the start says what happened", func() bool { return strings.Contains(status(t, c).Note, "ended unexpectedly") })
		if got := secondsOf(cells(t, c, id)); got != 30 {
			t.Errorf("%d s of it are there", got)
		}
		if _, err := os.Stat(file); !os.IsNotExist(err) {
			t.Errorf("its file is still there: %v", err)
		}
		c.Close()
	}
	if err := os.WriteFile(file, []byte(`{"slice":`), 0o600); err != nil {
		t.Fatal(err)
	}
	c = openDesk(t, dirs)
	started(t, c, id, "", "All the same")
	if _, err := os.Stat(file + ".damaged"); err != nil {
		t.Error(err)
	}
}

// TestT10_QuestionIsAnswered: the answer to the time away reaches the machine and takes the question off the panel.
func TestT10_QuestionIsAnswered(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	c := h.desk("Esme")
	id := own(t, c, "none")
	for _, what := range []string{"discard", "continue", "keep"} {
		started(t, c, id, "", "Read "+what)
		tracked(t, c, 1)
		k := c.session.track
		if err := k.do(context.Background(), func() { _ = k.step(tracker.Sleeping{}) }); err != nil {
			t.Fatal(err)
		}
		if v := status(t, c); v.State == "tracking" {
			t.Errorf("%s: it tracks while the computer sleeps", what)
		}
		if err := k.do(context.Background(), func() { _ = k.step(tracker.Woke{}) }); err != nil {
			t.Fatal(err)
		}
		if _, err := (&Tracker{c}).Answer(AwayIn{What: what}); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if v := status(t, c); v.Away != nil {
			t.Errorf("%s: still asked: %+v", what, v.Away)
		}
		if _, err := (&Tracker{c}).Stop(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := (&Tracker{c}).Answer(AwayIn{What: "perhaps"}); err == nil && status(t, c).Away != nil {
		t.Error("an unknown answer was taken")
	}
}

// textsOf are all messages of a room, oldest first.
func textsOf(t *testing.T, c *Core, name string) []string {
	t.Helper()
	d := desk{context.Background(), here{c.Calls}}
	r, err := room(d, name)
	if err != nil {
		t.Fatal(err)
	}
	w, err := (&Rooms{c}).Newest(RoomIn{r.ID})
	if err != nil {
		t.Fatal(err)
	}
	list := w.Messages
	for w.More {
		if w, err = (&Rooms{c}).Older(OlderIn{Room: r.ID, Before: list[0].ID}); err != nil {
			t.Fatal(err)
		}
		if len(w.Messages) == 0 { // the service is being asked for them
			if !w.Loading {
				break
			}
			time.Sleep(20 * time.Millisecond)
		}
		list = append(append([]MessageRow{}, w.Messages...), list...)
	}
	texts := make([]string, len(list))
	for i, m := range list {
		texts[i] = m.Text
	}
	return texts
}

// meet lets two people know each other by a contract.
func meet(t *testing.T, client, freelancer *Core, title string) {
	t.Helper()
	made, err := (&Contracts{client}).Create(NewContractIn{ID: newID(), Title: title,
		Terms: TermsView{Rate: 5200, Currency: "EUR", Shots: "none", IdleMinutes: 10}, Activities: []ActivityIn{}})
	if err != nil {
		t.Fatal(err)
	}
	arrived(t, client)
	offer, err := (&Contracts{freelancer}).Look(InviteIn{Link: made.Link})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (&Contracts{freelancer}).Accept(InviteIn{Link: made.Link, Rev: offer.Rev}); err != nil {
		t.Fatal(err)
	}
	arrived(t, freelancer)
	arrived(t, client)
}
