package workroom

// Lease says on which device an account began to track last: the newest start wins, and the others stop when they hear of it (T-13). It is
// told, not asked for: nobody waits for it, and an offline start needs none.
type Lease struct {
	Device  string `json:"device"`
	Name    string `json:"name,omitempty"` // of the device, for the person
	Since   int64  `json:"since"`          // Unix ms
	Unknown `json:"-"`
}

func (*Lease) ThingKind() Kind { return KindLease }

// LeaseOf is where an account's lease stands.
func LeaseOf(who AccountID) Ref { return Ref{AccountScope(who), KindLease, string(who)} }

// SetLease tells that tracking began on a device.
type SetLease struct {
	Who    AccountID `json:"who"`
	Device string    `json:"device"`
	Name   string    `json:"name,omitempty"`
	Since  int64     `json:"since"` // Unix ms
}

func (c SetLease) Op() Op          { return OpSetLease }
func (c SetLease) Scopes() []Scope { return []Scope{AccountScope(c.Who)} }
func (c SetLease) Lane() string    { return "lease:" + string(c.Who) }
func (c SetLease) FoldKey() string { return "lease" }
func (c SetLease) Wants() []Ref    { return []Ref{LeaseOf(c.Who)} }

func (c SetLease) Check() *Refusal {
	switch {
	case !ValidID(string(c.Who)) || !ValidID(c.Device) || c.Since <= 0:
		return Refuse(BadInput)
	case c.Name != SafeLabel(c.Name, MaxName):
		return Bad("name", "The name has at most %d characters.", MaxName)
	}
	return nil
}

// Joined is the newer start.
func (c SetLease) Joined(older Command) Command {
	if o, ok := older.(SetLease); ok && o.Since > c.Since {
		return o
	}
	return c
}

// leaseSlack is how many ms clocks may differ before a start counts as one in the future.
const leaseSlack = 10_000

// Do keeps the newest start. One in the future counts as now, so that a wrong clock does not keep the others from tracking for ever.
func (c SetLease) Do(a Asked, in Rows, out *Changes) *Refusal {
	if a.By != c.Who {
		return Refuse(NoAccess)
	}
	since := c.Since
	if now := a.At.UnixMilli(); since > now+leaseSlack {
		since = now
	}
	if old, k := Get[*Lease](in, LeaseOf(c.Who)); k == Held && (old.Since > since || old.Since == since && old.Device >= c.Device) {
		return nil
	}
	out.Put(AccountScope(c.Who), string(c.Who), &Lease{Device: c.Device, Name: c.Name, Since: since})
	return nil
}
