package app

import (
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"time"

	"trestle/internal/tracker"
	"trestle/internal/workroom"
)

// This file keeps the questions about time away over a restart: nothing of it is counted before it is answered, and it can be answered until
// the freeze of its week (T-10).

func (t *tracking) questionsPath() string { return filepath.Join(t.s.dir, "time-away.json") }

// waitingFor are the questions as they are kept: those that are open, and one without an end for somebody who is away now.
func waitingFor(s tracker.Snapshot) []tracker.Question {
	out := s.Questions
	if s.State == tracker.Away {
		out = append(out, tracker.Question{ID: newID(), From: s.Left.Unix(), Why: s.Why, Work: s.Work, FromRun: s.LeftRun})
	}
	return out
}

// keepQuestions writes the questions down when they changed.
func (t *tracking) keepQuestions() {
	list := waitingFor(t.machine.Snapshot())
	same := len(list) == len(t.kept)
	for i := range list {
		if !same {
			break
		}
		a, b := list[i], t.kept[i]
		if a.To == 0 && b.To == 0 {
			a.ID = b.ID // somebody who is away has no question yet
		}
		same = reflect.DeepEqual(a, b)
	}
	if same {
		return
	}
	t.kept = list
	if len(list) == 0 {
		if err := os.Remove(t.questionsPath()); err != nil && !errors.Is(err, os.ErrNotExist) {
			slog.Warn("forget the questions about time away", "error", traceOf(err))
		}
		return
	}
	t.noteRun()
	body, err := json.Marshal(list)
	if err == nil {
		err = writeWhole(t.questionsPath(), body, 0o600)
	}
	if err != nil {
		slog.Error("keep the questions about time away", "error", traceOf(err))
	}
}

// findQuestions brings back what waited when the program ended last.
func (t *tracking) findQuestions() {
	body, err := os.ReadFile(t.questionsPath())
	if err != nil {
		return
	}
	var list []tracker.Question
	if err := json.Unmarshal(body, &list); err != nil {
		_ = os.Rename(t.questionsPath(), t.questionsPath()+".damaged")
		slog.Error("the questions about time away are damaged and were set aside")
		return
	}
	t.kept = list
	_ = t.step(tracker.Left{Questions: list})
}

// aways are the open questions as the screens show them.
func (s *Session) aways(list []tracker.Question) []AwayView {
	out := []AwayView{}
	for _, q := range list {
		v := AwayView{ID: q.ID, From: q.From * 1000, Until: q.To * 1000, CanKeep: !q.TooLong, Contract: string(q.Work.Contract), Title: s.title(q.Work.Contract),
			Activity: string(q.Work.Activity), Memo: q.Work.Memo, Why: string(q.Why), Code: noActivity}
		if q.Work.Activity != "" {
			v.Code = s.codeOf(q.Work.Contract, q.Work.Activity)
		}
		v.Expires = workroom.WeekOf(time.Unix(q.From, 0)).FreezeAt().UnixMilli()
		out = append(out, v)
	}
	return out
}

// choiceOf is what a person chose, for one of the open questions.
func choiceOf(in AwayIn, open []tracker.Question) (tracker.Answer, error) {
	a := tracker.Answer{Question: in.Question, Choice: tracker.Discard}
	if a.Question == "" && len(open) > 0 {
		a.Question = open[0].ID
	}
	switch in.What {
	case "discard":
	case "continue":
		a.Continue = true
	case "keep":
		a.Choice = tracker.Keep
	case "assign":
		a.Choice = tracker.Assign
		a.Work = tracker.Work{Contract: workroom.ContractID(in.Contract), Activity: workroom.ActivityID(in.Activity), Memo: in.Memo}
	default:
		return a, Fail(CodeBadInput, "Choose discard, continue, keep or assign.")
	}
	return a, nil
}
