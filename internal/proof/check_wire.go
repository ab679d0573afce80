package proof

import (
	"encoding/json"
	"slices"

	"trestle/internal/outbox"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// CheckI4SameAnswer is "each retry gets the same status": a final answer to a command is given once and for all.
func CheckI4SameAnswer(id string, op workroom.Op, first, again wire.Result) []Violation {
	if first.Status == again.Status && first.Code == again.Code {
		return nil
	}
	return []Violation{broken("I4", id, "%s was answered %s %s and now %s %s", op, first.Status, first.Code, again.Status, again.Code)}
}

// CheckI4OneEffect is "a command id has ≤ 1 effect" from the other side: what is refused has none.
func CheckI4OneEffect(t *Truth, who workroom.AccountID, id string, op workroom.Op, said wire.Result) (out []Violation) {
	if said.Status != wire.Rejected {
		return nil
	}
	for s, things := range t.Things {
		for _, kind := range []workroom.Kind{workroom.KindMessage, workroom.KindContract} {
			if x, ok := things[string(kind)+"/"+id]; ok && x.By == who {
				out = append(out, broken("I4", id, "%s was refused (%s) although its effect is there, in %s", op, said.Code, s))
			}
		}
	}
	return out
}

// CheckI4Verbatim is "an attempted command is resent byte for byte", and that it was counted as attempted before it went.
func CheckI4Verbatim(sent wire.Command, kept outbox.Row) []Violation {
	if sent.Op == kept.Op && sameText(string(kept.Args), string(sent.Args)) && kept.Attempts > 0 {
		return nil
	}
	return []Violation{broken("I4", sent.ID, "%s was sent otherwise than it was kept", sent.Op)}
}

// Kept is something a person did and was told is safe.
type Kept struct {
	Op   workroom.Op
	Text string // of a message
}

// CheckI5NoLoss is "what the screen confirmed is, at rest, acked or in Not sent with its text". Waiting and refused rows and acked ones are
// given together; acked says of a command that the service has it, though this device may not keep that any more.
func CheckI5NoLoss(kept map[string]Kept, rows []outbox.Row, sent []Acked, acked func(id string) bool) (out []Violation) {
	args := map[string]string{}
	for _, r := range rows {
		args[r.ID] = string(r.Args)
	}
	for _, a := range sent {
		args[a.ID] = a.Args
	}
	for id, k := range kept {
		have, ok := args[id]
		switch {
		case !ok && (acked(id) || workroom.Ops[k.Op].Policy == workroom.Drop):
		case !ok:
			out = append(out, broken("I5", id, "%s is nowhere", k.Op))
		case k.Op == workroom.OpSendMessage:
			var m workroom.SendMessage
			if json.Unmarshal([]byte(have), &m) != nil || m.Text != k.Text {
				out = append(out, broken("I5", id, "a message lost its text"))
			}
		}
	}
	return out
}

// CheckI10NoLeak is "no byte born before from_born or after the revocation goes to a non-member's socket", for the rows of an answer given
// now.
func CheckI10NoLeak(t *Truth, who workroom.AccountID, things []wire.Thing) (out []Violation) {
	for _, x := range things {
		if !t.Seen(who, x.Scope, Row{Kind: x.Kind, Born: x.Born}) {
			out = append(out, broken("I10", string(x.Scope), "shown %s/%s of seq %d, born %d, which is not open to the account", x.Kind, x.ID, x.Seq, x.Born))
		}
	}
	return out
}

// CheckI10Heads is the same for the list of heads.
func CheckI10Heads(t *Truth, who workroom.AccountID, heads []wire.Head) (out []Violation) {
	for _, h := range heads {
		if r, ok := t.Rights[who][h.Scope]; !ok || r.Gone {
			out = append(out, broken("I10", string(h.Scope), "told of a scope that is not open to the account"))
		}
	}
	return out
}

// CheckI10Frame is the same for what the live channel tells: the recipients of a number are those who may read in the transaction that
// wrote it. A frame may be under way while the right ends.
func CheckI10Frame(t *Truth, who workroom.AccountID, s workroom.Scope, seq int64, things []wire.Thing) (out []Violation) {
	if r, ok := t.Rights[who][s.Root()]; ok && !r.Gone {
		for _, x := range things {
			if x.Kind.Dated() && x.Born < r.From {
				out = append(out, broken("I10", string(s), "told of %s/%s, born %d, before its time", x.Kind, x.ID, x.Born))
			}
		}
		return out
	}
	if may, known := t.Named[s][seq]; known && !may[who] {
		out = append(out, broken("I10", string(s), "told of number %d, which is after the account's right ended", seq))
	}
	return out
}

// CheckI15ForkFound is "no device applies a page of another history without a reset", where pages are given: a cursor of another epoch,
// generation or history gets none.
func CheckI15ForkFound(t *Truth, who workroom.AccountID, in wire.Pull, p *wire.Page) (out []Violation) {
	if p.Reset != "" {
		return nil
	}
	right := t.Rights[who][in.Scope.Root()]
	tag, known := t.Tags[in.Scope][in.After]
	switch {
	case in.Epoch != t.Epoch:
		out = append(out, broken("I15", string(in.Scope), "a page was given to a cursor of another epoch"))
	case in.Gen != right.Gen:
		out = append(out, broken("I15", string(in.Scope), "a page was given in gen %d although the right has gen %d", in.Gen, right.Gen))
	case in.After > t.Heads[in.Scope].Seq || known && in.After > 0 && t.Tagged && in.Tag != tag:
		out = append(out, broken("I15", string(in.Scope), "a page was given after %d of another history", in.After))
	}
	return out
}

// CheckI2Whole is "a device equals the service at some seq" where pages are given: every row up to the page's number is in it.
func CheckI2Whole(t *Truth, who workroom.AccountID, in wire.Pull, p *wire.Page) (out []Violation) {
	if p.Reset != "" {
		return nil
	}
	from := t.Rights[who][in.Scope.Root()].From
	for _, x := range t.Things[in.Scope] {
		if x.Seq > in.After && x.Seq <= p.Seq && (!x.Kind.Dated() || x.Born >= from) &&
			!slices.ContainsFunc(p.Things, func(y wire.Thing) bool { return y.Kind == x.Kind && y.ID == x.ID && y.Seq == x.Seq }) {
			out = append(out, broken("I2", string(in.Scope), "a page after %d up to %d leaves out %s of seq %d", in.After, p.Seq, x.Key(), x.Seq))
		}
	}
	return out
}

// CheckI16Heal is "after a restore every acked chat message of a device back within 14 days exists": acked here, as live as ever and not
// waiting again, it has a row at the service.
func CheckI16Heal(t *Truth, who workroom.AccountID, sent []Acked) (out []Violation) {
	for _, a := range sent {
		if a.Op != workroom.OpSendMessage {
			continue
		}
		s := workroom.Scope(a.Lane)
		if _, ok := t.Things[s]["message/"+a.ID]; !ok && t.Heads[s].Floor == 0 {
			if r, may := t.Rights[who][s]; may && !r.Gone {
				out = append(out, broken("I16", a.ID, "a message that was acked is not at the service, in %s", s))
			}
		}
	}
	return out
}

// CheckI22Isolation is "an account's outbox is never sent under another's token; a refreshed token drops nothing".
func CheckI22Isolation(token workroom.AccountID, row outbox.Row) []Violation {
	if row.Account == token {
		return nil
	}
	return []Violation{broken("I22", row.ID, "a command of another account was sent under this token")}
}

// CheckI22Refresh compares the outbox before and after a token was replaced.
func CheckI22Refresh(before, after []outbox.Row) []Violation {
	if len(before) == len(after) {
		return nil
	}
	return []Violation{broken("I22", "outbox", "a new token dropped %d commands", len(before)-len(after))}
}
