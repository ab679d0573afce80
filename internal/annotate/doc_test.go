package annotate

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
)

// sample is a document with every object and every optional field, as the page writes it.
const sample = `{"v":1,"id":"cap-1","w":200,"h":100,"scale":1.5,"base":"` +
	`0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","at":1795280000000,
"crop":{"x":10,"y":10,"w":150,"h":80,"locked":true},"step":3,"theme":{"dark":[1,2]},
"objects":[
{"id":"a","t":"arrow","c":"#e5322d","a":1,"s":4,"x1":10.25,"y1":20,"x2":90,"y2":60,"head":"both","dash":true,"shadow":2},
{"id":"b","t":"line","c":"#E5322D","a":0.5,"s":2,"x1":-5,"y1":20,"x2":90,"y2":60,"dash":false},
{"id":"c","t":"rect","c":"#000000","a":1,"s":4,"x":1,"y":2,"w":30,"h":40,"fill":"#ffffff","fa":0},
{"id":"d","t":"ellipse","c":"#000000","a":1,"s":4,"x":1,"y":2,"w":30,"h":40},
{"id":"e","t":"mark","c":"#ffee00","a":0.75,"s":0,"x":1,"y":2,"w":30,"h":40},
{"id":"f","t":"spot","c":"#000000","a":1,"s":0,"x":50,"y":20,"w":60,"h":40},
{"id":"g","t":"pen","c":"#000000","a":1,"s":4,"pts":[[1,2,0.5],[3,4.25,0.5]],"path":[[1,1],[5,1],[3,7.75]]},
{"id":"h","t":"markpen","c":"#66ff66","a":1,"s":12,"pts":[[1,2,0.5],[30,40,0.5]]},
{"id":"i","t":"text","c":"#000000","a":1,"s":0,"x":20,"y":30,"size":16,"lines":["one","","<b>&two"],"align":"c","plate":"#ffffff"},
{"id":"j","t":"step","c":"#0047ab","a":1,"s":0,"x":60,"y":30,"n":2,"size":20,"label":"press"},
{"id":"k","t":"hide","c":"#000000","a":1,"s":0,"x":5,"y":5,"w":20,"h":10,"how":"pixel","seed":4294967295}
]}`

// TestRoundTrip: what is decoded and encoded again says the same, known or not.
func TestRoundTrip(t *testing.T) {
	d, err := Decode([]byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	if !sameJSON(t, []byte(sample), data) {
		t.Errorf("the document came back as\n%s", data)
	}
	again := decoded(t, d)
	twice, err := json.Marshal(again)
	if err != nil || !bytes.Equal(data, twice) {
		t.Errorf("the second round differs (%v):\n%s", err, twice)
	}
}

// sameJSON compares as JavaScript would: values, not bytes.
func sameJSON(t testing.TB, a, b []byte) bool {
	t.Helper()
	var x, y any
	if err := json.Unmarshal(a, &x); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &y); err != nil {
		t.Fatal(err)
	}
	return reflect.DeepEqual(x, y)
}

