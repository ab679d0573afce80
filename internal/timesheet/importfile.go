package timesheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// Limits of a file of time that is read: bytes, rows, and bytes of one cell.
const (
	MaxImport     = 8 << 20
	MaxImportRows = 50_000
	maxImportCell = 4096
)

// ImportError is a file of time that cannot be read at all, in a sentence for a person.
type ImportError struct{ Text string }

func (e *ImportError) Error() string { return e.Text }

func unreadable(format string, args ...any) error {
	return &ImportError{fmt.Sprintf(format, args...)}
}

// table is a CSV file as it stands: a head, and lines with their numbers in the file.
type table struct {
	letters string // the encoding, where it had to be guessed
	head    []string
	rows    []tableRow
}

type tableRow struct {
	line  int // of the file, from 1
	cells []string
	bad   string // why the line could not be read
}

// readTable reads CSV: UTF-8 with or without a mark, UTF-16 with one, else Windows-1252; commas, semicolons or tabs, whichever the head
// has most of. A line that is no CSV is a row with a reason, not an end.
func readTable(b []byte) (*table, error) {
	if len(b) > MaxImport {
		return nil, unreadable("The file has more than %d MB. Export fewer days at once.", MaxImport>>20)
	}
	text, letters, err := letters(b)
	if err != nil {
		return nil, err
	}
	t := &table{letters: letters}
	first := 1 // the line that the reader counts as its first
	comma, text, skipped := separator(text)
	first += skipped
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord = comma, -1
	for {
		cells, err := r.Read()
		var bad *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			if t.head == nil {
				return nil, unreadable("The file is empty.")
			}
			return t, nil
		case errors.As(err, &bad):
			if t.head == nil {
				return nil, unreadable("The first line is no line of CSV: a quotation mark stands where none can be.")
			}
			t.rows = append(t.rows, tableRow{line: bad.StartLine + first - 1, bad: quoteText(bad, first-1)})
		case err != nil:
			return nil, err
		case t.head == nil:
			t.head = cells
		case !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" }):
		default:
			line, _ := r.FieldPos(0)
			row := tableRow{line: line + first - 1, cells: cells}
			if slices.ContainsFunc(cells, func(c string) bool { return len(c) > maxImportCell }) {
				row.bad = fmt.Sprintf("A cell of this line has more than %d characters.", maxImportCell)
			}
			t.rows = append(t.rows, row)
		}
		if len(t.rows) > MaxImportRows {
			return nil, unreadable("The file has more than %d lines. Export fewer days at once.", MaxImportRows)
		}
	}
}

func quoteText(e *csv.ParseError, more int) string {
	if e.Line > e.StartLine {
		return fmt.Sprintf("A quotation mark is opened here and not closed as it should be: lines %d to %d are not read.", e.StartLine+more, e.Line+more)
	}
	return "A quotation mark stands where none can be."
}

// letters turns bytes into text, and names the encoding where it was not said by the file.
func letters(b []byte) (text, guessed string, err error) {
	switch {
	case len(b) == 0:
		return "", "", unreadable("The file is empty.")
	case bytes.HasPrefix(b, []byte("PK\x03\x04")):
		return "", "", unreadable("This is a workbook or an archive, not CSV. Save it as CSV first.")
	case bytes.HasPrefix(b, []byte("%PDF")):
		return "", "", unreadable("This is a PDF, not CSV. Export the report as CSV.")
	case bytes.HasPrefix(b, []byte("\xff\xfe")), bytes.HasPrefix(b, []byte("\xfe\xff")):
		b, err = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(b)
		if err != nil {
			return "", "", unreadable("The letters of this file cannot be read.")
		}
	}
	b = bytes.TrimPrefix(b, []byte(bom))
	if bytes.IndexByte(b, 0) >= 0 {
		return "", "", unreadable("This is not a text file. Export the report as CSV.")
	}
	if !utf8.Valid(b) {
		if b, err = charmap.Windows1252.NewDecoder().Bytes(b); err != nil {
			return "", "", unreadable("The letters of this file cannot be read.")
		}
		guessed = "Windows-1252"
	}
	return string(b), guessed, nil
}

// separator finds what separates the cells: as a first line "sep=;" says, else what the head has most of. It answers the text without that
// line, and how many lines it left out.
func separator(text string) (rune, string, int) {
	head, rest, _ := strings.Cut(text, "\n")
	head = strings.TrimRight(head, "\r")
	if s, ok := strings.CutPrefix(strings.ToLower(head), "sep="); ok && len(s) == 1 && strings.Contains(",;\t", s) {
		return rune(s[0]), rest, 1
	}
	best, most := ',', 0
	for _, c := range ",;\t" {
		if n := strings.Count(head, string(c)); n > most {
			best, most = c, n
		}
	}
	return best, text, 0
}
