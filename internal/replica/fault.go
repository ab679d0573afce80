package replica

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"
)

// Trouble names what is wrong with the file or the disk it lies on.
type Trouble string

// Troubles a person must act on.
const (
	DiskFull Trouble = "disk_full"
	ReadOnly Trouble = "disk_read_only"
	Damaged  Trouble = "damaged"
	Newer    Trouble = "newer"
	Foreign  Trouble = "other_account"
)

// Fault is a typed error of this machine's copy: what is wrong and, in the sentence, what is kept.
type Fault struct {
	Code Trouble
	Text string
	Err  error
}

func (f *Fault) Error() string {
	if f.Err == nil {
		return f.Text
	}
	return f.Text + " (" + f.Err.Error() + ")"
}

func (f *Fault) Unwrap() error { return f.Err }

// Is makes every fault of one code equal to errors.Is.
func (f *Fault) Is(target error) bool {
	t, ok := target.(*Fault)
	return ok && t.Code == f.Code && t.Err == nil
}

// Faults to compare with by errors.Is.
var (
	ErrDiskFull = &Fault{Code: DiskFull, Text: "Not saved: the disk is full. Everything saved before is kept; free some space and try again."}
	ErrReadOnly = &Fault{Code: ReadOnly, Text: "Not saved: the disk cannot be written to. Nothing of what was saved before is lost."}
	ErrDamaged  = &Fault{Code: Damaged, Text: "This computer's copy is damaged. It is not changed any more, so that what is waiting can be saved from it."}
	ErrNewer    = &Fault{Code: Newer, Text: "This copy was written by a newer version of Trestle. Nothing was changed; please update."}
	ErrForeign  = &Fault{Code: Foreign, Text: "This copy belongs to another account or service. Nothing was changed."}
)

// typed gives an error of SQLite or the disk its fault, and wraps any other with what was being done.
func typed(doing string, err error) error {
	if err == nil {
		return nil
	}
	var known *Fault
	if errors.As(err, &known) {
		return err
	}
	wrapped := fmt.Errorf("%s: %w", doing, err)
	for _, f := range []*Fault{ErrDiskFull, ErrReadOnly, ErrDamaged} {
		if f.matches(err) {
			return &Fault{Code: f.Code, Text: f.Text, Err: wrapped}
		}
	}
	return wrapped
}

func (f *Fault) matches(err error) bool {
	if sqliteTrouble(err) == f.Code {
		return true
	}
	return f.Code == DiskFull && errors.Is(err, syscall.ENOSPC) || f.Code == ReadOnly && errors.Is(err, fs.ErrPermission)
}
