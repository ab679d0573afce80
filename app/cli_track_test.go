//go:build unix

package app

import (
	"encoding/json"
	"errors"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// asked is one call of the program in a story: what it is to say, its exit code, and what it says with --json.
type asked struct {
	args   string // words; those of one argument are joined by _
	exit   int
	said   string // on the one line of the error, or in the answer
	code   string // of the error
	fields string // that the answer in JSON has, with their values where one is given as name=value
}

// tell lets the real program do one thing, once for people and, where it changes nothing, once as JSON.
func (p *program) tell(t *testing.T, a asked, asJSON bool) {
	t.Helper()
	var args []string
	if asJSON {
		args = append(args, "--json")
	}
	for w := range strings.FieldsSeq(a.args) {
		args = append(args, strings.ReplaceAll(w, "_", " "))
	}
	out, errs, err := p.run("", args...)
	exit := 0
	if x, ok := errors.AsType[*exec.ExitError](err); ok {
		exit = x.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	if exit != a.exit {
		t.Errorf("trestle %s: exit %d, want %d: %s%s", a.args, exit, a.exit, out, errs)
		return
	}
	if exit != 0 && !asJSON {
		if out != "" || !strings.HasPrefix(errs, "trestle: ") || strings.Count(errs, "\n") != 1 || !strings.Contains(errs, a.said) {
			t.Errorf("trestle %s says %q and %q, want one line with %q", a.args, out, errs, a.said)
		}
		return
	}
	if exit != 0 {
		var said struct{ Error *Failure }
		if err := json.Unmarshal([]byte(errs), &said); err != nil || out != "" || said.Error == nil || said.Error.Code != a.code || !strings.Contains(said.Error.Message, a.said) {
			t.Errorf("trestle --json %s says %q and %q, want %s with %q", a.args, out, errs, a.code, a.said)
		}
		return
	}
	if !asJSON {
		if !strings.Contains(out, a.said) {
			t.Errorf("trestle %s says %q, want %q", a.args, out, a.said)
		}
		return
	}
	var v map[string]json.RawMessage
	if err := json.Unmarshal([]byte(out), &v); err != nil {
		t.Errorf("trestle --json %s: %v: %s", a.args, err, out)
		return
	}
	for f := range strings.FieldsSeq(a.fields) {
		name, want, valued := strings.Cut(strings.ReplaceAll(f, "_", " "), "=")
		if got, ok := v[name]; !ok || valued && strings.Trim(string(got), `"`) != want {
			t.Errorf("trestle --json %s: %s is %s, want %s", a.args, name, got, want)
		}
	}
}

// TestT01_VerbsOfTheTracker: each verb of `trestle track` and `trestle diary` where it works and where it does not, for people and as JSON:
// an error is one line that says what happened, what is kept, and what to do.
func TestT01_VerbsOfTheTracker(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	p := realProgram(t)
	p.must(secretOfTests+"\n", "sign-up", "--service", h.url, "--name", "Esme", "--email", "esme@x.example", "--password-stdin")
	p.must("", "contract", "create", "--title", "Otter Trails", "--rate", "40", "--shots", "none", "--manual", "--self", "--activity", "Map", "--activity", "Review")
	p.must("", "contract", "create", "--title", "Glass Boats", "--rate", "40", "--shots", "none", "--self")
	both := func(list ...asked) {
		t.Helper()
		for _, a := range list {
			p.tell(t, a, false)
			p.tell(t, a, true)
		}
	}
	const start = "Start with: trestle track start --contract NAME --memo TEXT."
	both( // nothing is tracked
		asked{"track status", 0, "Not tracking.", "", "state=stopped contracts"},
		asked{"track stop", 0, "Not tracking.", "", "state=stopped"},
		asked{"track note words", 1, "there is nothing to note this for. " + start, "not_tracking", ""},
		asked{"track pause", 1, "nothing was paused. " + start, "not_tracking", ""},
		asked{"track switch --memo other", 1, "nothing was changed. " + start, "not_tracking", ""},
		asked{"track resume", 1, "Nothing was tracked lately", "nothing_recent", ""},
		asked{"track answer keep", 1, "There is no question open.", "gone", ""},
		asked{"track start --contract Otter_Trails", exitUsage, "--memo", CodeBadInput, ""},
		asked{"track start --contract Nobody's --memo x", 1, "no such contract here. See trestle contract list.", "no_access", ""},
		asked{"track start --contract Otter_Trails --memo _", 1, "Write a memo first", "memo_empty", ""},
		asked{"track start --contract Otter_Trails --activity Sailing --memo x", 1, "It has: Map, Review. Nothing was started.", "activity_archived", ""},
		asked{"track switch --activity Map --no-activity", exitUsage, "--no-activity", CodeBadInput, ""},
		asked{"track fly", exitUsage, "fly", CodeBadInput, ""},
	)
	one := func(a asked) { t.Helper(); p.tell(t, a, false) }
	asJSON := func(a asked) { t.Helper(); p.tell(t, a, true) }
	one(asked{"track start --contract Otter_Trails --activity map --memo Draw", 0, "Tracking Otter Trails, Map: Draw, since", "", ""})
	both(
		asked{"track status", 0, "Tracking Otter Trails, Map: Draw, since", "", "state=tracking memo=Draw code=Map since seconds"},
		asked{"track resume", 0, "Tracking Otter Trails, Map: Draw", "", "state=tracking memo=Draw"}, // it runs: nothing changes
		asked{"track note _", 1, "Tracking of Otter Trails goes on as before.", "memo_empty", ""},
		asked{"track switch --activity Sailing", 1, "It has: Map, Review. Tracking of Otter Trails goes on as before.", "activity_archived", ""},
		asked{"track switch --contract Nobody's", 1, "no such contract here. See trestle contract list. Tracking of Otter Trails goes on as before.", "no_access", ""},
	)
	time.Sleep(1100 * time.Millisecond) // an empty slice is dropped
	asJSON(asked{"track note Draw_the_coast", 0, "", "", "state=tracking memo=Draw_the_coast code=Map"})
	one(asked{"track switch --activity Review", 0, "Tracking Otter Trails, Review: Draw the coast", "", ""})
	time.Sleep(1100 * time.Millisecond)
	asJSON(asked{"track switch --contract Glass_Boats --memo Row", 0, "", "", "state=tracking memo=Row title=Glass_Boats activity="})
	time.Sleep(1100 * time.Millisecond)
	one(asked{"track pause", 0, "Paused Glass Boats, Row, after 0:00:0", "", ""})
	one(asked{"track status", 0, "Not tracking.", "", ""})
	p.killHolder() // what was tracked last is known from the diary
	asJSON(asked{"track resume", 0, "", "", "state=tracking memo=Row title=Glass_Boats"})
	time.Sleep(1100 * time.Millisecond)
	asJSON(asked{"track stop", 0, "", "", "state=stopped"})

	day := time.Now().UTC().Format(time.DateOnly)
	at := " --contract Otter_Trails --day " + day
	both(
		asked{"diary --contract Otter_Trails", 0, "Map: Draw", "", "week days segments"},
		asked{"diary show --contract Nobody's", 1, "no such contract here.", "no_access", ""},
		asked{"diary --contract Otter_Trails --week soon", exitUsage, "The day is written as YYYY-MM-DD.", CodeBadInput, ""},
		asked{"diary log --contract Glass_Boats", 0, "Nobody changed the time of this day.", "", "rows"},
		asked{"diary looks --contract Otter_Trails", 0, "Nobody else looked", "", "rows"},
		asked{"diary verify --contract Otter_Trails", 0, "No week is sealed yet", "", "good=true weeks"},
		asked{"diary edit --from 00:00 --to 00:10" + at, exitUsage, "Nothing was changed: say --memo, --activity or --no-activity.", CodeBadInput, ""},
		asked{"diary edit --from noon --to 00:10 --memo x" + at, exitUsage, "Times are written as HH:MM", CodeBadInput, ""},
		asked{"diary edit --from 00:00 --to 00:10 --activity Sailing" + at, 1, "Nothing was changed.", "activity_archived", ""},
		asked{"diary add --from 00:00 --to 00:10 --memo x --zone Mars/Base" + at, exitUsage, "no time zone of that name", CodeBadInput, ""},
		asked{"diary delete --from 00:00 --to 00:10", exitUsage, "--contract", CodeBadInput, ""},
	)
}
