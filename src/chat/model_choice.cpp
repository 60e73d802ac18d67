// SPDX-License-Identifier: Apache-2.0
#include "chatvim/chat/model_choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "chatvim/document/reader.hpp"
#include "chatvim/provider/catalogue.hpp"
#include "chatvim/settings/model_edit.hpp"
#include "chatvim/text/lines.hpp"

namespace chatvim::chat {

namespace {

Error refused(std::string message) { return {ErrorCode::kBadArguments, std::move(message)}; }

/// Whether the name is text that a front matter can hold in one line.
bool is_name(std::string_view name) {
  const bool control = std::any_of(name.begin(), name.end(),
                                   [](unsigned char byte) { return byte < 0x20 || byte == 0x7F; });
  return !control && name.find_first_not_of(' ') != std::string_view::npos;
}

/// The lines of the front matter's text that an edit touches, as an edit of the document.
LineEdit by_lines(const settings::Edit& edit, std::string_view text) {
  const auto start_of = [text](std::size_t at) {
    const auto before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
    return before == std::string_view::npos ? 0 : before + 1;
  };
  const auto line_of = [text](std::size_t at) {
    const auto end = text.begin() + static_cast<std::ptrdiff_t>(at);
    return static_cast<std::size_t>(std::count(text.begin(), end, '\n')) + 1;
  };
  LineEdit lines{line_of(edit.begin), line_of(edit.begin), {}};
  if (edit.begin == edit.end && edit.text.empty()) return lines;
  std::string changed(edit.text);
  // A line of its own leaves the others as they are.
  if (!edit.text.ends_with('\n')) {
    const std::size_t start = start_of(edit.begin);
    const std::size_t end = text.find('\n', edit.end);
    changed = fmt::format("{}{}{}\n", text.substr(start, edit.begin - start), edit.text,
                          text.substr(edit.end, end - edit.end));
    lines.last = line_of(edit.end) + 1;
  }
  for (const auto line : text::split_file(changed)) lines.lines.emplace_back(line);
  return lines;
}

/// A front matter for a document that has none.
LineEdit new_front_matter(std::span<const std::string_view> lines, const settings::Edit& edit) {
  const std::string marker(document::kTomlMarker);
  LineEdit added{0, 0, {marker, edit.text.substr(0, edit.text.find('\n')), marker}};
  const std::string_view next = lines.empty() ? "" : lines.front();
  // A body that begins with a marker must go on to do so, since its lines are read accordingly.
  const bool marked =
      next.starts_with(document::kTomlMarker) || next.starts_with(document::kYamlMarker);
  if (!marked && next.find_first_not_of(" \t") != std::string_view::npos) {
    added.lines.emplace_back();
  }
  return added;
}

/// The models of a provider, those that the user listed first.
std::vector<provider::Model> models_of(const provider::Provider& row,
                                       const provider::Catalogue& catalogue) {
  std::vector<provider::Model> models;
  const auto add = [&models](provider::Model model) {
    const bool there = std::any_of(models.begin(), models.end(), [&model](const auto& other) {
      return other.name == model.name;
    });
    if (!there && !model.name.empty()) models.push_back(std::move(model));
  };
  auto names = row.models;
  names.push_back(row.default_model);
  for (const auto& name : names) {
    auto known = catalogue.find(row.name, name);
    add(known ? std::move(*known) : provider::Model{row.name, name, {}, {}, {}, {}, {}});
  }
  for (auto& model : catalogue.of(row.name)) add(std::move(model));
  return models;
}

/// What the picker shows of a model beside its name.
Json describe_facts(const provider::Model& model) {
  Json facts = Json::object();
  if (model.context) facts["context"] = *model.context;
  if (model.price)
    facts["price"] = {{"input", model.price->input}, {"output", model.price->output}};
  return facts;
}

}  // namespace

Result<LineEdit> set_model(const Chat& chat, std::span<const std::string_view> lines,
                           const std::string& name, const Environment& environment) {
  if (!is_name(name)) return tl::unexpected(refused("A model's name is one line of text."));
  const auto table = provider::make_table(chat.settings.providers(), environment);
  if (!table) return tl::unexpected(table.error());
  const auto choice = provider::choose(*table, name, chat.settings.string("provider"), environment);
  if (!choice) return tl::unexpected(choice.error());
  const auto front_matter = document::find_front_matter(lines);
  const auto language = front_matter.kind == document::FrontMatterKind::kYaml
                            ? settings::Language::kYaml
                            : settings::Language::kToml;
  const auto edit = settings::edit_model(language, front_matter.text, name);
  if (!edit) return tl::unexpected(Error{ErrorCode::kBadDocument, edit.error()});
  if (front_matter.kind == document::FrontMatterKind::kNone) return new_front_matter(lines, *edit);
  return by_lines(*edit, front_matter.text);
}

std::optional<std::string> guess_of(const Chat& chat, const std::string& name,
                                    const Environment& environment) {
  const auto table = provider::make_table(chat.settings.providers(), environment);
  if (!table) return std::nullopt;
  const auto choice = provider::choose(*table, name, chat.settings.string("provider"), environment);
  if (!choice || !choice->provider->is_guess) return std::nullopt;
  return choice->provider->name;
}

Result<Json> list_models(const Chat& chat, const Environment& environment) {
  const auto& settings = chat.settings;
  const auto table = provider::make_table(settings.providers(), environment);
  if (!table) return tl::unexpected(table.error());
  const auto named = settings.string("provider");
  const auto leads_to = [&](const std::string& setting, const provider::Provider& row,
                            const std::string& model) {
    const auto choice = provider::choose(*table, setting, named, environment);
    return choice && choice->provider == &row && choice->model == model;
  };
  const auto current = provider::choose(*table, settings.string("model"), named, environment);
  const provider::Catalogue catalogue(settings.facts());
  Json list = Json::array();
  for (const auto& row : *table) {
    const bool set_up = row.key.optional && settings.providers().contains(row.name);
    if (!set_up && !provider::has_key(row, environment)) continue;
    for (const auto& model : models_of(row, catalogue)) {
      const std::string full = row.name + "/" + model.name;
      Json entry = describe_facts(model);
      entry["name"] = full;
      entry["setting"] = leads_to(model.name, row, model.name) ? model.name : full;
      entry["current"] = current && current->provider == &row && current->model == model.name;
      list.push_back(std::move(entry));
    }
  }
  if (list.empty()) {
    return tl::unexpected(Error{
        ErrorCode::kNoKey, fmt::format("No provider has a key. {}", provider::key_advice(*table))});
  }
  return list;
}

}  // namespace chatvim::chat
