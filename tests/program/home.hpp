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

/// The result of a run of the program.
struct Run {
  int code = -1;
  std::string out;
  std::string err;
};

/// A home folder with its own configuration, which is also the working directory of the programs
/// that it runs; removed by the destructor. The surrounding environment is not passed on.
class Home {
 public:
  Home();
  /// Configures a provider "standin", which is the default.
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

  /// Sets an environment variable; an empty value is allowed.
  void set(const std::string& name, const std::string& value) { environment_[name] = value; }

  /// Returns the command that runs `chatvim` with these arguments.
  Command command(const std::vector<std::string>& arguments) const;
  /// Runs `chatvim` until it exits.
  Run run(const std::vector<std::string>& arguments, std::string_view input = "") const;

 private:
  std::filesystem::path folder_;
  std::map<std::string, std::string> environment_;
};

/// Returns a config.md that adds the provider "standin" with the model "m" to the built-in ones;
/// `more` is appended to its table.
std::string configuration(const std::string& base_url, std::string_view more = "");

/// Returns an answer as the command line prints it, with a line break at its end.
std::string printed(std::string text);

}  // namespace chatvim::testing
