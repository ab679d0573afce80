package annotate

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
)

// Sizes and qualities of what is made from a picture.
const (
	ThumbnailWidth   = 320
	DiaryWidth       = 1280
	seedWidth        = 32
	seedHeight       = 18
	thumbnailQuality = 70
	diaryQuality     = 75
	seedQuality      = 60
)

// EncodeJPEG writes a picture as JPEG without EXIF; quality is 1 to 100.
func EncodeJPEG(img *image.RGBA, quality int) ([]byte, error) {
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, img, &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("encode JPEG: %w", err)
	}
	return buf.Bytes(), nil
}

// Thumbnail returns a JPEG at most w pixels wide and twice as high.
func Thumbnail(img *image.RGBA, w int) ([]byte, error) {
	return EncodeJPEG(Scale(img, w, 2*w), thumbnailQuality)
}

// Diary makes what the work diary keeps of a picture of so many displays beside
// each other: a JPEG at most DiaryWidth wide a display, of three at most. The
// size is that of the JPEG.
func Diary(img *image.RGBA, displays int) (jpg []byte, size image.Point, err error) {
	if img.Rect.Empty() {
		return nil, image.Point{}, fmt.Errorf("diary picture: it is empty")
	}
	small := Scale(img, DiaryWidth*min(max(displays, 1), 3), 4*DiaryWidth)
	jpg, err = EncodeJPEG(small, diaryQuality)
	return jpg, small.Rect.Size(), err
}

// Seed makes the blurred version, a JPEG of 32 × 18 pixels that is scaled up
// when shown and holds nothing readable.
func Seed(img *image.RGBA) ([]byte, error) {
	if img.Rect.Empty() {
		return nil, fmt.Errorf("blur: the picture is empty")
	}
	return EncodeJPEG(average(img, seedWidth, seedHeight), seedQuality)
}
