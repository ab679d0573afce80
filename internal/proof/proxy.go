package proof

import (
	"bufio"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Fault is what is wrong with the way through a Proxy; the zero value is a good way. Pieces of it can be combined.
type Fault struct {
	Delay, Spread time.Duration // every piece of bytes arrives Delay ± Spread later, in order
	Rate          int           // bytes a second and direction; 0 for no limit
	Slice         int           // bytes handed on at a time; 0 for whatever came
	ResetAfter    int64         // a connection is reset after about so many bytes in either direction, mid-frame; 0 for never
	Hole          bool          // nothing passes and nobody is told, until the hole closes
	HalfOpen      bool          // connections die without a word to either side; they never pass a byte again
	Refuse        bool          // new connections are reset at once
	Answer        string        // a whole HTTP response that is given to every request instead of the service's
}

// Proxy is a TCP way between a desktop and a service on this computer that can be broken in every manner of Fault. It counts what passes.
type Proxy struct {
	listener net.Listener
	mu       sync.Mutex
	target   string
	fault    Fault
	conns    map[*way]bool
	changed  chan struct{} // closed and made anew with each Set
	all      sync.WaitGroup

	up, down, opened, resets, answered atomic.Int64
}

// way is one connection through the proxy.
type way struct {
	near, far net.Conn
	dead      atomic.Bool  // half-open: silent for ever
	passed    atomic.Int64 // bytes, both directions
	limit     int64        // where it is reset; 0 for never
	once      sync.Once
}

// NewProxy listens on a port of this computer and leads to the target, a host:port.
func NewProxy(target string) (*Proxy, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &Proxy{listener: l, target: target, conns: map[*way]bool{}, changed: make(chan struct{})}
	p.all.Go(p.accept)
	return p, nil
}

// URL is where a desktop reaches the service through the proxy.
func (p *Proxy) URL() string { return "http://" + p.listener.Addr().String() }

// Close ends everything.
func (p *Proxy) Close() {
	p.listener.Close()
	p.Set(Fault{Refuse: true})
	p.Cut()
	p.all.Wait()
}

// Set breaks or mends the way. Open connections are told of it too; those that were half-open stay so. A change to or from answering in
// the service's place resets them, as a portal does.
func (p *Proxy) Set(f Fault) {
	p.mu.Lock()
	was := p.fault
	p.fault = f
	close(p.changed)
	p.changed = make(chan struct{})
	for w := range p.conns {
		if f.HalfOpen {
			w.dead.Store(true)
		}
		w.limit = 0
		if f.ResetAfter > 0 {
			w.limit = w.passed.Load() + 1 + rand.Int64N(2*f.ResetAfter)
		}
	}
	p.mu.Unlock()
	if was.Answer != f.Answer {
		p.Cut()
	}
}

// Target leads new connections to another host:port.
func (p *Proxy) Target(addr string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.target = addr
}

// Cut resets every open connection.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for w := range p.conns {
		p.resets.Add(1)
		w.reset()
	}
}

// Up is how many bytes desktops have sent so far, whether or not they reached the service.
func (p *Proxy) Up() int64 { return p.up.Load() }

// Down is how many bytes the service has sent so far.
func (p *Proxy) Down() int64 { return p.down.Load() }

// Counts are the connections opened, those reset by a fault, and the requests answered in the service's place.
func (p *Proxy) Counts() (opened, resets, answered int64) {
	return p.opened.Load(), p.resets.Load(), p.answered.Load()
}

func (p *Proxy) now() (Fault, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.fault, p.changed
}

func (p *Proxy) accept() {
	for {
		c, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.opened.Add(1)
		p.all.Go(func() { p.serve(c) })
	}
}

