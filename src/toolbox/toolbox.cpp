// SPDX-License-Identifier: Apache-2.0
#include "chatvim/toolbox/toolbox.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "call_check.hpp"
#include "chatvim/chat/tool_servers.hpp"
#include "chatvim/glob/path.hpp"
#include "chatvim/mcp/client.hpp"
#include "chatvim/store/state.hpp"
#include "chatvim/store/tool_lists.hpp"
#include "chatvim/toolbox/file_tools.hpp"
#include "chatvim/tools/choice.hpp"
#include "chatvim/tools/label.hpp"
#include "choice.hpp"
#include "connection.hpp"
#include "consents.hpp"
#include "file_job.hpp"
#include "launch.hpp"
#include "server_call.hpp"

namespace chatvim::toolbox {

namespace {

using document::ToolCall;

constexpr const char* kLegacy = "legacy";
constexpr const char* kModern = "modern";

std::string word_for(mcp::Kind kind) {
  return kind == mcp::Kind::kLegacy ? kLegacy : kind == mcp::Kind::kModern ? kModern : "";
}

mcp::Kind kind_of(const std::string& word) {
  return word == kLegacy   ? mcp::Kind::kLegacy
         : word == kModern ? mcp::Kind::kModern
                           : mcp::Kind::kUnknown;
}

/// Identifies the process that serves a chat: servers are shared where they would be equal.
std::string key_of(const tools::Server& server) {
  std::string key = server.name + '\n' + tools::command_line(server) + '\n' + server.folder + '\n' +
                    std::to_string(server.timeout);
  for (const auto* list : {&server.environment, &server.headers}) {
    for (const auto& [name, value] : *list) key.append("\n").append(name).append("=").append(value);
  }
  return key;
}

/// A call that fails at once.
class FailedCall final : public Job {
 public:
  FailedCall(loop::Loop& loop, Consents& consents, CallContext context,
             std::function<void(CallEnd)> on_done)
      : Job(loop, consents, std::move(context), std::move(on_done)) {}
  void start(const std::string& sentence) {
    post([this, sentence] { fail(sentence); });
  }
};

}  // namespace

std::string folder_of(const chat::Origin& origin) {
  return origin.file.empty() ? origin.folder : glob::folder_of(origin.file);
}

struct Toolbox::Impl {
  explicit Impl(Parts with)
      : parts(std::move(with)),
        consents(parts.environment, parts.log),
        lists(store::state_folder(parts.environment)) {}

  /// Here and below, the server is ready to start.
  Connection& connection(const tools::Server& server);
  /// Returns the tools of a server as far as they are known; nothing if they are not.
  std::optional<std::vector<tools::Tool>> known_tools(const tools::Server& server) const;
  /// Whether a server has said that its list has changed, which was not read since.
  bool is_stale(const tools::Server& server) const;
  ServerCall::Target target(const tools::Server& server, const Choice& choice);
  std::unique_ptr<RunningCall> fail(const std::string& sentence, CallContext context,
                                    std::function<void(CallEnd)> on_done);

