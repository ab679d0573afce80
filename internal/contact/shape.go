package contact

import "strings"

// shaped reports whether groups look like the numbers of a country, without any word near that says so.
func shaped(g []group, all string) bool {
	n := make([]int, len(g))
	dots := true
	for i, x := range g {
		n[i] = len(x.s)
		dots = dots && (i == 0 || x.sep == ".")
	}
	is := func(want ...int) bool {
		if len(n) != len(want) {
			return false
		}
		for i := range n {
			if n[i] != want[i] {
				return false
			}
		}
		return true
	}
	head := func(digits string) bool { return strings.ContainsRune(digits, rune(all[0])) }
	switch {
	case isIP(g) || isHours(g):
		return false
	case is(3, 3, 4), is(1, 3, 3, 4):
		a, seps := all, ""
		for _, x := range g {
			seps += x.sep
		}
		if strings.Contains(seps, " / ") {
			return false
		}
		if len(n) == 4 {
			if all[0] != '1' {
				return false
			}
			a = all[1:]
		}
		return a[0] >= '2' && a[3] >= '2'
	case is(3, 2, 2, 2):
		return head("679")
	case is(5, 5):
		return head("6789")
	case is(2, 5, 4), is(2, 4, 4):
		return strings.Contains(g[2].sep, "-") && strings.TrimSpace(g[1].sep) != "-"
	case all[0] != '0' && (is(3, 7) || is(3, 6, 0)):
		return head("3") && strings.TrimSpace(g[1].sep) == ""
	case is(2, 10): // India with its country
		return g[0].s == "91" && all[2] >= '6'
	case is(3, 4, 4) && all[0] != '0': // China, Brazil without its area
		return all[0] == '1' && all[1] >= '3' && strings.TrimSpace(g[1].sep+g[2].sep) != "."
	case is(1, 3, 3, 2, 2): // Russia
		return head("8")
	}
	if all[0] != '0' || all[1] == '0' || dots && len(g) > 1 && len(g) != 5 || len(g) == 1 && strings.HasPrefix(all, "01234") {
		return false
	}
	if len(g) == 1 {
		return len(all) >= 10 && len(all) <= 12
	}
	return n[0] >= 2 && n[0] <= 5 && len(all) >= 9 && len(all) <= 12
}

// isDay reports whether eight digits are a day such as 20260501.
func isDay(s string) bool {
	return len(s) == 8 && (s[:2] == "19" || s[:2] == "20") && s[4:6] >= "01" && s[4:6] <= "12" && s[6:] >= "01" && s[6:] <= "31"
}

func isIP(g []group) bool {
	for i, x := range g {
		if len(x.s) > 3 || i > 0 && x.sep != "." {
			return false
		}
	}
	return len(g) == 4
}

// isHours reports whether all groups are times such as 0900 and 1730.
func isHours(g []group) bool {
	for _, x := range g {
		if len(x.s) != 4 || x.s[:2] > "24" || x.s[2:] > "59" {
			return false
		}
	}
	return true
}

// dull reports whether a number has at most two different digits: a pattern, not a number anybody has.
func dull(all string) bool {
	seen := map[rune]bool{}
	for _, c := range all {
		seen[c] = true
	}
	return len(seen) <= 2
}

// decimals reports whether groups are numbers with a point, one after another: 0.1 0.2 0.3.
func decimals(g []group) bool {
	for i, x := range g {
		if i > 0 && (x.sep == ".") != (i%2 == 1) {
			return false
		}
	}
	return len(g) >= 4 && len(g)%2 == 0
}

// rising reports whether groups count: 1 2 3 4, 01 02 03.
func rising(g []group) bool {
	if len(g) < 4 {
		return false
	}
	last := -1
	for i, x := range g {
		v := 0
		for _, c := range x.s {
			v = v*10 + int(c-'0')
		}
		if i > 0 && v != last+1 {
			return false
		}
		last = v
	}
	return true
}

// fictional reports the numbers that films and forms show: (555) 123-4567.
func fictional(all string) bool {
	return len(all) == 10 && all[:3] == "555" || len(all) == 11 && all[:4] == "1555"
}
