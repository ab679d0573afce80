package proof

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing/synctest"
	"time"

	"trestle/internal/courier"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

func scopeText(list []workroom.Scope) string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return strings.Join(out, " ")
}

// listen opens the live channel.
func (d *simDevice) listen() {
	d.hangUp()
	ctx, cut := context.WithCancel(simCtx)
	s := &simStream{cut: cut, past: d.w.restores}
	d.stream = s
	man := d.man
	go func() {
		end := man.Listen(ctx, func(e courier.Event) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.heard = append(s.heard, e)
		})
		s.mu.Lock()
		defer s.mu.Unlock()
		s.end = &end
	}()
	synctest.Wait()
}

// collect takes what the live channels said since, in the order of the devices, and lets it travel.
func (w *simWorld) collect() {
	for _, d := range w.devs {
		d.listenIn()
		s := d.stream
		if s == nil || !d.on {
			continue
		}
		s.mu.Lock()
		heard, end := s.heard, s.end
		s.heard = nil
		s.mu.Unlock()
		life := d.life
		for _, e := range heard {
			late := w.span(time.Millisecond, 40*time.Millisecond)
			if !w.cfg.frames || d.deaf {
				w.count("frames dropped")
				continue
			}
			copies := 1
			switch f := w.fault("frame", nil); f {
			case "":
			case "dup":
				copies = 2
				w.fired(f, d, "frame", nil)
			case "delay", "reorder":
				late += w.span(time.Second, 20*time.Second)
				w.fired(f, d, "frame", nil)
			case "halfopen":
				w.fired(f, d, "frame", nil)
				d.stream.cut()
			default:
				w.fired("drop", d, "frame", nil)
				continue
			}
			for range copies {
				w.after(late, func() {
					if d.on && d.life == life && !s.over {
						d.note(Event{Kind: "frame", Op: e.Name()})
						d.step(e)
						if s.past == w.restores {
							d.follow("frame", nil)
						} else { // it was said before the service went back
							d.follow("late frame", nil)
						}
					}
				})
			}
		}
		if end != nil {
			d.stream = nil
			w.after(w.span(time.Millisecond, 40*time.Millisecond), func() {
				s.over = true
				if d.on && d.life == life {
					d.step(*end)
				}
			})
		}
	}
}

// simEar listens at the socket of a live channel: what is told there must be open to the account (I10). And it gives every device the same
// pause at a service's end in each run, because the service spreads them in an order of chance.
type simEar struct {
	io.ReadCloser
	d    *simDevice
	ms   int
	line []byte
}

var byePattern = regexp.MustCompile(`"retry_ms":[0-9]{4}\}`)

func (b *simEar) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	copy(p, byePattern.ReplaceAll(p[:n:n], fmt.Appendf(nil, `"retry_ms":%04d}`, b.ms)))
	for _, c := range p[:n] {
		if c != '\n' {
			b.line = append(b.line, c)
			continue
		}
		if data, ok := bytes.CutPrefix(b.line, []byte("data: ")); ok {
			b.d.overheard(data)
		}
		b.line = b.line[:0]
	}
	return n, err
}

// overheard checks what a frame tells.
func (d *simDevice) overheard(data []byte) {
	var f struct {
		Heads  []wire.HintHead   `json:"h"`
		Beacon []wire.BeaconHead `json:"b"`
		Scope  workroom.Scope    `json:"s"`
		Seq    int64             `json:"seq"`
		Things []wire.Thing      `json:"things"`
	}
	if json.Unmarshal(data, &f) != nil {
		return
	}
	d.ear.Lock()
	defer d.ear.Unlock()
	for _, h := range f.Heads {
		d.heard = append(d.heard, simHeard{scope: h.Scope, seq: h.Seq})
	}
	for _, h := range f.Beacon {
		d.heard = append(d.heard, simHeard{scope: h.Scope, seq: h.Seq})
	}
	if f.Scope != "" {
		d.heard = append(d.heard, simHeard{scope: f.Scope, seq: f.Seq, things: f.Things})
	}
}

type simHeard struct {
	scope  workroom.Scope
	seq    int64
	things []wire.Thing
}

// listenIn checks what the ear heard since: that the account might know of that number when it was given.
func (d *simDevice) listenIn() {
	d.ear.Lock()
	heard := d.heard
	d.heard = nil
	d.ear.Unlock()
	w := d.w
	if w.svc == nil {
		return
	}
	for _, x := range heard {
		w.fail(CheckI10Frame(w.truth, d.who.id, x.scope, x.seq, x.things)...)
	}
	d.named()
}
