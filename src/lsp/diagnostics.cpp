// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "chatvim/chat/broken_block.hpp"
#include "chatvim/chat/plan.hpp"
#include "chatvim/chat/tool_servers.hpp"
#include "chatvim/document/format.hpp"
#include "chatvim/embed/locate.hpp"
#include "chatvim/glob/path.hpp"
#include "chatvim/settings/schema.hpp"
#include "chatvim/text/lines.hpp"
#include "chatvim/text/utf8.hpp"
#include "features.hpp"

namespace chatvim::lsp {

namespace {

/// LSP's DiagnosticSeverity.
enum class Severity { kError = 1, kWarning = 2, kInformation = 3, kHint = 4 };

/// Findings of one kind that are shown.
constexpr std::size_t kMost = 100;
/// Longer lines are not compared with the delimiters, in bytes.
constexpr std::size_t kLongestNear = 70;
/// Embeds that are looked up on disk.
constexpr std::size_t kMostEmbeds = 200;

/// Collects findings. `data` is what a code action needs, and comes back with the request for it.
class Findings {
 public:
  explicit Findings(Scene& scene) : scene_(scene) {}

  void add(std::size_t line, Severity severity, const char* code, const std::string& message,
           Json data = nullptr) {
    add(scene_.positions.write_line(line), severity, code, message, std::move(data));
  }
  void add(const Json& range, Severity severity, const char* code, const std::string& message,
           Json data = nullptr) {
    Json item = {{"range", range},
                 {"severity", static_cast<int>(severity)},
                 {"code", code},
                 {"source", kSource},
                 {"message", message}};
    if (!data.is_null()) item["data"] = std::move(data);
    items_.push_back(std::move(item));
  }
  Json take() { return std::move(items_); }

