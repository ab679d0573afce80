package service

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"trestle/internal/service/bus"
	"trestle/internal/service/live"
	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Limits of what nodes tell each other.
const (
	fewReaders  = 100       // up to so many readers of a scope are told one by one, with the rows
	maxNote     = 128 << 10 // bytes of rows in one note; what is more is hinted
	maxOut      = 4096      // notes that wait to be published; what is more is lost
	watchWait   = 2 * time.Second
	spreadOver  = 2 * time.Second // many connections of a big scope are told over so long
	spreadSlice = 50              // connections told at once
)

// nodes ties this node to the others of the same service over the bus:
//
//	u.<account>  what an account may know: a root's new number, rows, or the end of a token; subscribed to while it has a connection here
//	s.<scope>    a root with many readers moved on; each node asks who of its own may know
//	c.<conn>     a connection's watched scopes, asked through another node; conn begins with the node's id
//	n.<node>     answers to that
//	p.<node>     who is here at that node
//
// Nothing that passes here is needed: who was not told asks for the heads within a minute.
type nodes struct {
	s   *Service
	bus bus.Bus
	id  string
	out chan outNote
	end chan struct{}
	all sync.WaitGroup

	lost    atomic.Int64
	cancels []func()

	mu   sync.Mutex
	subs map[workroom.AccountID]*listening
	asks map[string]chan bool
	big  map[workroom.Scope]wire.HintHead
	wake chan struct{}
}

type listening struct {
	n      int // connections
	cancel func()
}

type outNote struct {
	subject string
	data    []byte
}

// note is what nodes send each other. Gen stands first, added for each reader.
type note struct {
	Gen   int64         `json:"g,omitempty"`
	From  string        `json:"n"`
	Head  wire.HintHead `json:"h,omitzero"`
	Moved bool          `json:"m,omitempty"`
	Rows  []noteRows    `json:"r,omitempty"`
	End   string        `json:"e,omitempty"` // hash of a token that is no longer good

	Ask    string             `json:"ask,omitempty"`
	Conn   string             `json:"conn,omitempty"`
	Who    workroom.AccountID `json:"who,omitempty"`
	Scopes []workroom.Scope   `json:"scopes,omitempty"`
	OK     bool               `json:"ok,omitempty"`

	State  wire.State                        `json:"state,omitempty"` // how Conn of Who is used
	States map[workroom.AccountID]wire.State `json:"states,omitempty"`
	Typing *wire.Typing                      `json:"typing,omitempty"`
}

type noteRows struct {
	Scope workroom.Scope  `json:"s"`
	Seq   int64           `json:"q"`
	Msgs  int64           `json:"m,omitempty"`
	Body  json.RawMessage `json:"b"`
}

func newNodes(s *Service, b bus.Bus) (*nodes, error) {
	n := &nodes{
		s: s, bus: b, id: s.store.Chance(4), out: make(chan outNote, maxOut), end: make(chan struct{}), wake: make(chan struct{}, 1),
		subs: map[workroom.AccountID]*listening{}, asks: map[string]chan bool{}, big: map[workroom.Scope]wire.HintHead{},
	}
	for subject, on := range map[string]func(note){"s.>": n.moved, "c." + n.id + ".>": n.asked, "n." + n.id: n.answered, signsOf + ">": n.states} {
		cancel, err := b.Subscribe(subject, func(data []byte) {
			if x, ok := read(data); ok && x.From != n.id {
				on(x)
			}
		})
		if err != nil {
			return nil, err
		}
		n.cancels = append(n.cancels, cancel)
	}
	n.all.Go(n.publish)
	n.all.Go(n.tellMany)
	n.sendNote(signsOf+n.id, note{}) // who is here?
	return n, nil
}

func read(data []byte) (note, bool) {
	var x note
	return x, json.Unmarshal(data, &x) == nil
}

func (n *nodes) close() error {
	for _, c := range n.cancels {
		c()
	}
	close(n.end)
	n.all.Wait()
	if n.s.cfg.Link != nil {
		return nil
	}
	return n.bus.Close()
}

// send queues a note; the writers never wait for the bus.
func (n *nodes) send(subject string, data []byte) {
	select {
	case n.out <- outNote{subject, data}:
	default:
		n.lost.Add(1)
	}
}

func (n *nodes) sendNote(subject string, x note) {
	x.From = n.id
	if b, err := json.Marshal(x); err == nil {
		n.send(subject, b)
	}
}

func (n *nodes) publish() {
	for {
		select {
		case <-n.end:
			return
		case x := <-n.out:
			if n.bus.Publish(context.Background(), x.subject, x.data) != nil {
				n.lost.Add(1) // the bus is away
			}
		}
	}
}

// tell publishes what a transaction wrote. e encodes for readers of this root.
func (n *nodes) tell(h store.Hint, e *encoder) {
	if len(h.To) > fewReaders {
		if h.Moved {
			n.sendNote("s."+string(h.Head.Scope), note{Head: h.Head})
		}
		return
	}
	bodies := map[int64][]byte{}
	for _, r := range h.To {
		k := e.hidden(h.Frames, r.FromBorn)
		body, ok := bodies[k]
		if !ok {
			x := note{From: n.id, Head: h.Head, Moved: h.Moved}
			size := 0
			for _, f := range e.rows(h.Frames, r.FromBorn) {
				if size += len(f.Body()); size <= maxNote && !f.TooLarge() {
					x.Rows = append(x.Rows, noteRows{f.Scope, f.Seq, f.Msgs, f.Body()})
				}
			}
			var err error
			if body, err = json.Marshal(x); err != nil {
				continue
			}
			bodies[k] = body
		}
		n.send("u."+string(r.Account), withGen(body, r.Gen))
	}
}

