package service

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"trestle/internal/contact"
	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// item is one command on its way through a batch.
type item struct {
	caller Caller
	cmd    wire.Command
	hash   string
	decode error
	does   workroom.Command
	group  *group
	index  int

	scopes []workroom.Scope // that it may touch; none if it will be refused for its shape
	others []workroom.Scope // that its author's timeline is computed from, if it changes time
	works  int              // on so many contracts its author works, if it changes time
	ahead  store.Ahead      // what it will ask for
	speaks string           // the field in which it holds contact details, if it does
	tells  []contact.Kind   // what its message holds that the administrator judges (P-25)
	files  []*store.File    // the uploads it names
}

// commands takes a batch, in the order in which the device sends it, and answers when all of it is stored.
func (s *Service) commands(ctx context.Context, in *wire.Commands) (*wire.CommandsOut, error) {
	c := callerOf(ctx)
	if len(in.Cmds) > wire.MaxBatch {
		return nil, workroom.Bad("cmds", "At most %d commands can be sent at once.", wire.MaxBatch)
	}
	if in.Device != "" { // the token says who; the body, whose numbers the commands have
		if !workroom.ValidID(in.Device) {
			return nil, workroom.Bad("device", "The device has no proper id.")
		}
		c.Device = in.Device
	}
	if in.Inc != "" {
		if err := s.sameCopy(ctx, c, in.Inc); err != nil {
			return nil, err
		}
	}
	out := &wire.CommandsOut{Epoch: s.store.Epoch, Results: []wire.Result{}}
	if len(in.Cmds) == 0 {
		return out, nil
	}
	if in.Epoch != "" && in.Epoch != out.Epoch { // it does not know yet what this service has lost
		for _, c := range in.Cmds {
			out.Results = append(out.Results, wire.Result{ID: c.ID, Status: wire.NotRun})
		}
		return out, nil
	}
	if wait := s.paces.take(string(c.Account)+"."+c.token.Device, len(in.Cmds), time.Now()); wait > 0 {
		return nil, tooFast(workroom.Refuse(workroom.Rate).Text, wait)
	}
	if wait := s.accounts.take(string(c.Account), len(in.Cmds), s.now()); wait > 0 {
		return nil, tooFast(workroom.Refuse(workroom.Rate).Text, wait)
	}
	g := newGroup(len(in.Cmds))
	items := make([]*item, len(in.Cmds))
	for i, cmd := range in.Cmds {
		x := &item{caller: c, cmd: cmd, group: g, index: i}
		x.hash = hashOf(cmd)
		x.does, x.decode = workroom.DecodeCommand(cmd.Op, cmd.V, cmd.Args)
		items[i] = x
	}
	if !s.writers.add(items) {
		return nil, busy()
	}
	select {
	case <-g.done:
		if s.failAt(PointAnswer) != nil {
			return nil, busy() // stored all the same
		}
		out.Results = g.results
		for i, r := range g.results {
			s.tally.add(in.Cmds[i].Op, r.Status)
		}
		return out, nil
	case <-ctx.Done(): // it may still be stored; the same ids will be answered from the records
		return nil, busy()
	}
}

// hashOf tells whether a command asked again is the same one: SHA-256 over op, version and arguments.
func hashOf(c wire.Command) string {
	var args bytes.Buffer
	if json.Compact(&args, c.Args) != nil {
		args.Reset()
		args.Write(c.Args)
	}
	h := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d\x00%s", c.Op, c.V, args.Bytes()))
	return hex.EncodeToString(h[:])
}

// paces holds how fast each device may send.
type paces struct {
	mu      sync.Mutex
	byKey   map[string]*rate.Limiter
	rate    rate.Limit
	burst   int
	signUps int
}

func (p *paces) set(l Limits) {
	p.byKey = map[string]*rate.Limiter{}
	p.rate, p.burst, p.signUps = rate.Limit(l.Commands), l.Burst, l.SignUps
	if p.rate == 0 {
		p.rate = 20
	}
	if p.rate < 0 {
		p.rate = rate.Inf
	}
	if p.burst <= 0 {
		p.burst = 300
	}
	if p.signUps == 0 {
		p.signUps = 10
	}
}

// take answers 0 if n commands may pass now, else how long to wait.
func (p *paces) take(key string, n int, now time.Time) time.Duration {
	p.mu.Lock()
	l, ok := p.byKey[key]
	if !ok {
		l = rate.NewLimiter(p.rate, p.burst)
		p.byKey[key] = l
	}
	p.mu.Unlock()
	if l.AllowN(now, n) {
		return 0
	}
	r := l.ReserveN(now, n)
	defer r.CancelAt(now)
	return max(r.DelayFrom(now), time.Second)
}

// prune forgets devices that sent nothing for long enough to have their whole allowance again.
func (p *paces) prune() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for k, l := range p.byKey {
		if l.Tokens() >= float64(p.burst) {
			delete(p.byKey, k)
		}
	}
}
