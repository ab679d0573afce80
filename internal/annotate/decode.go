package annotate

import (
	"encoding/json"
	"fmt"
	"maps"
)

// Decode reads a document and checks it. A document of a higher version or
// with objects of an unknown type is returned without error, so that it can be
// stored and sent on unchanged; Validate and Flatten refuse it. Every other
// breach is an *Error. Keys are matched exactly, as the page does.
func Decode(data []byte) (*Doc, error) {
	if len(data) > MaxDocument {
		return nil, tooLarge("the document is larger than %d MiB", MaxDocument>>20)
	}
	d := &Doc{}
	r := reader{where: "the document"}
	if json.Unmarshal(data, &r.m) != nil || r.m == nil {
		return nil, invalid("the document is not a JSON object")
	}
	d.raw = r.m
	r.need("v", &d.V)
	if r.err != nil {
		return nil, r.err
	}
	if d.V > Version { // its other fields may mean anything
		r.want("id", &d.ID)
		return d, nil
	}
	r.need("id", &d.ID)
	r.need("w", &d.W)
	r.need("h", &d.H)
	r.need("scale", &d.Scale)
	r.need("base", &d.Base)
	r.need("at", &d.At)
	r.need("step", &d.Step)
	var objects []json.RawMessage
	r.need("objects", &objects)
	if sub, ok := r.object("crop"); ok {
		d.Crop = &Rect{}
		sub.rect(&d.Crop.X, &d.Crop.Y, &d.Crop.W, &d.Crop.H)
		r.take(sub)
	}
	if sub, ok := r.object("pointer"); ok {
		p := &Pointer{raw: sub.m}
		sub.rectInt(&p.X, &p.Y, &p.W, &p.H)
		sub.need("png", &p.PNG)
		sub.need("on", &p.On)
		d.Pointer = p
		r.take(sub)
	}
	if r.err != nil {
		return nil, r.err
	}
	if len(objects) > MaxObjects {
		return nil, tooLarge("the document has more than %d objects", MaxObjects)
	}
	d.Objects = make([]Object, len(objects))
	for i, raw := range objects {
		if err := d.Objects[i].decode(raw, fmt.Sprintf("object %d", i+1)); err != nil {
			return nil, err
		}
	}
	if err := d.check(); err != nil {
		return nil, err
	}
	return d, nil
}

func (o *Object) decode(data []byte, where string) error {
	r := reader{where: where}
	if json.Unmarshal(data, &r.m) != nil || r.m == nil {
		return invalid("%s is not a JSON object", where)
	}
	o.raw = r.m
	r.need("id", &o.ID)
	r.need("t", &o.T)
	if r.err != nil || !o.known() {
		return r.err
	}
	r.need("c", &o.C)
	r.need("a", &o.A)
	r.need("s", &o.S)
	switch o.T {
	case "arrow", "line":
		r.need("x1", &o.X1)
		r.need("y1", &o.Y1)
		r.need("x2", &o.X2)
		r.need("y2", &o.Y2)
		r.want("head", &o.Head)
		r.want("dash", &o.Dash)
	case "rect", "ellipse":
		r.rect(&o.X, &o.Y, &o.W, &o.H)
		r.want("fill", &o.Fill)
		r.want("fa", &o.FillAlpha)
		r.want("dash", &o.Dash)
	case "mark", "spot":
		r.rect(&o.X, &o.Y, &o.W, &o.H)
	case "pen", "markpen":
		o.Points = points[[3]float64](&r, "pts")
		o.Path = points[[2]float64](&r, "path")
	case "text":
		r.need("x", &o.X)
		r.need("y", &o.Y)
		r.need("size", &o.Size)
		r.need("lines", &o.Lines)
		r.need("align", &o.Align)
		r.want("plate", &o.Plate)
		if sub, ok := r.object("bmp"); ok {
			o.Bitmap = &Bitmap{raw: sub.m}
			sub.need("w", &o.Bitmap.W)
			sub.need("h", &o.Bitmap.H)
			sub.need("png", &o.Bitmap.PNG)
			r.take(sub)
		}
	case "step":
		r.need("x", &o.X)
		r.need("y", &o.Y)
		r.need("n", &o.N)
		r.need("size", &o.Size)
		r.want("label", &o.Label)
	case "hide":
		r.rect(&o.X, &o.Y, &o.W, &o.H)
		r.need("how", &o.How)
		r.need("seed", &o.Seed)
	}
	return r.err
}

