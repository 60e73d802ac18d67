// SPDX-License-Identifier: Apache-2.0
#include "chatvim/mcp/client.hpp"

#include <fmt/format.h>

#include <map>
#include <optional>

#include "chatvim/loop/duplex_process.hpp"
#include "http_transport.hpp"
#include "protocol.hpp"
#include "stdio_transport.hpp"

namespace chatvim::mcp {

/// Connects protocol, transport and clock, and carries out what the protocol wants done. Callers
/// are called from the loop only, so that they may destroy anything.
struct Client::Impl final : TransportHandler, std::enable_shared_from_this<Client::Impl> {
  using OnListed = std::function<void(Result<std::vector<tools::Tool>>)>;
  using OnCalled = std::function<void(tools::Result)>;

  Parts parts;
  tools::Server server;
  std::vector<std::pair<std::string, std::string>> environment;
  Protocol protocol;
  std::unique_ptr<Transport> transport;
  loop::Timer timer;
  std::map<Ticket, OnListed> listing;
  std::map<Ticket, OnCalled> calling;

  Impl(Parts the_parts, tools::Server the_server,
       std::vector<std::pair<std::string, std::string>> the_environment, Kind kind)
      : parts(std::move(the_parts)),
        server(std::move(the_server)),
        environment(std::move(the_environment)),
        protocol({server.name, parts.version, std::chrono::duration<double>(server.timeout), kind,
                  !server.url.empty()}),
        timer(parts.loop, [this] {
          protocol.tick(loop::Clock::now());
          act();
        }) {}

  void list(OnListed on_done) {
    connect();
    listing.emplace(protocol.list(loop::Clock::now()), std::move(on_done));
    act();
  }

  Ticket call(const std::string& tool, std::string_view arguments, OnCalled on_done) {
    connect();
    const Ticket ticket = protocol.call(tool, std::string(arguments), loop::Clock::now());
    calling.emplace(ticket, std::move(on_done));
    act();
    return ticket;
  }

  void cancel(Ticket ticket) {
    if (calling.erase(ticket) == 0) return;
    protocol.cancel(ticket);
    act();
  }

  /// Starts the server if it does not run. A failure reaches those who wait through the loop.
  void connect() {
    if (transport) return;
    if (server.url.empty()) {
      transport = std::make_unique<StdioTransport>(parts.loop, server, environment, *this);
    } else {
      transport = std::make_unique<HttpTransport>(parts.loop, parts.http, server, *this);
    }
    if (auto started = transport->start(); !started) {
      disconnect();
      parts.loop.post([self = weak_from_this(), why = started.error()] {
        if (const auto impl = self.lock()) impl->close(why);
      });
      return;
    }
    protocol.open(loop::Clock::now());
  }

  /// The transport may be the caller, so it is destroyed later.
  void disconnect() {
    if (!transport) return;
    transport->silence();
    std::shared_ptr<Transport> last = std::move(transport);
    parts.loop.post([last = std::move(last)]() mutable { last.reset(); });
  }

  void close(const Error& why) {
    protocol.close(why);
    act();
  }

  /// Carries out what the protocol wants done, then waits for its next deadline.
  void act() {
    for (auto actions = protocol.take_actions(); !actions.empty();
         actions = protocol.take_actions()) {
      for (Action& one : actions) std::visit([this](auto& what) { carry_out(what); }, one);
    }
    if (const auto deadline = protocol.deadline()) {
      timer.start(*deadline - loop::Clock::now());
    } else {
      timer.stop();
    }
  }

  void carry_out(const action::Send& what) {
    if (transport) transport->send(what);
  }
  void carry_out(const action::Restart&) {
    disconnect();
    connect();
  }
  void carry_out(const action::Stop&) { disconnect(); }
  void carry_out(const action::Forget& what) {
    if (transport) transport->forget(what.id);
  }
  void carry_out(action::Listed& what) {
    parts.loop.post([self = weak_from_this(), what = std::move(what)]() mutable {
      if (const auto impl = self.lock()) give(impl->listing, what.ticket, std::move(what.tools));
    });
  }
  void carry_out(action::Called& what) {
    parts.loop.post([self = weak_from_this(), what = std::move(what)]() mutable {
      if (const auto impl = self.lock()) give(impl->calling, what.ticket, std::move(what.result));
    });
  }
  void carry_out(const action::ToolsChanged&) {
    if (!parts.on_tools_changed) return;
    parts.loop.post([self = weak_from_this()] {
      if (const auto impl = self.lock()) impl->parts.on_tools_changed();
    });
  }
  void carry_out(const action::Log& what) { on_log(what.line); }

  template <class Callbacks, class Value>
  static void give(Callbacks& callbacks, Ticket ticket, Value value) {
    const auto found = callbacks.find(ticket);
    if (found == callbacks.end()) return;
    const auto callback = std::move(found->second);
    callbacks.erase(found);
    callback(std::move(value));
  }

  bool on_message(std::string_view json, std::size_t left_out, Id from) override {
    const bool is_json = protocol.receive(json, loop::Clock::now(), left_out, from);
    act();
    return is_json;
  }
  void on_too_long() override {
    protocol.receive_too_long(loop::Clock::now());
    act();
  }
  void on_refused(Id id, const Error& why) override {
    protocol.refuse(id, why, loop::Clock::now());
    act();
  }
  void on_session_lost(Id id) override {
    protocol.lose_session(id, loop::Clock::now());
    act();
  }
  void on_closed(const Error& why) override {
    disconnect();
    close(why);
  }
  void on_log(std::string_view line) override {
    if (parts.log) parts.log(fmt::format("tools.{}: {}", server.name, line));
  }
  bool waits_for(Id id) const override { return protocol.waits_for(id); }
  bool is_ready() const override { return protocol.is_ready(); }
};

namespace {

/// A call that runs; cancels it when destroyed.
class RunningCall final : public Call {
 public:
  explicit RunningCall(std::function<void()> cancel) : cancel_(std::move(cancel)) {}
  RunningCall(const RunningCall&) = delete;
  RunningCall& operator=(const RunningCall&) = delete;
  ~RunningCall() override { cancel_(); }

 private:
  std::function<void()> cancel_;
};

}  // namespace

Client::Client(Parts parts, tools::Server server,
               std::vector<std::pair<std::string, std::string>> environment, Kind kind)
    : impl_(std::make_shared<Impl>(std::move(parts), std::move(server), std::move(environment),
                                   kind)) {}

Client::~Client() { impl_->disconnect(); }

void Client::list(std::function<void(Result<std::vector<tools::Tool>>)> on_done) {
  impl_->list(std::move(on_done));
}

std::unique_ptr<Call> Client::call(const std::string& tool, std::string_view arguments,
                                   std::function<void(tools::Result)> on_done) {
  const Ticket ticket = impl_->call(tool, arguments, std::move(on_done));
  return std::make_unique<RunningCall>([self = std::weak_ptr(impl_), ticket] {
    if (const auto impl = self.lock()) impl->cancel(ticket);
  });
}

Kind Client::kind() const { return impl_->protocol.kind(); }

bool Client::is_running() const { return impl_->transport && impl_->protocol.is_open(); }

void end_servers() { loop::end_processes(); }

}  // namespace chatvim::mcp
