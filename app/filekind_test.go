package app

import (
	"testing"

	"trestle/internal/workroom"
)

// F-07: a file stands under the heading a person looks for it under: a picture under Images, whether this program can draw it or not, and
// what its bytes say nothing of by its name. Nothing becomes a picture by its name whose bytes say that it is none.
func TestF07_WhereAFileStands(t *testing.T) {
	t.Parallel()
	const unknown = "application/octet-stream"
	for _, c := range []struct {
		name, typ string
		w, h      int
		size      int64
		kind      FileKind
		group     string
	}{
		{"a.png", "image/png", 40, 30, 100, PictureFile, "images"},
		{"wall.png", "image/png", 0, 0, 18_000, ImageFile, "images"}, // 144 megapixels
		{"scan.tiff", "image/tiff", 0, 0, 100, ImageFile, "images"},
		{"old.bmp", "image/bmp", 0, 0, 100, ImageFile, "images"},
		{"photo.HEIC", "image/heic", 0, 0, 100, ImageFile, "images"},
		{"photo.heic", unknown, 0, 0, 100, ImageFile, "images"},
		{"noname", "image/avif", 0, 0, 100, ImageFile, "images"},
		{"song.mp3", unknown, 0, 0, 100, AudioFile, "media"},
		{"song.flac", "audio/flac", 0, 0, 100, AudioFile, "media"},
		{"film.mov", unknown, 0, 0, 100, VideoFile, "media"},
		{"plan.dwg", "image/vnd.dwg", 0, 0, 100, ImageFile, "images"},
		{"logo.psd", "image/vnd.adobe.photoshop", 0, 0, 100, DocumentFile, "documents"},
		{"x.svg", "image/svg+xml", 0, 0, 100, PageFile, "other"},
		{"lie.png", "text/plain", 0, 0, 100, TextFile, "documents"},
		{"lie.png", "text/html", 0, 0, 100, PageFile, "other"},
		{"lie.mp3", "application/zip", 0, 0, 100, OtherFile, "other"},
		{"run.exe", unknown, 0, 0, 100, ProgramFile, "other"},
		{"data", unknown, 0, 0, 100, OtherFile, "other"},
		{"report.docx", unknown, 0, 0, 100, DocumentFile, "documents"},
		{"all.zip", "application/zip", 0, 0, 100, ArchiveFile, "other"},
	} {
		got := kindOf(workroom.FileRef{Name: c.name, Type: c.typ, W: c.w, H: c.h, Size: c.size})
		if got != c.kind || groupOf(got) != c.group {
			t.Errorf("%s of %s is %s under %s, want %s under %s", c.name, c.typ, got, groupOf(got), c.kind, c.group)
		}
	}
}
