// SPDX-License-Identifier: Apache-2.0
#include "capabilities.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "commands.hpp"
#include "json_fields.hpp"

namespace chatvim::lsp {

namespace {

/// Whether the value at a path of keys is true.
bool is_set(const Json& object, std::initializer_list<const char*> path) {
  const Json* value = &object;
  for (const char* key : path) value = &member(*value, key);
  return *value == true || value->is_object();
}

}  // namespace

ClientTraits traits_of(const Json& capabilities) {
  ClientTraits traits;
  traits.snippets =
      is_set(capabilities, {"textDocument", "completion", "completionItem", "snippetSupport"});
  traits.shows_documents = is_set(capabilities, {"window", "showDocument", "support"});
  traits.applies_edits = is_set(capabilities, {"workspace", "applyEdit"});
  traits.versions_edits = is_set(capabilities, {"workspace", "workspaceEdit", "documentChanges"});
  traits.reports_progress = is_set(capabilities, {"window", "workDoneProgress"});
  traits.lists_actions =
      is_set(capabilities, {"textDocument", "codeAction", "codeActionLiteralSupport"});
  const Json& operations =
      member(member(member(capabilities, "workspace"), "workspaceEdit"), "resourceOperations");
  traits.creates_files =
      traits.versions_edits && operations.is_array() &&
      std::find(operations.begin(), operations.end(), Json("create")) != operations.end();
  return traits;
}

Encoding choose_encoding(const Json& capabilities) {
  const Json& offered = member(member(capabilities, "general"), "positionEncodings");
  if (!offered.is_array()) return Encoding::kUtf16;
  std::vector<Encoding> known;
  for (const Json& name : offered) {
    for (const Encoding one : {Encoding::kUtf8, Encoding::kUtf16, Encoding::kUtf32}) {
      if (name == name_of(one)) known.push_back(one);
    }
  }
  if (std::find(known.begin(), known.end(), Encoding::kUtf8) != known.end()) return Encoding::kUtf8;
  return known.empty() ? Encoding::kUtf16 : known.front();
}

Json server_capabilities(Encoding encoding, bool is_plugin) {
  Json all = {
      {"positionEncoding", name_of(encoding)},
      // 2: the client sends what has changed.
      {"textDocumentSync",
       {{"openClose", true}, {"change", 2}, {"save", {{"includeText", false}}}}},
      {"completionProvider",
       {{"triggerCharacters", {"(", "/", "#", "\"", "="}}, {"resolveProvider", false}}},
      {"hoverProvider", true},
      {"definitionProvider", true},
      {"documentLinkProvider", {{"resolveProvider", false}}},
      {"documentSymbolProvider", {{"label", "Chatvim"}}},
      {"foldingRangeProvider", true},
      {"codeActionProvider", {{"codeActionKinds", {"quickfix", "chatvim"}}}},
      {"executeCommandProvider", {{"commands", Commands::names()}, {"workDoneProgress", false}}},
  };
  if (!is_plugin) {
    all["inlayHintProvider"] = true;
    all["semanticTokensProvider"] = {
        {"legend", semantic_legend()}, {"full", true}, {"range", true}};
  }
  return all;
}

}  // namespace chatvim::lsp
