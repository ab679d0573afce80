package tracker

import (
	"math/rand/v2"
	"testing"
	"time"

	"trestle/internal/workroom"
)

// chiSquare is Pearson's sum for counts that should all be alike.
func chiSquare(counts []int) (sum float64) {
	n := 0
	for _, c := range counts {
		n += c
	}
	want := float64(n) / float64(len(counts))
	for _, c := range counts {
		sum += (float64(c) - want) * (float64(c) - want) / want
	}
	return sum
}

// T-07: the moment of the screenshot is uniform over what is left of the segment: whoever knows when tracking began knows nothing of it. By
// an injected source and the chi-square test with 59 degrees of freedom, whose value is above 105 once in 5,000 times for a uniform source;
// the seeds are fixed, so it never is here.
func TestT07_TheMomentIsUniform(t *testing.T) {
	const bins, cells = 60, 30_000
	full := terms()
	full.Shots = workroom.ShotsFull
	for _, c := range []struct {
		what    string
		random  func(*rand.Rand, int64) int64
		into    func(*rand.Rand) int // seconds into the segment at which tracking begins
		uniform bool
	}{
		{"from its beginning", (*rand.Rand).Int64N, func(*rand.Rand) int { return 0 }, true},
		{"from half of it", (*rand.Rand).Int64N, func(*rand.Rand) int { return 300 }, true},
		{"from any minute", (*rand.Rand).Int64N, func(r *rand.Rand) int { return 60 * r.IntN(9) }, true},
		{"of a source that likes the middle", func(r *rand.Rand, n int64) int64 { return (r.Int64N(n) + r.Int64N(n)) / 2 }, func(*rand.Rand) int { return 0 }, false},
		{"of a source that never takes the last tenth", func(r *rand.Rand, n int64) int64 { return r.Int64N(n - n/10) }, func(*rand.Rand) int { return 300 }, false},
	} {
		rnd := rand.New(rand.NewPCG(7, 7))
		counts := make([]int, bins)
		begin := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
		for range cells {
			m := New(Config{Freelancer: "f", Device: "laptop", Boot: "boot", NewID: func() string { return "id" },
				Random: func(n int64) int64 { return c.random(rnd, n) }})
			into := c.into(rnd)
			now := begin.Add(time.Duration(into) * time.Second)
			if _, err := m.Step(now, TermsLearnt{Contract{ID: x, Active: true, Terms: full}}); err != nil {
				t.Fatal(err)
			}
			if _, err := m.Step(now, Start{Work: Work{Contract: x, Memo: "one"}}); err != nil {
				t.Fatal(err)
			}
			at := m.shot.at
			if at.Before(now) || !at.Before(begin.Add(10*time.Minute)) {
				t.Fatalf("%s: drawn at %s, tracked from %s", c.what, at, now)
			}
			left := 600 - into
			counts[int(at.Sub(now)/time.Second)*bins/left]++
		}
		if sum := chiSquare(counts); sum < 105 != c.uniform {
			t.Errorf("%s: chi-square %.0f of %d bins", c.what, sum, bins)
		}
	}
}
