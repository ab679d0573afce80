package workroom

import "strings"

// An offer is a contract that nobody has accepted yet. Whoever holds the secret of its link and is signed in may ask about it, accept it or
// decline it. The first of these uses the link up and binds the offer to that account: who asked comes into the interview room with its whole
// history, and answers from there, on any computer of theirs, without the link.
//
// Who asks is let in to talk and to read the offer, and to nothing else: Freelancer stays empty, so that no rule of time, terms or money takes
// them for a side of the contract, and their right to read it is not the freelancer's, by which it is told who had a contract with whom (P-06).

// OfferEnd says how an offer that nobody accepted came to its end.
type OfferEnd string

// Ends of an offer.
const (
	OfferDeclined  OfferEnd = "declined"  // by who asked about it or holds its link
	OfferWithdrawn OfferEnd = "withdrawn" // by its client
	OfferLapsed    OfferEnd = "lapsed"    // nobody answered within InvitationLife
)

// AskOffer lets the holder of an invitation's secret into the interview room, to ask about the offer before they answer it (M-02). Only the
// first account that does so is let in.
type AskOffer struct {
	Contract ContractID `json:"contract"`
	Room     RoomID     `json:"room"`
	Who      AccountID  `json:"who"`
	Name     string     `json:"name"` // on the service their account's own row counts
	Secret   string     `json:"secret"`
}

func (c AskOffer) Op() Op { return OpAskOffer }
func (c AskOffer) Scopes() []Scope {
	return []Scope{AccountScope(c.Who), ContractScope(c.Contract), ClientScope(c.Contract), RoomScope(c.Room)}
}
func (c AskOffer) Lane() string { return string(ContractScope(c.Contract)) }
func (c AskOffer) Joins() bool  { return true }
func (c AskOffer) Wants() []Ref {
	return append(offerRefs(c.Contract, c.Who, c.Secret), Ref{RoomScope(c.Room), KindRoom, string(c.Room)}, Ref{RoomScope(c.Room), KindMember, string(c.Who)})
}

// Settled reports whether the rows show that whoever asks is in the room already.
func (c AskOffer) Settled(a Asked, in Rows) bool {
	n, k := Get[*Contract](in, Ref{ContractScope(c.Contract), KindContract, string(c.Contract)})
	return k == Held && n.Asker == a.By
}
func (c AskOffer) Check() *Refusal {
	if r := checkOffer(c.Contract, c.Room, c.Who, c.Secret); r != nil || c.Secret == "" {
		return Refuse(BadInput)
	}
	return checkName("name", c.Name)
}

// Do lets the holder of the secret into the room. Asked again by the same account nothing changes.
func (c AskOffer) Do(a Asked, in Rows, out *Changes) *Refusal {
	n, inv, ref := answer(a, in, c.Contract, c.Who, c.Secret)
	if ref != nil || n == nil {
		return ref
	}
	switch {
	case n.Room != c.Room:
		return Refuse(NoAccess)
	case n.Client == c.Who:
		return ownOffer()
	case n.Asker == c.Who:
		return nil
	}
	name, ref := accountName(in, c.Who, c.Name)
	if ref != nil {
		return ref
	}
	k, r := ContractScope(c.Contract), RoomScope(c.Room)
	n.Asker, n.AskerName, n.Expires, inv.Used = c.Who, name, inv.Expires, c.Who
	out.Put(k, string(c.Contract), n)
	out.Put(ClientScope(c.Contract), InvitationID(c.Secret), inv)
	out.Put(r, string(c.Who), &Member{Name: name, Role: Freelancer, Since: a.At.UnixMicro()})
	retainable(in, out, c.Who, k, Writer, 0, false) // no side of a contract: Freelancer here would say that the two had one
	retainable(in, out, c.Who, r, Freelancer, 0, true)
	return nil
}

// AcceptContract starts an offered contract, with the secret of its invitation link or, for who asked about it, without. The contract room
// opens for the freelancer with its whole history.
type AcceptContract struct {
	Contract ContractID `json:"contract"`
	Room     RoomID     `json:"room"`
	Who      AccountID  `json:"who"`
	Name     string     `json:"name"`                  // as AskOffer's
	Secret   string     `json:"secret"`                // empty: of who asked
	Composed int64      `json:"composed_at,omitempty"` // as SendMessage's; it stays when a refused one is sent again under another id
}

// ComposedAt is the command with the moment it was given, unless it carries one already.
func (c AcceptContract) ComposedAt(us int64) Command {
	if c.Composed == 0 {
		c.Composed = us
	}
	return c
}

