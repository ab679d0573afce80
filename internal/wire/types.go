package wire

import (
	"encoding/json"

	"trestle/internal/workroom"
)

// Headers every answer of a service carries, and the one a client names itself by.
const (
	HeaderService = "Trestle-Service" // the service's id: an answer without the expected one is never believed to be final
	HeaderTime    = "Trestle-Time"    // the service's clock, Unix µs
	HeaderClient  = "Trestle-Client"  // version of the program that asks
)

// Thing is a row on the wire (sync.md §5).
type Thing struct {
	Scope workroom.Scope     `json:"s"`
	Kind  workroom.Kind      `json:"k"`
	ID    string             `json:"id"`
	Seq   int64              `json:"q"`
	Born  int64              `json:"b"`           // seq at creation: the order of messages
	Rev   int64              `json:"r"`           // the thing's own counter
	Num   int64              `json:"m,omitempty"` // dense message number, messages only
	Gone  bool               `json:"x,omitempty"` // a tombstone: no body
	By    workroom.AccountID `json:"by"`
	At    int64              `json:"at"` // Unix µs
	Body  json.RawMessage    `json:"v,omitempty"`
}

// Meta is what a service says of itself to anyone who asks.
type Meta struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	URL       string   `json:"url,omitempty"` // the address it is reached at from elsewhere, if it was told
	Version   string   `json:"version"`
	Epoch     string   `json:"epoch"`
	MinClient string   `json:"min_client"`
	Features  []string `json:"features"`
	MaxFile   int64    `json:"max_file"` // bytes
	// RefuseTypes are kinds of files the service does not take: endings, media types, families of them (workroom.RefusedType).
	RefuseTypes []string `json:"refuse_types,omitempty"`
	OpenJoin    bool     `json:"open_join"`
	// Contact is how contact details before a contract are dealt with; empty from a service that does not know the rule.
	Contact workroom.ContactMode `json:"contact,omitempty"`
}

// SignUp makes an account. Invitation is the secret of an invitation link where joining is not open to everyone.
type SignUp struct {
	Name       string `json:"name"`
	Email      string `json:"email"`
	Password   string `json:"password"`
	Device     string `json:"device"` // this device's id, made here
	DeviceName string `json:"device_name,omitempty"`
	Invitation string `json:"invitation,omitempty"`
}

// SignIn asks for a token.
type SignIn struct {
	Email      string `json:"email"`
	Password   string `json:"password"`
	Device     string `json:"device"`
	DeviceName string `json:"device_name,omitempty"`
}

// Signed is the answer to both. Token is opaque, one a device; it is kept in the system's keyring.
type Signed struct {
	Token   string             `json:"token"`
	Account workroom.AccountID `json:"account"`
	Name    string             `json:"name"`
	Email   string             `json:"email"`
	Service string             `json:"service"`
	Epoch   string             `json:"epoch"`
}

// Head is one line of the heads list.
type Head struct {
	Scope workroom.Scope `json:"s"`
	Gen   int64          `json:"g"`
	Seq   int64          `json:"q"`
	Tag   string         `json:"t"`
	Msgs  int64          `json:"m,omitempty"`
}

// Heads lists all roots the caller may read; what is missing is gone.
type Heads struct {
	Epoch  string `json:"epoch"`
	Scopes []Head `json:"scopes"`
	Same   bool   `json:"-"` // nothing changed since the tag the caller sent; nothing else is set
}

// Open asks for the present state of scopes: undated things whole, dated ones from the newest back.
type Open struct {
	Scopes []workroom.Scope `json:"scopes"`
	Tail   int              `json:"tail"` // 0 to 50
}

// Opened is one scope's state at one moment. Floor is the born of the oldest message in Tail (0 with More false: all are here).
type Opened struct {
	Scope    workroom.Scope `json:"s"`
	Gone     bool           `json:"gone,omitempty"` // not here or not open to the caller; nothing else is set
	Gen      int64          `json:"gen"`
	Seq      int64          `json:"seq"`
	Tag      string         `json:"tag"`
	Msgs     int64          `json:"msgs"`
	FromBorn int64          `json:"from_born"`
	Hot      []Thing        `json:"hot"`
	Tail     []Thing        `json:"tail"`
	Floor    int64          `json:"floor"`
	More     bool           `json:"more"`
}

// OpenOut answers Open, a line for each scope asked.
type OpenOut struct {
	Epoch  string   `json:"epoch"`
	Scopes []Opened `json:"scopes"`
}

// Pull asks for what changed in a scope after a cursor.
type Pull struct {
	Scope workroom.Scope `path:"scope"`
	Epoch string         `query:"epoch"`
	Gen   int64          `query:"gen"`
	After int64          `query:"after"`
	Tag   string         `query:"tag"`
	Limit int            `query:"limit"` // at most 500, which is also the default
	Acked []string       `query:"acked"` // at most MaxAcked commands of the caller that were accepted: one without a record is a fork
}

