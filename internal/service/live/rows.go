package live

import (
	"encoding/json"
	"fmt"
	"strconv"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Rows is what one command wrote into one scope, encoded once for all who watch it; only the reader's gen is added for each.
type Rows struct {
	Scope workroom.Scope
	Seq   int64
	Msgs  int64
	body  []byte // JSON of wire.Rows without its gen
}

// Encode writes rows down. The gen in r is not looked at.
func Encode(r wire.Rows) (*Rows, error) {
	b, err := json.Marshal(struct {
		wire.Rows
		Gen *int64 `json:"gen,omitempty"` // hides that of Rows
	}{Rows: r})
	if err != nil {
		return nil, fmt.Errorf("encode rows: %w", err)
	}
	return &Rows{r.Scope, r.Seq, r.Msgs, b}, nil
}

// Encoded are rows that another node wrote down; body is what Body answered there.
func Encoded(s workroom.Scope, seq, msgs int64, body []byte) *Rows { return &Rows{s, seq, msgs, body} }

// Body is the JSON of the rows without a gen.
func (r *Rows) Body() []byte { return r.body }

// TooLarge reports whether a hint is sent in place of these rows.
func (r *Rows) TooLarge() bool { return len(r.body) > wire.MaxRows }

func (r *Rows) head() wire.HintHead { return wire.HintHead{Scope: r.Scope, Seq: r.Seq, Msgs: r.Msgs} }

const gen = `{"gen":`

func (r *Rows) size() int { return len(r.body) + len(gen) + 32 }

// frame adds the rows as a frame of the live channel for a reader with a gen.
func (q queued) frame(to []byte) []byte {
	to = append(to, "event: rows\ndata: "+gen...)
	to = strconv.AppendInt(to, q.gen, 10)
	to = append(to, ',')
	to = append(to, q.body[1:]...) // after its brace
	return append(to, "\n\n"...)
}
