package files

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"time"

	"gocloud.dev/blob"
	"golang.org/x/image/draw"
	"golang.org/x/image/webp"

	"trestle/internal/exif"
	"trestle/internal/wire"
)

// Bounds of a picture that a preview is made of (safety.md §5).
const (
	maxPixels  = 50_000_000
	maxSide    = 20_000
	maxPicture = 100 << 20 // bytes
)

// ErrNoPicture says that a file is none of the pictures that previews are made of, or too large for one.
var ErrNoPicture = errors.New("no preview of this file")

// Widths of a preview.
var Widths = []int{320, 1280}

// Thumb answers the JPEG preview of a file with this id, made when it is first asked for. A file without one is remembered as such.
func (f *Files) Thumb(ctx context.Context, id string, width int, open func() *Reader) ([]byte, error) {
	key := fmt.Sprintf("t/%s/%d", id, width)
	if b, err := f.kept(ctx, key); err == nil {
		return found(b)
	} else if !missing(err) {
		return nil, away("read a preview", err)
	}
	select {
	case f.thumbs <- struct{}{}:
		defer func() { <-f.thumbs }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if b, err := f.kept(ctx, key); err == nil { // made while this one waited
		return found(b)
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	b, err := shrink(ctx, open, width)
	if err != nil && !errors.Is(err, ErrNoPicture) {
		return nil, err
	}
	if e := f.bucket.WriteAll(ctx, key, b, &blob.WriterOptions{BeforeWrite: private}); e != nil {
		return nil, away("keep a preview", e)
	}
	return found(b)
}

// kept reads a preview that was made before.
func (f *Files) kept(ctx context.Context, key string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, f.patrol)
	defer cancel()
	return f.bucket.ReadAll(ctx, key)
}

// DropThumbs removes the previews of a file.
func (f *Files) DropThumbs(ctx context.Context, id string) error {
	for _, width := range Widths {
		if err := f.remove(ctx, fmt.Sprintf("t/%s/%d", id, width)); err != nil {
			return err
		}
	}
	return nil
}

func found(b []byte) ([]byte, error) {
	if len(b) == 0 {
		return nil, ErrNoPicture
	}
	return b, nil
}

// limited stops reading when the time is over, so that a slow decoder ends.
type limited struct {
	ctx context.Context
	r   io.Reader
}

func (l limited) Read(p []byte) (int, error) {
	if err := l.ctx.Err(); err != nil {
		return 0, err
	}
	return l.r.Read(p)
}

func shrink(ctx context.Context, open func() *Reader, width int) ([]byte, error) {
	r := open()
	defer func() { _ = r.Close() }()
	if r.size > maxPicture {
		return nil, ErrNoPicture
	}
	magic := make([]byte, 12)
	if _, err := io.ReadFull(r, magic); err != nil {
		return nil, noPicture(ctx, err)
	}
	decode, config := decoder(magic)
	if decode == nil {
		return nil, ErrNoPicture
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	c, err := config(limited{ctx, r})
	if err != nil {
		return nil, noPicture(ctx, err)
	}
	if c.Width < 1 || c.Height < 1 || c.Width > maxSide || c.Height > maxSide || c.Width*c.Height > maxPixels {
		return nil, ErrNoPicture
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	held := exif.Read(limited{ctx, r})
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	img, err := decode(limited{ctx, io.LimitReader(r, maxPicture)})
	if err != nil {
		return nil, noPicture(ctx, err)
	}
	whole, high := held.Side(c.Width, c.Height) // as it stands upright
	w, h := whole, high
	if w > width {
		w, h = width, max(1, (high*width+whole/2)/whole)
	}
	if h > 4*width { // a very tall strip
		w, h = max(1, w*4*width/h), 4*width
	}
	w, h = held.Side(w, h) // as it lies; only the small picture is turned
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(out, out.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.CatmullRom.Scale(out, out.Bounds(), img, img.Bounds(), draw.Over, nil)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, held.Draw(out), &jpeg.Options{Quality: 75}); err != nil {
		return nil, fmt.Errorf("write a preview: %w", err)
	}
	if b.Len() > wire.MaxThumb {
		return nil, ErrNoPicture
	}
	return b.Bytes(), nil
}

// noPicture tells a picture that cannot be read from a disk or a time that failed.
func noPicture(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if errors.Is(err, ErrLost) || errors.Is(err, ErrAway) {
		return err
	}
	return ErrNoPicture
}

func decoder(magic []byte) (func(io.Reader) (image.Image, error), func(io.Reader) (image.Config, error)) {
	switch {
	case bytes.HasPrefix(magic, []byte("\x89PNG\r\n\x1a\n")):
		return png.Decode, png.DecodeConfig
	case bytes.HasPrefix(magic, []byte("\xff\xd8\xff")):
		return jpeg.Decode, jpeg.DecodeConfig
	case bytes.HasPrefix(magic, []byte("GIF87a")), bytes.HasPrefix(magic, []byte("GIF89a")):
		return gif.Decode, gif.DecodeConfig // the first frame
	case bytes.HasPrefix(magic, []byte("RIFF")) && bytes.HasSuffix(magic, []byte("WEBP")):
		return webp.Decode, webp.DecodeConfig
	}
	return nil, nil
}
