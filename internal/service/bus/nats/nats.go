// Package nats is the bus over NATS core: nats://HOST:PORT, or several of them with commas. Linking it in makes the scheme known. A server
// that goes away is looked for until it is back; what is published meanwhile is lost, which a bus may do.
package nats

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"trestle/internal/service/bus"
)

// pending is how many notes wait for this node at most; what is more is lost.
const pending = 64 << 10

type conn struct {
	nc *nats.Conn
	in chan *nats.Msg

	mu   sync.RWMutex
	on   map[*nats.Subscription]func([]byte)
	gone sync.WaitGroup
}

var _ bus.Bus = (*conn)(nil)

func init() {
	bus.Register("nats", Open)
	bus.Register("tls", Open)
}

// Open connects, or goes on trying if nobody answers yet. All subscriptions share one channel and one goroutine, so that one costs little.
func Open(address string) (bus.Bus, error) {
	nc, err := nats.Connect(address, nats.Name("trestle"), nats.RetryOnFailedConnect(true), nats.MaxReconnects(-1), nats.ReconnectWait(500*time.Millisecond),
		nats.ReconnectBufSize(-1), nats.Timeout(2*time.Second), nats.PingInterval(10*time.Second), nats.MaxPingsOutstanding(2),
		nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {})) // lost notes are repaired by asking for the heads
	if err != nil {
		return nil, errors.New("this address of a NATS server cannot be used") // the error repeats it, and it may hold a password
	}
	c := &conn{nc: nc, in: make(chan *nats.Msg, pending), on: map[*nats.Subscription]func([]byte){}}
	c.gone.Go(c.loop)
	return c, nil
}

func (c *conn) loop() {
	for m := range c.in {
		if m == nil {
			return
		}
		c.mu.RLock()
		on := c.on[m.Sub]
		c.mu.RUnlock()
		if on != nil {
			on(m.Data)
		}
	}
}

// Publish is bus.Bus.
func (c *conn) Publish(_ context.Context, subject string, data []byte) error {
	if err := c.nc.Publish(subject, data); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	return nil
}

// Subscribe is bus.Bus. It waits until the server knows, so that nothing published after it is missed; without a server it does not.
func (c *conn) Subscribe(subject string, on func([]byte)) (func(), error) {
	c.mu.Lock()
	sub, err := c.nc.ChanSubscribe(subject, c.in)
	if err == nil {
		c.on[sub] = on
	}
	c.mu.Unlock()
	if err != nil {
		return nil, fmt.Errorf("subscribe: %w", err)
	}
	if c.nc.IsConnected() {
		_ = c.nc.FlushTimeout(time.Second) // a server that is slow or gone is told later
	}
	return func() {
		_ = sub.Unsubscribe() // it ends with the connection at the latest
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.on, sub)
	}, nil
}

// Up is bus.Bus.
func (c *conn) Up() bool { return c.nc.IsConnected() }

// Close is bus.Bus.
func (c *conn) Close() error {
	c.nc.Close()
	c.in <- nil // the loop's end, behind what came before
	c.gone.Wait()
	return nil
}
