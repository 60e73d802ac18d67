// SPDX-License-Identifier: Apache-2.0
// A scripted HTTP server on loopback; see README.md.
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>

#include "certificate.h"
#include "server.h"

namespace chatvim::standin {
namespace {

struct Options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  std::uint16_t control_port = 0;
  std::string script;
  std::string record;
  bool tls = false;
  bool keep = false;
  std::string cert;
  std::string key;
  std::vector<std::string> cert_names{"localhost", "127.0.0.1", "::1"};
  std::string write_ca;
  bool expired = false;
  bool http2 = false;
};

int g_signal_pipe[2];

void on_signal(int) {
  const char byte = 0;
  [[maybe_unused]] const ssize_t written = write(g_signal_pipe[1], &byte, 1);
}

bool watch_signals() {
  if (pipe(g_signal_pipe) != 0) return false;
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGINT, &action, nullptr);
  return signal(SIGPIPE, SIG_IGN) != SIG_ERR;
}

int fail(const std::string& message) {
  std::cerr << "chatvim-standin: " << message << '\n';
  return 1;
}

void declare(CLI::App& app, Options& options) {
  app.add_option("--host", options.host, "loopback address to listen on")->capture_default_str();
  app.add_option("--port", options.port, "port, 0 for any that is free")->capture_default_str();
  app.add_option("--control-port", options.control_port, "port of the control interface");
  app.add_option("--script", options.script, "file with the replies");
  app.add_option("--record", options.record, "folder to write every request to");
  app.add_flag("--keep", options.keep, "do not end when standard input closes");
  auto* tls = app.add_flag("--tls", options.tls, "speak TLS");
  auto* cert = app.add_option("--cert", options.cert, "PEM file of the certificate (chain)");
  auto* key = app.add_option("--key", options.key, "PEM file of the private key");
  cert->needs(key);
  key->needs(cert);
  app.add_option("--cert-name", options.cert_names,
                 "names and addresses in the certificate that is made without --cert");
  app.add_option("--write-ca", options.write_ca,
                 "file for the certificate that is made, for clients to trust");
  app.add_flag("--cert-expired", options.expired, "the certificate that is made has expired");
  app.add_flag("--http2", options.http2, "speak HTTP/2, with --tls")->needs(tls);
}

std::unique_ptr<TlsContext> make_tls(const Options& options, std::string& error) {
  const Protocol protocol = options.http2 ? Protocol::kHttp2 : Protocol::kHttp1;
  if (!options.cert.empty())
    return TlsContext::from_files(options.cert, options.key, protocol, error);
  const std::optional<Certificate> made = make_certificate(options.cert_names, options.expired);
  if (!made) {
    error = "cannot make a certificate: " + openssl_error();
    return nullptr;
  }
  if (!options.write_ca.empty() && !write_certificate(*made, options.write_ca)) {
    error = "cannot write " + options.write_ca;
    return nullptr;
  }
  return TlsContext::from_certificate(*made, protocol, error);
}

bool load_script(const std::string& path, Playlist& playlist, std::string& error) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) {
    error = "cannot be read";
    return false;
  }
  std::optional<Script> script = parse_script(text, error);
  if (script) playlist.set_initial(std::move(*script));
  return script.has_value();
}

// Discards available standard input; returns whether its end was reached.
bool input_ended() {
  char bytes[4096];
  return read(STDIN_FILENO, bytes, sizeof bytes) <= 0;
}

// Accepts connections until a signal or the end of standard input.
void serve(Server& server, const Listener& main, const Listener& control, bool keep) {
  for (;;) {
    pollfd fds[] = {{main.fd(), POLLIN, 0},
                    {control.fd(), POLLIN, 0},
                    {g_signal_pipe[0], POLLIN, 0},
                    {keep ? -1 : STDIN_FILENO, POLLIN, 0}};
    if (poll(fds, std::size(fds), -1) < 0) continue;
    if (fds[2].revents != 0 || (fds[3].revents != 0 && input_ended())) return;
    if (fds[0].revents != 0) server.accept(main, false);
    if (fds[1].revents != 0) server.accept(control, true);
  }
}

int run(const Options& options) {
  std::string error;
  Playlist playlist;
  Gates gates;
  Recorder recorder;
  std::unique_ptr<TlsContext> tls;
  if (!watch_signals()) return fail("cannot watch signals");
  if (options.tls && !(tls = make_tls(options, error))) return fail(error);
  if (!options.script.empty() && !load_script(options.script, playlist, error)) {
    return fail(options.script + ": " + error);
  }
  std::error_code folder_error;
  if (!options.record.empty()) std::filesystem::create_directories(options.record, folder_error);
  if (folder_error) return fail(options.record + ": " + folder_error.message());
  const auto main = Listener::open(options.host, options.port, error);
  const auto control = Listener::open(options.host, options.control_port, error);
  if (!main || !control) return fail(error);

  Server* running = nullptr;
  Control interface(playlist, gates, recorder, [&running] { running->drop_connections(); });
  Services services{playlist, gates, recorder, interface, options.record};
  Server server(services, tls.get());
  running = &server;
  std::cout << "listening on " << main->name() << "\ncontrol on " << control->name() << std::endl;
  serve(server, *main, *control, options.keep);
  recorder.stop();
  return 0;
}

}  // namespace
}  // namespace chatvim::standin

int main(int argc, char** argv) {
  CLI::App app("A scripted HTTP server on loopback for the tests of Chatvim.", "chatvim-standin");
  chatvim::standin::Options options;
  chatvim::standin::declare(app, options);
  CLI11_PARSE(app, argc, argv);
  return chatvim::standin::run(options);
}
