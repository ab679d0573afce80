package service

import (
	"bufio"
	"context"
	"fmt"

	"net"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"trestle/internal/service/pgtest"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// BenchmarkFanOut has eight people write one message at a time into a room that twenty others look at, over sockets. Beside the rate it tells
// how long after a message was begun its rows reached a listener.
func BenchmarkFanOut(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		b.Run(engine, func(b *testing.B) {
			cfg := Config{}
			if engine == "postgres" {
				cfg.DB = pgtest.New(b)
			}
			s, c := start(b, cfg)
			anna := join(b, c, "anna")
			o := offer(anna, "k1", "r1", secret)
			o.Self, o.Invitation = true, ""
			anna.does("k1", o)
			total := b.N/8*8 + 8
			var mu sync.Mutex
			begun := make(map[string]time.Time, total)
			took := make([][]time.Duration, 20)
			var all sync.WaitGroup
			for i := range took {
				who := join(b, c, fmt.Sprintf("listener-%d", i))
				act(b, s, anna.id, workroom.Change{Ref: workroom.Ref{Scope: workroom.AccountScope(who.id), Kind: workroom.KindGrant, ID: "r:r1"}, Thing: &workroom.Grant{Gen: 1}})
				frames := make(chan wire.Event, 1<<16)
				ready := make(chan string, 1)
				ctx, end := context.WithCancel(context.Background())
				go func() {
					_ = who.Events(ctx, func(e wire.Event) {
						if e.Hello != nil {
							ready <- e.Hello.Conn
						}
						frames <- e
					})
				}()
				who.conn = <-ready
				who.looks("r:r1")
				all.Go(func() {
					defer end()
					for n := 0; n < total; {
						e := <-frames
						now := time.Now()
						if e.Hint != nil { // the queue was full: what it left out is not counted
							for _, h := range e.Hint.Heads {
								n = max(n, int(h.Msgs))
							}
						}
						if e.Rows == nil {
							continue
						}
						n = max(n, int(e.Rows.Msgs))
						mu.Lock()
						took[i] = append(took[i], now.Sub(begun[e.Rows.Things[0].ID]))
						mu.Unlock()
					}
				})
			}
			b.ResetTimer()
			for d := range 8 {
				who := *anna
				all.Go(func() {
					for i := range total / 8 {
						id := fmt.Sprintf("m%d-%d", d, i)
						mu.Lock()
						begun[id] = time.Now()
						mu.Unlock()
						who.send(who.command(id, say("r1", "a message of a usual length, as people write them")))
					}
				})
			}
			all.Wait()
			b.StopTimer()
			every := slices.Concat(took...)
			slices.Sort(every)
			b.ReportMetric(float64(total)/b.Elapsed().Seconds(), "messages/s")
			b.ReportMetric(float64(every[len(every)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(every[len(every)*99/100].Microseconds())/1000, "p99-ms")
			b.ReportMetric(float64(len(every))/float64(total), "rows-a-message")
		})
	}
}

// wireCount counts the bytes that pass a client's connections.
type wireCount struct{ sent, got atomic.Int64 }

type counted struct {
	net.Conn
	of *wireCount
}

func (c counted) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.of.got.Add(int64(n))
	return n, err
}

func (c counted) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.of.sent.Add(int64(n))
	return n, err
}

// transport is a client whose bytes are counted.
func (w *wireCount) transport() *http.Client {
	return &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := (&net.Dialer{}).DialContext(ctx, network, address)
		return counted{c, w}, err
	}}}
}

