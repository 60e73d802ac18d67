// SPDX-License-Identifier: Apache-2.0
#include "chatvim/lsp/server.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "chatvim/http/curl_client.hpp"
#include "chatvim/loop/system.hpp"
#include "chatvim/lsp/framing.hpp"
#include "chatvim/store/state.hpp"
#include "chatvim/toolbox/toolbox.hpp"
#include "commands.hpp"
#include "log_file.hpp"
#include "output.hpp"

namespace chatvim::cli {

namespace {

/// The language server's transport: messages with headers on standard input and output, which are
/// never waited for.
class Stdio {
 public:
  Stdio(loop::Loop& loop, std::function<void(std::string body)> on_body,
        std::function<void(const std::string& reason)> on_closed)
      : on_body_(std::move(on_body)),
        on_closed_(std::move(on_closed)),
        reader_(loop, loop::standard_input(), [this] { read(); }),
        writer_(loop, loop::standard_output(), nullptr, [this] { flush(); }) {
    loop::set_nonblocking(loop::standard_input());
    loop::set_nonblocking(loop::standard_output());
    writer_.want_read(false);
  }

  void write(std::string_view body) {
    unsent_ += lsp::frame(body);
    flush();
  }

  /// Writes what is left, for at most a second.
  void drain() {
    const auto until = loop::Clock::now() + std::chrono::seconds(1);
    while (!unsent_.empty() && loop::Clock::now() < until) {
      std::array<loop::Descriptor, 1> output{
          {{loop::standard_output(), false, true, false, false}}};
      loop::poll_for(output, std::chrono::milliseconds(100));
      flush();
    }
  }

 private:
  void read() {
    std::array<char, 64UL * 1024> buffer;
    std::size_t count = 0;
    switch (loop::read_some(loop::standard_input(), buffer.data(), buffer.size(), count)) {
      case loop::Transfer::kWouldBlock:
        return;
      case loop::Transfer::kClosed:
        return close("");
      case loop::Transfer::kDone:
        break;
    }
    framing_.feed({buffer.data(), count});
    while (!closed_) {
      auto body = framing_.next();
      if (!body) return close(body.error().message);
      if (!*body) return;
      on_body_(std::move(**body));
    }
  }

  void flush() {
    std::size_t done = 0;
    while (done < unsent_.size()) {
      std::size_t count = 0;
      const auto sent =
          loop::write_some(loop::standard_output(), std::string_view(unsent_).substr(done), count);
      if (sent == loop::Transfer::kClosed) return close("");
      if (sent == loop::Transfer::kWouldBlock) break;
      done += count;
    }
    unsent_.erase(0, done);
    writer_.want_write(!unsent_.empty());
  }

  void close(const std::string& reason) {
    if (std::exchange(closed_, true)) return;
    unsent_.clear();
    reader_.want_read(false);
    writer_.want_write(false);
    on_closed_(reason);
  }

  std::function<void(std::string)> on_body_;
  std::function<void(const std::string&)> on_closed_;
  lsp::Framing framing_;
  std::string unsent_;
  bool closed_ = false;
  loop::Watcher reader_;
  loop::Watcher writer_;
};

}  // namespace

int lsp_server(const Options& options) {
  loop::keep_memory();
  const LogFile log_file(options.log_file);
  const auto log = [&log_file](const std::string& line) { log_file.add(line); };
  http::CurlClient client(options.environment);
  loop::Loop loop(client);
  store::KeyRing keys(loop, options.environment);
  store::Calibration calibration(store::calibration_file(store::state_folder(options.environment)));
  toolbox::Toolbox tools({loop, client, options.environment, CHATVIM_VERSION,
                          [&log](std::string_view line) { log(std::string(line)); }});
  std::string broken;
  int code = 1;
  std::optional<lsp::Server> server;
  Stdio stdio(
      loop, [&server](std::string body) { server->receive(std::move(body)); },
      [&](const std::string& reason) {
        broken = reason;
        loop.quit();
      });
  server.emplace(lsp::Server::Parts{
      loop, client, keys, calibration, tools, options.environment, CHATVIM_VERSION,
      [&stdio](const Json& message) {
        stdio.write(message.dump(-1, ' ', false, Json::error_handler_t::replace));
      },
      [&](int with) {
        code = with;
        loop.quit();
      },
      log});
  // An editor that wants to end the server kills it if it does not end by itself.
  loop::Interrupts interrupts(loop, [&loop](loop::Interrupt) { loop.quit(); });
  loop.run();
  stdio.drain();
  if (broken.empty()) return code;
  const std::string complaint = "The editor's input cannot be read: " + broken + ".";
  log(complaint);
  say(complaint);
  return 1;
}

}  // namespace chatvim::cli
