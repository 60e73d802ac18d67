// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "chatvim/store/journal.hpp"

namespace chatvim::editor {

/// The journals of answers that have ended and are not in their chat's file yet, by the answer's
/// id.
class KeptJournals {
 public:
  /// Keeps the journal of an answer. It replaces the journal of the answer `before`, whose text it
  /// holds too.
  void add(std::int64_t id, std::int64_t before, std::unique_ptr<store::Journal> journal);
  /// The journal of an answer, or null.
  store::Journal* find(std::int64_t id);
  /// Where in a document the question of an answer stands; nothing if its journal is not kept.
  std::optional<std::size_t> find_question(std::int64_t id, std::string_view document) const;
  /// Removes the journal of an answer, which is in its file now.
  void discard(std::int64_t id);
  /// Lets go of journals, so that anyone may restore from them.
  void release(std::int64_t id) { journals_.erase(id); }
  void release(const std::string& path);

 private:
  std::map<std::int64_t, std::unique_ptr<store::Journal>> journals_;
};

}  // namespace chatvim::editor
