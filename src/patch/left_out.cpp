// SPDX-License-Identifier: Apache-2.0
#include "left_out.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>

#include "chatvim/text/lines.hpp"
#include "line_kind.hpp"
#include "members.hpp"

namespace chatvim::patch {
namespace {

/// Entries of a container that may go without being shown: whoever removes more says so.
constexpr std::size_t kFewEntries = 2;
constexpr std::size_t kMostName = 40;

/// The entries of a container that edits touch.
struct Entries {
  std::size_t all = 0;
  std::size_t removed = 0;
  std::size_t missing = 0;  ///< removed, and the block does not name them
};

/// Looks for what edits remove from a target and the block does not show.
class LeftOut {
 public:
  LeftOut(const Lines& target, const std::vector<std::string>& shown,
          const std::vector<Edit>& edits)
      : target_(target), shown_(shown), removed_(target.size()) {
    for (const Edit& edit : edits) {
      for (std::size_t row = edit.first; row < edit.last; ++row) removed_[row] = true;
    }
  }

  std::string find() const {
    for (std::size_t row = 0; row < target_.size(); ++row) {
      if (!removed_[row] || !is_member_head(target_, row) || !is_member(row)) continue;
      if (is_all_removed(row) && !is_named(row)) return sentence(row);
    }
    return find_entries();
  }

 private:
  bool is_member(std::size_t row) const {
    const auto parent = parent_of(target_, row);
    return !parent || opens_container(target_[*parent]);
  }

  bool is_all_removed(std::size_t head) const {
    const std::size_t end = end_of_deeper(target_, head);
    for (std::size_t row = head; row < end; ++row) {
      if (has_words(target_[row]) && !removed_[row]) return false;
    }
    return true;
  }

  /// Whether the block has a line with the name of the member at this row, as deep as it is.
  bool is_named(std::size_t row) const {
    const std::string_view name = member_name(target_[row]);
    const std::string_view indentation = indentation_of(target_[row]);
    return std::any_of(shown_.begin(), shown_.end(), [&](const std::string& line) {
      return indentation_of(line) == indentation && has_name(line, name);
    });
  }

  static std::string sentence_about(std::string_view name) {
    const bool is_plain =
        std::all_of(name.begin(), name.end(), [](char c) { return c >= ' ' && c < 0x7F; });
    while (!name.empty() && name.front() == '"') name.remove_prefix(1);
    while (!name.empty() && name.back() == '"') name.remove_suffix(1);
    if (!is_plain || name.empty() || name.size() > kMostName)
      return "it leaves out code that the file has there";
    return fmt::format("it leaves out \"{}\", which the file has there", name);
  }

  std::string sentence(std::size_t row) const { return sentence_about(member_name(target_[row])); }

  /// Counts the entries of the containers that lose some and stay.
  std::string find_entries() const {
    std::map<std::size_t, Entries> containers;
    for (std::size_t row = 0; row < target_.size(); ++row) {
      if (!removed_[row] || !has_words(target_[row])) continue;
      const auto parent = parent_of(target_, row);
      if (parent && !removed_[*parent] && opens_container(target_[*parent])) {
        containers.try_emplace(*parent);
      }
    }
    for (auto& [head, entries] : containers) {
      count(head, entries);
      const bool keeps_none = entries.all > 1 && entries.missing == entries.all;
      if (keeps_none || entries.missing > kFewEntries) return sentence(head_of_loss(head));
    }
    return {};
  }

  /// Whether a row is an entry: neither a comment nor what ends one.
  bool is_entry(std::size_t row) const {
    const std::string_view line = target_[row];
    return has_words(line) && !is_comment(line) && !is_closer(line);
  }

  void count(std::size_t head, Entries& entries) const {
    const std::size_t end = end_of_deeper(target_, head);
    std::size_t indentation = std::string_view::npos;
    for (std::size_t row = head + 1; row < end; ++row) {
      if (has_words(target_[row])) {
        indentation = std::min(indentation, indentation_of(target_[row]).size());
      }
    }
    for (std::size_t row = head + 1; row < end; ++row) {
      if (!is_entry(row) || indentation_of(target_[row]).size() != indentation) continue;
      ++entries.all;
      if (!removed_[row]) continue;
      ++entries.removed;
      if (!is_named(row)) ++entries.missing;
    }
  }

  /// Returns the first entry of a container that is removed and not named.
  std::size_t head_of_loss(std::size_t head) const {
    const std::size_t end = end_of_deeper(target_, head);
    for (std::size_t row = head + 1; row < end; ++row) {
      if (is_entry(row) && removed_[row] && !is_named(row)) return row;
    }
    return head;
  }

  const Lines& target_;
  const std::vector<std::string>& shown_;
  std::vector<bool> removed_;
};

std::size_t count_words(const Lines& lines, std::size_t first, std::size_t last) {
  return static_cast<std::size_t>(std::count_if(lines.begin() + static_cast<std::ptrdiff_t>(first),
                                                lines.begin() + static_cast<std::ptrdiff_t>(last),
                                                has_words));
}

}  // namespace

std::string find_unclear_comment(const Lines& target, const std::vector<Edit>& edits) {
  for (const Edit& edit : edits) {
    const auto comment = std::find_if(edit.lines.begin(), edit.lines.end(), [&](const auto& line) {
      return may_be_omission(line) &&
             std::none_of(target.begin(), target.end(), [&](std::string_view other) {
               return text::trim(other) == text::trim(line);
             });
    });
    if (comment == edit.lines.end()) continue;
    const auto added = static_cast<std::size_t>(
        std::count_if(edit.lines.begin(), edit.lines.end(),
                      [](const std::string& line) { return has_words(line); }));
    if (count_words(target, edit.first, edit.last) >= added) {
      return "a comment in it may stand for omitted code";
    }
  }
  return {};
}

std::string find_left_out(const Lines& target, const std::vector<std::string>& shown,
                          const std::vector<Edit>& edits) {
  std::string why = find_unclear_comment(target, edits);
  return why.empty() ? LeftOut(target, shown, edits).find() : why;
}

}  // namespace chatvim::patch
