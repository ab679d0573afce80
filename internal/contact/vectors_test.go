package contact

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// vector is a line of testdata/vectors.tsv.
type vector struct {
	kind  Kind
	there bool
	text  string
}

func vectors(t testing.TB) []vector {
	t.Helper()
	body, err := os.ReadFile("testdata/vectors.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var out []vector
	for l := range strings.Lines(string(body)) {
		l = strings.TrimRight(l, "\n")
		if l == "" || strings.HasPrefix(l, "#") {
			continue
		}
		f := strings.SplitN(l, "\t", 3)
		if len(f) != 3 {
			t.Fatalf("not three columns: %q", l)
		}
		text, err := strconv.Unquote(`"` + strings.ReplaceAll(f[2], `"`, `\"`) + `"`)
		if err != nil {
			t.Fatalf("%q: %v", f[2], err)
		}
		out = append(out, vector{Kind(f[0]), f[1] == "+", text})
	}
	return out
}

// P-02, P-03, P-13, P-14, P-18: what is a contact detail, and what is not: numbers, dates, prices, code. The figures are printed.
func TestP02_Vectors(t *testing.T) {
	type tally struct{ there, hit, innocent, alarm int }
	sums := map[Kind]*tally{}
	for _, v := range vectors(t) {
		if sums[v.kind] == nil {
			sums[v.kind] = &tally{}
		}
		n, got := sums[v.kind], Kinds(Find(v.text))
		if i := slices.Index(got, PastLedger); i >= 0 {
			got[i] = Payment
		}
		if v.there {
			n.there++
			if slices.Contains(got, v.kind) {
				n.hit++
			} else {
				t.Errorf("%s is not found in %q: %v", v.kind, v.text, got)
			}
			continue
		}
		n.innocent++
		if len(got) > 0 {
			n.alarm++
			t.Errorf("in %q, where nothing is, %v is found: %q", v.text, got, cuts(v.text))
		}
	}
	for _, k := range []Kind{Phone, Email, Address, Form, Application, Handle, Ask, Scheduling, Secret, Payment} {
		n := sums[k]
		if n == nil || n.there < 20 || n.innocent < 20 {
			t.Errorf("%s has fewer than 20 texts of each sort", k)
			continue
		}
		fmt.Printf("%-12s found %d of %d, false alarms %d of %d\n", k, n.hit, n.there, n.alarm, n.innocent)
	}
	if unknown := slices.Collect(maps.Keys(sums)); len(unknown) != 10 {
		t.Errorf("kinds of the file: %v", unknown)
	}
}

func cuts(text string) (out []string) {
	for _, s := range Find(text) {
		out = append(out, text[s.From:s.To])
	}
	return out
}
