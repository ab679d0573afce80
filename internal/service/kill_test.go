package service

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// serveChild is a real service in a process of its own, to be killed.
func serveChild() int {
	cfg := ServeConfig{Config: Config{Data: os.Getenv("TRESTLE_TEST_SERVE"), DB: os.Getenv("TRESTLE_TEST_SERVE_DB"), OpenJoin: true, Limits: Limits{Commands: -1, SignUps: -1, Burst: 1 << 20, Rooms: -1}}}
	if err := Serve(context.Background(), cfg, func(url string) { fmt.Println(url) }); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// spawn starts the child and answers its address.
func spawn(t testing.TB, dir, db string) (*exec.Cmd, string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), "TRESTLE_TEST_SERVE="+dir, "TRESTLE_TEST_SERVE_DB="+db)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		t.Fatal("the service did not start")
	}
	return cmd, lines.Text()
}

// I4 I6: a service killed at any moment loses no command that it acknowledged and doubles none: 30 kills while four devices write.
func TestI6_Kill9(t *testing.T) {
	rounds := 30
	if testing.Short() {
		rounds = 3
	}
	dir, db := t.TempDir(), database(t)
	var anna *person
	acked, resent, total := map[string]int64{}, 0, 0
	var pending []wire.Command // sent before a kill, without an answer
	for round := range rounds {
		cmd, url := spawn(t, dir, db)
		if anna == nil {
			anna = join(t, &wire.Client{Base: url}, "anna")
			o := offer(anna, "k1", "r1", secret)
			o.Self, o.Invitation = true, ""
			anna.does("k1", o)
		}
		own := *anna.Client
		own.Base = url
		anna.Client = &own
		for _, c := range pending { // each has one outcome, whether or not it was stored before
			r := anna.send(c)[0]
			if r.Status != wire.OK {
				t.Fatalf("round %d: %s again: %+v", round, c.ID, r)
			}
			acked[c.ID] = r.Things[0].Born
			resent++
		}
		pending = nil
		check(t, anna, acked)

		var mu sync.Mutex
		var all sync.WaitGroup
		stop := make(chan struct{})
		for d := range 4 {
			all.Go(func() {
				for n := range 40 { // in all no more than one pull from the beginning may bring
					select {
					case <-stop:
						return
					default:
					}
					mu.Lock()
					c := anna.command(fmt.Sprintf("m-%d-%d-%d", round, d, n), say("r1", "text"))
					mu.Unlock()
					out, err := anna.Commands(context.Background(), wire.Commands{Device: "d", Cmds: []wire.Command{c}})
					mu.Lock()
					if err != nil || out.Results[0].Status != wire.OK {
						pending = append(pending, c)
						mu.Unlock()
						return
					}
					acked[c.ID] = out.Results[0].Things[0].Born
					mu.Unlock()
				}
			})
		}
		time.Sleep(time.Duration(5+rand.IntN(150)) * time.Millisecond)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // killed
		close(stop)
		all.Wait()
	}
	total = len(acked)
	s, err := New(Config{Data: dir, DB: db})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.store.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	checkScope(t, s, "r:r1")
	t.Logf("%d kills, %d commands acknowledged, %d asked again, 0 lost, 0 double", rounds, total, resent)
}

// check reads the whole room: every acknowledged message is there once, where it was said to be.
func check(t *testing.T, p *person, acked map[string]int64) {
	t.Helper()
	seen := map[string]int64{}
	epoch := ""
	for at, tag := int64(0), ""; ; {
		if epoch == "" {
			h, err := p.Heads(t.Context(), "")
			if err != nil {
				t.Fatal(err)
			}
			epoch = h.Epoch
		}
		page, err := p.Pull(t.Context(), wire.Pull{Scope: "r:r1", Epoch: epoch, Gen: 1, After: at, Tag: tag})
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range page.Things {
			if x.Kind == workroom.KindMessage {
				seen[x.ID] = x.Born
			}
		}
		if at, tag = page.Seq, page.Tag; !page.More {
			break
		}
	}
	for id, born := range acked {
		if seen[id] != born {
			t.Fatalf("%s was acknowledged at %d and stands at %d", id, born, seen[id])
		}
	}
}
