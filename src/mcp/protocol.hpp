// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "chatvim/error.hpp"
#include "chatvim/mcp/client.hpp"
#include "chatvim/tools/tool.hpp"
#include "message.hpp"
#include "tool_list.hpp"

namespace chatvim::mcp {

/// Identifies a list or a call for its caller.
using Ticket = std::uint64_t;
/// The id of a request on the wire; 0: none.
using Id = std::int64_t;

/// What the protocol wants done, in order.
namespace action {
/// Send a message. For HTTP, the rest is what its headers are made of.
struct Send {
  std::string json;     ///< one line, without its end
  Id id = 0;            ///< of a request
  std::string method;   ///< empty for an answer to the server
  std::string tool;     ///< of `tools/call`
  std::string version;  ///< protocol version, once it is agreed
  bool is_modern = false;
  std::vector<std::pair<std::string, std::string>> headers;  ///< of parameters
};
/// Connect anew, then call `open`: the process ended because it was asked for its kind.
struct Restart {};
/// End the connection: the server cannot be used.
struct Stop {};
/// Wait no longer for the answer to this request.
struct Forget {
  Id id = 0;
};
struct Listed {
  Ticket ticket = 0;
  Result<std::vector<tools::Tool>> tools;
};
struct Called {
  Ticket ticket = 0;
  tools::Result result;
};
/// The server's list of tools has changed. Only once until it is asked for again.
struct ToolsChanged {};
struct Log {
  std::string line;
};
}  // namespace action
using Action = std::variant<action::Send, action::Restart, action::Stop, action::Forget,
                            action::Listed, action::Called, action::ToolsChanged, action::Log>;

/// The client's side of the Model Context Protocol, both kinds (2026-07-28; 2024-11-05 to
/// 2025-11-25), without any I/O or clock: messages and times go in, actions come out.
class Protocol {
 public:
  using Time = std::chrono::steady_clock::time_point;
  struct Options {
    std::string server;   ///< its name, for messages to the user
    std::string version;  ///< of this program
    std::chrono::duration<double> timeout{60};
    Kind kind = Kind::kUnknown;  ///< what is known from an earlier connection
    bool is_http = false;
  };
  explicit Protocol(Options options);

  /// Asks for the tools, or calls one; `arguments` is a JSON object. Both wait until the connection
  /// is ready.
  Ticket list(Time now);
  Ticket call(std::string tool, std::string arguments, Time now);
  /// Cancels a call; nothing more comes for its ticket.
  void cancel(Ticket ticket);

  /// The connection is there.
  void open(Time now);
  bool is_open() const { return stage_ != Stage::kClosed; }
  /// The connection has ended; all that waits fails with the error.
  void close(const Error& why);

  /// Takes a message or a batch; `left_out` bytes of its long strings are missing. For HTTP, `from`
  /// is the request that it answers. Returns false if it is not JSON.
  bool receive(std::string_view json, Time now, std::size_t left_out = 0, Id from = 0);
  /// The server sent a message that is too long; it could be the answer to any request.
  void receive_too_long(Time now);

  /// A request of HTTP has no answer, because the server refused it: an old server does that when
  /// asked for its kind.
  void refuse(Id id, const Error& why, Time now);
  /// A request of HTTP has no answer because the session is not known any longer: starts anew.
  void lose_session(Id id, Time now);

  /// When `tick` must be called.
  std::optional<Time> deadline() const;
  /// Ends what has taken too long.
  void tick(Time now);

  Kind kind() const { return kind_; }
  bool is_ready() const { return stage_ == Stage::kReady; }
  /// Whether the answer to a request is still to come.
  bool waits_for(Id id) const { return requests_.count(id) > 0; }
  std::vector<Action> take_actions() { return std::exchange(actions_, {}); }

 private:
  enum class Stage { kClosed, kProbing, kInitializing, kReady };
  enum class What { kProbe, kInitialize, kList, kCall, kListen };

  /// A request that waits for the connection or for its answer.
  struct Request {
    What what = What::kCall;
    Ticket ticket = 0;
    std::string tool;
    std::string arguments;
    std::optional<Time> deadline;  ///< once it is sent
    Time end;                      ///< the longest that progress can put off the deadline
    bool is_retried = false;
  };

  // protocol_start.cpp: from the connection to the first request.
  void probe(Time now);
  void initialize(Time now);
  void take_probe_result(const Message& message, Time now);
  void take_probe_error(const Message& message, Time now);
  void choose_version(const std::vector<std::string>& versions, Time now);
  void take_initialize_result(const Message& message, Time now);
  void become_ready(Kind kind, std::string_view version, Time now);
  void listen(Time now);
  void fail_start(const Error& why);
  Error version_error(const std::vector<std::string>& versions) const;

  // protocol_messages.cpp: what the server sends.
  void take(const Message& message, Time now, std::size_t left_out, Id from);
  void take_late_probe(const Message& message, Time now);
  void take_request(const Message& message);
  void take_notification(const Message& message, Time now);
  void tell_change();
  void take_answer(Id id, const Message& message, Time now, std::size_t left_out);
  void take_page(const Message& message, Time now);
  void take_call(Request request, const Message& message, Time now, std::size_t left_out);
  std::string server_words(const Message& message) const;

  // protocol.cpp: requests and their ends.
  Id send_request(Request request, std::string_view method, std::string params, Time now);
  void send(std::string json, std::string_view method);
  std::string meta(std::optional<Id> progress_token) const;
  void ask_page(const std::optional<std::string>& cursor, Time now);
  void send_call(Request request, Time now);
  void send_waiting(Time now);
  bool needs_list() const;
  void end_list(const Result<std::vector<tools::Tool>>& tools, Time now);
  void time_out(Id id, const Request& request, Time now);
  void abandon(Id id, std::string_view reason);
  void disconnect();
  void fail_requests(const Error& why);
  std::chrono::nanoseconds patience(std::chrono::duration<double> least = {}) const;
  void log(std::string line) { actions_.push_back(action::Log{std::move(line)}); }

  Options options_;
  Kind kind_;
  Stage stage_ = Stage::kClosed;
  bool is_probed_ = false;       ///< the server has been asked for its kind
  bool assume_legacy_ = false;   ///< it ended when it was asked
  std::string version_;          ///< the protocol version agreed on
  Id probe_ = 0;                 ///< the last request for the kind, whose answer may come late
  bool sends_changes_ = false;   ///< if asked to
  bool is_change_told_ = false;  ///< since the list was last asked for
  bool is_changed_meanwhile_ = false;  ///< while the list is asked for
  int lost_sessions_ = 0;              ///< in a row, without an answer in between
  std::map<Id, Request> requests_;
  std::deque<Request> waiting_;
  std::vector<Ticket> list_tickets_;
  std::unique_ptr<ToolList> list_;  ///< while the tools are asked for
  bool list_wanted_ = false;
  bool has_list_ = false;
  std::map<std::string, std::vector<ParamHeader>> param_headers_;
  Id last_id_ = 0;
  Ticket last_ticket_ = 0;
  std::vector<Action> actions_;
};

}  // namespace chatvim::mcp
