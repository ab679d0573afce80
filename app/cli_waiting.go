package app

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"trestle/internal/outbox"
	"trestle/internal/workroom"
)

// tooLong is how long something may wait at a service that answers before the doctor calls it unwell.
const tooLong = 10 * time.Minute

// standing is what keeps an outbox from being empty, for the verbs that say so. Read markers are nobody's business.
type standing struct {
	asked  int       // the person is asked about
	oldest time.Time // when the oldest of what waits was written; zero if nothing does
	why    string    // what the first of it waits for, a sentence
}

// standingOf looks an outbox over. What the service put off says why; else the first row that waits speaks for those behind it.
func standingOf(rows []OutboxRow) standing {
	out := standing{}
	said := false
	for _, r := range rows {
		if silent(workroom.Op(r.Op)) {
			continue
		}
		state := outbox.State(r.State)
		switch state {
		case outbox.Asking:
			out.asked++
			continue
		case outbox.Refused, outbox.SetAside, outbox.Held: // Held: it is counted with what was refused before it
			continue
		}
		if at := time.UnixMilli(r.At); out.oldest.IsZero() || at.Before(out.oldest) {
			out.oldest = at
		}
		if putOff := state == outbox.Later && r.Reason != ""; out.why == "" || putOff && !said {
			out.why, said = whyWaits(state, plain(r.Reason)), putOff
		}
	}
	return out
}

// whyWaits says what a row in a state waits for at a service that answers.
func whyWaits(state outbox.State, reason string) string {
	switch state {
	case outbox.Later:
		return strings.TrimSpace("It is tried again by itself. " + reason)
	case outbox.Waiting:
		return "It waits for a file, or for what it belongs to."
	}
	return "The service answers, but has not taken it yet."
}

// goesOut says when something that was just written down goes out: reason is why the service put it off, if it did.
func goesOut(s Sync, reason string) string {
	switch {
	case reason != "":
		return whyWaits(outbox.Later, plain(reason))
	case s.State == "signedOut":
		return "It goes out when you have signed in again: trestle sign-in."
	case s.TooOld:
		return "It goes out from a newer version of Trestle."
	case s.State == "online":
		return whyWaits(outbox.Queued, "")
	}
	return "It goes out when the service can be reached."
}

// unfinished says why not everything is sent and fetched: what the person must decide first, then what is waited for. Its codes are
// not_sent, needs_confirmation, still_waiting and, where the service does not answer, timeout.
func unfinished(s Sync, rows []OutboxRow) *Failure {
	st := standingOf(rows)
	refused := s.NotSent - int64(st.asked)
	online := s.State == "online"
	code := CodeTimeout
	var say []string
	if online && s.Waiting > 0 {
		code = "still_waiting"
	}
	if st.asked > 0 {
		code = "needs_confirmation"
		say = append(say, counted(st.asked, "needs", "need")+" your word: the service was set back to an earlier state and lost it. "+
			"See trestle outbox: retry ID sends it again, discard ID lets it go.")
	}
	if refused > 0 {
		code = "not_sent"
		say = append(say, fmt.Sprintf("%d could not be sent and is kept; see trestle outbox.", refused))
	}
	if s.Held > 0 {
		say = append(say, counted(int(s.Held), "waits", "wait")+" until that is decided.")
	}
	switch {
	case !online:
		say = append(say, fmt.Sprintf("%d still waiting, all kept. %s", s.Waiting, cmp.Or(s.Why, "The service did not answer in time.")))
	case s.Waiting > 0:
		say = append(say, fmt.Sprintf("%d still waiting, all kept. %s", s.Waiting, cmp.Or(s.Why, st.why)))
	case len(say) == 0:
		say = append(say, cmp.Or(s.Why, "The service answers, but not everything was fetched in time."))
	}
	return Fail(code, strings.TrimSpace(strings.Join(say, " ")))
}

// outboxFinding is the doctor's line on what was not sent. It is well while nothing is to be decided and nothing waits longer than tooLong
// at a service that answers.
func outboxFinding(s Sync, rows []OutboxRow, now time.Time) Finding {
	st := standingOf(rows)
	f := Finding{What: "outbox", OK: s.NotSent == 0, Says: fmt.Sprintf("%d waiting, %d not sent", s.Waiting, s.NotSent)}
	if s.Held > 0 {
		f.Says += fmt.Sprintf(" (and %d behind what was not sent)", s.Held)
	}
	if st.asked > 0 {
		f.Says += fmt.Sprintf(" (of those, %d lost by the service and to be confirmed)", st.asked)
	}
	if !f.OK {
		f.Do = "See Not sent in the window, or trestle outbox."
	}
	if s.Waiting == 0 || st.oldest.IsZero() {
		return f
	}
	why := st.why
	if s.State != "online" {
		why = "The service cannot be reached."
	}
	f.Says += fmt.Sprintf("; the oldest since %s (%s). %s", st.oldest.Format("2006-01-02 15:04:05"), max(0, now.Sub(st.oldest)).Round(time.Second),
		cmp.Or(s.Why, why))
	if s.State == "online" && now.Sub(st.oldest) > tooLong {
		f.OK = false
		f.Do = cmp.Or(f.Do, "All of it is kept. See trestle outbox; trestle outbox export FILE writes it into a file.")
	}
	return f
}
