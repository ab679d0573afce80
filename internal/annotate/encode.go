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

// Diary makes what the work diary keeps of a picture: a JPEG at most
// DiaryWidth wide, a thumbnail, and the seed of the blurred version, a JPEG of
// 32 × 18 pixels that is scaled up when shown and holds nothing readable.
func Diary(img *image.RGBA) (jpg, thumb, seed []byte, err error) {
	if img.Rect.Empty() {
		return nil, nil, nil, fmt.Errorf("diary picture: it is empty")
	}
	if jpg, err = EncodeJPEG(Scale(img, DiaryWidth, 4*DiaryWidth), diaryQuality); err != nil {
		return nil, nil, nil, err
	}
	if thumb, err = Thumbnail(img, ThumbnailWidth); err != nil {
		return nil, nil, nil, err
	}
	if seed, err = Seed(img); err != nil {
		return nil, nil, nil, err
	}
	return jpg, thumb, seed, nil
}

// Seed returns only the seed of Diary, for a policy that keeps nothing else.
func Seed(img *image.RGBA) ([]byte, error) {
	if img.Rect.Empty() {
		return nil, fmt.Errorf("blur: the picture is empty")
	}
	return EncodeJPEG(average(img, seedWidth, seedHeight), seedQuality)
}
