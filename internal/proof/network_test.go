package proof

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"trestle/internal/replica"
	"trestle/internal/service"
	"trestle/internal/workroom"
)

// page is a stranger's whole answer.
func page(status int, head, body string) string {
	return fmt.Sprintf("HTTP/1.1 %d %s\r\n%sContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n%s",
		status, http.StatusText(status), head, len(body), body)
}

const portal = `<!DOCTYPE html><html><head><title>Welcome to Hotel Otter</title></head><body><form>Room number</form></body></html>`

// ways are the faults of T8. moves says that work is done while the fault lasts, only slower; few that the small share leaves it to a
// larger one, because it takes long or is like its neighbour.
var ways = []struct {
	name  string
	fault Fault
	moves bool
	few   bool
}{
	{name: "latency 300±200 ms", fault: Fault{Delay: 300 * time.Millisecond, Spread: 200 * time.Millisecond}, moves: true},
	{name: "1 KB/s", fault: Fault{Rate: 1 << 10}, few: true},
	{name: "slices of 3 bytes", fault: Fault{Slice: 3}, moves: true},
	{name: "reset mid-frame", fault: Fault{ResetAfter: 900}},
	{name: "refused", fault: Fault{Refuse: true}, few: true},
	{name: "blackhole", fault: Fault{Hole: true}},
	{name: "half-open", fault: Fault{HalfOpen: true}, few: true},
	{name: "portal 200", fault: Fault{Answer: page(200, "", portal)}},
	{name: "portal 302", fault: Fault{Answer: page(302, "Location: https://login.hotel.example/\r\n", portal)}},
	{name: "portal 403", fault: Fault{Answer: page(403, "", portal)}, few: true},
	{name: "portal 511", fault: Fault{Answer: page(511, "", portal)}, few: true},
	{name: "proxy 407", fault: Fault{Answer: page(407, "Proxy-Authenticate: Basic realm=\"otter\"\r\n", "<html><title>Proxy</title></html>")}, few: true},
	{name: "proxy 502", fault: Fault{Answer: page(502, "", "<html><title>502 Bad Gateway</title></html>")}},
	{name: "proxy 520", fault: Fault{Answer: page(520, "", "<html><title>520: Web server is returning an unknown error</title></html>")}, few: true},
	{name: "proxy 401", fault: Fault{Answer: page(401, "WWW-Authenticate: Basic\r\n", "<html><title>Who are you</title></html>")}},
	{name: "a liar's final 404", fault: Fault{Answer: strings.Replace(page(404, "", `{"status":404,"code":"gone","retry":"never","detail":"It is gone."}`),
		"text/html; charset=utf-8", "application/problem+json", 1)}},
}

// TestT8_Network breaks the way of one desk in every manner while it and another device of the account write. Nothing is refused by a
// stranger's word; afterwards both are in step, with everything that was confirmed there once and in order (L1, L2, I3-I7).
func TestT8_Network(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var lines []string
	t.Run("ways", func(t *testing.T) {
		for _, w := range ways {
			if w.few && Size(0, 1, 1, 1) == 0 {
				continue
			}
			t.Run(w.name, func(t *testing.T) {
				t.Parallel()
				line := network(t, w.fault, w.moves)
				mu.Lock()
				defer mu.Unlock()
				lines = append(lines, fmt.Sprintf("%-20s %s", w.name, line))
			})
		}
	})
	for _, l := range lines {
		Report(t, "T8", "%s", l)
	}
}