func withGen(body []byte, gen int64) []byte {
	out := append(make([]byte, 0, len(body)+28), `{"g":`...)
	out = strconv.AppendInt(out, gen, 10)
	out = append(out, ',')
	return append(out, body[1:]...)
}

// endToken closes a token's streams on the other nodes.
func (n *nodes) endToken(who workroom.AccountID, hash string) {
	n.sendNote("u."+string(who), note{End: hash})
}

// listen hears of what an account may know, as long as it has a connection here.
func (n *nodes) listen(who workroom.AccountID) {
	n.mu.Lock()
	l := n.subs[who]
	if l == nil {
		l = &listening{}
		n.subs[who] = l
	}
	l.n++
	first := l.n == 1
	n.mu.Unlock()
	if !first {
		return
	}
	cancel, err := n.bus.Subscribe("u."+string(who), func(data []byte) {
		x, ok := read(data)
		if !ok || x.From == n.id {
			return
		}
		if x.End != "" {
			n.s.hub.End(x.End)
			return
		}
		if x.Typing != nil {
			n.s.hub.Sign(who, live.Sign{Typing: x.Typing})
			return
		}
		out := live.Note{Head: x.Head, Moved: x.Moved, Gen: x.Gen}
		for _, r := range x.Rows {
			out.Rows = append(out.Rows, live.Encoded(r.Scope, r.Seq, r.Msgs, r.Body))
		}
		n.s.hub.Tell(who, out)
	})
	if err != nil { // heard by the heads within a minute
		n.s.log.Error("listen to the bus", "error", err.Error())
		return
	}
	n.mu.Lock()
	gone := n.subs[who] != l
	if !gone {
		l.cancel = cancel
	}
	n.mu.Unlock()
	if gone {
		cancel()
	}
}

func (n *nodes) leave(who workroom.AccountID) {
	n.mu.Lock()
	l := n.subs[who]
	var cancel func()
	if l != nil {
		if l.n--; l.n == 0 {
			delete(n.subs, who)
			cancel = l.cancel
		}
	}
	n.mu.Unlock()
	if cancel != nil {
		cancel()
	}
}

// moved notes that a scope with many readers moved on.
func (n *nodes) moved(x note) {
	n.mu.Lock()
	if n.big[x.Head.Scope].Seq < x.Head.Seq {
		n.big[x.Head.Scope] = x.Head
	}
	n.mu.Unlock()
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

// tellMany finds out who of those connected here may know of big scopes, and tells them a few at a time.
func (n *nodes) tellMany() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for {
		select {
		case <-n.end:
			return
		case <-n.wake:
		}
		n.mu.Lock()
		big := n.big
		n.big = map[workroom.Scope]wire.HintHead{}
		n.mu.Unlock()
		for sc, head := range big {
			if !sc.Valid() {
				continue
			}
			var readers []store.Reader
			err := n.s.store.Read(ctx, func(tx store.Tx) (err error) {
				readers, err = tx.Readers(ctx, sc)
				return err
			})
			if err != nil {
				n.s.fail(ctx, "read whom to tell", err)
				continue
			}
			here := n.s.hub.Here(func(yield func(workroom.AccountID) bool) {
				for _, r := range readers {
					if !yield(r.Account) {
						return
					}
				}
			})
			n.spread(live.Note{Head: head, Moved: true}, here)
		}
	}
}

// spread tells the first at once and the rest over two seconds, so that not all of them ask at the same moment.
func (n *nodes) spread(x live.Note, to []workroom.AccountID) {
	rand.Shuffle(len(to), func(i, j int) { to[i], to[j] = to[j], to[i] })
	parts := slices.Collect(slices.Chunk(to, spreadSlice))
	for i, part := range parts {
		time.AfterFunc(spreadOver*time.Duration(i)/time.Duration(len(parts)), func() {
			for _, who := range part {
				n.s.hub.Tell(who, x)
			}
		})
	}
}

// watch asks the node that has a connection to replace its watched scopes. found is false if that node has no such connection; an error is
// that it does not answer.
func (n *nodes) watch(ctx context.Context, conn string, who workroom.AccountID, scopes []workroom.Scope) (found bool, err error) {
	node, rest, ok := strings.Cut(conn, ".")
	if !ok || node == n.id || !workroom.ValidID(node) || !workroom.ValidID(rest) {
		return false, nil
	}
	ask, answer := n.s.store.Chance(8), make(chan bool, 1)
	n.mu.Lock()
	n.asks[ask] = answer
	n.mu.Unlock()
	defer func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		delete(n.asks, ask)
	}()
	n.sendNote("c."+conn, note{Ask: ask, Conn: conn, Who: who, Scopes: scopes})
	wait := time.NewTimer(watchWait)
	defer wait.Stop()
	select {
	case found = <-answer:
		return found, nil
	case <-wait.C:
		return false, busy()
	case <-ctx.Done():
		return false, busy()
	}
}

// asked does to a connection here what its account asked another node for: other watched scopes, or another state.
func (n *nodes) asked(x note) {
	if x.State.Known() {
		n.s.used(x.Conn, x.Who, x.State)
		return
	}
	if workroom.ValidID(x.From) {
		n.sendNote("n."+x.From, note{Ask: x.Ask, OK: n.s.hub.Watch(x.Conn, x.Who, x.Scopes)})
	}
}

func (n *nodes) answered(x note) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if answer, ok := n.asks[x.Ask]; ok {
		select {
		case answer <- x.OK:
		default:
		}
	}
}
