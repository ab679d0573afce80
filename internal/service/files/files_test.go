package files

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"hash/crc32"
)

func hexSHA(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

func keep(t *testing.T, f *Files, b []byte) func() *Reader {
	t.Helper()
	if err := f.Put(t.Context(), "s", hexSHA(b), int64(len(b)), bytes.NewReader(b)); err != nil {
		t.Fatal(err)
	}
	return func() *Reader { return f.Read(t.Context(), "s", []string{hexSHA(b)}, int64(len(b))) }
}

func open(t *testing.T) *Files {
	t.Helper()
	f, err := Open(t.TempDir() + "/blobs")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// A part whose bytes do not fit leaves nothing behind.
func TestPutVerifies(t *testing.T) {
	f := open(t)
	if err := f.Put(t.Context(), "s", hexSHA([]byte("a")), 1, bytes.NewReader([]byte("b"))); !errors.Is(err, ErrMismatch) {
		t.Fatal(err)
	}
	if ok, err := f.Has(t.Context(), "s", hexSHA([]byte("a"))); ok || err != nil {
		t.Fatal("kept", err)
	}
	var left int
	list, _ := os.ReadDir(f.dir + "/p/s")
	for _, e := range list {
		left++
		t.Log(e.Name())
	}
	if left != 0 {
		t.Fatal("a broken part left a file")
	}
}

// M-41: a preview is a bounded JPEG of pictures, and of nothing else.
func TestM41_Previews(t *testing.T) {
	f := open(t)
	img := image.NewNRGBA(image.Rect(0, 0, 1600, 900))
	for i := range img.Pix {
		img.Pix[i] = byte(i / 7)
	}
	var p, j, g bytes.Buffer
	if err := png.Encode(&p, img); err != nil {
		t.Fatal(err)
	}
	if err := jpeg.Encode(&j, img, nil); err != nil {
		t.Fatal(err)
	}
	if err := gif.Encode(&g, image.NewPaletted(image.Rect(0, 0, 40, 400), color.Palette{color.Black, color.White}), nil); err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		id   string
		b    []byte
		w, h int
	}{{"w", aWebP(t), 1, 1}, {"p", p.Bytes(), 320, 180}, {"j", j.Bytes(), 320, 180}, {"f", onItsSide(j.Bytes()), 320, 569}, {"g", g.Bytes(), 40, 400}} {
		for range 2 { // made, then kept
			b, err := f.Thumb(t.Context(), x.id, 320, keep(t, f, x.b))
			if err != nil {
				t.Fatal(x.id, err)
			}
			c, err := jpeg.DecodeConfig(bytes.NewReader(b))
			if err != nil || c.Width != x.w || c.Height != x.h {
				t.Fatalf("%s: %+v, %v", x.id, c, err)
			}
		}
	}
	for id, b := range map[string][]byte{
		"text": []byte("just some text, longer than a few bytes"), "short": []byte("x"), "svg": []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`),
		"cut": p.Bytes()[:100], "huge": pngHeader(60_000, 60_000), "wide": pngHeader(20_001, 1), "pixels": pngHeader(10_000, 10_000), "none": pngHeader(0, 0),
	} {
		for range 2 {
			if _, err := f.Thumb(t.Context(), id, 320, keep(t, f, b)); !errors.Is(err, ErrNoPicture) {
				t.Errorf("%s: %v", id, err)
			}
		}
	}
}

// onItsSide is a JPEG whose camera was held upright, as telephones are: F-09 wants it to stand.
func onItsSide(b []byte) []byte {
	facts := "Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00"
	return slices.Concat(b[:2], []byte{0xFF, 0xE1, 0, byte(len(facts) + 2)}, []byte(facts), b[2:])
}

// aWebP is a picture of one pixel.
func aWebP(t *testing.T) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// pngHeader is a picture that claims a size and has no pixels.
func pngHeader(w, h uint32) []byte {
	b := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR")
	be := func(n uint32) { b = append(b, byte(n>>24), byte(n>>16), byte(n>>8), byte(n)) }
	be(w)
	be(h)
	b = append(b, 8, 6, 0, 0, 0)
	be(crc32.ChecksumIEEE(b[12:]))
	return b
}

// A lost part is an error, never a "no preview" that is remembered.
func TestLostPart(t *testing.T) {
	f := open(t)
	lost := func() *Reader { return f.Read(t.Context(), "s", []string{hexSHA([]byte("never"))}, 5000) }
	if _, err := f.Thumb(t.Context(), "x", 320, lost); err == nil || errors.Is(err, ErrNoPicture) {
		t.Fatal(err)
	}
	if _, err := lost().Read(make([]byte, 10)); err == nil {
		t.Fatal("read out of nothing")
	}
}

// Nobody but the service's own account on the machine reads parts and previews.
func TestFilesArePrivate(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("access is by the folder's list there")
	}
	f := open(t)
	if _, err := f.Thumb(t.Context(), "x", 320, keep(t, f, []byte("no picture"))); !errors.Is(err, ErrNoPicture) {
		t.Fatal(err)
	}
	n := 0
	err := filepath.WalkDir(f.dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		if !e.IsDir() {
			n++
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is %v", path, info.Mode())
		}
		return nil
	})
	if err != nil || n != 2 {
		t.Fatal(n, err)
	}
}
