package app

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"trestle/internal/replica"
	"trestle/internal/watch"
	"trestle/internal/workroom"
)

// dropFolder is a folder whose new files become attachments of a contract's room. Only what a person asked for is watched.
type dropFolder struct {
	Contract string                 `json:"contract"`
	Path     string                 `json:"path"`
	Known    map[string]watch.Stamp `json:"known"` // what was there at first, or was added
}

// EventAdded tells what a drop folder added to a draft: DroppedView.
const EventAdded = "added"

const dropKey = "drop "

// dropOf is the contract of a drop folder's key.
func dropOf(key string) (string, bool) { return strings.CutPrefix(key, dropKey) }

func (d *dropFolder) folder(fresh bool) watch.Folder {
	return watch.Folder{Key: dropKey + d.Contract, Path: d.Path, Known: d.Known, Fresh: fresh}
}

// folders lists the active contracts and what they have.
func (w *watching) folders() (DropFolders, error) {
	out := DropFolders{Folders: []DropFolderRow{}}
	rows, err := w.s.replica.Contracts(context.Background())
	if err != nil {
		return out, err
	}
	for _, r := range rows {
		c, ok := r.Thing.(*workroom.Contract)
		if !ok {
			continue
		}
		row := DropFolderRow{Contract: r.ID, Title: c.Title, Room: string(c.Room), Makes: dropPlace(c.Title)}
		w.mu.Lock()
		if d := w.drop(r.ID); d != nil {
			row.Path, row.State = d.Path, string(w.mode[dropKey+r.ID])
		}
		w.mu.Unlock()
		if row.Path != "" || c.Status == workroom.Active {
			out.Folders = append(out.Folders, row)
		}
	}
	return out, nil
}

// dropPlace is where a contract's folder is made: in the folder Trestle of the person's home.
func dropPlace(title string) string {
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return filepath.Join(home, "Trestle", workroom.SafeName(title))
}

// drop is the folder of a contract; the caller holds mu.
func (w *watching) drop(contract string) *dropFolder {
	for _, d := range w.list.Drops {
		if d.Contract == contract {
			return d
		}
	}
	return nil
}

// make makes a contract's folder in the usual place and begins to watch it.
func (w *watching) make(contract string) error {
	c, _, err := w.s.contract(contract)
	if err != nil {
		return err
	}
	path := dropPlace(c.Title)
	if path == "" {
		return Fail(CodeNoFolder, "This account of the computer has no home folder to make it in.")
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return Fail(CodeNoFolder, "The folder cannot be made: "+reason(err).Error()+".")
	}
	return w.begin(contract, path)
}

// begin watches a folder for a contract. What lies in it already is left alone.
func (w *watching) begin(contract, path string) error {
	if _, _, err := w.s.contract(contract); err != nil {
		return err
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return Fail(CodeNoFolder, "This folder cannot be used: "+reason(err).Error()+".")
	}
	if real, err := filepath.EvalSymlinks(path); err == nil { // two names of one folder are one
		path = real
	}
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		return Fail(CodeNoFolder, "There is no such folder.")
	}
	data := w.s.core.dirs.Data
	if real, err := filepath.EvalSymlinks(data); err == nil {
		data = real
	}
	if within(data, path) || within(path, data) {
		return Fail(CodeNoFolder, "Trestle keeps its own files there. Choose another folder.")
	}
	w.mu.Lock()
	for _, d := range w.list.Drops {
		if d.Contract != contract && d.Path == path {
			w.mu.Unlock()
			return Fail(CodeBadInput, "This folder belongs to "+w.s.title(workroom.ContractID(d.Contract))+" already.")
		}
	}
	w.list.Drops = slices.DeleteFunc(w.list.Drops, func(d *dropFolder) bool { return d.Contract == contract })
	d := &dropFolder{Contract: contract, Path: path}
	w.list.Drops = append(w.list.Drops, d)
	x, f := w.w, d.folder(true)
	w.mu.Unlock()
	if x != nil {
		x.Add(f)
		f.Known = x.Known(f.Key)
	}
	w.mu.Lock()
	d.Known = f.Known
	err = w.save()
	w.mu.Unlock()
	w.s.core.changed(scopeWatch)
	return err
}

