package app

import (
	"slices"
	"strconv"
	"sync"
	"unicode/utf8"

	"trestle/internal/contact"
	"trestle/internal/workroom"
)

// Hints under a message that somebody else wrote.
const (
	hintAsks = "asks" // it asks for contact details before a contract (P-17)
	hintPays = "pays" // it speaks of money before a contract, or past its ledger (P-18)
)

// hintMemo remembers what was found in messages, so that a room that is read again need not be searched again.
type hintMemo struct {
	mu   sync.Mutex
	list map[string][]contact.Kind
}

// mostHints is how many messages are remembered.
const mostHints = 4000

// kinds are what a message holds.
func (h *hintMemo) kinds(id string, m *workroom.Message) []contact.Kind {
	if m.Text == "" {
		return nil
	}
	key := id + " " + strconv.FormatInt(m.Edited, 36) + " " + strconv.Itoa(len(m.Text)) // no two wordings of a message have both alike
	h.mu.Lock()
	defer h.mu.Unlock()
	k, ok := h.list[key]
	if !ok {
		if h.list == nil || len(h.list) >= mostHints {
			h.list = map[string][]contact.Kind{}
		}
		k = contact.Kinds(contact.Find(m.Text))
		h.list[key] = k
	}
	return k
}

// hint puts onto a row what its reader should know: the reason its author named for contact details (P-04), that it asks for some, that it
// speaks of money.
func (s *Session) hint(row *MessageRow, m *workroom.Message, room workroom.RoomID) {
	if m.Deleted != 0 || row.Mine && m.Contact == "" {
		return
	}
	kinds := s.hints.kinds(row.ID, m)
	if m.Contact != "" && (len(m.Files) > 0 || slices.ContainsFunc(kinds, contact.Kind.Held)) {
		row.Contact = string(m.Contact)
	}
	switch {
	case row.Mine || m.Auto:
	case slices.Contains(kinds, contact.PastLedger):
		row.Hint = hintPays
	case slices.Contains(kinds, contact.Payment): // whoever is free of the rule about contact details is not free of this one
		if met, err := s.met(); err == nil && !met[m.Author] {
			row.Hint = hintPays
		}
	case slices.Contains(kinds, contact.Ask):
		if free, err := s.freeToShare(room, s.policy.mode()); err == nil && !free {
			row.Hint = hintAsks
		}
	}
}

// units translates places of a text from bytes to the units in which JavaScript counts. Places are asked for in rising order.
func units(text string) func(int) int64 {
	byteAt, unitAt := 0, int64(0)
	return func(to int) int64 {
		for byteAt < to && byteAt < len(text) {
			r, n := utf8.DecodeRuneInString(text[byteAt:])
			byteAt += n
			unitAt++
			if r >= 0x10000 {
				unitAt++
			}
		}
		return unitAt
	}
}
