package workroom

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
)

// greet stands for a command whose arguments changed twice: "n" became "name", then "names".
type greet struct {
	SendMessage
	Names []string `json:"names"`
}

// Commands of the two versions before are understood as what they mean now; older and newer ones, and those nobody knows how to read, are not.
func TestOlderVersionsOfACommand(t *testing.T) {
	const op Op = "Greet"
	Ops[op] = OpInfo{AtOnce, Step, 4, decodeAs[greet]}
	upgrades[op] = map[int]upgrade{
		1: func([]byte) ([]byte, error) { return nil, errors.New("must not be asked") },
		2: func(b []byte) ([]byte, error) { return bytes.ReplaceAll(b, []byte(`"n":`), []byte(`"name":`)), nil },
		3: func(b []byte) ([]byte, error) {
			var old struct {
				Name string `json:"name"`
			}
			if err := json.Unmarshal(b, &old); err != nil {
				return nil, err
			}
			return json.Marshal(map[string]any{"names": []string{old.Name}})
		},
	}
	defer func() {
		delete(Ops, op)
		delete(upgrades, op)
	}()
	for _, x := range []struct {
		v    int
		args string
		ok   bool
	}{
		{4, `{"names":["Anna"]}`, true}, {3, `{"name":"Anna"}`, true}, {2, `{"n":"Anna"}`, true},
		{1, `{"n":"Anna"}`, false}, {5, `{"names":["Anna"]}`, false}, {0, `{}`, false}, {-1, `{}`, false}, {3, `{"name":5}`, false}, {3, `nonsense`, false},
	} {
		c, err := DecodeCommand(op, x.v, []byte(x.args))
		if (err == nil) != x.ok {
			t.Errorf("version %d %s: %v", x.v, x.args, err)
			continue
		}
		if g, ok := c.(greet); x.ok && (!ok || len(g.Names) != 1 || g.Names[0] != "Anna") {
			t.Errorf("version %d: %+v", x.v, c)
		}
	}
	delete(upgrades[op], 3)
	if _, err := DecodeCommand(op, 2, []byte(`{"n":"Anna"}`)); err == nil {
		t.Error("a step is missing and nobody says so")
	}
}

// Every op whose arguments changed has the steps from the two versions before.
func TestEveryOlderVersionHasItsStep(t *testing.T) {
	for op, info := range Ops {
		for v := max(1, info.V-Versions+1); v < info.V; v++ {
			if upgrades[op][v] == nil {
				t.Errorf("%s has no step from version %d", op, v)
			}
		}
	}
}
