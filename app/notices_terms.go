package app

import (
	"context"
	"fmt"
	"strings"
	"time"

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
	}
	if t.Was == nil || t.Terms == nil {
		return who + " changed the contract."
	}
	return who + " changed the terms: " + strings.Join(termNews(t), ", ") + "."
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
	say(was.Rate != now.Rate, "%d.%02d %s an hour from %s on", now.Rate/100, now.Rate%100, now.Currency, workroom.RateFrom(t.At).Format("2 January"))
	say(was.Unlimited != now.Unlimited || was.Limit != now.Limit && !now.Unlimited, "%s", limit)
	say(was.Manual != now.Manual, "time by hand %s", by[now.Manual])
	say(was.RequireActivity != now.RequireActivity, "an activity is %s", map[bool]string{true: "required", false: "not required"}[now.RequireActivity])
	say(was.Shots != now.Shots, "screenshots: %s", now.Shots)
	say(was.IdleMinutes != now.IdleMinutes, "idle after %d minutes", now.IdleMinutes)
	say(was.Keep() != now.Keep(), "pictures kept for %d days", now.Keep())
	say(was.Review() != now.Review(), "%d days of review", now.Review()/(24*time.Hour))
	return out
}
