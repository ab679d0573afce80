package courier

import (
	"time"

	"trestle/internal/outbox"
	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// What happened. The shell tells the machine, one at a time.
type (
	evKick   struct{}             // something was enqueued, or a person asks to try now
	evSync   struct{}             // bring everything up to date now
	evResume struct{}             // signed in again
	evFrame  struct{ wire.Event } // a frame of the live channel
	evStream struct{ err error }  // the live channel ended
	evTick   struct{}             // a moment asked for by wake has come
	evRows   struct {             // the outbox as it is
		gen  int
		rows []outbox.Row
		err  error
	}
	evHeads struct { // the heads, and the cursors to compare them with; same when nothing moved
		heads   *wire.Heads
		cursors []replica.Cursor
		err     error
	}
	evOpened struct {
		scopes []workroom.Scope
		marks  map[workroom.Scope]mark // of those that are open to us
		err    error
	}
	evPulled struct {
		scope workroom.Scope
		mark
		more  bool
		reset wire.Reset // the scope has to be opened anew
		grant bool       // the page changes what may be read
		err   error
	}
	evFramed struct { // rows of the live channel are stored, up to the mark
		scope workroom.Scope
		mark
		grant bool
		err   error
	}
	evWatch   struct{ scopes []workroom.Scope } // what is on screen now
	evWatched struct {                          // the service knows what is watched, and says how far it is
		conn  string
		turn  int
		heads []wire.Head
		err   error
	}
	evGone struct { // what is gone was removed, or not yet: what the service lost is on its way back to it
		scopes []workroom.Scope
		kept   bool
	}
	evCompared struct { // the copy of a scope was compared with the service's
		scope   workroom.Scope
		differs bool
	}
	evRenewed struct { // this device has another id now
		lane  string
		until time.Time // not before this again, if that was no help
		err   error
	}
	evWeeks struct { // diary scopes that are behind
		scopes []workroom.Scope
		err    error
	}
	evSent struct { // a batch was answered, or was not
		lane string
		ids  []string
		out  *wire.CommandsOut
		lost bool // nothing was run: the service is in another history than the copy knows
		err  error
	}
	evUploaded struct {
		id       string
		vanished bool // the local bytes are not there any more
		err      error
	}
	evApplied struct { // what came of a batch or upload is stored
		lane string
		err  error
	}
)

// What to do. The shell does each in a goroutine of its own and tells what came of it.
type (
	actConnect struct{}
	actHeads   struct{}
	actOpen    struct {
		scopes []workroom.Scope
		tail   int
	}
	actPull   struct{ scope workroom.Scope }
	actFrames struct { // rows of the live channel that follow each other and the cursor
		scope workroom.Scope
		epoch string
		rows  []wire.Rows
	}
	actWatch struct {
		conn   string
		turn   int
		scopes []workroom.Scope
	}
	actCut     struct{} // end the live channel, to begin it anew
	actCompare struct{} // compare the next part of the copy with the service's
	actGone    struct{ scopes []workroom.Scope }
	actWeeks   struct{}
	actChoose  struct{ gen int }
	actSend    struct {
		lane string
		ids  []string
	}
	actUpload struct{ id string }
	actApply  struct {
		lane string
		replica.Results
	}
	actPutOff struct { // rows wait until a moment because of an answer that says nothing about them
		lane  string
		until time.Time
		code  workroom.Code
		text  string
		ids   []string
	}
	actStrike struct { // the service failed over this one command alone
		actPutOff
	}
	actRenew struct { // another computer has this device's id
		lane  string
		ids   []string
		until time.Time
	}
	actLand struct { // rows are not under way any more
		lane string
		ids  []string
	}
)

type event any
type act any
