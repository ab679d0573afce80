package app

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"trestle/internal/workroom"
)

// F-01: a file keeps its name as far as other systems can keep it, and where they cannot, the sender is told what it was called.
func TestF01_TheSenderIsToldOfAnotherName(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("these names cannot be given here")
	}
	c, _, room := sad(t)
	for given, want := range map[string][2]string{ // what it goes as, and what it was called if that is told
		"report.pdf": {"report.pdf", ""}, ".env": {".env", ""}, ".hidden.tar.gz": {".hidden.tar.gz", ""}, "archive.tar.gz": {"archive.tar.gz", ""},
		"<b>bold.txt": {"_b_bold.txt", "<b>bold.txt"}, "CON": {"_CON", "CON"}, "trail...": {"trail", "trail..."}, `a:b|c?.txt`: {"a_b_c_.txt", "a:b|c?.txt"},
		"inv\u202efdp.exe": {"invfdp.exe", ""}, "u\u0308n.txt": {"ün.txt", ""}, "at the end ": {"at the end", ""}, "..": {"file", ".."},
		strings.Repeat("x", 240) + ".docx": {strings.Repeat("x", 195) + ".docx", strings.Repeat("x", 80) + "…"},
	} {
		path := filepath.Join(t.TempDir(), "put")
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		var out Staged
		c.session.takeOne(&out, newID(), path, given, workroom.RoomScope(workroom.RoomID(room)))
		if len(out.Files) != 1 || out.Files[0].Name != want[0] || out.Files[0].Was != want[1] {
			t.Errorf("%q: %+v %+v", given, out.Files, out.Refused)
		}
	}
}

// F-09: a photograph that a telephone took upright is written on its side; it is listed and shown as it was seen.
func TestF09_APhotographStands(t *testing.T) {
	t.Parallel()
	c, _, room := sad(t)
	var b bytes.Buffer
	flat := image.NewRGBA(image.Rect(0, 0, 80, 40)) // its left half black: the upper one, to the eye
	for i := range flat.Pix {
		flat.Pix[i] = 255
	}
	for y := range 40 {
		for x := range 40 {
			flat.Set(x, y, color.Black)
		}
	}
	if err := jpeg.Encode(&b, flat, nil); err != nil {
		t.Fatal(err)
	}
	facts := "Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00"
	id := attached(t, c, room, "phone.jpg", string(slices.Concat(b.Bytes()[:2], []byte{0xFF, 0xE1, 0, byte(len(facts) + 2)}, []byte(facts), b.Bytes()[2:])))
	_, ref, err := c.session.staged(id, workroom.RoomScope(workroom.RoomID(room)))
	if err != nil || ref.W != 40 || ref.H != 80 {
		t.Fatalf("listed as %d × %d: %v", ref.W, ref.H, err)
	}
	for _, width := range []int{listWidth, screenWidth, wholeWidth} {
		f, err := c.session.localBytes(context.Background(), id, width)
		if err != nil || f == nil {
			t.Fatal(err)
		}
		img, err := jpeg.Decode(f)
		f.Close()
		if err != nil || img.Bounds().Dx() != 40 || img.Bounds().Dy() != 80 {
			t.Fatalf("%d: %v %v", width, img.Bounds(), err)
		}
		if up, _, _, _ := img.At(20, 10).RGBA(); up > 0x4000 {
			t.Errorf("%d: it lies on its head", width)
		}
	}
}

// F-10: what is at the service only says so where the service does not answer, in words that are about the file.
func TestF10_AFileAtTheServiceOffline(t *testing.T) {
	t.Parallel()
	h, c, room := deskInRoom(t)
	id := attached(t, c, room, "far.txt", "far away")
	write(t, c, room, "a file", id)
	arrived(t, c)
	w := h.witness("Esme")
	eventually(t, "the other computer knows of it", func() bool { return len(files(t, w, FilesIn{Room: room}).Files) == 1 })
	h.stop()
	_, err := (&Attachments{w}).Text(IDIn{id})
	if f := AsFailure(err); f == nil || f.Code != codeAtService {
		t.Fatalf("read: %v", err)
	}
	h.again()
	eventually(t, "it is read once the service answers", func() bool {
		v, err := (&Attachments{w}).Text(IDIn{id})
		return err == nil && v.Text == "far away"
	})
}

// F-09: texts are read in the three ways people's programs write them.
func TestF09_TextsOfOtherPrograms(t *testing.T) {
	for in, want := range map[string]string{
		"café": "café", "caf\xe9 \x80 5": "café € 5", "\xef\xbb\xbfcafé": "café", "\xff\xfec\x00\xe9\x00": "cé", "\xfe\xff\x00c\x00\xe9": "cé", "a\x00b": "a\ufffdb",
		"": "", "\x81": "\ufffd",
	} {
		if got := textOf([]byte(in)); got != want {
			t.Errorf("%.20q: %.20q, not %.20q", in, got, want)
		}
	}
}
