// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "chatvim/provider/table.hpp"

namespace chatvim::cli {

/// What the command line said, for every command; a command uses its own part.
struct Options {
  std::string prompt;
  bool has_prompt = false;
  bool has_file = false;  ///< `--file` was given
  std::string file;
  bool has_model = false;  ///< `--model` was given
  std::string model;
  std::vector<std::string> assignments;  ///< KEY=VALUE
  std::vector<std::string> allowed;      ///< files, folders and demands of the document
  bool allows_secrets = false;           ///< what looks like a key may be sent
  bool continues = false;                ///< the last answer is continued
  bool dry_run = false;                  ///< nothing will be sent
  bool write = false;
  bool add_delimiters = false;
  bool chunk = false;
  bool json = false;
  std::string name;    ///< of a provider; empty: those that have a key
  std::string remote;  ///< the provider that is asked itself
  bool all = false;
  std::string log_file;
  std::optional<double> keep_memory;  ///< seconds
  Environment environment;
};

}  // namespace chatvim::cli
