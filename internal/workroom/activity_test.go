package workroom

import "testing"

// the client's list of codes and what of it stands on contracts.
func TestA02_ACodeStandsOnceInTheList(t *testing.T) {
	x := active(t)
	set := func(who AccountID, c SetActivity) *Refusal { return x.do(t, who, "s", noon, c) }
	list := func(id string) *ActivityCode {
		o, _ := x.rows[Ref{AccountScope(cli), KindCode, id}].(*ActivityCode)
		return o
	}
	on := func(id string) *Activity {
		o, _ := x.rows[Ref{ContractScope(kon), KindActivity, id}].(*Activity)
		return o
	}
	if list("map") == nil || list("review") == nil {
		t.Fatal("the codes of an offer are not in the list")
	}
	wantCode(t, "a new one, on no contract", set(cli, SetActivity{ID: "qa", Code: "QA", Who: cli}), "")
	if list("qa") == nil || on("qa") != nil {
		t.Error("it stands on a contract")
	}
	r := set(cli, SetActivity{ID: "qa2", Code: "qa", Who: cli})
	wantCode(t, "the same in another case", r, CodeTaken)
	if r != nil && r.Text != "There is already an activity called QA." {
		t.Errorf("it does not say which: %s", r.Text)
	}
	wantCode(t, "the same on a contract", set(cli, SetActivity{Contract: kon, ID: "qa2", Code: "Qa", Who: cli}), CodeTaken)
	wantCode(t, "renaming to a taken one", set(cli, SetActivity{ID: "qa", Code: "map screen", Who: cli}), CodeTaken)
	wantCode(t, "another's list", set(free, SetActivity{ID: "mine", Code: "Mine", Who: cli}), NoAccess)
	wantCode(t, "the freelancer on the contract", set(free, SetActivity{Contract: kon, ID: "mine", Code: "Mine", Who: free}), ClientOnly)
	wantCode(t, "a stranger on the contract", set(odd, SetActivity{Contract: kon, ID: "mine", Code: "Mine", Who: odd}), NoAccess)

	wantCode(t, "assigning", set(cli, SetActivity{Contract: kon, ID: "qa", Code: "QA", Who: cli, Here: true}), "")
	if a := on("qa"); a == nil || a.Archived != 0 {
		t.Error("not assigned")
	}
	wantCode(t, "taking it off", set(cli, SetActivity{Contract: kon, ID: "qa", Code: "QA", Who: cli, Here: true, Archived: true}), "")
	if a := on("qa"); a.Archived == 0 || !a.Off || list("qa").Archived != 0 {
		t.Errorf("taken off: %+v, list %+v", on("qa"), list("qa"))
	}
	wantCode(t, "archiving everywhere", set(cli, SetActivity{Contract: kon, ID: "qa", Code: "QA", Who: cli, Archived: true}), "")
	if list("qa").Archived == 0 || !on("qa").Off {
		t.Error("it is not archived, or forgot that it was taken off")
	}
	wantCode(t, "assigning an archived one", set(cli, SetActivity{Contract: kon, ID: "qa", Code: "QA", Who: cli, Here: true}), ActivityGone)
	r = set(cli, SetActivity{ID: "qa3", Code: "QA", Who: cli})
	wantCode(t, "an archived one's name", r, CodeTaken)
	if r != nil && r.Text != "There is already an archived activity called QA. Restore that one." {
		t.Error(r.Text)
	}
	wantCode(t, "restoring", set(cli, SetActivity{Contract: kon, ID: "qa", Code: "QA", Who: cli}), "")
	if list("qa").Archived != 0 || on("qa").Archived != 0 || on("qa").Off {
		t.Error("not restored")
	}
}

// Codes of before there was a list stand on contracts under ids of their own. They go into the list when they are changed; where it has the
// same one already they stay as they are, and nothing is refused.
func TestA03_OldCodesFindTheirWayIntoTheList(t *testing.T) {
	x := active(t)
	for _, id := range []string{"map", "review"} {
		delete(x.rows, Ref{AccountScope(cli), KindCode, id})
	}
	x.rows[Ref{AccountScope(cli), KindCode, "other"}] = &ActivityCode{Code: "REVIEW", Made: 1}
	wantCode(t, "one that is not in the list", x.do(t, cli, "s", noon, SetActivity{Contract: kon, ID: "map", Code: "Map screen", About: "new", Who: cli}), "")
	if o, _ := x.rows[Ref{AccountScope(cli), KindCode, "map"}].(*ActivityCode); o == nil || o.About != "new" {
		t.Errorf("not in the list: %+v", o)
	}
	wantCode(t, "one the list has under another id", x.do(t, cli, "s", noon, SetActivity{Contract: kon, ID: "review", Code: "Review", About: "new", Who: cli}), "")
	if _, there := x.rows[Ref{AccountScope(cli), KindCode, "review"}]; there {
		t.Error("the list has it twice")
	}
	if a := x.rows[Ref{ContractScope(kon), KindActivity, "review"}].(*Activity); a.About != "new" {
		t.Errorf("the contract's is not changed: %+v", a)
	}
}

