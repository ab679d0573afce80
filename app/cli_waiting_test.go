package app

import (
	"strings"
	"testing"
	"time"
)

// TestD06_SyncSaysWhatIsWaitedFor: only a service that is silent is called silent; what waits for the person, or is put off, says so.
func TestD06_SyncSaysWhatIsWaitedFor(t *testing.T) {
	t.Parallel()
	asked := OutboxRow{Op: "AcceptContract", State: "confirm"}
	behind := OutboxRow{Op: "SendMessage", State: "waiting"}
	for _, tt := range []struct {
		name string
		sync Sync
		rows []OutboxRow
		code string
		say  string
	}{
		{"I6: an answer is asked about", Sync{State: "online", NotSent: 1, Waiting: 1}, []OutboxRow{asked, behind}, "needs_confirmation", "1 needs your word"},
		{"refused and asked about", Sync{State: "online", NotSent: 2}, []OutboxRow{asked, {Op: "SetPref", State: "rejected"}}, "not_sent", "need"},
		{"refused", Sync{State: "online", NotSent: 1}, []OutboxRow{{Op: "SetPref", State: "rejected"}}, "not_sent", "1 could not be sent"},
		{"put off", Sync{State: "online", Waiting: 2}, []OutboxRow{{Op: "SendMessage", State: "queued"}, {Op: "SendMessage", State: "later", Reason: "Too much at once."}},
			"still_waiting", "2 still waiting, all kept. It is tried again by itself. Too much at once."},
		{"queued", Sync{State: "online", Waiting: 1}, []OutboxRow{{Op: "SetMarker", State: "later", Reason: "no"}, {Op: "SendMessage", State: "queued"}},
			"still_waiting", "has not taken it yet"},
		{"behind a file", Sync{State: "online", Waiting: 1}, []OutboxRow{behind}, "still_waiting", "waits for a file"},
		{"silent", Sync{State: "offline", Waiting: 1}, []OutboxRow{behind}, "timeout", "did not answer in time"},
		{"unreachable", Sync{State: "offline", Waiting: 1, Why: "Nothing answers there."}, []OutboxRow{behind}, "timeout", "Nothing answers there."},
		{"not fetched", Sync{State: "online"}, nil, "timeout", "not everything was fetched"},
	} {
		f := unfinished(tt.sync, tt.rows)
		if f.Code != tt.code || !strings.Contains(f.Message, tt.say) {
			t.Errorf("%s: %s %q", tt.name, f.Code, f.Message)
		}
		if tt.sync.State == "online" && strings.Contains(f.Message, "did not answer") {
			t.Errorf("%s: a service that answers is called silent: %q", tt.name, f.Message)
		}
	}
}

// TestD06_TheDoctorSeesWhatIsStuck: nothing is well that waits too long at a service that answers, or that a person must decide about.
func TestD06_TheDoctorSeesWhatIsStuck(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.Local)
	row := func(state string, ago time.Duration) OutboxRow {
		return OutboxRow{Op: "SendMessage", State: state, At: now.Add(-ago).UnixMilli(), Reason: "The service is busy."}
	}
	for _, tt := range []struct {
		name string
		sync Sync
		rows []OutboxRow
		ok   bool
		say  string
	}{
		{"nothing", Sync{State: "online"}, nil, true, "0 waiting, 0 not sent"},
		{"a moment", Sync{State: "online", Waiting: 1}, []OutboxRow{row("sending", time.Second)}, true, "(1s)"},
		{"long, but the service is away", Sync{State: "offline", Waiting: 1}, []OutboxRow{row("queued", time.Hour)}, true, "cannot be reached"},
		{"long", Sync{State: "online", Waiting: 2}, []OutboxRow{row("later", 11*time.Minute), row("queued", time.Second)}, false,
			"2 waiting, 0 not sent; the oldest since 2026-03-01 11:49:00 (11m0s). It is tried again by itself. The service is busy."},
		{"refused", Sync{State: "online", NotSent: 1}, []OutboxRow{row("rejected", time.Second)}, false, "1 not sent"},
		{"to be confirmed", Sync{State: "offline", NotSent: 1}, []OutboxRow{row("confirm", time.Second)}, false, "1 lost by the service"},
	} {
		f := outboxFinding(tt.sync, tt.rows, now)
		if f.OK != tt.ok || !strings.Contains(f.Says, tt.say) || f.OK != (f.Do == "") {
			t.Errorf("%s: %+v", tt.name, f)
		}
	}
}
