// SPDX-License-Identifier: Apache-2.0
#include "chatvim/text/number.hpp"

namespace chatvim::text {

std::string with_commas(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, 1, ',');
  }
  return digits;
}

}  // namespace chatvim::text
