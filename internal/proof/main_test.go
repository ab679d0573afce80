package proof

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"testing"
)

// childEnv carries the orders of a child process of this test program: a real desktop engine or a real service, to be killed.
const childEnv = "TRESTLE_PROOF_CHILD"

// children are the roles of child processes.
var children = map[string]func(orders json.RawMessage) error{
	"desk":   deskChild,
	"serve":  serveChild,
	"hand":   handChild,
	"fault":  faultyChild,
	"track":  trackChild,
	"upload": uploadChild,
}

type childOrders struct {
	Role   string
	Orders json.RawMessage
}

func TestMain(m *testing.M) {
	s := os.Getenv(childEnv)
	if s == "" {
		flag.Parse()
		flag.Set("test.parallel", "8") // most of what runs side by side only waits
		code := m.Run()
		if cutterDir != "" {
			os.RemoveAll(cutterDir)
		}
		os.Exit(code)
	}
	var o childOrders
	err := json.Unmarshal([]byte(s), &o)
	if err == nil {
		err = children[o.Role](o.Orders)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
