package sheets

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// shown are the sentences of the sheets about the program, each with the tests that show it.
var shown = map[string][]string{
	"Time is recorded only between a start and a stop that the person gives.":                                                                                     {"TestArrow1_StoppedToTracking", "TestT12_QuitEndsTracking"},
	"While time runs, four numbers a minute are counted: keys, clicks, scrolls, and seconds in which the pointer moved.":                                          {"TestT06_OnlyFourNumbersLeave", "TestT06_Minutes"},
	"Which key was pressed, what was typed, window titles and addresses are never recorded: nothing but those four numbers leaves the counter.":                   {"TestT06_OnlyFourNumbersLeave", "TestT06_CountsHoldNumbersOnly"},
	"Where the system does not let input be counted, the counts are blank and not zero.":                                                                          {"TestT06_WaylandCountsAreBlank", "TestT06_NoCounterIsNotZero"},
	"The activity level is the share of minutes with input; it changes no pay by itself.":                                                                         {"TestT06_ActivityLevel", "TestT19_AmountIsExact"},
	"Without input for the idle time of the contract the time ends at the last input, and the person decides about the gap; what is not answered is not counted.": {"TestT10_WhenIdleBegins", "TestT10_QuestionIsAnswered", "TestT10_QuestionWaits"},
	"A memo and an activity are what the person writes or picks.":                                                                                                 {"TestT17_WhoMayMark", "TestT17_MemoAndActivityInBulk"},
	"Screenshots are none, blurred or full, as the contract says; with none, no picture is ever taken.":                                                           {"TestT07_AShotFollowsThePolicy", "TestT07_NoneGrabsNothing"},
	"There is at most one for each ten minutes, at a random moment.":                                                                                              {"TestT07_TheMomentIsUniform", "TestT07_EachSecondIsAlikeLikely"},
	"The person sees each picture first, for ten seconds or up to ten minutes, and can delete it before it leaves; nothing of it stays.":                          {"TestT07_TenSecondsAloneLetItGo", "TestT07_PreviewIsChosen", "TestT07_DeletedWithoutTrace"},
	"Blurring keeps a picture of 32 by 18 dots and nothing else.":                                                                                                 {"TestT07_BlurKeepsOnlyTheSeed"},
	"Deleting a picture later takes the tracked time of its ten minutes along; who deleted it and when stays.":                                                    {"TestT08_BytesGoWithTheTime", "TestT08_DeletedTimeIsGone"},
	"Each look at a picture by somebody else is written down by name and shown to the person.":                                                                    {"TestT09_WhoLooked", "TestT09_LooksReachTheFreelancer", "TestT09_NoPictureLeavesUnseen"},
	"The client and the freelancer of a contract see the diary of that contract; nobody else does.":                                                               {"TestU01_AccessTable"},
	"A client never sees on which other contracts a freelancer works.":                                                                                            {"TestT13_ClientsSeeWhatIsLeftToThem"},
	"Only the freelancer changes memos and deletes time; the client changes activities while the review lasts.":                                                   {"TestT17_WhoMayMark"},
	"Both sides can check that nothing of a closed week was changed.":                                                                                             {"TestT16_BothSidesVerifyAClosedWeek", "TestT16_TamperingIsFound"},
	"Pictures and counts are kept for 90 days after their week, or as the contract says, 7 to 365; then they go from the service and from both computers.":        {"TestW27_HowLongPicturesAreKept", "TestW27_PicturesGoWhenTheirTimeIsOver", "TestW27_BothDesktopsForget"},
	"The person can export all of their own time at any time, also what was not sent yet.":                                                                        {"TestA15_Layouts", "TestT21_ExportHoldsEverything"},
	"No picture leaves before the person could see and delete it.":                                                                                                {"TestT07_TenSecondsAloneLetItGo", "TestT07_DeletedWithoutTrace"},
	"There is no mode in which nothing shows that time runs: the tray and the window say so.":                                                                     {"TestD03_Face", "TestD03_Icons"},
}

// titles of the parts whose every line must be shown.
var held = []string{"### What is recorded", "### Screenshots", "### Who sees what", "### How long", "## What it can record", "## What it cannot do"}

// T-09, tracker.md §14.7: no sheet says of the program what no test shows.
func TestT09_SheetsSayWhatTestsShow(t *testing.T) {
	tests := testNames(t)
	said := map[string]bool{}
	for _, s := range All {
		part := ""
		for line := range strings.Lines(s.Text) {
			line = strings.TrimSpace(line)
			if strings.HasPrefix(line, "#") {
				part = line
			}
			claim, ok := strings.CutPrefix(line, "- ")
			if !ok || !slices.Contains(held, part) || strings.Contains(claim, "[") {
				continue // what stands in brackets is the reader's
			}
			said[claim] = true
			if len(shown[claim]) == 0 {
				t.Errorf("%s: no test is named for %q", s.ID, claim)
			}
		}
	}
	for claim, list := range shown {
		if !said[claim] {
			t.Errorf("no sheet says %q any more", claim)
		}
		for _, name := range list {
			if !tests[name] {
				t.Errorf("%q is to be shown by %s, which is not there", claim, name)
			}
		}
	}
	if _, ok := Find("works-council"); !ok {
		t.Error("the works council's sheet is not found by its id")
	}
	if _, ok := Find("other"); ok {
		t.Error("a sheet that is none is found")
	}
}

// testNames are the names of all tests of this module.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	name := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	for _, dir := range []string{"..", filepath.Join("..", "..", "app")} {
		err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || !strings.HasSuffix(path, "_test.go") {
				return err
			}
			body, err := os.ReadFile(path)
			for _, m := range name.FindAllStringSubmatch(string(body), -1) {
				out[m[1]] = true
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}
