package service

import (
	"context"
	"encoding/json"
	"errors"
	"mime"
	"net/http"

	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// marksTogether is how many rooms one transaction marks, so that none holds the heads of many for long.
const marksTogether = 50

// SetBusiness marks the account with an e-mail address as a Business client, or takes the mark away (P-15). The mark is written into each of
// its rooms, where everybody in it reads it, online or not. Marking again changes nothing; begun and not ended, it is done again.
func (s *Service) SetBusiness(ctx context.Context, email string, on bool) error {
	var acc *store.Account
	var rooms []workroom.Scope
	err := s.store.Read(ctx, func(tx store.Tx) (err error) {
		if acc, _, err = tx.AccountByEmail(ctx, email); err != nil || acc == nil {
			return err
		}
		rooms, err = tx.RoomsOf(ctx, acc.ID)
		return err
	})
	if err != nil {
		return err
	}
	if acc == nil {
		return &workroom.Refusal{Code: workroom.NoAccess, Field: "email", Text: "There is no account with this e-mail address."}
	}
	own := workroom.AccountScope(acc.ID)
	for first := true; first || len(rooms) > 0; first = false {
		n := min(len(rooms), marksTogether)
		if err := s.markBusiness(ctx, acc.ID, append([]workroom.Scope{own}, rooms[:n]...), on); err != nil {
			return err
		}
		rooms = rooms[n:]
	}
	s.log.InfoContext(ctx, "Business client marked", "account", acc.ID, "on", on)
	return nil
}

// markBusiness writes the mark into an account's own row and into the rows of some of its rooms.
func (s *Service) markBusiness(ctx context.Context, who workroom.AccountID, scopes []workroom.Scope, on bool) error {
	var hints []store.Hint
	err := s.store.Write(ctx, func(tx store.Tx) error {
		b := store.NewBatch(ctx, tx)
		if err := b.Lock(scopes...); err != nil {
			return err
		}
		view := b.View(scopes)
		var out workroom.Changes
		for _, sc := range scopes {
			kind := workroom.KindMember
			if sc.Kind() == "a" {
				kind = workroom.KindAccount
			}
			t, _ := view.Row(workroom.Ref{Scope: sc, Kind: kind, ID: string(who)})
			switch t := t.(type) {
			case *workroom.Account:
				if n := *t; n.Business != on {
					n.Business = on
					out.Put(sc, string(who), &n)
				}
			case *workroom.Member:
				if n := *t; n.Business != on {
					n.Business = on
					out.Put(sc, string(who), &n)
				}
			}
		}
		if view.Err != nil {
			return view.Err
		}
		if len(out.List()) > 0 {
			if _, _, err := b.Write("", s.now(), "", out.List()); err != nil {
				return err
			}
		}
		var err error
		hints, err = b.Flush()
		return err
	})
	if err == nil {
		s.tell(hints)
	}
	return err
}

// operate is an answer to the operator that changes something and says no more than that it is done.
func operate[In any](do func(context.Context, In) error) http.HandlerFunc {
	return answering(func(ctx context.Context, in In) (struct{}, error) { return struct{}{}, do(ctx, in) })
}

// answering is an answer to the operator. It takes JSON from a program only: a page in a browser on the same computer can send no such question
// without asking first, and is never told yes.
func answering[In, Out any](ask func(context.Context, In) (Out, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if err != nil || kind != "application/json" || r.Header.Get("Origin") != "" {
			http.Error(w, "only a program may ask this", http.StatusForbidden)
			return
		}
		var in In
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10)).Decode(&in); err != nil {
			wire.ProblemOf(workroom.Refuse(workroom.BadInput)).Write(w)
			return
		}
		out, err := ask(r.Context(), in)
		if err != nil {
			var no *workroom.Refusal
			if !errors.As(err, &no) {
				no = workroom.Refuse(workroom.Internal)
			}
			wire.ProblemOf(no).Write(w)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(out) // the operator has gone if this fails
	}
}

// ContactIn chooses the mode of the rule about contact details, at /contact of the operator's address.
type ContactIn struct {
	Mode workroom.ContactMode `json:"mode"`
}

// BusinessIn marks an account, at /business of the operator's address.
type BusinessIn struct {
	Email string `json:"email"`
	On    bool   `json:"on"`
}

// policies are what the operator may change beside what they may read.
func (s *Service) policies(mux *http.ServeMux) {
	mux.HandleFunc("POST /contact", operate(func(ctx context.Context, in ContactIn) error { return s.SetContactMode(ctx, in.Mode) }))
	s.desk(mux)
	mux.HandleFunc("POST /business", operate(func(ctx context.Context, in BusinessIn) error { return s.SetBusiness(ctx, in.Email, in.On) }))
}
