package workroom

import (
	"testing"
	"time"
)

// T-13: the newest start has the lease, in any order of arrival; one in the future counts as now.
func TestT13_NewestStartHasTheLease(t *testing.T) {
	at := noon.Add(time.Hour)
	tell := func(x *table, id, device string, since time.Time, when time.Time) {
		wantCode(t, id, x.do(t, free, id, when, SetLease{Who: free, Device: device, Since: since.UnixMilli()}), "")
	}
	held := func(x *table) *Lease { return x.rows[LeaseOf(free)].(*Lease) }
	x, y := newTable(), newTable()
	tell(x, "a", "desk", noon, at)
	tell(x, "b", "lap", noon.Add(time.Minute), at)
	tell(y, "b", "lap", noon.Add(time.Minute), at)
	tell(y, "a", "desk", noon, at)
	if held(x).Device != "lap" || held(y).Device != "lap" {
		t.Errorf("%+v, %+v", held(x), held(y))
	}
	tell(x, "c", "desk", at.Add(100*time.Hour), at)
	if l := held(x); l.Device != "desk" || l.Since != at.UnixMilli() {
		t.Errorf("from the future: %+v", l)
	}
	tell(x, "d", "lap", at.Add(time.Second), at.Add(time.Second))
	if held(x).Device != "lap" {
		t.Error("a wrong clock keeps others from tracking")
	}
	wantCode(t, "another's", x.do(t, odd, "e", at, SetLease{Who: free, Device: "d", Since: 1}), NoAccess)
	older, newer := SetLease{Who: free, Device: "a", Since: 5}, SetLease{Who: free, Device: "a", Since: 9}
	if newer.Joined(older) != Command(newer) || older.Joined(newer) != Command(newer) {
		t.Error("of two that wait the newer start goes out")
	}
}
