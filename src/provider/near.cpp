// SPDX-License-Identifier: Apache-2.0
#include "near.hpp"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <utility>

#include "chatvim/provider/catalogue.hpp"
#include "chatvim/text/edits.hpp"

namespace chatvim::provider {
namespace {

constexpr std::size_t kShown = 5;
/// Only this many bytes of a name are compared, to limit the cost.
constexpr std::size_t kCompared = 64;

using Ranked = std::vector<std::pair<std::size_t, std::string>>;

std::string lower(std::string_view text) {
  std::string out(text.substr(0, kCompared));
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

/// Adds `shown` if `word` is similar to what was written. A word that contains the other counts as
/// similar, but ranks below a misspelling.
void rank(Ranked& out, const std::string& written, const std::string& word,
          const std::string& shown) {
  const std::size_t edits = text::count_edits(written, word);
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
  static const Json kNoCorrections = Json::object();
  const Catalogue catalogue(kNoCorrections);
  Ranked ranked;
  for (const Provider& provider : table) {
    const auto shown = [&](const std::string& word) { return word + " (" + provider.name + ")"; };
    std::vector<std::string> words = provider.models;
    if (!provider.default_model.empty()) words.push_back(provider.default_model);
    for (Model& known : catalogue.of(provider.name)) words.push_back(std::move(known.name));
    for (const std::string& word : words) {
      rank(ranked, written, lower(word), shown(word));
    }
    if (provider.default_model.empty()) continue;
    // A misspelled family ("gork-3") is similar to the family's pattern, whatever its version
    // number.
    for (const std::string& pattern : provider.patterns) {
      const std::string family = lower(std::string_view(pattern).substr(0, pattern.find('*')));
      if (family.size() < 4) continue;
      const std::size_t edits = text::count_edits(written.substr(0, family.size()), family);
      if (edits <= 1) ranked.emplace_back(edits + 1, shown(provider.default_model));
    }
  }
  return nearest(std::move(ranked));
}

}  // namespace chatvim::provider
