//go:build unix

package proof

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"trestle/internal/workroom"
)

// TestT5_KilledPrograms kills the built programs themselves: the one that holds a person's data folder in the background, the verbs that
// send messages in two rooms, and now and then the service. What a verb said was sent or written down is at the service once, in order.
func TestT5_KilledPrograms(t *testing.T) {
	t.Parallel()
	exe := program()
	if exe == "" {
		t.Skip("the built program is named in TRESTLE_PROOF_PROGRAM, as `make prove` does")
	}
	rounds := Size(2, 12, 100, 1000)
	root, err := os.MkdirTemp("", "trestle-proof-") // short: a socket lies in it
	must(t, err)
	data, served := filepath.Join(root, "data"), filepath.Join(root, "service")
	c, addr := startService(t, served)
	way, err := NewProxy(addr)
	must(t, err)
	t.Cleanup(way.Close)
	env := append(os.Environ(), "HOME="+root, "XDG_RUNTIME_DIR="+filepath.Join(root, "run"), "TRESTLE_KEYRING=off",
		"DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent", "DISPLAY=")
	var mu sync.Mutex
	verb := func(ctx context.Context, in string, args ...string) (string, error) {
		cmd := exec.CommandContext(ctx, exe, append([]string{"--data", data}, args...)...) // killed with SIGKILL when ctx ends
		cmd.Env, cmd.Stdin = env, strings.NewReader(in)
		var out, said bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &said
		err := cmd.Run()
		if err != nil {
			err = fmt.Errorf("trestle %s: %w: %s", args[0], err, said.String())
		}
		return out.String(), err
	}
	t.Cleanup(func() {
		for range 50 {
			if os.RemoveAll(root) == nil {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
	})
	need := func(in string, args ...string) {
		t.Helper()
		if _, err := verb(bg, in, args...); err != nil {
			t.Fatal(err)
		}
	}
	need(password+"\n", "sign-up", "--service", way.URL(), "--name", "Anna", "--email", "anna@example.com", "--password-stdin")
	rooms := []string{"Otter Trails", "Glass Boats"}
	for _, r := range rooms {
		need("", "contract", "create", "--title", r, "--rate", "10", "--shots", "none", "--self")
	}
	begun := time.Now()
	need("", "sync")
	lives := max(time.Second, 6*time.Since(begun)) // on a busy machine a verb takes longer, and some are to come to their end

	said := make([][]string, len(rooms))
	verbs, kills, services := 0, 0, 0
	for round := range rounds {
		holder := exec.Command(exe, "--data", data, "open", "--background")
		holder.Env = env
		must(t, holder.Start())
		ctx, cancel := context.WithTimeout(bg, rand.N(lives))
		var all sync.WaitGroup
		for n, room := range rooms {
			all.Go(func() {
				for i := 0; ctx.Err() == nil; i++ {
					text := fmt.Sprintf("w%d-%03d%03d", n, round, i)
					out, err := verb(ctx, "", "send", "--room", room, text)
					mu.Lock()
					verbs++
					if err == nil && (strings.HasPrefix(out, "Sent.") || strings.HasPrefix(out, "Written down.")) {
						said[n] = append(said[n], text)
					}
					mu.Unlock()
				}
			})
		}
		if round%3 == 2 {
			time.Sleep(time.Duration(rand.IntN(200)) * time.Millisecond)
			c.kill()
			services++
		}
		<-ctx.Done()
		holder.Process.Kill()
		holder.Wait() // killed, as intended
		kills++
		all.Wait()
		cancel()
		if round%3 == 2 {
			c, addr = startService(t, served)
			way.Target(addr)
		}
	}
	need("", "sync", "--timeout", "120s")
	c.kill()

	path := filepath.Join(served, "service.db")
	checkFile(t, path)
	checkHeads(t, path)
	db := look(t, path)
	byRoom := map[string][]string{}
	names := map[string]string{}
	rows, err := db.Query("SELECT scope, kind, body FROM thing WHERE kind IN ('room','message') ORDER BY kind DESC, born")
	must(t, err)
	for rows.Next() {
		var scope, kind string
		var body []byte
		must(t, rows.Scan(&scope, &kind, &body))
		if kind == string(workroom.KindRoom) {
			var r workroom.Room
			must(t, json.Unmarshal(body, &r))
			names[scope] = r.Name
			continue
		}
		var m workroom.Message
		must(t, json.Unmarshal(body, &m))
		byRoom[names[scope]] = append(byRoom[names[scope]], m.Text)
	}
	must(t, rows.Err())
	rows.Close()
	confirmed, there := 0, 0
	for n, r := range rooms {
		checkRoom(t, byRoom[r], said[n])
		confirmed += len(said[n])
		there += len(byRoom[r])
	}
	copies, err := filepath.Glob(filepath.Join(data, "accounts", "*", "replica.db"))
	must(t, err)
	for _, f := range copies {
		checkFile(t, f)
	}
	if confirmed < rounds/2 || len(copies) == 0 {
		t.Errorf("%d messages confirmed in %d rounds, %d files of a desktop: the test is too weak", confirmed, rounds, len(copies))
	}
	Report(t, "T5", "built programs: %d desktops and %d services killed, %d verbs, %d messages confirmed, %d there, %d files whole, 0 lost, 0 double",
		kills, services, verbs, confirmed, there, len(copies)+1)
}
