// SPDX-License-Identifier: Apache-2.0
// Fuzzes front matter and configuration, both typed by users and in chats from elsewhere.
#include "chatvim/settings/settings.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "chatvim/json.hpp"
#include "chatvim/settings/value_edit.hpp"
#include "chatvim/text/utf8.hpp"
#include "targets.hpp"

namespace chatvim::fuzz {

namespace {

using settings::Diagnostic;
using settings::Language;
using settings::Layer;
using settings::Scope;

constexpr int kFirstLine = 2;
constexpr std::string_view kModel = "a/model:\"1\"";

void check_diagnostics(const std::vector<Diagnostic>& diagnostics, std::string_view text) {
  const auto last = kFirstLine + std::count(text.begin(), text.end(), '\n');
  for (const auto& one : diagnostics) {
    expect(!one.message.empty() && one.message.find('\n') == std::string::npos,
           "an error message is a single line");
    expect(!text::find_invalid_utf8(one.message), "an error message is UTF-8");
    expect(one.at.line == 0 || (one.at.line >= kFirstLine && one.at.line <= last),
           "an error's position is in the text");
  }
}

/// Reads everything that a layer provides.
void use(const Layer& layer) {
  const std::array layers{layer};
  const settings::Settings all(layers);
  for (const auto& [name, value] : all.parameters()) {
    expect(!name.empty() && !value.is_discarded(), "a parameter has a name and a value");
  }
  const std::string body = all.body().dump() + all.facts().dump() + all.providers().dump();
  expect(!text::find_invalid_utf8(body), "settings are UTF-8");
  for (const auto& one : all.diagnostics()) expect(!one.message.empty(), "an error has a message");
}

void check_model_edit(Language language, const std::string& text) {
  const auto edit = settings::edit_value(language, text, "model", std::string(kModel));
  if (!edit) return expect(!edit.error().empty(), "an error has a message");
  const std::string edited = edit->apply(text);
  const Layer layer = settings::read_layer(language, edited, kFirstLine, Scope::kDocument);
  expect(layer.usable(), "edited front matter can be read");
  const std::array layers{layer};
  expect(settings::Settings(layers).string("model") == kModel, "the model is the new one");
}

}  // namespace

void settings(std::string_view input) {
  std::string text(input);
  if (text.empty() || text.back() != '\n') text += '\n';
  for (const Language language : {Language::kToml, Language::kYaml}) {
    for (const Scope scope : {Scope::kDocument, Scope::kConfiguration}) {
      const Layer layer = settings::read_layer(language, text, kFirstLine, scope);
      check_diagnostics(layer.diagnostics, text);
      if (!layer.usable()) continue;
      use(layer);
      if (scope == Scope::kDocument) check_model_edit(language, text);
    }
  }
}

}  // namespace chatvim::fuzz
