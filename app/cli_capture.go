package app

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/draw"
	_ "image/gif"  // pictures that can be annotated
	_ "image/jpeg" // pictures that can be annotated
	_ "image/png"  // pictures that can be annotated
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"trestle/internal/annotate"
	"trestle/internal/exif"
	"trestle/internal/screen"
)

// Codes of a capture that the command line turns into exit codes.
const (
	codeNoDisplay = "no_display"
	codeDenied    = "capture_denied"
	codeCancelled = "cancelled"
)

type captureCmd struct {
	Screen *int          `help:"Number of the screen, from 0." placeholder:"N" xor:"what"`
	All    bool          `help:"All screens in one picture." xor:"what"`
	Rect   string        `help:"A part of the whole, in pixels." placeholder:"X,Y,WxH" xor:"what"`
	From   string        `help:"A picture file instead of the screen." type:"existingfile" placeholder:"FILE" xor:"what"`
	Delay  time.Duration `help:"Wait first, at most 10s."`
	Doc    string        `help:"Marks to draw: a document of the annotator." type:"existingfile" placeholder:"DOC.json"`
	Save   string        `required:"" help:"File to write, .png or .jpg; - for standard output." placeholder:"PATH"`
}

// captured is what the command says it did.
type captured struct {
	Path  string `json:"path"`
	W     int    `json:"w"`
	H     int    `json:"h"`
	Bytes int    `json:"bytes"`
}

func (c captureCmd) Run(r *run) error {
	if c.Delay < 0 || c.Delay > 10*time.Second {
		return Fail(CodeBadInput, "--delay lies between 0s and 10s.")
	}
	select {
	case <-r.ctx.Done():
		return r.ctx.Err()
	case <-time.After(c.Delay):
	}
	img, err := c.picture(r.ctx)
	if err != nil {
		return err
	}
	if c.Doc != "" {
		if img, err = c.flatten(img); err != nil {
			return err
		}
	}
	var data []byte
	switch strings.ToLower(filepath.Ext(c.Save)) {
	case ".jpg", ".jpeg":
		data, err = annotate.EncodeJPEG(img, 90)
	default:
		data, err = annotate.EncodePNG(img)
	}
	if err != nil {
		return fmt.Errorf("encode the picture: %w", err)
	}
	if c.Save == "-" {
		_, err := r.out.Write(data)
		return err
	}
	if err := writeWhole(c.Save, data, 0o644); err != nil {
		return Fail(CodeNoFolder, fmt.Sprintf("The picture cannot be written to %s: %v.", c.Save, reason(err)))
	}
	out := captured{c.Save, img.Rect.Dx(), img.Rect.Dy(), len(data)}
	return r.print(out, func(w io.Writer) { fmt.Fprintf(w, "%s (%d × %d)\n", out.Path, out.W, out.H) })
}

// picture grabs what was asked for, opaque, with its corner at 0,0.
func (c captureCmd) picture(ctx context.Context) (*image.RGBA, error) {
	if c.From != "" {
		return readPicture(c.From)
	}
	shots, err := grab(ctx)
	if err != nil {
		return nil, err
	}
	if c.Screen != nil {
		n := *c.Screen
		if n < 0 || n >= len(shots) {
			return nil, Fail(CodeBadInput, fmt.Sprintf("There is no screen %d; there are %d, counted from 0.", n, len(shots)))
		}
		return shots[n].Image, nil
	}
	whole := joinShots(shots)
	if c.Rect == "" {
		if c.All || len(shots) == 1 {
			return whole, nil
		}
		return shots[0].Image, nil
	}
	rect, err := parseRect(c.Rect)
	if err != nil {
		return nil, err
	}
	rect = rect.Intersect(whole.Rect)
	if rect.Empty() {
		return nil, Fail(CodeBadInput, fmt.Sprintf("This part lies outside the screen, which is %d × %d.", whole.Rect.Dx(), whole.Rect.Dy()))
	}
	part := image.NewRGBA(image.Rect(0, 0, rect.Dx(), rect.Dy()))
	draw.Draw(part, part.Rect, whole, rect.Min, draw.Src)
	return part, nil
}

func (c captureCmd) flatten(img *image.RGBA) (*image.RGBA, error) {
	raw, err := os.ReadFile(c.Doc)
	if err != nil {
		return nil, Fail(CodeBadInput, fmt.Sprintf("The document %s cannot be read: %v.", c.Doc, reason(err)))
	}
	doc, err := annotate.Decode(raw)
	if err != nil {
		return nil, err
	}
	return annotate.Flatten(doc, img)
}