// A quiet reconnect asks for the heads once, and the answer that nothing changed is less than 300 bytes, whatever the number of rooms.
func TestQuietHeadsAreSmall(t *testing.T) {
	_, c := start(t, Config{})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	for i := range 5 {
		hire(anna, ben, fmt.Sprintf("k%d", i), fmt.Sprintf("r%d", i))
	}
	h, err := ben.Heads(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	var count wireCount
	own := *ben.Client
	own.HTTP = count.transport()
	same, err := own.Heads(t.Context(), wire.HeadsTag(h.Epoch, h.Scopes))
	if err != nil || !same.Same {
		t.Fatalf("%+v, %v", same, err)
	}
	t.Logf("%d bytes asked, %d answered", count.sent.Load(), count.got.Load())
	if count.got.Load() >= 300 {
		t.Errorf("%d bytes answered", count.got.Load())
	}
}

// BenchmarkQuietReconnect is what a device that missed nothing costs: one question for the heads.
func BenchmarkQuietReconnect(b *testing.B) {
	_, c := start(b, Config{})
	anna, ben := join(b, c, "anna"), join(b, c, "ben")
	for i := range 50 {
		hire(anna, ben, fmt.Sprintf("k%d", i), fmt.Sprintf("r%d", i))
	}
	h, err := ben.Heads(b.Context(), "")
	if err != nil {
		b.Fatal(err)
	}
	var count wireCount
	own := *ben.Client
	own.HTTP = count.transport()
	tag := wire.HeadsTag(h.Epoch, h.Scopes)
	b.ResetTimer()
	for range b.N {
		if same, err := own.Heads(b.Context(), tag); err != nil || !same.Same {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(count.sent.Load())/float64(b.N), "asked-B")
	b.ReportMetric(float64(count.got.Load())/float64(b.N), "answered-B")
}

// BenchmarkIdleConnections opens live channels to a service in a process of its own and tells what each adds to its memory there.
func BenchmarkIdleConnections(b *testing.B) {
	const conns = 2000
	cmd, url := spawn(b, b.TempDir(), "")
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	c := &wire.Client{Base: url}
	resident := func() float64 {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
		if err != nil {
			b.Skip("the memory of a process cannot be read here")
		}
		for line := range strings.Lines(string(text)) {
			var kb float64
			if n, _ := fmt.Sscanf(line, "VmRSS: %f kB", &kb); n == 1 {
				return kb
			}
		}
		b.Fatal("no VmRSS")
		return 0
	}
	var people []*person
	for i := range conns / 20 {
		people = append(people, join(b, c, fmt.Sprintf("anna-%d", i)))
	}
	before := resident()
	for range b.N {
		var open []net.Conn
		for i := range conns {
			raw, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
			if err != nil {
				b.Fatal(err)
			}
			open = append(open, raw)
			fmt.Fprintf(raw, "GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n", people[i%len(people)].Token)
		}
		for _, raw := range open {
			res, err := http.ReadResponse(bufio.NewReaderSize(raw, 256), nil)
			if err != nil || res.StatusCode != 200 {
				b.Fatal(res, err)
			}
		}
		each := (resident() - before) / conns
		b.ReportMetric(each, "KiB-a-connection")
		for _, raw := range open {
			_ = raw.Close()
		}
	}
}

// BenchmarkCatchUp pulls what changed in twenty rooms while a device was away: a thousand messages.
func BenchmarkCatchUp(b *testing.B) {
	s, c := start(b, Config{})
	anna, ben := join(b, c, "anna"), join(b, c, "ben")
	for i := range 20 {
		hire(anna, ben, fmt.Sprintf("k%d", i), fmt.Sprintf("r%d", i))
	}
	h, err := ben.Heads(b.Context(), "")
	if err != nil {
		b.Fatal(err)
	}
	for i := range 20 {
		for range 2 {
			var cmds []wire.Command
			for range 25 {
				cmds = append(cmds, anna.command(newID(), say(workroom.RoomID(fmt.Sprintf("r%d", i)), "a message of a usual length, as people write them")))
			}
			anna.send(cmds...)
		}
	}
	var count wireCount
	own := *ben.Client
	own.HTTP = count.transport()
	b.ResetTimer()
	for range b.N {
		now, err := own.Heads(b.Context(), wire.HeadsTag(h.Epoch, h.Scopes))
		if err != nil {
			b.Fatal(err)
		}
		got := 0
		for i, x := range now.Scopes {
			if x.Seq == h.Scopes[i].Seq {
				continue
			}
			p, err := own.Pull(b.Context(), wire.Pull{Scope: x.Scope, Epoch: s.store.Epoch, Gen: x.Gen, After: h.Scopes[i].Seq, Tag: h.Scopes[i].Tag})
			if err != nil || p.More || p.Reset != "" {
				b.Fatal(p, err)
			}
			got += len(p.Things)
		}
		if got != 1000 {
			b.Fatal(got)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms")
	b.ReportMetric(float64(count.got.Load())/float64(b.N)/1024, "KiB")
}

// BenchmarkColdSignIn is what a new device of somebody with five hundred rooms asks for before its list can be shown: heads, and every room
// with its newest message.
func BenchmarkColdSignIn(b *testing.B) {
	_, c := start(b, Config{})
	anna := join(b, c, "anna")
	for i := range 500 {
		o := offer(anna, fmt.Sprintf("k%d", i), fmt.Sprintf("r%d", i), secret)
		o.Self, o.Invitation = true, ""
		anna.does(fmt.Sprintf("k%d", i), o)
		anna.does(newID(), say(o.Room, "a message of a usual length, as people write them"))
		anna.does(newID(), say(o.Room, "a message of a usual length, as people write them"))
	}
	runtime.GC()
	var rooms, bytes float64
	b.ResetTimer()
	for range b.N {
		var count wireCount
		own := *anna.Client
		own.HTTP = count.transport()
		h, err := own.Heads(b.Context(), "")
		if err != nil {
			b.Fatal(err)
		}
		var list []workroom.Scope
		for _, x := range h.Scopes {
			if x.Scope.Kind() == "r" || x.Scope.Kind() == "a" {
				list = append(list, x.Scope)
			}
		}
		rooms = 0
		for part := range slices.Chunk(list, 100) {
			o, err := own.Open(b.Context(), wire.Open{Scopes: part, Tail: 1})
			if err != nil {
				b.Fatal(err)
			}
			for _, x := range o.Scopes {
				if len(x.Tail) == 1 {
					rooms++
				}
			}
		}
		bytes = float64(count.got.Load())
		own.HTTP.CloseIdleConnections()
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms")
	b.ReportMetric(bytes/1024, "KiB")
	b.ReportMetric(rooms, "rooms")
}
