// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "chatvim/document/reader.hpp"
#include "chatvim/text/utf8.hpp"
#include "features.hpp"
#include "json_fields.hpp"

namespace chatvim::lsp {

namespace {

/// Kinds of actions. Commands have a kind of their own: what is of the kind `source` may be run
/// whenever a file is saved.
constexpr const char* kFix = "quickfix";
constexpr const char* kCommand = "chatvim";

/// Collects actions: edits of this document, or commands.
class Actions {
 public:
  /// `only` lists the kinds that the client wants; empty: all.
  Actions(Scene& scene, Range range, std::vector<std::string> only)
      : scene_(scene), range_(range), only_(std::move(only)) {}

  void edit(const std::string& title, Range range, const std::string& text,
            const Json& diagnostic = nullptr) {
    if (!scene_.client.lists_actions || !is_wanted(kFix)) return;
    const Json change = {{"range", scene_.positions.write(range)}, {"newText", text}};
    Json action = {{"title", title},
                   {"kind", kFix},
                   {"edit", {{"changes", {{scene_.chat.uri(), Json::array({change})}}}}}};
    if (!diagnostic.is_null()) action["diagnostics"] = Json::array({diagnostic});
    actions_.push_back(std::move(action));
  }
  void command(const std::string& title, const char* name, Json arguments, const char* kind,
               const Json& diagnostic = nullptr) {
    if (!is_wanted(kind)) return;
    const Json command = {{"title", title}, {"command", name}, {"arguments", std::move(arguments)}};
    if (!scene_.client.lists_actions) {
      actions_.push_back(command);
      return;
    }
    Json action = {{"title", title}, {"kind", kind}, {"command", command}};
    if (!diagnostic.is_null()) action["diagnostics"] = Json::array({diagnostic});
    actions_.push_back(std::move(action));
  }
  Json take() { return std::move(actions_); }
  Scene& scene() { return scene_; }
  Range range() const { return range_; }

 private:
  bool is_wanted(std::string_view kind) const {
    return only_.empty() || std::any_of(only_.begin(), only_.end(), [kind](const auto& one) {
             return kind == one || (kind.starts_with(one) && kind[one.size()] == '.');
           });
  }

