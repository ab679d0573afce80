package contact

var (
	payWords  = words("pay paying paid payment payments send transfer wire money deposit fee invoice charge")
	payOther  = words("paypal venmo zelle cashapp payoneer wise skrill bitcoin btc crypto cryptocurrency usdt ethereum bizum revolut westernunion moneygram neteller paytm upi gpay")
	upfront   = words("upfront advance registration security training onboarding processing verification refundable equipment application")
	feeWords  = words("fee fees deposit payment payments charge cost")
	giftVerbs = words("buy purchase send get bring scratch pick")
	personal  = words("lets let's me you us your my i we")
	payVerbs  = words("pay send transfer")
	offBooks  = words("outside off without avoid skip bypass avoiding saving save")
	buildPay  = words("integrate integration implement api checkout gateway plugin button support setup configure module sdk webhook endpoint flow test sandbox screen page field table column feature")
)

// payments finds words that ask for money before a contract or past its ledger.
func (s *scan) payments() {
	for k := range s.words {
		w := s.w(k)
		switch {
		case payOther[w] || w == "cash" && s.w(k+1) == "app" || w == "western" && s.w(k+1) == "union" || w == "bank" && s.w(k+1) == "transfer":
			if s.near(k, 6, payWords) && s.near(k, 7, personal) && !s.near(k, 6, buildPay) && !s.ahead(k+1, 3, buildPay) {
				s.hitPay(Payment, k, 6, payWords, k+boolInt(!payOther[w]))
			}
		case w == "gift" && (s.w(k+1) == "card" || s.w(k+1) == "cards") && !s.stopped(k+1) && s.near(k, 6, feeWords) && s.near(k, 8, payVerbs):
			if !s.near(k, 8, buildPay) && !s.near(k, 8, denied) {
				s.hitPay(Payment, k, 8, payVerbs, k+1)
			}
		case w == "gift" && (s.w(k+1) == "card" || s.w(k+1) == "cards") && !s.stopped(k+1):
			if s.near(k, 5, giftVerbs) && (s.near(k, 6, personal) || s.ahead(k+2, 6, personal)) && !s.near(k, 6, buildPay) && !s.near(k, 6, denied) {
				s.hitPay(Payment, k, 5, giftVerbs, k+1)
			}
		case feeWords[w] && upfront[s.w(k-1)] && !s.stopped(k), w == "front" && s.w(k-1) == "up" && s.near(k, 6, payWords) && !s.stopped(k):
			if (s.near(k, 6, needing) || s.near(k, 6, personal) || s.ahead(k+1, 5, personal)) && !s.near(k, 6, buildPay) && !s.near(k, 5, denied) {
				s.hitWords(Payment, k-1, k)
			}
		case w == "upfront" && s.near(k, 5, payWords) && s.near(k, 6, personal) && !s.near(k, 6, buildPay) && !s.near(k, 5, denied):
			s.hitPay(Payment, k, 5, payWords, k)
		case offBooks[w] && !s.stopped(k+1):
			s.pastLedger(k)
		}
	}
}

var (
	needing = words("need require required pay small first requires must send")
	denied  = words("no never not without users customers customer user don't shop store their they won't")
	books   = words("platform trestle contract ledger books fee fees commission upwork site app tax")
)

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// hitPay marks from the first word of a set within n words before up to a word.
func (s *scan) hitPay(kind Kind, k, n int, from set, to int) {
	j := k
	for x := 1; x <= n && !s.stopped(k-x+1); x++ {
		if from[s.w(k-x)] {
			j = k - x
		}
	}
	s.hitWords(kind, j, to)
}

// pastLedger judges "pay outside the platform", "avoid the fees".
func (s *scan) pastLedger(k int) {
	j := k + 1
	for n := 0; n < 3 && !books[s.w(j)] && ofThe[s.w(j)] && !s.stopped(j); n++ {
		j++
	}
	if !books[s.w(j)] || s.stopped(j) {
		return
	}
	w := s.w(k)
	switch {
	case w == "avoid" || w == "skip" || w == "bypass" || w == "avoiding" || w == "save" || w == "saving":
		if !fees[s.w(j)] || !s.near(k, 8, payWords) && !s.near(k, 8, personal) && !s.stopped(k) || s.near(k, 6, denied) || s.near(k, 6, buildPay) || s.ahead(j+1, 2, buildPay) {
			return
		}
		s.hitWords(PastLedger, k, j)
	case s.near(k, 6, payWords) && !s.near(k, 6, buildPay) && !s.near(k, 3, denied):
		s.hitPay(PastLedger, k, 6, payWords, j)
	}
}

var fees = words("fee fees commission")
