package app

import (
	"slices"
	"sync"

	"trestle/internal/workroom"
)

// What Enter does is the account's own, on all its devices (K-02). The settings of this computer hold what is so here: what a new account
// begins with, and from the first choice on a copy of the profile.
type writing struct {
	mu sync.Mutex // held from reading the profile to writing the settings, and the other way round
}

// chooseEnter keeps what Enter does for the account and for this computer. Both are one act to those who follow the profile meanwhile.
func (s *Session) chooseEnter(sends bool, keep func() error) error {
	s.writing.mu.Lock()
	defer s.writing.mu.Unlock()
	if s.core.state.get().Settings.EnterSend != sends {
		does := workroom.EnterLine
		if sends {
			does = workroom.EnterSends
		}
		if _, err := s.enqueue(workroom.SetProfile{Who: s.me(), Enter: does}, enqueueOpts{}); err != nil {
			return err
		}
	}
	return keep()
}

// followWriting makes this computer's settings what the profile says, after what changed in these scopes.
func (s *Session) followWriting(scopes ...workroom.Scope) {
	if s.core.kind != "desktop" || !slices.Contains(scopes, workroom.AccountScope(s.me())) {
		return
	}
	s.goes(func() {
		s.writing.mu.Lock()
		defer s.writing.mu.Unlock()
		p, known, err := s.profile()
		if err != nil || known != workroom.Held || p.Enter == "" {
			return
		}
		sends := p.Enter != workroom.EnterLine
		if s.core.state.get().Settings.EnterSend == sends {
			return
		}
		_ = s.core.state.change(func(st *state) { st.Settings.EnterSend = sends }) // on a full disk it holds until the program ends
		s.core.changed("settings")
	})
}
