// SPDX-License-Identifier: Apache-2.0
#include "chatvim/cli/main.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <sstream>

#include "chatvim/http/curl_client.hpp"
#include "chatvim/loop/system.hpp"
#include "chatvim/text/utf8.hpp"
#include "define.hpp"
#include "help.hpp"
#include "output.hpp"

namespace chatvim::cli {

namespace {

constexpr int kWrongUsage = 2;

std::optional<std::string> read_environment(std::string_view name) {
  const char* value = std::getenv(std::string(name).c_str());
  if (!value) return std::nullopt;
  return value;
}

/// Parses the arguments and runs the command that they choose.
class CommandLine {
 public:
  explicit CommandLine(Options& options)
      : options_(options), app_("Chatvim: the chat is a plain markdown file.", "chatvim") {
    app_.set_version_flag("--version", [] {
      return fmt::format("chatvim {}\n{}\nbuilt with {}", CHATVIM_VERSION, http::library_version(),
                         CHATVIM_LIBRARIES);
    });
    app_.require_subcommand(1);
    define_chats(definitions_);
    define_texts(definitions_);
    define_lists(definitions_);
    define_keys(definitions_);
    define_servers(definitions_);
    define_scripts(definitions_);
    add_overview(app_);
  }

  int run(int argc, const char* const* argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      // The message repeats arguments, which may be file names with control characters.
      std::ostringstream complaint;
      const int code = app_.exit(error, std::cout, complaint);
      const std::string meant = suggestion(app_, {argv + 1, argv + argc});
      if (code != 0 && !meant.empty()) complaint << meant << "\n";
      say_lines(text::harmless(complaint.str()));
      return code == 0 ? 0 : kWrongUsage;
    }
    for (const auto* command : app_.get_subcommands()) {
      const auto* prompt = command->get_option_no_throw("PROMPT");
      options_.has_prompt = prompt != nullptr && prompt->count() > 0;
      const auto is_given = [command](const char* name) {
        const auto* option = command->get_option_no_throw(name);
        return option != nullptr && option->count() > 0;
      };
      options_.has_model = is_given("--model");
      options_.has_file = is_given("--file");
    }
    return definitions_.chosen ? definitions_.chosen(options_) : kWrongUsage;
  }

 private:
  Options& options_;
  CLI::App app_;
  Definitions definitions_{app_, options_};
};

}  // namespace

int run(int argc, const char* const* argv) {
  loop::open_standard_descriptors();
  loop::hide_memory();
  loop::ignore_broken_pipes();
  try {
    Options options;
    options.environment = read_environment;
    return CommandLine(options).run(argc, argv);
  } catch (const std::exception& error) {
    say(error.what());
    return 1;
  }
}

}  // namespace chatvim::cli
