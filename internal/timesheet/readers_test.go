package timesheet

import (
	"bytes"
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestA15_OtherProgramsReadThem opens exports with programs that are not ours, LibreOffice and pdftotext, and finds the same figures and texts
// there. It takes as long as LibreOffice does to start, so it runs for `make exports` alone.
func TestA15_OtherProgramsReadThem(t *testing.T) {
	if os.Getenv("TRESTLE_READERS") == "" {
		t.Skip("only for make exports")
	}
	_, list := sample(t)
	dir, berlin := t.TempDir(), zone(t, "Europe/Berlin")
	sums := []Summed{{"Esmé Winter", "=1+1", "API", Totals{3607, 3607, 0}, Money{3339, "EUR"}}}
	write := func(name string, fill func(*bytes.Buffer) error) string {
		t.Helper()
		var b bytes.Buffer
		if err := fill(&b); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	l, _ := LayoutOf("trestle")
	asCSV := write("time.csv", func(b *bytes.Buffer) error { return WriteCSV(b, l, berlin, true, slices.Values(list)) })
	asXLSX := write("time.xlsx", func(b *bytes.Buffer) error { return WriteXLSX(b, berlin, nil, sums, slices.Values(list)) })
	asPDF := write("time.pdf", func(b *bytes.Buffer) error {
		return WritePDF(b, Paper{Title: "Timesheet", Range: "16 to 22 November 2026", Zone: "Europe/Berlin", Made: time.Unix(0, 0), Location: berlin, Sums: sums,
			Totals: Totals{8107, 7200, 1800}, Money: []Money{{6666, "EUR"}}}, slices.Values(list))
	})
	office := func(path, filter, out string) [][]string {
		t.Helper()
		args := []string{"--headless", "-env:UserInstallation=file://" + dir + "/office", "--convert-to", filter, "--outdir", filepath.Join(dir, "out")}
		if filepath.Ext(path) == ".csv" { // commas, quotes, UTF-8: without a window it asks nobody
			args = append(args, "--infilter=CSV:44,34,76,1")
		}
		cmd := exec.Command("soffice", append(args, path)...)
		if said, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
		body, err := os.ReadFile(filepath.Join(dir, "out", out))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return rows
	}
	check := func(what string, rows [][]string, memo string) {
		t.Helper()
		sum, at, text := int64(0), slices.Index(rows[0], "Seconds"), slices.Index(rows[0], "Memo")
		memos := []string{}
		for _, r := range rows[1:] {
			n, err := strconv.ParseInt(r[at], 10, 64)
			if err != nil {
				t.Errorf("%s: %v", what, err)
			}
			sum, memos = sum+n, append(memos, r[text])
		}
		if sum != 8107 || len(rows) != len(list)+1 || !slices.Contains(memos, memo) || !slices.Contains(memos, "Λάθος, и поздно") {
			t.Errorf("%s: %d s in %d rows, %q", what, sum, len(rows), memos)
		}
	}
	check("LibreOffice of CSV", office(asCSV, "csv:Text - txt - csv (StarCalc):44,34,76,1", "time.csv"), "'@SUM(A1)")
	check("LibreOffice of XLSX", office(asXLSX, "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,2", "time-Time.csv"), "@SUM(A1)")
	said, err := exec.Command("pdftotext", "-layout", asPDF, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Timesheet", "Esmé Winter", "02:15:07", "66.66 EUR", "Λάθος, и поздно (late)", "01:00:07", "23:50:00–00:00:00"} {
		if !strings.Contains(string(said), want) {
			t.Errorf("pdftotext does not find %q in\n%s", want, said)
		}
	}
}
