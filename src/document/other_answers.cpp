// SPDX-License-Identifier: Apache-2.0
#include "other_answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "chatvim/text/lines.hpp"
#include "chatvim/text/utf8.hpp"
#include "reply_part.hpp"
#include "steps.hpp"

namespace chatvim::document {

namespace {

/// Longest name of a model that is written, in bytes.
constexpr std::size_t kMostModel = 300;
/// More is no price and no duration, and would lose digits: a double has 15.
constexpr double kMostNumber = 1e9;
constexpr std::size_t kMostDecimals = 15;
constexpr std::string_view kTimeShape = "0000-00-00T00:00:00Z";

bool is_model_byte(char c) { return c != '<' && c != '>'; }

bool is_model(std::string_view text) {
  return is_id(text) && std::all_of(text.begin(), text.end(), is_model_byte);
}

std::string writable_model(std::string_view model) {
  std::string out(model.substr(0, kMostModel));
  const bool is_valid = !text::find_invalid_utf8(out);
  for (char& c : out) {
    const bool is_ascii = static_cast<unsigned char>(c) < 0x80;
    if (!is_model(std::string_view(&c, 1)) || (!is_ascii && !is_valid)) c = '_';
  }
  return out.empty() ? "_" : out;
}

/// Returns a number without an exponent and without zeros at its end.
std::string decimal(double value, int digits) {
  std::string out = fmt::format("{:.{}f}", value, digits);
  out.erase(out.find_last_not_of('0') + 1);
  if (out.ends_with('.')) out.pop_back();
  return out;
}

bool is_number(const std::optional<double>& value) {
  return value && std::isfinite(*value) && *value >= 0 && *value < kMostNumber;
}

std::optional<std::int64_t> read_count(std::string_view text) {
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const bool is_whole = error == std::errc() && end == text.data() + text.size();
  return is_whole && count >= 0 ? std::optional(count) : std::nullopt;
}

/// Reads digits with at most one point among them. (`from_chars` of a double is missing in some
/// standard libraries, and `strtod` depends on the locale.)
std::optional<double> read_decimal(std::string_view text) {
  const std::size_t point = std::min(text.find('.'), text.size());
  std::string digits(text.substr(0, point));
  const std::string_view fraction = text.substr(std::min(point + 1, text.size()));
  digits += fraction;
  const auto number = read_count(digits);
  if (!number || digits.size() > kMostDecimals) return std::nullopt;
  return static_cast<double>(*number) / std::pow(10.0, static_cast<double>(fraction.size()));
}

bool is_time(std::string_view text) {
  return std::equal(
      text.begin(), text.end(), kTimeShape.begin(), kTimeShape.end(),
      [](char c, char shape) { return shape == '0' ? c >= '0' && c <= '9' : c == shape; });
}

bool is_outcome(std::string_view word) { return word == "stopped" || word == "error"; }

void read_field(Provenance& out, std::string_view key, std::string_view value) {
  if (key == "input") out.input = read_count(value);
  if (key == "output") out.output = read_count(value);
  if (key == "price") out.price = read_decimal(value);
  if (key == "seconds") out.seconds = read_decimal(value);
  if (key == "time" && is_time(value)) out.time = value;
  if (key == "outcome" && is_outcome(value)) out.outcome = value;
}

/// Takes the next word, up to a space.
std::string_view next_word(std::string_view& rest) {
  const std::size_t end = std::min(rest.find(' '), rest.size());
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return word;
}

std::string escaped(std::string_view text, const SpecialLines& special, SpecialLines::Kinds first,
                    SpecialLines::Kinds others) {
  ReplyPart part(special, first, others);
  std::string out = part.feed(text);
  return out += part.finish();
}

}  // namespace

bool opens_other(std::string_view line) {
  line = text::trim_end(line);
  return line.starts_with(kOtherOpen) && line.ends_with(kOtherOpenEnd) &&
         line.size() > kOtherOpen.size() + kOtherOpenEnd.size();
}

bool names_model(std::string_view line) {
  for (const std::string_view open : {kOtherOpen, kProvenanceOpen}) {
    if (!line.starts_with(open)) continue;
    line.remove_prefix(open.size());
    const std::string_view name = line.substr(0, line.find_first_of(" \t<"));
    const std::size_t slash = name.find('/');
    return slash != 0 && slash < name.size() - 1;
  }
  return false;
}

std::optional<Provenance> read_provenance(std::string_view line) {
  line = text::trim_end(line);
  if (!line.starts_with(kProvenanceOpen) || !line.ends_with(kProvenanceEnd)) return std::nullopt;
  if (line.size() < kProvenanceOpen.size() + kProvenanceEnd.size()) return std::nullopt;
  line.remove_prefix(kProvenanceOpen.size());
  line.remove_suffix(kProvenanceEnd.size());
  Provenance out;
  out.model = next_word(line);
  if (!is_model(out.model)) return std::nullopt;
  while (!line.empty()) {
    const std::string_view word = next_word(line);
    const std::size_t sign = word.find('=');
    if (sign == 0 || sign == std::string_view::npos || !is_model(word)) return std::nullopt;
    read_field(out, word.substr(0, sign), word.substr(sign + 1));
  }
  return out;
}

std::string write_provenance(const Provenance& provenance) {
  std::string out(kProvenanceOpen);
  out += writable_model(provenance.model);
  const auto add = [&out](std::string_view key, const std::string& value) {
    out.append(" ").append(key).append("=").append(value);
  };
  if (provenance.input.value_or(-1) >= 0) add("input", std::to_string(*provenance.input));
  if (provenance.output.value_or(-1) >= 0) add("output", std::to_string(*provenance.output));
  if (is_number(provenance.price)) add("price", decimal(*provenance.price, 6));
  if (is_number(provenance.seconds)) add("seconds", decimal(*provenance.seconds, 1));
  if (is_time(provenance.time)) add("time", provenance.time);
  if (is_outcome(provenance.outcome)) add("outcome", provenance.outcome);
  return out.append(kProvenanceEnd);
}

std::string write_other(const OtherAnswer& other, const SpecialLines& special) {
  std::string out(kOtherOpen);
  out.append(writable_model(other.provenance.model)).append(kOtherOpenEnd).append("\n\n");
  const std::string text = escaped(other.text, special, kInOther, kInOther);
  if (!text.empty()) out.append(text).append("\n\n");
  return out.append(write_provenance(other.provenance)).append("\n\n").append(kCallClose);
}

std::string write_text(std::string_view text, const SpecialLines& special) {
  const auto kinds = SpecialLines::kEverywhere | SpecialLines::kStep;
  return escaped(text, special, kinds | SpecialLines::kOpener, kinds);
}

}  // namespace chatvim::document
