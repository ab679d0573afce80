package workroom

import (
	"fmt"
	"unicode/utf8"
)

// Dispute is a week that one side does not agree with (W-38). Both write what they have to say; either may offer an amount to settle it by,
// which the other accepts. The bill of the week stands as it is: what both accepted is an adjustment beside it. The row stands in the diary of
// the week; the id is that of the command that opened it.
type Dispute struct {
	Week   string        `json:"week"`
	By     AccountID     `json:"by"`
	At     int64         `json:"at"` // Unix µs
	State  DisputeState  `json:"state"`
	Texts  []DisputeText `json:"texts"`
	Offer  *DisputeOffer `json:"offer,omitempty"` // the newest
	Closed int64         `json:"closed,omitempty"`
	// Offered is how many offers each side made.
	Offered map[AccountID]int `json:"offered,omitempty"`
	Unknown `json:"-"`
}

// DisputeState says how a dispute stands.
type DisputeState string

// States of a dispute; only an open one changes.
const (
	DisputeOpen      DisputeState = "open"
	DisputeSettled   DisputeState = "settled"
	DisputeWithdrawn DisputeState = "withdrawn"
)

// DisputeText is what one side has to say.
type DisputeText struct {
	By   AccountID `json:"by"`
	At   int64     `json:"at"`
	Text string    `json:"text"`
}

// DisputeOffer is an amount to settle a dispute by: minor units, below 0 what the client gets back.
type DisputeOffer struct {
	By     AccountID `json:"by"`
	At     int64     `json:"at"` // names the offer, too
	Amount int64     `json:"amount"`
	Text   string    `json:"text,omitempty"`
}

// ThingKind is KindDispute.
func (*Dispute) ThingKind() Kind { return KindDispute }

// Limits of disputes.
const (
	MaxDisputeText = 2000          // characters
	maxSettlement  = 1_000_000_000 // minor units

	// Of each side, so that neither can take the word from the other:
	maxDisputes      = 10 // of a week
	maxDisputeTexts  = 40
	maxDisputeBytes  = 64 << 10 // of all its texts in a dispute, as they are stored
	maxDisputeOffers = 40
)

// DisputeAct is what somebody does about a dispute.
type DisputeAct string

// Acts on a dispute.
const (
	DisputeBegin    DisputeAct = "open"
	DisputeWrite    DisputeAct = "write"
	DisputePropose  DisputeAct = "offer"
	DisputeAccept   DisputeAct = "accept"
	DisputeWithdraw DisputeAct = "withdraw"
)

// DisputeWeek opens a dispute of a week, or acts on one.
type DisputeWeek struct {
	Contract ContractID `json:"contract"`
	Week     string     `json:"week"`
	Act      DisputeAct `json:"act"`
	Dispute  string     `json:"dispute,omitempty"` // its id, but to open one
	Text     string     `json:"text,omitempty"`
	Amount   int64      `json:"amount,omitempty"`
	Offer    int64      `json:"offer,omitempty"` // to accept: the moment of the offer that was read
}

func (c DisputeWeek) scope() Scope  { return DiaryScope(c.Contract, c.Week) }
func (c DisputeWeek) before() Scope { return DiaryScope(c.Contract, weekBefore(c.Week)) }

// Op is OpDisputeWeek.
func (c DisputeWeek) Op() Op { return OpDisputeWeek }

// Scopes are the contract's, the week's diary and that of the week before: together they say what the week costs.
func (c DisputeWeek) Scopes() []Scope {
	return []Scope{ContractScope(c.Contract), c.scope(), c.before()}
}

// Lane is that of the contract's adjustments.
func (c DisputeWeek) Lane() string { return "adjust:" + string(c.Contract) }

// Wants is the contract and the dispute.
func (c DisputeWeek) Wants() []Ref {
	out := []Ref{{ContractScope(c.Contract), KindContract, string(c.Contract)}}
	if c.Dispute != "" {
		out = append(out, Ref{c.scope(), KindDispute, c.Dispute})
	}
	return out
}

// Check refuses an act without what it needs.
func (c DisputeWeek) Check() *Refusal {
	if !ValidID(string(c.Contract)) || !validWeek(c.Week) || (c.Act == DisputeBegin) != (c.Dispute == "") || c.Dispute != "" && !ValidID(c.Dispute) {
		return Refuse(BadInput)
	}
	switch c.Act {
	case DisputeBegin, DisputeWrite:
		if Blank(c.Text) {
			return Bad("text", "Write what you have to say.")
		}
	case DisputePropose:
		if c.Amount < -maxSettlement || c.Amount > maxSettlement {
			return Bad("amount", "This is more than can be settled here.")
		}
	case DisputeAccept, DisputeWithdraw:
	default:
		return Refuse(BadInput)
	}
	if n := utf8.RuneCountInString(c.Text); n > MaxDisputeText {
		return Bad("text", "This has %d characters; the limit is %d.", n, MaxDisputeText)
	}
	return nil
}

