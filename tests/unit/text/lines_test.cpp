// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/text/lines.hpp"

namespace chatvim::text {
namespace {

using namespace std::string_view_literals;
using Lines = std::vector<std::string_view>;

TEST_CASE("a file is split into lines", "[text]") {
  struct Case {
    std::string_view file;
    Lines lines;
  };
  const Case cases[] = {
      {"", {}},
      {"\n", {""}},
      {"a", {"a"}},
      {"a\n", {"a"}},
      {"a\n\n", {"a", ""}},
      {"a\nb", {"a", "b"}},
      {"a\r\nb\r\n", {"a", "b"}},
      {"\r\n", {""}},
      {"a\rb\n", {"a\rb"}},
      {"a\r", {"a\r"}},
      {"a\r\r\n", {"a\r"}},
      {"\xEF\xBB\xBF", {}},
      {"\xEF\xBB\xBFx\n", {"x"}},
      {"\xEF\xBB\xBF\xEF\xBB\xBFx", {"\xEF\xBB\xBFx"}},
      {"a\0b\nc"sv, {"a\0b"sv, "c"}},
  };
  for (const Case& one : cases) {
    CAPTURE(one.file);
    CHECK(split_file(one.file) == one.lines);
  }
}

TEST_CASE("a buffer's lines are separated by NUL", "[text]") {
  CHECK(split_buffer("") == Lines{""});
  CHECK(split_buffer("a") == Lines{"a"});
  CHECK(split_buffer("a\n") == Lines{"a", ""});
  CHECK(split_buffer("\na\n\nb") == Lines{"", "a", "", "b"});
  CHECK(split_buffer("a\0b\nc"sv) == Lines{std::string_view("a\0b", 3), "c"});
}

TEST_CASE("white space is spaces, tabs and carriage returns", "[text]") {
  CHECK(is_blank(""));
  CHECK(is_blank(" \t "));
  CHECK_FALSE(is_blank(" x"));
  CHECK(is_blank(" \r"));
  CHECK_FALSE(is_blank("\xC2\xA0"));
  CHECK(trim_end("a b \t") == "a b");
  CHECK(trim_end(" \t").empty());
  CHECK(trim_end("  a") == "  a");
  CHECK(trim_end("a \r") == "a");
  CHECK(without_returns("a \r\r") == "a ");
  CHECK(without_returns("\ra") == "\ra");
}

}  // namespace
}  // namespace chatvim::text
