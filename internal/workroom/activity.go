package workroom

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Activity is a client's label for work, as it stands on one contract: the same code has the same id on every contract it is assigned to.
// No two codes of a contract read alike when one is added or renamed (Skeleton). A used one is archived, never deleted.
type Activity struct {
	Code     string `json:"code"`
	About    string `json:"about,omitempty"`
	Archived int64  `json:"archived,omitempty"` // Unix µs since when it cannot be picked; 0 = in use
	Off      bool   `json:"off,omitempty"`      // it was taken off this contract, which is not the same as archived everywhere
	Made     int64  `json:"made"`
	Unknown  `json:"-"`
}

// ActivityCode is one line of the client's own list of codes, from which contracts are given theirs. No two read alike when one is added or
// renamed, and its id is that of the activities on the contracts. Codes of before there was a list stand on contracts alone until they are
// changed.
type ActivityCode struct {
	Code     string `json:"code"`
	About    string `json:"about,omitempty"`
	Archived int64  `json:"archived,omitempty"` // Unix µs; 0 = in use
	Made     int64  `json:"made"`
	Unknown  `json:"-"`
}

// ThingKind is KindActivity.
func (*Activity) ThingKind() Kind { return KindActivity }

// ThingKind is KindCode.
func (*ActivityCode) ThingKind() Kind { return KindCode }

// MaxCodes is how many codes a client's list holds, and a contract, archived ones included.
const MaxCodes = 2000

// NewActivity is an activity code as written into an offer.
type NewActivity struct {
	ID    ActivityID `json:"id"`
	Code  string     `json:"code"`
	About string     `json:"about,omitempty"`
}

// SetActivity adds, renames, archives or restores an activity code. Only the client may.
//
// With Who, the client, it keeps the client's list of codes as well, where a code stands once however it is spelled; without Contract it keeps the
// list alone. With Here only the contract changes: Archived takes the code off it, else it is assigned to it. A code of several contracts is
// changed by a command for each, all saying the same.
type SetActivity struct {
	Contract ContractID `json:"contract"`
	ID       ActivityID `json:"id"`
	Code     string     `json:"code"`
	About    string     `json:"about,omitempty"`
	Archived bool       `json:"archived,omitempty"`
	Who      AccountID  `json:"who,omitempty"`
	Here     bool       `json:"here,omitempty"`
}

// Op is OpSetActivity.
func (c SetActivity) Op() Op { return OpSetActivity }

// Scopes are the contract's and the client's own one, as far as they are named.
func (c SetActivity) Scopes() []Scope {
	var out []Scope
	if c.Contract != "" {
		out = append(out, ContractScope(c.Contract))
	}
	if c.Who != "" {
		out = append(out, AccountScope(c.Who))
	}
	return out
}

// Lane is the contract's, that of the account where there is none.
func (c SetActivity) Lane() string {
	if c.Contract == "" {
		return string(AccountScope(c.Who))
	}
	return string(ContractScope(c.Contract))
}

// Wants is the contract and the code, on it and in the list.
func (c SetActivity) Wants() []Ref {
	var out []Ref
	if s := ContractScope(c.Contract); c.Contract != "" {
		out = append(out, Ref{s, KindContract, string(c.Contract)}, Ref{s, KindActivity, string(c.ID)})
	}
	if c.Who != "" {
		out = append(out, Ref{AccountScope(c.Who), KindCode, string(c.ID)})
	}
	return out
}

// Check refuses what names nothing, and a code that says nothing or too much.
func (c SetActivity) Check() *Refusal {
	if c.Contract != "" && !ValidID(string(c.Contract)) || c.Who != "" && !ValidID(string(c.Who)) || !ValidID(string(c.ID)) ||
		c.Contract == "" && (c.Who == "" || c.Here) {
		return Refuse(BadInput)
	}
	return checkCode(c.Code, c.About)
}

// Do writes the code on the contract and in the list. One that reads like another is refused where it is new: those of before, which differ in
// more than case, stay and can be changed.
func (c SetActivity) Do(a Asked, in Rows, out *Changes) *Refusal {
	if c.Who != "" && c.Who != a.By {
		return Refuse(NoAccess)
	}
	var old *Activity
	if c.Contract != "" {
		n, known := Get[*Contract](in, Ref{ContractScope(c.Contract), KindContract, string(c.Contract)})
		switch {
		case known == Absent:
			return Refuse(NoAccess)
		case known == Unheld:
			return nil
		case n.Client != a.By && n.Freelancer != a.By:
			return Refuse(NoAccess)
		case n.Client != a.By:
			return Refuse(ClientOnly)
		}
		if o, k := Get[*Activity](in, Ref{ContractScope(c.Contract), KindActivity, string(c.ID)}); k == Held {
			old = o
		}
	}
	if c.Who != "" {
		if r := c.list(a, in, out, old); r != nil {
			return r
		}
	}
	if c.Contract == "" {
		return nil
	}
	return c.assign(a, in, out, old)
}

