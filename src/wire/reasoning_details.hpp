// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/json.hpp"

namespace chatvim::wire {

/// Joins the `reasoning_details` of a stream, which OpenRouter and others want back with the calls
/// that they led to. Pieces of one detail follow each other with the same index and type: their
/// texts are appended, and of the other members the first value that is not null counts.
class ReasoningDetails {
 public:
  /// Takes one element of a list `reasoning_details`, as JSON.
  void add(std::string_view json);
  bool empty() const { return ends_.empty(); }
  /// Returns the list to send back. Elements that are no objects are left out.
  Json merged() const;

 private:
  struct Detail {
    Json members = Json::object();     // null for a text
    std::array<std::string, 2> texts;  // the members that arrive in pieces
  };
  static Detail read(std::string_view json);
  static void add(std::vector<Detail>& details, Detail next);

  // The elements are only kept, because few answers have calls and need them.
  std::string elements_;           // one after the other
  std::vector<std::size_t> ends_;  // of each element in `elements_`
};

/// Returns text that may have been split inside characters as valid UTF-8.
std::string joined_text(std::string_view pieces);

}  // namespace chatvim::wire
