package timesheet

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The fixed parts of a workbook (ECMA-376): what it holds, and the looks that cells name by number.
const (
	xlsxTypes = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>%s<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`
	xlsxRels = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	xlsxBook = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>%s</sheets></workbook>`
	xlsxBookRels = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s<Relationship Id="rIdS" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`
	xlsxStyles = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="6"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/><numFmt numFmtId="165" formatCode="yyyy\-mm\-dd\ hh:mm:ss"/><numFmt numFmtId="166" formatCode="[h]:mm:ss"/><numFmt numFmtId="167" formatCode="0.0"/><numFmt numFmtId="168" formatCode="0.000"/><numFmt numFmtId="169" formatCode="0.0000"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="11"><xf/><xf fontId="1" applyFont="1"/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/><xf numFmtId="166" applyNumberFormat="1"/><xf numFmtId="2" applyNumberFormat="1"/><xf quotePrefix="1"/><xf numFmtId="1" applyNumberFormat="1"/><xf numFmtId="167" applyNumberFormat="1"/><xf numFmtId="168" applyNumberFormat="1"/><xf numFmtId="169" applyNumberFormat="1"/></cellXfs></styleSheet>`
	xlsxHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>`
	xlsxFoot = `</sheetData></worksheet>`
)

// What each sheet adds to the parts above, by its number and name.
const (
	xlsxTypeOf  = `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`
	xlsxSheetOf = `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`
	xlsxRelOf   = `<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet%d.xml"/>`
)

// Numbers of the looks in xlsxStyles.
const (
	lookPlain = iota
	lookBold
	lookDate
	lookMoment
	lookTime
	lookHundredths
	lookQuoted // text that would read as a formula stays text
	lookWhole
	lookTenths
	lookThousandths
	lookTenThousandths
)

// lookMoney are the looks of amounts, by the decimals of their currency.
var lookMoney = [...]int{lookWhole, lookTenths, lookHundredths, lookThousandths, lookTenThousandths}

// xlsxRows is how many rows a sheet of XLSX can have.
const xlsxRows = 1_048_576

// WriteXLSX writes a workbook: the grid of a week if there is one, the sums by freelancer and activity, and the records, which are written as
// they come. Times and amounts are numbers, so they can be reckoned with; every text is a text whatever it begins with. Moments are those of
// the zone. Adjustments are rows of the summary, so that its amounts add up to the bill.
func WriteXLSX(w io.Writer, zone *time.Location, grid *Grid, sums []Summed, records func(yield func(Record) bool), adjusted ...Adjustment) error {
	sheets := []xlsxSheet{{"Summary", func(s *sheet) { s.sums(sums, adjusted) }}, {"Time", func(s *sheet) { s.records(zone, records) }}}
	if grid != nil {
		sheets = append([]xlsxSheet{{"Week", func(s *sheet) { s.grid(*grid) }}}, sheets...)
	}
	var types, book, rels strings.Builder
	for i, x := range sheets {
		fmt.Fprintf(&types, xlsxTypeOf, i+1)
		fmt.Fprintf(&book, xlsxSheetOf, x.name, i+1, i+1)
		fmt.Fprintf(&rels, xlsxRelOf, i+1, i+1)
	}
	z := zip.NewWriter(w)
	for _, p := range []struct{ name, body string }{
		{"[Content_Types].xml", fmt.Sprintf(xlsxTypes, types.String())}, {"_rels/.rels", xlsxRels}, {"xl/workbook.xml", fmt.Sprintf(xlsxBook, book.String())},
		{"xl/_rels/workbook.xml.rels", fmt.Sprintf(xlsxBookRels, rels.String())}, {"xl/styles.xml", xlsxStyles},
	} {
		f, err := z.Create(p.name)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(f, p.body); err != nil {
			return err
		}
	}
	for i, x := range sheets {
		if err := writeSheet(z, i+1, x.fill); err != nil {
			return err
		}
	}
	return z.Close()
}

// xlsxSheet is one sheet of a workbook and what fills it.
type xlsxSheet struct {
	name string
	fill func(*sheet)
}

func (s *sheet) sums(list []Summed, adjusted []Adjustment) {
	s.head("Freelancer", "Contract", "Activity", "Time", "Hours", "Seconds", "Of which manual", "Billable seconds", "Amount", "Currency")
	for _, x := range list {
		s.row()
		s.text(x.Freelancer, x.Contract, x.Activity)
		s.time(x.Seconds)
		s.value(Decimal(x.Seconds), lookMoney[2])
		s.number(x.Seconds, x.Manual, x.Billable)
		s.money(x.Amount, x.Currency)
		s.text(x.Currency)
	}
	for _, a := range adjusted {
		s.row()
		s.text(a.Contract.FreelancerName, a.Contract.Title, a.about())
		s.time(0)
		s.value(Decimal(0), lookMoney[2])
		s.number(0, 0, 0)
		s.money(a.Amount, a.Currency)
		s.text(a.Currency)
	}
}

