package service

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"trestle/internal/service/store"
	"trestle/internal/workroom"
)

// reported keeps what a report is about, in the transaction of its command (P-21).
func (w *writer) reported(b *store.Batch, x *item) error {
	c, ok := x.does.(workroom.MakeReport)
	if !ok {
		return nil
	}
	return b.KeepReport(store.Report{ID: x.cmd.ID, Account: c.Who, Person: c.Person, Room: c.Room, Message: c.Message, Reason: c.Reason, Note: c.Note,
		Seen: c.Seen, At: w.s.now().UnixMicro()})
}

// suspended puts off what an account wants to send that is suspended (U-14): it stays in its outbox, and goes out when the administrator lets
// the account in again. What lies in the account's own scope alone, such as how far it has read, is sent to nobody and goes on.
func (w *writer) suspended(b *store.Batch, x *item, scopes []workroom.Scope) (*workroom.Refusal, error) {
	own := workroom.AccountScope(x.caller.Account)
	alone := true
	for _, s := range scopes {
		alone = alone && s == own
	}
	if alone {
		return nil, nil
	}
	view := b.View([]workroom.Scope{own})
	acc, k := workroom.Get[*workroom.Account](view, workroom.Ref{Scope: own, Kind: workroom.KindAccount, ID: string(x.caller.Account)})
	if view.Err != nil || k != workroom.Held || acc.Suspended == nil {
		return nil, view.Err
	}
	return closedAccount(acc.Suspended), nil
}

func closedAccount(n *workroom.Notice) *workroom.Refusal {
	r := workroom.Refuse(workroom.AccountClosed)
	if n.Text != "" {
		r.Text = "This account is suspended: " + sentence(n.Text) + " Everything waiting is kept and can be exported."
	}
	return r
}

// sentence ends what an administrator wrote where another sentence follows.
func sentence(text string) string {
	text = strings.TrimSpace(text)
	if last, _ := utf8.DecodeLastRuneInString(text); unicode.IsLetter(last) || unicode.IsDigit(last) {
		return text + "."
	}
	return text
}

// mayUpload refuses bytes of an account that is suspended.
func (s *Service) mayUpload(ctx context.Context, tx store.Tx, who workroom.AccountID) error {
	t, _, ok, err := tx.Living(ctx, workroom.Ref{Scope: workroom.AccountScope(who), Kind: workroom.KindAccount, ID: string(who)})
	if err != nil || !ok {
		return err
	}
	if acc, is := t.(*workroom.Account); is && acc.Suspended != nil {
		return closedAccount(acc.Suspended)
	}
	return nil
}

// Named is a report with the names of its people and its room, for whoever decides.
type Named struct {
	store.Report
	By    string            `json:"by"`    // who reported; empty where the service noticed it
	About string            `json:"about"` // who was reported
	Email string            `json:"email"` // of who was reported
	Names map[string]string `json:"names,omitempty"`
}

// ReportsIn asks for reports at /reports of the operator's address: the open ones or all.
type ReportsIn struct {
	All bool `json:"all"`
}

// ReportIn names one report by its handle, and at /reports/decide what comes of it; Text is what is said to who was reported.
type ReportIn struct {
	Handle  string           `json:"handle"`
	Outcome workroom.Outcome `json:"outcome,omitempty"`
	Text    string           `json:"text,omitempty"`
}

// SuspendIn suspends an account or lets it in again.
type SuspendIn struct {
	Email string `json:"email"`
	Text  string `json:"text"`
	Off   bool   `json:"off"`
}

const mostReports = 500

// Reports lists the open reports, or all, without what was said: that is looked at one by one.
func (s *Service) Reports(ctx context.Context, in ReportsIn) ([]Named, error) {
	out := []Named{}
	err := s.store.Read(ctx, func(tx store.Tx) error {
		list, err := tx.Reports(ctx, in.All, mostReports)
		if err != nil {
			return err
		}
		for _, r := range list {
			r.Kept = nil
			n, err := named(ctx, tx, r)
			if err != nil {
				return err
			}
			out = append(out, n)
		}
		return nil
	})
	return out, err
}

