package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
	"unicode"

	"github.com/alecthomas/kong"
)

// Version of this program, as it names itself to services and people.
const Version = "0.1.0"

// Exit codes of the program. Zero means done, and nothing else does.
const (
	exitFailed    = 1
	exitUsage     = 2
	exitCancelled = 3
	exitDenied    = 4
	exitNoDisplay = 5
)

// commands is the whole command line. A bare call opens the window, or the browser where this copy has no window.
type commands struct {
	Data string `help:"Folder to keep everything in." type:"path" env:"TRESTLE_DATA" placeholder:"DIR"`
	JSON bool   `help:"Answer in JSON."`

	Open     openCmd     `cmd:"" default:"withargs" help:"Open the window, or the same pages in a browser."`
	Serve    serveCmd    `cmd:"" help:"Run the service that desktops sync to."`
	Admin    adminCmd    `cmd:"" help:"Decide what a service allows: contact details before a contract, Business clients."`
	Backup   backupCmd   `cmd:"" help:"Save a service, also while it runs."`
	Restore  restoreCmd  `cmd:"" help:"Restore a service's backup into an empty place."`
	SignUp   signUpCmd   `cmd:"" help:"Make an account on a service."`
	SignIn   signInCmd   `cmd:"" help:"Sign in on a service."`
	Rooms    roomsCmd    `cmd:"" help:"List the rooms; make, change and leave them."`
	Messages messagesCmd `cmd:"" help:"Print a room's newest messages."`
	Block    blockCmd    `cmd:"" help:"Block somebody, unblock them, or list whom you blocked."`
	Report   reportCmd   `cmd:"" help:"Report a message or a person to the administrator, or list your reports."`
	Send     sendCmd     `cmd:"" help:"Send a message."`
	Find     findCmd     `cmd:"" help:"Search messages and file names on this computer."`
	Notes    notesCmd    `cmd:"" help:"Print or write the personal notepad of a room."`
	Contract contractCmd `cmd:"" help:"Make, list, accept and change contracts."`
	Track    trackCmd    `cmd:"" help:"Start, stop and look at the time tracker."`
	Diary    diaryCmd    `cmd:"" help:"Print, edit or check the work diary."`
	Hours    hoursCmd    `cmd:"" help:"Report who worked how long on what."`
	Export   exportCmd   `cmd:"" help:"Write time as CSV, XLSX, PDF or JSON."`
	Import   importCmd   `cmd:"" help:"Bring in time from a CSV export of Toggl Track, Clockify, solidtime or Trestle."`
	Sheet    sheetCmd    `cmd:"" help:"Print the impact assessment template or the works council's sheet."`
	Codes    codesCmd    `cmd:"" help:"List, change and assign activity codes."`
	Capture  captureCmd  `cmd:"" help:"Capture the screen into a file."`
	Outbox   outboxCmd   `cmd:"" help:"List, keep, retry or discard what was not sent."`
	Store    storeCmd    `cmd:"" help:"List, make and bring back backups of this computer's copy."`
	Sync     syncCmd     `cmd:"" help:"Send and fetch until nothing is waiting."`
	Doctor   doctorCmd   `cmd:"" help:"Check this computer and the data folder."`
	Version  versionCmd  `cmd:"" help:"Print the version."`
}

// run is what every verb is given.
type run struct {
	ctx  context.Context
	in   io.Reader
	out  io.Writer
	errs io.Writer
	json bool
	data string
}

// Main runs the program and answers its exit code.
func Main() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
}

// Run runs one command line. Errors are one clear line on errs, as JSON with --json.
func Run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) (code int) {
	var c commands
	exited := -1
	parser, err := kong.New(&c, kong.Name("trestle"), kong.Writers(out, errs), kong.Exit(func(n int) { exited = n }),
		kong.Description("Messages, contracts and time for freelancers and their clients. Everything works offline."), kong.UsageOnError())
	if err != nil {
		fmt.Fprintln(errs, err)
		return exitFailed
	}
	parsed, err := parser.Parse(args)
	if exited >= 0 {
		return exited
	}
	r := &run{ctx: ctx, in: in, out: out, errs: errs, json: c.JSON || asksJSON(args), data: c.Data}
	if err != nil {
		return r.failed(misread(err))
	}
	if err := parsed.Run(r); err != nil {
		return r.failed(err)
	}
	return 0
}

// asksJSON reports whether a command line wants its answer in JSON, also one that cannot be read to its end.
func asksJSON(args []string) bool {
	for _, a := range args {
		switch a {
		case "--json", "--json=true":
			return true
		case "--":
			return false
		}
	}
	return false
}

// note says something on the side, on standard error, that is no failure.
func (r *run) note(text string) {
	if r.json {
		_ = json.NewEncoder(r.errs).Encode(map[string]string{"note": text})
		return
	}
	fmt.Fprintln(r.errs, text)
}