func TestA02_ShapesOfACode(t *testing.T) {
	for _, c := range []struct {
		name string
		c    SetActivity
		want Code
	}{
		{"nobody's and nowhere", SetActivity{ID: "a", Code: "A"}, BadInput},
		{"assigned to nothing", SetActivity{ID: "a", Code: "A", Who: cli, Here: true}, BadInput},
		{"no code", SetActivity{ID: "a", Who: cli}, BadInput},
		{"a long code", SetActivity{ID: "a", Code: "123456789012345678901234567890123", Who: cli}, BadInput},
		{"a line break", SetActivity{ID: "a", Code: "a\nb", Who: cli}, BadInput},
		{"on the list alone", SetActivity{ID: "a", Code: "A", Who: cli}, ""},
		{"as older programs say it", SetActivity{Contract: kon, ID: "a", Code: "A"}, ""},
	} {
		wantCode(t, c.name, c.c.Check(), c.want)
	}
}

// a code that reads like another is refused when it is added or renamed: a client could not tell the two apart. Those that stood beside one
// another before stay, and can be described, archived, restored and assigned.
func TestA02_CodesThatReadAlike(t *testing.T) {
	x := active(t)
	set := func(c SetActivity) *Refusal { c.Who = cli; return x.do(t, cli, "s", noon, c) }
	wantCode(t, "a code", set(SetActivity{ID: "road", Code: "Straße"}), "")
	wantCode(t, "on a contract", set(SetActivity{Contract: kon, ID: "road", Code: "Straße", Here: true}), "")
	for _, twin := range []string{"STRASSE", "Straße\u200b", "Stra\u00adße", "Ｓtraße", "Straße\ufe0f"} {
		r := set(SetActivity{ID: "new", Code: twin})
		wantCode(t, "in the list: "+twin, r, CodeTaken)
		if r != nil && (r.Text != "There is already an activity called Straße." || r.Field != "code") {
			t.Errorf("%+q: %+v", twin, r)
		}
		wantCode(t, "on the contract: "+twin, set(SetActivity{Contract: kon, ID: "new", Code: twin, Here: true}), CodeTaken)
		wantCode(t, "from an older program: "+twin, x.do(t, cli, "s", noon, SetActivity{Contract: kon, ID: "new", Code: twin}), CodeTaken)
		wantCode(t, "renamed: "+twin, set(SetActivity{Contract: kon, ID: "map", Code: twin}), CodeTaken)
		offer := CreateContract{Contract: "other", Who: cli, Name: "Mara", Room: "roads", Title: "Roads", Self: true, Terms: goodOffer().Terms,
			Activities: []NewActivity{{ID: "new", Code: twin}}}
		wantCode(t, "in a new contract: "+twin, x.do(t, cli, "other", noon, offer), CodeTaken)
		offer.Activities = append(offer.Activities, NewActivity{ID: "road", Code: "Straße"})
		wantCode(t, "twice in a new contract: "+twin, offer.Check(), CodeTaken)
	}
	wantCode(t, "its own spelling", set(SetActivity{ID: "road", Code: "STRASSE"}), "")
	wantCode(t, "and back", set(SetActivity{ID: "road", Code: "Straße"}), "")

	x.rows[Ref{AccountScope(cli), KindCode, "twin"}] = &ActivityCode{Code: "Strasse", Made: 1}
	x.rows[Ref{ContractScope(kon), KindActivity, "twin"}] = &Activity{Code: "Strasse", Made: 1}
	for _, id := range []ActivityID{"road", "twin"} {
		code := map[ActivityID]string{"road": "Straße", "twin": "Strasse"}[id]
		wantCode(t, "described", set(SetActivity{Contract: kon, ID: id, Code: code, About: "a"}), "")
		wantCode(t, "archived", set(SetActivity{Contract: kon, ID: id, Code: code, Archived: true}), "")
		wantCode(t, "restored", set(SetActivity{Contract: kon, ID: id, Code: code}), "")
		wantCode(t, "taken off", set(SetActivity{Contract: kon, ID: id, Code: code, Here: true, Archived: true}), "")
		delete(x.rows, Ref{ContractScope(kon), KindActivity, string(id)})
		wantCode(t, "assigned", set(SetActivity{Contract: kon, ID: id, Code: code, Here: true}), "")
	}
}
