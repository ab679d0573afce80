package app

import "strings"

// emptyChoice takes out of a list of choices the one of saying nothing, which nobody can type.
var emptyChoice = strings.NewReplacer(`must be one of "",`, `must be one of `, `,"" but got`, ` but got`)

// misread says what of a command line could not be read.
func misread(err error) *Failure {
	return Fail(CodeBadInput, emptyChoice.Replace(oneLine(err.Error())))
}
