// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/loop/loop.hpp"
#include "chatvim/loop/system.hpp"
#include "chatvim/store/journal_format.hpp"

namespace chatvim::store {

/// Returns the names that a chat's journals may have: the one that Lua chose, and more for
/// simultaneous answers to the same file.
std::vector<std::string> journal_names(const std::string& path);

/// Renames a chat's next journal to the first name if that is free, because recovery looks for the
/// first name. `name` may be any of the chat's journal names.
void close_gap(const std::string& name);

/// Keeps the text of one running answer in a file, in case Neovim or this program ends before the
/// answer does. The file is at most 200 ms behind the answer and is never waited for. Destroying
/// the object keeps the file; `remove` deletes it.
class Journal {
 public:
  struct Parts {
    loop::Loop& loop;
    std::function<std::string()> ending;  ///< the text that stopping now would add
    std::function<void(const std::string& why)> on_failure;  ///< called at most once
  };

  /// `path` is the first of the names that the file may get. The file is created a little later. An
  /// older journal of that name that has not been recovered is replaced only when the answer has
  /// text.
  Journal(Parts parts, std::string path, const JournalHeader& header);
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;
  ~Journal();

  /// Adds text of the answer.
  void add(std::string_view text);
  /// Notes that `ending` is different now, and writes it at once: what is about to happen must not
  /// be lost.
  void save();
  /// Marks the answer as complete: `ending` is now part of it.
  void finish();
  /// Changes the names to those of `path`, because the chat now has another file (`named`) or none.
  void move(const std::string& path, bool named);
  /// Writes what is still pending, for the last time. The answer may then be destroyed.
  void seal();
  /// Sets whether a later Neovim should offer the answer, because it was undone or redone.
  void offer(bool offered);
  /// Returns the content of the file, or nothing if there is no file.
  std::optional<std::string> read() const;
  /// Returns the first of the names that the file may have.
  const std::string& path() const { return path_; }
  /// Deletes the file: the answer no longer needs a journal.
  void remove();

 private:
  void write();
  void write_soon();
  bool open();
  std::optional<loop::LockedFile> choose();
  void fail(const std::string& why);

  Parts parts_;
  std::string path_;
  bool named_;           ///< the chat has a file
  std::string pending_;  ///< text not written yet, initially the header
  bool any_text_ = false;
  bool whole_ = false;      ///< the answer is complete
  bool over_ = false;       ///< removed, sealed or failed
  std::uint64_t end_ = 0;   ///< offset of the end of the text in the file
  std::uint64_t size_ = 0;  ///< size of the file
  loop::LockedFile file_;
  loop::Timer timer_;
};

}  // namespace chatvim::store
