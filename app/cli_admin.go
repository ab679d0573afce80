package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"trestle/internal/service"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// adminCmd is what a service's administrator decides, while it runs or not.
type adminCmd struct {
	At string `env:"TRESTLE_ADMIN_AT" help:"Operator's address of a running service (serve --admin); without it the service must not run, and its data are changed here." placeholder:"URL"`
	DB string `name:"db" env:"TRESTLE_DB" help:"Database of a service that does not run: sqlite:FILE or postgres://…; a file in the data folder by default." placeholder:"ADDRESS"`

	Contact  adminContactCmd  `cmd:"" help:"Choose what happens to contact details before a contract: ask, refuse or off."`
	Business adminBusinessCmd `cmd:"" help:"Mark an account as a Business client, which is free of that rule, or take the mark away."`
	Reports  adminReportsCmd  `cmd:"" help:"List, look at and decide what people reported."`
	Suspend  adminSuspendCmd  `cmd:"" help:"Suspend an account, or let it in again."`
}

type adminContactCmd struct {
	Mode string `arg:"" help:"ask: held back until a reason is named; refuse: only for legal papers, access for scoping and portfolios; off." enum:"ask,refuse,off"`
}

// Run chooses the mode.
func (c adminContactCmd) Run(r *run, a *adminCmd) error {
	mode := workroom.ContactMode(c.Mode)
	err := a.do(r, "/contact", service.ContactIn{Mode: mode}, func(ctx context.Context, s *service.Service) error {
		return s.SetContactMode(ctx, mode)
	})
	if err != nil {
		return err
	}
	return r.print(map[string]string{"contact": c.Mode}, func(w io.Writer) { fmt.Fprintf(w, "Contact details before a contract: %s.\n", c.Mode) })
}

type adminBusinessCmd struct {
	Email string `arg:"" help:"E-mail address of the account."`
	Off   bool   `help:"Take the mark away."`
}

// Run sets the mark.
func (c adminBusinessCmd) Run(r *run, a *adminCmd) error {
	err := a.do(r, "/business", service.BusinessIn{Email: c.Email, On: !c.Off}, func(ctx context.Context, s *service.Service) error {
		return s.SetBusiness(ctx, c.Email, !c.Off)
	})
	if err != nil {
		return err
	}
	return r.print(map[string]any{"email": c.Email, "business": !c.Off}, func(w io.Writer) {
		if c.Off {
			fmt.Fprintf(w, "%s is no Business client any more.\n", plain(c.Email))
			return
		}
		fmt.Fprintf(w, "%s is a Business client.\n", plain(c.Email))
	})
}

// do asks a running service at its operator's address, or changes the data of one that does not run.
func (a *adminCmd) do(r *run, path string, in any, here func(context.Context, *service.Service) error) error {
	if a.At != "" {
		return askOperator(r.ctx, a.At, path, in, nil)
	}
	return a.open(r, here)
}

// askHere is do for what has an answer.
func askHere[T any](a *adminCmd, r *run, path string, in any, here func(context.Context, *service.Service) (T, error)) (out T, err error) {
	if a.At != "" {
		return out, askOperator(r.ctx, a.At, path, in, &out)
	}
	err = a.open(r, func(ctx context.Context, s *service.Service) (err error) {
		out, err = here(ctx, s)
		return err
	})
	return out, err
}

// open works on the data of a service that does not run.
func (a *adminCmd) open(r *run, here func(context.Context, *service.Service) error) error {
	place, err := (keptIn{DB: a.DB}).place(r)
	if err != nil {
		return err
	}
	s, err := service.New(service.Config{Data: place.Data, DB: place.DB, Version: Version})
	var no *workroom.Refusal
	if errors.As(err, &no) && no.Code == service.DataInUse {
		return Fail(string(no.Code), "This service runs. Give the address it was told for its operator: trestle admin --at http://127.0.0.1:PORT …")
	}
	if err != nil {
		return err
	}
	return errors.Join(here(r.ctx, s), s.Close())
}

// askOperator asks a running service, and reads its answer into out if that is not nil.
func askOperator(ctx context.Context, at, path string, in, out any) error {
	u, err := url.Parse(at)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return Fail(CodeBadInput, "--at is an address such as http://127.0.0.1:9001.")
	}
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(at, "/")+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	q.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(q)
	if err != nil {
		return Fail("unreachable", "The service cannot be reached at its operator's address. Is it running, and was it given --admin?")
	}
	defer res.Body.Close()
	if res.StatusCode == http.StatusOK {
		if out == nil {
			return nil
		}
		if err := json.NewDecoder(res.Body).Decode(out); err != nil {
			return fmt.Errorf("read the answer of the operator's address: %w", err)
		}
		return nil
	}
	var p wire.Problem
	if err := json.NewDecoder(io.LimitReader(res.Body, 64<<10)).Decode(&p); err != nil || p.Code == "" {
		return fmt.Errorf("the operator's address answered %s", res.Status)
	}
	return Fail(string(p.Code), p.Detail)
}
