package markup

import (
	"slices"
	"strings"
	"testing"
)

// D-10: links to rooms, messages and contracts are links in a message; what only looks like one is text.
func TestD10_LinksToPlaces(t *testing.T) {
	for in, want := range map[string]string{
		"see trestle://room/r-1.":                              "trestle://room/r-1",
		"(trestle://message/m_1?room=R2)":                      "trestle://message/m_1?room=R2",
		"trestle://message/m1?rooms=x":                         "trestle://message/m1",
		"trestle://contract/c1?room=r":                         "trestle://contract/c1",
		"**trestle://room/1**":                                 "trestle://room/1",
		"trestle://send/1":                                     "",
		"trestle://room/":                                      "",
		"trestle://room":                                       "",
		"trestle:room/1":                                       "",
		"TRESTLE://room/R1":                                    "trestle://room/R1",
		"Trestle://ROOM/1":                                     "",
		"trestle://room/" + strings.Repeat("a", 65):            "",
		"`trestle://room/1`":                                   "",
		"trestle://room/1 and trestle://contract/2/acceptance": "trestle://room/1 trestle://contract/2",
	} {
		if got := Links(in, Options{}); !slices.Equal(got, strings.Fields(want)) {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
