package bus

import (
	"context"
	"slices"
	"strings"
	"sync"
)

// Mem is a bus for nodes inside one program: notes are delivered before Publish returns.
type Mem struct {
	mu   sync.Mutex
	subs []*subscription
	down bool
}

type subscription struct {
	subject string
	on      func([]byte)
}

var _ Bus = (*Mem)(nil)

// NewMem makes a bus that several services of one program can share.
func NewMem() *Mem { return &Mem{} }

// Publish is Bus.
func (m *Mem) Publish(_ context.Context, subject string, data []byte) error {
	m.mu.Lock()
	list, down := slices.Clone(m.subs), m.down
	m.mu.Unlock()
	if down {
		return nil
	}
	for _, s := range list {
		if matches(s.subject, subject) {
			s.on(data)
		}
	}
	return nil
}

// Subscribe is Bus.
func (m *Mem) Subscribe(subject string, on func([]byte)) (func(), error) {
	s := &subscription{subject, on}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.subs = append(m.subs, s)
	return func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.subs = slices.DeleteFunc(slices.Clone(m.subs), func(x *subscription) bool { return x == s })
	}, nil
}

// matches reports whether a subject is the one subscribed to, or lies below it.
func matches(want, subject string) bool {
	if below, ok := strings.CutSuffix(want, ">"); ok {
		return strings.HasPrefix(subject, below) && len(subject) > len(below)
	}
	return want == subject
}

// Cut makes the bus lose every note until it is called with false.
func (m *Mem) Cut(down bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.down = down
}

// Up is Bus.
func (m *Mem) Up() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return !m.down
}

// Close is Bus; there is nothing to close.
func (m *Mem) Close() error { return nil }
