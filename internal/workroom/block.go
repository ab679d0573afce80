package workroom

// Block is what stands between an account and another one, whose id it has, in the scope of each of the two: when the owner of the scope
// blocked the other, and when the other blocked them, Unix µs; 0: not. One of the two is enough to keep everything from passing, either
// way (P-24).
type Block struct {
	Mine    int64  `json:"mine,omitempty"`
	Theirs  int64  `json:"theirs,omitempty"`
	Name    string `json:"name,omitempty"` // of the other, for the list of those who are blocked; only with Mine
	Unknown `json:"-"`
}

func (*Block) ThingKind() Kind { return KindBlock }

// reachable refuses what one account wants to send another where one of them blocked the other. It reads the other's scope, which only the
// service holds.
func reachable(in Rows, by, who AccountID) *Refusal {
	if b, k := Get[*Block](in, Ref{AccountScope(who), KindBlock, string(by)}); k == Held && (b.Mine != 0 || b.Theirs != 0) {
		return Refuse(Undeliverable)
	}
	return nil
}
