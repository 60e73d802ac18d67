// SPDX-License-Identifier: Apache-2.0
#include "lsp_client.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace chatvim::testing {

namespace {

/// Returns the offset of a position whose characters are bytes.
std::size_t offset_of(const std::string& text, const Json& position) {
  std::size_t at = 0;
  for (int line = position.at("line"); line > 0; --line) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string::npos) throw std::runtime_error("a position behind the text");
    at = end + 1;
  }
  return at + position.at("character").get<std::size_t>();
}

}  // namespace

std::string framed(std::string_view body) {
  return "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

LspClient::LspClient(const Home& home) : process_(home.command({"lsp"})), folder_(home.path("")) {}

Json LspClient::capabilities_of_most() {
  return {{"general", {{"positionEncodings", {"utf-8", "utf-16"}}}},
          {"window", {{"workDoneProgress", true}, {"showDocument", {{"support", true}}}}},
          {"workspace",
           {{"applyEdit", true},
            {"workspaceEdit", {{"documentChanges", true}, {"resourceOperations", {"create"}}}}}},
          {"textDocument",
           {{"codeAction", {{"codeActionLiteralSupport", Json::object()}}},
            {"completion", {{"completionItem", {{"snippetSupport", true}}}}}}}};
}

void LspClient::send(const Json& message) { process_.write(framed(message.dump())); }

Json LspClient::initialize(const Json& capabilities) {
  Json result = request(
      "initialize",
      {{"processId", nullptr}, {"rootUri", "file://" + folder_}, {"capabilities", capabilities}});
  notify("initialized", Json::object());
  return result.at("capabilities");
}

int LspClient::begin(const std::string& method, const Json& params) {
  send({{"jsonrpc", "2.0"}, {"id", ++last_id_}, {"method", method}, {"params", params}});
  return last_id_;
}

Json LspClient::response(const Json& id) {
  Json found;
  process_.wait_until([&] {
    take_messages();
    const auto at = std::find_if(waiting_.begin(), waiting_.end(), [&id](const Json& one) {
      return !one.contains("method") && one.at("id") == id;
    });
    if (at == waiting_.end()) return false;
    found = *at;
    waiting_.erase(at);
    return true;
  });
  return found;
}

Json LspClient::request(const std::string& method, const Json& params) {
  const Json got = response(begin(method, params));
  if (got.contains("error")) throw std::runtime_error(got.at("error").dump());
  return got.at("result");
}

int LspClient::error_of(const std::string& method, const Json& params) {
  return response(begin(method, params)).at("error").at("code");
}

void LspClient::notify(const std::string& method, const Json& params) {
  send({{"jsonrpc", "2.0"}, {"method", method}, {"params", params}});
}

Json LspClient::wait(const std::string& method) {
  Json found;
  process_.wait_until([&] {
    take_messages();
    const auto at = std::find_if(waiting_.begin(), waiting_.end(), [&](const Json& one) {
      return one.value("method", "") == method;
    });
    if (at == waiting_.end()) return false;
    found = at->at("params");
    waiting_.erase(at);
    return true;
  });
  return found;
}

int LspClient::count(const std::string& method) const {
  return static_cast<int>(std::count_if(waiting_.begin(), waiting_.end(), [&](const Json& one) {
    return one.value("method", "") == method;
  }));
}

bool LspClient::take_messages() {
  received_ += std::exchange(process_.output(), {});
  bool any = false;
  while (true) {
    const std::size_t end = received_.find("\r\n\r\n");
    if (end == std::string::npos) return any;
    const std::string name = "Content-Length: ";
    if (!received_.starts_with(name)) throw std::runtime_error("a header without a length");
    const std::size_t size = std::stoul(received_.substr(name.size()));
    if (received_.size() < end + 4 + size) return any;
    const std::string body = received_.substr(end + 4, size);
    received_.erase(0, end + 4 + size);
    any = true;
    take(Json::parse(body));
  }
}

void LspClient::take(const Json& message) {
  if (message.at("jsonrpc") != "2.0") throw std::runtime_error("no message of JSON-RPC 2.0");
  const std::string method = message.value("method", "");
  if (!method.empty() && message.contains("id")) {
    if (method == "workspace/applyEdit" && is_deaf) return waiting_.push_back(message);
    const Json result = answer_request(method, message.at("params"));
    send({{"jsonrpc", "2.0"}, {"id", message.at("id")}, {"result", result}});
  }
  if (method == "window/showMessage") shown.push_back(message.at("params").at("message"));
  waiting_.push_back(message);
}

Json LspClient::answer_request(const std::string& method, const Json& params) {
  if (method == "workspace/applyEdit") {
    return {{"applied", !refuses_edits && apply(params.at("edit"))}};
  }
  if (method != "window/showMessageRequest") return nullptr;
  shown.push_back(params.at("message"));
  return choice.empty() ? Json() : Json{{"title", choice}};
}

bool LspClient::apply(const Json& workspace_edit) {
  const auto edit_all = [this](const std::string& uri, const Json& edits) {
    for (const Json& edit : edits) change(uri, edit.at("range"), formatter(edit.at("newText")));
  };
  if (workspace_edit.contains("changes")) {
    for (const auto& [uri, edits] : workspace_edit.at("changes").items()) edit_all(uri, edits);
    return true;
  }
  for (const Json& one : workspace_edit.at("documentChanges")) {
    if (one.contains("kind")) {
      texts_[one.at("uri")] = "";
      continue;
    }
    const std::string uri = one.at("textDocument").at("uri");
    const Json version = one.at("textDocument").at("version");
    if (!version.is_null() && version != versions_[uri]) return false;
    edit_all(uri, one.at("edits"));
  }
  return true;
}

void LspClient::change(const std::string& uri, const Json& range, const std::string& with) {
  std::string& text = texts_[uri];
  const std::size_t start = offset_of(text, range.at("start"));
  text.replace(start, offset_of(text, range.at("end")) - start, with);
  const Json change = {{"range", range}, {"text", with}};
  notify("textDocument/didChange", {{"textDocument", {{"uri", uri}, {"version", ++versions_[uri]}}},
                                    {"contentChanges", Json::array({change})}});
}

std::string LspClient::open(const std::string& name, std::string_view text) {
  const std::string uri = "file://" + folder_ + name;
  texts_[uri] = text;
  versions_[uri] = 1;
  notify("textDocument/didOpen",
         {{"textDocument",
           {{"uri", uri}, {"languageId", "markdown"}, {"version", 1}, {"text", text}}}});
  return uri;
}

void LspClient::type(const std::string& uri, std::size_t line, const std::string& text) {
  const Json position = {{"line", line}, {"character", 0}};
  change(uri, {{"start", position}, {"end", position}}, text);
}

void LspClient::remove(const std::string& uri, std::size_t first, std::size_t last) {
  const auto lines =
      static_cast<std::size_t>(std::count(texts_[uri].begin(), texts_[uri].end(), '\n'));
  Json end = {{"line", last}, {"character", 0}};
  if (last > lines) {
    end = {{"line", lines}, {"character", texts_[uri].size() - texts_[uri].rfind('\n') - 1}};
  }
  change(uri, {{"start", {{"line", first}, {"character", 0}}}, {"end", end}}, "");
}

void LspClient::wait_for_text(const std::string& uri,
                              const std::function<bool(const std::string&)>& done) {
  try {
    process_.wait_until([&] {
      take_messages();
      return done(texts_[uri]);
    });
  } catch (const std::exception& error) {
    std::string seen = std::string(error.what()) + "\nthe text:\n" + texts_[uri];
    for (const std::string& message : shown) seen += "\nshown: " + message;
    throw std::runtime_error(seen);
  }
}

Json LspClient::at(const std::string& uri, std::size_t line, std::size_t character) {
  return {{"textDocument", {{"uri", uri}}},
          {"position", {{"line", line}, {"character", character}}}};
}

}  // namespace chatvim::testing
