package proof

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"trestle/internal/blob"
	"trestle/internal/courier"
	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// uploadOrders tell a child to be a desktop that sends one file, if it has not yet, and says "done" when nothing waits any more.
type uploadOrders struct {
	Dir, URL, Device string
	Signed           wire.Signed
	Room             workroom.RoomID
	Source           string // of the file; empty: it only idles
	File             workroom.FileID
}

func uploadChild(raw json.RawMessage) error {
	var o uploadOrders
	if err := json.Unmarshal(raw, &o); err != nil {
		return err
	}
	blobs, err := blob.Open(filepath.Join(o.Dir, "blobs"))
	if err != nil {
		return err
	}
	rep, err := replica.Open(filepath.Join(o.Dir, "copy.db"), replica.Options{Service: o.Signed.Service, Account: o.Signed.Account, Device: o.Device, Drop: blobs.Remove})
	if err != nil {
		return err
	}
	c := courier.New(courier.Options{Replica: rep, Blobs: blobs, Client: &wire.Client{Base: o.URL, Token: o.Signed.Token, Service: o.Signed.Service}})
	go c.Run(bg)
	fmt.Println("ready")
	if o.Source == "" {
		if err := c.Drain(bg); err != nil {
			return err
		}
		fmt.Println("idle")
		select {}
	}
	if _, err := os.Stat(o.Source); err == nil {
		staged, err := blobs.Stage(bg, o.Source, nil)
		if err != nil {
			return err
		}
		f := workroom.FileRef{ID: o.File, Name: "big.bin", Size: staged.Size, Type: "application/octet-stream"}
		u := replica.Upload{ID: f.ID, Scope: workroom.RoomScope(o.Room), Name: f.Name, Size: f.Size, Type: f.Type, SHA: staged.SHA, Parts: staged.Parts}
		if _, err := rep.Enqueue(bg, workroom.SendMessage{Room: o.Room, Text: "here it is", Files: []workroom.FileRef{f}}, replica.EnqueueOpts{Uploads: []replica.Upload{u}}); err != nil {
			return err
		}
		if err := os.Remove(o.Source); err != nil { // it is told only once
			return err
		}
	}
	fmt.Println("enqueued")
	for {
		if n, _, err := rep.Count(bg); err != nil {
			return err
		} else if n == 0 {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	fmt.Println("done")
	select {}
}

// memory is the most a process has held so far, in bytes; 0 once it is gone.
func memory(pid int) int64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(b)) {
		if v, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			n, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(v), " kB"), 10, 64)
			if err == nil {
				return n << 10
			}
		}
	}
	return 0
}

// noise writes a file that cannot be compressed and answers its hash.
func noise(t testing.TB, path string, size int64) string {
	t.Helper()
	f, err := os.Create(path)
	must(t, err)
	h := sha256.New()
	_, err = io.CopyN(io.MultiWriter(f, h), rand.NewChaCha8([32]byte{byte(size >> 20), 7}), size)
	must(t, err)
	must(t, f.Close())
	return hex.EncodeToString(h.Sum(nil))
}

