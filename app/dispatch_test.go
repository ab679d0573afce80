package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"trestle/internal/annotate"
	"trestle/internal/replica"
	"trestle/internal/screen"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Probe is a screen for tests: each method shows one way a call can end.
type Probe struct{ block chan struct{} }

type ProbeIn struct {
	Text string `json:"text"`
	N    int    `json:"n"`
}

type ProbeOut struct {
	Text string   `json:"text"`
	List []string `json:"list"`
}

type ProbeNumber struct {
	N float64 `json:"n"`
}

func (p *Probe) Echo(in ProbeIn) (out ProbeOut, err error) {
	defer guard(&err)
	return ProbeOut{Text: in.Text, List: []string{}}, nil
}

func (p *Probe) Nothing() (err error) {
	defer guard(&err)
	return nil
}

func (p *Probe) Panic(in ProbeIn) (out ProbeOut, err error) {
	defer guard(&err)
	panic("panic with " + in.Text)
}

func (p *Probe) Nil() (out ProbeOut, err error) {
	defer guard(&err)
	var none *ProbeOut
	return *none, nil
}

func (p *Probe) Unguarded(in ProbeIn) (ProbeOut, error) { panic(in.Text) }

func (p *Probe) NaN() (out ProbeNumber, err error) {
	defer guard(&err)
	return ProbeNumber{math.NaN()}, nil
}

func (p *Probe) Refuse() (err error) {
	defer guard(&err)
	return fmt.Errorf("send: %w", workroom.Bad("text", "Too long."))
}

func (p *Probe) Broken(in ProbeIn) (err error) {
	defer guard(&err)
	return fmt.Errorf("open %q: %w", in.Text, &os.PathError{Op: "open", Path: "/home/" + in.Text, Err: os.ErrPermission})
}

func (p *Probe) Block() (err error) {
	defer guard(&err)
	<-p.block
	return nil
}

// heard collects what the log gets while a test runs.
func heard(t *testing.T) *bytes.Buffer {
	t.Helper()
	var b bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&b, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	return &b
}

func newTestDispatcher(t *testing.T, bound ...any) *Dispatcher {
	t.Helper()
	if len(bound) == 0 {
		bound = []any{&Probe{block: make(chan struct{})}}
	}
	d, err := NewDispatcher(bound)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestCallAnswersValueOrTypedError(t *testing.T) {
	d := newTestDispatcher(t)
	const needle = "needle5309"
	log := heard(t)
	for _, tt := range []struct{ method, in, value, code, field string }{
		{method: "Probe.Echo", in: `{"text":"hallo"}`, value: `{"text":"hallo","list":[]}`},
		{method: "Probe.Echo", in: ``, value: `{"text":"","list":[]}`},
		{method: "Probe.Echo", in: `null`, value: `{"text":"","list":[]}`},
		{method: "Probe.Echo", in: ` {} `, value: `{"text":"","list":[]}`},
		{method: "Probe.Echo", in: `{"unknown":1,"text":"a"}`, value: `{"text":"a","list":[]}`},
		{method: "Probe.Echo", in: `{"n":"` + needle + `"}`, code: "bad_input", field: "n"},
		{method: "Probe.Echo", in: `[` + needle, code: "bad_input"},
		{method: "Probe.Nothing", in: `{"ignored":true}`, value: `null`},
		{method: "Probe.Panic", in: `{"text":"` + needle + `"}`, code: "internal"},
		{method: "Probe.Unguarded", in: `{"text":"` + needle + `"}`, code: "internal"},
		{method: "Probe.Nil", code: "internal"},
		{method: "Probe.NaN", code: "internal"},
		{method: "Probe.Refuse", code: "bad_input", field: "text"},
		{method: "Probe.Broken", in: `{"text":"` + needle + `"}`, code: "internal"},
		{method: "Probe.Absent", code: "no_method"},
		{method: "Probe", code: "no_method"},
		{method: "", code: "no_method"},
	} {
		t.Run(tt.method+tt.in, func(t *testing.T) {
			value, err := d.Call(t.Context(), tt.method, json.RawMessage(tt.in))
			if string(value) != tt.value {
				t.Errorf("value %s, want %s", value, tt.value)
			}
			if tt.code == "" {
				if err != nil {
					t.Errorf("error %v", err)
				}
				return
			}
			var f *Failure
			if !errors.As(err, &f) || f.Code != tt.code || f.Field != tt.field || f.Message == "" {
				t.Fatalf("error %v, want code %s, field %q", err, tt.code, tt.field)
			}
			if f.Code == CodeInternal && !strings.Contains(log.String(), f.Incident) {
				t.Errorf("incident %s is not in the log", f.Incident)
			}
			if strings.Contains(err.Error(), needle) {
				t.Errorf("the error repeats the input: %v", err)
			}
		})
	}
	if strings.Contains(log.String(), needle) {
		t.Errorf("the log repeats the input:\n%s", log)
	}
}

func TestCallThatBlocksAnswersTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &Probe{block: make(chan struct{})}
		d := newTestDispatcher(t, p)
		begun := time.Now()
		_, err := d.Call(t.Context(), "Probe.Block", nil)
		if f := AsFailure(err); f == nil || f.Code != CodeTimeout {
			t.Fatalf("error %v, want timeout", err)
		}
		if d := time.Since(begun); d != CallLimit { // on the fake clock
			t.Errorf("answered after %v", d)
		}
		close(p.block)
	})
}

