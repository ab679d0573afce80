package main

import (
	"context"
	"errors"
	"net"
	"regexp"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// The loopback's own buffers hold megabytes for each connection, and a sender whose bytes all fit into them is done before the first has
// arrived. The receiver's no longer grows once it was set. The sender's is not ours to set, but it is made for some ten segments of the size
// the receiver asks for, which on a loopback are of 64 KB: so the relay asks for those of an ordinary network.
const (
	buffer  = 64 << 10 // bytes
	segment = 1448     // bytes
)

// likeANetwork makes a socket so before it listens or connects.
func likeANetwork(_, _ string, c syscall.RawConn) error {
	var err error
	if e := c.Control(func(fd uintptr) {
		err = errors.Join(
			syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, buffer),
			syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_SNDBUF, buffer),
			syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_MAXSEG, segment))
	}); e != nil {
		return e
	}
	return err
}

// relay passes connections on to a service. It keeps its port while it is cut, so that nobody else can take it meanwhile.
type relay struct {
	target   string
	listener net.Listener
	up, down pace
	version  atomic.Pointer[string] // what the program is said to be; nil or "" for what it says itself

	mu    sync.Mutex
	off   bool
	conns map[net.Conn]bool
	all   sync.WaitGroup
}

func open(target string) (*relay, error) {
	l, err := (&net.ListenConfig{Control: likeANetwork}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &relay{target: target, listener: l, conns: map[net.Conn]bool{}}
	r.all.Go(r.accept)
	return r, nil
}

func (r *relay) addr() string { return r.listener.Addr().String() }

// close ends everything and waits for it.
func (r *relay) close() {
	r.listener.Close()
	r.cut()
	r.all.Wait()
}

// cut ends every connection, and each new one as soon as it comes.
func (r *relay) cut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.off = true
	for c := range r.conns {
		reset(c)
	}
}

// mend lets connections through again.
func (r *relay) mend() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.off = false
}

func (r *relay) accept() {
	for {
		near, err := r.listener.Accept()
		if err != nil {
			return
		}
		r.all.Go(func() { r.serve(near) })
	}
}

// hold keeps a connection to be cut. While the relay is cut it ends it and answers false.
func (r *relay) hold(c net.Conn) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.off {
		reset(c)
		return false
	}
	r.conns[c] = true
	return true
}

func (r *relay) let(c net.Conn) {
	r.mu.Lock()
	delete(r.conns, c)
	r.mu.Unlock()
	c.Close()
}

func (r *relay) serve(near net.Conn) {
	if !r.hold(near) {
		return
	}
	defer r.let(near)
	far, err := (&net.Dialer{Control: likeANetwork}).Dial("tcp", r.target)
	if err != nil {
		reset(near)
		return
	}
	if !r.hold(far) {
		return
	}
	defer r.let(far)
	var both sync.WaitGroup
	both.Go(func() { pass(near, far, &r.up, r.said) })
	both.Go(func() { pass(far, near, &r.down, nil) })
	both.Wait()
}

// pass carries one direction at its pace until an end of it is gone, and then ends both.
func pass(from, to net.Conn, p *pace, change func([]byte) []byte) {
	defer from.Close()
	defer to.Close()
	b := make([]byte, 16<<10)
	for {
		n, err := from.Read(b)
		for rest := b[:n]; len(rest) > 0; {
			part := rest[:p.most(len(rest))]
			rest = rest[len(part):]
			p.wait(len(part))
			if change != nil {
				part = change(part)
			}
			if _, err := to.Write(part); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

var version = regexp.MustCompile(`(?i)(trestle-client: )\d+\.\d+\.\d+`)

// said changes what the program says it is. A request's head is written at once and after the answer to the one before, so it is read whole.
func (r *relay) said(b []byte) []byte {
	v := r.version.Load()
	if v == nil || *v == "" {
		return b
	}
	return version.ReplaceAll(b, []byte("${1}"+*v))
}

// reset ends a connection the hard way: the other end meets an error, not an orderly end.
func reset(c net.Conn) {
	c.(*net.TCPConn).SetLinger(0)
	c.Close()
}

// pace is how fast one direction goes, all connections together; the zero value does not hold anything up.
type pace struct {
	mu      sync.Mutex
	rate    int       // bytes a second; 0 for no limit
	free    time.Time // when the next byte may go
	changed chan struct{}
}

// set makes it another pace, for those that wait too.
func (p *pace) set(rate int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rate, p.free = rate, time.Time{}
	if p.changed != nil {
		close(p.changed)
	}
	p.changed = make(chan struct{})
}

// most is how many of n bytes may go at once: no more than a twentieth of a second's.
func (p *pace) most(n int) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.rate == 0 {
		return n
	}
	return min(n, max(1, p.rate/20))
}

// wait returns when n bytes may go.
func (p *pace) wait(n int) {
	p.mu.Lock()
	if p.rate == 0 {
		p.mu.Unlock()
		return
	}
	now := time.Now()
	if p.free.Before(now) {
		p.free = now
	}
	due := p.free
	p.free = due.Add(time.Duration(n) * time.Second / time.Duration(p.rate))
	changed := p.changed
	p.mu.Unlock()
	select {
	case <-time.After(due.Sub(now)):
	case <-changed:
	}
}