// failed prints an error as one line and answers the exit code that fits it.
func (r *run) failed(err error) int {
	var done exitCode
	if errors.As(err, &done) {
		return int(done)
	}
	if errors.Is(err, context.Canceled) {
		return exitCancelled
	}
	f := AsFailure(err)
	if r.json {
		_ = json.NewEncoder(r.errs).Encode(map[string]*Failure{"error": f})
	} else {
		fmt.Fprintf(r.errs, "trestle: %s\n", oneLine(f.Message))
	}
	switch f.Code {
	case CodeBadInput:
		return exitUsage
	case codeNoDisplay:
		return exitNoDisplay
	case codeDenied:
		return exitDenied
	case CodeHeld:
		return exitUsage
	}
	return exitFailed
}

// exitCode ends a verb that has already said everything.
type exitCode int

func (e exitCode) Error() string { return fmt.Sprintf("exit %d", int(e)) }

// plain makes others' text harmless to a terminal: controls and direction overrides go, line breaks are indented.
func plain(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\n':
			b.WriteString("\n    ")
		case r == '\t':
			b.WriteByte(' ')
		case unicode.IsControl(r), r == 0x61c, r == 0x200e, r == 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0xfeff:
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// print writes a value as JSON, or as text by the function.
func (r *run) print(v any, text func(w io.Writer)) error {
	if r.json {
		enc := json.NewEncoder(r.out)
		enc.SetEscapeHTML(false)
		return enc.Encode(v)
	}
	text(r.out)
	return nil
}

// caller reaches the bound methods, in this process or in the one that holds the data folder.
type caller interface {
	Call(ctx context.Context, name string, in any) (json.RawMessage, error)
}

// here calls a dispatcher of this process.
type here struct{ *Dispatcher }

func (h here) Call(ctx context.Context, name string, in any) (json.RawMessage, error) {
	raw, err := json.Marshal(in)
	if err != nil {
		return nil, fmt.Errorf("call %s: %w", name, err)
	}
	return h.Dispatcher.Call(ctx, name, raw)
}

// dirs finds and makes the folders.
func (r *run) dirs() (Dirs, error) {
	dirs, err := FindDirs(r.data)
	if err != nil {
		return dirs, err
	}
	return dirs, dirs.Make()
}

// desk gives a verb the bound methods: those of the program that already holds the data folder, else of one opened for this verb alone.
func (r *run) desk(fn func(desk) error) error {
	dirs, err := r.dirs()
	if err != nil {
		return err
	}
	for try := 1; ; try++ {
		err := r.once(dirs, fn)
		// The program that was asked has just ended: what it did not answer is asked of the next. Acts carry ids made before, so that
		// none is done twice.
		if !ending(err) || try == 5 || r.ctx.Err() != nil {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// ending reports whether a call met a program that ends or is gone.
func ending(err error) bool {
	var f *Failure
	if errors.As(err, &f) {
		return f.Code == CodeStarting
	}
	return errors.Is(err, errLost)
}

// once runs a verb in the program that holds the data folder, or in this one. Another verb does not hold it for others: they wait their
// turn, so that none works in a program that ends under it.
func (r *run) once(dirs Dirs, fn func(desk) error) error {
	inst, remote, err := Join(r.ctx, dirs)
	if err != nil {
		return err
	}
	if remote != nil {
		return fn(desk{r.ctx, remote})
	}
	defer inst.Close()
	logs, err := OpenLog(dirs.Log)
	if err == nil {
		defer logs.Close()
	}
	core, err := OpenCore(CoreOptions{Dirs: dirs, Face: "cli"})
	if err != nil {
		return err
	}
	defer core.Close()
	return fn(desk{r.ctx, here{core.Calls}})
}

// desk calls bound methods by name.
type desk struct {
	ctx context.Context
	c   caller
}

// ask calls a method and reads its answer into T.
func ask[T any](d desk, name string, in any) (T, error) {
	var out T
	if in == nil {
		in = struct{}{}
	}
	answer, err := d.c.Call(d.ctx, name, in)
	if err != nil {
		return out, err
	}
	if err := json.Unmarshal(answer, &out); err != nil {
		return out, fmt.Errorf("read the answer of %s: %w", name, err)
	}
	return out, nil
}

// settle waits a moment for what was just written to reach the service, so that a verb can say "sent" when it is. It never fails: what does
// not get through is kept and goes out later.
func (d desk) settle(limit time.Duration) Sync {
	until := time.Now().Add(limit)
	for {
		s, err := ask[Sync](d, "Shell.Status", nil)
		if err != nil || s.Waiting == 0 || time.Now().After(until) || s.State == "signedOut" {
			return s
		}
		select {
		case <-d.ctx.Done():
			return s
		case <-time.After(40 * time.Millisecond):
		}
	}
}

// connected waits a moment for the first answer of the service, so that a verb knows whether it lets the person in.
func (d desk) connected(limit time.Duration) {
	for until := time.Now().Add(limit); time.Now().Before(until); {
		s, err := ask[Sync](d, "Shell.Status", nil)
		if err != nil || s.State != "connecting" {
			return
		}
		select {
		case <-d.ctx.Done():
			return
		case <-time.After(40 * time.Millisecond):
		}
	}
}

type versionCmd struct{}

func (versionCmd) Run(r *run) error {
	return r.print(map[string]string{"version": Version}, func(w io.Writer) { fmt.Fprintln(w, "trestle", Version) })
}