// grab freezes all displays at one moment.
func grab(ctx context.Context) ([]screen.Shot, error) {
	g, err := screen.Open()
	if err != nil {
		return nil, screenFailure(err)
	}
	// A person asked for this one, so the system may ask the person; its dialog stays for two minutes.
	ctx, cancel := context.WithTimeout(screen.Asking(ctx), 150*time.Second)
	defer cancel()
	shots, _, err := g.Grab(ctx)
	if err != nil {
		return nil, screenFailure(err)
	}
	if len(shots) == 0 {
		return nil, screenFailure(screen.ErrNoDisplay)
	}
	return shots, nil
}

// screenFailure says in words why no picture could be taken.
func screenFailure(err error) error {
	switch {
	case errors.Is(err, screen.ErrNoDisplay):
		return Fail(codeNoDisplay, "There is no display to capture.")
	case errors.Is(err, screen.ErrDenied):
		return Fail(codeDenied, "This system does not let Trestle capture the screen. Allow it in the system's privacy settings, then try again.")
	case errors.Is(err, screen.ErrLocked):
		return Fail(codeDenied, "The screen is locked, so nothing was captured.")
	case errors.Is(err, screen.ErrCancelled):
		return Fail(codeCancelled, "The capture was cancelled.")
	case errors.Is(err, screen.ErrTimeout):
		return Fail(CodeTimeout, "The system did not answer the capture in time.")
	}
	return Fail("capture_failed", "The screen could not be captured: "+oneLine(err.Error()))
}

// joinShots puts the pictures of all displays into one, as they stand beside each other.
func joinShots(shots []screen.Shot) *image.RGBA {
	var all image.Rectangle
	for _, s := range shots {
		all = all.Union(image.Rectangle{Min: s.Bounds.Min, Max: s.Bounds.Min.Add(s.Image.Rect.Size())})
	}
	out := image.NewRGBA(image.Rect(0, 0, all.Dx(), all.Dy()))
	draw.Draw(out, out.Rect, image.Black, image.Point{}, draw.Src)
	for _, s := range shots {
		at := s.Bounds.Min.Sub(all.Min)
		draw.Draw(out, image.Rectangle{Min: at, Max: at.Add(s.Image.Rect.Size())}, s.Image, s.Image.Rect.Min, draw.Src)
	}
	return out
}

// readPicture reads a picture file within the limits of the annotator: its size is looked at before it is decoded.
func readPicture(path string) (*image.RGBA, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, Fail("gone", fmt.Sprintf("The picture cannot be opened: %v.", reason(err)))
	}
	defer f.Close()
	return decodePicture(f)
}

func decodePicture(f io.ReadSeeker) (*image.RGBA, error) {
	head, _, err := image.DecodeConfig(f)
	if err != nil {
		return nil, Fail(CodeBadInput, "This is not a picture that can be read: PNG, JPEG or GIF.")
	}
	if head.Width > annotate.MaxSide || head.Height > annotate.MaxSide || head.Width*head.Height > annotate.MaxPixels {
		return nil, Fail("too_large", fmt.Sprintf("The picture is %d × %d; at most 50 megapixels and 20,000 a side can be opened.", head.Width, head.Height))
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("read the picture: %w", err)
	}
	held := exif.Read(f)
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("read the picture: %w", err)
	}
	src, _, err := image.Decode(f)
	if err != nil {
		return nil, Fail(CodeBadInput, "The picture is damaged and cannot be read.")
	}
	return held.Draw(src), nil
}

// parseRect reads X,Y,WxH.
func parseRect(s string) (image.Rectangle, error) {
	bad := Fail(CodeBadInput, "A part is written as X,Y,WxH, such as 0,0,800x600.")
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == 'x' })
	if len(parts) != 4 || strings.Count(s, ",") != 2 || strings.Count(s, "x") != 1 {
		return image.Rectangle{}, bad
	}
	var n [4]int
	for i, p := range parts {
		v, err := strconv.Atoi(p)
		if err != nil || v < -100_000 || v > 100_000 {
			return image.Rectangle{}, bad
		}
		n[i] = v
	}
	if n[2] < 1 || n[3] < 1 {
		return image.Rectangle{}, bad
	}
	return image.Rect(n[0], n[1], n[0]+n[2], n[1]+n[3]), nil
}
