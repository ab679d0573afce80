//go:build unix

package app

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"trestle/internal/workroom"
)

// TestT12_KilledWhileTracking: the program that keeps the time is killed; the next start ends the time at the last heartbeat, says so, does
// not go on by itself, and the service has that time.
func TestT12_KilledWhileTracking(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	p := realProgram(t)
	p.must(secretOfTests+"\n", "sign-up", "--service", h.url, "--name", "Esme", "--email", "esme@x.example", "--password-stdin")
	p.must("", "contract", "create", "--title", "Otter Trails", "--rate", "10", "--shots", "none", "--self")
	p.must("", "track", "start", "--contract", "Otter Trails", "--memo", "Until the lights go out")
	dirs, err := FindDirs(p.data)
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "a heartbeat is on the disk", func() bool {
		o := recordedIn(t, dirs)
		return o != nil && o.Slice.End > o.Slice.Start
	})
	var v TrackerView
	if err := json.Unmarshal([]byte(p.must("", "--json", "track", "status")), &v); err != nil || v.State != "tracking" {
		t.Fatalf("%+v %v", v, err)
	}
	p.killHolder()
	killed := time.Now().Unix()
	left := recordedIn(t, dirs) // nobody writes it any more
	if left == nil {
		t.Fatal("nothing is left of it")
	}
	if loss := killed - left.Slice.End; loss > mostLost {
		t.Errorf("%d s are lost", loss)
	}
	c := openDesk(t, dirs)
	eventually(t, "the start says what happened", func() bool { return status(t, c).Note != "" })
	now := status(t, c)
	if now.State != "stopped" || !now.Offer || !strings.Contains(now.Note, "ended unexpectedly") ||
		!strings.Contains(now.Note, time.Unix(left.Slice.End, 0).Format("15:04")) {
		t.Errorf("%s, offer %v, %q", now.State, now.Offer, now.Note)
	}
	id := c.session.books(time.Now())[0].id
	arrived(t, c)
	there := cells(t, h.witness("Esme"), string(id))
	if got, want := secondsOf(there), left.Slice.End-left.Slice.Start; got != want {
		t.Errorf("the service has %d s, the last heartbeat %d", got, want)
	}
	if left := recordedIn(t, dirs); left != nil {
		t.Errorf("the open slice is still there: %+v", left)
	}
}

// mostLost is how many seconds a kill may cost: a heartbeat, and a second of each end that is not whole.
const mostLost = 15 + 2

// killed is one life of the program that tracks: what its verbs confirmed before it was killed.
type killed struct {
	from, to int64 // of the time that a verb confirmed: tracked from the answer to start until the kill, or until the answer to stop
	at       int64 // of the kill
	stopped  bool
}

// TestT12_KillLoop kills the real program at random moments again and again: while it tracks, while it changes what it tracks, while it
// stops, with the service there and away. Each life costs at most a heartbeat; what a confirmed stop ended is there to the second; nothing
// is counted twice or after the kill; and in the end the service has the same, every slice closed. TRESTLE_KILLS says how many lives each of
// eight programs has; without it this long proof does not run.
func TestT12_KillLoop(t *testing.T) {
	lives, err := strconv.Atoi(os.Getenv("TRESTLE_KILLS"))
	if err != nil || lives < 1 {
		t.Skip("a long proof; TRESTLE_KILLS=10 runs it for some four minutes")
	}
	h := openHouse(t)
	var running sync.WaitGroup
	for n := range 8 {
		name := fmt.Sprintf("Esme%d", n)
		p := realProgram(t)
		p.must(secretOfTests+"\n", "sign-up", "--service", h.url, "--name", name, "--email", strings.ToLower(name)+"@x.example", "--password-stdin")
		for _, title := range []string{"Otter Trails", "Glass Boats"} {
			p.must("", "contract", "create", "--title", title, "--rate", "10", "--shots", "none", "--self")
		}
		p.must("", "sync")
		running.Go(func() { killLives(t, h, p, name, lives) })
	}
	running.Wait()
}

func killLives(t *testing.T, h *house, p *program, name string, lives int) {
	var told []killed
	for life := range lives {
		if _, said, err := p.run("", "track", "start", "--contract", "Otter Trails", "--memo", fmt.Sprintf("Life %d", life)); err != nil {
			t.Errorf("start: %v %s", err, said)
			return
		}
		one := killed{from: time.Now().Unix() + 1}
		verbs := make(chan killed, 1)
		ctx, cancel := context.WithCancel(context.Background())
		if life%2 == 1 { // verbs at random moments, one of them perhaps just as it is killed
			go func() {
				out := killed{}
				for i := 0; ctx.Err() == nil; i++ {
					time.Sleep(time.Duration(rand.IntN(4000)) * time.Millisecond)
					if ctx.Err() != nil {
						break
					}
					verb := []string{"switch", "--contract", []string{"Glass Boats", "Otter Trails"}[i%2], "--memo", fmt.Sprintf("Life %d.%d", life, i)}
					if rand.IntN(6) == 0 {
						verb = []string{"stop"}
					}
					before := time.Now().Unix()
					if _, _, err := p.run("", append([]string{"track"}, verb...)...); err == nil && verb[0] == "stop" && ctx.Err() == nil {
						out = killed{to: before, stopped: true}
						break
					}
				}
				verbs <- out
			}()
		} else {
			verbs <- killed{}
		}
		time.Sleep(time.Duration(rand.IntN(22_000)) * time.Millisecond)
		cancel()
		p.killHolder()
		one.at = time.Now().Unix()
		one.to = one.at
		if out := <-verbs; out.stopped {
			one.to, one.stopped = out.to, true
		}
		p.killHolder() // a verb may have begun another just then
		told = append(told, one)
	}
	p.must("", "sync", "--timeout", "60s")
	w := h.witness(name)
	rows, err := w.session.replica.Everywhere(context.Background(), "d:", workroom.KindSlice)
	if err != nil {
		t.Error(err)
		return
	}
	var list []*workroom.Slice
	for _, r := range rows {
		if s, ok := r.Thing.(*workroom.Slice); ok {
			list = append(list, s)
			if s.Close == "" {
				t.Errorf("%s: a slice of %d s was never closed", name, s.Seconds())
			}
		}
	}
	slices.SortFunc(list, func(a, b *workroom.Slice) int { return int(a.Start - b.Start) })
	worst, lost := int64(0), int64(0)
	for i, s := range list {
		if i > 0 && s.Start < list[i-1].End {
			t.Errorf("%s: %d s are there twice", name, list[i-1].End-s.Start)
		}
	}
	for _, k := range told {
		there := int64(0)
		for _, s := range list {
			there += max(0, min(s.End, k.to)-max(s.Start, k.from))
			if s.Start >= k.from-2 && s.Start < k.at && s.End > k.at+1 {
				t.Errorf("%s: time goes on for %d s after the kill", name, s.End-k.at)
			}
		}
		gone := max(k.to-k.from, 0) - there
		most := int64(mostLost)
		if k.stopped {
			most = 1
		}
		if gone > most {
			t.Errorf("%s: a life of %d s (stopped: %v) left %d s", name, k.to-k.from, k.stopped, there)
		}
		worst, lost = max(worst, gone), lost+gone
	}
	t.Logf("T6: %s: %d kills, %d slices, at most %d s and %.1f s on average lost", name, len(told), len(list), worst, float64(lost)/float64(len(told)))
}
