package timesheet

import (
	"fmt"
	"strconv"

	"golang.org/x/text/currency"
)

// Decimals is how many digits a currency has behind the point: 2 for EUR, 0 for JPY, 3 for KWD. The table is that of the Unicode CLDR, which
// the window's own Intl reads as well; a currency it does not know has 2.
func Decimals(code string) int {
	u, err := currency.ParseISO(code)
	if err != nil {
		return 2
	}
	n, _ := currency.Standard.Rounding(u)
	return n
}

// Minor writes minor units of a currency as a number with the digits that currency has: 5200 is "52.00" in EUR, "5200" in JPY and "5.200" in
// KWD.
func Minor(n int64, code string) string {
	digits := Decimals(code)
	if digits == 0 {
		return strconv.FormatInt(n, 10)
	}
	sign, one := "", int64(1)
	if n < 0 {
		sign, n = "-", -n
	}
	for range digits {
		one *= 10
	}
	return fmt.Sprintf("%s%d.%0*d", sign, n/one, digits, n%one)
}