  Parts parts;
  Consents consents;
  store::ToolLists lists;
  std::map<std::string, std::unique_ptr<Connection>> connections;
};

Connection& Toolbox::Impl::connection(const tools::Server& server) {
  auto& found = connections[key_of(server)];
  if (!found) {
    const std::string line = tools::command_line(server);
    const auto cached = lists.find(line);
    tools::Server started = server;
    started.command = words_of(server, parts.environment);
    found = std::make_unique<Connection>(
        Connection::Parts{parts.loop, parts.http, parts.version, parts.log,
                          [this, line](const std::vector<tools::Tool>& tools, mcp::Kind kind) {
                            const auto kept = lists.remember(line, {tools, word_for(kind)});
                            if (!kept && parts.log) parts.log(kept.error().message);
                          }},
        started, environment_of(server, parts.environment),
        cached ? kind_of(cached->kind) : mcp::Kind::kUnknown);
  }
  return *found;
}

std::optional<std::vector<tools::Tool>> Toolbox::Impl::known_tools(
    const tools::Server& server) const {
  if (server.name == tools::kFileServer) return file_tools();
  const auto found = connections.find(key_of(server));
  if (found != connections.end() && found->second->has_list()) return found->second->tools();
  auto cached = lists.find(tools::command_line(server));
  if (!cached) return std::nullopt;
  for (tools::Tool& tool : cached->tools) tool.server = server.name;
  tools::set_labels(cached->tools);
  return std::move(cached->tools);
}

bool Toolbox::Impl::is_stale(const tools::Server& server) const {
  const auto found = connections.find(key_of(server));
  return found != connections.end() && found->second->has_list() && found->second->is_started() &&
         !found->second->is_listed();
}

ServerCall::Target Toolbox::Impl::target(const tools::Server& server, const Choice& choice) {
  return {connection(server), server,
          [server, choice](const tools::Tool& tool) { return choice.has(server, tool); }};
}

std::unique_ptr<RunningCall> Toolbox::Impl::fail(const std::string& sentence, CallContext context,
                                                 std::function<void(CallEnd)> on_done) {
  auto call =
      std::make_unique<FailedCall>(parts.loop, consents, std::move(context), std::move(on_done));
  call->start(sentence);
  return call;
}

Toolbox::Toolbox(Parts parts) : impl_(std::make_unique<Impl>(std::move(parts))) {}

Toolbox::~Toolbox() {
  impl_.reset();
  mcp::end_servers();
}

Offer Toolbox::offer(const chat::Chat& chat, const chat::Origin& origin) {
  Offer offer;
  if (!chat::may_use_tools(chat.settings)) return offer;
  Choice choice(chat.settings, folder_of(origin), impl_->parts.environment);
  offer.warnings = std::move(choice.list.warnings);
  for (std::string& warning : chat::unknown_tools(choice.patterns, choice.list)) {
    offer.warnings.push_back(std::move(warning));
  }
  for (const tools::Server& server : choice.list.servers) {
    if (!choice.has(server)) continue;
    auto known = impl_->known_tools(server);
    // A server may change its list again and again: what is known of it is offered all the same.
    if (!known || impl_->is_stale(server)) offer.missing.push_back(server.name);
    if (!known) continue;
    for (tools::Tool& tool : *known) {
      if (choice.has(server, tool)) offer.tools.push_back(std::move(tool));
    }
  }
  return offer;
}

std::vector<std::string> Toolbox::offer_to(chat::Chat& chat, const chat::Origin& origin) {
  Offer offer = this->offer(chat, origin);
  chat.tools = std::move(offer.tools);
  chat.missing_servers = std::move(offer.missing);
  return std::move(offer.warnings);
}

void Toolbox::warm(const chat::Chat& chat, const chat::Origin& origin) {
  if (!chat::may_use_tools(chat.settings)) return;
  const Choice choice(chat.settings, folder_of(origin), impl_->parts.environment);
  for (const tools::Server& server : choice.list.servers) {
    if (server.name == tools::kFileServer || !choice.has(server)) continue;
    if (impl_->consents.about_start(server, "", {})) continue;
    Connection& connection = impl_->connection(server);
    if (!connection.is_listed()) connection.list([](const Result<void>&) {});
  }
}

std::unique_ptr<RunningCall> Toolbox::list(const std::string& name, CallContext context,
                                           std::function<void(CallEnd)> on_done) {
  const Choice choice(context.chat.settings, folder_of(context.origin), impl_->parts.environment);
  const tools::Server* server = choice.list.find(name);
  if (server == nullptr || server->name == tools::kFileServer) {
    return impl_->fail("Name a server that `chatvim tools` lists with a command or an address.",
                       std::move(context), std::move(on_done));
  }
  auto call =
      std::make_unique<ServerCall>(impl_->parts.loop, impl_->consents, std::move(context),
                                   impl_->target(*server, choice), nullptr, std::move(on_done));
  call->start();
  return call;
}

void Toolbox::note_own(const ToolCall& call) { impl_->consents.note_own(call); }

std::unique_ptr<RunningCall> Toolbox::call(const ToolCall& call, CallContext context,
                                           std::function<void(CallEnd)> on_done) {
  const Choice choice(context.chat.settings, folder_of(context.origin), impl_->parts.environment);
  const std::string name = call.tool.substr(0, call.tool.find('.'));
  const tools::Server* server = choice.list.find(name);
  if (server == nullptr || !choice.has(*server)) {
    return impl_->fail(no_such_tool(call.tool), std::move(context), std::move(on_done));
  }
  if (server->name == tools::kFileServer) {
    if (!tools::is_chosen(call.tool, choice.patterns)) {
      return impl_->fail(no_such_tool(call.tool), std::move(context), std::move(on_done));
    }
    auto started =
        std::make_unique<FileJob>(impl_->parts.loop, impl_->consents, std::move(context), *server,
                                  impl_->parts.environment, call, std::move(on_done));
    started->start();
    return started;
  }
  auto started =
      std::make_unique<ServerCall>(impl_->parts.loop, impl_->consents, std::move(context),
                                   impl_->target(*server, choice), &call, std::move(on_done));
  started->start();
  return started;
}

}  // namespace chatvim::toolbox
