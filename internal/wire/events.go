package wire

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"trestle/internal/workroom"
)

// Event is one frame of the live channel; at most one pointer is set. A frame of a kind this program does not know has none.
type Event struct {
	Hello  *Hello
	Hint   *Hint
	Rows   *Rows
	Beacon *Beacon
	Bye    *Bye
	// Of people; neither is stored anywhere.
	Typing   *Typing
	Presence *Presence
}

// Silence is how long the live channel may say nothing, not even a comment, before it is given up.
const Silence = 60 * time.Second

const maxFrame = 256 << 10 // bytes of a line

// ErrSilent says that the live channel said nothing for too long.
var ErrSilent = errors.New("the live channel fell silent")

// Events listens to the live channel and hands each frame to on, until the context ends, the service says bye, the stream breaks or stays
// silent for 60 s. It always returns an error, a *Error unless the address cannot be used; the caller connects again. What was missed
// meanwhile is found by asking for the heads.
func (c *Client) Events(ctx context.Context, on func(Event)) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	quiet := time.AfterFunc(Silence, func() { cancel(ErrSilent) })
	defer quiet.Stop()

	head := http.Header{"Accept": {"text/event-stream, " + ProblemType}, "Cache-Control": {"no-cache"}, "Accept-Encoding": {"identity"}}
	asked, begun := answering(ctx, 0)
	res, err := c.send(asked, OpEvents.Method, OpEvents.Path, nil, head, nil)
	begun()
	var bad *workroom.Refusal
	if errors.As(err, &bad) {
		return bad
	}
	if err != nil {
		return lost(ctx, err)
	}
	defer func() { _ = res.Body.Close() }()
	if e := c.check(res, "text/event-stream"); e != nil {
		return e
	}
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(make([]byte, 0, 4<<10), maxFrame)
	var name string
	var data []byte
	for lines.Scan() {
		quiet.Reset(Silence)
		line := lines.Text()
		field, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch {
		case line == "":
			e, ok := frame(name, data)
			name, data = "", nil
			if ok {
				on(e)
			}
			if e.Bye != nil {
				return unreachable(errors.New("the service said bye"))
			}
		case field == "event":
			name = value
		case field == "data" && len(data)+len(value) <= maxFrame:
			data = append(data, value...)
		}
	}
	err = lines.Err()
	if err == nil {
		err = errors.New("the live channel ended")
	}
	return lost(ctx, err)
}

func lost(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return unreachable(err)
}

// frame reads one frame; a broken one counts as not sent, which may only cost time.
func frame(name string, data []byte) (Event, bool) {
	var e Event
	var into any
	switch name {
	case "hello":
		e.Hello = new(Hello)
		into = e.Hello
	case "heads":
		e.Hint = new(Hint)
		into = e.Hint
	case "rows":
		e.Rows = new(Rows)
		into = e.Rows
	case "beacon":
		e.Beacon = new(Beacon)
		into = e.Beacon
	case "typing":
		e.Typing = new(Typing)
		into = e.Typing
	case "presence":
		e.Presence = new(Presence)
		into = e.Presence
	case "bye":
		e.Bye = new(Bye)
		into = e.Bye
	default:
		return e, false
	}
	if json.Unmarshal(data, into) != nil || e.Presence != nil && !e.Presence.State.Known() {
		return Event{}, false
	}
	return e, true
}
