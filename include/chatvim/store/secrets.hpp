// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "chatvim/provider/table.hpp"

namespace chatvim::store {

/// Redacts a request's secrets: its key, headers that may contain one, and passwords in its URLs. A
/// server may repeat any of them in an error.
class Secrets {
 public:
  Secrets(const provider::Provider& provider, std::string_view key);

  /// Returns the text with each secret replaced by `***`.
  std::string hide(std::string_view text) const;
  /// The same for a name, which is not treated as a URL although it may contain an `@`.
  std::string hide_in_name(std::string_view name) const;

 private:
  std::vector<std::string> secrets_;
};

}  // namespace chatvim::store
