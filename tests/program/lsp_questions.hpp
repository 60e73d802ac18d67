// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "lsp_client.hpp"

// What the tests of the language server's answers share.
namespace chatvim::testing::lsp {

/// A chat with a question, and what an answer puts before and behind its text.
inline const std::string kQuestion = "# === USER ===\n\nhi\n";
inline const std::string kBegin = "# === USER ===\n\nhi\n\n# === ASSISTANT ===\n\n";
inline const std::string kEnd = "\n\n# === USER ===\n\n";

/// Runs a command of the server.
inline void run(LspClient& client, const char* command, const Json& arguments) {
  client.request("workspace/executeCommand", {{"command", command}, {"arguments", arguments}});
}

/// Runs a command as soon as the last answer has ended, which the text of a retried or continued
/// answer does not tell: the delimiter below it was there before.
inline void run_after_answer(LspClient& client, const char* command, const std::string& uri) {
  do {
    client.shown.clear();
    run(client, command, {uri});
    client.request("textDocument/foldingRange", {{"textDocument", {{"uri", uri}}}});
  } while (!client.shown.empty());
}

/// A condition of `wait_for_text`: the text has this part.
inline std::function<bool(const std::string&)> has(const std::string& part) {
  return [part](const std::string& text) { return text.find(part) != std::string::npos; };
}

using Strings = std::vector<std::string>;

inline Json only(const std::string& uri) { return {{"textDocument", {{"uri", uri}}}}; }

inline Json place(std::size_t line, std::size_t character) {
  return {{"line", line}, {"character", character}};
}

inline Json lines(const std::string& uri, std::size_t first, std::size_t last) {
  Json params = only(uri);
  params["range"] = {{"start", place(first, 0)}, {"end", place(last, 0)}};
  return params;
}

inline Strings all(const Json& items, const char* key) {
  Strings values;
  for (const Json& item : items) values.push_back(item.at(key));
  return values;
}

/// The items of a completion, and the document as it is after one of them has been taken.
struct Completed {
  Json items;
  std::string text;
};

/// Completes at the `|` of a text and takes the item with this label.
inline Completed complete(LspClient& client, const std::string& marked,
                          const std::string& label = "") {
  static int number = 0;
  const std::size_t cursor = marked.find('|');
  std::string text = marked.substr(0, cursor) + marked.substr(cursor + 1);
  const std::size_t start = text.rfind('\n', cursor == 0 ? 0 : cursor - 1);
  const auto line = std::count(text.begin(), text.begin() + static_cast<long>(cursor), '\n');
  const std::size_t column = line == 0 ? cursor : cursor - start - 1;
  const std::string uri = client.open("p/completed" + std::to_string(++number) + ".md", text);
  Completed done;
  done.items = client
                   .request("textDocument/completion",
                            LspClient::at(uri, static_cast<std::size_t>(line), column))
                   .at("items");
  for (const Json& item : done.items) {
    if (item.at("label") != label) continue;
    const Json& edit = item.at("textEdit");
    const std::size_t at = cursor - column;
    const std::size_t from = edit.at("range").at("start").at("character");
    const std::size_t to = edit.at("range").at("end").at("character");
    done.text =
        text.substr(0, at + from) + edit.at("newText").get<std::string>() + text.substr(at + to);
  }
  return done;
}

inline bool offers(const Completed& done, const std::string& label) {
  const Strings labels = all(done.items, "label");
  return std::find(labels.begin(), labels.end(), label) != labels.end();
}

inline Json hover(LspClient& client, const std::string& uri, std::size_t line,
                  std::size_t character) {
  const Json found = client.request("textDocument/hover", LspClient::at(uri, line, character));
  return found.is_null() ? found : found.at("contents").at("value");
}

inline bool has(const Json& text, const char* part) {
  return text.is_string() && text.get<std::string>().find(part) != std::string::npos;
}
}  // namespace chatvim::testing::lsp
