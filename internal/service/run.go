package service

import (
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// faulty marks an error as the rule's own, not the database's.
const faulty wire.Verdict = "fault"

// run decides what a command may change: what it follows, who may, which files, and then the rule itself. It answers changes, or a refusal,
// or a verdict to wait; with the verdict faulty the error is the rule's.
// A panic anywhere in it is the rule's fault too.
func (w *writer) run(b *store.Batch, x *item) (changes []workroom.Change, refusal *workroom.Refusal, wait wire.Verdict, err error) {
	defer func() {
		if p := recover(); p != nil {
			changes, refusal, wait, err = nil, nil, faulty, &panicked{p, string(debug.Stack())}
		}
	}()
	if x.decode != nil {
		if _, known := workroom.Ops[x.cmd.Op]; !known {
			return nil, workroom.Bad("op", "This service does not know this kind of command yet. It may be older than your program."), "", nil
		}
		return nil, workroom.Bad("args", "The service cannot read this command."), "", nil
	}
	if r := x.does.Check(); r != nil {
		return nil, r, "", nil
	}
	if r, wait, err := w.follows(b, x); r != nil || wait != "" || err != nil {
		return nil, r, wait, err
	}
	scopes := x.does.Scopes()
	if r, err := w.may(b, x, scopes); r != nil || err != nil {
		return nil, r, "", err
	}
	if r, err := w.suspended(b, x, scopes); r != nil || err != nil {
		return nil, r, "", err
	}
	if r := w.mayBusy(x, scopes); r != nil {
		return nil, r, "", nil
	}
	if r, err := w.mayMake(b, x); r != nil || err != nil {
		return nil, r, "", err
	}
	if r, err := w.mayGoOn(b, x); r != nil || err != nil {
		return nil, r, "", err
	}
	if r, err := w.mayBlock(b, x); r != nil || err != nil {
		return nil, r, "", err
	}
	if r, err := w.asExpected(b, x, scopes); r != nil || err != nil {
		return nil, r, "", err
	}
	if r, wait, err := w.haveFiles(b, x, scopes); r != nil || wait != "" || err != nil {
		return nil, r, wait, err
	}
	if err := b.Prefetch(x.does.Wants()); err != nil {
		return nil, nil, "", err
	}
	view := b.ViewOf(x.caller.Account, scopes)
	asked := workroom.Asked{ID: x.cmd.ID, By: x.caller.Account, Device: x.caller.Device, At: w.s.now()}
	if at := claimed(x); !at.IsZero() && w.s.store.Lost(at, asked.At) {
		asked.Given = at
	}
	changes, r := w.s.rule(x.does, asked, view)
	switch {
	case errors.Is(view.Err, store.ErrUndeclared):
		return nil, nil, faulty, view.Err
	case view.Err != nil:
		return nil, nil, "", view.Err
	case r != nil:
		return nil, r, "", nil
	}
	if len(changes) > 0 {
		if r, err := w.heldBack(b, x); r != nil || err != nil {
			return nil, r, "", err
		}
		if r, err := w.mayTake(b, asked, scopes, changes); r != nil || err != nil {
			return nil, r, "", err
		}
	}
	if r, err := w.mayKeep(b, x, changes); r != nil || err != nil {
		return nil, r, "", err
	}
	described(x, changes)
	if err := marked(b, changes); err != nil {
		return nil, nil, "", err
	}
	return w.sound(b, x, scopes, changes)
}

// claimed is when a contract was offered or accepted, as the device says: by the command's arguments, else by its id, a UUIDv7. Whoever
// makes it up gains nothing at a service that lost nothing, and at a restored one can say no more than that it happened within the time of
// which the service knows nothing; the rule sees to it that no contract begins before its client made the offer.
func claimed(x *item) time.Time {
	var us int64
	switch c := x.does.(type) {
	case workroom.CreateContract:
		us = c.Composed
	case workroom.AcceptContract:
		us = c.Composed
	default:
		return time.Time{}
	}
	if us > 0 {
		return time.UnixMicro(us)
	}
	if id, err := uuid.Parse(x.cmd.ID); err == nil && id.Version() == 7 {
		return time.Unix(id.Time().UnixTime())
	}
	return time.Time{}
}

// sound looks over what a rule wants to write: only scopes it declared, not too much, and nothing over what stands there under the
// command's own id, which somebody else may have chosen on purpose.
func (w *writer) sound(b *store.Batch, x *item, scopes []workroom.Scope, changes []workroom.Change) ([]workroom.Change, *workroom.Refusal, wire.Verdict, error) {
	if len(changes) > maxRows {
		return nil, nil, faulty, fmt.Errorf("%s writes %d rows", x.does.Op(), len(changes))
	}
	for _, c := range changes {
		if !slices.Contains(scopes, c.Ref.Scope) || foreign(x, scopes, c) {
			return nil, nil, faulty, store.ErrUndeclared
		}
		if len(c.Ref.ID) > 200 || strings.ContainsFunc(c.Ref.ID, unicode.IsControl) {
			return nil, workroom.Refuse(workroom.BadInput), "", nil
		}
		if c.Ref.ID != x.cmd.ID && !c.Ref.Kind.Dated() {
			continue
		}
		had, err := b.Had(c.Ref)
		if err != nil {
			return nil, nil, "", err
		}
		if had && c.Ref.ID == x.cmd.ID {
			return nil, workroom.Refuse(workroom.IDReuse), "", nil
		}
		if had && c.Thing != nil {
			if _, alive := b.ViewOf(x.caller.Account, scopes).Row(c.Ref); alive != workroom.Held { // a tombstone stays one
				return nil, workroom.Refuse(workroom.Gone), "", nil
			}
		}
	}
	return changes, nil, "", nil
}

// follows looks at the commands that must have been accepted before.
func (w *writer) follows(b *store.Batch, x *item) (*workroom.Refusal, wire.Verdict, error) {
	if len(x.cmd.After) > maxAfter {
		return workroom.Bad("after", "A command follows at most %d others.", maxAfter), "", nil
	}
	for _, id := range x.cmd.After {
		if !workroom.ValidID(id) {
			return workroom.Bad("after", "A command this one follows has no proper id."), "", nil
		}
		p, err := b.Record(x.caller.Account, id)
		switch {
		case err != nil:
			return nil, "", err
		case p == nil:
			return nil, wire.DepWait, nil
		case p.Status == wire.Rejected:
			return workroom.Refuse(workroom.DepFailed), "", nil
		}
	}
	return nil, "", nil
}

// may is the one function that says whether an account may touch the scopes of a command at all; what it may do there is the rule's. A
// command that creates scopes must find them new, and one that joins proves its right itself.
func (w *writer) may(b *store.Batch, x *item, scopes []workroom.Scope) (*workroom.Refusal, error) {
	no := workroom.Refuse(workroom.NoAccess)
	if len(scopes) > maxScopes {
		return workroom.Refuse(workroom.BadInput), nil
	}
	_, creates := x.does.(workroom.Spacer)
	j, _ := x.does.(workroom.Joiner)
	joins := j != nil && j.Joins()
	granted := grants(x.does)
	for _, s := range scopes {
		if !s.Valid() {
			return no, nil
		}
		if s.Kind() == "a" {
			if s != workroom.AccountScope(x.caller.Account) && s != granted {
				return no, nil
			}
			continue
		}
		if creates {
			if there, err := b.Exists(s); there || err != nil {
				return no, err
			}
			continue
		}
		if joins {
			continue
		}
		if _, ok, err := b.Access(x.caller.Account, s.Root()); !ok || err != nil {
			return no, err
		}
	}
	return nil, nil
}

// grants is the scope of the account whose right a command gives or takes, "" for none.
func grants(c workroom.Command) workroom.Scope {
	if g, ok := c.(workroom.Granter); ok {
		return workroom.AccountScope(g.Grants())
	}
	return ""
}

// foreign reports whether a change lies in the scope of an account that is not the caller's and is not the one grant, to a room of the
// command, that a Granter may write there.
func foreign(x *item, scopes []workroom.Scope, c workroom.Change) bool {
	if c.Ref.Scope.Kind() != "a" || c.Ref.Scope == workroom.AccountScope(x.caller.Account) {
		return false
	}
	if _, ok := x.does.(workroom.SetBlock); ok { // one row, which says what stands between them and the caller
		return c.Ref.Scope != grants(x.does) || c.Ref.Kind != workroom.KindBlock || c.Ref.ID != string(x.caller.Account)
	}
	root := workroom.Scope(c.Ref.ID)
	return c.Ref.Scope != grants(x.does) || c.Ref.Kind != workroom.KindGrant || root.Kind() != "r" || !slices.Contains(scopes, root)
}

// haveFiles looks at the uploads that a command names: complete, the caller's own, announced for a scope of this command, and what the
// command says they are.
func (w *writer) haveFiles(b *store.Batch, x *item, scopes []workroom.Scope) (*workroom.Refusal, wire.Verdict, error) {
	x.files = nil
	f, ok := x.does.(workroom.Filer)
	if !ok {
		return nil, "", nil
	}
	for _, id := range f.FileIDs() {
		file, ok, err := b.File(x.caller.Account, id)
		switch {
		case err != nil:
			return nil, "", err
		case !ok:
			return nil, wire.DepWait, nil
		case !slices.ContainsFunc(scopes, func(s workroom.Scope) bool { return s.Root() == file.Root }):
			return workroom.Refuse(workroom.NoAccess), "", nil
		case file.Swept():
			return &workroom.Refusal{Code: workroom.Gone, Text: "A file of this was at the service for long without it and was removed there. Attach the file again."}, "", nil
		case file.Deleted():
			return &workroom.Refusal{Code: workroom.Gone, Text: "A file of this was deleted. Attach it again."}, "", nil
		case !file.Complete:
			return nil, wire.DepWait, nil
		}
		if r := fits(x.does, file); r != nil {
			return r, "", nil
		}
		if r := w.elsewhere(b, x, file); r != nil {
			return r, "", nil
		}
		x.files = append(x.files, file)
	}
	return nil, "", nil
}

// fits refuses a command that says something else of a file than its upload did, so that nobody is shown another name or size than they will
// get. Of what kind it is, the service says itself (described).
func fits(c workroom.Command, file *store.File) *workroom.Refusal {
	switch c := c.(type) {
	case workroom.SendMessage:
		for _, f := range c.Files {
			if f.ID == file.ID && (f.Name != file.Name || f.Size != file.Size) {
				return workroom.Bad("files", "A file is not what its upload was: its name or size differs.")
			}
		}
	case workroom.AddShot:
		if file.Type != "image/jpeg" {
			return workroom.Bad("file", "A screenshot is a JPEG.")
		}
	}
	return nil
}
