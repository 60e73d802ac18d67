// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/chat/chat.hpp"
#include "chatvim/settings/settings.hpp"
#include "chatvim/text/lines.hpp"

namespace chatvim::settings {
namespace {

/// The settings of a case: its document is a file, or the lines of a buffer.
Layer layer_of(const Json& one) {
  if (one.contains("document")) {
    const std::string document = one["document"];
    return chat::read_part(text::split_file(document), Scope::kDocument).layer;
  }
  const std::vector<std::string> lines = one["document_lines"];
  const std::vector<std::string_view> views(lines.begin(), lines.end());
  return chat::read_part(views, Scope::kDocument).layer;
}

void require_diagnostic(const Layer& layer, Severity severity, const Json& wanted) {
  const auto found =
      std::find_if(layer.diagnostics.begin(), layer.diagnostics.end(),
                   [&](const Diagnostic& diagnostic) { return diagnostic.severity == severity; });
  REQUIRE(found != layer.diagnostics.end());
  if (wanted.contains("line")) CHECK(found->at.line == wanted["line"].get<int>());
  if (wanted.contains("names")) {
    CHECK(found->message.find(wanted["names"].get<std::string>()) != std::string::npos);
  }
}

}  // namespace

TEST_CASE("Settings, errors and warnings of the format's cases") {
  std::ifstream file(std::string(CHATVIM_TEST_DATA) + "/document-cases.json");
  REQUIRE(file);
  const Json cases = Json::parse(file);
  REQUIRE(cases.size() > 30);
  for (const Json& c : cases) {
    INFO(c["name"].get<std::string>());
    const Layer layer = layer_of(c);
    const Settings settings(std::vector<Layer>{layer});
    if (c.contains("settings")) CHECK(layer.values->dump() == c["settings"].dump());
    if (c.contains("error")) {
      CHECK_FALSE(layer.usable());
      require_diagnostic(layer, Severity::kError, c["error"]);
    } else {
      CHECK(layer.usable());
      CHECK(settings.diagnostics().empty());
    }
    if (c.contains("warning")) require_diagnostic(layer, Severity::kWarning, c["warning"]);
    if (!c.contains("warning") && !c.contains("error")) CHECK(layer.diagnostics.empty());
  }
}

}  // namespace chatvim::settings
