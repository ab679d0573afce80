// Package annotate holds the marks a person draws on a picture as a document,
// and turns document and picture into one flat picture.
//
// The editor in the page and this package share the document: the page draws
// it as SVG while it is being edited, this package burns it into pixels before
// any byte leaves the program, because three webviews would draw text and
// curves in three ways. The package is pure: no files, no clock, no randomness
// but the seed stored in the document, and the same input gives the same bytes
// on every system.
//
// What a person hid is never read: boxes are painted over first, from pixels
// outside every hidden box, so nothing drawn later, no thumbnail and no encoder
// can carry a trace of it. There is no blur.
//
// Callers are app/ (editor, command line, diary) and nobody else.
package annotate

import "encoding/json"

// Version is the document version this program writes and can flatten.
const Version = 1

// Limits of a document. The page checks the same numbers.
const (
	MaxObjects  = 2000       // objects in a document
	MaxPoints   = 5000       // points of one pen stroke, and of its outline
	MaxRunes    = 2000       // characters of one text or label
	MaxSide     = 20000      // pixels along one side of the base
	MaxPixels   = 50_000_000 // pixels of the base
	MaxBitmap   = 512 << 10  // bytes of one embedded PNG, decoded from base64
	MaxDocument = 32 << 20   // bytes of a document as JSON
)

// Rect is a box in pixels of the base, not negative in width or height.
type Rect struct{ X, Y, W, H float64 }

// Pointer is the mouse pointer as it was grabbed, a layer that can be switched
// on and off. X and Y are its top left corner in pixels of the base, PNG is a
// picture of exactly W by H pixels.
type Pointer struct {
	X, Y float64
	W, H int
	PNG  []byte
	On   bool

	raw map[string]json.RawMessage
}

// Bitmap is text the page drew because the built-in font lacks its characters:
// a PNG of exactly W by H pixels of the base.
type Bitmap struct {
	W, H int
	PNG  []byte

	raw map[string]json.RawMessage
}

// Object is one mark. T says which fields count:
//
//	arrow line        X1 Y1 X2 Y2 Head Dash
//	rect ellipse      X Y W H Fill FillAlpha Dash
//	mark spot         X Y W H
//	pen markpen       Points Path
//	text              X Y Size Lines Align Plate Bitmap
//	step              X Y Size N Label
//	hide              X Y W H How Seed
//
// ID, C (colour, #rrggbb), A (opacity, 0 to 1) and S (stroke width in pixels)
// belong to all. An Object of a T this program does not know keeps every field
// it came with and stops the document from being flattened: it might hide
// something.
type Object struct {
	ID, T string
	C     string
	A, S  float64

	X1, Y1, X2, Y2 float64
	Head           string // "" none, "end", "both"
	Dash           bool

	X, Y, W, H float64
	Fill       string   // "" none
	FillAlpha  *float64 // nil: as A

	Points [][3]float64 // x, y, pressure
	Path   [][2]float64 // closed outline as the page drew it

	Size   float64
	Lines  []string
	Align  string // "l", "c", "r"; X is the left edge, middle or right edge
	Plate  string // "" none
	Bitmap *Bitmap

	N     int
	Label string

	How  string // "solid", "pixel"
	Seed uint32

	raw map[string]json.RawMessage
}

// Doc is a document: the marks on one base picture, bottom to top. Coordinates
// are pixels of the base, whatever the crop. Fields this program does not know
// are kept when a document is decoded and encoded again.
type Doc struct {
	V       int
	ID      string
	W, H    int     // size of the base
	Scale   float64 // device pixels per point when it was grabbed
	Base    string  // SHA-256 of the base file, lower-case hex
	At      int64   // when it was grabbed, Unix milliseconds
	Crop    *Rect
	Step    int // the next number of the step tool
	Pointer *Pointer
	Objects []Object

	raw map[string]json.RawMessage
}

// Error is a refusal a person must hear about. Code is one of the Code
// constants, Message a sentence without any text from the document.
type Error struct{ Code, Message string }

// Codes of Error.
const (
	CodeInvalid  = "capture_invalid"   // the document is damaged or was not made by an editor
	CodeTooLarge = "capture_too_large" // a limit is exceeded
	CodeNewer    = "capture_newer"     // made by a newer program; cannot be flattened safely
	CodeMismatch = "capture_mismatch"  // the base is not the picture the document was drawn on
)

// Error returns the sentence.
func (e *Error) Error() string { return e.Message }
