// SPDX-License-Identifier: Apache-2.0
#include "near.hpp"

#include <algorithm>
#include <cctype>
#include <numeric>
#include <utility>

namespace chatvim::provider {
namespace {

constexpr std::size_t kShown = 3;
/// Longer names are compared by their start only, so that the cost has a limit.
constexpr std::size_t kCompared = 64;

using Ranked = std::vector<std::pair<std::size_t, std::string>>;

std::string lower(std::string_view text) {
  std::string out(text.substr(0, kCompared));
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

/// Edits from one word to the other: a letter put in, taken out or changed, or two neighbours
/// exchanged (optimal string alignment).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] =
          std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

/// Adds `shown` when `word` is near what was written; a word that holds the other is near, but less
/// than a misspelling.
void rank(Ranked& out, const std::string& written, const std::string& word,
          const std::string& shown) {
  const std::size_t edits = distance(written, word);
  const std::size_t allowed = std::max<std::size_t>(1, std::min(written.size(), word.size()) / 3);
  const bool holds =
      std::min(written.size(), word.size()) >= 3 &&
      (word.find(written) != std::string::npos || written.find(word) != std::string::npos);
  if (edits <= allowed) {
    out.emplace_back(edits, shown);
  } else if (holds) {
    out.emplace_back(kCompared + edits, shown);
  }
}

std::vector<std::string> nearest(Ranked ranked) {
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> out;
  for (auto& [edits, shown] : ranked) {
    if (out.size() == kShown) break;
    if (std::find(out.begin(), out.end(), shown) == out.end()) out.push_back(std::move(shown));
  }
  return out;
}

}  // namespace

std::vector<std::string> near_providers(const Table& table, std::string_view name) {
  Ranked ranked;
  for (const Provider& provider : table)
    rank(ranked, lower(name), lower(provider.name), provider.name);
  return nearest(std::move(ranked));
}

std::vector<std::string> near_models(const Table& table, std::string_view model) {
  const std::string written = lower(model);
  Ranked ranked;
  for (const Provider& provider : table) {
    const auto shown = [&](const std::string& word) { return word + " (" + provider.name + ")"; };
    std::vector<std::string> words = provider.models;
    if (!provider.default_model.empty()) words.push_back(provider.default_model);
    for (const std::string& word : words) {
      rank(ranked, written, lower(word), shown(word));
    }
    if (provider.default_model.empty()) continue;
    // A misspelt family ("gork-3") stands near the family's pattern, whatever its number.
    for (const std::string& pattern : provider.patterns) {
      const std::string family = lower(std::string_view(pattern).substr(0, pattern.find('*')));
      if (family.size() < 4) continue;
      const std::size_t edits = distance(written.substr(0, family.size()), family);
      if (edits <= 1) ranked.emplace_back(edits + 1, shown(provider.default_model));
    }
  }
  return nearest(std::move(ranked));
}

}  // namespace chatvim::provider
