package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// Storage is the data on this computer: where it lies, its backups, and what is to be said once about it.
type Storage struct{ c *Core }

// storeName is the file of an account's copy in its folder.
const storeName = "replica.db"

func (s *Session) storePath() string { return filepath.Join(s.dir, storeName) }

// storeOptions is what the copy of an account is opened with.
func (c *Core) storeOptions(st state) replica.Options {
	return replica.Options{
		Service: st.Service, Account: workroom.AccountID(st.Account), Device: st.Device,
		Logf: func(format string, args ...any) { slog.Info(scrub(fmt.Sprintf(format, args...))) },
	}
}

// View lists the backups.
func (x *Storage) View() (out StorageView, err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return StorageView{List: []BackupView{}}, err
	}
	return s.storage(), nil
}

func (s *Session) storage() StorageView {
	out := StorageView{Folder: s.dir, Backups: filepath.Join(s.dir, "backups"), List: []BackupView{}, Making: s.making.Load()}
	for _, name := range []string{storeName, storeName + "-wal"} {
		if info, err := os.Stat(filepath.Join(s.dir, name)); err == nil {
			out.Size += info.Size()
		}
	}
	for _, b := range s.replica.Backups() {
		out.List = append(out.List, BackupView{ID: filepath.Base(b.Path), At: b.At.UnixMilli(), Size: b.Size, Reason: b.Reason, Whole: b.Whole})
	}
	return out
}

// BackUp makes a backup now. A large store takes longer than a call may: the list is announced again when it is done.
func (x *Storage) BackUp() (out StorageView, err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return StorageView{List: []BackupView{}}, err
	}
	done := s.backUp()
	select {
	case err := <-done:
		return s.storage(), err
	case <-time.After(CallLimit / 2):
		return s.storage(), nil
	}
}

// backUp makes a backup beside the work; a second wish joins none: one is under way.
func (s *Session) backUp() <-chan error {
	done := make(chan error, 1)
	if !s.making.CompareAndSwap(false, true) {
		done <- nil
		return done
	}
	s.goes(func() {
		_, err := s.replica.BackUp(s.ctx, replica.BackupByHand)
		s.making.Store(false)
		done <- err
		s.core.changed("storage")
		if err != nil && s.ctx.Err() == nil {
			s.core.Events.Publish("failed", AsFailure(err))
		}
	})
	return done
}

// Restore puts a backup in the place of the store. The present one is set aside, never deleted, and what was not sent is taken along; what
// the service has is fetched again.
func (x *Storage) Restore(in IDIn) (out Boot, err error) {
	defer guard(&err)
	if err := x.c.restore(in.ID); err != nil {
		return out, err
	}
	return x.c.boot(), nil
}

func (c *Core) restore(name string) error {
	s, err := c.here()
	if err != nil {
		return err
	}
	path := ""
	for _, b := range s.replica.Backups() {
		if filepath.Base(b.Path) == name {
			path = b.Path
		}
	}
	if path == "" {
		return workroom.Refuse(workroom.Gone)
	}
	st := s.st
	c.leave() // stops the tracker and closes the copy
	r, err := replica.Restore(s.storePath(), path, c.storeOptions(st))
	if err == nil {
		err = r.Close()
	}
	token, _, tokenErr := c.tokens.Load(context.Background(), tokenKey(st))
	if tokenErr != nil {
		slog.Warn("no token", "error", traceOf(tokenErr))
	}
	return errors.Join(err, c.begin(c.state.get(), token))
}

// Told says that the person has read what became of the store.
func (x *Storage) Told() (err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return err
	}
	if err := s.replica.Told(context.Background()); err != nil {
		return err
	}
	x.c.changed("settings")
	return nil
}

// rescue is what is to be said of the store, nil for nothing.
func (s *Session) rescue() *RescueView {
	r, err := s.replica.Report(context.Background())
	if err != nil {
		slog.Error("read what was rescued", "error", traceOf(err))
	}
	if err != nil || r == nil {
		return nil
	}
	return &RescueView{At: r.At / 1000, Where: r.Where, Backup: r.Backup / 1000, Unsent: int64(r.Commands), Drafts: int64(r.Drafts), Lost: int64(r.Unread), Chosen: r.Chosen}
}

// stuckBy reports whether a start failed for the store alone, so that the program can say so on its pages and hand out what was not sent.
func stuckBy(err error) *replica.Fault {
	var f *replica.Fault
	if !errors.As(err, &f) {
		return nil
	}
	switch f.Code {
	case replica.Newer, replica.Foreign, replica.Damaged:
		return f
	}
	return nil
}

// aside reads what was not sent out of a store that cannot be used. What reached the service is there.
func (c *Core) aside(format string) (Document, error) {
	u, err := c.readStore(c.state.get())
	if err != nil {
		return Document{}, err
	}
	u.Sent = nil
	return unsentOf(u, format)
}

// left reads the same out of the stores of those who signed out here, with what had reached the service: it may be that they cannot come in
// again, because the service was set back. Who left last comes first; as JSON the others stand beside that, under their addresses.
func (c *Core) left(format string) (Document, error) {
	list := slices.Clone(c.state.get().Left)
	if len(list) == 0 {
		return Document{}, signedOut()
	}
	slices.Reverse(list)
	var all []*replica.Unsent
	var who []string
	var unread error
	for _, w := range list {
		u, err := c.readStore(state{Way: wayService, Service: w.Service, Account: w.Account})
		if err != nil {
			unread = err // its folder may be gone; the others' words are not
			continue
		}
		all, who = append(all, u), append(who, w.Email)
	}
	switch {
	case len(all) == 0:
		return Document{}, unread
	case len(all) == 1:
		return unsentOf(all[0], format)
	case format == "json":
		return othersBeside(all, who)
	}
	doc := Document{}
	for i, u := range all {
		one, err := unsentOf(u, format)
		if err != nil {
			return Document{}, err
		}
		doc.Name = one.Name
		if i > 0 {
			doc.Text += "\n\n"
		}
		doc.Text += clean(who[i]) + ", who signed out on this computer\n" + one.Text
	}
	return doc, nil
}

// othersBeside writes what several people left here for a program to read: the first as if it were alone, the others in a list.
func othersBeside(all []*replica.Unsent, who []string) (Document, error) {
	type one struct {
		Email string               `json:"email"`
		Items []replica.UnsentItem `json:"items"`
		*replica.Unsent
	}
	out := struct {
		one
		Others []one `json:"others"`
	}{one: one{who[0], all[0].Items(), all[0]}}
	for i, u := range all[1:] {
		out.Others = append(out.Others, one{who[i+1], u.Items(), u})
	}
	body, err := json.MarshalIndent(out, "", "  ")
	return Document{Name: unsentName(time.Now()) + ".json", Text: string(body) + "\n"}, err
}

// readStore reads what is unsent in a store without opening it for use.
func (c *Core) readStore(st state) (*replica.Unsent, error) {
	u, err := replica.ReadUnsent(filepath.Join(c.dirOf(st), storeName))
	if err != nil {
		return nil, Fail(CodeNoFolder, "What was not sent cannot be read from this store. Nothing was changed.")
	}
	return u, nil
}

// unsentOf writes what was read as a file: "text" to read, or "json".
func unsentOf(u *replica.Unsent, format string) (Document, error) {
	var b strings.Builder
	name := unsentName(time.Now())
	if format == "json" {
		err := u.WriteJSON(&b)
		return Document{Name: name + ".json", Text: b.String()}, err
	}
	err := u.WriteText(&b, time.Local)
	return Document{Name: name + ".txt", Text: b.String()}, err
}
