package app

import (
	"encoding/json"
	"log/slog"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"trestle/internal/service"
	"trestle/internal/workroom"
)

// serveCmd runs the service. Each flag can be given as an environment variable too, for a machine that starts it by itself.
type serveCmd struct {
	Listen       string   `default:"127.0.0.1:0" env:"TRESTLE_LISTEN" help:"Address to listen on." placeholder:"HOST:PORT"`
	URL          string   `env:"TRESTLE_URL" help:"Address people reach the service at, if another." placeholder:"URL"`
	Name         string   `env:"TRESTLE_NAME" help:"Name of the service, as people see it." default:"Trestle"`
	Closed       bool     `env:"TRESTLE_CLOSED" help:"Only people with an invitation may sign up."`
	TLS          string   `env:"TRESTLE_TLS" help:"Files of the certificate and its key, for https." placeholder:"CERT,KEY"`
	TrustedProxy []string `env:"TRESTLE_TRUSTED_PROXY" help:"Networks of proxies that are believed when they say whom they ask for." placeholder:"CIDR"`
	DB           string   `name:"db" env:"TRESTLE_DB" help:"Database: sqlite:FILE or postgres://…; a file in the data folder by default." placeholder:"ADDRESS"`
	Admin        string   `env:"TRESTLE_ADMIN" help:"Address for /healthz, /readyz and /metrics; keep it on this computer or inside a private network." placeholder:"HOST:PORT"`
	Bus          string   `env:"TRESTLE_BUS" help:"What ties the nodes of one service together: mem: for one alone, or nats://…" placeholder:"ADDRESS"`
	RefuseTypes  []string `env:"TRESTLE_REFUSE_TYPES" help:"Kinds of files that are not taken: endings such as .exe, types such as video/*." placeholder:"TYPE"`
	MaxFile      int64    `env:"TRESTLE_MAX_FILE" help:"Largest file that is taken, in MiB; 1024 at most, which is the default." placeholder:"MIB"`
	Contact      string   `env:"TRESTLE_CONTACT" help:"Contact details before a contract: ask (until a reason is named), refuse or off. Without it, what was chosen last; at first, ask." enum:",ask,refuse,off" default:"" placeholder:"MODE"`
	NewRooms     int      `env:"TRESTLE_NEW_ROOMS" default:"20" help:"New rooms and invitations a day and account; -1 for no limit."`
	Blobs        string   `env:"TRESTLE_BLOBS" help:"Where files are kept: file:///DIR or s3://BUCKET?…; a folder in the data folder by default." placeholder:"ADDRESS"`
}

// serviceClock is the service's clock; nil, as in every program, is the computer's. drawwithin_test.go, which is linked into the tests' own
// binaries alone, lets it stand behind, so that a journey sees a week that is over.
var serviceClock func() time.Time

// config makes what the service is given out of the flags.
func (c serveCmd) config(data string) (service.ServeConfig, error) {
	out := service.ServeConfig{
		Config: service.Config{Data: data, Name: c.Name, URL: c.URL, Version: Version, OpenJoin: !c.Closed, DB: c.DB, Bus: c.Bus, Blobs: c.Blobs,
			RefuseTypes: c.RefuseTypes, Contact: workroom.ContactMode(c.Contact), MaxFile: c.MaxFile << 20, Limits: service.Limits{Rooms: c.NewRooms}, Now: serviceClock},
		Listen: c.Listen, Admin: c.Admin,
	}
	if c.URL != "" {
		if u, err := url.Parse(c.URL); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			return out, Fail(CodeBadInput, "--url is an address such as https://work.example.com.")
		}
	}
	if c.MaxFile < 0 || c.MaxFile > workroom.MaxFileSize>>20 {
		return out, Fail(CodeBadInput, "--max-file is a number of MiB, 1024 at most.")
	}
	if _, bad := workroom.CleanTypes(c.RefuseTypes); bad != "" {
		return out, Fail(CodeBadInput, "--refuse-types takes endings such as .exe and types such as video/*; this is neither: "+bad+".")
	}
	if c.TLS != "" {
		cert, key, ok := strings.Cut(c.TLS, ",")
		if !ok || cert == "" || key == "" {
			return out, Fail(CodeBadInput, "--tls takes two files: the certificate and its key, with a comma between.")
		}
		out.TLSCert, out.TLSKey = strings.TrimSpace(cert), strings.TrimSpace(key)
	}
	for _, p := range c.TrustedProxy {
		prefix, err := netip.ParsePrefix(p)
		if addr, e := netip.ParseAddr(p); err != nil && e == nil {
			prefix, err = netip.PrefixFrom(addr, addr.BitLen()), nil
		}
		if err != nil {
			return out, Fail(CodeBadInput, "--trusted-proxy is an address or a network such as 10.0.0.0/8.")
		}
		out.TrustedProxies = append(out.TrustedProxies, prefix.Masked())
	}
	return out, nil
}

// Run serves until interrupted. One JSON line on standard output says that it is ready.
func (c serveCmd) Run(r *run) error {
	dirs, err := FindDirs(r.data)
	if err != nil {
		return err
	}
	cfg, err := c.config(dirs.Data)
	if err != nil {
		return err
	}
	slog.SetDefault(slog.New(slog.NewJSONHandler(r.errs, nil)))
	cfg.Log = slog.Default()
	ready := struct {
		URL   string `json:"url"`
		Admin string `json:"admin,omitempty"`
	}{}
	cfg.OnAdmin = func(url string) { ready.Admin = url }
	return service.Serve(r.ctx, cfg, func(url string) {
		ready.URL = url
		_ = json.NewEncoder(r.out).Encode(ready)
	})
}
