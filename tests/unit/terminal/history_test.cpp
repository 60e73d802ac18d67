// SPDX-License-Identifier: Apache-2.0
#include "chatvim/terminal/history.hpp"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

namespace chatvim::terminal::history_test {

TEST_CASE("a history file keeps lines, backslashes and order", "[terminal]") {
  History history;
  for (const char* entry : {"one", "two\nlines", "a \\n b\\", "", "  ", "a \\n b\\"}) {
    history.add(entry);
  }
  const std::string file = write_history(history);
  CHECK(file == "one\ntwo\\nlines\na \\\\n b\\\\\n");
  CHECK(read_history(file).entries() == std::vector<std::string>{"one", "two\nlines", "a \\n b\\"});
  CHECK(read_history("a\n\xFF\nb").entries() == std::vector<std::string>{"a", "b"});
}

TEST_CASE("a history has limits", "[terminal]") {
  History history;
  for (int i = 0; i < 1500; ++i) history.add(std::to_string(i));
  CHECK(history.entries().size() == 1000);
  CHECK(history.entries().front() == "500");
  for (int i = 0; i < 100; ++i) history.add(std::to_string(i) + std::string(50000, 'x'));
  CHECK(write_history(history).size() <= 1024 * 1024);
  history.add(std::string(70000, 'y'));
  CHECK(write_history(history).find('y') == std::string::npos);
}

}  // namespace chatvim::terminal::history_test
