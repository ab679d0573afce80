package contact

import "testing"

// P-01, P-12: which files are looked into, and which are only worth a reminder.
func TestP12_Files(t *testing.T) {
	for _, x := range []struct {
		name     string
		size     int64
		readable bool
		document bool
	}{
		{"cv.txt", 100, true, false}, {"CV.TXT", MaxText, true, false}, {"notes.md", 1, true, false}, {"list.csv", 1, true, false},
		{"long.txt", MaxText + 1, false, true}, {"cv.pdf", 1, false, true}, {"cv.docx", 1, false, true}, {"all.zip", 1, false, true},
		{"me.vcf", 1, false, true}, {"me.vcard", 1, false, true}, {"page.html", 1, false, true}, {"me.json", 1, false, true}, {"me.xml", 1, false, true},
		{"logo.png", 1, false, false}, {"song.mp3", 1, false, false}, {"main.go", 1, false, false}, {"", 1, false, false},
	} {
		if r, d := Readable(x.name, x.size), Document(x.name, x.size); r != x.readable || d != x.document {
			t.Errorf("%s of %d bytes: readable %v, document %v", x.name, x.size, r, d)
		}
	}
	for name, body := range map[string]string{
		"UTF-8": "mail a@gmx.de", "UTF-16, little end": "\xff\xfea\x00@\x00g\x00m\x00x\x00.\x00d\x00e\x00", "UTF-16, big end": "\xfe\xff\x00a\x00@\x00g\x00m\x00x\x00.\x00d\x00e", "with a mark": "\xef\xbb\xbfa@gmx.de",
	} {
		if len(Held(Text([]byte(body)))) != 1 {
			t.Errorf("%s is not read", name)
		}
	}
	if Text([]byte("\xff\xfea")) != "" {
		t.Error("half a character")
	}
}
