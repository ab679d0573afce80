package app

import (
	"cmp"
	"slices"
	"time"

	"trestle/internal/workroom"
)

// parts say of each activity of a day in how many segments it stands, and how active its minutes were (W-17). A minute that two activities
// share counts for both, so that neither looks idle; a segment likewise.
func (b *book) parts(segments []*workroom.Segment) []PartTotal {
	type key struct{ day, activity string }
	type sum struct {
		segments, expired, active, touched int64
		last                               workroom.Cell
	}
	found := map[key]*sum{}
	for _, s := range segments {
		minutes := map[key][10]bool{}
		for _, p := range s.Pieces {
			k := key{time.Unix(p.From, 0).In(b.zone).Format(time.DateOnly), string(p.Activity)}
			if found[k] == nil {
				found[k] = &sum{}
			}
			if n := found[k]; n.last != s.Cell {
				n.last, n.segments = s.Cell, n.segments+1
				if s.Expired != 0 {
					n.expired++
				}
			}
			of := minutes[k]
			for i := range of {
				from := (int64(s.Cell)*10 + int64(i)) * 60
				of[i] = of[i] || p.How != workroom.Manual && p.From < from+60 && from < p.To
			}
			minutes[k] = of
		}
		if !s.Measured {
			continue
		}
		for k, of := range minutes {
			for i, in := range of {
				if in && s.Boxes[i] != workroom.BoxUntracked {
					found[k].touched++
					if s.Boxes[i] == workroom.BoxActive {
						found[k].active++
					}
				}
			}
		}
	}
	out := make([]PartTotal, 0, len(found))
	for k, n := range found {
		one := PartTotal{Activity: k.activity, Day: k.day, Segments: n.segments, Expired: n.expired, Level: -1}
		if n.touched > 0 {
			one.Level = (200*n.active + n.touched) / (2 * n.touched)
		}
		out = append(out, one)
	}
	slices.SortFunc(out, func(x, y PartTotal) int {
		return cmp.Or(cmp.Compare(x.Day, y.Day), cmp.Compare(x.Activity, y.Activity))
	})
	return out
}
