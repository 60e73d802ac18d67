// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <vector>

// Made-up source files, and edits of them, that are hard to apply: functions that resemble each
// other, lines that occur often, edits that copy and move lines.
namespace chatvim::testing {

using SourceLines = std::vector<std::string>;

/// Pseudorandom choices; equal seeds give equal choices everywhere.
class Choices {
 public:
  explicit Choices(unsigned seed) : engine_(seed) {}
  /// Returns a number from 0 up to `end`, exclusive, which is not 0.
  std::size_t below(std::size_t end) { return static_cast<std::size_t>(engine_() % end); }
  bool one_in(std::size_t count) { return below(count) == 0; }
  /// Returns a number; few different ones in a source that repeats itself.
  std::string number() { return std::to_string(below(one_in(4) ? 1000 : variety_)); }
  bool repeats() const { return variety_ < 10; }
  void set_variety(std::size_t variety) { variety_ = variety; }
  template <class T>
  const T& of(const std::vector<T>& all) {
    return all[below(all.size())];
  }

 private:
  std::mt19937 engine_;
  std::size_t variety_ = 5;
};

/// A language of made-up sources.
struct SourceLanguage {
  std::string name;
  std::string indent;
  std::string omission;  ///< a comment that stands for omitted code
  SourceLines prologue;
  std::string head;        ///< of a function, `%` stands for its name
  std::string end;         ///< its last line; empty: none
  SourceLines statements;  ///< `%` stands for a number
  SourceLines openers;     ///< of nested blocks
  SourceLines closers;     ///< for each of those
};

const std::vector<SourceLanguage>& source_languages();

/// Returns a file of 40 to 200 lines. One in three repeats itself more than files do.
SourceLines make_source(const SourceLanguage& language, Choices& choices);

/// Replaces lines of a source by others.
struct SourceEdit {
  std::size_t first = 0;
  std::size_t last = 0;
  SourceLines lines = {};
};

/// Returns up to three edits of a source, ascending, with equal lines between them: changes,
/// insertions, deletions, copies and moves, now and then at its first or last lines.
std::vector<SourceEdit> make_edits(const SourceLanguage& language, const SourceLines& source,
                                   Choices& choices);

/// Returns the lines from `first` up to `last` of a source after the edits, which lie in there.
SourceLines apply_edits(const SourceLines& source, const std::vector<SourceEdit>& edits,
                        std::size_t first, std::size_t last);

}  // namespace chatvim::testing
