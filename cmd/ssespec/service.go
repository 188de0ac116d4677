package main

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"sync"

	"github.com/ssespec/ssespec/runner/launch"
	"github.com/ssespec/ssespec/runner/service"
	"github.com/ssespec/ssespec/runner/target"
)

// chooseService returns a test service, and the origin that takes what it calls
// back. args after -- are the command that starts it.
func (f *clientFlags) chooseService(args []string, dash int) (chosen, error) {
	switch u, err := url.Parse(strings.ReplaceAll(f.service, "{port}", "1")); {
	case err != nil, u.Scheme != "http" && u.Scheme != "https", u.Host == "":
		return chosen{}, usage("--service is a URL such as http://127.0.0.1:8000/, not %q", bare(f.service))
	case u.User != nil:
		return chosen{}, usage("--service takes no user and password: they would stand in every report")
	case dash != 0 && len(args) > 0:
		return chosen{}, usage("--service %s and %q are two targets: the command that starts the service goes after --", f.service, bare(args[0]))
	case dash == 0 && (len(args) == 0 || args[0] == ""):
		return chosen{}, usage("-- is not followed by a command that starts the service (is a variable unset?)")
	case dash < 0 && strings.Contains(f.service, "{port}"):
		return chosen{}, usage("{port} is for a service that is started: ssespec client --service %s -- COMMAND", f.service)
	}
	o, err := f.openOrigin()
	if err != nil {
		return chosen{}, &failure{exitTarget, err}
	}
	s := &testService{command: launch.Command{Args: args, Dir: f.chdir, URL: f.service, Wait: f.startTimeout},
		Service: service.Service{URL: f.service, Callback: o.URL(), StartTimeout: f.startTimeout, Stop: f.stopService}}
	o.Handler, o.Before = s, s.Hold
	o.Serve()
	return chosen{client: s, transport: "service", origin: o, close: func() error { return errors.Join(s.Close(), o.Close()) }}, nil
}

// A testService is one that is started by its first Hello, where it has a
// command.
type testService struct {
	service.Service
	command launch.Command

	mu     sync.Mutex
	server *launch.Server
}

// Hello starts the service, and asks it what it is.
func (s *testService) Hello(ctx context.Context) (target.Hello, error) {
	if err := s.start(ctx); err != nil {
		return target.Hello{}, err
	}
	return s.Service.Hello(ctx)
}

func (s *testService) start(ctx context.Context) (err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.server != nil || len(s.command.Args) == 0 {
		return nil
	}
	if s.server, err = launch.Start(ctx, s.command); err != nil {
		return err
	}
	s.Service.URL = s.server.URL
	return nil
}

// Close ends the service that was started, after it was told to where it is to be.
func (s *testService) Close() error {
	err := s.Service.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.server != nil {
		err = errors.Join(err, s.server.Close())
	}
	return err
}
