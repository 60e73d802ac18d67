// SPDX-License-Identifier: Apache-2.0
#include "chatvim/glob/wildcard.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <optional>

namespace chatvim::glob {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

struct Class {
  std::string_view name;
  bool (*holds)(unsigned char c);
};

bool is_small(unsigned char c) { return c >= 'a' && c <= 'z'; }
bool is_capital(unsigned char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(unsigned char c) { return c >= '0' && c <= '9'; }
bool is_letter(unsigned char c) { return is_small(c) || is_capital(c); }
bool is_graphic(unsigned char c) { return c > 0x20 && c < 0x7F; }

constexpr std::array kClasses = {
    Class{"alpha", is_letter},
    Class{"digit", is_digit},
    Class{"alnum", [](unsigned char c) { return is_letter(c) || is_digit(c); }},
    Class{"upper", is_capital},
    Class{"lower", is_small},
    Class{"blank", [](unsigned char c) { return c == ' ' || c == '\t'; }},
    Class{"space", [](unsigned char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }},
    Class{"cntrl", [](unsigned char c) { return c < 0x20 || c == 0x7F; }},
    Class{"graph", is_graphic},
    Class{"print", [](unsigned char c) { return c == ' ' || is_graphic(c); }},
    Class{"punct", [](unsigned char c) { return is_graphic(c) && !is_letter(c) && !is_digit(c); }},
    Class{"xdigit", [](unsigned char c) {
            return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
          }}};

/// What one element of a pattern says to a character.
struct Step {
  bool matches = false;
  std::size_t next = kNone;  ///< where the pattern goes on; npos: it can match nothing
};

/// A set of characters, read once from left to right.
class Set {
 public:
  /// `at` is behind the bracket.
  Set(std::string_view pattern, std::size_t at, unsigned char c)
      : pattern_(pattern), at_(at), c_(c) {}

  Step read() {
    const bool negated = at_ < pattern_.size() && (pattern_[at_] == '!' || pattern_[at_] == '^');
    if (negated) ++at_;
    bool is_first = true;
    for (; at_ < pattern_.size() && (is_first || pattern_[at_] != ']'); is_first = false) {
      const bool good = pattern_.substr(at_).starts_with("[:") ? read_class() : read_character();
      if (!good) return {};
    }
    if (at_ >= pattern_.size()) return {};  // never closed
    return {found_ != negated && c_ != '/', at_ + 1};
  }

 private:
  /// A class such as `[:alpha:]`; without its end it is a bracket like any other character.
  bool read_class() {
    const std::size_t end = pattern_.find(']', at_ + 2);
    if (end == kNone) return false;
    if (end == at_ + 2 || pattern_[end - 1] != ':') return take('[', 1);
    const std::string_view name = pattern_.substr(at_ + 2, end - at_ - 3);
    const auto* const known = std::find_if(kClasses.begin(), kClasses.end(),
                                           [name](const Class& one) { return one.name == name; });
    if (known == kClasses.end()) return false;
    found_ = found_ || known->holds(c_);
    at_ = end + 1;
    previous_.reset();
    return true;
  }

  bool read_character() {
    if (pattern_[at_] == '-' && previous_ && at_ + 1 < pattern_.size() &&
        pattern_[at_ + 1] != ']') {
      ++at_;
      if (pattern_[at_] == '\\') ++at_;
      if (at_ >= pattern_.size()) return false;
      const auto high = static_cast<unsigned char>(pattern_[at_]);
      found_ = found_ || (c_ >= *previous_ && c_ <= high);
      ++at_;
      previous_.reset();
      return true;
    }
    if (pattern_[at_] == '\\') ++at_;
    return at_ < pattern_.size() && take(static_cast<unsigned char>(pattern_[at_]), 1);
  }

  bool take(unsigned char character, std::size_t size) {
    found_ = found_ || character == c_;
    previous_ = character;
    at_ += size;
    return true;
  }

  std::string_view pattern_;
  std::size_t at_;
  unsigned char c_;
  bool found_ = false;
  std::optional<unsigned char> previous_;
};

/// What the element at `at`, which is no star, says to a character.
Step step(std::string_view pattern, std::size_t at, char c) {
  switch (pattern[at]) {
    case '?':
      return {c != '/', at + 1};
    case '[':
      return Set(pattern, at + 1, static_cast<unsigned char>(c)).read();
    case '\\':
      if (at + 1 == pattern.size()) return {};
      return {pattern[at + 1] == c, at + 2};
    default:
      return {pattern[at] == c, at + 1};
  }
}

std::size_t skip_stars(std::string_view pattern, std::size_t at) {
  return std::min(pattern.find_first_not_of('*', at), pattern.size());
}

/// Whether the stars at the pattern's end are at least two, behind a slash or nothing.
bool ends_in_folders(std::string_view pattern, std::size_t at) {
  return pattern.size() - at >= 2 && (at == 0 || pattern[at - 1] == '/');
}

/// Stars that stand for folders, with a slash behind them: where the pattern goes on, or npos.
std::size_t skip_folders(std::string_view pattern, std::size_t at) {
  const std::size_t end = skip_stars(pattern, at);
  if (end - at < 2 || (at > 0 && pattern[at - 1] != '/')) return kNone;
  if (end == pattern.size()) return kNone;
  if (pattern.substr(end).starts_with("\\/")) return end + 2;
  return pattern[end] == '/' ? end + 1 : kNone;
}

/// Where the slash behind stars has a backslash, git wants at least one folder.
bool wants_folder(std::string_view pattern, std::size_t behind) {
  return pattern[behind - 2] == '\\';
}

/// A place to go back to: the pattern from there, tried further right in the path.
struct Mark {
  std::size_t pattern = kNone;
  std::size_t path = 0;
};

}  // namespace

// It goes back to the last star only, and to the last `**` when a slash is in the way: what stands
// before these has matched as far left as it can, which leaves the rest all there is.
bool matches(std::string_view pattern, std::string_view path) {
  Mark star;
  Mark folders;
  std::size_t at = 0;
  std::size_t p = 0;
  while (at < path.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      if (skip_stars(pattern, p) == pattern.size() && ends_in_folders(pattern, p)) return true;
      const std::size_t behind = skip_folders(pattern, p);
      if (behind != kNone) {
        if (wants_folder(pattern, behind)) {
          const std::size_t slash = path.find('/', at);
          if (slash == kNone) return false;
          at = slash + 1;
        }
        p = behind;
        folders = {p, at};
        star = {};
      } else {
        p = skip_stars(pattern, p);
        star = {p, at};
      }
      continue;
    }
    if (p < pattern.size()) {
      const Step taken = step(pattern, p, path[at]);
      if (taken.next == kNone) return false;
      if (taken.matches) {
        p = taken.next;
        ++at;
        continue;
      }
    }
    if (star.pattern != kNone && path[star.path] != '/') {
      at = ++star.path;
      p = star.pattern;
    } else if (folders.pattern != kNone) {
      const std::size_t slash = path.find('/', folders.path);
      if (slash == kNone) return false;
      at = folders.path = slash + 1;
      p = folders.pattern;
      star = {};
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') {
    const std::size_t behind = skip_folders(pattern, p);
    const bool is_skipped = behind != kNone && !wants_folder(pattern, behind);
    p = is_skipped ? behind : skip_stars(pattern, p);
  }
  return p == pattern.size();
}

bool is_pattern(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '*' || text[at] == '?' || text[at] == '[') {
      return true;
    }
  }
  return false;
}

}  // namespace chatvim::glob