// LookReport shows one report with what was said. That somebody looked is logged.
func (s *Service) LookReport(ctx context.Context, in ReportIn) (out Named, err error) {
	err = s.store.Read(ctx, func(tx store.Tx) error {
		r, err := report(ctx, tx, in.Handle)
		if err != nil {
			return err
		}
		out, err = named(ctx, tx, r)
		return err
	})
	if err == nil {
		s.log.InfoContext(ctx, "report looked at", "report", in.Handle, "room", out.Room, "messages", len(out.Kept))
	}
	return out, err
}

func report(ctx context.Context, tx store.Tx, handle string) (store.Report, error) {
	r, ok, err := tx.Report(ctx, handle)
	if err == nil && !ok {
		return r, &workroom.Refusal{Code: workroom.NoAccess, Text: "There is no such report. See trestle admin reports list."}
	}
	return r, err
}

func named(ctx context.Context, tx store.Tx, r store.Report) (Named, error) {
	out := Named{Report: r, Names: map[string]string{}}
	who := []workroom.AccountID{r.Person}
	if r.Account != "" {
		who = append(who, r.Account)
	}
	for _, k := range r.Kept {
		who = append(who, k.Author)
	}
	for _, id := range who {
		if _, known := out.Names[string(id)]; known {
			continue
		}
		a, ok, err := tx.Account(ctx, id)
		if err != nil {
			return out, err
		}
		if !ok {
			continue
		}
		out.Names[string(id)] = a.Name
		if id == r.Person {
			out.Email = a.Email
		}
	}
	out.By, out.About = out.Names[string(r.Account)], out.Names[string(r.Person)]
	return out, nil
}

// DecideReport does what the administrator decides about a report and says so to who made it (P-21): nothing, a warning, the message taken away,
// or the account suspended. What is done stands before it is said; begun and not ended, it can be decided again.
func (s *Service) DecideReport(ctx context.Context, in ReportIn) error {
	var r store.Report
	err := s.store.Read(ctx, func(tx store.Tx) (err error) {
		r, err = report(ctx, tx, in.Handle)
		return err
	})
	switch {
	case err != nil:
		return err
	case r.Outcome != workroom.ReportOpen:
		return &workroom.Refusal{Code: workroom.Moved, Text: "This report was decided already."}
	}
	switch in.Outcome {
	case workroom.Dismissed:
	case workroom.Warned:
		if workroom.Blank(in.Text) {
			return workroom.Bad("text", "Write what the warning says.")
		}
		err = s.account(ctx, r.Person, func(a *workroom.Account) { a.Warned = &workroom.Notice{Text: in.Text, At: s.now().UnixMicro()} })
	case workroom.Removed:
		err = s.removeAll(ctx, r)
	case workroom.Suspended:
		err = s.suspend(ctx, r.Person, in.Text)
	default:
		return workroom.Bad("outcome", "A report is dismissed, or answered by a warning, by removing the message or by suspending the account.")
	}
	if err != nil {
		return err
	}
	own := workroom.AccountScope(r.Account)
	scopes := []workroom.Scope{own}
	if r.Account == "" { // noticed by the service: nobody waits for the outcome
		scopes = nil
	}
	err = s.rewrite(ctx, scopes, func(b *store.Batch, view workroom.Rows, out *workroom.Changes) error {
		at := s.now().UnixMicro()
		if ok, err := b.DecideReport(r, in.Outcome, at); err != nil || !ok || r.Account == "" {
			return err
		}
		if t, k := workroom.Get[*workroom.Report](view, workroom.Ref{Scope: own, Kind: workroom.KindReport, ID: r.ID}); k == workroom.Held {
			n := *t
			n.Outcome, n.Decided = in.Outcome, at
			out.Put(own, r.ID, &n)
		}
		return nil
	})
	if err == nil {
		s.log.InfoContext(ctx, "report decided", "report", r.Handle, "outcome", in.Outcome)
	}
	return err
}

// Suspend suspends the account with an e-mail address, for a reason it is told, or lets it in again (U-14).
func (s *Service) Suspend(ctx context.Context, in SuspendIn) error {
	var who workroom.AccountID
	err := s.store.Read(ctx, func(tx store.Tx) error {
		a, ok, err := tx.AccountByEmail(ctx, in.Email)
		if ok {
			who = a.ID
		}
		return err
	})
	switch {
	case err != nil:
		return err
	case who == "":
		return &workroom.Refusal{Code: workroom.NoAccess, Field: "email", Text: "There is no account with this e-mail address."}
	case in.Off:
		s.log.InfoContext(ctx, "account let in again", "account", who)
		return s.account(ctx, who, func(a *workroom.Account) { a.Suspended = nil })
	}
	return s.suspend(ctx, who, in.Text)
}