func TestCallEndsWithItsContext(t *testing.T) {
	t.Parallel()
	p := &Probe{block: make(chan struct{})}
	defer close(p.block)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := newTestDispatcher(t, p).Call(ctx, "Probe.Block", nil); AsFailure(err).Code != CodeTimeout {
		t.Errorf("error %v", err)
	}
}

type (
	takesTwo   struct{}
	takesText  struct{}
	takesMany  struct{}
	answersOne struct{}
	answersNil struct{}
)

func (*takesTwo) Do(ProbeIn, ProbeIn) error { return nil }
func (*takesText) Do(string) error          { return nil }
func (*takesMany) Do(...ProbeIn) error      { return nil }
func (*answersOne) Do() ProbeOut            { return ProbeOut{} }
func (*answersNil) Do()                     {}

func TestDispatcherRefusesOtherShapes(t *testing.T) {
	for _, bound := range [][]any{
		{&takesTwo{}}, {&takesText{}}, {&takesMany{}}, {&answersOne{}}, {&answersNil{}},
		{Probe{}}, {nil}, {(*Probe)(nil)}, {&Probe{}, &Probe{}},
	} {
		if _, err := NewDispatcher(bound); err == nil {
			t.Errorf("%T was bound", bound[0])
		}
	}
}

func TestFailuresKeepCodeAndSentence(t *testing.T) {
	heard(t)
	for _, tt := range []struct {
		err  error
		want string
	}{
		{workroom.Refuse(workroom.RoomArchived), `{"code":"room_archived","message":"This room is archived. Nothing more can be written in it."}`},
		{fmt.Errorf("a: %w", workroom.Bad("memo", "At most %d.", 3)), `{"code":"bad_input","message":"At most 3.","field":"memo"}`},
		{Fail("x", "Y."), `{"code":"x","message":"Y."}`},
		{fmt.Errorf("sign in: %w", &wire.Error{Code: wire.Unreachable, Text: "No answer."}), `{"code":"unreachable","message":"No answer."}`},
		{&wire.Error{Code: "code_taken", Text: "Taken.", Field: "code", Final: true}, `{"code":"code_taken","message":"Taken.","field":"code"}`},
		{&replica.Fault{Code: replica.DiskFull, Text: "Full.", Err: errors.New("needle")}, `{"code":"disk_full","message":"Full."}`},
		{fmt.Errorf("capture: %w", screen.ErrLocked), `{"code":"screen_locked","message":"The screen is locked."}`},
		{fmt.Errorf("draw: %w", &annotate.Error{Code: annotate.CodeNewer, Message: "Update."}), `{"code":"capture_newer","message":"Update."}`},
		{context.DeadlineExceeded, `{"code":"timeout","message":"This took too long. It may still finish."}`},
	} {
		if got := FormatError(tt.err); got != tt.want {
			t.Errorf("%v: %v, want %s", tt.err, got, tt.want)
		}
	}
	if AsFailure(nil) != nil {
		t.Error("no error became one")
	}
}

