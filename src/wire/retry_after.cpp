// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <chrono>
#include <cmath>

#include "chatvim/text/lines.hpp"
#include "errors.hpp"

namespace chatvim::wire {
namespace {

template <class Number>
std::optional<Number> whole_number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// A year: nobody means more, and nobody waits longer.
constexpr double kLongest = 365.0 * 24 * 3600;

std::optional<double> seconds(std::string_view text) {
  const auto value = whole_number<double>(text::trim(text));
  if (!value || !std::isfinite(*value) || *value < 0) return std::nullopt;
  return std::min(*value, kLongest);
}

/// An HTTP date (RFC 9110, section 5.6.7) in its one form in use, "Sun, 06 Nov 1994 08:49:37 GMT".
std::optional<std::chrono::sys_seconds> http_date(std::string_view text) {
  static constexpr std::array<std::string_view, 12> kMonths = {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  text = text::trim(text);
  if (text.size() != 29 || text.substr(25) != " GMT") return std::nullopt;
  const auto day = whole_number<unsigned>(text.substr(5, 2));
  const auto* const month = std::find(kMonths.begin(), kMonths.end(), text.substr(8, 3));
  const auto year = whole_number<int>(text.substr(12, 4));
  const auto hour = whole_number<unsigned>(text.substr(17, 2));
  const auto minute = whole_number<unsigned>(text.substr(20, 2));
  const auto second = whole_number<unsigned>(text.substr(23, 2));
  if (!day || month == kMonths.end() || !year || !hour || !minute || !second) return std::nullopt;
  const std::chrono::year_month_day date{
      std::chrono::year(*year),
      std::chrono::month(static_cast<unsigned>(month - kMonths.begin() + 1)),
      std::chrono::day(*day)};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second);
}

}  // namespace

const std::string* find_header(const Headers& headers, std::string_view name) {
  const auto same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) ==
           std::tolower(static_cast<unsigned char>(b));
  };
  for (const auto& [key, value] : headers) {
    if (std::equal(key.begin(), key.end(), name.begin(), name.end(), same)) return &value;
  }
  return nullptr;
}

std::optional<double> retry_after(const Headers& headers) {
  if (const std::string* text = find_header(headers, "retry-after-ms")) {
    if (const auto value = seconds(*text)) return *value / 1000;
  }
  const std::string* text = find_header(headers, "retry-after");
  if (text == nullptr) return std::nullopt;
  if (const auto value = seconds(*text)) return value;
  const std::string* now = find_header(headers, "date");
  const auto until = http_date(*text);
  const auto since = now != nullptr ? http_date(*now) : std::nullopt;
  if (!until || !since) return std::nullopt;
  return std::clamp(static_cast<double>((*until - *since).count()), 0.0, kLongest);
}

}  // namespace chatvim::wire
