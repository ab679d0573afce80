package app

import (
	"context"

	"trestle/internal/workroom"
)

// contract tells that the other side answered an offer, or changed the activities of the contract.
func (n *noticeBoard) contract(id workroom.ContractID) {
	c, row, err := n.s.contract(string(id))
	if err != nil || row.Waits() {
		return
	}
	was, known := n.known[id]
	n.known[id] = offerStage(c)
	changed, turned := n.activities(id), n.turned(id, c)
	if !known {
		return
	}
	place := "contract/" + string(id) + "/overview"
	if text := offerNews(c, n.s.me()); text != "" && (was == workroom.Offered || was == askedStage) && was != offerStage(c) && row.By != n.s.me() {
		to := place
		if c.Status == workroom.Offered || c.Status == workroom.Refused { // the question is in the room, and so is how it ended
			to = "room/" + string(c.Room)
		}
		n.s.core.tellOf(workroom.TopicOffers, c.Title, text, to)
	}
	for _, x := range changed {
		n.s.core.tellOf(workroom.TopicContract, c.Title, activityNews(x), place)
	}
	for _, text := range turned {
		n.s.core.tellOf(workroom.TopicContract, c.Title, text, place)
	}
}

// activities takes the activities of a contract as known, and answers those the other side changed since.
func (n *noticeBoard) activities(id workroom.ContractID) []*workroom.Activity {
	rows, err := n.s.replica.All(context.Background(), workroom.ContractScope(id), workroom.KindActivity)
	if err != nil {
		return nil
	}
	was, now := n.codes[id], map[string]int64{}
	var out []*workroom.Activity
	for _, r := range rows {
		now[r.ID] = r.Rev
		if a, ok := r.Thing.(*workroom.Activity); ok && was != nil && now[r.ID] > was[r.ID] && !r.Waits() && r.By != n.s.me() {
			out = append(out, a)
		}
	}
	n.codes[id] = now
	return out
}

// askedStage is that of an offer somebody asked about.
const askedStage workroom.Status = "asked"

// offerStage is the status of a contract, or that somebody asked about the offer.
func offerStage(c *workroom.Contract) workroom.Status {
	if c.Status == workroom.Offered && c.Asker != "" {
		return askedStage
	}
	return c.Status
}

// offerNews words what became of an offer for one of the two it is between, "" while there is nothing to tell.
func offerNews(c *workroom.Contract, me workroom.AccountID) string {
	switch mine := c.Client == me; {
	case c.Status == workroom.Offered && c.Asker != "" && mine:
		return c.AskerName + " is here to ask about the offer."
	case c.Status == workroom.Offered:
		return ""
	case c.Status != workroom.Refused:
		return c.FreelancerName + " accepted the offer."
	case c.Over == workroom.OfferLapsed:
		return "The offer has lapsed."
	case c.Over == workroom.OfferWithdrawn && mine:
		return ""
	case c.Over == workroom.OfferWithdrawn:
		return c.ClientName + " withdrew the offer."
	case mine:
		return "The offer was declined."
	}
	return ""
}

// activityNews words how an activity stands.
func activityNews(a *workroom.Activity) string {
	if a.Archived != 0 {
		return "The activity " + a.Code + " was archived."
	}
	return "The activity " + a.Code + " is there to choose."
}
