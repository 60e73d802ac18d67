// SPDX-License-Identifier: Apache-2.0
#include "chatvim/sse/parser.hpp"

#include <fmt/format.h>

#include <cstring>
#include <utility>

namespace chatvim::sse {
namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";
constexpr std::size_t kBomDone = kBom.size() + 1;

std::size_t find_byte(std::string_view bytes, char wanted, std::size_t from, std::size_t to) {
  const void* found = std::memchr(bytes.data() + from, wanted, to - from);
  return found == nullptr
             ? to
             : static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data());
}

Error too_long(std::string_view what, std::size_t max_bytes) {
  constexpr std::size_t kMebibyte = 1024 * 1024;
  const std::string limit = max_bytes >= kMebibyte ? fmt::format("{} MiB", max_bytes / kMebibyte)
                                                   : fmt::format("{} bytes", max_bytes);
  return {ErrorCode::kProtocol,
          fmt::format("{} of the event stream is longer than {}", what, limit)};
}

/// Limit for the joined lines that are not fields, in bytes.
constexpr std::size_t kMostLoose = 64 * 1024;
constexpr std::string_view kSpace = " \t\n";

std::string folded(std::string_view name) {
  std::string out(name);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool begins_like_json(std::string_view text) {
  return text.starts_with('{') || text.starts_with('[');
}

bool ends_like_json(std::string_view text) {
  const std::size_t last = text.find_last_not_of(kSpace);
  return last != std::string_view::npos && text[last] == '}';
}

/// Removes what some servers wrongly send before a field: white space, or a byte-order mark within
/// the stream.
std::string_view without_lead(std::string_view line) {
  const std::size_t start = line.find_first_not_of(" \t\xEF\xBB\xBF");
  if (start == 0 || start == std::string_view::npos) return line;
  const std::string_view field = line.substr(start);
  const bool is_field = field.starts_with("data:") || field.starts_with("event:");
  return is_field ? field : line;
}

/// Strips `data:` prefixes inside a value, from a gateway that wrapped one data field in another.
std::string_view without_field(std::string_view value) {
  constexpr std::string_view kField = "data:";
  while (value.starts_with(kField)) {
    value.remove_prefix(kField.size());
    if (value.starts_with(' ')) value.remove_prefix(1);
  }
  return value;
}

/// Whether a data line cannot continue the JSON text before it.
bool begins_another(std::string_view before, std::string_view next) {
  const std::size_t first = next.find_first_not_of(kSpace);
  return begins_like_json(before) && ends_like_json(before) && first != std::string_view::npos &&
         std::string_view(",}]").find(next[first]) == std::string_view::npos;
}

bool is_indented_json(std::string_view line) {
  const std::size_t start = line.find_first_not_of(kSpace);
  return start != 0 && start != std::string_view::npos &&
         (line[start] == '{' || line[start] == '[');
}

}  // namespace

Parser::Parser(Callback on_event) : Parser(std::move(on_event), Options{}) {}

Parser::Parser(Callback on_event, Options options)
    : on_event_(std::move(on_event)), options_(options) {}

Result<void> Parser::feed(std::string_view bytes) {
  if (failed_) return {};
  bytes = skip_bom(bytes);
  std::size_t at = 0;
  next_lf_ = 0;
  Result<void> result;
  while (at < bytes.size()) {
    if (skip_lf_) {
      skip_lf_ = false;
      if (bytes[at] == '\n') {
        ++at;
        continue;
      }
    }
    // Fast path: a stream of only blank lines may expand a thousandfold when decompressed.
    if ((bytes[at] == '\n' || bytes[at] == '\r') && is_between_events()) {
      skip_lf_ = bytes[at++] == '\r';
      continue;
    }
    const std::size_t end = end_of_line(bytes, at);
    const std::string_view part = bytes.substr(at, end - at);
    const bool whole = end < bytes.size();
    if (!whole || !line_.empty()) result = keep(part);
    if (result && whole) {
      skip_lf_ = bytes[end] == '\r';
      result = take_line(line_.empty() ? part : std::string_view(line_));
      if (!line_.empty()) {
        own_data();  // `data_view_` may refer to `line_`
        line_.clear();
      }
    }
    if (!result) {
      failed_ = true;
      return result;
    }
    at = end + 1;
  }
  own_data();
  return result;
}

void Parser::finish() {
  if (failed_ || !options_.deliver_unfinished) return;
  if (bom_ < kBom.size()) line_ = kBom.substr(0, bom_);
  if (!line_.empty() && !take_line(line_)) return;
  dispatch();
  line_.clear();
}

/// Skips one byte-order mark at the start of the stream. A partial mark that turns out not to be
/// one becomes part of the first line.
std::string_view Parser::skip_bom(std::string_view bytes) {
  if (bom_ == kBomDone) return bytes;
  std::size_t at = 0;
  while (at < bytes.size() && bom_ < kBom.size() && bytes[at] == kBom[bom_]) {
    ++at;
    ++bom_;
  }
  if (bom_ == kBom.size()) {
    bom_ = kBomDone;
  } else if (at < bytes.size()) {
    line_ = kBom.substr(0, bom_);
    bom_ = kBomDone;
  }
  return bytes.substr(at);
}

