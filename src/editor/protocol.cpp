// SPDX-License-Identifier: Apache-2.0
#include "protocol.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace chatvim::editor {

namespace {

using enum FieldType;

constexpr bool kRequired = true;
constexpr bool kOptional = false;

bool has_type(const Json& value, FieldType type) {
  switch (type) {
    case kString:
      return value.is_string();
    case kInteger:
      return value.is_number_integer();
    case kBoolean:
      return value.is_boolean();
    case kStrings:
    case kMaps:
      return value.is_array();
    case kMap:
      // An empty Lua table comes as an empty list.
      return value.is_object() || (value.is_array() && value.empty());
  }
  return false;
}

std::string_view describe(FieldType type) {
  switch (type) {
    case kString:
      return "a string";
    case kInteger:
      return "a whole number";
    case kBoolean:
      return "true or false";
    case kStrings:
      return "a list";
    case kMaps:
      return "a list of maps";
    case kMap:
      return "a map";
  }
  return {};
}

constexpr Field kAnswer{"id", kInteger, kRequired, "the answer"};
constexpr Field kQuestion{"id", kInteger, kRequired, "a new number for this question"};
constexpr Field kJournal{"journal", kString, kRequired,
                         "the path where the chat's journal would be"};

/// Messages about the program and its text.
std::vector<MessageType> session_messages() {
  return {
      {"hello",
       false,
       {{"protocol", kInteger, kOptional, "the version of the protocol that the plugin speaks"},
        {"version", kString, kOptional, "the plugin's version"}}},
      {"warm",
       false,
       {{"settings", kMap, kOptional, "the editor's layer of settings (option `settings`)"}}},
      {"open", true, {}},
      {"part",
       false,
       {{"text", kString, kRequired, "lines, each ending with `\\n`"},
        {"size", kInteger, kOptional, "roughly how many bytes the whole text has"}}},
  };
}

/// Messages about answers that are being written.
std::vector<MessageType> answer_messages() {
  return {
      {"complete",
       true,
       {{"id", kInteger, kRequired, "a new number for this answer"},
        {"mode", kString, kOptional,
         "`\"answer\"` (the default), `\"continue\"` (continue the last answer) or `\"retry\"` "
         "(replace it)"},
        {"journal", kString, kOptional, "path of the answer's journal; missing: keep none"},
        {"unsaved_answer", kInteger, kOptional,
         "the `id` of this chat's last answer if that is not saved yet: the new journal then "
         "covers both"}}},
      {"acknowledge",
       false,
       {kAnswer, {"sequence", kInteger, kRequired, "the `sequence` of the update"}}},
      {"stop", false, {kAnswer}},
      {"decide",
       false,
       {kAnswer,
        {"number", kInteger, kRequired, "the `number` of the [question](#question)"},
        {"decision", kString, kRequired,
         "`\"once\"`, `\"answer\"` (until the answer ends), `\"session\"` (until the program "
         "ends), "
         "`\"always\"`, `\"refuse\"` or `\"stop\"` (the answer ends, its calls stay open)"},
        {"reason", kString, kOptional, "for `refuse`: what the model is told"},
        {"content", kString, kOptional,
         "for a question of the kind `buffer`: the buffer's lines, joined with `\\n`"}}},
      {"cancel",
       false,
       {{"id", kInteger, kRequired, "the answer or question"},
        {"keep", kBoolean, kOptional, "keep the journal, so that anyone can restore from it"},
        {"hold", kBoolean, kOptional,
         "with `keep`: the journal stays this program's until `discard` or `release`"}}},
      {"move_journal",
       false,
       {kAnswer,
        {"journal", kString, kRequired, "the journal's new path"},
        {"file", kString, kRequired, "the chat's new path; empty: it has none"}}},
  };
}

/// Messages about chats, journals and permissions.
std::vector<MessageType> chat_messages() {
  return {
      {"request",
       true,
       {kQuestion,
        {"check", kBoolean, kOptional,
         "only report whether the chat can be sent, and to which model"}}},
      {"messages", true, {kQuestion}},
      {"format", true, {kQuestion}},
      {"models", true, {kQuestion}},
      {"set_model", true, {kQuestion, {"model", kString, kRequired, "NAME or PROVIDER/NAME"}}},
      {"answers",
       true,
       {kQuestion,
        {"answers", kMaps, kRequired,
         "the answers, the chosen one first: maps of `model` (PROVIDER/NAME), `text` and, if "
         "known, "
         "`input` and `output` (tokens), `price` (US dollars), `seconds` and `outcome` "
         "(`\"stopped\"` or `\"error\"`)"}}},
      {"choose",
       true,
       {kQuestion, {"row", kInteger, kRequired, "a row of the other answer, from 0"}}},
      {"set_title", true, {kQuestion, {"title", kString, kRequired, "the chat's title"}}},
      {"tools", true, {kQuestion}},
      {"set_tools",
       true,
       {kQuestion,
        {"tools", kStrings, kRequired, "names of servers (SERVER) and of tools (SERVER.TOOL)"}}},
      {"chats",
       false,
       {kQuestion,
        {"folder", kString, kRequired, "an absolute path"},
        {"text", kString, kRequired, "only chats that contain it; empty: all"},
        {"settings", kMap, kOptional, "the editor's layer of settings (option `settings`)"}}},
      {"embeds", true, {kQuestion}},
      {"blocks",
       true,
       {kQuestion,
        {"row", kInteger, kOptional, "a line of the answer, from 0; missing: the last answer"}}},
      {"patch",
       false,
       {kQuestion,
        {"text", kString, kRequired, "the target's lines joined with `\\n`"},
        {"block", kString, kRequired, "`lines` of the [block](#blocks)"},
        {"kind", kString, kOptional,
         "its `kind`: `\"text\"` (the default), `\"diff\"` or `\"whole\"`"},
        {"quoted", kString, kOptional, "its `quoted`"}}},
      {"recoverable",
       false,
       {kQuestion, {"text", kString, kRequired, "the buffer's lines"}, kJournal}},
      {"recover", false, {kQuestion, {"text", kString, kRequired, "the buffer's lines"}, kJournal}},
      {"discard",
       false,
       {{"id", kInteger, kOptional, "an ended answer, now saved in its file"},
        {"journal", kString, kOptional,
         "without `id`: the journal that the text was restored from"}}},
      {"release", false, {{"id", kInteger, kRequired, "an ended answer"}}},
      {"undone",
       false,
       {{"id", kInteger, kRequired, "an ended answer"},
        {"undone", kBoolean, kOptional,
         "true: do not offer its journal; else it was redone: offer it again"}}},
      {"lsp",
       false,
       {{"text", kString, kRequired, "one message of the Language Server Protocol, as JSON"},
        {"begins", kBoolean, kOptional,
         "it is the first message of a client: a new server takes it"}}},
      {"trust",
       false,
       {{"kind", kString, kRequired,
         "`embed`: a file or folder may be embedded; `context`: a `.chatvim.md` is used; `body`, "
         "`server`: a demand is allowed"},
        {"path", kString, kRequired, "the path; for `body` and `server` the demand's `mark`"},
        {"allowed", kBoolean, kOptional,
         "for `embed`, false forgets the decision; for `context`, false means never"},
        {"content", kString, kOptional,
         "for `context`: the text that the user saw. The file is used only while it has this "
         "text"}}},
  };
}

}  // namespace