// within reports whether a path lies in a folder, or is it.
func within(dir, path string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// end watches a contract's folder no more.
func (w *watching) end(contract string) error {
	w.mu.Lock()
	w.list.Drops = slices.DeleteFunc(w.list.Drops, func(d *dropFolder) bool { return d.Contract == contract })
	delete(w.mode, dropKey+contract)
	x := w.w
	err := w.save()
	w.mu.Unlock()
	if x != nil {
		x.Remove(dropKey + contract)
	}
	w.s.core.changed(scopeWatch)
	return err
}

// dropped makes files that settled in a drop folder attachments of the draft. What does not fit any more is not even read, and told in one
// sentence.
func (w *watching) dropped(contract string, names []string, stamps map[string]watch.Stamp) {
	w.mu.Lock()
	d := w.drop(contract)
	w.mu.Unlock()
	c, _, err := w.s.contract(contract)
	if d == nil || err != nil {
		return
	}
	room, t, err := w.s.room(string(c.Room))
	if err != nil || t.Archived {
		return
	}
	said := DroppedView{Room: string(room), RoomName: t.Name, Files: []FileRow{}, Refused: []Refused{}}
	known, over := map[string]watch.Stamp{}, []string{}
	for _, name := range names {
		if w.watcher() == nil {
			break // the session ends; the next one finds the rest
		}
		known[name] = stamps[name]
		if w.s.draftIsFull(room) {
			over = append(over, name)
			continue
		}
		path := filepath.Join(d.Path, name)
		staged := w.s.takePaths([]string{path}, workroom.RoomScope(room))
		if len(staged.Refused) == 1 && staged.Refused[0].Code == codeGone && isThere(path) && w.again(dropKey+contract, name) < mostTries {
			delete(known, name) // whoever writes it has it for itself; the next look takes it
			continue
		}
		said.Refused = append(said.Refused, staged.Refused...)
		for _, f := range staged.Files {
			if err := w.s.addToDraft(room, f.ID); err != nil {
				said.Refused = append(said.Refused, Refused{Name: f.Name, Reason: AsFailure(err).Message, Code: AsFailure(err).Code})
			} else {
				said.Files = append(said.Files, f)
			}
		}
	}
	if len(over) > 0 {
		f, name := AsFailure(errDraftFull), workroom.SafeName(over[0])
		if len(over) > 1 {
			name = fmt.Sprintf("%s and %d more", name, len(over)-1)
		}
		said.Refused = append(said.Refused, Refused{Name: name, Reason: f.Message, Code: f.Code})
	}
	if err := w.keepKnown(d, known); err != nil {
		w.s.core.Events.Publish("failed", AsFailure(err))
	}
	if len(said.Files)+len(said.Refused) == 0 {
		return
	}
	w.s.core.Events.Publish(EventAdded, said)
	w.s.core.changed(replicaDrafts)
}

// mostTries is how often a file of a drop folder is looked at that cannot be read, before that is said.
const mostTries = 5

func isThere(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// keepKnown notes which files of a drop folder were taken in, and forgets those that are not there any more.
func (w *watching) keepKnown(d *dropFolder, more map[string]watch.Stamp) error {
	here := map[string]watch.Stamp(nil)
	if x := w.watcher(); x != nil {
		here = x.Known(dropKey + d.Contract)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	known := maps.Clone(d.Known)
	if known == nil {
		known = map[string]watch.Stamp{}
	}
	maps.Copy(known, more)
	if here != nil {
		maps.DeleteFunc(known, func(name string, _ watch.Stamp) bool { _, ok := here[name]; return !ok })
	}
	d.Known = known
	return w.save()
}

// replicaDrafts is the scope under which drafts change.
const replicaDrafts = string(replica.DraftScope)

// errDraftFull is what a drop folder says of a file that does not fit any more.
var errDraftFull = workroom.Bad("files", "The draft has %d files already. Send it, then put the file into the folder again.", workroom.MaxFiles)

// draftIsFull reports whether a room's draft takes no more files.
func (s *Session) draftIsFull(room workroom.RoomID) bool {
	d, err := s.replica.Draft(context.Background(), room)
	return err == nil && len(d.Files) >= workroom.MaxFiles
}

// addToDraft puts a staged file behind the others of a room's draft.
func (s *Session) addToDraft(room workroom.RoomID, id string) error {
	s.draftMu.Lock()
	defer s.draftMu.Unlock()
	_, ref, err := s.staged(id, workroom.RoomScope(room))
	if err != nil {
		return err
	}
	d, err := s.replica.Draft(context.Background(), room)
	if err != nil {
		return err
	}
	if len(d.Files) >= workroom.MaxFiles {
		return errDraftFull
	}
	d.Room, d.Files = room, append(d.Files, ref)
	return s.replica.SaveDraft(context.Background(), d)
}

// undrop takes a file out of a room's draft.
func (s *Session) undrop(id, file string) error {
	room, _, err := s.room(id)
	if err != nil {
		return err
	}
	s.draftMu.Lock()
	defer s.draftMu.Unlock()
	d, err := s.replica.Draft(context.Background(), room)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(d.Files, func(f workroom.FileRef) bool { return string(f.ID) == file }) {
		return &workroom.Refusal{Code: workroom.Gone, Text: "The file is not in the draft any more."} // it may have been sent: its bytes are needed
	}
	d.Room = room
	d.Files = slices.DeleteFunc(d.Files, func(f workroom.FileRef) bool { return string(f.ID) == file })
	if err := s.replica.SaveDraft(context.Background(), d); err != nil {
		return err
	}
	s.core.changed(replicaDrafts)
	if err := s.replica.ForgetFile(context.Background(), file); err != nil {
		return errors.Join(errors.New("take a file back"), err)
	}
	return nil
}
