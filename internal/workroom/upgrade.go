package workroom

import "fmt"

// Versions is how many versions of a command's arguments are understood: the present one and the two before it, so that a program of a year
// ago is served (sync.md §14).
const Versions = 3

// upgrade turns the arguments of one version into those of the next.
type upgrade func(args []byte) ([]byte, error)

// upgrades has, for each op whose arguments changed, the step from each older version. A change of an op's arguments raises its V in Ops and
// adds a step here, in the same commit; steps are only ever added.
var upgrades = map[Op]map[int]upgrade{
	OpSetPref: {1: upgradePref},
}

// upgraded brings arguments of an older version up to the present one.
func upgraded(op Op, v, now int, args []byte) ([]byte, error) {
	if v > now || v <= now-Versions {
		return nil, fmt.Errorf("command %s has version %d, this program knows %d to %d", op, v, max(1, now-Versions+1), now)
	}
	for ; v < now; v++ {
		step, ok := upgrades[op][v]
		if !ok {
			return nil, fmt.Errorf("command %s of version %d is not known any more", op, v)
		}
		var err error
		if args, err = step(args); err != nil {
			return nil, fmt.Errorf("read command %s of version %d: %w", op, v, err)
		}
	}
	return args, nil
}