bool Parser::is_between_events() const {
  return line_.empty() && !has_data_ && type_.empty() && !later_type_ && loose_.empty();
}

std::size_t Parser::end_of_line(std::string_view bytes, std::size_t from) {
  if (next_lf_ < from || next_lf_ == 0) next_lf_ = find_byte(bytes, '\n', from, bytes.size());
  return find_byte(bytes, '\r', from, next_lf_);
}

Result<void> Parser::keep(std::string_view part) {
  if (line_.size() + part.size() > options_.max_bytes) {
    return tl::unexpected(too_long("a line", options_.max_bytes));
  }
  line_.append(part);
  return {};
}

Result<void> Parser::take_line(std::string_view line) {
  // A line that arrives in one piece bypasses `keep` but has the same limit.
  if (line.size() > options_.max_bytes) {
    return tl::unexpected(too_long("a line", options_.max_bytes));
  }
  if (line.empty()) {
    dispatch();
    return {};
  }
  if (options_.indented_data && has_data_ && data_.empty() && data_view_.empty() &&
      is_indented_json(line)) {
    has_data_ = false;
    return add_data(line);
  }
  if (options_.loose_lines) line = without_lead(line);
  const std::size_t colon = line.find(':');
  if (colon == 0) return {};  // a comment
  std::string_view value = colon == std::string_view::npos ? "" : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  const std::string_view name = line.substr(0, colon);
  constexpr std::size_t kLongestName = 5;
  if (options_.loose_lines && name.size() > kLongestName) {
    keep_loose(line);
    return {};
  }
  return options_.loose_lines ? take_field(line, folded(name), value)
                              : take_field(line, name, value);
}

Result<void> Parser::take_field(std::string_view line, std::string_view name,
                                std::string_view value) {
  if (name == "data") return add_data(value);
  if (name == "event") {
    give_loose();
    if (options_.parts_json && has_data_) {
      later_type_ = value;
    } else {
      type_ = value;
    }
  } else if (name == "id") {
    if (value.find('\0') == std::string_view::npos) id_ = value;
  } else if (name == "error" && options_.error_field) {
    if (options_.parts_json && has_data_ && ends_like_json(data())) part();
    type_ = "error";
    later_type_.reset();
    return add_data(value);
  } else if (name != "retry") {  // `retry` concerns reconnecting, which does not apply here
    keep_loose(line);
  }
  return {};
}

Result<void> Parser::add_data(std::string_view value) {
  if (options_.loose_lines) value = without_field(value);
  if (data_view_.size() + data_.size() + value.size() + 1 > options_.max_bytes) {
    return tl::unexpected(too_long("the data of an event", options_.max_bytes));
  }
  if (options_.parts_json && has_data_ &&
      (begins_another(data(), value) || (later_type_ && begins_like_json(value)))) {
    part();
  }
  give_loose();
  if (!has_data_) {
    has_data_ = true;
    data_owned_ = false;
    data_view_ = value;
    return {};
  }
  own_data();
  data_.push_back('\n');
  data_.append(value);
  return {};
}

/// Copies the data out of the current input, which is about to become invalid.
void Parser::own_data() {
  if (!has_data_ || data_owned_) return;
  data_.assign(data_view_);
  data_view_ = {};
  data_owned_ = true;
}

std::string_view Parser::data() const { return data_owned_ ? data_ : data_view_; }

/// Ends an event.
void Parser::dispatch() {
  // An error event keeps its type, whatever follows before its blank line.
  if (later_type_ && type_ != "error") type_ = std::move(*later_type_);
  later_type_.reset();
  give_data();
  type_.clear();
  give_loose();
}

void Parser::give_data() {
  if (has_data_) {
    on_event_({type_.empty() ? std::string_view("message") : std::string_view(type_), data(), id_});
  }
  has_data_ = false;
  data_owned_ = false;
  data_view_ = {};
  data_.clear();
}

void Parser::keep_loose(std::string_view line) {
  if (!options_.loose_lines) return;
  // A JSON text, possibly of several lines, is kept separate from other lines.
  const bool is_next =
      begins_like_json(loose_)
          ? ends_like_json(loose_) && std::string_view(" \t}],\"").find(line[0]) == line.npos
          : begins_like_json(line);
  if (is_next || loose_.size() + line.size() > kMostLoose) give_loose();
  if (!loose_.empty()) loose_.push_back('\n');
  loose_.append(line);
}

/// Ends an event that the server did not end.
void Parser::part() {
  give_data();
  type_ = std::exchange(later_type_, std::nullopt).value_or("");
}

void Parser::give_loose() {
  if (loose_.empty()) return;
  if (has_data_ && ends_like_json(data())) part();  // the event came before these lines
  const std::string lines = std::exchange(loose_, {});
  on_event_({"message", lines, id_, true});
}

}  // namespace chatvim::sse
