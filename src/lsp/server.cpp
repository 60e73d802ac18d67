// SPDX-License-Identifier: Apache-2.0
#include "chatvim/lsp/server.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <exception>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>
#include <vector>

#include "answers.hpp"
#include "capabilities.hpp"
#include "chatvim/settings/settings.hpp"
#include "chatvim/text/utf8.hpp"
#include "client.hpp"
#include "commands.hpp"
#include "document_requests.hpp"
#include "documents.hpp"
#include "features.hpp"
#include "json_fields.hpp"

namespace chatvim::lsp {

namespace {

/// How long typing must pause before diagnostics are made.
constexpr std::chrono::milliseconds kSettle{250};

/// Error codes of JSON-RPC 2.0 and LSP 3.17 ("Response Message").
constexpr int kParseError = -32700;
constexpr int kInvalidRequest = -32600;
constexpr int kMethodNotFound = -32601;
constexpr int kInvalidParams = -32602;
constexpr int kInternalError = -32603;
constexpr int kServerNotInitialized = -32002;
constexpr int kRequestCancelled = -32800;

}  // namespace

struct Server::Impl {
  using Notification = void (Impl::*)(const Json& params);

  explicit Impl(Parts with);

  void receive(Json message);
  void cancel(const Json& params);
  void run_next();
  void handle(const Json& message);
  void handle_request(const Json& id, const std::string& method, const Json& params);
  void respond(const Json& id, Json result);
  void fail(const Json& id, int code, const std::string& message);

  Json initialize(const Json& params);
  void did_open(const Json& params);
  void did_change(const Json& params);
  void did_save(const Json& params);
  void did_close(const Json& params);
  void did_change_configuration(const Json& params);
  void did_change_folders(const Json& params);
  void cancel_progress(const Json& params) { answers.stop_progress(member(params, "token")); }
  void publish_due();
  void publish(ChatDocument& chat);
  Scene scene_of(ChatDocument& chat);
  Json ask(const DocumentRequest& request, const Json& params);

