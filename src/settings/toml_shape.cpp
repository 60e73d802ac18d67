// SPDX-License-Identifier: Apache-2.0
#include <string_view>
#include <vector>

#include "toml.hpp"

namespace chatvim::settings {
namespace {

/// Walks over a TOML text token by token.
class Shape {
 public:
  explicit Shape(const Source& source) : source_(source), text_(source.text()) {}

  TomlShape scan() {
    while (at_ < text_.size() && !broken_ && !shape_.too_deep) step();
    if (!shape_.too_deep && !broken_ && !open_.empty()) {
      shape_.unclosed = source_.at_offset(open_.back());
    }
    return shape_;
  }

 private:
  void step() {
    const char c = text_[at_];
    switch (c) {
      case '"':
      case '\'':
        string(c);
        return;
      case '#':
        at_ = std::min(text_.find('\n', at_), text_.size());
        return;
      case '[':
      case '{':
        open_.push_back(at_);
        if (open_.size() > kMaxDepth + 1) shape_.too_deep = source_.at_offset(at_);
        dots_ = 0;
        break;
      case ']':
      case '}':
        if (open_.empty()) broken_ = true;
        if (!open_.empty()) open_.pop_back();
        dots_ = 0;
        break;
      case '.':
        if (++dots_ >= kMaxDepth) shape_.too_deep = source_.at_offset(at_);
        break;
      case '=':
      case ',':
      case '\n':
        dots_ = 0;
        break;
      default:
        break;
    }
    ++at_;
  }

  /// Goes past a string of any of the four kinds.
  void string(char quote) {
    const std::size_t start = at_;
    const std::string_view three = quote == '"' ? R"(""")" : "'''";
    const bool multi_line = text_.substr(at_, 3) == three;
    at_ += multi_line ? 3 : 1;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\\' && quote == '"') {
        at_ += 2;
      } else if (c == '\n' && !multi_line) {
        broken_ = true;
        return;
      } else if (c == quote && (!multi_line || text_.substr(at_, 3) == three)) {
        at_ += multi_line ? 3 : 1;
        // One or two quotes may stand right before the three that close the string.
        for (int more = 0; multi_line && more < 2 && text_.substr(at_, 1) == three.substr(0, 1);
             ++more) {
          ++at_;
        }
        return;
      } else {
        ++at_;
      }
    }
    at_ = text_.size();
    open_.push_back(start);
  }

  const Source& source_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<std::size_t> open_;
  int dots_ = 0;
  bool broken_ = false;
  TomlShape shape_;
};

}  // namespace

TomlShape scan_toml(const Source& source) { return Shape(source).scan(); }

}  // namespace chatvim::settings
