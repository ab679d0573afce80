package proof

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"strings"
)

// Event is one line of a history: what happened at a moment of a run, without a word of what people wrote. Fields that do not apply are
// left empty.
type Event struct {
	N      int    `json:"n"`             // number in the history, from 1
	At     int64  `json:"at"`            // µs since the run began
	Dev    string `json:"dev,omitempty"` // the device it happened on; empty = the service or the run itself
	Kind   string `json:"kind"`          // ask, answer, store, act, fault, crash, wrote, check …
	Op     string `json:"op,omitempty"`  // operation of the wire, command, or fault
	Scope  string `json:"s,omitempty"`
	Lane   string `json:"lane,omitempty"`
	ID     string `json:"id,omitempty"`
	Seq    int64  `json:"q,omitempty"`
	Gen    int64  `json:"g,omitempty"`
	Status string `json:"status,omitempty"`
	Text   string `json:"text,omitempty"` // codes and counts
	Rolls  int    `json:"r,omitempty"`    // how often chance was asked until then; tells where two runs part
}

// History records a run as JSON lines and hashes it on the way, so that two runs of one seed can be compared. Names that differ from run to
// run (ids that the service makes) are replaced by the names given with Alias.
type History struct {
	events  []Event
	sum     hash.Hash
	aliases []string
	rename  *strings.Replacer
	start   int64
}

// NewHistory begins a history at a moment in Unix µs.
func NewHistory(start int64) *History {
	return &History{sum: sha256.New(), rename: strings.NewReplacer(), start: start}
}

// Alias makes every later event say name where it would say id.
func (h *History) Alias(id, name string) {
	h.aliases = append(h.aliases, id, name)
	h.rename = strings.NewReplacer(h.aliases...)
}

// Add records an event at a moment in Unix µs.
func (h *History) Add(at int64, e Event) {
	e.N, e.At = len(h.events)+1, at-h.start
	for _, s := range []*string{&e.Scope, &e.Lane, &e.ID, &e.Status, &e.Text} {
		*s = h.rename.Replace(*s)
	}
	h.events = append(h.events, e)
	b, _ := json.Marshal(e) // strings and numbers always marshal
	h.sum.Write(append(b, '\n'))
}

// Events are all events so far.
func (h *History) Events() []Event { return h.events }

// Hash is the SHA-256 of the lines so far, shortened to 16 hex digits.
func (h *History) Hash() string { return hex.EncodeToString(h.sum.Sum(nil))[:16] }

// WriteTo writes the history as JSON lines.
func (h *History) WriteTo(w io.Writer) (int64, error) {
	var n int64
	for _, e := range h.events {
		b, err := json.Marshal(e)
		if err != nil {
			return n, fmt.Errorf("write history: %w", err)
		}
		k, err := w.Write(append(b, '\n'))
		n += int64(k)
		if err != nil {
			return n, fmt.Errorf("write history: %w", err)
		}
	}
	return n, nil
}

// Tail is the last n events that touch the scope or device of what went wrong, as lines for a person; with nothing named, the last n.
func (h *History) Tail(n int, about ...string) string {
	var keep []Event
	for i := len(h.events) - 1; i >= 0 && len(keep) < n; i-- {
		e := h.events[i]
		if e.touches(about) {
			keep = append(keep, e)
		}
	}
	var b strings.Builder
	for i := len(keep) - 1; i >= 0; i-- {
		e := keep[i]
		fmt.Fprintf(&b, "  %6d %9.3fs %6d %-6s %-8s %s\n", e.N, float64(e.At)/1e6, e.Rolls, e.Dev, e.Kind, e.words())
	}
	return b.String()
}

func (e Event) touches(about []string) bool {
	for _, a := range about {
		if a != "" && (e.Scope == a || e.Dev == a || e.ID == a) {
			return true
		}
	}
	return len(about) == 0
}

func (e Event) words() string {
	var out []string
	for _, s := range []string{e.Op, e.Scope, e.Lane, e.ID, e.Status} {
		if s != "" {
			out = append(out, s)
		}
	}
	if e.Seq != 0 || e.Gen != 0 {
		out = append(out, fmt.Sprintf("g%d q%d", e.Gen, e.Seq))
	}
	if e.Text != "" {
		out = append(out, e.Text)
	}
	return strings.Join(out, " ")
}
