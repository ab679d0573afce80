package app

import (
	"strings"
	"testing"
)

// P-21: who reports a message a second time before anybody decided is told so: for the administrator it is one matter. Another message, and the
// person, can still be reported.
func TestP21_OneMessageIsReportedOnce(t *testing.T) {
	t.Parallel()
	_, client, mara, room := twoInRoom(t)
	first, second := write(t, mara, room, "first"), write(t, mara, room, "second")
	f := &Safety{client}
	eventually(t, "both arrive", func() bool { return strings.Contains(told(t, client, room), "second") })
	report := func(message string) error {
		return f.Report(ReportMessageIn{Room: room, Message: message, Account: string(mara.session.me()), Reason: "scam"})
	}
	for i, message := range []string{first, second, ""} {
		if err := report(message); err != nil {
			t.Errorf("report %d: %v", i, err)
		}
	}
	if err := report(first); err == nil || !strings.Contains(AsFailure(err).Message, "already") {
		t.Errorf("reported twice: %v", err)
	}
	if list, err := f.MyReports(); err != nil || len(list.Reports) != 3 {
		t.Errorf("%+v, %v", list, err)
	}
}
