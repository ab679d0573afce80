package annotate

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/image/font/gofont/gomedium"
)

// TestPageHasTheSameFont: the page sets text in the file this package draws with.
func TestPageHasTheSameFont(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "frontend", "src", "capture", "font", "Go-Medium.ttf"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(data, gomedium.TTF) {
		t.Error("Go-Medium.ttf of the page is another font")
	}
}

// TestPageFixture keeps testdata/page: a base, a document with every mark as
// the page writes it, and what that becomes. A browser test draws the same
// document and compares: the two pictures may differ by 2 of 255 on average.
func TestPageFixture(t *testing.T) {
	dir := filepath.Join("testdata", "page")
	if *update {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		data, err := EncodePNG(pictures(400, 300)["page"])
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "base.png"), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "doc.json"))
	if err != nil {
		t.Fatal(err)
	}
	d, err := Decode(text)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, "base.png"))
	if err != nil {
		t.Fatal(err)
	}
	base, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	flat, err := Flatten(d, base)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]bool{}
	for _, o := range d.Objects {
		kinds[o.T] = true
	}
	if len(kinds) != 11 {
		t.Errorf("the document has %d kinds of marks, want all 11", len(kinds))
	}
	golden(t, filepath.Join(dir, "flat.png"), flat)
}