// Range asks for a window of history: Limit messages below the born number Before, or around the message Around. Min is the caller's
// cursor: an answer older than it is refused as "later".
type Range struct {
	Scope  workroom.Scope `path:"scope"`
	Before int64          `query:"before"`
	Around string         `query:"around"`
	Limit  int            `query:"limit"` // at most 200; 0 means 50
	Min    int64          `query:"min"`
}

// ThingsOf asks for single things of one kind, at most 100.
type ThingsOf struct {
	Scope workroom.Scope `path:"scope"`
	Kind  workroom.Kind  `query:"kind"`
	IDs   []string       `query:"ids"`
}

// ThingsOut answers ThingsOf: those that are there and open to the caller.
type ThingsOut struct {
	Things []Thing `json:"things"`
}

// FileOf names a file in an address.
type FileOf struct {
	ID workroom.FileID `path:"id"`
}

// Look asks what an invitation link offers. It travels in a body, so that the secret stands in no log.
type Look struct {
	Secret string `json:"secret"`
}

// None is an empty question or answer.
type None struct{}

// Reset says why a pull cannot go on from the caller's cursor; the device opens the scope anew.
type Reset string

// Reasons for a reset.
const (
	ResetGen     Reset = "gen"
	ResetEpoch   Reset = "epoch"
	ResetFork    Reset = "fork"     // the cursor is of another history: ahead of the head, or its tag is not the one given at that seq
	ResetTooLong Reset = "too_long" // so much changed that opening anew is cheaper
	ResetPurged  Reset = "purged"   // tombstones after the cursor are not kept any more
)

// Page is the answer to a pull: every change up to Seq, ordered by seq, never cut inside one seq. Digest is that of the whole scope at Seq
// (see Digest), given when More is false; a device that holds the whole scope compares it.
type Page struct {
	Things []Thing `json:"things"`
	Seq    int64   `json:"seq"`
	Tag    string  `json:"tag"`
	Msgs   int64   `json:"msgs"`
	More   bool    `json:"more"`
	Reset  Reset   `json:"reset,omitempty"`
	Digest string  `json:"digest,omitempty"`
}

// DigestIn asks for the digest of a part of a scope: with Hi 0 the undated things, else the dated ones with Lo ≤ born ≤ Hi that the caller
// may see. Min is the caller's cursor: an answer older than it is refused as "later".
type DigestIn struct {
	Scope workroom.Scope `path:"scope"`
	Lo    int64          `query:"lo"`
	Hi    int64          `query:"hi"`
	Min   int64          `query:"min"`
}

// DigestOut answers DigestIn as of seq AsOf.
type DigestOut struct {
	AsOf   int64  `json:"as_of"`
	Digest string `json:"digest"`
}

// Watch replaces the scopes whose rows a connection of the live channel is sent, at most 32.
type Watch struct {
	Conn   string           `json:"conn"`
	Scopes []workroom.Scope `json:"scopes"`
}

// WatchOut answers Watch with the heads of those of the scopes the caller may read, read after the set was in force.
type WatchOut struct {
	Heads []Head `json:"heads"`
}

// RangeOut is a window of history: messages (and their files) with Lo ≤ born ≤ Hi as of seq AsOf. More says that older ones exist.
type RangeOut struct {
	Things []Thing `json:"things"`
	Lo     int64   `json:"lo"`
	Hi     int64   `json:"hi"`
	AsOf   int64   `json:"as_of"`
	More   bool    `json:"more"`
}

// Expect is what a person looked at when they decided: a thing and its rev then, 0 for none. A command whose expectation does not hold is
// refused as "moved", with the present row.
type Expect struct {
	Scope workroom.Scope `json:"s"`
	Kind  workroom.Kind  `json:"k"`
	ID    string         `json:"id"`
	Rev   int64          `json:"rev"`
}

// Command is one act on the wire. N is its number on the device; After names commands of the same device that must be accepted first.
type Command struct {
	ID     string          `json:"id"`
	N      int64           `json:"n"`
	Lane   string          `json:"lane"`
	Op     workroom.Op     `json:"op"`
	V      int             `json:"v"`
	Args   json.RawMessage `json:"args"`
	After  []string        `json:"after,omitempty"`
	Expect []Expect        `json:"expect,omitempty"` // at most 4
}

// Commands carries at most 64 commands, 256 KiB. Inc is the device's incarnation, which tells two copies of one profile apart. Epoch is the
// history the device knows: in another one nothing is run, every status is not_run, and CommandsOut names the epoch there is. A device that
// has not heard of a restored service first gives back what was lost, in its order.
type Commands struct {
	Device string    `json:"device"`
	Inc    string    `json:"inc,omitempty"`
	Epoch  string    `json:"epoch,omitempty"`
	Cmds   []Command `json:"cmds"`
}