func (s *Service) suspend(ctx context.Context, who workroom.AccountID, text string) error {
	if workroom.Blank(text) {
		return workroom.Bad("text", "Write why: the person reads it.")
	}
	s.log.InfoContext(ctx, "account suspended", "account", who)
	return s.account(ctx, who, func(a *workroom.Account) { a.Suspended = &workroom.Notice{Text: text, At: s.now().UnixMicro()} })
}

// account changes an account's own row.
func (s *Service) account(ctx context.Context, who workroom.AccountID, change func(*workroom.Account)) error {
	own := workroom.AccountScope(who)
	return s.rewrite(ctx, []workroom.Scope{own}, func(_ *store.Batch, view workroom.Rows, out *workroom.Changes) error {
		a, k := workroom.Get[*workroom.Account](view, workroom.Ref{Scope: own, Kind: workroom.KindAccount, ID: string(who)})
		if k != workroom.Held {
			return workroom.Refuse(workroom.Gone)
		}
		n := *a
		change(&n)
		out.Put(own, string(who), &n)
		return nil
	})
}

// removeAll takes away the message that was reported, or those that the service noticed.
func (s *Service) removeAll(ctx context.Context, r store.Report) error {
	if r.Account != "" {
		return s.remove(ctx, r.Room, r.Message)
	}
	for _, k := range r.Kept {
		if err := s.remove(ctx, r.Room, k.ID); err != nil {
			return err
		}
	}
	return nil
}

// remove takes a message away for everybody, as its author could have, and says that it was not the author.
func (s *Service) remove(ctx context.Context, room workroom.RoomID, id string) error {
	if id == "" {
		return workroom.Bad("outcome", "This report is about a person. There is no message to remove.")
	}
	r := workroom.RoomScope(room)
	return s.rewrite(ctx, []workroom.Scope{r}, func(b *store.Batch, view workroom.Rows, out *workroom.Changes) error {
		m, k := workroom.Get[*workroom.Message](view, workroom.Ref{Scope: r, Kind: workroom.KindMessage, ID: id})
		if k != workroom.Held || m.Deleted != 0 {
			return nil
		}
		for _, f := range m.Files {
			ref := workroom.Ref{Scope: r, Kind: workroom.KindFile, ID: string(f.ID)}
			if x, k := workroom.Get[*workroom.File](view, ref); k == workroom.Held && x.Message == id {
				out.Remove(ref)
			}
		}
		out.Put(r, id, &workroom.Message{Author: m.Author, At: m.At, Composed: m.Composed, Above: m.Above, Deleted: s.now().UnixMicro(), Removed: true})
		return nil
	})
}

// rewrite changes rows of scopes in one transaction, in nobody's name.
func (s *Service) rewrite(ctx context.Context, scopes []workroom.Scope, do func(*store.Batch, workroom.Rows, *workroom.Changes) error) error {
	var hints []store.Hint
	err := s.store.Write(ctx, func(tx store.Tx) error {
		b := store.NewBatch(ctx, tx)
		if err := b.Lock(scopes...); err != nil {
			return err
		}
		view := b.View(scopes)
		var out workroom.Changes
		if err := do(b, view, &out); err != nil {
			return err
		}
		if view.Err != nil {
			return view.Err
		}
		if len(out.List()) > 0 {
			at := s.now()
			if _, _, err := b.Write("", at, "", out.List()); err != nil {
				return err
			}
			eraseDeleted(b, out.List(), at)
		}
		var err error
		hints, err = b.Flush()
		return err
	})
	if err != nil {
		return fmt.Errorf("rewrite: %w", err)
	}
	s.tell(hints)
	return nil
}

// desk is what the operator does about reports.
func (s *Service) desk(mux *http.ServeMux) {
	mux.HandleFunc("POST /reports", answering(s.Reports))
	mux.HandleFunc("POST /reports/look", answering(s.LookReport))
	mux.HandleFunc("POST /reports/decide", operate(s.DecideReport))
	mux.HandleFunc("POST /suspend", operate(s.Suspend))
}
