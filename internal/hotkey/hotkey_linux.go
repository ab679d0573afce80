package hotkey

import (
	"context"
	"os"
	"strings"
	"sync"
)

// open decides between X11, Wayland and nothing at all.
func open(ctx context.Context, k *Keys) (system, error) {
	if os.Getenv("WAYLAND_DISPLAY") != "" || strings.EqualFold(os.Getenv("XDG_SESSION_TYPE"), "wayland") {
		return nil, fail(Unsupported, "Wayland does not let Trestle listen to keys outside its window. Bind the commands in the system's settings instead.")
	}
	display := os.Getenv("DISPLAY")
	if display == "" {
		return nil, fail(Unsupported, "There is no display here to listen on.")
	}
	type dialled struct {
		link *link
		err  error
	}
	done := make(chan dialled, 1)
	go func() {
		l, err := dial(display)
		done <- dialled{l, err}
	}()
	select {
	case d := <-done:
		if d.err != nil {
			return nil, fail(Unsupported, "The display does not let Trestle listen to keys outside its window.")
		}
		x := &x11{keys: k, link: d.link, tasks: make(chan func()), quit: make(chan struct{}), gone: make(chan struct{}), last: map[byte]uint32{}}
		go x.run()
		return x, nil
	case <-ctx.Done():
		go func() { // an answer that comes after all
			if d := <-done; d.link != nil {
				d.link.close()
			}
		}()
		return nil, fail(Unsupported, "The display did not answer.")
	}
}

// x11 grabs keys on the root window. All but the channels is its own goroutine's.
type x11 struct {
	keys  *Keys
	link  *link
	tasks chan func()
	quit  chan struct{}
	gone  chan struct{}
	once  sync.Once

	want    map[Action]Combination
	board   keyboard
	grabbed map[grip]Action
	last    map[byte]uint32 // when a key was let go, in the server's milliseconds
}

// grip is what a press is known by: a key and the modifiers that count.
type grip struct {
	code byte
	mods uint16
}

// run takes presses, new layouts and tasks until close.
func (x *x11) run() {
	defer close(x.gone)
	defer x.link.close() // the server gives back what a client grabbed that ends
	for {
		for len(x.link.later) > 0 {
			p := x.link.later[0]
			x.link.later = x.link.later[1:]
			x.event(p)
		}
		select {
		case <-x.quit:
			return
		case task := <-x.tasks:
			task()
		case p, ok := <-x.link.packets:
			if !ok {
				problems := map[Action]error{}
				for a := range x.want {
					problems[a] = fail(Unsupported, "The display has gone.")
				}
				x.keys.found(problems)
				return
			}
			x.event(p)
		}
	}
}

// event takes one event of the server.
func (x *x11) event(p []byte) {
	switch p[0] & 0x7f {
	case xKeyPress:
		if x.repeats(p[1], le.Uint32(p[4:])) {
			return
		}
		if a, ok := x.grabbed[grip{p[1], le.Uint16(p[28:]) & x.board.counting()}]; ok {
			x.keys.press(a)
		}
	case xKeyRelease:
		x.last[p[1]] = le.Uint32(p[4:])
	case xMapping:
		if p[4] != pointerMapping && x.want != nil {
			x.keys.found(x.grab())
		}
	}
}

// repeats reports whether a press is the server repeating a key that is held: it lets the key go and presses it in the same millisecond.
func (x *x11) repeats(code byte, at uint32) bool {
	let, ok := x.last[code]
	return ok && at-let <= 1
}

func (x *x11) set(want map[Action]Combination) map[Action]error {
	answer := make(chan map[Action]error, 1)
	select {
	case x.tasks <- func() { x.want = want; answer <- x.grab() }:
		return <-answer
	case <-x.gone:
		problems := map[Action]error{}
		for a := range want {
			problems[a] = fail(Unsupported, "The display has gone.")
		}
		return problems
	}
}

// grab gives back what is grabbed and asks anew for all that is wanted, with the keyboard as it is now.
func (x *x11) grab() map[Action]error {
	problems := map[Action]error{}
	lost := func(error) map[Action]error {
		for a := range x.want {
			problems[a] = fail(Unsupported, "The display does not answer.")
		}
		return problems
	}
	x.grabbed = map[grip]Action{}
	replies, _, err := x.link.ask(x.link.ungrabKey(0, anyModifier), x.link.keyboardRequest(), modifiersRequest())
	if err != nil {
		return lost(err)
	}
	x.board = readKeyboard(x.link.low, replies[1], replies[2])
	for a, c := range x.want {
		codes := x.board.codes(c.Key)
		if len(codes) == 0 {
			problems[a] = fail(Absent, "This keyboard has no key for %s. Choose another.", c)
			continue
		}
		var asks, backs [][]byte
		mods := x.board.mask(c.Mods)
		for _, code := range codes {
			for _, locks := range x.board.lockings() {
				asks = append(asks, x.link.grabKey(code, mods|locks))
				backs = append(backs, x.link.ungrabKey(code, mods|locks))
			}
		}
		_, failed, err := x.link.ask(asks...)
		if err != nil {
			return lost(err)
		}
		if len(failed) > 0 { // one lock state too few is a key that works by chance
			if _, _, err := x.link.ask(backs...); err != nil {
				return lost(err)
			}
			problems[a] = fail(Taken, "%s is taken by the desktop or another program. Choose another, or use the tray.", c)
			continue
		}
		for _, code := range codes {
			x.grabbed[grip{code, mods}] = a
		}
	}
	return problems
}

func (x *x11) close() {
	x.once.Do(func() { close(x.quit) })
	<-x.gone
}
