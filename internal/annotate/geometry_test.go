package annotate

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// geometryCase is one entry of testdata/geometry.json; geometry.go explains it.
type geometryCase struct {
	Fn  string      `json:"fn"`
	In  []float64   `json:"in"`
	Out [][]float64 `json:"out"`
}

func (c geometryCase) run() [][]float64 {
	out := [][]float64{}
	in := c.In
	switch c.Fn {
	case "disc":
		for _, p := range disc(in[0], in[1], in[2]) {
			out = append(out, []float64{p.x, p.y})
		}
	case "head":
		for _, p := range head(in[0], in[1], in[2], in[3], in[4], in[5] == 1) {
			out = append(out, []float64{p.x, p.y})
		}
	case "shaft":
		for _, p := range shaft(in[0], in[1], in[2], in[3], in[4], int(in[5])) {
			out = append(out, []float64{p.x, p.y})
		}
	case "dash":
		var line []pt
		for i := 1; i < len(in); i += 2 {
			line = append(line, pt{in[i], in[i+1]})
		}
		for _, p := range dash(in[0], line) {
			out = append(out, []float64{p[0].x, p[0].y, p[1].x, p[1].y})
		}
	}
	return out
}

// TestGeometryFixture holds this package to the points the page computes as well.
func TestGeometryFixture(t *testing.T) {
	const name = "testdata/geometry.json"
	inputs := []geometryCase{
		{Fn: "disc", In: []float64{10, 10, 2}},
		{Fn: "disc", In: []float64{100.25, 50.75, 12}},
		{Fn: "disc", In: []float64{-3, 7.5, 33}},
		{Fn: "disc", In: []float64{5, 5, 0}},
		{Fn: "head", In: []float64{100, 50, 10, 50, 4, 0}},
		{Fn: "head", In: []float64{10.25, 20.5, 80.75, 63, 4, 0}},
		{Fn: "head", In: []float64{10.25, 20.5, 80.75, 63, 7, 1}},
		{Fn: "head", In: []float64{10, 10, 15, 5, 12, 0}},
		{Fn: "head", In: []float64{10, 10, 15, 5, 12, 1}},
		{Fn: "head", In: []float64{40, 40, 40, 40, 4, 0}},
		{Fn: "shaft", In: []float64{10, 50, 100, 50, 4, 0}},
		{Fn: "shaft", In: []float64{10, 50, 100, 50, 4, 1}},
		{Fn: "shaft", In: []float64{80.75, 63, 10.25, 20.5, 7, 2}},
		{Fn: "shaft", In: []float64{10, 10, 13, 14, 12, 2}},
		{Fn: "shaft", In: []float64{9, 9, 9, 9, 4, 1}},
		{Fn: "dash", In: []float64{2, 0, 0, 33, 0}},
		{Fn: "dash", In: []float64{4, 10.25, 10.25, 70, 42.5}},
		{Fn: "dash", In: []float64{4, 0, 0, 30, 0, 30, 21.25, 0, 21.25, 0, 0}},
		{Fn: "dash", In: []float64{0.25, 5, 5, 15, 5}},
		{Fn: "dash", In: []float64{7, 3, 3, 3, 3}},
	}
	if *update {
		var b strings.Builder
		for i, c := range inputs {
			c.Out = c.run()
			data, err := json.Marshal(c)
			if err != nil {
				t.Fatal(err)
			}
			b.WriteString(map[bool]string{true: "[\n", false: ",\n"}[i == 0] + string(data))
		}
		if err := os.WriteFile(name, []byte(b.String()+"\n]\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var cases []geometryCase
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) != len(inputs) {
		t.Errorf("%d cases in the file, want %d", len(cases), len(inputs))
	}
	for _, c := range cases {
		got, _ := json.Marshal(c.run())
		want, _ := json.Marshal(c.Out)
		if string(got) != string(want) {
			t.Errorf("%s %v = %s, want %s", c.Fn, c.In, got, want)
		}
	}
}

// TestWinding: contours of one shape are added up, so one wound the other way
// would punch a hole, as a dashed arrow's head once had.
func TestWinding(t *testing.T) {
	contours := map[string][]pt{
		"disc":         disc(50, 50, 9),
		"head":         head(10, 20, 80, 70, 4, false),
		"head up":      head(10, 20, 8, 90, 4, true),
		"capsule":      capsule(pt{5, 5}, pt{40, 70}, 6),
		"capsule back": capsule(pt{40, 70}, pt{5, 75}, 6),
		"dot":          capsule(pt{4, 4}, pt{4, 4}, 6),
		"ellipse":      ellipse(50, 40, 30, 10, 2),
		"box":          box(1, 2, 3, 4),
	}
	for name, c := range contours {
		if area(c) <= 0 {
			t.Errorf("%s is wound the wrong way: area %g", name, area(c))
		}
	}
}

// area is twice the signed area of a contour.
func area(c []pt) float64 {
	sum := 0.0
	for i, p := range c {
		q := c[(i+1)%len(c)]
		sum += p.x*q.y - q.x*p.y
	}
	return sum
}

func TestCircleIsRound(t *testing.T) {
	for n := 4; n <= 1024; n *= 2 {
		points := circle(n)
		if len(points) != n {
			t.Fatalf("circle(%d) has %d points", n, len(points))
		}
		side := length(points[1].x-points[0].x, points[1].y-points[0].y)
		for i, p := range points {
			q := points[(i+1)%n]
			if l := length(p.x, p.y); l < 1-1e-12 || l > 1+1e-12 {
				t.Errorf("circle(%d) point %d is %g from the middle", n, i, l)
			}
			if s := length(q.x-p.x, q.y-p.y); s < side-1e-12 || s > side+1e-12 {
				t.Errorf("circle(%d) side %d is %g long, the first %g", n, i, s, side)
			}
		}
	}
}
