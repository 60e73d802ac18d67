// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "chatvim/api.hpp"
#include "chatvim/document/message.hpp"
#include "chatvim/provider/table.hpp"

namespace chatvim::wire {

/// The ids of the calls in one request. Ids in a document need not be unique (some servers give
/// each call the same one), and may come from a provider that allows more characters. A call keeps
/// its recorded id if that is valid for the provider and not taken yet. Else it gets one that is
/// made from its position: nine letters and digits, which every provider takes.
class CallIds {
 public:
  CallIds(std::span<const document::Message> messages, Api api, provider::CallIds rule);

  /// Returns the id of the next call, in the order of the document.
  std::string next(const std::string& recorded);

 private:
  bool is_valid(std::string_view id) const;
  std::string make();

  Api api_;
  provider::CallIds rule_;
  std::set<std::string, std::less<>> recorded_;
  std::set<std::string, std::less<>> taken_;
  std::size_t position_ = 0;
};

}  // namespace chatvim::wire