  Parts parts;
  Client client;
  Documents documents;
  Answers answers;
  Commands commands;
  std::deque<Json> waiting;
  std::set<std::string> unanswered;  ///< ids of the requests in it
  std::set<std::string> cancelled;
  bool running = false;
  bool initialized = false;
  bool shut_down = false;
  std::set<std::string> due;        ///< URIs of documents whose diagnostics are to be made
  std::set<std::string> published;  ///< URIs of documents that have diagnostics
  std::map<std::string, std::string> refused;  ///< parameter, by the path of the chat
  loop::Timer settle;
  std::shared_ptr<bool> alive = std::make_shared<bool>(true);
};

namespace {

bool is_id(const Json& id) { return id.is_string() || id.is_number_integer(); }

}  // namespace

Server::Impl::Impl(Parts with)
    : parts(std::move(with)),
      client(parts.send),
      documents(parts.environment),
      answers({parts.loop, parts.client, parts.keys, parts.calibration, parts.tools,
               parts.environment, client, documents,
               [this](const std::string& path, const std::string& parameter) {
                 refused[path] = parameter;
               }}),
      commands({client, documents, answers, parts.environment,
                [this](ChatDocument& chat) { return scene_of(chat); },
                [this] {
                  documents.forget_settings();
                  for (const auto& [uri, chat] : documents.all()) due.insert(uri);
                  publish_due();
                }}),
      settle(parts.loop, [this] { publish_due(); }) {}

void Server::Impl::receive(Json message) {
  if (!message.is_object()) {
    return fail(nullptr, kInvalidRequest, "a message is one JSON object");
  }
  if (text_of(message, "method") == "$/cancelRequest") return cancel(member(message, "params"));
  const Json& id = member(message, "id");
  if (!id.is_null() && !is_id(id)) {
    return fail(nullptr, kInvalidRequest, "an id is a string or a whole number");
  }
  if (message.contains("method") && !id.is_null()) unanswered.insert(id.dump());
  waiting.push_back(std::move(message));
  if (std::exchange(running, true)) return;
  parts.loop.post([this, still = std::weak_ptr<bool>(alive)] {
    if (still.lock()) run_next();
  });
}

void Server::Impl::cancel(const Json& params) {
  const Json& id = member(params, "id");
  if (!is_id(id)) return;
  // One that does not wait has been answered.
  if (const std::string key = id.dump(); unanswered.count(key) > 0) cancelled.insert(key);
}

/// Handles one message, and the next one after whatever else the loop has to do.
void Server::Impl::run_next() {
  running = false;
  if (waiting.empty()) return;
  const Json message = std::move(waiting.front());
  waiting.pop_front();
  const std::weak_ptr<bool> still(alive);
  try {
    handle(message);
  } catch (const std::exception& error) {
    // Whatever one message does to a library, the other chats go on.
    parts.log(std::string("the language server failed: ") + error.what());
    const Json& id = member(message, "id");
    if (!id.is_null()) fail(id, kInternalError, "the server failed; its log says why");
  }
  if (!still.lock() || waiting.empty() || std::exchange(running, true)) return;
  parts.loop.post([this, still] {
    if (still.lock()) run_next();
  });
}

void Server::Impl::handle(const Json& message) {
  const std::string method = text_of(message, "method");
  const Json& id = member(message, "id");
  if (method.empty()) {
    if (message.contains("result") || message.contains("error")) return client.take(message);
    return fail(id, kInvalidRequest, "a message has a method or a result");
  }
  const Json& params = member(message, "params");
  if (message.contains("id")) {
    const std::string key = id.dump();
    unanswered.erase(key);
    if (cancelled.erase(key) > 0) return fail(id, kRequestCancelled, "the request was cancelled");
    return handle_request(id, method, params);
  }
  if (method == "exit") return parts.on_exit(shut_down ? 0 : 1);
  if (!initialized || shut_down) return;
  static const std::map<std::string_view, Notification> kNotifications = {
      {"textDocument/didOpen", &Impl::did_open},
      {"textDocument/didChange", &Impl::did_change},
      {"textDocument/didSave", &Impl::did_save},
      {"textDocument/didClose", &Impl::did_close},
      {"workspace/didChangeConfiguration", &Impl::did_change_configuration},
      {"workspace/didChangeWorkspaceFolders", &Impl::did_change_folders},
      {"window/workDoneProgress/cancel", &Impl::cancel_progress},
  };
  if (const auto found = kNotifications.find(method); found != kNotifications.end()) {
    (this->*found->second)(params);
  }
}

void Server::Impl::handle_request(const Json& id, const std::string& method, const Json& params) {
  if (shut_down) return fail(id, kInvalidRequest, "the server has been shut down");
  if (method == "initialize") {
    if (initialized) return fail(id, kInvalidRequest, "the server is initialized already");
    return respond(id, initialize(params));
  }
  if (!initialized) return fail(id, kServerNotInitialized, "send initialize first");
  if (method == "shutdown") {
    shut_down = true;
    answers.stop_all();
    return respond(id, nullptr);
  }
  if (method == "workspace/executeCommand") {
    const auto result = commands.run(text_of(params, "command"), member(params, "arguments"));
    if (!result) return fail(id, kInvalidParams, result.error().message);
    return respond(id, *result);
  }
  const auto& all = document_requests();
  const auto found = all.find(method);
  if (found == all.end()) return fail(id, kMethodNotFound, "unknown method: " + method);
  respond(id, ask(found->second, params));
}

Json Server::Impl::ask(const DocumentRequest& request, const Json& params) {
  ChatDocument* chat = documents.find(text_of(member(params, "textDocument"), "uri"));
  if (chat == nullptr) return nullptr;
  Scene scene = scene_of(*chat);
  const Json& open = member(params, "chatvimOpenFiles");
  if (open.is_array()) {
    for (const Json& path : open) {
      if (path.is_string()) scene.open_files.push_back(path.get<std::string>());
    }
  }
  return request(scene, params);
}

Scene Server::Impl::scene_of(ChatDocument& chat) {
  Scene scene{chat, {chat.text(), documents.encoding()}, client.traits()};
  scene.origin = [this, &chat] { return documents.origin_of(chat); };
  for (const auto& [uri, other] : documents.all()) {
    if (other.get() != &chat && !other->path().empty()) scene.open_files.push_back(other->path());
  }
  if (const auto found = refused.find(chat.path()); found != refused.end()) {
    scene.refused = found->second;
  }
  return scene;
}

void Server::Impl::respond(const Json& id, Json result) {
  parts.send({{"jsonrpc", "2.0"}, {"id", id}, {"result", std::move(result)}});
}

void Server::Impl::fail(const Json& id, int code, const std::string& message) {
  parts.send({{"jsonrpc", "2.0"}, {"id", id}, {"error", {{"code", code}, {"message", message}}}});
}

Json Server::Impl::initialize(const Json& params) {
  initialized = true;
  const Json& capabilities_of_client = member(params, "capabilities");
  client.set_traits(traits_of(capabilities_of_client));
  documents.set_encoding(choose_encoding(capabilities_of_client));
  const Json& options = member(params, "initializationOptions");
  const bool in_plugin = member(options, "plugin") == true;
  documents.set_opens_chats(in_plugin);
  const Json& settings = member(options, "settings");
  if (settings.is_object()) documents.set_settings(settings);
  std::string root = path_of_uri(text_of(params, "rootUri"));
  const Json& folders = member(params, "workspaceFolders");
  if (root.empty() && folders.is_array() && !folders.empty()) {
    root = path_of_uri(text_of(folders.front(), "uri"));
  }
  documents.set_folder(std::move(root));
  return {{"capabilities", server_capabilities(documents.encoding(), in_plugin)},
          {"serverInfo", {{"name", "chatvim"}, {"version", parts.version}}}};
}

void Server::Impl::did_open(const Json& params) {
  const Json& document = member(params, "textDocument");
  const std::string uri = text_of(document, "uri");
  answers.abandon(uri);
  documents.open(uri, member(document, "version"), text_of(document, "text"));
  due.insert(uri);
  settle.start(loop::Duration::zero());
}

void Server::Impl::did_change(const Json& params) {
  const std::string uri = text_of(member(params, "textDocument"), "uri");
  documents.change(uri, member(member(params, "textDocument"), "version"),
                   member(params, "contentChanges"));
  answers.resume(uri);
  due.insert(uri);
  settle.start(kSettle);
}

void Server::Impl::did_save(const Json& params) {
  const std::string uri = text_of(member(params, "textDocument"), "uri");
  if (ChatDocument* chat = documents.find(uri)) chat->note_saved();
  // A saved file may be another chat's configuration or embed.
  documents.forget_settings();
  for (const auto& [other, chat] : documents.all()) due.insert(other);
  settle.start(kSettle);
}

void Server::Impl::did_close(const Json& params) {
  const std::string uri = text_of(member(params, "textDocument"), "uri");
  answers.abandon(uri);
  documents.close(uri);
  due.erase(uri);
  if (published.erase(uri) > 0) client.publish_diagnostics(uri, std::nullopt, Json::array());
}

void Server::Impl::did_change_configuration(const Json& params) {
  const Json& settings = member(member(params, "settings"), "chatvim");
  if (settings.is_object()) {
    const std::string problem = documents.set_settings(settings);
    if (!problem.empty()) client.show(Client::kWarning, problem);
  }
  documents.forget_settings();
  for (const auto& [uri, chat] : documents.all()) due.insert(uri);
  settle.start(kSettle);
}

/// Replaces the working folder if the client has closed it.
void Server::Impl::did_change_folders(const Json& params) {
  const Json& removed = member(member(params, "event"), "removed");
  const Json& added = member(member(params, "event"), "added");
  if (!removed.is_array() || !added.is_array() || added.empty()) return;
  const bool is_closed = std::any_of(removed.begin(), removed.end(), [this](const Json& folder) {
    return path_of_uri(text_of(folder, "uri")) == documents.folder();
  });
  if (!is_closed) return;
  documents.set_folder(path_of_uri(text_of(added.front(), "uri")));
  for (const auto& [uri, chat] : documents.all()) due.insert(uri);
  settle.start(kSettle);
}

void Server::Impl::publish_due() {
  for (const std::string& uri : std::exchange(due, {})) {
    if (ChatDocument* chat = documents.find(uri)) publish(*chat);
  }
}

void Server::Impl::publish(ChatDocument& chat) {
  Scene scene = scene_of(chat);
  Json items = diagnose(scene);
  // Nothing is said about a document that never had anything to say about.
  if (items.empty() && published.count(chat.uri()) == 0) return;
  items.empty() ? void(published.erase(chat.uri())) : void(published.insert(chat.uri()));
  client.publish_diagnostics(chat.uri(), chat.version(), std::move(items));
}

Server::Server(Parts parts) : impl_(std::make_unique<Impl>(std::move(parts))) {}

Server::~Server() = default;

void Server::receive(std::string body) {
  std::size_t from = 0;
  while (const auto bad = text::find_invalid_utf8(std::string_view(body).substr(from))) {
    from += *bad;
    body[from] = '?';
  }
  Json message = Json::parse(body, nullptr, false);
  if (message.is_discarded()) return impl_->fail(nullptr, kParseError, "the message is not JSON");
  impl_->receive(std::move(message));
}

void Server::note_refused(const std::string& path, const std::string& parameter) {
  impl_->refused[path] = parameter;
}

}  // namespace chatvim::lsp