func network(t *testing.T, fault Fault, moves bool) string {
	h := openHouse(t, service.Config{})
	direct := "http://" + h.addr
	p, err := NewProxy(h.addr)
	must(t, err)
	t.Cleanup(p.Close)
	a := signUp(t, direct, "Anna")
	a.base = p.URL()
	a.start()
	_, room := a.contract()
	a.sync()
	b := a.second(direct).start()
	b.sync()

	n := Size(8, 20, 40, 200)
	rounds := Size(1, 2, 3, 20)
	mine, theirs := []string{}, []string{}
	var repair time.Duration
	for round := range rounds {
		p.Set(fault)
		for i := range n {
			m, o := fmt.Sprintf("a-%03d-%03d", round, i), fmt.Sprintf("b-%03d-%03d", round, i)
			a.say(room, m)
			b.say(room, o)
			mine, theirs = append(mine, m), append(theirs, o)
			time.Sleep(time.Duration(Size(50, 60, 60, 60)) * time.Millisecond)
		}
		if moves { // slow is not broken: it comes through while the fault lasts
			eventually(t, "its own messages arrive under the fault", func() bool { return a.waits() == 0 })
		}
		a.checkNotSent()
		p.Set(Fault{})
		healed := time.Now()
		eventually(t, "L1 L2: both show everything", func() bool {
			return a.waits() == 0 && len(b.texts(room)) == len(mine)+len(theirs) && len(a.texts(room)) == len(mine)+len(theirs)
		})
		repair = max(repair, time.Since(healed))
	}
	a.sync()
	b.sync()
	a.checkNotSent()
	all := append(mine, theirs...)
	checkRoom(t, a.texts(room), all)
	checkRoom(t, b.texts(room), all)
	compared := a.checkI3(direct) + b.checkI3(direct)
	a.stop()
	b.stop()
	h.stop()
	acked := checkI6(t, a.copy(), h.data+"/service.db", a.signed.Account)
	checkFile(t, a.copy())
	checkFile(t, h.data+"/service.db")
	opened, resets, answered := p.Counts()
	if !moves && fault.Answer == "" && !fault.Hole && fault.Rate == 0 && resets == 0 && !fault.HalfOpen {
		t.Error("the fault never fired")
	}
	if fault.Answer != "" && answered == 0 {
		t.Error("the stranger was never asked")
	}
	return fmt.Sprintf("%d rounds, %d messages, %d acked by the desk, %d things compared, %d connections, %d reset, %d answered by a stranger, in step again after %v, 0 lost, 0 double, 0 refused",
		rounds, len(all), acked, compared, opened, resets, answered, repair.Round(time.Millisecond))
}

// TestT8_Clocks lets the clock of one side stand a day off and jump to and fro while a desk works: no order and no cursor comes from a clock,
// and nothing waits for a day.
func TestT8_Clocks(t *testing.T) {
	t.Parallel()
	for _, side := range []string{"service", "desk"} {
		for _, off := range []time.Duration{24 * time.Hour, -24 * time.Hour} {
			t.Run(side+" "+off.String(), func(t *testing.T) {
				t.Parallel()
				var skew atomic.Int64
				skew.Store(int64(off))
				now := func() time.Time { return time.Now().Add(time.Duration(skew.Load())) }
				var cfg service.Config
				if side == "service" {
					cfg.Now = now
				}
				h := openHouse(t, cfg)
				direct := "http://" + h.addr
				a := signUp(t, direct, "Anna")
				if side == "desk" {
					a.now = now
				}
				a.start()
				_, room := a.contract()
				a.sync()
				b := a.second(direct).start()
				var all []string
				for i := range Size(12, 40, 60, 400) {
					if i%5 == 4 { // the clock jumps while commands are under way
						skew.Store(int64(time.Duration(i%3-1) * 24 * time.Hour))
					}
					text := fmt.Sprintf("a-%03d", i)
					a.say(room, text)
					all = append(all, text)
					if _, err := a.rep.Enqueue(bg, workroom.SetPref{Who: a.signed.Account, Room: room, Favourite: new(i%2 == 0)}, replica.EnqueueOpts{}); err != nil {
						t.Fatal(err)
					}
					if _, err := a.rep.Enqueue(bg, workroom.SetMarker{Who: a.signed.Account, Room: room, N: int64(i)}, replica.EnqueueOpts{}); err != nil {
						t.Fatal(err) // it rests for a moment by the desk's clock before it goes
					}
				}
				a.sync()
				b.sync()
				b.older(room)
				a.checkNotSent()
				checkRoom(t, a.texts(room), all)
				checkRoom(t, b.texts(room), all)
				Report(t, "T8", "%s's clock %v off and jumping: %d messages, %d things compared", side, off, len(all), a.checkI3(direct)+b.checkI3(direct))
			})
		}
	}
}

// waits is how many commands are on their way.
func (d *desk) waits() int {
	d.t.Helper()
	waiting, _, err := d.rep.Count(bg)
	must(d.t, err)
	return waiting
}
