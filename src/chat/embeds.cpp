// SPDX-License-Identifier: Apache-2.0
#include "chatvim/chat/embeds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "chatvim/chat/configuration.hpp"
#include "chatvim/store/keys.hpp"
#include "chatvim/store/trust.hpp"
#include "chatvim/text/utf8.hpp"

namespace chatvim::chat {

namespace {

/// Whether any message may embed something: most chats are not looked at further.
bool may_embed(const Chat& chat) {
  return std::any_of(chat.messages.begin(), chat.messages.end(), [](const auto& message) {
    return message.role != document::Role::kAssistant &&
           message.content.find("![") != std::string::npos;
  });
}

embed::Context context_of(const Chat& chat, const Origin& origin, const Environment& environment) {
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
  // A table that is wrong is told when the request is made.
  if (const auto table = provider::make_table(chat.settings.providers(), environment)) {
    auto more = store::keys_at_hand(*table, environment);
    std::move(more.begin(), more.end(), std::back_inserter(context.keys));
  }
  return context;
}

/// As much of a path as a message shows; a chat or a file system may hold anything.
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

Hindrance outside_of(std::vector<embed::Outside> outside) {
  const auto& first = outside.front();
  Error error{
      ErrorCode::kOutside,
      fmt::format("{}: ![]({}) {} and has to be allowed; nothing was sent.",
                  place_of(first.source, first.line), shown(first.target), reason_of(first))};
  return {std::move(error), std::move(outside)};
}

Hindrance stopped_by(std::vector<embed::Secret> secrets) {
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

Hindrance offered_context(ContextFile file) {
  const std::string_view what =
      file.before ? "has changed since it was used" : "offers context to this chat";
  Hindrance hindrance{
      {ErrorCode::kOffersContext,
       fmt::format("{} {}, and it is not decided whether it is used; nothing was sent.",
                   shown(file.path), what)}};
  hindrance.context = std::move(file);
  return hindrance;
}

Json describe_details(const Hindrance& hindrance) {
  Json map = Json::object();
  if (!hindrance.outside.empty()) map["outside"] = describe_all(hindrance.outside);
  if (!hindrance.secrets.empty()) map["secrets"] = describe_all(hindrance.secrets);
  if (!hindrance.unsaved.empty()) map["unsaved"] = hindrance.unsaved;
  if (hindrance.context) {
    map["context"] = hindrance.context->path;
    map["context_text"] = hindrance.context->text;
    if (hindrance.context->before) map["context_before"] = *hindrance.context->before;
  }
  if (hindrance.demand) {
    const Demand& demand = *hindrance.demand;
    map["demand"] = {{"kind", demand.kind == Demand::Kind::kBody ? "body" : "server"},
                     {"name", name_of(demand)},
                     {"mark", demand.mark},
                     {"text", demand.text}};
  }
  return map;
}

embed::Expansion expand_embeds(Chat& chat, const Origin& origin, const Environment& environment) {
  if (!may_embed(chat)) return {};
  auto expansion = embed::expand(std::move(chat.messages), context_of(chat, origin, environment));
  chat.messages = std::exchange(expansion.messages, {});
  return expansion;
}

tl::expected<void, Hindrance> embed_files(Chat& chat, const Origin& origin,
                                          const Environment& environment) {
  auto expansion = expand_embeds(chat, origin, environment);
  const auto bad = std::find_if(expansion.items.begin(), expansion.items.end(),
                                [](const auto& item) { return item.error.has_value(); });
  if (bad != expansion.items.end()) return tl::unexpected(Hindrance{*bad->error});
  if (!expansion.outside.empty()) {
    return tl::unexpected(outside_of(std::move(expansion.outside)));
  }
  if (!expansion.unsaved.empty()) {
    return tl::unexpected(
        Hindrance{{ErrorCode::kUnsaved, "The text of files that are not saved is wanted."},
                  {},
                  {},
                  std::move(expansion.unsaved)});
  }
  if (!expansion.secrets.empty() && !origin.allows_secrets) {
    return tl::unexpected(stopped_by(std::move(expansion.secrets)));
  }
  return {};
}

}  // namespace chatvim::chat
