package app

// The time zones come with the program: Windows has none that Go can read, and a small computer may have none at all. Quiet hours and absences
// are in the zone a person chose, which may be another than this computer's.
import _ "time/tzdata"
