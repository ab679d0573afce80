package annotate

import (
	"bytes"
	"fmt"
	"image/png"
	"math"
	"unicode/utf8"
)

// maxCoord bounds coordinates: a mark may stick out of the picture, not live elsewhere.
const maxCoord = 2 * MaxSide

// maxSafe is the largest whole number the page can hold.
const maxSafe = 1<<53 - 1

func invalid(format string, args ...any) error {
	return &Error{CodeInvalid, "This annotation cannot be read: " + fmt.Sprintf(format, args...) + "."}
}

func tooLarge(format string, args ...any) error {
	return &Error{CodeTooLarge, "This annotation is too large: " + fmt.Sprintf(format, args...) + "."}
}

// known tells whether this program knows the object's type.
func (o *Object) known() bool {
	switch o.T {
	case "arrow", "line", "rect", "ellipse", "mark", "spot", "pen", "markpen", "text", "step", "hide":
		return true
	}
	return false
}

// Validate tells whether the document can be flattened: every limit kept,
// every number finite, every object of a type this program knows and the
// version not higher than Version. The error is an *Error.
func (d *Doc) Validate() error {
	newer := &Error{CodeNewer, "This picture was edited with a newer version of Trestle. Update Trestle to open it."}
	if d.V > Version {
		return newer
	}
	if err := d.check(); err != nil {
		return err
	}
	for i := range d.Objects {
		if !d.Objects[i].known() {
			return newer
		}
	}
	return nil
}

// check is Validate without the refusal of what is newer.
func (d *Doc) check() error {
	switch {
	case d.V != Version:
		return invalid("version %d does not exist", d.V)
	case !goodID(d.ID):
		return invalid("its id is empty or too long")
	case d.W < 1 || d.H < 1:
		return invalid("the picture has no size")
	case d.W > MaxSide || d.H > MaxSide || d.W*d.H > MaxPixels:
		return tooLarge("the picture is larger than %d pixels a side or %d million in all", MaxSide, MaxPixels/1_000_000)
	case !(d.Scale > 0 && d.Scale <= 16):
		return invalid("the scale is out of range")
	case !isHash(d.Base):
		return invalid("the name of its picture is not a SHA-256")
	case d.At < -maxSafe || d.At > maxSafe:
		return invalid("its time is out of range")
	case d.Step < 0 || d.Step > 1_000_000:
		return invalid("the next step number is out of range")
	case len(d.Objects) > MaxObjects:
		return tooLarge("it has more than %d objects", MaxObjects)
	}
	if c := d.Crop; c != nil {
		if !goodBox(c.X, c.Y, c.W, c.H) {
			return invalid("the crop is out of range")
		}
		if d.crop().Empty() {
			return invalid("the crop leaves nothing of the picture")
		}
	}
	if p := d.Pointer; p != nil {
		if !finite(p.X, p.Y) {
			return invalid("the pointer is out of range")
		}
		if err := checkBitmap(p.W, p.H, p.PNG, "the pointer"); err != nil {
			return err
		}
	}
	ids := make(map[string]bool, len(d.Objects))
	for i := range d.Objects {
		o := &d.Objects[i]
		where := fmt.Sprintf("object %d", i+1)
		if !goodID(o.ID) || ids[o.ID] {
			return invalid("the id of %s is empty, too long or not its own", where)
		}
		ids[o.ID] = true
		if !o.known() {
			continue
		}
		if err := o.check(where); err != nil {
			return err
		}
	}
	return nil
}

