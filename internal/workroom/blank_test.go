package workroom

import (
	"encoding/json"
	"os"
	"testing"
)

// M-22: what shows nothing is an empty message, to the rule as to the composer.
func TestM22_Blank(t *testing.T) {
	file, err := os.ReadFile("testdata/blank.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Text  string
		Blank bool
	}
	if err := json.Unmarshal(file, &cases); err != nil || len(cases) == 0 {
		t.Fatal(len(cases), err)
	}
	for _, c := range cases {
		if got := Blank(c.Text); got != c.Blank {
			t.Errorf("%q: %v, want %v", c.Text, got, c.Blank)
		}
	}
}
