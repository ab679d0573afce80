package courier

import (
	"context"
	"errors"
	"sync"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// people is what passes between people beside the copy: who writes, who is here, how this window is used. None of it is stored or sent again,
// and without a connection there is none.
type people struct {
	mu   sync.Mutex
	conn string     // of the live channel, empty without one
	want wire.State // of this device, as the face says; empty while no face has
	told string     // conn and state that the service was told last
	wake chan struct{}
}

// heardSign takes in a frame of the live channel, as far as it is about people.
func (c *Courier) heardSign(e wire.Event) {
	switch {
	case e.Hello != nil:
		c.people.mu.Lock()
		c.people.conn = e.Hello.Conn
		c.people.mu.Unlock()
		c.people.signal()
	case e.Typing != nil && c.o.Typing != nil:
		c.o.Typing(workroom.RoomID(e.Typing.Scope.Owner()), e.Typing.Who)
	case e.Presence != nil && c.o.Presence != nil:
		c.o.Presence(e.Presence.Who, e.Presence.State)
	}
}

func (c *Courier) lostSigns() {
	c.people.mu.Lock()
	c.people.conn, c.people.told = "", ""
	c.people.mu.Unlock()
}

func (p *people) signal() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// Here says how this device is used: the service tells those who share a room. It never blocks; the newest state counts.
func (c *Courier) Here(state wire.State) {
	c.people.mu.Lock()
	c.people.want = state
	c.people.mu.Unlock()
	c.people.signal()
}

// signing tells the service how this device is used, whenever that or the connection is another, until the context ends.
func (c *Courier) signing(ctx context.Context) {
	retry := time.NewTimer(time.Hour)
	defer retry.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.people.wake:
		case <-retry.C:
		}
		c.people.mu.Lock()
		conn, want := c.people.conn, c.people.want
		done := conn == "" || want == "" || c.people.told == conn+" "+string(want)
		c.people.mu.Unlock()
		if done {
			continue
		}
		err := c.asker().Presence(ctx, conn, want)
		var e *wire.Error
		c.people.mu.Lock()
		switch {
		case err == nil || errors.As(err, &e) && e.Final: // a service of before, or a connection that ended meanwhile: the next hello says more
			if c.people.conn == conn {
				c.people.told = conn + " " + string(want)
			}
		default:
			retry.Reset(5 * time.Second)
		}
		c.people.mu.Unlock()
	}
}

// Typing says that the person is writing in a room. Where it cannot be said now it is not said.
func (c *Courier) Typing(ctx context.Context, room workroom.RoomID) error {
	if c.Status().Phase != Online {
		return nil
	}
	return c.asker().Typing(ctx, room)
}

// People asks what may be known of some people now, at most wire.MaxPeople.
func (c *Courier) People(ctx context.Context, ids []string) ([]wire.Person, error) {
	out, err := c.asker().People(ctx, ids)
	if err != nil {
		return nil, err
	}
	return out.People, nil
}