func (o *Object) check(where string) error {
	if _, ok := parseColour(o.C); !ok {
		return invalid("the colour of %s is not #rrggbb", where)
	}
	if !fraction(o.A) {
		return invalid("the opacity of %s is not between 0 and 1", where)
	}
	if !(o.S >= 0 && o.S <= 1000) {
		return invalid("the stroke of %s is out of range", where)
	}
	switch o.T {
	case "arrow", "line":
		if !finite(o.X1, o.Y1, o.X2, o.Y2) {
			return invalid("%s is out of range", where)
		}
		if o.Head != "" && o.Head != "end" && o.Head != "both" {
			return invalid("the head of %s is unknown", where)
		}
	case "rect", "ellipse", "mark", "spot", "hide":
		if !goodBox(o.X, o.Y, o.W, o.H) {
			return invalid("%s is out of range", where)
		}
		if !optionalColour(o.Fill) {
			return invalid("the fill of %s is not #rrggbb", where)
		}
		if o.FillAlpha != nil && !fraction(*o.FillAlpha) {
			return invalid("the fill opacity of %s is not between 0 and 1", where)
		}
		if o.T == "hide" && o.How != "solid" && o.How != "pixel" {
			return &Error{CodeNewer, "This picture hides something in a way this version of Trestle does not know. Update Trestle to open it."}
		}
	case "pen", "markpen":
		return o.checkStroke(where)
	case "text":
		return o.checkText(where)
	case "step":
		if !finite(o.X, o.Y) || !goodSize(o.Size) || o.N < 0 || o.N > 1_000_000 {
			return invalid("%s is out of range", where)
		}
		if utf8.RuneCountInString(o.Label) > MaxRunes {
			return tooLarge("the label of %s is longer than %d characters", where, MaxRunes)
		}
	}
	return nil
}

func (o *Object) checkStroke(where string) error {
	if len(o.Points) > MaxPoints || len(o.Path) > MaxPoints {
		return tooLarge("%s has more than %d points", where, MaxPoints)
	}
	if len(o.Points) == 0 && len(o.Path) == 0 {
		return invalid("%s has no points", where)
	}
	for _, p := range o.Points {
		if !finite(p[0], p[1], p[2]) {
			return invalid("%s is out of range", where)
		}
	}
	for _, p := range o.Path {
		if !finite(p[0], p[1]) {
			return invalid("%s is out of range", where)
		}
	}
	return nil
}

func (o *Object) checkText(where string) error {
	if !finite(o.X, o.Y) || !goodSize(o.Size) {
		return invalid("%s is out of range", where)
	}
	if o.Align != "l" && o.Align != "c" && o.Align != "r" {
		return invalid("the alignment of %s is unknown", where)
	}
	if !optionalColour(o.Plate) {
		return invalid("the plate of %s is not #rrggbb", where)
	}
	runes := len(o.Lines)
	for _, line := range o.Lines {
		runes += utf8.RuneCountInString(line)
	}
	if runes > MaxRunes {
		return tooLarge("%s is longer than %d characters", where, MaxRunes)
	}
	if o.Bitmap != nil {
		return checkBitmap(o.Bitmap.W, o.Bitmap.H, o.Bitmap.PNG, where)
	}
	return nil
}

// checkBitmap makes sure an embedded PNG is as small as it says before anyone decodes it.
func checkBitmap(w, h int, data []byte, where string) error {
	if len(data) > MaxBitmap {
		return tooLarge("the picture in %s is larger than %d KiB", where, MaxBitmap>>10)
	}
	if w < 1 || h < 1 || w > MaxSide || h > MaxSide || w*h > 4_000_000 {
		return tooLarge("the picture in %s is too large", where)
	}
	cfg, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil || cfg.Width != w || cfg.Height != h {
		return invalid("the picture in %s is not a PNG of its size", where)
	}
	return nil
}

func goodID(id string) bool   { return id != "" && len(id) <= 64 }
func fraction(v float64) bool { return v >= 0 && v <= 1 }
func goodSize(v float64) bool { return v >= 1 && v <= 2000 }
func optionalColour(s string) bool {
	_, ok := parseColour(s)
	return ok || s == ""
}

// finite is false for NaN as well: both comparisons fail.
func finite(values ...float64) bool {
	for _, v := range values {
		if !(math.Abs(v) <= maxCoord) {
			return false
		}
	}
	return true
}

func goodBox(x, y, w, h float64) bool { return finite(x, y, w, h) && w >= 0 && h >= 0 }

func isHash(s string) bool {
	if len(s) != 64 {
		return false
	}
	for _, c := range []byte(s) {
		if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f') {
			return false
		}
	}
	return true
}
