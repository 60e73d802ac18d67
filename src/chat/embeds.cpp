// SPDX-License-Identifier: Apache-2.0
#include "chatvim/chat/embeds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "answer_schema.hpp"
#include "chatvim/chat/configuration.hpp"
#include "chatvim/store/keys.hpp"
#include "chatvim/store/stored_keys.hpp"
#include "chatvim/store/trust.hpp"
#include "chatvim/text/utf8.hpp"

namespace chatvim::chat {

namespace {

/// Whether any message may embed something. For most chats, this cheap check is enough.
bool may_embed(const Chat& chat) {
  return std::any_of(chat.messages.begin(), chat.messages.end(), [](const auto& message) {
    return message.role != document::Role::kAssistant &&
           message.content.find("![") != std::string::npos;
  });
}

/// Limit of a path in a message, in bytes; a chat or a file system may contain any path.
constexpr std::size_t kMostShown = 200;

std::string shown(const std::string& path) { return text::printable_name(path, kMostShown); }

std::string place_of(const std::string& source, std::size_t line) {
  return source.empty() ? fmt::format("Line {}", line + 1)
                        : fmt::format("{}, line {}", shown(source), line + 1);
}

Json describe(const embed::Outside& outside) {
  return {{"path", outside.path},
          {"target", outside.target},
          {"source", outside.source},
          {"line", outside.line + 1},
          {"why", reason_of(outside)},
          {"credentials", outside.reason == embed::Outside::Reason::kCredentials}};
}

Json describe(const embed::Secret& secret) {
  return {{"mark", secret.mark},           {"what", secret.what},     {"file", secret.file},
          {"file_line", secret.file_line}, {"target", secret.target}, {"source", secret.source},
          {"line", secret.line + 1}};
}

Blocker blocked_by(std::vector<embed::Outside> outside) {
  const auto& first = outside.front();
  Error error{
      ErrorCode::kOutside,
      fmt::format("{}: ![]({}) {} and has to be allowed; nothing was sent.",
                  place_of(first.source, first.line), shown(first.target), reason_of(first))};
  return {std::move(error), std::move(outside)};
}

Blocker stopped_by(std::vector<embed::Secret> secrets) {
  const auto& first = secrets.front();
  const std::size_t others = secrets.size() - 1;
  Error error{
      ErrorCode::kSecret,
      fmt::format("{}: line {} of {} holds what looks like {}{}; nothing was sent.",
                  place_of(first.source, first.line), first.file_line, shown(first.file),
                  first.what,
                  others == 0 ? "" : fmt::format(", and there are {} more such places", others))};
  return {std::move(error), {}, std::move(secrets)};
}

template <class Things>
Json describe_all(const Things& things) {
  Json list = Json::array();
  for (const auto& thing : things) list.push_back(describe(thing));
  return list;
}

}  // namespace

std::string_view reason_of(const embed::Outside& outside) {
  using Reason = embed::Outside::Reason;
  switch (outside.reason) {
    case Reason::kCredentials:
      return "may hold credentials by its name";
    case Reason::kHome:
      return "lies in your home folder or above it, where not everything is for a chat";
    case Reason::kShared:
      return "lies in a folder that everybody can write to";
    case Reason::kNoHome:
      return "could be any file of yours, since $HOME is not set";
    case Reason::kElsewhere:
      break;
  }
  return "lies outside of the chat's folder and the working folder";
}

const embed::Outside* outside_of(const embed::Expansion& expansion, const embed::Item& item) {
  const auto found = std::find_if(
      expansion.outside.begin(), expansion.outside.end(), [&item](const auto& outside) {
        return outside.line == item.line && outside.source == item.source;
      });
  return found == expansion.outside.end() ? nullptr : &*found;
}

Blocker offered_context(ContextFile file) {
  const std::string_view what =
      file.before ? "has changed since it was used" : "offers context to this chat";
  Blocker blocker{
      {ErrorCode::kOffersContext,
       fmt::format("{} {}, and you have not decided whether to use it; nothing was sent.",
                   shown(file.path), what)}};
  blocker.context = std::move(file);
  return blocker;
}

Json describe_details(const Blocker& blocker) {
  Json map = Json::object();
  if (!blocker.outside.empty()) map["outside"] = describe_all(blocker.outside);
  if (!blocker.secrets.empty()) map["secrets"] = describe_all(blocker.secrets);
  if (!blocker.unsaved.empty()) map["unsaved"] = blocker.unsaved;
  if (blocker.context) {
    map["context"] = blocker.context->path;
    map["context_text"] = blocker.context->text;
    if (blocker.context->before) map["context_before"] = *blocker.context->before;
  }
  if (blocker.demand) {
    const Demand& demand = *blocker.demand;
    map["demand"] = {{"kind", demand.kind == Demand::Kind::kBody ? "body" : "server"},
                     {"name", name_of(demand)},
                     {"mark", demand.mark},
                     {"text", demand.text}};
  }
  return map;
}

embed::Context embed_context(const Chat& chat, const Origin& origin,
                             const Environment& environment) {
  embed::Context context;
  context.file = origin.file;
  context.working_folder = origin.folder;
  context.allowed = chat.settings.strings("allow");
  context.allowed.insert(context.allowed.end(), origin.allowed.begin(), origin.allowed.end());
  if (origin.remembers) {
    for (auto& path : store::Trust(environment).embeds())
      context.allowed.push_back(std::move(path));
  }
  context.environment = environment;
  context.unsaved = origin.unsaved;
  context.buffers = origin.buffers;
  context.confirmed = origin.confirmed;
  context.keys = origin.keys;
  // An invalid table is reported later, when the request is made.
  if (const auto table = store::provider_table(chat.settings.providers(), environment)) {
    auto more = store::keys_at_hand(*table, environment);
    std::move(more.begin(), more.end(), std::back_inserter(context.keys));
  }
  return context;
}

embed::Expansion expand_embeds(Chat& chat, const Origin& origin, const Environment& environment) {
  if (!may_embed(chat)) return {};
  auto expansion =
      embed::expand(std::move(chat.messages), embed_context(chat, origin, environment));
  chat.messages = std::exchange(expansion.messages, {});
  return expansion;
}

tl::expected<void, Blocker> embed_files(Chat& chat, const Origin& origin,
                                        const Environment& environment) {
  auto expansion = expand_embeds(chat, origin, environment);
  const auto bad = std::find_if(expansion.items.begin(), expansion.items.end(),
                                [](const auto& item) { return item.error.has_value(); });
  if (bad != expansion.items.end()) return tl::unexpected(Blocker{*bad->error});
  if (!expansion.outside.empty()) {
    return tl::unexpected(blocked_by(std::move(expansion.outside)));
  }
  if (!expansion.unsaved.empty()) {
    return tl::unexpected(Blocker{{ErrorCode::kUnsaved, "The text of unsaved files is needed."},
                                  {},
                                  {},
                                  std::move(expansion.unsaved)});
  }
  if (!expansion.secrets.empty() && !origin.allows_secrets) {
    return tl::unexpected(stopped_by(std::move(expansion.secrets)));
  }
  return read_answer_schema(chat, origin, environment);
}

}  // namespace chatvim::chat
