package contact

import "strings"

var (
	// nameHosts are networks whose members write to each other: a page of theirs is a name to write to (P-02 f). See profile.
	nameHosts = words("facebook.com fb.com instagram.com x.com twitter.com tiktok.com threads.net vk.com weibo.com ok.ru reddit.com pinterest.com xing.com")
	// notProfiles are first parts of a path there that are nobody's page.
	notProfiles = words("p reel reels tv stories explore hashtag search share sharer intent watch groups events pages page business ads marketplace gaming help policies legal about privacy terms login signup home settings messages i r video videos photo photos posts status dialog plugins developers pin ideas photo.php story.php permalink.php")
	// shows are words of which a sentence says that a page is work, or belongs to it (P-11).
	shows = words("project projects shop store client clients client's customer campaign brand brands design designed redesign redesigned made built sample samples example examples feed bakery restaurant company business pictures photos style inspiration reference competitor competitors work works worked portfolio case did managed ran grew posts")
)

// profile reports whether an address on a network whose members write to each other is somebody's own page there. Such a page is a name on an
// application with messages (P-02 f), while a project's address is always fine (P-11), and a bare address may be either. So it counts where
// nothing beside it says what it is for, where somebody calls it theirs, and where they ask to be written to there; not where the sentence says
// that it is work, a client's page or a sample, and never for what lies deeper than a person's page, such as one picture or a group. Who means
// a sample and says nothing is asked, and has two reasons at hand; who hands over their page before a contract cannot do it by saying nothing.
func (s *scan) profile(x webAddress, first, rest string) bool {
	first, _, _ = strings.Cut(first, "?")
	rest, _, _ = strings.Cut(rest, "?")
	if first == "" || notProfiles[first] || strings.HasPrefix(first, "#") || strings.Trim(rest, "/") != "" && first != "user" && first != "u" && first != "profile" && first != "in" {
		return false
	}
	k, after := s.nth[x.from], s.nth[x.to]+1
	if s.near(k, 6, mine) || s.ahead(after, 2, dmWords) {
		return true
	}
	return !s.near(k, 10, shows) && !s.near(k, 10, rework) && !s.ahead(after, 10, shows)
}
