package service

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// selfSigned writes a certificate for this computer and its key.
func selfSigned(t *testing.T) (cert, key string, pool *x509.CertPool) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &k.PublicKey, k)
	if err != nil {
		t.Fatal(err)
	}
	kb, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	pool = x509.NewCertPool()
	for name, b := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: kb}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(b), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pool.AppendCertsFromPEM(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	return cert, key, pool
}

// U-01: the service answers https itself, with the live channel; a client without trust in the certificate says nothing of its token.
func TestU01_HTTPS(t *testing.T) {
	cert, key, pool := selfSigned(t)
	ctx, end := context.WithCancel(t.Context())
	url, ended := make(chan string, 1), make(chan error, 1)
	cfg := ServeConfig{Config: Config{Data: t.TempDir(), OpenJoin: true}, TLSCert: cert, TLSKey: key}
	go func() { ended <- Serve(ctx, cfg, func(u string) { url <- u }) }()
	c := &wire.Client{Base: <-url, HTTP: &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}}
	anna := join(t, c, "anna")
	frames, _ := anna.listen(ctx)
	r := anna.does("k1", offer(anna, "k1", "r1", secret))
	for _, x := range r.Things {
		if x.Scope == "r:r1" {
			awaitHint(t, frames, "r:r1", x.Seq)
			break
		}
	}
	_, err := (&wire.Client{Base: c.Base, Token: anna.Token}).Heads(ctx, "")
	if code(err) != wire.Unreachable || !strings.Contains(err.Error(), "certificate") {
		t.Fatal(err)
	}
	end()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	cfg.TLSKey = cert
	var bad *workroom.Refusal
	if err := Serve(t.Context(), cfg, nil); !errors.As(err, &bad) || bad.Code != TLSUnreadable {
		t.Fatal(err)
	}
}
