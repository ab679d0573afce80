package app

import (
	"context"
	"fmt"
	"strings"
	"time"

	"trestle/internal/timesheet"
	"trestle/internal/workroom"
)

// turned takes what became of a contract as known, and words what the other side did since.
func (n *noticeBoard) turned(id workroom.ContractID, c *workroom.Contract) []string {
	rows, err := n.s.replica.All(context.Background(), workroom.ContractScope(id), workroom.KindTurn)
	if err != nil {
		return nil
	}
	was, now := n.turns[id], map[string]bool{}
	var out []string
	for _, r := range rows {
		t, ok := r.Thing.(*workroom.Turn)
		if !ok || r.Waits() {
			continue
		}
		now[r.ID] = true
		if was != nil && !was[r.ID] && t.By != n.s.me() {
			out = append(out, turnNews(c, t))
		}
	}
	n.turns[id] = now
	return out
}

// turnNews words one thing that became of a contract.
func turnNews(c *workroom.Contract, t *workroom.Turn) string {
	who := c.ClientName
	if t.By == c.Freelancer {
		who = c.FreelancerName
	}
	switch t.What {
	case workroom.TurnPaused:
		return who + " paused the contract."
	case workroom.TurnResumed:
		return who + " resumed the contract."
	case workroom.TurnEnded:
		return who + " ended the contract."
	case workroom.TurnRateAsked:
		return who + " asks for a lower rate: " + amountOf(c, t.Amount) + " an hour. It counts only if you agree."
	case workroom.TurnRateDeclined:
		return who + " did not agree to the lower rate."
	case workroom.TurnRateWithdrawn:
		return who + " no longer asks for a lower rate."
	case workroom.TurnApproved:
		return fmt.Sprintf("%s approved late time of the week of %s: %s h, %s.", who, weekName(t.Week), workroom.HoursMinutes(t.Seconds/60), amountOf(c, t.Amount))
	case workroom.TurnDisputed:
		return who + " disputes the week of " + weekName(t.Week) + "."
	case workroom.TurnAnswered:
		return who + " wrote in the dispute of the week of " + weekName(t.Week) + "."
	case workroom.TurnOffered:
		return fmt.Sprintf("%s offers to settle the week of %s by %s.", who, weekName(t.Week), amountOf(c, t.Amount))
	case workroom.TurnSettled:
		return fmt.Sprintf("%s accepted your offer: the week of %s is settled by %s.", who, weekName(t.Week), amountOf(c, t.Amount))
	case workroom.TurnWithdrawn:
		return who + " withdrew the dispute of the week of " + weekName(t.Week) + "."
	}
	if t.Was == nil || t.Terms == nil {
		return who + " changed the contract."
	}
	return who + " changed the terms: " + strings.Join(termNews(t), ", ") + "."
}

// weekName is a week as a sentence calls it: the day of its Monday.
func weekName(week string) string {
	w, err := workroom.ParseWeek(week)
	if err != nil {
		return week
	}
	return w.Start().Format("2 January")
}

// amountOf is money of a contract, with its sign.
func amountOf(c *workroom.Contract, n int64) string {
	sign := ""
	if n < 0 {
		sign, n = "−", -n
	}
	return sign + timesheet.Minor(n, c.Terms.Currency) + " " + c.Terms.Currency
}

// termNews words the terms that a turn changed.
func termNews(t *workroom.Turn) (out []string) {
	was, now := *t.Was, *t.Terms
	say := func(changed bool, text string, args ...any) {
		if changed {
			out = append(out, fmt.Sprintf(text, args...))
		}
	}
	limit := "no weekly limit"
	if !now.Unlimited {
		limit = "weekly limit " + workroom.HoursMinutes(now.Limit/60) + " h"
	}
	by := map[bool]string{true: "allowed", false: "not allowed"}
	say(was.Rate != now.Rate, "%s %s an hour from %s on", timesheet.Minor(now.Rate, now.Currency), now.Currency, workroom.RateFrom(t.At).Format("2 January"))
	say(was.Unlimited != now.Unlimited || was.Limit != now.Limit && !now.Unlimited, "%s", limit)
	say(was.Manual != now.Manual, "time by hand %s", by[now.Manual])
	say(was.RequireActivity != now.RequireActivity, "an activity is %s", map[bool]string{true: "required", false: "not required"}[now.RequireActivity])
	say(was.Shots != now.Shots, "screenshots: %s", now.Shots)
	say(was.IdleMinutes != now.IdleMinutes, "idle after %d minutes", now.IdleMinutes)
	say(was.Keep() != now.Keep(), "pictures kept for %d days", now.Keep())
	say(was.Review() != now.Review(), "%d days of review", now.Review()/(24*time.Hour))
	return out
}