// Do writes the dispute, and with an acceptance the adjustment.
func (c DisputeWeek) Do(a Asked, in Rows, out *Changes) *Refusal {
	n, r := party(a, in, c.Contract)
	if r != nil || n == nil {
		return r
	}
	w, err := ParseWeek(c.Week)
	switch {
	case err != nil:
		return Refuse(BadInput)
	case n.Client == n.Freelancer:
		return Bad("contract", "On a contract with yourself there is nobody to disagree with.")
	case !w.Ended(a.At):
		return Refuse(WeekRuns)
	}
	id, d := c.Dispute, (*Dispute)(nil)
	if c.Act == DisputeBegin {
		id = a.ID
		if r := c.mayBegin(a, in); r != nil {
			return r
		}
		d = &Dispute{Week: c.Week, By: a.By, At: a.At.UnixMicro(), State: DisputeOpen}
	} else {
		old, k := Get[*Dispute](in, Ref{c.scope(), KindDispute, c.Dispute})
		if k != Held {
			return Refuse(Gone)
		}
		copied := *old
		d = &copied
		if d.State != DisputeOpen {
			return &Refusal{Code: Moved, Text: "This dispute is closed. Nothing of it can be changed any more."}
		}
	}
	if r := c.act(a, in, out, n, w, id, d); r != nil {
		return r
	}
	k, h := ContractScope(c.Contract), ReadHistory(in, c.Contract)
	t := &Turn{What: disputeTurns[c.Act], By: a.By, At: h.next(a), Week: c.Week}
	if c.Act != DisputeAccept && c.Act != DisputeWithdraw {
		if r := h.mayGoOn(a.By); r != nil {
			return r
		}
	}
	if d.Offer != nil && (c.Act == DisputePropose || c.Act == DisputeAccept) {
		t.Amount = d.Offer.Amount
	}
	out.Put(k, a.ID, t)
	out.Put(c.scope(), id, d)
	out.Put(k, c.Week, &WeekMark{})
	return nil
}

var disputeTurns = map[DisputeAct]TurnWhat{DisputeBegin: TurnDisputed, DisputeWrite: TurnAnswered, DisputePropose: TurnOffered, DisputeAccept: TurnSettled,
	DisputeWithdraw: TurnWithdrawn}

// mayBegin refuses a dispute of a week without time, and a second one beside one that is open.
func (c DisputeWeek) mayBegin(a Asked, in Rows) *Refusal {
	if w, err := ParseWeek(c.Week); err != nil || !holdsTime(in, c.Contract, w) {
		return Refuse(Gone)
	}
	refs, _ := in.All(c.scope(), KindDispute)
	begun := 0
	for _, r := range refs {
		x, k := Get[*Dispute](in, r)
		if k != Held {
			continue
		}
		if x.State == DisputeOpen {
			return &Refusal{Code: Moved, Text: "This week is disputed already. Write there."}
		}
		begun += truth(x.By == a.By)
	}
	if begun >= maxDisputes {
		return &Refusal{Code: TooMany, Text: fmt.Sprintf("You disputed this week %d times, which is the most.", begun)}
	}
	return nil
}

// act does one act to a dispute that is open.
func (c DisputeWeek) act(a Asked, in Rows, out *Changes, n *Contract, w Week, id string, d *Dispute) *Refusal {
	at := a.At.UnixMicro()
	switch c.Act {
	case DisputeBegin, DisputeWrite:
		if r := d.mayWrite(a.By, c.Text); r != nil {
			return r
		}
		d.Texts = append(d.Texts[:len(d.Texts):len(d.Texts)], DisputeText{By: a.By, At: at, Text: c.Text})
	case DisputePropose:
		if c.cost(in, w)+c.Amount < 0 {
			return Bad("amount", "No more can be given back than the week costs.")
		}
		if d.Offered[a.By] >= maxDisputeOffers {
			return &Refusal{Code: TooMany, Field: "amount", Text: fmt.Sprintf("You made %d offers, which is the most. The other side may still make one.", maxDisputeOffers)}
		}
		offered := map[AccountID]int{a.By: 1}
		for who, n := range d.Offered {
			offered[who] += n
		}
		d.Offered = offered
		if d.Offer != nil {
			at = max(at, d.Offer.At+1)
		}
		d.Offer = &DisputeOffer{By: a.By, At: at, Amount: c.Amount, Text: c.Text}
	case DisputeAccept:
		switch {
		case d.Offer == nil || d.Offer.At != c.Offer:
			return &Refusal{Code: Moved, Text: "This offer was replaced. Look at the one that stands now."}
		case d.Offer.By == a.By:
			return Refuse(OtherSide)
		}
		d.State, d.Closed = DisputeSettled, at
		out.Put(c.scope(), a.ID, &Adjustment{Kind: AdjustDispute, Week: c.Week, Amount: d.Offer.Amount, Currency: n.Terms.Currency, Dispute: id, Text: d.Offer.Text,
			By: a.By, At: at})
	case DisputeWithdraw:
		if d.By != a.By {
			return Refuse(AuthorOnly)
		}
		d.State, d.Closed = DisputeWithdrawn, at
	}
	return nil
}

// mayWrite says why one side can write no more in a dispute, nil if it can.
func (d *Dispute) mayWrite(who AccountID, text string) *Refusal {
	n, size := 0, len(canonical(text))
	for _, t := range d.Texts {
		if t.By == who {
			n, size = n+1, size+len(canonical(t.Text))
		}
	}
	if n >= maxDisputeTexts || size > maxDisputeBytes {
		return &Refusal{Code: TooMany, Field: "text", Text: "You wrote as much in this dispute as it holds of one side. Go on in the room."}
	}
	return nil
}

// cost is what the week costs so far: its bill, sealed or as it stands, and what it was adjusted by.
func (c DisputeWeek) cost(in Rows, w Week) int64 {
	var sum int64
	if s, k := Get[*Seal](in, Ref{c.scope(), KindSeal, c.Week}); k == Held {
		sum = s.Amount
	} else {
		sum = SealOf(w, ReadDiary(in, c.before(), c.scope()), ReadHistory(in, c.Contract).Of(w), Chain{}).Amount
	}
	for _, x := range ReadAdjustments(in, c.scope()) {
		sum += x.Amount
	}
	return sum
}
