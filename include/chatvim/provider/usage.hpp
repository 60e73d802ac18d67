// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

namespace chatvim::provider {

/// Tokens that the provider counted; a field it did not send is absent. `cached` and
/// `cache_written` are part of `input`, whatever the provider's own sums are; `reasoning` is part
/// of `output`.
struct Usage {
  std::optional<std::int64_t> input;
  std::optional<std::int64_t> output;
  std::optional<std::int64_t> cached;  ///< read from the provider's cache
  std::optional<std::int64_t> reasoning;
  std::optional<std::int64_t> cache_written;  ///< put into the provider's cache
  std::optional<double> cost;                 ///< US dollars, as the server billed them
};

}  // namespace chatvim::provider
