// SPDX-License-Identifier: Apache-2.0
#include "kept_journals.hpp"

#include <utility>

#include "recovery.hpp"

namespace chatvim::editor {

void KeptJournals::add(std::int64_t id, std::int64_t before,
                       std::unique_ptr<store::Journal> journal) {
  discard(before);
  journals_[id] = std::move(journal);
}

store::Journal* KeptJournals::find(std::int64_t id) {
  const auto found = journals_.find(id);
  return found == journals_.end() ? nullptr : found->second.get();
}

std::optional<std::size_t> KeptJournals::find_question(std::int64_t id,
                                                       std::string_view document) const {
  const auto found = journals_.find(id);
  if (found == journals_.end()) return std::nullopt;
  const auto bytes = found->second->read();
  return bytes ? find_journalled(*bytes, document) : std::nullopt;
}

void KeptJournals::discard(std::int64_t id) {
  if (auto* journal = find(id)) {
    journal->remove();
    journals_.erase(id);
  }
}

void KeptJournals::release(const std::string& path) {
  std::erase_if(journals_, [&path](const auto& kept) { return kept.second->path() == path; });
}

}  // namespace chatvim::editor
