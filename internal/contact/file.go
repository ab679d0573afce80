package contact

import (
	"bytes"
	"path"
	"strings"
	"unicode/utf16"
)

var (
	textFiles = words("txt md markdown csv text")
	documents = words("pdf doc docx odt rtf pages ppt pptx odp key xls xlsx ods numbers tex epub html htm zip rar 7z tar gz txt md markdown csv text eml mbox msg vcf vcard ics json xml yaml yml rst org log xps")
)

// Readable reports whether a file of this name and size, in bytes, is a text file that is looked into (P-01).
func Readable(name string, size int64) bool { return textFiles[ending(name)] && size <= MaxText }

// Document reports whether a file is of a kind that can hold contact details and is not looked into: a curriculum vitae as PDF, a long text, an
// archive (P-12).
func Document(name string, size int64) bool { return documents[ending(name)] && !Readable(name, size) }

func ending(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))
}

// Text is what a text file says: as UTF-16 where it begins with that mark, else as it stands.
func Text(body []byte) string {
	for _, order := range []struct {
		mark   string
		hi, lo int
	}{{"\xff\xfe", 1, 0}, {"\xfe\xff", 0, 1}} {
		rest, ok := bytes.CutPrefix(body, []byte(order.mark))
		if !ok {
			continue
		}
		wide := make([]uint16, len(rest)/2)
		for i := range wide {
			wide[i] = uint16(rest[2*i+order.hi])<<8 | uint16(rest[2*i+order.lo])
		}
		return string(utf16.Decode(wide))
	}
	return string(body)
}