// DeclineContract refuses an offered contract, with the secret of its invitation link or, for who asked about it, without. Given by the
// client it withdraws the offer. The interview room is closed.
type DeclineContract struct {
	Contract ContractID `json:"contract"`
	Who      AccountID  `json:"who"`
	Secret   string     `json:"secret"`         // empty: of who asked, or of the client
	Room     RoomID     `json:"room,omitempty"` // of the offer; the first versions do not say, and leave it open
}

func (c AcceptContract) Op() Op { return OpAcceptContract }
func (c AcceptContract) Scopes() []Scope {
	return []Scope{AccountScope(c.Who), ContractScope(c.Contract), ClientScope(c.Contract), RoomScope(c.Room)}
}
func (c AcceptContract) Lane() string { return string(ContractScope(c.Contract)) }
func (c AcceptContract) Joins() bool  { return true }
func (c AcceptContract) Wants() []Ref { return offerRefs(c.Contract, c.Who, c.Secret) }

// Settled reports whether the rows show the contract accepted by whoever asks.
func (c AcceptContract) Settled(a Asked, in Rows) bool {
	n, k := Get[*Contract](in, Ref{ContractScope(c.Contract), KindContract, string(c.Contract)})
	return k == Held && n.Freelancer == a.By && n.Status != Offered
}

// Expects is the offer as it was looked at: other terms than those read are never accepted.
func (c AcceptContract) Expects() []Ref {
	return []Ref{{ContractScope(c.Contract), KindContract, string(c.Contract)}}
}
func (c AcceptContract) Check() *Refusal {
	if r := checkOffer(c.Contract, c.Room, c.Who, c.Secret); r != nil {
		return r
	}
	return checkName("name", c.Name)
}

// Do lets the holder of the secret, or who asked, become the freelancer. An offer that lapsed meanwhile counts if it was accepted in time, as
// after a restore.
func (c AcceptContract) Do(a Asked, in Rows, out *Changes) *Refusal {
	k, r := ContractScope(c.Contract), RoomScope(c.Room)
	n, inv, ref := answer(a, in, c.Contract, c.Who, c.Secret)
	if ref != nil || n == nil {
		return ref
	}
	if n.Room != c.Room {
		return Refuse(NoAccess)
	}
	if n.Client == c.Who {
		return ownOffer()
	}
	name := signed(in, c.Who, c.Name)
	at := max(a.given().UnixMicro(), n.Made) // nobody works on an offer that is not made yet
	n.Status, n.Freelancer, n.FreelancerName, n.Started, n.Over = Active, c.Who, name, at, ""
	out.Put(k, string(c.Contract), n)
	if inv != nil {
		inv.Used = c.Who
		out.Put(ClientScope(c.Contract), InvitationID(c.Secret), inv)
	}
	if room, known := Get[*Room](in, Ref{r, KindRoom, string(c.Room)}); known == Held {
		m := *room
		m.Kind, m.Archived = ContractRoom, false
		out.Put(r, string(c.Room), &m)
	}
	out.Put(r, string(c.Who), &Member{Name: name, Role: Freelancer, Since: at})
	grant(in, out, c.Who, k, Freelancer, 0)
	if g, known := Get[*Grant](in, Ref{AccountScope(c.Who), KindGrant, string(r)}); known != Held || g.Role != Freelancer { // who asked reads it already
		retainable(in, out, c.Who, r, Freelancer, 0, true)
	}
	return nil
}

func (c DeclineContract) Op() Op { return OpDeclineContract }
func (c DeclineContract) Scopes() []Scope {
	s := []Scope{AccountScope(c.Who), ContractScope(c.Contract), ClientScope(c.Contract)}
	if c.Room != "" {
		s = append(s, RoomScope(c.Room))
	}
	return s
}
func (c DeclineContract) Lane() string { return string(ContractScope(c.Contract)) }
func (c DeclineContract) Joins() bool  { return true }
func (c DeclineContract) Wants() []Ref { return offerRefs(c.Contract, c.Who, c.Secret) }

// Expects is the offer as it was looked at.
func (c DeclineContract) Expects() []Ref {
	return []Ref{{ContractScope(c.Contract), KindContract, string(c.Contract)}}
}
func (c DeclineContract) Check() *Refusal { return checkOffer(c.Contract, c.Room, c.Who, c.Secret) }

// Do marks the offer refused, and closes its room.
func (c DeclineContract) Do(a Asked, in Rows, out *Changes) *Refusal {
	n, inv, ref := answer(a, in, c.Contract, c.Who, c.Secret)
	if ref != nil || n == nil {
		return ref
	}
	if c.Room != "" && n.Room != c.Room {
		return Refuse(NoAccess)
	}
	end := OfferDeclined
	if n.Client == c.Who {
		end = OfferWithdrawn
	}
	if inv != nil {
		inv.Used = c.Who
		out.Put(ClientScope(c.Contract), InvitationID(c.Secret), inv)
	}
	if c.Room == "" {
		n.Status, n.Over = Refused, end
		out.Put(ContractScope(c.Contract), string(c.Contract), n)
		return nil
	}
	EndOffer(in, out, c.Contract, n, end)
	return nil
}

