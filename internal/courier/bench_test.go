package courier

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// metered counts what comes over a device's connections, as it is on the wire.
type metered struct {
	net.Conn
	in *atomic.Int64
}

func (c metered) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.in.Add(int64(n))
	return n, err
}

func (w *way) meter() *atomic.Int64 {
	in := new(atomic.Int64)
	w.base.(*http.Transport).DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		c, err := (&net.Dialer{}).DialContext(ctx, network, addr)
		return metered{c, in}, err
	}
	return in
}

// calibrate measures this machine in the same run: one fsync of 4 KiB, and one question over loopback. Figures of another machine mean
// nothing without them.
func calibrate(b *testing.B, w *world) {
	b.Helper()
	f, err := os.Create(filepath.Join(b.TempDir(), "fsync"))
	must(b, err)
	defer f.Close()
	const n = 40
	at := time.Now()
	for range n {
		_, err := f.Write(make([]byte, 4096))
		must(b, err)
		must(b, f.Sync())
	}
	fsync := time.Since(at) / n
	at = time.Now()
	for range n {
		res, err := http.Get(w.srv.URL + "/v1/meta")
		must(b, err)
		res.Body.Close()
	}
	b.ReportMetric(float64(fsync.Microseconds()), "µs/fsync")
	b.ReportMetric(float64((time.Since(at) / n).Microseconds()), "µs/question")
}

// BenchmarkCatchUp is a device that was away while 1,000 messages were written in 20 rooms: from the start of the program until all are
// here. The goal is 400 ms on an idle two-core machine (sync.md).
func BenchmarkCatchUp(b *testing.B) {
	w := newWorld(b)
	a := w.join("Alice")
	var rooms []workroom.RoomID
	for range 20 {
		_, room, _ := a.contract(true)
		rooms = append(rooms, room)
	}
	a.sync()
	d := a.second()
	d.sync()
	want := 0
	var bytes int64
	for b.Loop() {
		b.StopTimer()
		d.stop()
		in := d.way.meter()
		for i := range 1000 {
			a.say(rooms[i%20], fmt.Sprint("a message of usual length, as people write them, number ", i))
		}
		a.sync()
		want += 50
		b.StartTimer()
		d.start()
		d.sync()
		b.StopTimer()
		bytes += in.Load()
		for _, r := range rooms {
			if got := len(d.texts(r)); got != want {
				b.Fatalf("%d messages, want %d", got, want)
			}
		}
		b.StartTimer()
	}
	b.ReportMetric(float64(bytes)/float64(b.N)/1000, "kB/op")
	calibrate(b, w)
}

// BenchmarkSignIn is a new device of an account with 500 rooms: from the start of the program, signed in, until every room is in the list with
// its newest message. The goals are 1 s and 200 kB (sync.md).
func BenchmarkSignIn(b *testing.B) {
	w := newWorld(b)
	a := w.join("Alice")
	var rooms []workroom.RoomID
	for i := range 500 {
		_, room, _ := a.contract(true)
		rooms = append(rooms, room)
		for j := range 3 {
			a.say(room, fmt.Sprintf("message %d of room %d, of usual length", j, i))
		}
	}
	a.sync()
	a.stop()
	var bytes int64
	var list time.Duration
	for b.Loop() {
		b.StopTimer()
		d := a.second()
		d.stop()
		must(b, os.RemoveAll(d.dir))
		must(b, os.MkdirAll(d.dir, 0o700))
		d.way = newWay()
		in := d.way.meter()
		b.StartTimer()
		at := time.Now()
		d.start()
		for {
			n := 0
			cursors, err := d.rep.Cursors(bg)
			must(b, err)
			for _, c := range cursors {
				if c.Scope.Kind() == "r" && c.Hold == replica.Whole {
					n++
				}
			}
			if n == len(rooms) {
				break
			}
			time.Sleep(5 * time.Millisecond)
		}
		list += time.Since(at)
		bytes += in.Load()
		d.sync()
		b.StopTimer()
		for _, r := range rooms {
			if row, err := d.rep.Newest(bg, r); err != nil || row == nil {
				b.Fatalf("no newest message: %v", err)
			}
		}
		d.stop()
		b.StartTimer()
	}
	b.ReportMetric(float64(list.Milliseconds())/float64(b.N), "ms/list")
	b.ReportMetric(float64(bytes)/float64(b.N)/1000, "kB/list")
	calibrate(b, w)
}
