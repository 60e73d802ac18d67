// SPDX-License-Identifier: Apache-2.0
#include "chatvim/text/time.hpp"

#include <fmt/format.h>

#include <chrono>

namespace chatvim::text {

std::string utc_time(std::int64_t seconds) {
  using std::chrono::days;
  using std::chrono::sys_days;
  constexpr std::int64_t kDay = 24 * 60 * 60;
  constexpr std::int64_t kFirst = -62'167'219'200;  // the year 0
  constexpr std::int64_t kLast = 253'402'300'799;   // the end of the year 9999
  if (seconds < kFirst || seconds > kLast) return {};
  const std::int64_t day = (seconds - kFirst) / kDay + kFirst / kDay;
  const std::int64_t rest = (seconds - kFirst) % kDay;
  const std::chrono::year_month_day date{sys_days{days{day}}};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     rest / 3600, rest / 60 % 60, rest % 60);
}

}  // namespace chatvim::text
