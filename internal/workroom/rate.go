package workroom

// A lower rate is the one term that the client cannot change alone (W-23): the client asks for it, and from the Monday after the freelancer
// agreed it counts. What is asked for and not answered stands among the turns; nothing else is stored of it.

// RateAct is what somebody does about a lower rate.
type RateAct string

// Acts on a lower rate.
const (
	RateAsk      RateAct = "ask"      // by the client; it takes the place of what was asked before
	RateAgree    RateAct = "agree"    // by the freelancer
	RateDecline  RateAct = "decline"  // by the freelancer
	RateWithdraw RateAct = "withdraw" // by the client
)

// LowerRate asks for a lower rate, or answers what was asked.
type LowerRate struct {
	Contract ContractID `json:"contract"`
	Act      RateAct    `json:"act"`
	Rate     int64      `json:"rate,omitempty"`  // minor units an hour, to ask for it
	Asked    int64      `json:"asked,omitempty"` // but to ask: the moment of what was read
}

// Op is OpLowerRate.
func (c LowerRate) Op() Op { return OpLowerRate }

// Scopes are the contract's.
func (c LowerRate) Scopes() []Scope { return []Scope{ContractScope(c.Contract)} }

// Lane is the contract's.
func (c LowerRate) Lane() string { return string(ContractScope(c.Contract)) }

// Wants is the contract.
func (c LowerRate) Wants() []Ref {
	return []Ref{{ContractScope(c.Contract), KindContract, string(c.Contract)}}
}

// Check refuses an act without what it needs.
func (c LowerRate) Check() *Refusal {
	switch {
	case !ValidID(string(c.Contract)):
		return Refuse(BadInput)
	case c.Act == RateAsk && c.Rate <= 0:
		return Bad("rate", "The hourly rate must be more than 0.")
	case c.Act == RateAsk && c.Asked == 0:
		return nil
	case (c.Act == RateAgree || c.Act == RateDecline || c.Act == RateWithdraw) && c.Asked > 0 && c.Rate == 0:
		return nil
	}
	return Refuse(BadInput)
}

// Do writes the turn, and with an agreement the contract with its new rate.
func (c LowerRate) Do(a Asked, in Rows, out *Changes) *Refusal {
	n, r := party(a, in, c.Contract)
	if r != nil || n == nil {
		return r
	}
	if r := n.mayLower(a.By, c.Act); r != nil {
		return r
	}
	h := ReadHistory(in, c.Contract)
	k := ContractScope(c.Contract)
	t := &Turn{What: rateTurns[c.Act], By: a.By, At: h.next(a)}
	asked := h.RateAsked()
	if c.Act == RateAsk {
		if c.Rate >= n.Terms.Rate {
			return Bad("rate", "This is not lower than the rate. It can be raised without asking.")
		}
		if asked != nil && asked.Amount == c.Rate {
			return nil
		}
		if r := h.mayChange(a.By, t.At); r != nil {
			return r
		}
		t.Amount = c.Rate
		out.Put(k, a.ID, t)
		return nil
	}
	if asked == nil || asked.At != c.Asked {
		return &Refusal{Code: Moved, Text: "This was answered already, or something else is asked for now."}
	}
	if c.Act == RateAgree {
		was, now := n.Terms, n.Terms
		now.Rate = asked.Amount
		t.Was, t.Terms = &was, &now
		changed := *n
		changed.Terms = now
		out.Put(k, string(c.Contract), &changed)
	} else {
		t.Amount = asked.Amount
	}
	out.Put(k, a.ID, t)
	return nil
}

var rateTurns = map[RateAct]TurnWhat{RateAsk: TurnRateAsked, RateAgree: TurnTerms, RateDecline: TurnRateDeclined, RateWithdraw: TurnRateWithdrawn}

// mayLower says why one side may not do this about a lower rate now, nil if it may.
func (n *Contract) mayLower(who AccountID, act RateAct) *Refusal {
	switch asks := act == RateAsk || act == RateWithdraw; {
	case who != n.Client && who != n.Freelancer || n.Started == 0:
		return Refuse(NoAccess)
	case asks && who != n.Client:
		return Refuse(ClientOnly)
	case !asks && who != n.Freelancer:
		return Refuse(FreelancerOnly)
	case !n.Status.Runs():
		return Refuse(NotRunning)
	}
	return nil
}

// MayLower says why an account may not do this about a lower rate of a contract now, nil if it may.
func MayLower(n *Contract, who AccountID, act RateAct) *Refusal { return n.mayLower(who, act) }

// RateAsked is the turn by which a lower rate was asked for that is not answered, nil if there is none. Its Amount is the rate. Another rate
// agreed on since answers it, too.
func (h *History) RateAsked() *Turn {
	var asked *Turn
	for _, t := range h.turns {
		switch t.What {
		case TurnRateAsked:
			asked = t
		case TurnRateDeclined, TurnRateWithdrawn:
			asked = nil
		case TurnTerms:
			if t.Was != nil && t.Terms != nil && t.Was.Rate != t.Terms.Rate {
				asked = nil
			}
		}
	}
	return asked
}
