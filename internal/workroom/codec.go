package workroom

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"
)

// Unknown keeps the JSON fields of a body that this version does not know, so that an older program never drops what a newer one wrote.
// Every noun embeds it.
type Unknown map[string]json.RawMessage

func (u *Unknown) unknown() *Unknown { return u }

type keeper interface{ unknown() *Unknown }

var kinds = map[Kind]func() Thing{
	KindAccount:    func() Thing { return new(Account) },
	KindGrant:      func() Thing { return new(Grant) },
	KindMarker:     func() Thing { return new(Marker) },
	KindPref:       func() Thing { return new(Pref) },
	KindNotices:    func() Thing { return new(NoticeRules) },
	KindAway:       func() Thing { return new(Away) },
	KindBookmark:   func() Thing { return new(Bookmark) },
	KindNote:       func() Thing { return new(Note) },
	KindProfile:    func() Thing { return new(Profile) },
	KindReceipt:    func() Thing { return new(Receipt) },
	KindReport:     func() Thing { return new(Report) },
	KindBlock:      func() Thing { return new(Block) },
	KindCode:       func() Thing { return new(ActivityCode) },
	KindRoom:       func() Thing { return new(Room) },
	KindMember:     func() Thing { return new(Member) },
	KindMessage:    func() Thing { return new(Message) },
	KindFile:       func() Thing { return new(File) },
	KindContract:   func() Thing { return new(Contract) },
	KindActivity:   func() Thing { return new(Activity) },
	KindTurn:       func() Thing { return new(Turn) },
	KindAdjustment: func() Thing { return new(Adjustment) },
	KindDispute:    func() Thing { return new(Dispute) },
	KindWeek:       func() Thing { return new(WeekMark) },
	KindInvitation: func() Thing { return new(Invitation) },
	KindSlice:      func() Thing { return new(Slice) },
	KindInput:      func() Thing { return new(CellInput) },
	KindShot:       func() Thing { return new(Shot) },
	KindMark:       func() Thing { return new(TimeMark) },
	KindClaim:      func() Thing { return new(Claimed) },
	KindSeal:       func() Thing { return new(Seal) },
	KindChain:      func() Thing { return new(Chain) },
	KindLease:      func() Thing { return new(Lease) },
	KindLook:       func() Thing { return new(Look) },
	KindExpiry:     func() Thing { return new(Expiry) },
}

// Decode reads a body of the given kind. An unknown kind or a body that is not an object is an error; unknown fields are kept.
func Decode(k Kind, body []byte) (Thing, error) {
	mk, ok := kinds[k]
	if !ok {
		return nil, fmt.Errorf("unknown kind %q", k)
	}
	t := mk()
	if err := decodeKeeping(body, t); err != nil {
		return nil, fmt.Errorf("decode %s: %w", k, err)
	}
	return t, nil
}

// Encode writes a body, unknown fields included. Equal things give equal bytes.
func Encode(t Thing) ([]byte, error) {
	b, err := json.Marshal(t)
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", t.ThingKind(), err)
	}
	kp, ok := t.(keeper)
	if !ok || len(*kp.unknown()) == 0 {
		return b, nil
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(b, &all); err != nil {
		return nil, fmt.Errorf("encode %s: %w", t.ThingKind(), err)
	}
	for k, v := range *kp.unknown() {
		if _, taken := all[k]; !taken {
			all[k] = v
		}
	}
	return json.Marshal(all)
}

func decodeKeeping(body []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(body))
	if err := dec.Decode(into); err != nil {
		return err
	}
	kp, ok := into.(keeper)
	if !ok {
		return nil
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(body, &all); err != nil {
		return err
	}
	for name := range fields(reflect.TypeOf(into).Elem()) {
		delete(all, name)
	}
	if len(all) > 0 {
		*kp.unknown() = all
	}
	return nil
}

var fieldCache sync.Map // reflect.Type → map[string]bool

func fields(t reflect.Type) map[string]bool {
	if f, ok := fieldCache.Load(t); ok {
		return f.(map[string]bool)
	}
	out := map[string]bool{}
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-":
		case name != "":
			out[name] = true
		case f.Anonymous && f.Type.Kind() == reflect.Struct:
			for n := range fields(f.Type) {
				out[n] = true
			}
		default:
			out[f.Name] = true
		}
	}
	fieldCache.Store(t, out)
	return out
}
