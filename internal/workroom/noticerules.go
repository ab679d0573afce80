package workroom

import (
	"maps"
	"slices"
)

// Topic is something an account may be told of (N-01, N-02).
type Topic string

// The topics of today. One that cannot happen yet is not in the list; a body may hold topics of a newer program.
const (
	TopicMentions Topic = "mentions" // messages of direct rooms, and those that name one
	TopicMessages Topic = "messages" // all other messages
	TopicOffers   Topic = "offers"   // an offer was accepted or declined
	TopicContract Topic = "contract" // what a contract says changed
	TopicLimit    Topic = "limit"    // the week's limit comes near or is reached
	TopicUnsent   Topic = "unsent"   // the service refused something
)

// Topics are those of today, in the order of the screens.
func Topics() []Topic {
	return []Topic{TopicMentions, TopicMessages, TopicOffers, TopicContract, TopicLimit, TopicUnsent}
}

// NoticeRules say what an account is told of, on all its devices (N-03, N-04, N-06, N-07). Their zero value tells everything at once.
type NoticeRules struct {
	Off bool `json:"off,omitempty"` // nothing at all
	// Mute are the topics nothing is told of.
	Mute  []Topic `json:"mute,omitempty"` // sorted
	Every int     `json:"every,omitempty"`
	Quiet Quiet   `json:"quiet,omitzero"`
	// Seen is the moment up to which the bell was looked at, Unix µs.
	Seen    int64 `json:"seen,omitempty"`
	Unknown `json:"-"`
}

func (*NoticeRules) ThingKind() Kind { return KindNotices }

// Mutes reports whether a topic is switched off.
func (r *NoticeRules) Mutes(t Topic) bool { return slices.Contains(r.Mute, t) }

// Everies are the minutes that may lie between two notices of messages: at once, a quarter of an hour, an hour, a day.
func Everies() []int { return []int{0, 15, 60, 24 * 60} }

// Quiet are hours in which notices wait in the bell: from one minute after midnight to another in Zone, which may pass midnight, and the whole
// of the days in Rest.
type Quiet struct {
	On   bool   `json:"on,omitempty"`
	From int    `json:"from"`
	To   int    `json:"to"`
	Zone string `json:"zone"`
	// Rest are days that are quiet as a whole, 0 for Sunday to 6, sorted.
	Rest []int `json:"rest,omitempty"`
}

func (q Quiet) check() *Refusal {
	const day = 24 * 60
	if q.From < 0 || q.From >= day || q.To < 0 || q.To >= day || len(q.Zone) > 64 || len(q.Rest) > 7 {
		return Bad("quiet", "Quiet hours lie between 00:00 and 23:59.")
	}
	for i, d := range q.Rest {
		if d < 0 || d > 6 || i > 0 && d <= q.Rest[i-1] {
			return Bad("quiet", "Name each day once.")
		}
	}
	return nil
}

// SetNotices sets what it names of the caller's rules and leaves the rest: each topic for itself, the quiet hours as a whole. Seen only goes on.
type SetNotices struct {
	Who    AccountID      `json:"who"`
	Off    *bool          `json:"off,omitempty"`
	Topics map[Topic]bool `json:"topics,omitempty"` // true: told of
	Every  *int           `json:"every,omitempty"`
	Quiet  *Quiet         `json:"quiet,omitempty"`
	Seen   int64          `json:"seen,omitempty"`
}

func (c SetNotices) Op() Op          { return OpSetNotices }
func (c SetNotices) Scopes() []Scope { return []Scope{AccountScope(c.Who)} }
func (c SetNotices) Lane() string    { return string(AccountScope(c.Who)) }
func (c SetNotices) FoldKey() string { return "notices" }
func (c SetNotices) Wants() []Ref    { return []Ref{NoticesOf(c.Who)} }

// NoticesOf is where an account's rules of notices stand.
func NoticesOf(who AccountID) Ref { return Ref{AccountScope(who), KindNotices, string(who)} }

func (c SetNotices) Check() *Refusal {
	switch {
	case !ValidID(string(c.Who)) || c.Seen < 0 || len(c.Topics) > 50:
		return Refuse(BadInput)
	case c.Every != nil && !slices.Contains(Everies(), *c.Every):
		return Bad("every", "Notifications come at once, every 15 minutes, hourly or daily.")
	}
	for t := range c.Topics {
		if !ValidID(string(t)) {
			return Bad("topics", "There is no such topic.")
		}
	}
	if c.Quiet != nil {
		return c.Quiet.check()
	}
	return nil
}

// Joined is the newer command with what only the older one names.
func (c SetNotices) Joined(older Command) Command {
	o, ok := older.(SetNotices)
	if !ok || o.Who != c.Who {
		return c
	}
	if c.Off == nil {
		c.Off = o.Off
	}
	if len(o.Topics) > 0 {
		both := maps.Clone(o.Topics)
		maps.Copy(both, c.Topics)
		c.Topics = both
	}
	if c.Every == nil {
		c.Every = o.Every
	}
	if c.Quiet == nil {
		c.Quiet = o.Quiet
	}
	c.Seen = max(c.Seen, o.Seen)
	return c
}

// Do sets the wanted values; it never toggles.
func (c SetNotices) Do(a Asked, in Rows, out *Changes) *Refusal {
	if a.By != c.Who {
		return Refuse(NoAccess)
	}
	var n NoticeRules
	if old, k := Get[*NoticeRules](in, NoticesOf(c.Who)); k == Held {
		n = *old
	}
	if c.Off != nil {
		n.Off = *c.Off
	}
	if len(c.Topics) > 0 {
		mute := map[Topic]bool{}
		for _, t := range n.Mute {
			mute[t] = true
		}
		for t, on := range c.Topics {
			if on {
				delete(mute, t)
			} else {
				mute[t] = true
			}
		}
		n.Mute = slices.Sorted(maps.Keys(mute))
		if len(n.Mute) > 50 {
			return Bad("topics", "These are too many topics.")
		}
	}
	if c.Every != nil {
		n.Every = *c.Every
	}
	if c.Quiet != nil {
		n.Quiet = *c.Quiet
	}
	n.Seen = max(n.Seen, c.Seen)
	out.Put(AccountScope(c.Who), string(c.Who), &n)
	return nil
}
