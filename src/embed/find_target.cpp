// SPDX-License-Identifier: Apache-2.0
#include "find_target.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "chatvim/glob/path.hpp"

namespace chatvim::embed {
namespace {

/// Returns the error for a target that does not exist.
tl::unexpected<Error> missing(const Session& session, const Target& target) {
  if (!target.problem.empty()) return bad_embed(target.problem);
  if (!target.without_fragment.empty()) {
    const auto entry = session.files().look(target.without_fragment);
    if (entry && entry->kind != files::Entry::Kind::kMissing) {
      return bad_embed("a part of a file is written FILE#L10-L40");
    }
  }
  return bad_embed("there is no such file");
}

/// The same if a second folder was searched too.
tl::unexpected<Error> missing_in_both(const std::string& first, const std::string& second) {
  return bad_embed(fmt::format("there is no such file, neither in {} nor in {}", first, second));
}

/// Returns a second folder to search: the working folder, for relative paths in the chat itself,
/// because a folder of chats (`chat_dir`) is seldom the one being worked in. Empty if there is
/// none.
std::string second_folder(const Context& context, const Item& item, const std::string& folder) {
  const bool is_relative = !item.target.starts_with('/') && !item.target.starts_with('~');
  std::string working = context.working_folder;
  while (working.size() > 1 && working.ends_with('/')) working.pop_back();
  return item.source.empty() && is_relative && working != folder ? working : "";
}

/// Returns the first of the target's candidates that exists, or nothing.
std::optional<Result<FoundTarget>> find_candidate(const Session& session, const Target& target) {
  for (const Candidate& candidate : target.candidates) {
    const auto entry = session.files().look(candidate.path);
    if (!entry) return Result<FoundTarget>(bad_embed(entry.error().message));
    if (entry->kind != files::Entry::Kind::kMissing) {
      return Result<FoundTarget>(FoundTarget{{}, candidate, entry->kind, {}});
    }
  }
  return std::nullopt;
}

}  // namespace

std::string folder_of_chat(const Context& context, const Item& item) {
  const std::string& file = item.source.empty() ? context.file : item.source;
  return file.empty() ? context.working_folder
                      : glob::folder_of(glob::join(context.working_folder, file));
}

Result<FoundTarget> find_target(const Session& session, const Item& item) {
  const Context& context = session.context();
  const std::string folder = folder_of_chat(context, item);
  const auto target = read_target(item.target, folder, context.environment);
  if (!target) return tl::unexpected(target.error());
  if (!target->address.empty()) return FoundTarget{target->address, {}, {}, {}};
  if (auto found = find_candidate(session, *target)) return std::move(*found);
  const std::string second = second_folder(context, item, folder);
  if (!second.empty()) {
    const auto other = read_target(item.target, second, context.environment);
    if (other) {
      if (auto found = find_candidate(session, *other)) return std::move(*found);
    }
  }
  if (!target->pattern.empty()) return FoundTarget{{}, {}, {}, target->pattern};
  const bool plain = target->problem.empty() && target->without_fragment.empty();
  if (plain && !second.empty()) return missing_in_both(folder, second);
  return missing(session, *target);
}

}  // namespace chatvim::embed