// list keeps the client's list. A code that stands on the contract under an id of its own, from before there was a list, keeps it where the
// list has the same one already: reports know the two as one.
func (c SetActivity) list(a Asked, in Rows, out *Changes, old *Activity) *Refusal {
	team := teamCodes{in, c.Who}
	s := AccountScope(c.Who)
	was, k := Get[*ActivityCode](in, Ref{s, KindCode, string(c.ID)})
	if k == Unheld {
		return nil
	}
	if o := team.alike(c.Code, c.ID, k == Absent || was.Code != c.Code); o != nil {
		if k == Absent && old != nil && (old.Code == c.Code || foldCode(o.Code) == foldCode(c.Code)) {
			return nil
		}
		return taken(o.Code, o.Archived != 0)
	}
	if k == Held && c.Here {
		if was.Archived != 0 && !c.Archived {
			return Refuse(ActivityGone).on("activity")
		}
		return nil
	}
	w := ActivityCode{Made: a.At.UnixMicro()}
	if k == Held {
		w = *was
	} else if all, held := in.All(s, KindCode); held == Held && len(all) >= MaxCodes {
		return Bad("code", "There are %d activity codes, which is the most.", MaxCodes)
	}
	w.Code, w.About = c.Code, c.About
	switch {
	case !c.Archived || c.Here:
		w.Archived = 0
	case w.Archived == 0:
		w.Archived = a.At.UnixMicro()
	}
	out.Put(s, string(c.ID), &w)
	return nil
}

// listed reports whether the client's list has the code as it is written here, which was judged when it came there.
func (c SetActivity) listed(in Rows) bool {
	if c.Who == "" {
		return false
	}
	o, k := Get[*ActivityCode](in, Ref{AccountScope(c.Who), KindCode, string(c.ID)})
	return k == Held && o.Code == c.Code
}

// assign writes the code as it stands on the contract.
func (c SetActivity) assign(a Asked, in Rows, out *Changes, old *Activity) *Refusal {
	s := ContractScope(c.Contract)
	same := SameCode(c.Code, (old == nil || old.Code != c.Code) && !c.listed(in))
	refs, _ := in.All(s, KindActivity)
	for _, r := range refs {
		if o, k := Get[*Activity](in, r); k == Held && r.ID != string(c.ID) && same(o.Code) {
			return taken(o.Code, o.Archived != 0)
		}
	}
	if old == nil && len(refs) >= MaxCodes {
		return &Refusal{Code: TooMany, Field: "code", Text: fmt.Sprintf("There are %d activity codes on this contract, which is the most.", len(refs))}
	}
	w := Activity{Made: a.At.UnixMicro()}
	if old != nil {
		w = *old
	}
	w.Code, w.About = c.Code, c.About
	switch {
	case !c.Archived:
		w.Archived, w.Off = 0, false
	case w.Archived == 0:
		w.Archived, w.Off = a.At.UnixMicro(), c.Here
	}
	out.Put(s, string(c.ID), &w)
	return nil
}

// taken refuses a code that stands already, and names it.
func taken(code string, archived bool) *Refusal {
	text := fmt.Sprintf("There is already an activity called %s.", code)
	if archived {
		text = fmt.Sprintf("There is already an archived activity called %s. Restore that one.", code)
	}
	return &Refusal{Code: CodeTaken, Text: text, Field: "code"}
}

// teamCodes is a client's list of codes as a rule reads it.
type teamCodes struct {
	Rows
	who AccountID
}

// alike finds the code of another id that a code cannot stand beside, nil if there is none. fresh is as SameCode has it.
func (t teamCodes) alike(code string, not ActivityID, fresh bool) *ActivityCode {
	refs, _ := t.All(AccountScope(t.who), KindCode)
	same := SameCode(code, fresh)
	for _, r := range refs {
		if o, k := Get[*ActivityCode](t, r); k == Held && r.ID != string(not) && same(o.Code) {
			return o
		}
	}
	return nil
}

func (t teamCodes) has(id ActivityID) Known {
	_, k := Get[*ActivityCode](t, Ref{AccountScope(t.who), KindCode, string(id)})
	return k
}

func checkCode(code, about string) *Refusal {
	switch r := checkLabel("code", "code", code, MaxCode); {
	case Blank(code):
		return Bad("code", "An activity needs a code.")
	case r != nil:
		return r
	case utf8.RuneCountInString(about) > MaxCodeText:
		return Bad("about", "The description has at most %d characters.", MaxCodeText)
	}
	return nil
}

// FoldCode is a code as reports know it: two codes of a client are one if they fold alike.
func FoldCode(s string) string { return foldCode(s) }

func foldCode(s string) string { return strings.ToLower(s) }

// SameCode answers whether another code may not stand beside this one: a fresh one, which is new or renamed, must not read like another; one that
// stands already differs in more than case.
func SameCode(code string, fresh bool) func(other string) bool {
	fold := foldCode
	if fresh {
		fold = Skeleton
	}
	code = fold(code)
	return func(other string) bool { return fold(other) == code }
}
