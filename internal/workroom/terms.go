package workroom

import (
	"cmp"
	"time"
)

// ChangeTerms changes terms of a contract that runs. Only the client may; the freelancer sees it before the next start. Each term that is not
// named stays. The rate only rises, from next Monday on (W-23); the limit counts for the whole week (W-24); all else counts from the next
// start of the tracker (W-25, W-27) or, as the length of a review, for the weeks that have not ended yet (T-16).
type ChangeTerms struct {
	Contract        ContractID  `json:"contract"`
	Week            string      `json:"week"`            // in which it was given
	Rate            *int64      `json:"rate,omitempty"`  // minor units an hour
	Limit           *int64      `json:"limit,omitempty"` // seconds a week, NoLimit for none
	RequireActivity *bool       `json:"require_activity,omitempty"`
	Shots           *ShotPolicy `json:"shots,omitempty"`
	IdleMinutes     *int        `json:"idle_minutes,omitempty"`
	Manual          *bool       `json:"manual,omitempty"`
	KeepDays        *int        `json:"keep_days,omitempty"`
	ReviewDays      *int        `json:"review_days,omitempty"`
}

// Op is OpChangeTerms.
func (c ChangeTerms) Op() Op { return OpChangeTerms }

// Scopes are the contract's, and the diaries that say what of a week is within its limit: of the week it was given in, the one before, whose
// slices may reach over, and the one after, into which it may arrive.
func (c ChangeTerms) Scopes() []Scope {
	return []Scope{ContractScope(c.Contract), DiaryScope(c.Contract, weekBefore(c.Week)), DiaryScope(c.Contract, c.Week), DiaryScope(c.Contract, weekAfter(c.Week))}
}

// Lane is the contract's.
func (c ChangeTerms) Lane() string { return string(ContractScope(c.Contract)) }

// Wants is the contract.
func (c ChangeTerms) Wants() []Ref {
	return []Ref{{ContractScope(c.Contract), KindContract, string(c.Contract)}}
}

// Check refuses what changes nothing.
func (c ChangeTerms) Check() *Refusal {
	if !ValidID(string(c.Contract)) || !validWeek(c.Week) {
		return Refuse(BadInput)
	}
	if c == (ChangeTerms{Contract: c.Contract, Week: c.Week}) {
		return Bad("terms", "Nothing was changed.")
	}
	return nil
}

// On are terms with what the command names in place of what was there.
func (c ChangeTerms) On(t Terms) Terms {
	set(&t.Rate, c.Rate)
	set(&t.RequireActivity, c.RequireActivity)
	set(&t.Shots, c.Shots)
	set(&t.IdleMinutes, c.IdleMinutes)
	set(&t.Manual, c.Manual)
	if c.KeepDays != nil && *c.KeepDays != t.Keep() {
		t.KeepDays = *c.KeepDays
	}
	if c.ReviewDays != nil && time.Duration(*c.ReviewDays)*24*time.Hour != t.Review() {
		t.ReviewDays = *c.ReviewDays
	}
	if c.Limit != nil {
		t.Unlimited, t.Limit = *c.Limit == NoLimit, max(0, *c.Limit)
	}
	return t
}

func set[T any](into *T, to *T) {
	if to != nil {
		*into = *to
	}
}

// Do writes the turn, and the contract with the terms as they are agreed now.
func (c ChangeTerms) Do(a Asked, in Rows, out *Changes) *Refusal {
	n, r := party(a, in, c.Contract)
	if r != nil || n == nil {
		return r
	}
	if r := n.mayTurn(a.By, TurnTerms); r != nil {
		return r
	}
	h := ReadHistory(in, c.Contract)
	at := h.next(a)
	w := weekAt(at / 1e6)
	was, now := n.Terms, c.On(n.Terms)
	if was == now {
		return nil
	}
	if r := cmp.Or(c.Fits(h, time.UnixMicro(at)), h.mayChange(a.By, at)); r != nil {
		return r
	}
	t := &Turn{What: TurnTerms, By: a.By, At: at, Was: &was, Terms: &now}
	if was.limit() != now.limit() {
		if w.String() != c.Week && w.String() != weekAfter(c.Week) {
			return &Refusal{Code: Expired, Field: "limit", Text: "This was to count for a week that is over. Look at the limit as it stands, and change it again."}
		}
		d := ReadDiary(in, DiaryScope(c.Contract, w.Previous().String()), DiaryScope(c.Contract, w.String()))
		pieces := d.Pieces()
		t.Floor = BillableSeconds(WalkLimit(pieces, w, h.Of(w).LimitOf(pieces, w)))
	}
	changed := *n
	changed.Terms = now
	k := ContractScope(c.Contract)
	out.Put(k, a.ID, t)
	out.Put(k, string(c.Contract), &changed)
	return nil
}

// Fits says why the terms that the command asks for cannot be, nil if they can.
func (c ChangeTerms) Fits(h *History, at time.Time) *Refusal {
	now := c.On(h.contract.Terms)
	if r := now.check(); r != nil {
		return r
	}
	// A raise that does not count yet may be taken back, and what was agreed to be lower may be raised from there.
	if c.Rate != nil && now.Rate < min(h.Of(WeekOf(at)).Rate, h.contract.Terms.Rate) {
		return Refuse(RateCut).on("rate")
	}
	return nil
}

// mayTurn says why one side of a contract that was started may not do this to it now, nil if it may.
func (n *Contract) mayTurn(who AccountID, what TurnWhat) *Refusal {
	switch {
	case who != n.Client && who != n.Freelancer || n.Started == 0:
		return Refuse(NoAccess)
	case what != TurnEnded && who != n.Client:
		return Refuse(ClientOnly)
	case !n.Status.Runs():
		return Refuse(NotRunning)
	}
	return nil
}

// MayTurn says why an account may not do this to a contract now, nil if it may.
func MayTurn(n *Contract, who AccountID, what TurnWhat) *Refusal { return n.mayTurn(who, what) }

// Runs reports whether the contract was started and has not ended: it is active or paused.
func (s Status) Runs() bool { return s == Active || s == Paused }

// weekAfter names the week after one; an unreadable one is answered as it is.
func weekAfter(week string) string {
	w, err := ParseWeek(week)
	if err != nil {
		return week
	}
	return w.Next().String()
}

// RateFrom is from when a rate counts that was agreed at a moment (Unix µs): the next Monday 00:00 UTC.
func RateFrom(at int64) time.Time { return weekAt(floorDiv(at, 1e6)).End() }
