// SPDX-License-Identifier: Apache-2.0
#include "framing.hpp"

#include <algorithm>
#include <utility>

#include "chatvim/json/text.hpp"
#include "chatvim/text/lines.hpp"
#include "limits.hpp"

namespace chatvim::mcp {

namespace {

constexpr int kHexDigits = 4;

}  // namespace

void MessageBuffer::add(std::string_view bytes) {
  total_ += bytes.size();
  for (std::size_t at = 0; at < bytes.size() && !too_long_;) {
    at = in_string_ ? add_string(bytes, at) : add_syntax(bytes, at);
    too_long_ = total_ > kMostMessage || syntax_ > kMostSyntax;
  }
  if (too_long_) std::string().swap(text_);
}

void MessageBuffer::clear() { *this = MessageBuffer(); }

std::size_t MessageBuffer::add_syntax(std::string_view bytes, std::size_t at) {
  const std::size_t quote = bytes.find('"', at);
  in_string_ = quote != std::string_view::npos;
  const std::size_t end = in_string_ ? quote + 1 : bytes.size();
  text_.append(bytes, at, end - at);
  syntax_ += end - at;
  string_size_ = 0;
  return end;
}

std::size_t MessageBuffer::add_string(std::string_view bytes, std::size_t at) {
  if (escape_left_ > 0) return add_escape(bytes, at);
  const std::size_t special = json::find_special(bytes, at);
  const std::string_view run = bytes.substr(at, special - at);
  const std::size_t room = kMostString - std::min(kMostString, string_size_);
  const std::string_view kept = run.substr(0, std::min(run.size(), room));
  text_.append(kept);
  string_size_ += kept.size();
  left_out_ += run.size() - kept.size();
  if (special == bytes.size()) return special;
  if (bytes[special] == '"') {
    in_string_ = false;
    text_.push_back('"');
  } else {
    // An escape is kept whole or dropped whole. A control character is no JSON, which the parser
    // will find.
    escape_begins_ = bytes[special] == '\\';
    escape_left_ = escape_begins_ ? 1 : 0;
    escape_dropped_ = string_size_ >= kMostString;
    if (escape_dropped_) {
      ++left_out_;
    } else {
      text_.push_back(bytes[special]);
      ++string_size_;
    }
  }
  return special + 1;
}

std::size_t MessageBuffer::add_escape(std::string_view bytes, std::size_t at) {
  --escape_left_;
  if (std::exchange(escape_begins_, false) && bytes[at] == 'u') escape_left_ = kHexDigits;
  if (escape_dropped_) {
    ++left_out_;
  } else {
    text_.push_back(bytes[at]);
    ++string_size_;
  }
  return at + 1;
}

void Framing::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    line_.add(bytes.substr(0, end));
    if (end == std::string_view::npos) return;
    end_line();
    bytes.remove_prefix(end + 1);
  }
}

void Framing::end_line() {
  MessageBuffer line;
  std::swap(line, line_);
  const std::string_view text = text::trim(line.text());
  if (line.too_long()) {
    callbacks_.on_too_long();
  } else if (text.starts_with('{') || text.starts_with('[')) {
    callbacks_.on_message(text, line.left_out());
  } else if (!text.empty()) {
    callbacks_.on_noise(text);
  }
}

}  // namespace chatvim::mcp
