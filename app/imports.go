package app

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"trestle/internal/timesheet"
	"trestle/internal/workroom"
)

// Imports brings time of other programs in: exports of Toggl Track, Clockify and solidtime, and our own. What is imported is manual time, under
// its rules (T-14); before anything is written, Look says what would become of each line.
type Imports struct {
	c     *Core
	mu    sync.Mutex
	files []*importFile // the newest last
}

// importFile is a file as it was handed over, and what was done with it.
type importFile struct {
	mu    sync.Mutex
	id    string
	name  string
	body  []byte
	sheet *timesheet.Sheet
	state *ImportState
	stop  context.CancelFunc
	ended chan struct{} // closed when nothing more is written
	added []addedPart
}

// maxImportFiles is how many files are kept to be looked at; the oldest gives way. maxImportRows is how many rows are answered at once.
const (
	maxImportFiles = 4
	maxImportRows  = 500
)

// EventImport carries an ImportState, EventImportFile an ImportFile.
const (
	EventImport     = "import"
	EventImportFile = "importfile"
)

func (x *Imports) find(id string) (*importFile, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	i := slices.IndexFunc(x.files, func(f *importFile) bool { return f.id == id })
	if i < 0 {
		return nil, Fail(string(workroom.Gone), "This file is not here any more. Choose it again.")
	}
	return x.files[i], nil
}

func (x *Imports) keep(f *importFile) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.files = append(x.files, f); len(x.files) > maxImportFiles {
		x.files = slices.Clone(x.files[1:])
	}
}

var errImportLarge = Fail(string(workroom.TooLarge), "The file has more than 8 MB. Export fewer days at once.")

// Put takes a piece of a file. A piece that is there already, sent again because its answer was lost, changes nothing.
func (x *Imports) Put(in ImportPiece) (err error) {
	defer guard(&err)
	if !workroom.ValidID(in.ID) {
		return workroom.Refuse(workroom.BadInput)
	}
	piece, err := base64.StdEncoding.DecodeString(in.Body)
	if err != nil {
		return workroom.Refuse(workroom.BadInput)
	}
	if in.At == 0 {
		if _, err := x.find(in.ID); err != nil {
			x.keep(&importFile{id: in.ID, name: workroom.SafeName(in.Name)})
		}
	}
	f, err := x.find(in.ID)
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	switch end := in.At + int64(len(piece)); {
	case in.At < 0 || in.At > int64(len(f.body)) || f.sheet != nil:
		return workroom.Refuse(workroom.BadInput)
	case end > timesheet.MaxImport:
		return errImportLarge
	case end <= int64(len(f.body)):
		return nil
	default:
		f.body = append(f.body[:in.At], piece...)
	}
	return nil
}

// Pick asks with the system's dialog for a file; what was chosen comes by event "importfile".
func (x *Imports) Pick() (err error) {
	defer guard(&err)
	if _, err := x.c.here(); err != nil {
		return err
	}
	ask := x.c.dialogs()
	if ask == nil {
		return Fail(CodeNotHere, "The browser chooses files itself.")
	}
	go func() {
		paths, err := ask.OpenFiles(context.Background(), "Import time")
		if err != nil || len(paths) == 0 {
			return
		}
		out := ImportFile{ID: newID(), Name: workroom.SafeName(filepath.Base(paths[0]))}
		body, err := readImport(paths[0])
		if err != nil {
			out.Why = AsFailure(err).Message
		} else {
			x.keep(&importFile{id: out.ID, name: out.Name, body: body})
		}
		x.c.Events.Publish(EventImportFile, out)
	}()
	return nil
}

// readImport reads a file of this computer; a pipe or a device is never opened.
func readImport(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, Fail(codeGone, "The file cannot be read: "+reason(err).Error()+".")
	case !info.Mode().IsRegular():
		return nil, Fail(codeNotAFile, "Only files can be imported.")
	case info.Size() > timesheet.MaxImport:
		return nil, errImportLarge
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, Fail(codeGone, "The file cannot be read: "+reason(err).Error()+".")
	}
	defer f.Close()
	body, err := io.ReadAll(io.LimitReader(f, timesheet.MaxImport+1))
	if err != nil {
		return nil, Fail(codeGone, "The file cannot be read: "+reason(err).Error()+".")
	}
	if len(body) > timesheet.MaxImport {
		return nil, errImportLarge
	}
	return body, nil
}

// read reads the file once.
func (f *importFile) read() (*timesheet.Sheet, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.sheet != nil {
		return f.sheet, nil
	}
	sheet, err := timesheet.ReadSheet(f.body)
	var bad *timesheet.ImportError
	if errors.As(err, &bad) {
		return nil, Fail(CodeBadInput, bad.Text)
	}
	if err != nil {
		return nil, err
	}
	f.sheet, f.body = sheet, nil
	return sheet, nil
}

func (x *Imports) planned(in ImportIn) (*Session, *importFile, *plan, error) {
	s, err := x.c.here()
	if err != nil {
		return nil, nil, nil, err
	}
	f, err := x.find(in.ID)
	if err != nil {
		return nil, nil, nil, err
	}
	sheet, err := f.read()
	if err != nil {
		return nil, nil, nil, err
	}
	p, err := s.plan(sheet, in)
	return s, f, p, err
}

// Look says what importing a file would do.
func (x *Imports) Look(in ImportIn) (out ImportView, err error) {
	defer guard(&err)
	_, f, p, err := x.planned(in)
	if err != nil {
		return out, err
	}
	return p.view(f), nil
}