func (s *sheet) records(zone *time.Location, list func(yield func(Record) bool)) {
	s.head("Date", "Start", "End", "Freelancer", "Client", "Contract", "Activity", "Memo", "Type", "Billable", "Time", "Seconds", "Rate", "Amount", "Currency", "Flags")
	for r := range list {
		if s.n == xlsxRows {
			s.err = fmt.Errorf("a sheet has at most %d rows; choose fewer days", xlsxRows)
			return
		}
		s.row()
		s.date(r.Day)
		s.moment(r.start(zone))
		s.moment(r.end(zone))
		s.text(r.Contract.FreelancerName, r.Contract.ClientName, r.Contract.Title, r.code(), r.Memo, r.kind(), r.billable())
		s.time(r.Seconds())
		s.number(r.Seconds())
		s.money(r.Contract.Terms.Rate, r.Contract.Terms.Currency)
		s.money(r.Amount, r.Contract.Terms.Currency)
		s.text(r.Contract.Terms.Currency, r.flags())
	}
}

func (s *sheet) grid(g Grid) {
	names := []string{"Freelancer", "Contract", "Activity"}
	for _, d := range g.Days {
		names = append(names, d.String())
	}
	s.head(append(names, "Total", "Seconds", "Amount", "Currency")...)
	for _, r := range g.Rows {
		s.row()
		s.text(r.Freelancer, r.Contract, r.Activity)
		for _, n := range append(slices.Clone(r.Seconds), r.Total) {
			s.time(n)
		}
		s.number(r.Total)
		s.money(r.Amount, r.Currency)
		s.text(r.Currency)
	}
	s.row()
	s.text("All", "", "")
	for _, n := range append(slices.Clone(g.Sum), g.All) {
		s.time(n)
	}
	s.number(g.All)
}

// Summed is a row of a summary with its names.
type Summed struct {
	Freelancer, Contract, Activity string
	Totals
	Money
}

// sheet writes the rows of one sheet; the first error stops it.
type sheet struct {
	w    *bufio.Writer
	n    int // rows
	open bool
	err  error
}

func writeSheet(z *zip.Writer, n int, fill func(*sheet)) error {
	f, err := z.Create(fmt.Sprintf("xl/worksheets/sheet%d.xml", n))
	if err != nil {
		return err
	}
	s := &sheet{w: bufio.NewWriter(f)}
	s.put(xlsxHead)
	fill(s)
	if s.open {
		s.put("</row>")
	}
	s.put(xlsxFoot)
	if s.err != nil {
		return s.err
	}
	return s.w.Flush()
}

func (s *sheet) put(text string) {
	if s.err == nil {
		_, s.err = s.w.WriteString(text)
	}
}

func (s *sheet) row() {
	if s.open {
		s.put("</row>")
	}
	s.n++
	s.open = true
	s.put("<row>")
}

func (s *sheet) head(names ...string) {
	s.row()
	for _, n := range names {
		s.string(n, lookBold)
	}
}

func (s *sheet) string(text string, look int) {
	s.put(`<c t="inlineStr" s="` + strconv.Itoa(look) + `"><is><t xml:space="preserve">`)
	if s.err == nil {
		s.err = xml.EscapeText(s.w, []byte(strings.ToValidUTF8(text, "\ufffd")))
	}
	s.put(`</t></is></c>`)
}

func (s *sheet) text(list ...string) {
	for _, t := range list {
		look := lookPlain
		if Guard(t) != t {
			look = lookQuoted
		}
		s.string(t, look)
	}
}

func (s *sheet) value(v string, look int) {
	s.put(`<c s="` + strconv.Itoa(look) + `"><v>` + v + `</v></c>`)
}

func (s *sheet) number(list ...int64) {
	for _, n := range list {
		s.value(strconv.FormatInt(n, 10), lookPlain)
	}
}

// money writes an amount with the decimals of its currency.
func (s *sheet) money(n int64, currency string) {
	s.value(Minor(n, currency), lookMoney[min(Decimals(currency), len(lookMoney)-1)])
}

func (s *sheet) time(seconds int64) {
	s.value(strconv.FormatFloat(float64(seconds)/86400, 'g', -1, 64), lookTime)
}

// excelEpoch is day 0 of a workbook's calendar, 1899-12-30.
const excelEpoch = 25569

func (s *sheet) date(d Day) { s.value(strconv.FormatInt(int64(d)+excelEpoch, 10), lookDate) }

// moment writes a moment in all the digits it has: some programs cut what is a hair short of a second down to the one before.
func (s *sheet) moment(t time.Time) {
	_, off := t.Zone()
	s.value(strconv.FormatFloat(float64(t.Unix()+int64(off))/86400+excelEpoch, 'f', -1, 64), lookMoment)
}