// Verdict is what became of a command.
type Verdict string

// Verdicts.
const (
	OK       Verdict = "ok"
	Rejected Verdict = "rejected"
	Later    Verdict = "later"
	DepWait  Verdict = "dep_wait" // a file is not uploaded yet, or a command it follows is unknown
	NotRun   Verdict = "not_run"  // one before it in the lane was put off or refused with hold
)

// Result answers one command. Things are the rows it wrote.
type Result struct {
	ID     string         `json:"id"`
	Status Verdict        `json:"status"`
	Code   workroom.Code  `json:"code,omitempty"`
	Text   string         `json:"text,omitempty"`
	Field  string         `json:"field,omitempty"`
	Retry  workroom.Retry `json:"retry,omitempty"`
	Things []Thing        `json:"things,omitempty"`
}

// CommandsOut answers a batch, a result for each command in its order.
type CommandsOut struct {
	Epoch   string   `json:"epoch"`
	Results []Result `json:"results"`
}

// NewFile announces an upload in parts of PartSize bytes; the last may be shorter.
type NewFile struct {
	ID    workroom.FileID `json:"id"`
	Scope workroom.Scope  `json:"scope"` // whose readers may read the file
	Name  string          `json:"name"`
	Size  int64           `json:"size"`
	Type  string          `json:"type"`
	Parts []string        `json:"parts"` // hex SHA-256 each
}

// PartSize is the length of a file's parts in bytes.
const PartSize = 8 << 20

// NewFileOut says into which space the parts go and which are not there yet.
type NewFileOut struct {
	Space    string           `json:"space"`
	Missing  []string         `json:"missing"`
	Held     map[string]int64 `json:"held,omitempty"` // of missing parts that broke off: how many bytes are there, from the beginning on
	Complete bool             `json:"complete"`
}

// PartsOut says what a file is made of, so that whoever fetches it can verify it and go on where it broke off.
type PartsOut struct {
	Size  int64    `json:"size"`  // bytes
	Parts []string `json:"parts"` // hex SHA-256 each
}

// Offer is what the holder of an invitation link may see of a contract before accepting it.
type Offer struct {
	Contract   workroom.ContractID `json:"contract"`
	Room       workroom.RoomID     `json:"room"`
	Title      string              `json:"title"`
	About      string              `json:"about"`
	Client     string              `json:"client"` // name
	Terms      workroom.Terms      `json:"terms"`
	Activities []string            `json:"activities"`
	Email      string              `json:"email,omitempty"` // the address it is meant for
	Expires    int64               `json:"expires"`
	Status     workroom.Status     `json:"status"`
	Used       bool                `json:"used"`
	Over       workroom.OfferEnd   `json:"over,omitempty"` // how a refused one came to its end
	Rev        int64               `json:"rev"`            // of the contract thing, for Expect
}

// Frames of the live channel, GET /v1/events (sync.md §5). Dropping any of them may only cost time.
type (
	// Hello comes first; then the device asks for the heads.
	Hello struct {
		Conn    string `json:"conn"`
		Epoch   string `json:"epoch"`
		Now     int64  `json:"now"`
		BeaconS int64  `json:"beacon_s,omitempty"` // seconds between beacons; 0: this service sends none
	}
	// Hint says that scopes moved on to these numbers.
	Hint struct {
		Heads []HintHead `json:"h"`
	}
	// HintHead is one scope of a hint.
	HintHead struct {
		Scope workroom.Scope `json:"s"`
		Seq   int64          `json:"q"`
		Msgs  int64          `json:"m,omitempty"`
	}
	// Rows are what one command wrote into a watched scope: apply them if gen is the device's and Prev its cursor; a device that is behind
	// pulls, one that is ahead ignores them. At most MaxRows bytes; what is larger comes as a hint.
	Rows struct {
		Scope  workroom.Scope `json:"s"`
		Gen    int64          `json:"gen"`
		Prev   int64          `json:"prev"`
		Seq    int64          `json:"seq"`
		Tag    string         `json:"tag"`
		Msgs   int64          `json:"m,omitempty"`
		Things []Thing        `json:"things"`
	}
	// Beacon repeats the heads of the watched scopes, every Hello.BeaconS seconds.
	Beacon struct {
		Heads []BeaconHead `json:"b"`
		Now   int64        `json:"now"`
	}
	// BeaconHead is one scope of a beacon.
	BeaconHead struct {
		Scope workroom.Scope `json:"s"`
		Seq   int64          `json:"q"`
		Tag   string         `json:"t"`
	}
	// Bye asks the device to come back after RetryMS.
	Bye struct {
		RetryMS int64 `json:"retry_ms"`
	}
)