// EndOffer writes down that an offer came to its end without being accepted: nothing more is written in its room, by either side. Of an offer
// that ended before, it closes the room that was left open. The contract is not changed in place.
func EndOffer(in Rows, out *Changes, id ContractID, n *Contract, end OfferEnd) {
	if n.Status == Offered || n.Over == OfferLapsed && end != OfferLapsed {
		over := *n
		over.Status, over.Over = Refused, end
		out.Put(ContractScope(id), string(id), &over)
	}
	r := RoomScope(n.Room)
	if room, k := Get[*Room](in, Ref{r, KindRoom, string(n.Room)}); k == Held && room.Kind == InterviewRoom && !room.Archived {
		m := *room
		m.Archived = true
		out.Put(r, string(n.Room), &m)
	}
}

// checkOffer looks at what names an offer and who answers it; a room and a secret may be missing.
func checkOffer(id ContractID, room RoomID, who AccountID, secret string) *Refusal {
	if !ValidID(string(id)) || room != "" && !ValidID(string(room)) || !ValidID(string(who)) || len(secret) > 128 {
		return Refuse(BadInput)
	}
	return nil
}

// offerRefs are what every answer to an offer reads.
func offerRefs(id ContractID, who AccountID, secret string) []Ref {
	refs := []Ref{accountRef(who), {ContractScope(id), KindContract, string(id)}}
	if secret != "" {
		refs = append(refs, Ref{ClientScope(id), KindInvitation, InvitationID(secret)})
	}
	return refs
}

func ownOffer() *Refusal {
	return &Refusal{Code: ClientOnly, Text: "This is your own offer. Send the link to the freelancer."}
}

// answer checks the right to ask about an offer or to answer it, and returns copies of the contract and the invitation to write; no
// invitation where it was asked without a secret, and no contract, without a refusal, where this copy cannot tell.
func answer(a Asked, in Rows, id ContractID, who AccountID, secret string) (*Contract, *Invitation, *Refusal) {
	if a.By != who {
		return nil, nil, Refuse(NoAccess)
	}
	n, kc := Get[*Contract](in, Ref{ContractScope(id), KindContract, string(id)})
	var inv *Invitation
	ki := Held
	if secret != "" {
		inv, ki = Get[*Invitation](in, Ref{ClientScope(id), KindInvitation, InvitationID(secret)})
	}
	switch {
	case ki == Absent || kc == Absent:
		return nil, nil, Refuse(NoAccess)
	case ki == Unheld || kc == Unheld:
		return nil, nil, nil
	case secret == "" && n.Asker != who && n.Client != who:
		return nil, nil, Refuse(NoAccess)
	}
	if b, k := Get[*Block](in, blockRef(who, n.Client)); k == Held && b.Shut() {
		return nil, nil, Refuse(Undeliverable)
	}
	me, km := Get[*Account](in, accountRef(who))
	if inv != nil && inv.Email != "" && n.Client != who && km == Held && strings.ToLower(me.Email) != inv.Email {
		return nil, nil, Refuse(WrongAddress)
	}
	if r := n.mayAnswer(a, inv); r != nil {
		return nil, nil, r
	}
	nn := *n
	if inv != nil {
		ni := *inv
		inv = &ni
	}
	return &nn, inv, nil
}

// mayAnswer says why an offer cannot be answered, or asked about, by somebody with the right to it, nil if it can.
func (n *Contract) mayAnswer(a Asked, inv *Invitation) *Refusal {
	until := n.Expires
	if inv != nil {
		until = inv.Expires
	}
	switch {
	case n.Over == OfferWithdrawn:
		return &Refusal{Code: Moved, Text: "This offer was withdrawn."}
	case n.Status != Offered && n.Over != OfferLapsed:
		return &Refusal{Code: Moved, Text: "This offer was answered already."}
	case n.Client == a.By && n.Status == Offered:
		return nil
	case n.Client != a.By && (n.Asker != "" && n.Asker != a.By || inv != nil && inv.Used != "" && inv.Used != a.By):
		return &Refusal{Code: Gone, Text: "Somebody else used this link already. Ask for a link of your own."}
	case n.Client == a.By, a.given().UnixMicro() > until:
		return &Refusal{Code: Expired, Text: "This invitation has expired. Ask for a new one."}
	}
	return nil
}
