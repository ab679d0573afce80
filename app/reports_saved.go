package app

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// maxSaved is how many reports can be saved.
const maxSaved = 100

// savedLock keeps two calls from writing the file of saved reports at once.
var savedLock sync.Mutex

func (s *Session) savedPath() string { return filepath.Join(s.dir, "reports.json") }

func (s *Session) savedReports() ([]SavedReport, error) {
	body, err := os.ReadFile(s.savedPath())
	if errors.Is(err, fs.ErrNotExist) {
		return []SavedReport{}, nil
	}
	if err != nil {
		return nil, err
	}
	out := []SavedReport{}
	if err := json.Unmarshal(body, &out); err != nil {
		return []SavedReport{}, nil // damaged: what was saved is gone, reports are not
	}
	return out, nil
}

// Saved are the reports saved on this computer.
func (x *Reports) Saved() (out SavedReports, err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return out, err
	}
	out.List, err = s.savedReports()
	return out, err
}

// Save keeps a report under its name; the same id again takes its place.
func (x *Reports) Save(in SavedReport) (out SavedReports, err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return out, err
	}
	in.Name = strings.TrimSpace(in.Name)
	switch n := len([]rune(in.Name)); {
	case n == 0:
		return out, Fail(CodeBadInput, "Give the report a name.")
	case n > 60:
		return out, Fail(CodeBadInput, "The name has at most 60 characters.")
	}
	if in.ID == "" {
		in.ID = newID()
	}
	return s.changeSaved(func(list []SavedReport) ([]SavedReport, error) {
		list = slices.DeleteFunc(list, func(r SavedReport) bool { return r.ID == in.ID || strings.EqualFold(r.Name, in.Name) })
		if len(list) >= maxSaved {
			return nil, Fail(CodeBadInput, "100 reports are saved, which is the most. Remove one first.")
		}
		list = append(list, in)
		slices.SortFunc(list, func(a, b SavedReport) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
		return list, nil
	})
}

// Forget removes a saved report.
func (x *Reports) Forget(in IDIn) (out SavedReports, err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return out, err
	}
	return s.changeSaved(func(list []SavedReport) ([]SavedReport, error) {
		return slices.DeleteFunc(list, func(r SavedReport) bool { return r.ID == in.ID }), nil
	})
}

func (s *Session) changeSaved(change func([]SavedReport) ([]SavedReport, error)) (out SavedReports, err error) {
	savedLock.Lock()
	defer savedLock.Unlock()
	list, err := s.savedReports()
	if err != nil {
		return out, err
	}
	if out.List, err = change(list); err != nil {
		return SavedReports{}, err
	}
	body, err := json.Marshal(out.List)
	if err != nil {
		return out, err
	}
	return out, writeWhole(s.savedPath(), body, 0o600)
}