func (p *Proxy) serve(near net.Conn) {
	f, _ := p.now()
	w := &way{near: near}
	if f.Refuse {
		p.resets.Add(1)
		w.reset()
		return
	}
	if f.Answer == "" {
		p.mu.Lock()
		target := p.target
		p.mu.Unlock()
		far, err := net.Dial("tcp", target)
		if err != nil {
			w.reset()
			return
		}
		w.far = far
	}
	for _, c := range []net.Conn{w.near, w.far} {
		if c, ok := c.(*net.TCPConn); ok {
			c.SetReadBuffer(128 << 10) // the loopback's own are some megabytes
			c.SetWriteBuffer(128 << 10)
		}
	}
	p.mu.Lock()
	if p.fault.Refuse {
		p.mu.Unlock()
		w.reset()
		return
	}
	p.conns[w] = true
	w.dead.Store(p.fault.HalfOpen)
	if p.fault.ResetAfter > 0 {
		w.limit = 1 + rand.Int64N(2*p.fault.ResetAfter)
	}
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		delete(p.conns, w)
		p.mu.Unlock()
		w.reset()
	}()
	if w.far == nil {
		p.answer(w, f.Answer)
		return
	}
	var both sync.WaitGroup
	both.Go(func() { p.pump(w, w.near, w.far, &p.up) })
	both.Go(func() { p.pump(w, w.far, w.near, &p.down) })
	both.Wait()
}

// answer plays the stranger: a portal or a proxy that is not the service.
func (p *Proxy) answer(w *way, text string) {
	in := bufio.NewReader(w.near)
	for {
		r, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		if _, err := io.Copy(io.Discard, io.LimitReader(r.Body, 16<<20)); err != nil {
			return
		}
		p.answered.Add(1)
		if _, err := io.WriteString(w.near, text); err != nil {
			return
		}
	}
}

type piece struct {
	bytes []byte
	due   time.Time
}

// pump carries one direction. What is read waits in a line until it is due, so that a delay does not lower the rate.
func (p *Proxy) pump(w *way, from, to net.Conn, count *atomic.Int64) {
	line := make(chan piece, 8) // little, so that what is lost with a connection is what was on its way and not what waited here
	done := make(chan struct{})
	go func() {
		defer close(done)
		for x := range line {
			if !p.pass(w, to, x) {
				w.reset()
				for range line { // the reader ends by the reset
				}
				return
			}
		}
		if c, ok := to.(*net.TCPConn); ok {
			c.CloseWrite()
		}
	}()
	last := time.Time{}
	for {
		b := make([]byte, 16<<10)
		n, err := from.Read(b)
		count.Add(int64(n))
		if n > 0 {
			f, _ := p.now()
			due := time.Now().Add(f.Delay)
			if f.Spread > 0 {
				due = due.Add(time.Duration(rand.Int64N(int64(2*f.Spread))) - f.Spread)
			}
			if due.Before(last) {
				due = last
			}
			last = due
			line <- piece{b[:n], due}
		}
		if err != nil {
			break
		}
	}
	close(line)
	<-done
}

// pass hands one piece on as the faults of the moment allow. It answers false when the connection is to end.
func (p *Proxy) pass(w *way, to net.Conn, x piece) bool {
	if d := time.Until(x.due); d > 0 {
		time.Sleep(d)
	}
	for b := x.bytes; len(b) > 0; {
		f, changed := p.now()
		switch {
		case w.dead.Load():
			return true // swallowed
		case f.Refuse:
			return false
		case f.Hole:
			<-changed
			continue
		}
		n := len(b)
		if f.Slice > 0 {
			n = min(n, f.Slice)
		}
		if f.Rate > 0 {
			n = min(n, max(1, f.Rate/10))
		}
		p.mu.Lock()
		limit := w.limit
		p.mu.Unlock()
		cut := false
		if left := limit - w.passed.Load(); limit > 0 && left <= int64(n) {
			n, cut = int(max(0, left)), true
		}
		if _, err := to.Write(b[:n]); err != nil {
			return false
		}
		w.passed.Add(int64(n))
		if cut {
			p.resets.Add(1)
			return false
		}
		if f.Rate > 0 {
			time.Sleep(time.Duration(n) * time.Second / time.Duration(f.Rate))
		}
		b = b[n:]
	}
	return true
}

// reset ends a connection the hard way: the other end meets ECONNRESET, not an orderly end.
func (w *way) reset() {
	w.once.Do(func() {
		for _, c := range []net.Conn{w.near, w.far} {
			if t, ok := c.(*net.TCPConn); ok {
				t.SetLinger(0)
			}
			if c != nil {
				c.Close()
			}
		}
	})
}
