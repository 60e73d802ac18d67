// SPDX-License-Identifier: Apache-2.0
// Blocks that are made from real edits, if CHATVIM_EDITS names a folder with them: for each edit
// NAME.old, the file before it, and NAME.diff, what `git diff -U0` says about it. With
// CHATVIM_TABLE=1 the counts are printed.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "chatvim/text/lines.hpp"
#include "forms.hpp"

namespace chatvim::testing {
namespace {

SourceLines read_lines(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  const auto lines = text::split_file(text);
  return {lines.begin(), lines.end()};
}

/// Reads the hunks of a diff without context.
std::vector<SourceEdit> read_edits(const std::filesystem::path& path) {
  std::vector<SourceEdit> edits;
  for (const std::string& line : read_lines(path)) {
    std::size_t first = 0;
    std::size_t count = 1;
    if (line.starts_with("@@ ")) {
      const int fields = std::sscanf(line.c_str(), "@@ -%zu,%zu", &first, &count);
      REQUIRE(fields > 0);
      // A count of 0 means an insertion below the line.
      const std::size_t row = count == 0 ? first : first - 1;
      edits.push_back({row, row + count, {}});
    } else if (line.starts_with('+') && !edits.empty()) {
      edits.back().lines.push_back(line.substr(1));
    }
  }
  return edits;
}

const SourceLanguage& language_of(const SourceLines& source) {
  static const SourceLanguage kTabs{"tabs", "\t", "// ... existing code ...", {}, "", "", {},
                                    {},     {}};
  static const SourceLanguage kSpaces{"spaces", "    ", "// ... existing code ...", {}, "", "", {},
                                      {},       {}};
  const auto tabbed = std::count_if(source.begin(), source.end(),
                                    [](const auto& line) { return line.starts_with('\t'); });
  return tabbed > 5 ? kTabs : kSpaces;
}

}  // namespace

TEST_CASE("real edits are applied exactly or refused", "[patch][history]") {
  const char* folder = std::getenv("CHATVIM_EDITS");
  if (folder == nullptr) SKIP("CHATVIM_EDITS names no folder");
  std::vector<std::filesystem::path> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".diff") names.push_back(entry.path());
  }
  std::sort(names.begin(), names.end());
  for (const Form& form :
       {whole_form(), fragment_form(0), fragment_form(1), fragment_form(2), fragment_form(3),
        fragment_form(6), unit_form(), pieces_form(3), shifted_form(false), shifted_form(true),
        diff_form(1, false), diff_form(3, false), diff_form(3, true)}) {
    FormCount count;
    Choices choices(1);
    for (auto name : names) {
      const auto edits = read_edits(name);
      const SourceLines source = read_lines(name.replace_extension(".old"));
      INFO(name.string());
      try_form(form, language_of(source), source, edits, choices, count);
    }
    print_count(form, count);
    CHECK(count.wrong == 0);
  }
}

}  // namespace chatvim::testing
