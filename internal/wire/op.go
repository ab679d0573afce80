package wire

import (
	"context"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// Info is what both sides know of an operation.
type Info struct {
	Name    string
	Method  string
	Path    string // with {name} for path parameters
	MaxBody int64  // bytes of the request
	Anyone  bool   // needs no token
	Writes  bool   // changes what people see; a program that is too old may go on reading
	Raw     bool   // bytes or a stream, not JSON; see files.go and events.go
}

// Op is one operation of the protocol: In is sent, Out comes back. Where In has fields tagged path, query or header it travels in those;
// else it is the JSON body.
type Op[In, Out any] struct{ *Info }

// MaxJSON is the largest request body of an operation that says nothing else, in bytes.
const MaxJSON = 1 << 20

var all []*Info

// All lists the operations in the order of their declaration.
func All() []Info {
	out := make([]Info, len(all))
	for i, o := range all {
		out[i] = *o
	}
	return out
}

// Get declares an operation that changes nothing.
func Get[In, Out any](name, path string) Op[In, Out] {
	return declare[In, Out](name, http.MethodGet, path)
}

// Post declares an operation that changes something, or whose question must not stand in an address.
func Post[In, Out any](name, path string) Op[In, Out] {
	return declare[In, Out](name, http.MethodPost, path)
}

func declare[In, Out any](name, method, path string) Op[In, Out] {
	i := &Info{Name: name, Method: method, Path: path, MaxBody: MaxJSON}
	all = append(all, i)
	return Op[In, Out]{i}
}

// raw declares an operation that carries bytes; its client and handler are written by hand.
func raw(name, method, path string, maxBody int64) *Info {
	i := &Info{Name: name, Method: method, Path: path, MaxBody: maxBody, Raw: true, Writes: method == http.MethodPut}
	all = append(all, i)
	return i
}

// Max sets the largest request body in bytes.
func (o Op[In, Out]) Max(bytes int64) Op[In, Out] {
	o.MaxBody = bytes
	return o
}

// ThatWrites marks an operation that a program older than the service's minimum may not use.
func (o Op[In, Out]) ThatWrites() Op[In, Out] {
	o.Writes = true
	return o
}

// ForAnyone lets callers without a token use the operation.
func (o Op[In, Out]) ForAnyone() Op[In, Out] {
	o.Anyone = true
	return o
}

// Pattern is the operation as net/http's ServeMux writes it.
func (i *Info) Pattern() string { return i.Method + " " + i.Path }

// NewAPI makes the API that Serve adds operations to. Errors are Problems that never repeat a value of the request, unknown members are
// let through (a newer desktop may talk to an older service), and nothing is loaded from elsewhere.
func NewAPI(mux *http.ServeMux, title, version string) huma.API {
	c := huma.DefaultConfig(title, version)
	c.CreateHooks = nil
	c.DocsPath = ""
	c.SchemasPath = ""
	c.AllowAdditionalPropertiesByDefault = true
	c.FieldsOptionalByDefault = true
	return humago.New(mux, c)
}

// Serve answers an operation with a handler. An error of the handler should be a *Problem; any other becomes an internal one.
func Serve[In, Out any](api huma.API, op Op[In, Out], handler func(context.Context, *In) (*Out, error)) {
	h := huma.Operation{
		OperationID: op.Name, Method: op.Method, Path: op.Path, MaxBodyBytes: op.MaxBody, BodyReadTimeout: 30 * time.Second,
		DefaultStatus: http.StatusOK,
	}
	if inBody(reflect.TypeFor[In]()) {
		huma.Register(api, h, func(ctx context.Context, in *struct{ Body In }) (*reply[Out], error) {
			out, err := handler(ctx, &in.Body)
			return answer(out, err)
		})
		return
	}
	huma.Register(api, h, func(ctx context.Context, in *In) (*reply[Out], error) {
		out, err := handler(ctx, in)
		return answer(out, err)
	})
}

type reply[Out any] struct {
	Status       int
	ETag         string `header:"ETag"`
	CacheControl string `header:"Cache-Control"`
	Body         *Out
}

// tagged is an answer that can say "nothing changed".
type tagged interface {
	tag() string
	same() bool
}

func answer[Out any](out *Out, err error) (*reply[Out], error) {
	if err != nil {
		return nil, problemOf(err)
	}
	r := &reply[Out]{Status: http.StatusOK, Body: out, CacheControl: "no-store"}
	if t, ok := any(out).(tagged); ok {
		r.ETag = `"` + t.tag() + `"`
		if t.same() {
			r.Status = http.StatusNotModified
		}
	}
	return r, nil
}

// inBody reports whether a question travels as a JSON body: none of its fields says otherwise.
func inBody(t reflect.Type) bool {
	for field := range t.Fields() {
		tag := field.Tag
		if tag.Get("path") != "" || tag.Get("query") != "" || tag.Get("header") != "" {
			return false
		}
	}
	return t.NumField() > 0
}

// fill puts path parameters of a question into a path.
func fill(path, name, value string) string { return strings.Replace(path, "{"+name+"}", value, 1) }
