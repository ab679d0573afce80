// Package contact says what in a text is a contact detail: a telephone number, an e-mail or postal address, a form, a way to apply elsewhere,
// a name on an application with messages, or the wish for one of these. Until a contract between two people has started such things are
// held back (P-01 to P-03); the desktop asks this package while somebody types, the service asks it again before it takes the words. It also
// finds what is only worth a word of its own: links that make appointments, pasted secrets, and payment outside a contract.
//
// It is pure, knows no person and no room, never panics whatever the text, and takes time in proportion to its length: each finder starts at
// a sign or word of its own and looks only so far around it. It is written against how people hide such things (spaces, "at" and "dot", digits
// of other scripts, characters without width, formatting within a number), and as much against taking numbers, dates, prices, versions and code for them: a false alarm
// costs a person's time at each message. It does not try to be unbeatable.
package contact

import "slices"

// Kind says what was found.
type Kind string

// Kinds that are held back before a contract (P-02, P-03).
const (
	Phone       Kind = "phone"
	Email       Kind = "email"
	Address     Kind = "address"     // where somebody lives or works
	Form        Kind = "form"        // a contact form, or a form that asks for details
	Application Kind = "application" // an applicant system or another way to apply elsewhere
	Handle      Kind = "handle"      // a name, or a link to one, on an application with messages
	Ask         Kind = "ask"         // asks for any of these, or to go on elsewhere
)

// Kinds that are not held back: they are worth a question or a warning.
const (
	Scheduling Kind = "scheduling" // a link that makes an appointment (P-13)
	Secret     Kind = "secret"     // a password or key (P-14)
	Payment    Kind = "payment"    // money asked for, or a way of paying, before a contract (P-18)
	PastLedger Kind = "ledger"     // payment kept out of a contract's ledger (P-18)
)

// Held reports whether things of this kind may not be shared before a contract.
func (k Kind) Held() bool {
	switch k {
	case Phone, Email, Address, Form, Application, Handle, Ask:
		return true
	}
	return false
}

// Span is where something was found: bytes From up to To of the text.
type Span struct {
	From, To int
	Kind     Kind
}

// MaxText is how long a text is looked at, in bytes: that of the largest text file that is read (P-01). What is longer is cut there.
const MaxText = 1 << 20

// Find lists what a text holds, in order, none over another. The text may be anything, valid UTF-8 or not.
func Find(text string) []Span {
	found, _ := find(text)
	return found
}

// find is Find with the number of steps it took, each of bounded work.
func find(text string) ([]Span, int) {
	if len(text) > MaxText {
		text = text[:MaxText]
	}
	all, steps := scanned(text)
	if seen, from, ok := shown(text); ok {
		more, n := scanned(seen)
		for _, x := range more {
			all = append(all, Span{from[x.From], from[x.To-1] + 1, x.Kind})
		}
		steps += n
	}
	return settle(all), steps
}

// scanned is what all finders see in a text.
func scanned(text string) ([]Span, int) {
	s := newScan(text)
	s.links()
	s.emails()
	s.secrets()
	s.handles()
	s.phones()
	s.addresses()
	s.asks()
	s.payments()
	return s.found, s.steps
}

// Held lists only what may not be shared before a contract.
func Held(text string) []Span {
	return slices.DeleteFunc(Find(text), func(s Span) bool { return !s.Kind.Held() })
}

// Kinds are the distinct kinds among some spans, in the order of their first.
func Kinds(spans []Span) []Kind {
	var out []Kind
	for _, s := range spans {
		if !slices.Contains(out, s.Kind) {
			out = append(out, s.Kind)
		}
	}
	return out
}

// settle sorts what the finders saw and takes away what lies over something else: what is held wins over what is only worth a word, then
// what begins first, then what is longer.
func settle(all []Span) []Span {
	slices.SortStableFunc(all, func(a, b Span) int {
		switch {
		case a.From != b.From:
			return a.From - b.From
		case a.Kind.Held() != b.Kind.Held():
			if a.Kind.Held() {
				return -1
			}
			return 1
		}
		return b.To - a.To
	})
	out := []Span{}
	for _, x := range all {
		if x.From >= x.To {
			continue
		}
		if n := len(out); n > 0 && x.From < out[n-1].To {
			if last := &out[n-1]; x.Kind.Held() && !last.Kind.Held() {
				if x.From > last.From {
					last.To = x.From
					out = append(out, x)
				} else {
					*last = x
				}
			}
			continue
		}
		out = append(out, x)
	}
	return out
}
