package app

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"trestle/internal/contact"
	"trestle/internal/courier"
	"trestle/internal/workroom"
)

// Contact is what a box that somebody writes in asks about contact details before a contract (P-01 to P-18).
type Contact struct{ c *Core }

// Look says what a text and files that are about to be sent hold, and what can be done about it.
func (x *Contact) Look(in ContactIn) (out ContactView, err error) {
	defer guard(&err)
	out = ContactView{Finds: []FindRow{}, Asks: []FindRow{}, Files: []string{}, Reasons: []string{}}
	s, err := x.c.here()
	if err != nil {
		return out, err
	}
	mode := s.policy.mode()
	out.Mode = string(mode)
	if out.Free, err = s.freeToShare(workroom.RoomID(in.Room), mode); err != nil {
		return out, err
	}
	at, found := units(in.Text), contact.Find(in.Text)
	if slices.ContainsFunc(found, func(f contact.Span) bool { return f.Kind.Held() }) {
		s.policy.matter()
	}
	for _, f := range found {
		row := FindRow{From: at(f.From), To: at(f.To), Kind: string(f.Kind)}
		switch {
		case f.Kind.Held() && !out.Free:
			out.Finds = append(out.Finds, row)
		case f.Kind == contact.Secret, f.Kind == contact.Scheduling && !out.Free:
			out.Asks = append(out.Asks, row)
		}
	}
	if out.Free {
		return out, nil
	}
	for _, id := range in.Files {
		_, ref, err := s.staged(id, workroom.RoomScope(workroom.RoomID(in.Room)))
		if err != nil {
			continue // it is gone, and sending says so
		}
		if s.fileHolds(ref) {
			out.Files = append(out.Files, ref.Name)
		}
		out.Remind = out.Remind || contact.Document(ref.Name, ref.Size) && !s.policy.told()
	}
	for _, r := range mode.Reasons() {
		out.Reasons = append(out.Reasons, string(r))
	}
	if in.Message != "" && (len(out.Finds) > 0) {
		if r := s.namedFor(workroom.RoomID(in.Room), in.Message); mode.Takes(r) {
			out.Named = string(r)
		}
	}
	return out, nil
}

// Reminded keeps that the person was told what a document may not hold; they are told once (P-12).
func (x *Contact) Reminded() (err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return err
	}
	return s.policy.tell()
}

// held refuses contact details that may not be shared yet and name no reason, as the service would, so that nothing leaves a person's hands
// to be refused later. Whether they may is judged by what this computer last heard: of contracts, of members, of the service's mode.
func (s *Session) held(c workroom.Command) error {
	sp, ok := c.(workroom.Speaker)
	if !ok {
		return nil
	}
	said, mode := sp.Says(), s.policy.mode()
	if mode.Takes(said.Reason) {
		return nil
	}
	field := ""
	for _, t := range said.Texts {
		if len(contact.Held(t.Text)) > 0 {
			field = t.Field
			break
		}
	}
	if m, ok := c.(workroom.SendMessage); ok && field == "" && slices.ContainsFunc(m.Files, s.fileHolds) {
		field = "files"
	}
	if field == "" {
		return nil
	}
	if said.Contract != "" {
		if n, _, err := s.contract(string(said.Contract)); err != nil || n.Started != 0 {
			return err
		}
	}
	if free, err := s.freeToShare(said.Room, mode); free || err != nil {
		return err
	}
	if said.Message != "" && mode.Takes(s.namedFor(said.Room, said.Message)) {
		return nil
	}
	r := workroom.Refuse(workroom.ContactDetails)
	r.Field = field
	return r
}

// namedFor is the reason that was named for a message.
func (s *Session) namedFor(room workroom.RoomID, message string) workroom.ContactReason {
	x, _, err := s.replica.Thing(context.Background(), workroom.Ref{Scope: workroom.RoomScope(room), Kind: workroom.KindMessage, ID: message})
	if m, ok := x.Thing.(*workroom.Message); ok && err == nil {
		return m.Contact
	}
	return ""
}

// fileHolds reports whether the name of a file, or a text file itself, holds contact details.
func (s *Session) fileHolds(f workroom.FileRef) bool {
	for _, t := range (workroom.SendMessage{Files: []workroom.FileRef{f}}).Says().Texts {
		if len(contact.Held(t.Text)) > 0 {
			return true
		}
	}
	if !contact.Readable(f.Name, f.Size) {
		return false
	}
	sha, _, here, err := s.replica.LocalFile(context.Background(), string(f.ID))
	if err != nil || !here {
		return false
	}
	if found, ok := s.policy.look(sha); ok {
		return found
	}
	in, err := s.blobs.Open(sha)
	if err != nil {
		return false
	}
	defer in.Close()
	body, err := io.ReadAll(io.LimitReader(in, contact.MaxText))
	if err != nil {
		return false
	}
	found := len(contact.Held(contact.Text(body))) > 0
	s.policy.looked(sha, found)
	return found
}

