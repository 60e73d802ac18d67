// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "chatvim/provider/table.hpp"

namespace chatvim::cli {

/// The parsed command line, for all commands; each command uses its own part.
struct Options {
  std::string prompt;
  bool has_prompt = false;
  std::string file;
  std::vector<std::string> attached;  ///< files that are sent with the prompt
  std::optional<std::string> system;  ///< text of a system message
  bool has_model = false;             ///< `--model` was given
  std::string model;
  std::string schema;                      ///< file; empty: the document's
  std::vector<std::string> assignments;    ///< KEY=VALUE
  std::vector<std::string> allowed;        ///< files, folders and demands of the document
  std::vector<std::string> allowed_tools;  ///< globs of tools that may be called
  bool allows_secrets = false;             ///< text that looks like a key may be sent
  bool continues = false;                  ///< continue the last answer
  bool retries = false;                    ///< replace the last answer
  bool dry_run = false;                    ///< send nothing
  bool write = false;
  bool add_delimiters = false;
  bool chunk = false;
  bool json = false;
  bool names = false;      ///< print names alone, one per line
  bool in_file = false;    ///< store a key in a file
  bool has_extra = false;  ///< there are arguments that the command does not know
  std::string name;        ///< of a provider (empty: all that are set up), or of a server to start
  std::string forgotten;   ///< the server whose permissions are forgotten
  std::string remote;      ///< the provider to request the list from
  bool all = false;
  bool stdio = false;  ///< `--stdio` was given
  std::string log_file;
  std::size_t width = 80;             ///< of formatted lines, in cells
  std::string color = "auto";         ///< when to color: auto, always or never
  std::optional<double> keep_memory;  ///< seconds
  Environment environment;
};

}  // namespace chatvim::cli
