// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "chatvim/json.hpp"

namespace chatvim::store {

/// The ratio of the tokens that servers counted to the estimate, for each model (PROVIDER/NAME):
/// each model has its own tokenizer, and so its own estimation error. Stored in a file of the state
/// folder, which is read for the first estimate. A damaged file counts as empty.
class Calibration {
 public:
  /// With an empty `path`, nothing is stored.
  explicit Calibration(std::string path);

  /// Returns the estimate `raw`, corrected for the model.
  std::size_t apply(const std::string& name, std::size_t raw);
  /// Learns from a server's count for an estimate, and writes the file. Call it after an answer,
  /// because it waits for the disk. Counts that are too small or implausible are ignored.
  void learn(const std::string& name, std::size_t raw, std::int64_t counted);

 private:
  struct Entry {
    double ratio = 1;
    std::int64_t samples = 0;
    std::int64_t time = 0;  ///< time of the last sample, in seconds since 1970
  };

  void read();
  void take(const Json& state);
  void add(const std::string& name, double ratio);
  void forget_oldest();
  Json to_json() const;

  std::string path_;
  bool known_ = false;
  std::map<std::string, Entry> entries_;
};

/// Returns the path of the calibration file in a state folder; empty if `state_folder` is.
std::string calibration_file(const std::string& state_folder);

}  // namespace chatvim::store
