package app

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"trestle/internal/workroom"
)

// countedFace keeps the numbers a face was told to show.
type countedFace struct {
	shownFace
	mu   sync.Mutex
	said []int
}

func (f *countedFace) Badge(unread int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.said = append(f.said, unread)
}

func (f *countedFace) all() []int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.said)
}

// N-09: two devices that read the same at the same moment both show no number any more: each takes it away once, and it does not come back.
func TestN09_TwoDevicesReadInARace(t *testing.T) {
	t.Parallel()
	h, mara, one, room := twoInRoom(t)
	two := h.deskOnBus(one, "")
	faces := []*countedFace{{}, {}}
	desks := []*Core{one, two}
	for i, c := range desks {
		c.faceStarted(faces[i])
	}
	for round, text := range []string{"first", "second", "third"} {
		write(t, mara, room, text)
		for i, c := range desks {
			eventually(t, "the number is shown", func() bool {
				l := faces[i].all()
				return strings.Contains(told(t, c, room), text) && l[len(l)-1] == 1
			})
		}
		var both sync.WaitGroup
		for _, c := range desks {
			num := newest(t, c, room)
			both.Go(func() {
				if err := (&Rooms{c}).Read(ReadIn{Room: room, Num: num}); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		for i, c := range desks {
			arrived(t, c)
			eventually(t, "the number is gone", func() bool { l := faces[i].all(); return l[len(l)-1] == 0 })
		}
		want := []int{0}
		for range round + 1 {
			want = append(want, 1, 0)
		}
		for i := range desks {
			if got := faces[i].all(); !slices.Equal(got, want) {
				t.Errorf("round %d, device %d showed %v, want %v", round, i+1, got, want)
			}
		}
	}
}

// N-07, N-09: a room of which the person wants to be told nothing is not counted, by the tray or by the rail; it keeps its own number.
func TestN09_ASilentRoomIsNotCounted(t *testing.T) {
	t.Parallel()
	h, mara, one, room := twoInRoom(t)
	c := h.deskOnBus(one, "")
	face := &countedFace{}
	c.faceStarted(face)
	shows := func(want int) {
		t.Helper()
		eventually(t, "the number", func() bool { l := face.all(); return len(l) > 0 && l[len(l)-1] == want })
		l, err := (&Rooms{c}).List()
		if err != nil || len(l.Rooms) != 1 || l.Unread != int64(want) || l.Rooms[0].Unread != 1 {
			t.Fatalf("%+v, %v; want %d", l, err, want)
		}
	}
	write(t, mara, room, "hello")
	shows(1)
	for _, x := range []struct {
		level workroom.Level
		want  int
	}{{workroom.LevelNone, 0}, {workroom.LevelMentions, 1}, {workroom.LevelNone, 0}, {workroom.LevelAll, 1}} {
		if _, err := c.session.enqueue(workroom.SetPref{Room: workroom.RoomID(room), Who: c.session.me(), Level: new(x.level)}, enqueueOpts{}); err != nil {
			t.Fatal(err)
		}
		shows(x.want)
	}
}
