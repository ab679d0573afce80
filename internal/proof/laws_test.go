package proof

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// I19: of two devices of one person one hears every frame and the other none, while people write, delete, hire and let go. In the end both
// have the same.
func TestI19_ADeafDeviceHasTheSame(t *testing.T) {
	dir := simDir(t)
	synctest.Test(t, func(t *testing.T) {
		s := newScene(t, 19, dir)
		defer s.end()
		s.hire()
		deaf := s.join(s.ben.who)
		deaf.deaf = true
		s.rest()
		for i := range 30 {
			d := []*simDevice{s.ann, s.ben, deaf}[s.rng.IntN(3)]
			d.say(s.c)
			if i%5 == 4 {
				k := fmt.Sprint("more-", i)
				s.ben.enqueue(s.offered(&simContract{id: workroom.ContractID(k), room: workroom.RoomID("room-" + k), secret: "secret-" + k, client: s.ben.who}), "", replica.EnqueueOpts{ID: k})
			}
			s.settle()
			s.until(s.now.Add(s.span(0, 20*time.Second)))
		}
		s.rest()
		if s.counts["frames dropped"] == 0 {
			t.Error("no frame was dropped")
		}
		heard, err := s.ben.look.View()
		must(t, err)
		none, err := deaf.look.View()
		must(t, err)
		if v := CheckI19FramesChangeNothing(heard, none); len(v) > 0 {
			t.Error(words(v))
		}
		Report(t, "T9", "I19: a device that heard none of %d frames has the same %d scopes as one that heard them", s.counts["frames dropped"], len(heard.Scopes))
	})
}

// L4: the service is started anew while thirty devices listen; all are in step within the limit, with what was written meanwhile.
func TestL4_AllAreBackInStep(t *testing.T) {
	dir := simDir(t)
	synctest.Test(t, func(t *testing.T) {
		s := newScene(t, 4, dir)
		defer s.end()
		s.hire()
		for range 14 {
			s.join(s.ann.who)
			s.join(s.ben.who)
		}
		s.rest()
		worst := 0.0
		for range 3 {
			s.down()
			s.settle()
			s.ann.say(s.c)
			s.ben.say(s.c)
			s.until(s.now.Add(s.span(0, 200*time.Millisecond)))
			s.up()
			back := s.now
			for !s.inStep() && s.now.Sub(back) < 5*time.Minute {
				s.until(s.now.Add(50 * time.Millisecond))
			}
			worst = max(worst, s.now.Sub(back).Seconds())
			s.rest()
		}
		if v := CheckL4BackInStep(len(s.devs), worst); len(v) > 0 {
			t.Error(words(v))
		}
		Report(t, "T8", "L4: %d devices in step %.2f s after a restart, at worst of 3", len(s.devs), worst)
	})
}

// inStep reports whether nothing waits and every device is at every head it may read.
func (s *scene) inStep() bool {
	s.observe()
	for _, d := range s.devs {
		if rows, err := d.look.Waiting(); err != nil || len(rows) > 0 {
			return false
		}
		for scope, r := range s.truth.Rights[d.who.id] {
			if h, err := d.look.Scope(scope); !r.Gone && (err != nil || h == nil || h.Seq != s.truth.Heads[scope].Seq) {
				return false
			}
		}
	}
	return true
}
