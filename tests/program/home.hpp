// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "process.hpp"
#include "standin.hpp"

namespace chatvim::testing {

/// What a run of the program left.
struct Run {
  int code = -1;
  std::string out;
  std::string err;
};

/// A home folder with a configuration of its own, which is also the working directory of the
/// programs that it runs; removed at the end. Nothing of the surrounding environment gets in.
class Home {
 public:
  Home();
  /// With a provider "standin" that is the default.
  explicit Home(const Standin& standin);
  Home(const Home&) = delete;
  Home& operator=(const Home&) = delete;
  ~Home();

  /// Writes config.md.
  void configure(std::string_view text) const;
  /// Writes a preset.
  void preset(const std::string& name, std::string_view text) const;
  /// Writes a file and returns its path.
  std::string file(const std::string& name, std::string_view bytes) const;
  std::string read(const std::string& name) const;
  bool exists(const std::string& name) const;
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  /// Sets a variable of the environment; an empty value is one too.
  void set(const std::string& name, const std::string& value) { environment_[name] = value; }

  /// Starts `chatvim` with these arguments.
  Command command(const std::vector<std::string>& arguments) const;
  /// Runs it to its end.
  Run run(const std::vector<std::string>& arguments, std::string_view input = "") const;

 private:
  std::filesystem::path folder_;
  std::map<std::string, std::string> environment_;
};

/// A config.md whose only provider beyond the built-in ones is "standin", with model "m"; `more`
/// goes into its table.
std::string configuration(const std::string& base_url, std::string_view more = "");

/// An answer as the command line prints it: with a line break at its end.
std::string printed(std::string text);

}  // namespace chatvim::testing
