// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "chatvim/provider/table.hpp"

namespace chatvim::store {

/// What a request holds that nobody is shown: its key, its headers that may be one, the passwords
/// in its addresses. A server may repeat any of it in an error.
class Secrets {
 public:
  Secrets(const provider::Provider& provider, std::string_view key);

  /// The text with each of them shown as `***`.
  std::string hide(std::string_view text) const;
  /// The same for a name, which is no address though it may have an `@`.
  std::string hide_in_name(std::string_view name) const;

 private:
  std::vector<std::string> secrets_;
};

}  // namespace chatvim::store