// freeToShare reports whether contact details may be shared in a room, or with whoever answers an offer for an empty one.
func (s *Session) freeToShare(room workroom.RoomID, mode workroom.ContactMode) (bool, error) {
	if mode == workroom.ContactOff {
		return true, nil
	}
	ctx := context.Background()
	own := workroom.AccountScope(s.me())
	me, _, err := s.replica.Thing(ctx, workroom.Ref{Scope: own, Kind: workroom.KindAccount, ID: string(s.me())})
	if err != nil {
		return false, err
	}
	if a, ok := me.Thing.(*workroom.Account); ok && a.Business {
		return true, nil
	}
	if room == "" {
		return false, nil
	}
	met, err := s.met()
	if err != nil {
		return false, err
	}
	_, r, err := s.room(string(room))
	if err != nil {
		return room.Direct() && s.metBy(room, met), nil // a direct room that is not yet
	}
	rows, err := s.replica.All(ctx, workroom.RoomScope(room), workroom.KindMember)
	if err != nil {
		return false, err
	}
	members := map[workroom.AccountID]*workroom.Member{}
	for _, x := range rows {
		if m, ok := x.Thing.(*workroom.Member); ok {
			members[workroom.AccountID(x.ID)] = m
		}
	}
	return workroom.MayShareContact(r.Kind, s.me(), members, func(a workroom.AccountID) bool { return met[a] }), nil
}

// met are the accounts with whom this one has or had a contract that started, as far as this computer has heard.
func (s *Session) met() (map[workroom.AccountID]bool, error) {
	rows, err := s.replica.Contracts(context.Background())
	if err != nil {
		return nil, err
	}
	out := map[workroom.AccountID]bool{}
	for _, x := range rows {
		c, ok := x.Thing.(*workroom.Contract)
		switch {
		case !ok || c.Started == 0:
		case c.Client == s.me():
			out[c.Freelancer] = true
		case c.Freelancer == s.me():
			out[c.Client] = true
		}
	}
	return out, nil
}

// metBy reports whether a direct room is that with one of some accounts.
func (s *Session) metBy(room workroom.RoomID, met map[workroom.AccountID]bool) bool {
	for who := range met {
		if workroom.DirectID(s.me(), who) == room {
			return true
		}
	}
	return false
}

// policies are the service's policies as they were last heard, kept for when it cannot be asked (P-05).
type policies struct {
	mu   sync.Mutex
	path string
	has  struct {
		Contact  workroom.ContactMode `json:"contact"`
		Reminded bool                 `json:"reminded,omitempty"`
	}
	files map[string]bool // by SHA-256: whether a text file that was looked into holds contact details

	wanted chan struct{} // somebody writes what the policies decide about
	every  time.Duration // as policyPress
}

// matter says that what the policies are counts just now.
func (p *policies) matter() {
	select {
	case p.wanted <- struct{}{}:
	default:
	}
}

// mostLooked is how many files it is remembered of; a box that is written in asks about its own few at every pause.
const mostLooked = 100

// pressing is how long what was heard is good enough while it matters.
func (p *policies) pressing() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.every
}

// look is what was found in a file before.
func (p *policies) look(sha string) (found, known bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	found, known = p.files[sha]
	return found, known
}

// looked remembers what was found in a file.
func (p *policies) looked(sha string, found bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.files == nil || len(p.files) >= mostLooked {
		p.files = map[string]bool{}
	}
	p.files[sha] = found
}

func openPolicies(dir string) *policies {
	p := &policies{path: filepath.Join(dir, "policies.json"), wanted: make(chan struct{}, 1), every: policyPress}
	if b, err := os.ReadFile(p.path); err == nil {
		_ = json.Unmarshal(b, &p.has) // unreadable: as if nothing was heard yet
	}
	return p
}

// mode is the rule about contact details; ask if nothing was heard.
func (p *policies) mode() workroom.ContactMode {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.has.Contact.Valid() {
		return p.has.Contact
	}
	return workroom.ContactAsk
}

func (p *policies) told() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.has.Reminded
}

// tell keeps that the reminder about documents was read.
func (p *policies) tell() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.has.Reminded = true
	return p.save()
}

// hear keeps what the service says, and reports whether that is news.
func (p *policies) hear(m workroom.ContactMode) (bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !m.Valid() || m == p.has.Contact {
		return false, nil
	}
	p.has.Contact = m
	return true, p.save()
}

func (p *policies) save() error {
	b, err := json.Marshal(p.has)
	if err != nil {
		return err
	}
	return writeWhole(p.path, b, 0o600)
}

// How often a service that can be reached is asked for its policies.
const (
	policyEvery = 10 * time.Minute
	policyPress = 10 * time.Second // while somebody writes what they decide about: an administrator may have changed them
)

// followPolicies asks for the service's policies when it can be reached again, when they matter, and from time to time.
func (s *Session) followPolicies(ctx context.Context) {
	var asked time.Time
	matters := false
	for {
		again := time.NewTimer(policyEvery)
		online := s.courier.Status().Phase == courier.Online
		switch {
		case !online:
			asked = time.Time{}
		case time.Since(asked) >= policyEvery, matters && time.Since(asked) >= s.policy.pressing():
			asked = time.Now()
			s.askPolicies(ctx)
		}
		select {
		case <-ctx.Done():
			again.Stop()
			return
		case <-s.wayMoved:
			matters = false
		case <-s.policy.wanted:
			matters = true
		case <-again.C:
			matters = false
		}
		again.Stop()
	}
}

func (s *Session) askPolicies(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	m, err := s.client.Meta(ctx)
	if err != nil {
		if s.ctx.Err() == nil {
			slog.Info("ask for the service's policies", "error", traceOf(err))
		}
		return
	}
	news, err := s.policy.hear(m.Contact)
	if err != nil {
		slog.Error("keep the service's policies", "error", traceOf(err))
	}
	if news {
		s.core.changed("policies")
	}
}
