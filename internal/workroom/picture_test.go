package workroom

import (
	"slices"
	"strings"
	"testing"
)

// T-07: a screenshot of several displays has one picture each; all of them go with it, and none it does not count.
func TestT07_OnePictureADisplay(t *testing.T) {
	at := noon.Unix()
	pic := func(ids ...FileID) (out []Picture) {
		for _, id := range ids {
			out = append(out, Picture{File: id, W: 1280, H: 720})
		}
		return out
	}
	many := pic(slices.Collect(func(yield func(FileID) bool) {
		for i := range maxPictures {
			if !yield(FileID("more" + strings.Repeat("x", i+1))) {
				return
			}
		}
	})...)
	for _, c := range []struct {
		what     string
		file     FileID
		displays int
		more     []Picture
		seed     []byte
		want     string // the files, or the code
	}{
		{"one", "a", 1, nil, nil, "a"},
		{"one, of an earlier program that joined two", "a", 2, nil, nil, "a"},
		{"three", "a", 3, pic("b", "c"), nil, "a b c"},
		{"as many as there may be", "a", maxPictures, many[:maxPictures-1], nil, "a"},
		{"blurred", "", 3, nil, blurred, ""},
		{"more than it counts", "a", 2, pic("b", "c"), nil, string(BadInput)},
		{"too many", "a", 64, many, nil, string(BadInput)},
		{"others without the first", "", 2, pic("b"), nil, string(BadInput)},
		{"blurred, and yet with pictures", "", 2, pic("b"), blurred, string(BadInput)},
		{"one twice", "a", 2, pic("a"), nil, string(BadInput)},
		{"no file", "a", 2, pic(""), nil, string(BadInput)},
		{"a path", "a", 2, pic("../b"), nil, string(BadInput)},
		{"no screen", "a", 2, []Picture{{File: "b", W: 20_001, H: 1}}, nil, string(BadInput)},
		{"a negative size", "a", 2, []Picture{{File: "b", W: 1, H: -1}}, nil, string(BadInput)},
	} {
		cmd := AddShot{Week: WeekOf(noon).String(), Who: free, Shot: Shot{Slice: "s1", Contract: kon, Device: "d", Cell: at / 600, At: at, File: c.file, Displays: c.displays, More: c.more, Seed: c.seed}}
		if r := cmd.Check(); r != nil {
			if string(r.Code) != c.want {
				t.Errorf("%s: %v", c.what, r)
			}
			continue
		}
		var got []string
		for _, id := range cmd.FileIDs() {
			got = append(got, string(id))
		}
		if all := strings.Join(got, " "); !strings.HasPrefix(all, c.want) || len(got) != len(c.more)+truth(c.file != "") {
			t.Errorf("%s: its files are %s", c.what, all)
		}
	}
}