func TestTraceLeavesPersonsWordsOut(t *testing.T) {
	t.Parallel()
	const n = "needle"
	for _, tt := range []struct {
		err  error
		want string
	}{
		{errors.New("plain"), "*errors.errorString plain"},
		{fmt.Errorf("open outbox: %w", errors.New("quick check: row 3")), "open outbox: *errors.errorString quick check"},
		{fmt.Errorf("send %q: %w", n, os.ErrClosed), "send …: *errors.errorString file already closed"},
		{fmt.Errorf("read: %w", &os.PathError{Op: "open", Path: "/x/" + n, Err: os.ErrNotExist}), "read: open: *errors.errorString file does not exist"},
		{errors.New("get https://host/" + n + " failed"), "*errors.errorString get … failed"},
		{errors.New("in /home/" + n), "*errors.errorString in …"},
		{errors.New("file '" + n + "'"), "*errors.errorString file …"},
		{errors.New(strings.Repeat("ä", 200)), "*errors.errorString " + strings.Repeat("ä", 100) + "…"},
		{errors.Join(errors.New("one"), fmt.Errorf("open %q: %w", n, os.ErrClosed)), "*errors.errorString one: open …: *errors.errorString file already closed"},
		{nil, ""},
	} {
		if got := traceOf(tt.err); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

func TestWindowLogCutsLines(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ line, want string }{
		{`process message error: C{"name":"app.Rooms.Send","args":[{"text":"needle -> x"}],"callbackID":"1"} -> boom: needle`, "process message error: app.Rooms.Send -> boom"},
		{`process message error: C{"name":"a\"needle","args":[]} -> {"code":"x","message":"needle"}`, "process message error: message of under 100 bytes -> a failure"},
		{`process message error: LFneedle -> the window asked for an end`, "process message error: message of under 100 bytes -> the window asked for an end"},
		{`Unknown message from front end: needle`, "Unknown message from front end"},
		{`needle`, "other, under 100 bytes"},
		{strings.Repeat("needle", 100), "other, under 10 kB"},
		{strings.Repeat("needle", 9000), "other, 10 kB or more"},
		{`process message error: needle`, "process message error"},
	} {
		if got := cutLine(tt.line); got != tt.want || strings.Contains(got, "needle") {
			t.Errorf("%.60s: %q, want %q", tt.line, got, tt.want)
		}
	}
}

func TestWindowLogFatalPanicsAndTheProcessLives(t *testing.T) {
	log := heard(t)
	defer func() {
		if recover() != any(errFatal) {
			t.Error("no panic")
		}
		if !strings.Contains(log.String(), "window: fatal") || strings.Contains(log.String(), "needle") {
			t.Error(log)
		}
	}()
	windowLog{}.Fatal("needle")
}

// testDirs are folders of one test, with a socket path short enough.
func testDirs(t *testing.T) Dirs {
	t.Helper()
	root := t.TempDir()
	d := Dirs{Data: filepath.Join(root, "d"), Config: filepath.Join(root, "d"), Log: filepath.Join(root, "l"),
		Cache: filepath.Join(root, "c"), Runtime: filepath.Join(root, "r")}
	if err := d.Make(); err != nil {
		t.Fatal(err)
	}
	return d
}
