package app

import (
	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// unsentOfContract says what a contract, an answer to an offer, or a change of one is.
func (s *Session) unsentOfContract(row *UnsentRow, i replica.Item) {
	switch c := i.Command.(type) {
	case workroom.CreateContract:
		row.says("contract", c.Title)
	case workroom.AskOffer:
		row.What = "ask"
		s.anOffer(row, i, c.Contract, c.Secret)
	case workroom.AcceptContract:
		row.What = "accept"
		s.anOffer(row, i, c.Contract, c.Secret)
	case workroom.DeclineContract:
		row.What = "decline"
		if n, _, err := s.contract(string(c.Contract)); err == nil && n.Client == s.me() {
			row.What = "withdraw"
		}
		s.anOffer(row, i, c.Contract, c.Secret)
	case workroom.ChangeTerms:
		row.What, row.Where = "terms", s.titled(c.Contract)
	case workroom.PauseContract:
		row.What, row.Where = "resume", s.titled(c.Contract)
		if c.On {
			row.What = "pause"
		}
	case workroom.LowerRate:
		row.What, row.Where = "lower", s.titled(c.Contract)
	case workroom.ApproveTime:
		row.What, row.Where = "approve", s.titled(c.Contract)
		for _, in := range c.Of[:min(1, len(c.Of))] {
			row.From, row.Until = in.From*1000, c.Of[len(c.Of)-1].To*1000
		}
	case workroom.DisputeWeek:
		row.says("dispute", c.Text)
		row.Where = s.titled(c.Contract)
	case workroom.EndContract:
		row.says("end", c.Text)
		row.Where = s.titled(c.Contract)
	case workroom.SetActivity:
		row.says("activity", c.Code)
		if c.Contract != "" { // else it is of the list alone
			row.Where = s.titled(c.Contract)
		}
	}
}

// anOffer names the offer that was answered, and gives the way back to one that was not what the person had answered. The answer was to
// those terms alone: it cannot go again as it is, and what stands there now is read by the link, because whoever answers holds nothing of
// the contract yet.
func (s *Session) anOffer(row *UnsentRow, i replica.Item, id workroom.ContractID, secret string) {
	seen := s.offers()[string(id)]
	row.By = seen.Client
	if row.Where = s.titled(id); row.Where == "" {
		row.Where = seen.Title
	}
	if i.Code == workroom.Moved && secret != "" { // without one it is read in its room
		row.Link = s.st.public() + "/invite#" + secret
		row.Reason = "The offer changed meanwhile. Nothing was answered yet; look at it as it stands now."
	}
}

// titled names a contract, "" when it is not here.
func (s *Session) titled(id workroom.ContractID) string {
	if c, _, err := s.contract(string(id)); err == nil {
		return c.Title
	}
	return ""
}
