package workroom

import (
	"fmt"
	"testing"
)

// M-28: a bookmark is set and taken away by its owner alone, as often as one likes, up to as many as a list can be read through.
func TestM28_ABookmarkIsOnesOwn(t *testing.T) {
	x := newTable()
	at := Ref{AccountScope("me"), KindBookmark, "m1"}
	set := func(on bool) SetBookmark { return SetBookmark{Room: "r", Message: "m1", Who: "me", On: on} }
	for i, on := range []bool{false, true, true, false, false, true} {
		wantCode(t, "set", x.do(t, "me", "c", noon, set(on)), "")
		if b, held := x.rows[at].(*Bookmark); held != on || held && (b.Room != "r" || b.Made != noon.UnixMicro()) {
			t.Errorf("step %d: %+v", i, x.rows[at])
		}
	}
	wantCode(t, "another's", x.do(t, "you", "c", noon, set(false)), NoAccess)
	wantCode(t, "of nothing", x.do(t, "me", "c", noon, SetBookmark{Room: "r", Who: "me", On: true}), BadInput)
	for i := range MaxBookmarks - 1 {
		x.rows[Ref{AccountScope("me"), KindBookmark, fmt.Sprint("n", i)}] = &Bookmark{Room: "r"}
	}
	more := set(true)
	more.Message = "m2"
	wantCode(t, "one more than there may be", x.do(t, "me", "c", noon, more), BadInput)
	wantCode(t, "the one that is there", x.do(t, "me", "c", noon, set(true)), "")
	wantCode(t, "away", x.do(t, "me", "c", noon, set(false)), "")
	wantCode(t, "another in its place", x.do(t, "me", "c", noon, more), "")
}
