// SPDX-License-Identifier: Apache-2.0
// Whatever doc/command-line.md says about other programs' names, typing them gets advice.
#include "cli/habits.hpp"

#include <CLI/CLI.hpp>
#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <regex>
#include <set>
#include <string>

#include "cli/define.hpp"

namespace chatvim::cli::habits_test {

namespace {

/// Returns the first capture group of every match.
std::set<std::string> all(const std::string& text, const char* pattern) {
  const std::regex regex(pattern);
  std::set<std::string> found;
  for (std::sregex_iterator it(text.begin(), text.end(), regex), end; it != end; ++it) {
    found.insert((*it)[1]);
  }
  return found;
}

/// Returns the cells that other programs have in the tables: all of a row but the last.
std::string cells_of_others() {
  std::ifstream page(std::string(CHATVIM_TEST_DATA) + "/../../doc/command-line.md");
  REQUIRE(page);
  std::string cells;
  bool is_there = false;
  for (std::string line; std::getline(page, line);) {
    is_there = is_there || line.starts_with("## Coming from");
    if (!is_there || !line.starts_with("| ")) continue;
    // A `|` of code is written `\|`.
    const std::size_t last = line.rfind(" | ");
    cells += line.substr(0, last) + "\n";
  }
  return cells;
}

}  // namespace

TEST_CASE("habits: each name in the documentation exists or gets advice", "[docs]") {
  CLI::App app;
  const CLI::App& program = app;
  Options options;
  Definitions definitions{app, options};
  define_chats(definitions);
  define_lists(definitions);
  define_keys(definitions);
  const CLI::App* const complete = program.get_subcommand("complete");
  const std::string cells = cells_of_others();
  const auto names = all(cells, "[` ](--?[A-Za-z][a-z-]*)");
  CHECK(names.size() > 60);
  for (const std::string& name : names) {
    INFO(name);
    CHECK((complete->get_option_no_throw(name) != nullptr || !advice_for_habit(name).empty()));
  }
  const auto commands = all(cells, "`llm ([a-z]+)");
  CHECK(commands.size() > 10);
  for (const std::string& command : commands) {
    INFO(command);
    const auto has_name = [&](const CLI::App* one) { return one->get_name() == command; };
    CHECK((!program.get_subcommands(has_name).empty() || !advice_for_habit(command).empty()));
  }
}

}  // namespace chatvim::cli::habits_test
