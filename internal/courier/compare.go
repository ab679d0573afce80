package courier

import (
	"context"
	"slices"
	"sync"
	"time"

	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// match compares this copy with the service's by digests: the whole of a scope after a pull that says its digest, and part by part while
// nothing else is to be done. What differs is opened anew and counted; no such thing should ever happen (sync.md §14).
type match struct {
	mu      sync.Mutex
	last    map[workroom.Scope]time.Time // of a whole scope, when it was compared
	after   part                         // the part compared last
	checked int
	unlike  int
}

// part of a scope: undated things where hi is 0, else the dated ones with lo ≤ born ≤ hi.
type part struct {
	scope  workroom.Scope
	lo, hi int64
}

func (p part) before(o part) bool {
	if p.scope != o.scope {
		return p.scope < o.scope
	}
	return p.hi < o.hi
}

// differs reports whether a fully held scope is not what the service says it is at the page's end. A scope is compared at most once a
// minute, in tests (Options.Unlike) each time. What cannot be compared, such as an own ack ahead of the cursor, does not differ.
func (c *Courier) differs(ctx context.Context, s workroom.Scope, page *wire.Page) bool {
	if page.More || page.Digest == "" || !c.due(s) {
		return false
	}
	sum, seq, ok, err := c.rep.Digest(ctx, s)
	if err != nil || !ok || seq != page.Seq {
		return false
	}
	return c.judge(part{scope: s}, seq, sum, page.Digest)
}

func (c *Courier) due(s workroom.Scope) bool {
	now := c.o.Now()
	c.match.mu.Lock()
	defer c.match.mu.Unlock()
	if c.match.last == nil {
		c.match.last = map[workroom.Scope]time.Time{}
	}
	if at, ok := c.match.last[s]; ok && c.o.Unlike == nil && now.Sub(at) < compareEvery {
		return false
	}
	c.match.last[s] = now
	return true
}

// judge counts a comparison and reports whether the two differ.
func (c *Courier) judge(p part, seq int64, here wire.Digest, there string) bool {
	unlike := here.String() != there
	c.match.mu.Lock()
	c.match.checked++
	if unlike {
		c.match.unlike++
	}
	c.match.mu.Unlock()
	if unlike {
		c.o.Logf("the copy of %s (born %d to %d) at %d is not the service's: %s, not %s; it is read anew", p.scope, p.lo, p.hi, seq, here, there)
		if c.o.Unlike != nil {
			c.o.Unlike(p.scope)
		}
	}
	return unlike
}

// Compared is how many digests were compared with the service's, and how many of them differed.
func (c *Courier) Compared() (checked, unlike int) {
	c.match.mu.Lock()
	defer c.match.mu.Unlock()
	return c.match.checked, c.match.unlike
}

// compareNext compares the next part of the copy, round and round.
func (c *Courier) compareNext(ctx context.Context) finish {
	none := told(evCompared{})
	p, ok := c.nextPart(ctx)
	if !ok {
		return none
	}
	c.match.mu.Lock()
	c.match.after = p
	c.match.mu.Unlock()
	sum, seq, ok, err := c.rep.DigestSpan(ctx, p.scope, p.lo, p.hi)
	if err != nil || !ok {
		return none
	}
	out, err := c.asker().Digest(ctx, wire.DigestIn{Scope: p.scope, Lo: p.lo, Hi: p.hi, Min: seq})
	if err != nil || out.AsOf != seq {
		return none // it moved on meanwhile; another minute
	}
	return told(evCompared{p.scope, c.judge(p, seq, sum, out.Digest)})
}

// nextPart is the part after the one compared last; parts are at most wire.MaxDigest born numbers long.
func (c *Courier) nextPart(ctx context.Context) (part, bool) {
	cursors, err := c.rep.Cursors(ctx)
	if err != nil {
		return part{}, false
	}
	c.match.mu.Lock()
	last := c.match.after
	c.match.mu.Unlock()
	slices.SortFunc(cursors, func(a, b replica.Cursor) int {
		if a.Scope < b.Scope {
			return -1
		}
		return 1
	})
	var first, next *part
	for _, cur := range cursors {
		if cur.Hold != replica.Whole || cur.Scope < last.scope && first != nil {
			continue
		}
		for _, p := range c.parts(ctx, cur) {
			if first == nil {
				first = &p
			}
			if next == nil && last.before(p) {
				next = &p
			}
		}
		if next != nil {
			return *next, true
		}
	}
	if first == nil {
		return part{}, false
	}
	return *first, true
}

// parts lists what of a held scope can be compared, in order.
func (c *Courier) parts(ctx context.Context, cur replica.Cursor) []part {
	out := []part{{scope: cur.Scope}}
	spans, err := c.rep.Spans(ctx, cur.Scope)
	if err != nil {
		return out
	}
	for _, s := range spans {
		hi := min(s.Hi, cur.Seq)
		for lo := max(s.Lo, 1); lo <= hi; lo += wire.MaxDigest + 1 {
			out = append(out, part{cur.Scope, lo, min(hi, lo+wire.MaxDigest)})
		}
	}
	return out
}
