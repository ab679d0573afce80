// Package bus carries notes between the nodes of one service: which scope moved on, what was written there, whose token ended. It promises
// nothing: a note may be lost, and the devices then find out by asking for the heads. It stores nothing and knows nothing of what it carries.
package bus

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
)

// Bus is one node's connection. Subjects are words of letters, digits, '-', '_' and ':' between dots.
type Bus interface {
	// Publish hands a note to whoever subscribed, this node included. It does not wait for them.
	Publish(ctx context.Context, subject string, data []byte) error
	// Subscribe calls on for each note of a subject, or of all that begin like it if it ends in ".>", one after the other. on must be quick and
	// must not keep or change data. cancel ends it.
	Subscribe(subject string, on func(data []byte)) (cancel func(), err error)
	// Up reports whether notes pass now.
	Up() bool
	Close() error
}

var (
	// ErrNoDriver says that this build cannot speak to that kind of bus.
	ErrNoDriver = errors.New("this build has no driver for this kind of bus")
	// ErrAddress says that an address names no bus.
	ErrAddress = errors.New("the address of a bus is mem: or nats://…")
)

var drivers = struct {
	sync.Mutex
	open map[string]func(address string) (Bus, error)
}{open: map[string]func(string) (Bus, error){}}

// Register makes a kind of bus known by the scheme of its address. A driver's package does so when it is linked in.
func Register(scheme string, open func(address string) (Bus, error)) {
	drivers.Lock()
	defer drivers.Unlock()
	drivers.open[scheme] = open
}

// Open connects to the bus at an address: nats://HOST:PORT. "" and mem: are a node alone, which needs none, so the answer is nil.
func Open(address string) (Bus, error) {
	scheme, _, ok := strings.Cut(address, ":")
	if address == "" || scheme == "mem" {
		return nil, nil
	}
	drivers.Lock()
	open := drivers.open[scheme]
	drivers.Unlock()
	switch {
	case open != nil:
	case ok && (scheme == "nats" || scheme == "tls"):
		return nil, fmt.Errorf("%s: %w", scheme, ErrNoDriver)
	default:
		return nil, ErrAddress
	}
	b, err := open(address)
	if err != nil {
		return nil, fmt.Errorf("open the bus: %w", err)
	}
	return b, nil
}
