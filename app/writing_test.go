package app

import "testing"

// K-02: what Enter does is the account's own. A device begins as it is set, what is chosen on one holds on the other, and other settings stay
// each device's.
func TestK02_EnterOnEachDevice(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	one := h.desk("Esme")
	two := openDesk(t, testDirs(t))
	set := func(c *Core, change func(*Settings)) {
		t.Helper()
		in := c.boot().Settings
		change(&in)
		if _, err := (&Shell{c}).Set(in); err != nil {
			t.Fatal(err)
		}
	}
	// Before anybody is here it is the computer's.
	set(two, func(s *Settings) { s.EnterSend = false })
	if _, err := (&Start{two}).SignIn(SignInIn{Address: h.url, Email: "esme@x.example", Password: secretOfTests}); err != nil {
		t.Fatal(err)
	}
	arrived(t, two)
	if one.boot().Settings.EnterSend == two.boot().Settings.EnterSend {
		t.Fatal("nobody chose yet, so each does as it is set")
	}
	set(one, func(s *Settings) { s.Theme, s.EnterSend = "dark", false })
	set(one, func(s *Settings) { s.EnterSend = true })
	eventually(t, "Enter sends on the other device too", func() bool { return two.boot().Settings.EnterSend })
	if theme := two.boot().Settings.Theme; theme != "system" {
		t.Errorf("the other device is %s too", theme)
	}
	set(two, func(s *Settings) { s.EnterSend = false })
	if two.boot().Settings.EnterSend {
		t.Error("what was chosen does not hold here at once")
	}
	eventually(t, "Enter makes a line on the first device", func() bool { return !one.boot().Settings.EnterSend })
	arrived(t, one)
	set(one, func(s *Settings) { s.Theme = "light" })
	if p, _, err := one.session.profile(); err != nil || p.Enter != "line" || one.boot().Settings.EnterSend {
		t.Errorf("after another setting: %+v %v", p, err)
	}
}
