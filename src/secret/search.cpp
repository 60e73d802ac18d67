// SPDX-License-Identifier: Apache-2.0
#include "chatvim/secret/search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "chatvim/secret/shapes.hpp"
#include "names.hpp"
#include "private_key.hpp"

namespace chatvim::secret {
namespace {

/// Shorter ones could be words.
constexpr std::size_t kLeastKey = 8;
/// No one has more.
constexpr std::size_t kMostKeys = 1000;
constexpr std::size_t kPairs = std::size_t{1} << 16U;

/// Two bytes as one number, in whichever order the machine reads them at once.
std::uint16_t pair_at(const char* at) {
  std::uint16_t pair = 0;
  std::memcpy(&pair, at, sizeof pair);
  return pair;
}

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         c == '-';
}

/// FNV-1a, 64 bits, with the bits mixed once more (as in MurmurHash3) so that the last byte counts
/// in all of them.
class Hash {
 public:
  explicit Hash(std::uint64_t seed) : value_(0xCBF29CE484222325U ^ seed) {}
  void add(std::string_view bytes) {
    for (const char c : bytes) step(static_cast<unsigned char>(c));
    step(0x100);  // no byte: what follows is another field
  }
  std::uint64_t value() const {
    std::uint64_t mixed = value_ ^ value_ >> 33U;
    mixed *= 0xFF51AFD7ED558CCDU;
    return mixed ^ mixed >> 33U;
  }

 private:
  void step(std::uint64_t one) { value_ = (value_ ^ one) * 0x100000001B3U; }
  std::uint64_t value_;
};

}  // namespace

SecretFinder::SecretFinder(const std::vector<std::pair<std::string, std::string>>& keys)
    : begins_(std::make_unique<bool[]>(kPairs)), pairs_(kPairs) {
  for (const auto& key : keys) {
    if (key.second.size() < kLeastKey || keys_.size() == kMostKeys) continue;
    candidates(key.second).keys.push_back(keys_.size());
    keys_.push_back(key);
  }
  for (const SecretShape& shape : secret_shapes()) {
    candidates(shape.prefix).shapes.push_back(&shape);
  }
  for (const auto patterns : {secret_patterns(), named_secrets()}) {
    for (const SecretPattern& pattern : patterns) {
      candidates(pattern.hook).patterns.push_back(&pattern);
    }
  }
  candidates("--").private_keys = true;
  candidates("PuTTY").private_keys = true;
}

SecretFinder::Candidates& SecretFinder::candidates(std::string_view beginning) {
  const std::uint16_t pair = pair_at(beginning.data());
  if (!begins_[pair]) {
    begins_[pair] = true;
    pairs_[pair] = static_cast<std::uint16_t>(candidates_.size());
    candidates_.emplace_back();
  }
  return candidates_[pairs_[pair]];
}

SecretFinder::Match SecretFinder::match(std::string_view text, std::size_t at,
                                        const Candidates& candidates) const {
  const std::string_view rest = text.substr(at);
  for (const std::size_t index : candidates.keys) {
    const auto& [what, key] = keys_[index];
    if (rest.starts_with(key)) return {{at, at + key.size()}, what};
  }
  if (candidates.private_keys) {
    if (const std::size_t size = match_private_key(rest)) {
      return {{at, at + size}, "a private key"};
    }
  }
  for (const SecretPattern* pattern : candidates.patterns) {
    if (!rest.starts_with(pattern->hook)) continue;
    const Span where = pattern->match(text, at);
    if (where.begin != where.end) return {where, pattern->what};
  }
  // Inside of a word or a longer random text it is chance.
  if (at > 0 && is_word(text[at - 1])) return {};
  for (const SecretShape* shape : candidates.shapes) {
    if (const std::size_t size = match_shape(*shape, rest)) {
      return {{at, at + size}, shape->what};
    }
  }
  return {};
}

/// Where a key may begin, or the text's end. Nearly all the time of a search is spent here.
std::size_t SecretFinder::next(std::string_view text, std::size_t at) const {
  const bool* const begins = begins_.get();
  const char* const bytes = text.data();
  const std::size_t size = text.size();
  while (at + 1 < size && !begins[pair_at(bytes + at)]) ++at;
  return at + 1 < size ? at : size;
}

std::vector<FoundSecret> SecretFinder::find(std::string_view text) const {
  std::vector<FoundSecret> found;
  std::size_t line = 1;
  std::size_t counted = 0;  // line breaks up to there are in `line`
  std::size_t end = 0;      // of the one before
  const auto count = [text](std::size_t from, std::size_t to) {
    const std::string_view part = text.substr(from, to - from);
    return static_cast<std::size_t>(std::count(part.begin(), part.end(), '\n'));
  };
  for (std::size_t at = next(text, 0); at < text.size() && found.size() < kMostFound;
       at = next(text, at + 1)) {
    const Match one = match(text, at, candidates_[pairs_[pair_at(text.data() + at)]]);
    if (one.where.begin == one.where.end) continue;
    // What was found before is not told twice.
    const std::size_t begin = std::max(one.where.begin, end);
    if (begin >= one.where.end) continue;
    end = one.where.end;
    line += count(counted, begin);
    counted = begin;
    found.push_back({std::string(one.what), line, line + count(begin, one.where.end),
                     text.substr(begin, one.where.end - begin)});
    at = std::max(at, one.where.end - 1);
  }
  return found;
}

std::string mark_of(std::string_view path, const FoundSecret& secret) {
  std::string mark;
  for (const std::uint64_t seed : {0U, 0x9E3779B9U}) {
    Hash hash(seed);
    hash.add(path);
    hash.add(secret.what);
    hash.add(secret.text);
    mark += fmt::format("{:016x}", hash.value());
  }
  return mark;
}

}  // namespace chatvim::secret
