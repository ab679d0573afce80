// Package hotkey listens to combinations of keys anywhere in the system, whatever window has the focus. What a combination is, how it is
// written and which ones are never taken is pure and the same everywhere; one file a system asks for them: X11 by passive grabs of the root
// window, Windows by RegisterHotKey. Wayland and macOS have no such way for a program like this one, and that is said.
package hotkey

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
)

// Action names what a combination stands for. The package gives it no meaning.
type Action string

// Code says why a combination does not work.
type Code string

// The codes of an Error.
const (
	Malformed   Code = "malformed"   // not a combination at all
	Forbidden   Code = "forbidden"   // it would take something from every program, or from the system
	Taken       Code = "taken"       // another program or the desktop has it
	Double      Code = "double"      // two actions want the same one
	Absent      Code = "absent"      // this keyboard has no such key
	Unsupported Code = "unsupported" // this system lets no program listen everywhere
)

// Error is why a combination does not work, with a sentence for the person who chose it.
type Error struct {
	Code Code
	Text string
}

func (e *Error) Error() string { return e.Text }

// CodeOf answers the code of an error of this package, Unsupported for any other.
func CodeOf(err error) Code {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return Unsupported
}

func fail(code Code, format string, args ...any) *Error {
	return &Error{code, fmt.Sprintf(format, args...)}
}

// Keys are the combinations that are listened to. Its methods may be called from any goroutine.
type Keys struct {
	pressed chan Action
	done    chan struct{}
	once    sync.Once
	sys     system

	mu       sync.Mutex
	refused  map[Action]error // by the rules, before the system was asked
	problems map[Action]error // by the system
}

// system is one way of listening.
type system interface {
	// set replaces what is listened to, and answers what did not work.
	set(map[Action]Combination) map[Action]error
	// close ends listening and waits until nothing is taken any more.
	close()
}

// Open begins to listen; no combination is taken before Set. It waits for the system no longer than ctx and answers an *Error with
// Unsupported where no program may listen.
func Open(ctx context.Context) (*Keys, error) {
	k := &Keys{pressed: make(chan Action, 8), done: make(chan struct{})}
	sys, err := open(ctx, k)
	if err != nil {
		return nil, err
	}
	k.sys = sys
	return k, nil
}

// Pressed gives the actions in the order their combinations were pressed; a key that is held counts once. It is closed by nobody: Done says
// that nothing comes any more.
func (k *Keys) Pressed() <-chan Action { return k.pressed }

// Done is closed by Close.
func (k *Keys) Done() <-chan struct{} { return k.done }

// Set replaces all that is listened to and answers, for each action whose combination does not work, an *Error. The others work.
func (k *Keys) Set(want map[Action]Combination) map[Action]error {
	good, refused := sift(want)
	problems := k.sys.set(good)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.refused, k.problems = refused, problems
	return k.all()
}

// Problems is what Set answered, brought up to date: another keyboard layout may lack a key.
func (k *Keys) Problems() map[Action]error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.all()
}

func (k *Keys) all() map[Action]error {
	all := map[Action]error{}
	maps.Copy(all, k.refused)
	maps.Copy(all, k.problems)
	return all
}

// Close gives every combination back.
func (k *Keys) Close() {
	k.once.Do(func() {
		close(k.done)
		k.sys.close()
	})
}

// press reports a combination. Nobody who does not listen holds up the system's thread.
func (k *Keys) press(a Action) {
	select {
	case k.pressed <- a:
	default:
	}
}

// found keeps what the system says later.
func (k *Keys) found(problems map[Action]error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.problems = problems
}

// Refused is why some of these would not be listened to whatever the system says: forbidden ones and doubles. It needs nobody who listens.
func Refused(want map[Action]Combination) map[Action]error {
	_, refused := sift(want)
	return refused
}

// sift takes out what is never asked for: forbidden combinations and doubles.
func sift(want map[Action]Combination) (good map[Action]Combination, refused map[Action]error) {
	good, refused = map[Action]Combination{}, map[Action]error{}
	for a, c := range want {
		if err := c.Check(); err != nil {
			refused[a] = err
			continue
		}
		for b, other := range want {
			if a != b && other == c {
				refused[a] = fail(Double, "%s stands for two things. Choose another for one of them.", c)
			}
		}
		if refused[a] == nil {
			good[a] = c
		}
	}
	return good, refused
}
