package app

import (
	"strings"
	"testing"
	"time"
)

// T-03: once the service was reached, the doctor knows a clock that is wrong, and says which way.
func TestT03_DoctorKnowsAWrongClock(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.stop()
	h.now = func() time.Time { return time.Now().Add(-3 * time.Hour) }
	h.again()
	c := h.desk("Esme")
	eventually(t, "the service's time is known", func() bool { return c.session.sync().Clock == 180 })
	for minutes, want := range map[int64]string{180: "is 3:00 h ahead of", -1: "is 0:01 h behind", 61: "is 1:01 h ahead of", -1450: "is 24:10 h behind"} {
		if f := clockFinding(minutes); f.OK || f.Do == "" || !strings.Contains(f.Says, want) {
			t.Errorf("%d: %+v, want %q", minutes, f, want)
		}
	}
}