// TestChangedFieldsAreWritten: the fields a document was decoded with do not
// win over what was changed since.
func TestChangedFieldsAreWritten(t *testing.T) {
	d, err := Decode([]byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	d.Crop = nil
	d.Base = strings.Repeat("f", 64)
	d.Objects = d.Objects[:3]
	d.Objects[0].Dash, d.Objects[0].Head, d.Objects[0].X1 = false, "", 7
	d.Objects[2].Fill = ""
	got := decoded(t, d)
	if got.Crop != nil || got.Base != d.Base || len(got.Objects) != 3 {
		t.Errorf("the document kept old values: %+v", got)
	}
	if o := got.Objects[0]; o.Dash || o.Head != "" || o.X1 != 7 {
		t.Errorf("the arrow kept old values: %+v", o)
	}
	if got.Objects[2].Fill != "" {
		t.Error("the fill is still there")
	}
}

// TestUnknownIsKeptAndNotFlattened: a mark of a newer program might hide
// something, so the picture is not made without it.
func TestUnknownIsKeptAndNotFlattened(t *testing.T) {
	unknown := strings.Replace(sample, `"t":"mark"`, `"t":"frost"`, 1)
	higher := `{"v":2,"id":"x","layers":[{"any":1.5}],"w":"wide"}`
	for name, text := range map[string]string{"type": unknown, "version": higher} {
		d, err := Decode([]byte(text))
		if err != nil {
			t.Errorf("%s: Decode: %v", name, err)
			continue
		}
		data, err := json.Marshal(d)
		if err != nil || !sameJSON(t, []byte(text), data) {
			t.Errorf("%s: not kept (%v): %s", name, err, data)
		}
		wantCode(t, name, d.Validate(), CodeNewer)
		_, err = Flatten(d, base(200, 100, 1))
		wantCode(t, name, err, CodeNewer)
		_, err = BurnHides(base(200, 100, 1), d)
		wantCode(t, name, err, CodeNewer)
	}
	_, err := Decode([]byte(strings.Replace(sample, `"how":"pixel"`, `"how":"fog"`, 1)))
	wantCode(t, "how", err, CodeNewer)
}

func wantCode(t *testing.T, name string, err error, code string) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Code != code {
		t.Errorf("%s: %v, want %s", name, err, code)
	}
}

// TestRefused: each row is the sample with one thing wrong.
func TestRefused(t *testing.T) {
	many := func(one string, n int) string { return strings.TrimSuffix(strings.Repeat(one+",", n), ",") }
	objects := func(list string) string {
		return sample[:strings.Index(sample, `"objects":[`)] + `"objects":[` + list + `]}`
	}
	line := func(i int) string {
		return fmt.Sprintf(`{"id":"l%d","t":"line","c":"#000000","a":1,"s":1,"x1":0,"y1":0,"x2":1,"y2":1}`, i)
	}
	var lines []string
	for i := range MaxObjects + 1 {
		lines = append(lines, line(i))
	}
	text := func(lines string) string {
		return `{"id":"t","t":"text","c":"#000000","a":1,"s":0,"x":0,"y":0,"size":16,"align":"l","lines":` + lines + `}`
	}
	tests := []struct{ name, old, new, code string }{
		{"not JSON", sample, `{"v":`, CodeInvalid},
		{"null", sample, `null`, CodeInvalid},
		{"list", sample, `[]`, CodeInvalid},
		{"no version", `{"v":1,`, `{`, CodeInvalid},
		{"version 0", `{"v":1,`, `{"v":0,`, CodeInvalid},
		{"key in capitals", `"w":200`, `"W":200`, CodeInvalid},
		{"too wide", `"w":200`, `"w":20001`, CodeTooLarge},
		{"too many pixels", `"w":200,"h":100`, `"w":10000,"h":5001`, CodeTooLarge},
		{"no width", `"w":200`, `"w":0`, CodeInvalid},
		{"half a pixel", `"w":200`, `"w":200.5`, CodeInvalid},
		{"scale", `"scale":1.5`, `"scale":0`, CodeInvalid},
		{"time", `"at":1795280000000`, `"at":9007199254740992`, CodeInvalid},
		{"hash", `"base":"0`, `"base":"../`, CodeInvalid},
		{"crop outside", `"crop":{"x":10`, `"crop":{"x":1000`, CodeInvalid},
		{"crop of one number", `"crop":{"x":10,"y":10,`, `"crop":{`, CodeInvalid},
		{"objects missing", `"objects"`, `"things"`, CodeInvalid},
		{"object is a number", sample, objects(`7`), CodeInvalid},
		{"same id", `"id":"b"`, `"id":"a"`, CodeInvalid},
		{"colour", `"c":"#E5322D"`, `"c":"red"`, CodeInvalid},
		{"colour url", `"fill":"#ffffff"`, `"fill":"url(#x)"`, CodeInvalid},
		{"opacity", `"a":0.5`, `"a":1.5`, CodeInvalid},
		{"infinite", `"x1":-5`, `"x1":1e999`, CodeInvalid},
		{"far away", `"x1":-5`, `"x1":-1e9`, CodeInvalid},
		{"null number", `"x1":-5`, `"x1":null`, CodeInvalid},
		{"negative width", `"x":5,"y":5,"w":20`, `"x":5,"y":5,"w":-20`, CodeInvalid},
		{"head", `"head":"both"`, `"head":"left"`, CodeInvalid},
		{"align", `"align":"c"`, `"align":"justify"`, CodeInvalid},
		{"seed", `"seed":4294967295`, `"seed":4294967296`, CodeInvalid},
		{"point of two", `[1,2,0.5]`, `[1,2]`, CodeInvalid},
		{"point of four", `[1,2,0.5]`, `[1,2,0.5,1]`, CodeInvalid},
		{"no points", `"pts":[[1,2,0.5],[30,40,0.5]]`, `"pts":[]`, CodeInvalid},
		{"objects", sample, objects(strings.Join(lines, ",")), CodeTooLarge},
		{"points", `[[1,2,0.5],[30,40,0.5]]`, `[` + many(`[1,2,1]`, MaxPoints+1) + `]`, CodeTooLarge},
		{"runes", sample, objects(text(`["` + strings.Repeat("ü", MaxRunes) + `"]`)), CodeTooLarge},
		{"lines", sample, objects(text(`[` + many(`""`, MaxRunes+1) + `]`)), CodeTooLarge},
		{"document", sample, sample + strings.Repeat(" ", MaxDocument), CodeTooLarge},
		{"bmp not a PNG", `"plate":"#ffffff"`, `"bmp":{"w":3,"h":2,"png":"AAAA"}`, CodeInvalid},
		{"bmp huge", `"plate":"#ffffff"`, `"bmp":{"w":20000,"h":20000,"png":"AAAA"}`, CodeTooLarge},
	}
	for _, tt := range tests {
		if !strings.Contains(sample, tt.old) {
			t.Fatalf("%s: the sample has no %s", tt.name, tt.old)
		}
		_, err := Decode([]byte(strings.Replace(sample, tt.old, tt.new, 1)))
		wantCode(t, tt.name, err, tt.code)
		if err != nil && strings.Contains(err.Error(), "justify") {
			t.Errorf("%s: the sentence repeats text of the document: %v", tt.name, err)
		}
	}
	atLimit := objects(strings.Join(lines[:MaxObjects], ","))
	if _, err := Decode([]byte(atLimit)); err != nil {
		t.Errorf("as many objects as allowed: %v", err)
	}
}

