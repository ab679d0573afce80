package outbox

import (
	"bytes"
	"fmt"

	"trestle/internal/workroom"
)

// version names what the arguments of a command look like.
type version struct {
	op workroom.Op
	v  int
}

// Converters turn the arguments of a version into those of the next. The table is only ever added to: a line stays as long as any released
// program may have left such a row behind, which is for good. The fixtures in testdata are what released programs wrote.
//
// A row that was attempted is never converted: it goes again byte for byte, so that the service knows it (sync.md §9, §14).
var converters = map[version]func(args []byte) ([]byte, error){
	{workroom.OpSetPref, 1}: same, // it always named the favourite; today whatever is named is set
}

// same is the step to a version that only adds what older arguments leave out.
func same(args []byte) ([]byte, error) { return bytes.Clone(args), nil }

// current is the version of an op's arguments that this program writes; 0 for an op it does not know.
func current(op workroom.Op) int { return workroom.Ops[op].V }

// Convert brings the arguments of a row to the version this program writes. The row itself is changed, not what is stored. It answers
// false if there was nothing to do, and an error if this program cannot read the row.
func Convert(r *Row) (bool, error) { return convert(r, current(r.Op)) }

func convert(r *Row, to int) (bool, error) {
	if r.V < 1 || r.V > to {
		return false, fmt.Errorf("command %s has version %d, this program knows %d", r.Op, r.V, to)
	}
	v, args := r.V, r.Args
	for ; v < to; v++ {
		f := converters[version{r.Op, v}]
		if f == nil {
			return false, fmt.Errorf("command %s of version %d cannot be read any more", r.Op, v)
		}
		next, err := f(args)
		if err != nil {
			return false, fmt.Errorf("convert command %s of version %d: %w", r.Op, v, err)
		}
		args = next
	}
	changed := v != r.V
	r.V, r.Args = v, args
	return changed, nil
}

// Decode reads the command of a row, whatever version it was written in.
func Decode(r Row) (workroom.Command, error) {
	if _, err := Convert(&r); err != nil {
		return nil, err
	}
	return workroom.DecodeCommand(r.Op, r.V, r.Args)
}

// Sifted is what Sift found in the outbox of an older, or newer, program.
type Sifted struct {
	Converted  []Row // brought to this program's version, stored so
	Unreadable []Row // cannot be read here: to be set aside with ClientTooOld
	Readable   []Row // set aside by an older program for being unreadable, and not so any more
}

// Sift goes over the outbox once, when it is opened. Rows that were never attempted are brought to the version this program writes. read
// tells whether this program can read a row; uploads are not this package's to read.
func Sift(tx Tx, read func(*Row) error) (Sifted, error) {
	var out Sifted
	rows, err := ListFull(tx)
	if err != nil {
		return out, err
	}
	for i := range rows {
		r := &rows[i]
		bad := read(r)
		switch {
		case r.Verdict == Quarantined && r.Code == workroom.ClientTooOld:
			if bad == nil {
				out.Readable = append(out.Readable, *r)
			}
		case r.Verdict != None:
		case bad != nil:
			out.Unreadable = append(out.Unreadable, *r)
		case r.Attempts == 0 && r.Op != workroom.OpUpload:
			changed, err := Convert(r)
			if err != nil {
				return out, err
			}
			if !changed {
				continue
			}
			if err := Replace(tx, r); err != nil {
				return out, err
			}
			out.Converted = append(out.Converted, *r)
		}
	}
	return out, nil
}

// Unjudge takes the verdict off a row again.
func Unjudge(tx Tx, n int64) error {
	return one(tx, `UPDATE outbox SET verdict='',code='',detail='',field='',not_before=0 WHERE n=?`, n)
}
