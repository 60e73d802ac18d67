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

/// The names that the journals of a chat may have: the one that Lua chose, and more for answers to
/// the same file that run at the same time.
std::vector<std::string> journal_names(const std::string& path);

/// The first of a chat's names is the one that is looked for: where nobody has it any more it goes
/// to the next in the row. `name` may be any of them.
void close_gap(const std::string& name);

/// The text of one running answer in a file, for the day when Neovim or this program ends before
/// the answer. Written behind the answer by at most 200 ms and never waited for. Destroying it
/// leaves the file; `remove` takes it away.
class Journal {
 public:
  struct Parts {
    loop::Loop& loop;
    std::function<std::string()> ending;                     ///< what a stop would add now
    std::function<void(const std::string& why)> on_failure;  ///< called once at most
  };

  /// `path` is the first of the names that the file may get. The file is made a little later; an
  /// older one of that name, that nobody has put back, only goes when the answer has text.
  Journal(Parts parts, std::string path, const JournalHeader& header);
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;
  ~Journal();

  /// More text for the document.
  void add(std::string_view text);
  /// What a stop would add has become part of the answer: the last word is said.
  void finish();
  /// The chat has another file now (`named`), or none: from now on the names are those of `path`.
  void move(const std::string& path, bool named);
  /// Writes what is not written yet, for the last time: the answer may be destroyed.
  void seal();
  /// The answer was undone, or redone: whether a later Neovim is to offer it.
  void offer(bool offered);
  /// What is in the file; nothing where there is none.
  std::optional<std::string> read() const;
  /// The first of the names that the file may have.
  const std::string& path() const { return path_; }
  /// The answer needs no journal any more.
  void remove();

 private:
  void write();
  bool open();
  std::optional<loop::LockedFile> choose();
  void fail(const std::string& why);

  Parts parts_;
  std::string path_;
  bool named_;           ///< its chat has a file
  std::string pending_;  ///< the header at first, then text that is not written yet
  bool any_text_ = false;
  bool whole_ = false;      ///< the answer has ended
  bool over_ = false;       ///< removed or failed
  std::uint64_t end_ = 0;   ///< where the text ends in the file
  std::uint64_t size_ = 0;  ///< the file's
  loop::LockedFile file_;
  loop::Timer timer_;
};

}  // namespace chatvim::store
