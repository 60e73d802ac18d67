// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "chatvim/json.hpp"

namespace chatvim::store {

/// What servers counted against what was estimated, for each model as PROVIDER/NAME: a tokenizer is
/// a model's own, so the error of an estimate is too. Kept in a file of the state folder, which is
/// read when the first estimate asks for it. A file that is damaged counts as empty.
class Calibration {
 public:
  /// `path` empty: nothing is kept beyond the process.
  explicit Calibration(std::string path);

  /// An estimate, corrected by what is known of the model.
  std::size_t apply(const std::string& name, std::size_t raw);
  /// Takes in what a server counted for an estimate, and writes the file. For after an answer: it
  /// waits for the disk. What is too small or too odd to tell anything is left out.
  void learn(const std::string& name, std::size_t raw, std::int64_t counted);

 private:
  struct Entry {
    double ratio = 1;
    std::int64_t samples = 0;
    std::int64_t time = 0;  ///< of the last sample, in seconds since 1970
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

/// The file of the calibration in a state folder; empty where there is none.
std::string calibration_file(const std::string& state_folder);

}  // namespace chatvim::store