// reader takes fields out of a JSON object by their exact names and remembers
// the first thing wrong.
type reader struct {
	m     map[string]json.RawMessage
	where string
	err   error
}

// want reads a field that may be absent or null.
func (r *reader) want(key string, into any) {
	raw, ok := r.m[key]
	if r.err != nil || !ok || string(raw) == "null" {
		return
	}
	if json.Unmarshal(raw, into) != nil {
		r.err = invalid("%q of %s has the wrong type", key, r.where)
	}
}

// need reads a field that must be there.
func (r *reader) need(key string, into any) {
	if raw, ok := r.m[key]; r.err == nil && (!ok || string(raw) == "null") {
		r.err = invalid("%q of %s is missing", key, r.where)
	}
	r.want(key, into)
}

func (r *reader) rect(x, y, w, h *float64) {
	r.need("x", x)
	r.need("y", y)
	r.need("w", w)
	r.need("h", h)
}

func (r *reader) rectInt(x, y *float64, w, h *int) {
	r.need("x", x)
	r.need("y", y)
	r.need("w", w)
	r.need("h", h)
}

// object opens an optional object inside this one.
func (r *reader) object(key string) (*reader, bool) {
	sub := &reader{where: key + " of " + r.where}
	r.want(key, &sub.m)
	return sub, r.err == nil && sub.m != nil
}

// take passes on what went wrong inside an object.
func (r *reader) take(sub *reader) {
	if r.err == nil {
		r.err = sub.err
	}
}

// points reads an optional list of points, each with exactly as many numbers as P.
func points[P [2]float64 | [3]float64](r *reader, key string) []P {
	var list [][]float64
	r.want(key, &list)
	if r.err != nil || list == nil {
		return nil
	}
	out := make([]P, len(list))
	for i, numbers := range list {
		if len(numbers) != len(out[i]) {
			r.err = invalid("a point of %q of %s has %d numbers", key, r.where, len(numbers))
			return nil
		}
		for k := range numbers {
			out[i][k] = numbers[k]
		}
	}
	return out
}

// MarshalJSON writes the document with every field it was decoded with, known
// or not; known ones carry their present values. Keys are sorted, so equal
// documents give equal bytes.
func (d *Doc) MarshalJSON() ([]byte, error) {
	w := writer{maps.Clone(d.raw)}
	if w.m == nil {
		w.m = map[string]json.RawMessage{}
	}
	if d.V > Version {
		return json.Marshal(w.m)
	}
	w.put("v", d.V)
	w.put("id", d.ID)
	w.put("w", d.W)
	w.put("h", d.H)
	w.put("scale", d.Scale)
	w.put("base", d.Base)
	w.put("at", d.At)
	w.put("step", d.Step)
	if d.Crop == nil {
		w.put("crop", nil)
	} else {
		sub := w.inner("crop")
		sub.rect(d.Crop.X, d.Crop.Y, d.Crop.W, d.Crop.H)
		w.put("crop", sub.m)
	}
	if p := d.Pointer; p == nil {
		delete(w.m, "pointer")
	} else {
		sub := writer{maps.Clone(p.raw)}
		sub.rect(p.X, p.Y, float64(p.W), float64(p.H))
		sub.put("png", p.PNG)
		sub.put("on", p.On)
		w.put("pointer", sub.m)
	}
	objects := make([]json.RawMessage, len(d.Objects))
	for i := range d.Objects {
		data, err := d.Objects[i].MarshalJSON()
		if err != nil {
			return nil, err
		}
		objects[i] = data
	}
	w.put("objects", objects)
	return json.Marshal(w.m)
}

