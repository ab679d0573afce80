package app

import (
	"errors"
	"log/slog"
	"strings"
)

// windowLog is Wails' logger. Two things make it necessary. Wails ends the
// process after Fatal, which a page can ask for and an answer that does not
// marshal brings about: here Fatal panics, Wails recovers, the window lives. And
// Wails logs a failed call with all its arguments: here a line is cut to what
// cannot hold a person's words. Lines of the page itself are only counted.
type windowLog struct{}

// errFatal is the panic that keeps a fatal line from ending the process.
var errFatal = errors.New("the window asked for an end")

func (windowLog) Print(string)           {}
func (windowLog) Trace(string)           {}
func (windowLog) Debug(string)           {}
func (windowLog) Info(string)            {}
func (windowLog) Warning(message string) { slog.Warn("window", "line", cutLine(message)) }
func (windowLog) Error(message string)   { slog.Error("window", "line", cutLine(message)) }
func (windowLog) Fatal(message string) {
	slog.Error("window: fatal", "line", cutLine(message))
	panic(errFatal)
}

// cutLine keeps of one of Wails' lines what it says about the program: of a
// failed call the method and the error, of a known complaint its beginning, of
// anything else the length.
func cutLine(line string) string {
	if rest, ok := strings.CutPrefix(line, "process message error: "); ok {
		at := strings.LastIndex(rest, " -> ")
		if at < 0 {
			return "process message error"
		}
		return "process message error: " + methodIn(rest[:at]) + " -> " + scrubFault(rest[at+4:])
	}
	for _, known := range []string{
		"error parsing arguments: ", "Blocked request from unauthorized origin", "failed to get origin for URL",
		"Unknown message from front end", "Unknown message returned from dispatcher", "Invalid drag and drop Message",
		"Invalid x coordinate", "Invalid y coordinate", "Invalid Log Message", "Invalid Set Log Level Message",
		"[AssetHandler] Unable to handle request", "[AssetServer] Unable", "json: unsupported value",
		"json: unsupported type", "json: error calling MarshalJSON",
	} {
		if strings.HasPrefix(line, known) {
			return strings.TrimRight(known, ": ")
		}
	}
	return "other, " + lengthOf(line)
}

// methodIn finds the method's name in a call message of Wails, which is a letter
// and a JSON object that begins with the name.
func methodIn(message string) string {
	const key = `"name":"`
	at := strings.Index(message, key)
	if at < 0 || at > 16 {
		return "message of " + lengthOf(message)
	}
	name, _, _ := strings.Cut(message[at+len(key):], `"`)
	for _, c := range name {
		if c != '.' && c != '_' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return "message of " + lengthOf(message)
		}
	}
	return name
}

// scrubFault keeps the first clause of an error, with quoted parts left out.
func scrubFault(s string) string {
	s, _, _ = strings.Cut(s, ": ")
	if strings.HasPrefix(s, "{") {
		return "a failure"
	}
	return scrub(s)
}

func lengthOf(s string) string {
	switch n := len(s); {
	case n < 100:
		return "under 100 bytes"
	case n < 10_000:
		return "under 10 kB"
	default:
		return "10 kB or more"
	}
}
