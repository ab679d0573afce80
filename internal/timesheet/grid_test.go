package timesheet

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
)

// W-17: the week's grid adds up by row and by column to the seconds of the report, and its file guards what would be a formula; in a workbook
// it is the first sheet, on paper the first table.
func TestW17_WeekGrid(t *testing.T) {
	c, records := sample(t)
	codes := CodesOf([]*Contract{c})
	from, to := records[0].Day.Monday(), records[0].Day.Monday()+6
	r, err := NewReport(Query{From: from, To: to, Group: []Key{ByFreelancer, ByContract, ByActivity, ByDay}}, codes)
	if err != nil {
		t.Fatal(err)
	}
	want := int64(0)
	for _, x := range records {
		r.Add(c, Lines([]Entry{x.Entry}))
		want += x.Seconds()
	}
	g := GridOf(from, to, r.Result(), func(keys []string) (string, string, string) { return c.FreelancerName, c.Title, "=" + keys[2] })
	rows, columns := int64(0), int64(0)
	for _, x := range g.Rows {
		rows += x.Total
		for _, n := range x.Seconds {
			columns += n
		}
	}
	if g.All != want || rows != want || columns != want || len(g.Days) != 7 || len(g.Rows) != 3 {
		t.Errorf("%d seconds by row, %d by cell, %d in all, of %d; %d rows", rows, columns, g.All, want, len(g.Rows))
	}
	var b bytes.Buffer
	if err := WriteGrid(&b, true, g); err != nil {
		t.Fatal(err)
	}
	table, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), bom))).ReadAll()
	if err != nil || len(table) != 5 || len(table[0]) != 14 || table[0][3] != from.String() || !strings.HasPrefix(table[1][2], "'=") || table[4][10] != Clock(want) {
		t.Errorf("%v\n%v", err, table)
	}
	b.Reset()
	if err := WriteXLSX(&b, time.UTC, &g, nil, slices.Values(records)); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for name, part := range map[string]string{"xl/workbook.xml": `<sheet name="Week" sheetId="1" r:id="rId1"/><sheet name="Summary" sheetId="2"`, "[Content_Types].xml": "/xl/worksheets/sheet3.xml", "xl/worksheets/sheet1.xml": from.String()} {
		f, err := z.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(f)
		if err != nil || !strings.Contains(string(body), part) {
			t.Errorf("%s: %v\n%s", name, err, body)
		}
	}
	b.Reset()
	p := Paper{Title: "Timesheet", Made: time.Unix(0, 0), Location: time.UTC, Grid: &g}
	if err := WritePDF(&b, p, slices.Values(records)); err != nil || !bytes.HasPrefix(b.Bytes(), []byte("%PDF-")) {
		t.Errorf("%v", err)
	}
}