// MarshalJSON writes the object as MarshalJSON of Doc does.
func (o *Object) MarshalJSON() ([]byte, error) {
	w := writer{maps.Clone(o.raw)}
	w.put("id", o.ID)
	w.put("t", o.T)
	if !o.known() {
		return json.Marshal(w.m)
	}
	w.put("c", o.C)
	w.put("a", o.A)
	w.put("s", o.S)
	switch o.T {
	case "arrow", "line":
		w.put("x1", o.X1)
		w.put("y1", o.Y1)
		w.put("x2", o.X2)
		w.put("y2", o.Y2)
		w.opt("head", o.Head, o.Head != "")
		w.opt("dash", o.Dash, o.Dash)
	case "rect", "ellipse":
		w.rect(o.X, o.Y, o.W, o.H)
		w.opt("fill", o.Fill, o.Fill != "")
		w.opt("fa", o.FillAlpha, o.FillAlpha != nil)
		w.opt("dash", o.Dash, o.Dash)
	case "mark", "spot":
		w.rect(o.X, o.Y, o.W, o.H)
	case "pen", "markpen":
		w.opt("pts", o.Points, o.Points != nil)
		w.opt("path", o.Path, o.Path != nil)
	case "text":
		w.put("x", o.X)
		w.put("y", o.Y)
		w.put("size", o.Size)
		w.put("lines", append([]string{}, o.Lines...))
		w.put("align", o.Align)
		w.opt("plate", o.Plate, o.Plate != "")
		if o.Bitmap == nil {
			delete(w.m, "bmp")
			break
		}
		sub := writer{maps.Clone(o.Bitmap.raw)}
		sub.put("w", o.Bitmap.W)
		sub.put("h", o.Bitmap.H)
		sub.put("png", o.Bitmap.PNG)
		w.put("bmp", sub.m)
	case "step":
		w.put("x", o.X)
		w.put("y", o.Y)
		w.put("n", o.N)
		w.put("size", o.Size)
		w.opt("label", o.Label, o.Label != "")
	case "hide":
		w.rect(o.X, o.Y, o.W, o.H)
		w.put("how", o.How)
		w.put("seed", o.Seed)
	}
	return json.Marshal(w.m)
}

// writer lays known values over the fields an object was decoded with.
type writer struct{ m map[string]json.RawMessage }

func (w *writer) put(key string, value any) {
	if w.m == nil {
		w.m = map[string]json.RawMessage{}
	}
	data, err := json.Marshal(value)
	if err != nil { // a NaN set by a caller: Validate refuses it, JSON cannot say it
		data = []byte("null")
	}
	w.m[key] = data
}

// opt writes an optional value if it is set, else takes it away.
func (w *writer) opt(key string, value any, set bool) {
	if set {
		w.put(key, value)
	} else if raw, ok := w.m[key]; ok && !empty(raw) {
		delete(w.m, key)
	}
}

// empty tells whether an optional field was present but said nothing.
func empty(raw json.RawMessage) bool {
	switch string(raw) {
	case "null", `""`, "false":
		return true
	}
	return false
}

func (w *writer) rect(x, y, width, height float64) {
	w.put("x", x)
	w.put("y", y)
	w.put("w", width)
	w.put("h", height)
}

// inner opens an object as it was decoded, to keep its unknown fields.
func (w *writer) inner(key string) writer {
	sub := writer{map[string]json.RawMessage{}}
	if raw, ok := w.m[key]; ok {
		_ = json.Unmarshal(raw, &sub.m) // it was an object when decoded; null leaves it empty
	}
	return sub
}
