package service

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"syscall"
	"time"

	"trestle/internal/workroom"
)

// ServeConfig is a service with a listener. With TLS files it answers https; else plain HTTP, for this computer or behind a proxy.
type ServeConfig struct {
	Config
	Listen  string // host:port; port 0 takes a free one; default 127.0.0.1:0
	TLSCert string // file names, both or none
	TLSKey  string

	// Admin is the address of a second listener for the operator (Service.Admin); empty: none. It should be one of this computer. OnAdmin is told
	// its address before ready is called.
	Admin   string
	OnAdmin func(url string)
}

// Serve runs a service until the context ends, and then takes at most two seconds to finish what is being answered. ready is told the
// address once questions are answered. An error a person can act on is a *workroom.Refusal.
func Serve(ctx context.Context, cfg ServeConfig, ready func(url string)) error {
	if cfg.Listen == "" {
		cfg.Listen = "127.0.0.1:0"
	}
	secure, err := certificate(cfg)
	if err != nil {
		return err
	}
	s, err := New(cfg.Config)
	if err != nil {
		return err
	}
	l, err := listenAt(cfg.Listen)
	if err != nil {
		return errors.Join(err, s.Close())
	}
	admin := &http.Server{Handler: s.Admin(), ReadHeaderTimeout: 10 * time.Second}
	if cfg.Admin != "" {
		a, err := listenAt(cfg.Admin)
		if err != nil {
			return errors.Join(err, l.Close(), s.Close())
		}
		defer func() { _ = admin.Close() }()
		go func() { _ = admin.Serve(a) }() // ends with Close; the service goes on without it
		if cfg.OnAdmin != nil {
			cfg.OnAdmin("http://" + a.Addr().String())
		}
	}
	server := &http.Server{
		Handler: s, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	server.RegisterOnShutdown(s.hub.Close) // Shutdown would wait for streams for ever

	running, stop := context.WithCancel(ctx)
	defer stop()
	failed := make(chan error, 2)
	go func() { failed <- s.Run(running) }()
	scheme := "http"
	if secure != nil {
		scheme, l = "https", tls.NewListener(l, secure)
	}
	go func() { failed <- server.Serve(l) }()
	url := cfg.URL
	if url == "" {
		url = scheme + "://" + l.Addr().String()
	}
	if ready != nil {
		ready(url)
	}
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if server.Shutdown(end) != nil {
		_ = server.Close() // whoever still reads after two seconds comes back
	}
	if errors.Is(err, http.ErrServerClosed) || err == nil {
		return s.Close()
	}
	return errors.Join(fmt.Errorf("serve: %w", err), s.Close())
}

func listenAt(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err == nil {
		return l, nil
	}
	text := "The service cannot listen at this address: " + address
	if errors.Is(err, syscall.EADDRINUSE) {
		text = "Another program listens at this address already: " + address
	}
	return nil, fmt.Errorf("%w (%w)", &workroom.Refusal{Code: AddressInUse, Text: text}, err)
}

// certificate reads the TLS files; nil without any.
func certificate(cfg ServeConfig) (*tls.Config, error) {
	if cfg.TLSCert == "" && cfg.TLSKey == "" {
		return nil, nil
	}
	c, err := tls.LoadX509KeyPair(cfg.TLSCert, cfg.TLSKey)
	if err != nil {
		text := "The certificate and its key cannot be read: " + cfg.TLSCert + ", " + cfg.TLSKey
		return nil, fmt.Errorf("%w (%w)", &workroom.Refusal{Code: TLSUnreadable, Text: text}, err)
	}
	return &tls.Config{Certificates: []tls.Certificate{c}, MinVersion: tls.VersionTLS12}, nil
}
