// SPDX-License-Identifier: Apache-2.0
#include "document_requests.hpp"

#include <cstddef>
#include <nlohmann/json.hpp>

#include "json_fields.hpp"

namespace chatvim::lsp {

namespace {

std::size_t line_of(const Json& range, const char* end) {
  const Json& line = member(member(range, end), "line");
  return line.is_number_unsigned() ? line.get<std::size_t>() : 0;
}

Position position_of(const Scene& scene, const Json& params) {
  return scene.positions.read(member(params, "position"));
}

}  // namespace

const std::map<std::string_view, DocumentRequest>& document_requests() {
  static const std::map<std::string_view, DocumentRequest> kAll = {
      {"textDocument/completion",
       [](Scene& scene, const Json& params) {
         return complete(scene, position_of(scene, params), params);
       }},
      {"textDocument/hover",
       [](Scene& scene, const Json& params) { return hover(scene, position_of(scene, params)); }},
      {"textDocument/definition",
       [](Scene& scene, const Json& params) {
         return definition(scene, position_of(scene, params));
       }},
      {"textDocument/documentLink",
       [](Scene& scene, const Json&) { return document_links(scene); }},
      {"textDocument/documentSymbol",
       [](Scene& scene, const Json&) { return document_symbols(scene); }},
      {"textDocument/foldingRange",
       [](Scene& scene, const Json&) { return folding_ranges(scene); }},
      {"textDocument/codeAction",
       [](Scene& scene, const Json& params) {
         return code_actions(scene, scene.positions.read_range(member(params, "range")),
                             member(params, "context"));
       }},
      {"textDocument/inlayHint",
       [](Scene& scene, const Json& params) {
         const Json& range = member(params, "range");
         return inlay_hints(scene, line_of(range, "start"), line_of(range, "end"));
       }},
      {"textDocument/semanticTokens/full",
       [](Scene& scene, const Json&) {
         return semantic_tokens(scene, 0, scene.chat.text().lines().size());
       }},
      {"textDocument/semanticTokens/range",
       [](Scene& scene, const Json& params) {
         const Json& range = member(params, "range");
         return semantic_tokens(scene, line_of(range, "start"), line_of(range, "end") + 1);
       }},
  };
  return kAll;
}

}  // namespace chatvim::lsp
