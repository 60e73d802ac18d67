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

/// A block that lacks more entries of a container than this probably leaves them out.
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
  LeftOut(const Lines& target, const std::vector<Edit>& edits)
      : target_(target), removed_(target.size()) {
    for (const Edit& edit : edits) {
      for (std::size_t row = edit.first; row < edit.last; ++row) removed_[row] = true;
      added_.insert(added_.end(), edit.lines.begin(), edit.lines.end());
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

  /// Whether a line can stand for a member with this name: it is no comment and no call.
  static bool names(std::string_view line, std::string_view name) {
    const std::string_view text = text::trim(line);
    if (is_comment(line) || !has_name(text, name)) return false;
    const bool is_call = text.starts_with(name) && text.substr(name.size()).starts_with('(') &&
                         (text.ends_with(')') || text.ends_with(';'));
    return !is_call;
  }

  /// Whether as many lines with the name of the line at this row are added as are removed, as deep
  /// as it is.
  bool is_named(std::size_t row) const {
    const std::string_view name = member_name(target_[row]);
    const std::string_view indentation = indentation_of(target_[row]);
    std::size_t missing = 0;
    for (std::size_t at = 0; at < target_.size(); ++at) {
      if (removed_[at] && indentation_of(target_[at]) == indentation && names(target_[at], name)) {
        ++missing;
      }
    }
    const auto added = std::count_if(added_.begin(), added_.end(), [&](std::string_view line) {
      return indentation_of(line) == indentation && names(line, name);
    });
    return static_cast<std::size_t>(added) >= missing;
  }

  /// Whether a version of an entry is added.
  bool is_replaced(std::size_t row) const {
    return is_named(row) || std::any_of(added_.begin(), added_.end(), [&](std::string_view line) {
             return are_similar(line, target_[row]);
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
      if (!is_replaced(row)) ++entries.missing;
    }
  }

  /// Returns the first entry of a container that is removed and not named.
  std::size_t head_of_loss(std::size_t head) const {
    const std::size_t end = end_of_deeper(target_, head);
    for (std::size_t row = head + 1; row < end; ++row) {
      if (is_entry(row) && removed_[row] && !is_replaced(row)) return row;
    }
    return head;
  }

  const Lines& target_;
  Lines added_;
  std::vector<bool> removed_;
};

/// Whether a line is code with words.
bool is_code(std::string_view line) { return has_words(line) && !is_comment(line); }

/// Whether the lines that an edit adds may stand for code that it removes: one of them says so, or
/// they are only comments.
bool stands_for_code(const Lines& target, const Edit& edit) {
  const auto removed =
      std::count_if(target.begin() + static_cast<std::ptrdiff_t>(edit.first),
                    target.begin() + static_cast<std::ptrdiff_t>(edit.last), is_code);
  const auto added = std::count_if(edit.lines.begin(), edit.lines.end(),
                                   [](const std::string& line) { return is_code(line); });
  if (removed == 0) return false;
  const bool comments = std::any_of(edit.lines.begin(), edit.lines.end(),
                                    [](const std::string& line) { return is_comment(line); });
  if (added == 0 && comments) return true;
  const bool is_stub = std::any_of(edit.lines.begin(), edit.lines.end(),
                                   [](const auto& line) { return may_be_omission(line); });
  return is_stub && removed >= added;
}

}  // namespace

std::string find_unclear_comment(const Lines& target, const std::vector<Edit>& edits) {
  const bool is_unclear = std::any_of(
      edits.begin(), edits.end(), [&](const Edit& edit) { return stands_for_code(target, edit); });
  return is_unclear ? "a line in it may stand for omitted code" : "";
}

bool adds_omission(const Lines& target, const std::vector<Edit>& edits) {
  const auto is_new = [&](std::string_view line) {
    return omission_of(line) == Omission::kDots &&
           std::none_of(target.begin(), target.end(), [&](std::string_view other) {
             return text::trim(other) == text::trim(line);
           });
  };
  return std::any_of(edits.begin(), edits.end(), [&](const Edit& edit) {
    return edit.first < edit.last && std::any_of(edit.lines.begin(), edit.lines.end(), is_new);
  });
}

std::string find_left_out(const Lines& target, const std::vector<Edit>& edits) {
  std::string why = find_unclear_comment(target, edits);
  return why.empty() ? LeftOut(target, edits).find() : why;
}

}  // namespace chatvim::patch
