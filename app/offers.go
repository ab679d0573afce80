package app

import (
	"encoding/json"
	"os"
	"path/filepath"
)

// answeredOffer is what an offer was called when a person answered it. Until the service has the answer they hold nothing of the contract, so
// what waits or was refused could not be named otherwise.
type answeredOffer struct {
	Title  string `json:"title"`
	Client string `json:"client"`
}

func (s *Session) offersPath() string { return filepath.Join(s.dir, "offers.json") }

// offers are the offers that were answered on this computer and whose answer may still wait, by contract.
func (s *Session) offers() map[string]answeredOffer {
	out := map[string]answeredOffer{}
	if body, err := os.ReadFile(s.offersPath()); err == nil {
		_ = json.Unmarshal(body, &out)
	}
	return out
}

// maxOffers is how many names are kept: more answers than that do not wait at once.
const maxOffers = 50

// keepOffer remembers what an offer is called that is being answered.
func (s *Session) keepOffer(contract string, o answeredOffer) error {
	all := s.offers()
	for id := range all {
		if len(all) < maxOffers {
			break
		}
		delete(all, id)
	}
	all[contract] = o
	body, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return writeWhole(s.offersPath(), body, 0o600)
}