func TestValidateSeesWhatGoSets(t *testing.T) {
	d := document(50, 50, Object{T: "arrow", A: 1, S: 4, X2: math.NaN()})
	wantCode(t, "NaN", d.Validate(), CodeInvalid)
	d = document(50, 50, Object{T: "step", A: 1, Size: math.Inf(1)})
	wantCode(t, "infinite size", d.Validate(), CodeInvalid)
	_, err := Flatten(document(50, 50), base(50, 51, 1))
	wantCode(t, "another picture", err, CodeMismatch)
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(sample))
	f.Add([]byte(`{"v":2,"objects":7}`))
	f.Add([]byte(`{"v":1,"objects":[{"t":"hide"}]}`))
	f.Add([]byte(strings.Replace(sample, `"t":"mark"`, `"t":"frost"`, 1)))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := Decode(data)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("an error without a code: %v", err)
			}
			return
		}
		once, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Decode(once)
		if err != nil {
			t.Fatalf("what was encoded cannot be decoded: %v\n%s", err, once)
		}
		if twice, err := json.Marshal(again); err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("the second round differs (%v)\n%s\n%s", err, once, twice)
		}
		if d.V == Version && d.W <= 300 && d.H <= 300 && len(d.Objects) <= 20 {
			img, err := Flatten(d, base(d.W, d.H, 1))
			if err == nil && (img.Rect.Empty() || !img.Opaque()) {
				t.Fatalf("the flat picture is empty or see-through: %v", img.Rect)
			}
		}
	})
}
