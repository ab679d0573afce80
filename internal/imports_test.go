package internal

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// packages says of each package of ours what it is for and which others of ours it may import. Imports point one way; a new package is
// added here together with its sentence.
var packages = map[string]struct {
	is   string
	uses []string
}{
	"frontend":                  {"the built pages, embedded", nil},
	"build/icons":               {"draws the icons of the program and its tray", []string{"internal/tray"}},
	"build/relay":               {"a way to a service that the browser journeys cut and make slow", nil},
	"build/webview":             {"the page in WebKitGTK, for what is measured there", nil},
	"internal":                  {"this list", nil},
	"internal/workroom":         {"the nouns and the rules; no I/O, no clock", nil},
	"internal/markup":           {"message text to safe HTML and plain text", nil},
	"internal/search":           {"what is typed into a search box, to a query value; pure", nil},
	"internal/contact":          {"what is a contact detail in a text; pure", []string{"internal/markup"}},
	"internal/wire":             {"the operations both sides speak, the typed client, errors", []string{"internal/workroom"}},
	"internal/blob":             {"bytes by their SHA-256 in a folder", []string{"internal/workroom", "internal/wire"}},
	"internal/outbox":           {"commands waiting to be sent", []string{"internal/workroom", "internal/wire"}},
	"internal/replica":          {"this machine's SQLite copy", []string{"internal/workroom", "internal/wire", "internal/outbox", "internal/markup", "internal/search"}},
	"internal/courier":          {"outbox to service, changes to replica", []string{"internal/workroom", "internal/wire", "internal/outbox", "internal/replica", "internal/blob"}},
	"internal/timesheet":        {"adds up tracked time for reports, and writes and reads it in other programs' forms; pure", []string{"internal/workroom"}},
	"internal/sheets":           {"the impact assessment and the works council's sheet", nil},
	"internal/tracker":          {"facts in, slices out; pure", []string{"internal/workroom"}},
	"internal/input":            {"counts of keys, clicks, scrolls and movement; lock, sleep", nil},
	"internal/hotkey":           {"combinations of keys anywhere in the system", []string{"internal/input"}},
	"internal/screen":           {"pictures of the displays", nil},
	"internal/annotate":         {"marks drawn on a picture; pure", nil},
	"internal/exif":             {"how a camera was held, and pictures set upright; pure", nil},
	"internal/tray":             {"icon and menu of the tray; pure", nil},
	"internal/notify":           {"which notices to show, and the sender", nil},
	"internal/watch":            {"files that settled in folders; names, sizes and times, never bytes", nil},
	"internal/service":          {"the authority", []string{"internal/workroom", "internal/wire", "internal/contact", "internal/markup", "internal/service/store", "internal/service/live", "internal/service/files", "internal/service/auth", "internal/service/bus", "internal/service/bus/nats"}},
	"internal/service/store":    {"its SQL, one file an aggregate", []string{"internal/workroom", "internal/wire"}},
	"internal/service/pgtest":   {"an empty PostgreSQL database for a test", nil},
	"internal/service/bus":      {"notes between the nodes of one service", nil},
	"internal/service/bus/nats": {"the bus over NATS", []string{"internal/service/bus"}},
	"internal/service/live":     {"connections and hints", []string{"internal/workroom", "internal/wire"}},
	"internal/service/files":    {"parts, files, small pictures", []string{"internal/workroom", "internal/wire", "internal/exif"}},
	"internal/service/auth":     {"passwords, tokens, limits", []string{"internal/workroom", "internal/wire"}},
	"internal/proof":            {"proves that sync can be trusted; nothing imports it", []string{"*"}},
	"app":                       {"the program: wiring, command line, what the pages may call", []string{"*"}},
	"":                          {"main", []string{"app"}},
}

type listed struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
}

func TestImportsPointOneWay(t *testing.T) {
	out, err := exec.Command("go", "list", "-tags", "sqlite_fts5", "-json=ImportPath,Imports", "trestle/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		name := short(p.ImportPath)
		rule, ok := packages[name]
		if !ok {
			t.Errorf("package %s is not in the list of internal/imports_test.go", p.ImportPath)
			continue
		}
		seen[name] = true
		for _, i := range p.Imports {
			switch {
			case strings.HasPrefix(i, "trestle/"):
				if dep := short(i); !slices.Contains(rule.uses, dep) && !slices.Contains(rule.uses, "*") {
					t.Errorf("%s imports %s", name, dep)
				}
			case strings.HasPrefix(i, "github.com/wailsapp/wails") || strings.HasPrefix(i, "fyne.io/systray"):
				t.Errorf("%s imports %s without a build tag: only the window may", name, i)
			}
		}
	}
	for name := range packages {
		if !seen[name] && name != "internal" {
			t.Errorf("package %s is in the list and nowhere else", name)
		}
	}
}

func short(path string) string { return strings.TrimPrefix(strings.TrimPrefix(path, "trestle"), "/") }

// The window's program holds no driver of PostgreSQL, NATS or S3: only the service without a window links them.
func TestTheWindowLinksNoServers(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-tags", "desktop,production,webkit2_41,sqlite_fts5", "trestle").Output()
	if err != nil {
		t.Fatal(err)
	}
	for dep := range strings.FieldsSeq(string(out)) {
		for _, driver := range []string{"github.com/jackc/pgx", "github.com/nats-io/nats", "github.com/aws/aws-sdk-go-v2"} {
			if strings.HasPrefix(dep, driver) {
				t.Errorf("the window links %s", dep)
			}
		}
	}
}
