package service

import "sync"

const maxCopies = 10_000

// copies remembers which copy of a profile sends for a device, so that the database is asked once. It never changes once it is stored.
type copies struct {
	mu sync.Mutex
	of map[string]string
}

func copyKey(c Caller) string { return string(c.Account) + "." + c.Device }

func (l *copies) is(c Caller, inc string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.of[copyKey(c)] == inc
}

func (l *copies) add(c Caller, inc string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.of == nil || len(l.of) >= maxCopies {
		l.of = map[string]string{}
	}
	l.of[copyKey(c)] = inc
}
