// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/json.hpp"

namespace chatvim::toolbox {

/// The arguments of a call, from a model. The first thing that is wrong is kept as a sentence that
/// tells the model what to send.
class Arguments {
 public:
  explicit Arguments(std::string_view json);

  /// Return an argument, or the fallback if it is missing (an empty one if it is required).
  std::string string(const char* key, const std::string& fallback);
  std::string required_string(const char* key, const char* example);
  std::vector<std::string> strings(const char* key, std::size_t most);
  /// A whole number from `least` to `most`; a larger one counts as `most`.
  std::size_t number(const char* key, std::size_t fallback, std::size_t least, std::size_t most);
  bool boolean(const char* key);

  void refuse(std::string sentence);
  /// Returns what is wrong, or "".
  const std::string& problem() const { return problem_; }

 private:
  const Json* find(const char* key) const;

  std::shared_ptr<const Json> table_;
  std::string problem_;
};

}  // namespace chatvim::toolbox