std::string_view name_of(FieldType type) {
  switch (type) {
    case kString:
      return "string";
    case kInteger:
      return "int";
    case kBoolean:
      return "bool";
    case kStrings:
    case kMaps:
      return "list";
    case kMap:
      return "map";
  }
  return {};
}

std::span<const Field> shared_fields() {
  static const std::vector<Field> kFields{
      {"text", kString, kRequired,
       "the buffer's lines joined with `\\n`; a long text is sent in [parts](#part)"},
      {"settings", kMap, kOptional, "the editor's layer of settings (option `settings`)"},
      {"override", kMap, kOptional,
       "settings for this request that are stronger than the document's, such as the model"},
      {"file", kString, kOptional,
       "the buffer's name; a name that is not an absolute path counts as none"},
      {"folder", kString, kOptional, "the working folder of the window that shows the chat"},
      {"unsaved", kStrings, kOptional, "paths of other files whose buffer has unsaved changes"},
      {"buffers", kMap, kOptional,
       "path → text, for those that the program [asked for](#what-can-block-a-request)"},
      {"allow", kStrings, kOptional,
       "paths that may be embedded, and names of demands that are allowed, in this Neovim only"},
      {"without_context", kStrings, kOptional,
       "paths of `.chatvim.md` files to leave out, in this Neovim only"},
      {"confirmed", kStrings, kOptional, "marks of secrets that the user agreed to send"},
      {"asks", kBoolean, kOptional,
       "Lua can ask about a `.chatvim.md`; if not true, one without a decision is left out"},
  };
  return kFields;
}

