package courier

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"trestle/internal/blob"
	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// childEnv carries the orders of a child process of TestD05_KilledAnyMoment.
const childEnv = "TRESTLE_TEST_CHILD"

type orders struct {
	Dir, URL, Device string
	Signed           wire.Signed
	Room             workroom.RoomID
	From             int
}

func TestMain(m *testing.M) {
	if s := os.Getenv(childEnv); s != "" {
		var o orders
		if err := json.Unmarshal([]byte(s), &o); err != nil {
			panic(err)
		}
		child(o)
		return
	}
	os.Exit(m.Run())
}

// child writes messages as fast as it can, telling each on stdout once it is confirmed, until it is killed.
func child(o orders) {
	check := func(err error) {
		if err != nil {
			panic(err)
		}
	}
	blobs, err := blob.Open(filepath.Join(o.Dir, "blobs"))
	check(err)
	rep, err := replica.Open(filepath.Join(o.Dir, "copy.db"), replica.Options{Service: o.Signed.Service, Account: o.Signed.Account, Device: o.Device})
	check(err)
	c := New(Options{Replica: rep, Blobs: blobs, Client: &wire.Client{Base: o.URL, Token: o.Signed.Token, Service: o.Signed.Service}})
	go c.Run(context.Background())
	fmt.Println("ready")
	for i := o.From; ; i++ {
		cmd := workroom.SendMessage{Room: o.Room, Text: fmt.Sprintf("m%05d", i)}
		opts := replica.EnqueueOpts{}
		if i%7 == 0 {
			content := []byte(strings.Repeat(cmd.Text, 50))
			sha, size, err := blobs.Put(bytes.NewReader(content))
			check(err)
			f := workroom.FileRef{ID: workroom.FileID(newID()), Name: cmd.Text + ".txt", Size: size, Type: "text/plain"}
			cmd.Files = []workroom.FileRef{f}
			opts.Uploads = []replica.Upload{{ID: f.ID, Scope: workroom.RoomScope(o.Room), Name: f.Name, Size: size, Type: f.Type, SHA: sha, Parts: []string{sha}}}
		}
		_, err := rep.Enqueue(context.Background(), cmd, opts)
		check(err)
		fmt.Println(i)
		time.Sleep(time.Duration(i%5) * time.Millisecond)
	}
}

// TestD05_KilledAnyMoment kills the program at random moments. Every message it had confirmed arrives, once, in the order of writing, with
// its file (I4, I5, I7; M-22).
func TestD05_KilledAnyMoment(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("kill -9 is a matter of Unix")
	}
	const rounds = 40
	w := newWorld(t)
	a := w.join("Alice")
	_, room, _ := a.contract(true)
	a.sync()
	a.stop()
	seed := time.Now().UnixNano()
	rnd := rand.New(rand.NewSource(seed))
	t.Logf("seed %d", seed)
	confirmed, next := []int{}, 0
	for range rounds {
		b, err := json.Marshal(orders{Dir: a.dir, URL: w.srv.URL, Device: a.id, Signed: a.signed, Room: room, From: next})
		must(t, err)
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), childEnv+"="+string(b))
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		must(t, err)
		begun := time.Now()
		must(t, cmd.Start())
		lines := bufio.NewScanner(out)
		if !lines.Scan() || lines.Text() != "ready" {
			t.Fatalf("the child did not begin: %q", lines.Text())
		}
		time.AfterFunc(time.Duration(rnd.Int63n(int64(max(150*time.Millisecond, 2*time.Since(begun))))), func() { cmd.Process.Kill() })
		for lines.Scan() {
			if n, err := strconv.Atoi(lines.Text()); err == nil {
				confirmed = append(confirmed, n)
				next = n + 1
			}
		}
		cmd.Wait() // killed, as intended
		next++     // one that was under way may be stored although it was never confirmed
	}
	a.start()
	a.sync()
	b := a.second()
	b.sync()
	for more := true; more; {
		var err error
		more, err = b.c.Older(bg, workroom.RoomScope(room))
		must(t, err)
	}
	texts := b.texts(room)
	at := map[string]int{}
	for i, s := range texts {
		if _, twice := at[s]; twice {
			t.Errorf("I4: %s is there twice", s)
		}
		at[s] = i
		if i > 0 && texts[i-1] >= s {
			t.Errorf("I7: %s stands before %s", texts[i-1], s)
		}
	}
	lost := 0
	for _, n := range confirmed {
		if _, ok := at[fmt.Sprintf("m%05d", n)]; !ok {
			lost++
		}
	}
	if lost > 0 {
		t.Errorf("I5: %d of %d confirmed messages are lost", lost, len(confirmed))
	}
	if waiting, refused, err := a.rep.Count(bg); err != nil || waiting+refused != 0 {
		t.Errorf("outbox afterwards: %d waiting, %d refused, %v", waiting, refused, err)
	}
	a.checkI3()
	b.checkI3()
	t.Logf("%d kills, %d confirmed, %d there, %d lost", rounds, len(confirmed), len(texts), lost)
	if len(confirmed) < rounds {
		t.Errorf("only %d messages were confirmed in %d rounds: the test is too weak", len(confirmed), rounds)
	}
}
