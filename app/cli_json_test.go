package app

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// verbs walks the command line's own model: each verb with words that fit all it asks for, so that a new one is tried too.
func verbs(t *testing.T) map[string][]string {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, []byte("no picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	var c commands
	parser, err := kong.New(&c)
	if err != nil {
		t.Fatal(err)
	}
	fit := func(v *kong.Value) string {
		switch {
		case strings.HasPrefix(v.Tag.Type, "existingdir"):
			return dir
		case strings.HasPrefix(v.Tag.Type, "existingfile"):
			return file
		case v.Target.CanInt() || v.Target.CanFloat():
			return "1"
		case len(v.Enum) > 0:
			return strings.Split(v.Enum, ",")[0]
		}
		return "x"
	}
	out := map[string][]string{}
	for _, leaf := range parser.Model.Leaves(false) {
		var args []string
		for n := leaf; n.Parent != nil; n = n.Parent {
			args = append([]string{n.Name}, args...)
		}
		name := strings.Join(args, " ")
		for _, f := range leaf.Flags {
			switch {
			case f.Name == "password-stdin":
				args = append(args, "--password-stdin")
			case f.Required:
				args = append(args, "--"+f.Name, fit(f.Value))
			}
		}
		for _, p := range leaf.Positional {
			if p.Required {
				args = append(args, fit(p))
			}
		}
		out[name] = args
	}
	return out
}

// I-03: with --json every error of every verb is one object with a code and a sentence, whether the line could not be read or the work not
// be done. Where nothing of the line can be read, that it asked for JSON still counts.
func TestI03_EveryErrorIsJSON(t *testing.T) {
	t.Parallel()
	noFolder := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(noFolder, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	all := verbs(t)
	if len(all) < 29 || all["outbox retry"] == nil {
		t.Fatal("not all verbs were found:", slices.Sorted(maps.Keys(all)))
	}
	for name, args := range all {
		for what, line := range map[string][]string{
			"no such flag":     append([]string{"--json"}, append(args, "--no-such-flag")...),
			"asked at the end": append(append([]string{"--no-such-flag"}, args...), "--json"),
			"no data folder":   append([]string{"--json", "--data", noFolder}, args...),
		} {
			var out, errs bytes.Buffer
			code := Run(t.Context(), line, strings.NewReader("a fine password\n"), &out, &errs)
			if what == "no data folder" && (name == "version" || name == "doctor" || name == "sheet" || strings.HasPrefix(name, "capture")) {
				continue // need none; the doctor's answer is its findings, and a picture meets no display first
			}
			var said struct{ Error *Failure }
			if err := json.Unmarshal(errs.Bytes(), &said); err != nil || said.Error == nil || said.Error.Code == "" || said.Error.Message == "" {
				t.Errorf("%s, %s: %d\n%s", name, what, code, errs.String())
				continue
			}
			if code == 0 || what != "no data folder" && (code != exitUsage || said.Error.Code != CodeBadInput) {
				t.Errorf("%s, %s: exit %d, %+v", name, what, code, said.Error)
			}
		}
	}
	for _, line := range [][]string{{"--json", "restore", "NOPE"}, {"restore", "NOPE", "--json"}, {"--json", "fly"}, {"--json", "--data"}, {"--json", "capture", "--from", "nope"}} {
		var out, errs bytes.Buffer
		code := Run(t.Context(), line, strings.NewReader(""), &out, &errs)
		var said struct{ Error *Failure }
		if err := json.Unmarshal(errs.Bytes(), &said); err != nil || said.Error == nil || code != exitUsage {
			t.Errorf("%v: %d\n%s", line, code, errs.String())
		}
	}
	var out, errs bytes.Buffer // what stands behind -- is no flag
	if Run(t.Context(), []string{"restore", "--", "--json"}, strings.NewReader(""), &out, &errs); !strings.HasPrefix(errs.String(), "trestle: ") {
		t.Error(errs.String())
	}
}
