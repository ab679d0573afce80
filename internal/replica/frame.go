package replica

import (
	"trestle/internal/wire"
)

// Frame is what one command wrote into a watched scope, as the live channel brought it: a page of one seq that needs no question. Epoch is
// the one the connection said hello with. It is applied only if it follows the cursor in the same generation and epoch; else ErrStale, and
// the scope is pulled: losing a frame costs time, never a row.
type Frame struct {
	Epoch string
	wire.Rows
}

func (c Frame) durable() bool { return false }

func (c Frame) apply(t *tx) error {
	if c.Seq <= c.Prev || c.Tag == "" && len(c.Things) == 0 {
		return ErrStale
	}
	return Page{Scope: c.Scope, Epoch: c.Epoch, Gen: c.Gen, After: c.Prev,
		Page: wire.Page{Things: c.Things, Seq: c.Seq, Tag: c.Tag, Msgs: c.Msgs, More: true}}.apply(t) // one seq is never the end of a pull
}