 private:
  Scene& scene_;
  Json items_ = Json::array();
};

/// What the front matter says wrong. A misspelt key can be put right.
void check_front_matter(Scene& scene, Findings& findings) {
  ChatDocument& chat = scene.chat;
  for (const auto& one : chat.reading().diagnostics) {
    if (one.message == chat::kBrokenBlock) continue;  // the reading has only the first lines
    const std::size_t line = one.at.line > 0 ? static_cast<std::size_t>(one.at.line) - 1 : 0;
    const auto severity =
        one.severity == settings::Severity::kError ? Severity::kError : Severity::kWarning;
    const auto setting = read_setting_line(chat.text().line(line));
    Json data;
    if (setting && settings::find_option(settings::schema(), setting->key) == nullptr) {
      if (const auto* near = settings::find_near_option(settings::schema(), setting->key)) {
        data = {{"replace", setting->key}, {"with", near->name}};
      }
    }
    const std::size_t start = one.at.column > 0 ? static_cast<std::size_t>(one.at.column) - 1 : 0;
    const Range range{{line, start}, {line, text::trim_end(chat.text().line(line)).size()}};
    findings.add(scene.positions.write(range), severity, "front-matter", one.message,
                 std::move(data));
  }
}

/// Lines that look like a delimiter and are not one, and escapes that nothing needs.
void check_lines(Scene& scene, Findings& findings) {
  ChatDocument& chat = scene.chat;
  const auto& format = chat.format();
  std::size_t count = 0;
  const auto& lines = chat.text().lines();
  for (std::size_t i = chat.body_line(); i < lines.size() && count < kMost; ++i) {
    // By their sizes most lines are passed over without a look at their text, which lies elsewhere
    // in memory.
    if (lines[i].size() > kLongestNear) continue;
    const std::string_view line = lines[i];
    if (line.empty() || (line.front() != '#' && line.front() != '\\' && line.front() != ' ')) {
      continue;
    }
    const std::size_t slashes = std::min(line.find_first_not_of('\\'), line.size());
    const std::string_view bare = line.substr(slashes);
    const auto near = near_delimiter(bare, format);
    if (!near) continue;
    const bool is_exact = text::trim_end(bare) == *near;
    if (is_exact) continue;  // a delimiter, or a line that is rightly escaped
    ++count;
    if (slashes > 0) {
      findings.add(i, Severity::kHint, "needless-escape",
                   "Remove the backslash: this line is not a delimiter, so it is sent as it is.",
                   {{"line", std::string(bare)}});
    } else {
      findings.add(i, Severity::kWarning, "near-delimiter",
                   fmt::format("Write \"{}\" if a message begins here: this line is text.", *near),
                   {{"line", *near}});
    }
  }
}

/// Lines of answers that begin like a block of an answer, but are text.
void check_blocks(Scene& scene, Findings& findings) {
  ChatDocument& chat = scene.chat;
  const auto& lines = chat.text().lines();
  const auto begins_block = [](const std::string& line) {
    return std::any_of(document::kBlockBeginnings.begin(), document::kBlockBeginnings.end(),
                       [&line](std::string_view beginning) { return line.starts_with(beginning); });
  };
  std::size_t count = 0;
  for (std::size_t i = 0; i < chat.sections().size(); ++i) {
    const auto& section = chat.sections()[i];
    if (section.role != document::Role::kAssistant) continue;
    const auto begin = lines.begin() + static_cast<std::ptrdiff_t>(section.first_line());
    const auto end = lines.begin() + static_cast<std::ptrdiff_t>(chat.end_of(i));
    if (std::none_of(begin, end, begins_block)) continue;
    for (const std::size_t line : chat.message_of(i).broken_blocks) {
      if (++count > kMost) return;
      findings.add(line, Severity::kWarning, "broken-block", std::string(chat::kBrokenBlock));
    }
  }
}

/// Returns the folder whose permission would cover a file; "" if a file is asked about for itself.
std::string folder_to_allow(const embed::Location& location) {
  const bool is_for_itself = *location.outside == embed::Outside::Reason::kCredentials;
  return is_for_itself ? "" : glob::folder_of(location.path);
}

/// A model or provider that cannot be chosen, at its line.
void check_choice(Scene& scene, Findings& findings) {
  ChatDocument& chat = scene.chat;
  const auto& reading = chat.reading();
  if (!reading.chat || chat.scope() != settings::Scope::kDocument) return;
  for (std::size_t i = 1; i + 1 < chat.body_line(); ++i) {
    const auto line = read_setting_line(chat.text().line(i));
    if (!line || (line->key != "model" && line->key != "provider")) continue;
    const auto plan = chat::begin_plan(reading.chat->settings, chat.environment());
    if (plan || plan.error().code == ErrorCode::kNoKey) return;
    return findings.add(i, Severity::kError, "model", plan.error().message);
  }
}

/// Names in `tools` that no server has, at its line.
void check_tools(Scene& scene, Findings& findings) {
  ChatDocument& chat = scene.chat;
  const auto& reading = chat.reading();
  if (!reading.chat || !reading.document_layer.values->contains("tools")) return;
  for (std::size_t i = 1; i + 1 < chat.body_line(); ++i) {
    const auto line = read_setting_line(chat.text().line(i));
    if (!line || line->key != "tools") continue;
    const auto& settings = reading.chat->settings;
    const auto servers = chat::tool_servers(settings, chat.environment());
    for (const auto& sentence :
         chat::unknown_tools(chat::tool_patterns(settings, servers), servers)) {
      findings.add(i, Severity::kWarning, "tools", sentence);
    }
    return;
  }
}

void check_embeds(Scene& scene, Findings& findings) {
  ChatDocument& chat = scene.chat;
  std::optional<embed::Context> context;
  std::optional<embed::Locator> locator;
  std::size_t count = 0;
  for (std::size_t i = 0; i < chat.sections().size(); ++i) {
    for (const auto& embed : chat.embeds_of(i)) {
      if (++count > kMostEmbeds) return;
      if (!context) locator.emplace(context.emplace(embed_context(scene)));
      const auto found = locator->locate(embed.target);
      const std::string target = text::printable_name(embed.target, 200);
      if (!found) {
        findings.add(embed.line, Severity::kError, "embed",
                     fmt::format("![]({}): {}.", target, found.error().message));
      } else if (found->outside) {
        embed::Outside outside;
        outside.reason = *found->outside;
        findings.add(embed.line, Severity::kInformation, "outside",
                     fmt::format("![]({}) {} and has to be allowed before it is sent.", target,
                                 chat::reason_of(outside)),
                     {{"allow", found->path}, {"folder", folder_to_allow(*found)}});
      }
    }
  }
}

}  // namespace

Json diagnose(Scene& scene) {
  Findings findings(scene);
  if (scene.chat.is_chat()) {
    check_front_matter(scene, findings);
    check_choice(scene, findings);
    if (scene.chat.scope() == settings::Scope::kDocument) check_tools(scene, findings);
    check_lines(scene, findings);
    check_blocks(scene, findings);
    check_embeds(scene, findings);
  }
  return findings.take();
}

}  // namespace chatvim::lsp