std::span<const MessageType> message_types() {
  static const std::vector<MessageType> kTypes = [] {
    std::vector<MessageType> all = session_messages();
    for (const auto& more : {answer_messages(), chat_messages()}) {
      all.insert(all.end(), more.begin(), more.end());
    }
    return all;
  }();
  return kTypes;
}

Result<void> check_message(const MessageType& type, const Json& map) {
  const auto check = [&map](const Field& field) -> std::optional<Error> {
    const auto found = map.find(field.name);
    if (!field.required || (found != map.end() && has_type(*found, field.type))) return {};
    return Error{ErrorCode::kBadMessage,
                 fmt::format("the field {} must be {}", field.name, describe(field.type))};
  };
  for (const Field& field : type.fields) {
    if (auto error = check(field)) return tl::unexpected(std::move(*error));
  }
  for (const Field& field : type.has_chat ? shared_fields() : std::span<const Field>()) {
    if (auto error = check(field)) return tl::unexpected(std::move(*error));
  }
  return {};
}

const Json* Message::find(std::string_view name) const {
  const auto found = map_->find(name);
  return found == map_->end() ? nullptr : &*found;
}

bool Message::has(std::string_view name) const { return find(name) != nullptr; }

const std::string& Message::text(std::string_view name) const {
  static const std::string kEmpty;
  const Json* value = find(name);
  return value && value->is_string() ? value->get_ref<const std::string&>() : kEmpty;
}

std::int64_t Message::number(std::string_view name) const {
  const Json* value = find(name);
  return value && value->is_number_integer() ? value->get<std::int64_t>() : 0;
}

bool Message::flag(std::string_view name) const {
  const Json* value = find(name);
  return value && *value == true;
}

std::vector<std::string> Message::texts(std::string_view name) const {
  std::vector<std::string> texts;
  const Json* list = find(name);
  if (!list || !list->is_array()) return texts;
  for (const auto& text : *list) {
    if (text.is_string()) texts.push_back(text.get<std::string>());
  }
  return texts;
}

std::vector<Json> Message::maps(std::string_view name) const {
  std::vector<Json> maps;
  const Json* list = find(name);
  if (!list || !list->is_array()) return maps;
  std::copy_if(list->begin(), list->end(), std::back_inserter(maps),
               [](const Json& one) { return one.is_object(); });
  return maps;
}

Result<chat::Mode> Message::mode() const {
  const Json* value = find("mode");
  if (!value || value->is_null()) return chat::Mode::kAnswer;
  const auto mode = value->is_string() ? chat::mode_of(text("mode")) : std::nullopt;
  if (mode) return *mode;
  return tl::unexpected(Error{ErrorCode::kBadMessage,
                              "the field mode must be \"answer\", \"continue\" or \"retry\""});
}

chat::Origin Message::origin() const {
  chat::Origin origin;
  // A buffer may have a name that is no path, such as "scp://host/chat.md".
  if (text("file").starts_with('/')) origin.file = text("file");
  origin.folder = text("folder");
  origin.remembers = true;
  origin.asks = flag("asks");
  for (const auto& what : texts("allow")) {
    chat::allow(origin, what, [](const std::string& path) { return path; });
  }
  origin.without_context = texts("without_context");
  for (auto& mark : texts("confirmed")) origin.confirmed.insert(std::move(mark));
  for (auto& path : texts("unsaved")) origin.unsaved.insert(std::move(path));
  const Json* buffers = find("buffers");
  if (!buffers || !buffers->is_object()) return origin;
  for (const auto& [path, content] : buffers->items()) {
    if (content.is_string()) origin.buffers[path] = content.get<std::string>();
  }
  return origin;
}

settings::Layer Message::settings() const { return layer("settings"); }

settings::Layer Message::overriding() const { return layer("override"); }

settings::Layer Message::layer(std::string_view name) const {
  const Json* values = find(name);
  const bool empty = !values || values->is_null() || (values->is_array() && values->empty());
  return settings::check_layer(empty ? Json::object() : *values, settings::Scope::kConfiguration,
                               name);
}

}  // namespace chatvim::editor