  Scene& scene_;
  Range range_;
  std::vector<std::string> only_;
  Json actions_ = Json::array();
};

/// The actions for one of our diagnostics, which the client has sent back.
void add_fixes(Actions& actions, const Json& diagnostic) {
  Scene& scene = actions.scene();
  if (text_of(diagnostic, "source") != kSource) return;
  const Json& data = member(diagnostic, "data");
  const Range range = scene.positions.read_range(member(diagnostic, "range"));
  if (const std::string with = text_of(data, "with"); !with.empty()) {
    const auto line = read_setting_line(scene.chat.text().line(range.start.line));
    if (line && line->key == text_of(data, "replace")) {
      const std::size_t row = range.start.line;
      actions.edit(fmt::format("Replace {} by {}", line->key, with),
                   {{row, line->key_start}, {row, line->key_end}}, with, diagnostic);
    }
  }
  if (const std::string line = text_of(data, "line"); !line.empty()) {
    // The line may have changed since.
    const auto now = scene.chat.text().line(range.start.line);
    const auto meant = near_delimiter(now.substr(std::min(now.find_first_not_of('\\'), now.size())),
                                      scene.chat.format());
    if (!meant || *meant != near_delimiter(line, scene.chat.format())) return;
    actions.edit(fmt::format("Write \"{}\"", line), range, line, diagnostic);
  }
  if (const std::string path = text_of(data, "allow"); !path.empty()) {
    const std::string folder = text_of(data, "folder");
    actions.command(fmt::format("Allow {} for all chats", text::printable_name(path, 200)),
                    "chatvim.allow", Json::array({path}), kFix, diagnostic);
    if (folder.empty() || !may_allow_folder(folder, scene.chat.environment())) return;
    actions.command(
        fmt::format("Allow the folder {} for all chats", text::printable_name(folder, 200)),
        "chatvim.allow", Json::array({folder}), kFix, diagnostic);
  }
}

/// Puts the parameter that the server refused into `omit`.
void add_omit(Actions& actions) {
  Scene& scene = actions.scene();
  if (scene.refused.empty()) return;
  ChatDocument& chat = scene.chat;
  const auto& reading = chat.reading();
  if (!reading.chat) return;
  for (const std::string& omitted : reading.chat->settings.omit()) {
    if (omitted == scene.refused) return;
  }
  const std::string title = fmt::format("Leave {} out of requests (omit)", scene.refused);
  const bool yaml = chat.front_matter_kind() == document::FrontMatterKind::kYaml;
  for (std::size_t i = 1; i + 1 < chat.body_line(); ++i) {
    const auto line = read_setting_line(chat.text().line(i));
    if (!line || line->key != "omit") continue;
    const std::size_t bracket = chat.text().line(i).find('[', line->value_start);
    if (bracket == std::string_view::npos) return;
    const bool is_empty = chat.text().line(i).find(']', bracket) == bracket + 1;
    return actions.edit(title, {{i, bracket + 1}, {i, bracket + 1}},
                        fmt::format("\"{}\"{}", scene.refused, is_empty ? "" : ", "));
  }
  const std::string line = fmt::format("omit {} [\"{}\"]\n", yaml ? ":" : "=", scene.refused);
  if (chat.body_line() > 0) {
    actions.edit(title, {{1, 0}, {1, 0}}, yaml ? "omit: " + line.substr(7) : line);
  } else {
    actions.edit(title, {{0, 0}, {0, 0}}, fmt::format("+++\n{}+++\n", line));
  }
}

void add_fence(Actions& actions) {
  ChatDocument& chat = actions.scene().chat;
  const std::size_t line = actions.range().start.line;
  if (line < chat.body_line()) return;
  const std::size_t section = chat.section_at(line);
  const std::string closer = open_fence(chat, section);
  if (closer.empty()) return;
  std::size_t last = chat.end_of(section) - 1;
  const std::size_t first = chat.sections()[section].start;
  while (last > first && chat.text().line(last).find_first_not_of(" \t\r") == std::string::npos) {
    --last;
  }
  const Position end{last, chat.text().line(last).size()};
  actions.edit("Close the code fence", {end, end}, "\n" + closer);
}

void add_commands(Actions& actions) {
  ChatDocument& chat = actions.scene().chat;
  const std::string& uri = chat.uri();
  const std::size_t line = actions.range().start.line;
  if (chat.is_in_front_matter(line) || line < chat.body_line()) {
    actions.command("Choose a model", "chatvim.chooseModel", Json::array({uri}), kCommand);
    return;
  }
  bool ends_with_answer = false;
  for (std::size_t i = chat.sections().size(); i-- > 0;) {
    if (title_of(chat, i).empty()) continue;
    ends_with_answer = chat.sections()[i].role == document::Role::kAssistant;
    break;
  }
  if (ends_with_answer) {
    actions.command("Continue the last answer", "chatvim.continue", Json::array({uri}), kCommand);
    actions.command("Ask for the last answer again", "chatvim.retry", Json::array({uri}), kCommand);
  } else {
    actions.command("Answer this chat", "chatvim.complete", Json::array({uri}), kCommand);
  }
  if (actions.scene().client.creates_files && !chat.path().empty()) {
    actions.command("Fork the chat after this message", "chatvim.fork", Json::array({uri, line}),
                    kCommand);
  }
}

}  // namespace

Json code_actions(Scene& scene, Range range, const Json& context) {
  std::vector<std::string> only;
  if (const Json& kinds = member(context, "only"); kinds.is_array()) {
    for (const Json& kind : kinds) {
      if (kind.is_string()) only.push_back(kind.get<std::string>());
    }
  }
  Actions actions(scene, range, std::move(only));
  if (!scene.chat.may_be_chat()) return actions.take();
  const Json& diagnostics = member(context, "diagnostics");
  if (diagnostics.is_array()) {
    for (const Json& diagnostic : diagnostics) add_fixes(actions, diagnostic);
  }
  add_omit(actions);
  add_fence(actions);
  add_commands(actions);
  return actions.take();
}

}  // namespace chatvim::lsp
