// SPDX-License-Identifier: Apache-2.0
// Blocks that are made from known edits of made-up files: each must lead to exactly these, or be
// refused. The bounds are a little above what was measured; one file in three repeats itself so
// much that a sixth of all diffs fit several places. The rules were made with the cases from 0 on;
// CHATVIM_PATCH_CASES=1000000 tries those from a million on, for which the bounds do not count.
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <string>

#include "forms.hpp"

namespace chatvim::testing {
namespace {

/// Returns the number of the first case.
unsigned first_case() {
  const char* number = std::getenv("CHATVIM_PATCH_CASES");
  return number == nullptr ? 0 : static_cast<unsigned>(std::stoul(number));
}

void check_form(const Form& form, unsigned cases, double most_refused) {
  const unsigned first = first_case();
  FormCount count;
  for (unsigned number = first; number < first + cases; ++number) {
    Choices choices(number * 7919 + 1);
    const SourceLanguage& language = choices.of(source_languages());
    const SourceLines source = make_source(language, choices);
    auto edits = make_edits(language, source, choices);
    try_form(form, language, source, std::move(edits), choices, count);
  }
  print_count(form, count);
  INFO(form.name);
  CHECK(count.wrong == 0);
  if (first == 0) CHECK(count.refused_percent() <= most_refused);
}

}  // namespace

TEST_CASE("a whole file is applied exactly or refused", "[patch][generated]") {
  check_form(whole_form(), 6000, 14);
}

TEST_CASE("a fragment is applied exactly or refused", "[patch][generated]") {
  check_form(fragment_form(0), 4000, 100);
  check_form(fragment_form(1), 6000, 97);
  check_form(fragment_form(2), 6000, 88);
  check_form(fragment_form(3), 6000, 37);
  check_form(fragment_form(6), 3000, 39);
}

TEST_CASE("a function is applied exactly or refused", "[patch][generated]") {
  check_form(unit_form(), 6000, 21);
}

TEST_CASE("pieces between omitted code are applied exactly or refused", "[patch][generated]") {
  check_form(pieces_form(1), 4000, 98);
  check_form(pieces_form(3), 4000, 43);
}

TEST_CASE("a fragment with another indentation is applied exactly or refused",
          "[patch][generated]") {
  check_form(shifted_form(false), 4000, 42);
  check_form(shifted_form(true), 4000, 48);
}

TEST_CASE("a diff is applied exactly or refused", "[patch][generated]") {
  check_form(diff_form(0, false), 4000, 63);
  check_form(diff_form(1, false), 4000, 29);
  check_form(diff_form(3, false), 6000, 18);
  check_form(diff_form(3, true), 4000, 16);
}

}  // namespace chatvim::testing