// TestT8_BigFile sends a big file while the desktop and the service are killed and the way is cut, at random places. It arrives whole, at
// the price of few bytes sent twice and little memory on both sides, and can be downloaded with cuts just the same.
func TestT8_BigFile(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("memory is read from /proc")
	}
	const mb = 1 << 20
	size, faults := int64(Size(16, 64, 1024, 1024))*mb, Size(3, 5, 20, 60)
	data := t.TempDir()
	c, addr := startOwn(t, data)
	p, err := NewProxy(addr)
	must(t, err)
	t.Cleanup(p.Close)
	a := signUp(t, p.URL(), "Anna").start()
	_, room := a.contract()
	a.sync()
	b := a.second(p.URL()).start()
	b.sync()
	a.stop()
	b.stop()
	source := filepath.Join(t.TempDir(), "big.bin")
	sum := noise(t, source, size)
	orders := uploadOrders{Dir: a.dir, URL: p.URL(), Device: a.id, Signed: a.signed, Room: room, File: workroom.FileID(newID())}

	// What both hold at rest.
	c.kill()
	c, addr = startOwn(t, data)
	p.Target(addr)
	d := spawn(t, "upload", orders)
	d.first()
	if l, _ := d.line(); l != "idle" {
		t.Fatalf("the desktop said %q: %s", l, d.said)
	}
	deskIdle, serviceIdle := memory(d.cmd.Process.Pid), memory(c.cmd.Process.Pid)
	d.kill()

	orders.Source = source
	at := make([]int64, faults)
	for i := range at {
		at[i] = int64((0.02 + 0.94*rand.Float64()) * float64(size))
	}
	slices.Sort(at)
	before := p.Up()
	deskPeak, servicePeak := int64(0), int64(0)
	begin := func() (done chan struct{}) {
		d = spawn(t, "upload", orders)
		done = make(chan struct{})
		go func(d *child) {
			for {
				l, ok := d.line()
				if !ok {
					return
				}
				if l == "done" {
					close(done)
				}
			}
		}(d)
		return done
	}
	done := begin()
	count := map[string]int{}
	end := time.Now().Add(15 * time.Minute)
	for finished := false; !finished; {
		deskPeak, servicePeak = max(deskPeak, memory(d.cmd.Process.Pid)), max(servicePeak, memory(c.cmd.Process.Pid))
		if time.Now().After(end) {
			t.Fatalf("L1: %d of %d bytes sent, and it does not end: %v", p.Up()-before, size, count)
		}
		if len(at) > 0 && p.Up()-before > at[0] {
			for len(at) > 0 && p.Up()-before > at[0] { // a resent byte passes a place again: one fault a place
				at = at[1:]
			}
			switch what := []string{"desktop killed", "service killed", "way cut"}[rand.IntN(3)]; what {
			case "desktop killed":
				count[what]++
				d.kill()
				done = begin()
			case "service killed":
				count[what]++
				c.kill()
				c, addr = startOwn(t, data)
				p.Target(addr)
			case "way cut":
				count[what]++
				p.Cut()
			}
		}
		select {
		case <-done:
			finished = true
		case <-time.After(2 * time.Millisecond):
		}
	}
	sent := p.Up() - before
	d.kill()

	b.start()
	b.sync()
	cuts, fetched := 0, make(chan struct{})
	from := p.Down()
	var cutting sync.WaitGroup
	cutting.Go(func() {
		for cuts < 3 {
			select {
			case <-fetched:
				return
			case <-time.After(time.Millisecond):
			}
			if p.Down()-from > size*int64(cuts+1)/4 {
				p.Cut()
				cuts++
			}
		}
	})
	got := ""
	for range 20 {
		if got, err = b.c.Fetch(bg, workroom.RoomScope(room), orders.File, 0); err == nil {
			break
		}
	}
	close(fetched)
	cutting.Wait()
	must(t, err)
	servicePeak = max(servicePeak, memory(c.cmd.Process.Pid))
	if got != sum {
		t.Errorf("the file has the hash %s, and came as %s", sum, got)
	}
	f, err := b.blobs.Open(got)
	must(t, err)
	h := sha256.New()
	n, err := io.Copy(h, f)
	f.Close()
	if err != nil || n != size || hex.EncodeToString(h.Sum(nil)) != sum {
		t.Errorf("%d of %d bytes came, %v", n, size, err)
	}
	b.stop()
	c.kill()
	faulted := 0
	for _, n := range count {
		faulted += n
	}
	limit := size + size/20
	if size < 1<<30 { // a first cut costs whole parts, which only a big file makes up for; a desktop that was killed knows of none before
		limit = size + int64(1+count["desktop killed"])*3*wire.PartSize + int64(faulted)*3*mb
	}
	if sent > limit {
		t.Errorf("%d bytes were sent for a file of %d: more than %d", sent, size, limit)
	}
	if deskPeak > deskIdle+64*mb || servicePeak > serviceIdle+64*mb {
		t.Errorf("memory: desktop %d MB over %d, service %d MB over %d", (deskPeak-deskIdle)/mb, deskIdle/mb, (servicePeak-serviceIdle)/mb, serviceIdle/mb)
	}
	checkFile(t, a.copy())
	checkFile(t, filepath.Join(data, "service.db"))
	Report(t, "T8", "big file: %d MB, %d desktop kills, %d service kills, %d cuts; %.4f × the file sent; download with %d cuts identical; over idle: desktop %d MB, service %d MB",
		size/mb, count["desktop killed"], count["service killed"], count["way cut"], float64(sent)/float64(size), cuts, (deskPeak-deskIdle)/mb, (servicePeak-serviceIdle)/mb)
}
