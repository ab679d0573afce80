package workroom

import "testing"

// M-09, N-05: what an account keeps about a room is set field by field; what a command does not name stays as it was.
func TestM09_APrefSetsWhatItNames(t *testing.T) {
	x := newTable()
	at := Ref{AccountScope("me"), KindPref, "r"}
	for i, c := range []struct {
		do   SetPref
		want Pref
	}{
		{SetPref{Favourite: new(true)}, Pref{Favourite: true}},
		{SetPref{Hidden: new(true), HiddenAt: 7}, Pref{Favourite: true, Hidden: true, HiddenAt: 7}},
		{SetPref{Level: new(LevelMentions)}, Pref{Favourite: true, Hidden: true, HiddenAt: 7, Level: LevelMentions}},
		{SetPref{}, Pref{Favourite: true, Hidden: true, HiddenAt: 7, Level: LevelMentions}},
		{SetPref{Hidden: new(false), HiddenAt: 9}, Pref{Favourite: true, Level: LevelMentions}},
		{SetPref{Favourite: new(false), Level: new(LevelAll)}, Pref{}},
	} {
		c.do.Room, c.do.Who = "r", "me"
		wantCode(t, "set", x.do(t, "me", "c", noon, c.do), "")
		if got := x.rows[at].(*Pref); got.Favourite != c.want.Favourite || got.Hidden != c.want.Hidden || got.HiddenAt != c.want.HiddenAt || got.Level != c.want.Level {
			t.Errorf("step %d: %+v, want %+v", i, got, c.want)
		}
	}
	wantCode(t, "another's", x.do(t, "you", "c", noon, SetPref{Room: "r", Who: "me"}), NoAccess)
	wantCode(t, "an invented level", x.do(t, "me", "c", noon, SetPref{Room: "r", Who: "me", Level: new(Level("loud"))}), BadInput)
	wantCode(t, "a number below zero", x.do(t, "me", "c", noon, SetPref{Room: "r", Who: "me", HiddenAt: -1}), BadInput)
}

// M-09: of two settings that wait, the newer takes over what only the older one names, so that folding in place loses neither.
func TestM09_JoinedPrefsLoseNothing(t *testing.T) {
	older := SetPref{Room: "r", Who: "me", Favourite: new(true), Hidden: new(true), HiddenAt: 4}
	got := SetPref{Room: "r", Who: "me", Level: new(LevelNone)}.Joined(older).(SetPref)
	if got.Favourite == nil || !*got.Favourite || got.Hidden == nil || !*got.Hidden || got.HiddenAt != 4 || got.Level == nil || *got.Level != LevelNone {
		t.Errorf("joined: %+v", got)
	}
	got = SetPref{Room: "r", Who: "me", Hidden: new(false)}.Joined(older).(SetPref)
	if got.Favourite == nil || *got.Hidden || got.HiddenAt != 0 {
		t.Errorf("the older one won: %+v", got)
	}
	if got := (SetPref{Room: "other", Who: "me"}).Joined(older).(SetPref); got.Favourite != nil {
		t.Errorf("another room's: %+v", got)
	}
}

// I21: a setting of the first version, which knew the favourite only, says now what it said then.
func TestI21_APrefOfTheFirstVersion(t *testing.T) {
	for args, want := range map[string]bool{`{"room":"r","who":"me","favourite":true}`: true, `{"room":"r","who":"me","favourite":false}`: false} {
		c, err := DecodeCommand(OpSetPref, 1, []byte(args))
		if p, ok := c.(SetPref); err != nil || !ok || p.Favourite == nil || *p.Favourite != want || p.Hidden != nil || p.Level != nil {
			t.Errorf("%s: %+v %v", args, c, err)
		}
	}
}
