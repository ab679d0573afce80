package app

import (
	"time"

	"trestle/internal/workroom"
)

// Shell is what stands around every screen.
type Shell struct{ c *Core }

// Boot is everything a page needs to draw itself the first time.
func (s *Shell) Boot() (out Boot, err error) {
	defer guard(&err)
	return s.c.boot(), nil
}

func (c *Core) boot() Boot {
	st := c.state.get()
	c.mu.Lock()
	sess, caps := c.session, c.caps
	var notices []string
	if sess != nil { // the start page has no place to tell them
		notices, c.notices = c.notices, nil
	}
	c.mu.Unlock()
	caps.Tray = c.trayLives()
	caps.Invite = st.Way == wayService
	out := Boot{Version: Version, Caps: caps, Settings: st.Settings.sound(), Notices: append([]string{}, notices...), Sync: Sync{State: "signedOut"}}
	if sess != nil {
		out.Account = &Me{ID: st.Account, Name: st.Person, Email: st.Email, Service: st.Name, Way: st.Way}
		if st.Way != wayService {
			out.Account.Email = ""
		}
		out.Caps.MaxFile, _ = sess.limits()
		out.Sync = sess.sync()
		out.Rescue = sess.rescue()
	}
	if c.stuck != nil {
		out.Stuck = &StuckView{Code: string(c.stuck.Code), Text: c.stuck.Text, Folder: c.dirOf(st)}
	}
	return out
}

// Set keeps the settings of this computer; what Enter does goes to all devices of the account.
func (s *Shell) Set(in Settings) (out Settings, err error) {
	defer guard(&err)
	in = in.sound()
	if in.LastRoom != "" && !workroom.ValidID(in.LastRoom) {
		in.LastRoom = ""
	}
	keep := func() error { return s.c.state.change(func(st *state) { st.Settings = in }) }
	if sess, gone := s.c.here(); gone == nil {
		err = sess.chooseEnter(in.EnterSend, keep)
	} else {
		err = keep()
	}
	s.c.applyHotkeys()
	s.c.changed("settings")
	return in, err
}

// OpenLink opens a link in the system's own browser or mail program, after asking where its text and target differ.
func (s *Shell) OpenLink(in FoundLink) (out OpenedLink, err error) {
	defer guard(&err)
	link, err := ParseLink(in.URL, in.Text)
	if err != nil {
		return out, err
	}
	out.Host = link.Host
	if link.Confirm && !in.Sure {
		out.Ask = true
		return out, nil
	}
	return out, link.Open()
}

// Status says how far this computer and its service agree.
func (s *Shell) Status() (out Sync, err error) {
	defer guard(&err)
	sess, err := s.c.here()
	if err != nil {
		return Sync{State: "signedOut", Why: "Nobody is signed in here.", Since: time.Now().UnixMilli()}, nil
	}
	return sess.sync(), nil
}

// SyncNow tries the service at once, and says by Settled when everything is sent and fetched.
func (s *Shell) SyncNow() (out Sync, err error) {
	defer guard(&err)
	sess, err := s.c.here()
	if err != nil {
		return out, err
	}
	sess.drain()
	return sess.sync(), nil
}

// Quit ends the program; the tracker is stopped first.
func (s *Shell) Quit() (err error) {
	defer guard(&err)
	go func() {
		time.Sleep(100 * time.Millisecond) // let the answer out
		s.c.Quit()
	}()
	return nil
}

// Look says which room is on screen in a focused window, "" for none: no notice is shown of it.
func (s *Shell) Look(in RoomIn) (err error) {
	defer guard(&err)
	if sess, err := s.c.here(); err == nil && sess.notices != nil {
		sess.notices.look(in.Room)
	}
	return nil
}

// Watch says which room and workroom are on screen: what happens there comes with its contents at once, not as a hint to ask. It replaces
// what was watched before.
func (s *Shell) Watch(in WatchIn) (err error) {
	defer guard(&err)
	sess, err := s.c.here()
	if err != nil {
		return nil // nobody is here who could watch
	}
	sess.watch(in)
	return nil
}

// watch tells the courier what is on screen, as far as it is here: a room, a contract with the side of one's own, and the weeks of its diary
// that count now.
func (s *Session) watch(in WatchIn) {
	var scopes []workroom.Scope
	if room, r, err := s.room(in.Room); err == nil {
		scopes = append(scopes, workroom.RoomScope(room), workroom.ReceiptScope(room))
		if in.Contract == "" {
			in.Contract = string(r.Contract)
		}
	}
	if c, _, err := s.contract(in.Contract); err == nil {
		id := workroom.ContractID(in.Contract)
		scopes = append(scopes, workroom.ContractScope(id))
		if c.Client == s.me() {
			scopes = append(scopes, workroom.ClientScope(id))
		}
		for _, w := range lately(time.Now()) {
			scopes = append(scopes, workroom.DiaryScope(id, w.String()))
		}
	}
	s.courier.Watch(scopes...)
}
