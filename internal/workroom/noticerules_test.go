package workroom

import (
	"slices"
	"testing"
)

// N-03, N-04, N-06, N-07: each rule is set for itself, by nobody but its owner, so that two devices that change different ones both have
// their way.
func TestN03_SetNotices(t *testing.T) {
	night := Quiet{On: true, From: 19 * 60, To: 8 * 60, Zone: "Europe/Helsinki", Rest: []int{0, 6}}
	x := newTable()
	for i, c := range []struct {
		do   SetNotices
		want NoticeRules
	}{
		{SetNotices{Off: new(true)}, NoticeRules{Off: true}},
		{SetNotices{Topics: map[Topic]bool{TopicOffers: false, TopicLimit: false}}, NoticeRules{Off: true, Mute: []Topic{TopicLimit, TopicOffers}}},
		{SetNotices{Topics: map[Topic]bool{TopicLimit: true}, Every: new(60)}, NoticeRules{Off: true, Mute: []Topic{TopicOffers}, Every: 60}},
		{SetNotices{Quiet: &night, Seen: 9}, NoticeRules{Off: true, Mute: []Topic{TopicOffers}, Every: 60, Quiet: night, Seen: 9}},
		{SetNotices{Seen: 4}, NoticeRules{Off: true, Mute: []Topic{TopicOffers}, Every: 60, Quiet: night, Seen: 9}},
		{SetNotices{Off: new(false), Every: new(0), Quiet: &Quiet{}}, NoticeRules{Mute: []Topic{TopicOffers}, Seen: 9}},
	} {
		c.do.Who = "me"
		wantCode(t, "set", x.do(t, "me", "c", noon, c.do), "")
		got := x.rows[NoticesOf("me")].(*NoticeRules)
		if got.Off != c.want.Off || !slices.Equal(got.Mute, c.want.Mute) || got.Every != c.want.Every || got.Seen != c.want.Seen ||
			got.Quiet.On != c.want.Quiet.On || got.Quiet.From != c.want.Quiet.From || !slices.Equal(got.Quiet.Rest, c.want.Quiet.Rest) {
			t.Errorf("step %d: %+v, want %+v", i, got, c.want)
		}
	}
	for name, c := range map[string]SetNotices{
		"an invented pause":    {Every: new(7)},
		"an hour too late":     {Quiet: &Quiet{From: 24 * 60}},
		"a day that is none":   {Quiet: &Quiet{Rest: []int{7}}},
		"a day twice":          {Quiet: &Quiet{Rest: []int{1, 1}}},
		"a topic with a space": {Topics: map[Topic]bool{"a b": true}},
		"before the beginning": {Seen: -1},
	} {
		c.Who = "me"
		wantCode(t, name, x.do(t, "me", "c", noon, c), BadInput)
	}
	wantCode(t, "another's", x.do(t, "you", "c", noon, SetNotices{Who: "me", Off: new(true)}), NoAccess)
}

// N-03: of two settings that wait, the newer takes over what only the older one names, topic by topic.
func TestN03_JoinedNoticesLoseNothing(t *testing.T) {
	older := SetNotices{Who: "me", Off: new(true), Topics: map[Topic]bool{TopicLimit: false, TopicOffers: false}, Every: new(15), Quiet: &Quiet{On: true}, Seen: 8}
	got := SetNotices{Who: "me", Topics: map[Topic]bool{TopicLimit: true}, Seen: 3}.Joined(older).(SetNotices)
	if got.Off == nil || !got.Topics[TopicLimit] || got.Topics[TopicOffers] || len(got.Topics) != 2 || *got.Every != 15 || got.Quiet == nil || got.Seen != 8 {
		t.Errorf("joined: %+v", got)
	}
	if older.Topics[TopicLimit] {
		t.Error("the older one was changed in place")
	}
	if got := (SetNotices{Who: "you"}).Joined(older).(SetNotices); got.Off != nil {
		t.Errorf("another's: %+v", got)
	}
}
