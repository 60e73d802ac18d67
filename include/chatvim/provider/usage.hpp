// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

namespace chatvim::provider {

/// Token counts from the provider; a field that it did not send is absent. `cached` and
/// `cache_written` are part of `input`, however the provider itself adds them up; `reasoning` is
/// part of `output`.
struct Usage {
  std::optional<std::int64_t> input;
  std::optional<std::int64_t> output;
  std::optional<std::int64_t> cached;  ///< read from the provider's cache
  std::optional<std::int64_t> reasoning;
  std::optional<std::int64_t> cache_written;  ///< written to the provider's cache
  std::optional<double> cost;                 ///< US dollars, as billed by the server
};

}  // namespace chatvim::provider
