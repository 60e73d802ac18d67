// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "chatvim/chat/model_choice.hpp"
#include "chatvim/document/message.hpp"
#include "chatvim/files/files.hpp"
#include "chatvim/glob/path.hpp"
#include "chatvim/store/trust.hpp"
#include "chatvim/text/lines.hpp"
#include "json_fields.hpp"

namespace chatvim::lsp {

namespace {

/// Models that a question lists.
constexpr std::size_t kMostModels = 12;

std::string text_at(const Json& arguments, std::size_t index) {
  const bool is_there = arguments.is_array() && index < arguments.size();
  return is_there && arguments[index].is_string() ? arguments[index].get<std::string>()
                                                  : std::string();
}

/// Returns an unused path next to the chat's.
std::string free_path(const std::string& path) {
  const std::size_t dot = path.ends_with(".md") ? path.size() - 3 : path.size();
  for (int i = 1;; ++i) {
    std::string candidate = fmt::format("{}-fork-{}{}", path.substr(0, dot), i, path.substr(dot));
    const auto entry = files::system_files().look(candidate);
    if (!entry || entry->kind == files::Entry::Kind::kMissing) return candidate;
  }
}

/// Returns for each line whether a fork leaves it out: the states of tool calls and the blank lines
/// below them are of use only to the provider that sent them, and may be long.
std::vector<bool> find_states(ChatDocument& chat, std::size_t end) {
  std::vector<bool> is_state(end, false);
  for (std::size_t i = 0; i < chat.sections().size() && chat.sections()[i].start < end; ++i) {
    if (chat.sections()[i].role != document::Role::kAssistant) continue;
    for (const auto& part : chat.message_of(i).answer) {
      if (part.kind != document::AnswerPart::Kind::kState) continue;
      std::size_t line = part.line;
      for (; line < part.end && line < end; ++line) is_state[line] = true;
      for (; line < end && text::is_blank(chat.text().line(line)); ++line) is_state[line] = true;
    }
  }
  return is_state;
}

/// Returns the lines before `end` for a fork.
std::string forked_text(ChatDocument& chat, std::size_t end) {
  const std::vector<bool> is_state = find_states(chat, end);
  std::string text;
  for (std::size_t i = 0; i < end; ++i) {
    if (is_state[i]) continue;
    text.append(chat.text().line(i));
    if (i + 1 < chat.text().lines().size()) text.push_back('\n');
  }
  return text;
}

}  // namespace

Json Commands::names() {
  return {"chatvim.complete", "chatvim.continue", "chatvim.retry",      "chatvim.stop",
          "chatvim.allow",    "chatvim.fork",     "chatvim.chooseModel"};
}

Result<Json> Commands::run(const std::string& command, const Json& arguments) {
  if (command == "chatvim.allow") {
    allow(arguments);
    return Json();
  }
  const Json known = names();
  if (std::find(known.begin(), known.end(), Json(command)) == known.end()) {
    return tl::unexpected(Error{ErrorCode::kBadArguments, "unknown command: " + command});
  }
  const bool is_named = arguments.is_array() && !arguments.empty();
  ChatDocument* chat =
      is_named ? parts_.documents.find(text_at(arguments, 0)) : parts_.documents.last_chat();
  if (chat == nullptr || !chat->is_chat()) {
    return tl::unexpected(
        Error{ErrorCode::kBadArguments, "open a chat first, or name one by its URI"});
  }
  if (command == "chatvim.complete") {
    parts_.answers.start(*chat, chat::Mode::kAnswer);
  } else if (command == "chatvim.continue") {
    parts_.answers.start(*chat, chat::Mode::kContinue);
  } else if (command == "chatvim.retry") {
    parts_.answers.start(*chat, chat::Mode::kRetry);
  } else if (command == "chatvim.stop") {
    parts_.answers.stop(chat->uri());
  } else if (command == "chatvim.fork") {
    fork(*chat, arguments);
  } else {
    choose_model(*chat);
  }
  return Json();
}

void Commands::allow(const Json& arguments) {
  const std::string path = text_at(arguments, 0);
  if (!path.starts_with('/')) {
    return parts_.client.show(Client::kError,
                              "Name the file or folder to allow by its whole path.");
  }
  if (!may_allow_folder(path, parts_.environment)) {
    return parts_.client.show(
        Client::kError, "Allow a folder inside of your home folder: this one holds everything.");
  }
  const auto kept = store::Trust::remember_embed(parts_.environment, path, true);
  if (!kept) return parts_.client.show(Client::kError, kept.error().message);
  parts_.on_trust_changed();
}

void Commands::fork(ChatDocument& chat, const Json& arguments) {
  if (chat.path().empty() || !parts_.client.traits().creates_files) {
    return parts_.client.show(Client::kError, "Save the chat first: a fork is a file next to it.");
  }
  const bool has_line =
      arguments.is_array() && arguments.size() > 1 && arguments[1].is_number_unsigned();
  const std::size_t line = has_line ? arguments[1].get<std::size_t>() : chat.text().end().line;
  const std::size_t end =
      line < chat.body_line() ? chat.text().lines().size() : chat.end_of(chat.section_at(line));
  const std::string text = forked_text(chat, end);
  const std::string uri = uri_of_path(free_path(chat.path()));
  const Json start = {{"line", 0}, {"character", 0}};
  const Json insertion = {{"range", {{"start", start}, {"end", start}}}, {"newText", text}};
  const Json document = {{"uri", uri}, {"version", nullptr}};
  const Json changes =
      Json::array({{{"kind", "create"}, {"uri", uri}},
                   {{"textDocument", document}, {"edits", Json::array({insertion})}}});
  parts_.client.request(
      "workspace/applyEdit", {{"label", "Fork the chat"}, {"edit", {{"documentChanges", changes}}}},
      [this, uri](const Json& result, const Json&) {
        if (member(result, "applied") != true) return;
        if (!parts_.client.traits().shows_documents) {
          return parts_.client.show(Client::kInformation, "The fork is " + path_of_uri(uri) + ".");
        }
        parts_.client.request("window/showDocument", {{"uri", uri}, {"takeFocus", true}}, nullptr);
      });
}

void Commands::choose_model(ChatDocument& chat) {
  const auto& reading = chat.reading();
  const auto models = reading.chat.and_then(
      [&](const chat::Chat& good) { return chat::list_models(good, parts_.environment); });
  if (!models) return parts_.client.show(Client::kError, models.error().message);
  std::vector<std::string> titles;
  for (const Json& model : *models) {
    if (titles.size() < kMostModels) titles.push_back(model.at("setting"));
  }
  parts_.client.choose(
      Client::kInformation, "Choose a model; others can be written into the front matter.", titles,
      [this, uri = chat.uri()](const std::string& name) {
        ChatDocument* found = parts_.documents.find(uri);
        if (name.empty() || found == nullptr || !found->reading().chat) return;
        const auto edit =
            chat::set_model(*found->reading().chat, found->views(), name, parts_.environment);
        if (!edit) return parts_.client.show(Client::kError, edit.error().message);
        std::string text;
        for (const std::string& line : edit->lines) text.append(line).push_back('\n');
        const Json range =
            parts_.scene(*found).positions.write(Range{{edit->first, 0}, {edit->last, 0}});
        parts_.client.apply_edit("Choose a model", uri, found->version(),
                                 Json::array({{{"range", range}, {"newText", text}}}), nullptr);
      });
}

}  // namespace chatvim::lsp
