// SPDX-License-Identifier: Apache-2.0
// Blocks that are made from known edits: each must lead to exactly these, or be refused.
#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "answers.hpp"
#include "sources.hpp"

namespace chatvim::testing {
namespace {

/// How blocks of one form were received.
struct Count {
  int applied = 0;
  int refused = 0;
  int wrong = 0;
  std::map<std::string, int> reasons;

  double refused_part() const {
    return static_cast<double>(refused) / std::max(applied + refused + wrong, 1);
  }
};

/// A form of blocks, and the part of them that may be refused, in percent.
struct Form {
  std::string name;
  double most_refused;
  std::function<WrittenBlock(const SourceLanguage&, const SourceLines&,
                             const std::vector<SourceEdit>&, Choices&)>
      write;
  std::optional<std::size_t> context = {};  ///< lines around edits; without it they need none
};

template <class Edits>
std::string describe(const Edits& edits) {
  std::string out;
  for (const auto& edit : edits) {
    out +=
        fmt::format("lines {} to {}:\n{}\n", edit.first + 1, edit.last, joined_lines(edit.lines));
  }
  return out;
}

void try_block(const SourceLines& source, const std::vector<SourceEdit>& edits,
               const WrittenBlock& block, Count& count) {
  const std::string text = joined_lines(block.lines);
  const auto found = patch::find_edits(joined_lines(source), {text, block.kind});
  if (!found) {
    ++count.refused;
    ++count.reasons[found.error().message];
    return;
  }
  const SourceLines wanted = apply_edits(source, edits, 0, source.size());
  if (joined_lines(apply_found(source, *found)) == joined_lines(wanted)) {
    ++count.applied;
    return;
  }
  if (++count.wrong > 2) return;
  FAIL_CHECK("the source:\n"
             << joined_lines(source) << "\n\nthe block:\n"
             << text << "\n\nmeant:\n"
             << describe(edits) << "\nbecame:\n"
             << describe(*found));
}

void check_form(const Form& form, unsigned cases) {
  Count count;
  for (unsigned seed = 0; seed < cases; ++seed) {
    Choices choices(seed * 7919 + 1);
    const SourceLanguage& language = choices.of(source_languages());
    const SourceLines source = make_source(language, choices);
    auto edits = make_edits(language, source, choices);
    if (form.context) {
      std::erase_if(edits, [&](const auto& edit) { return !shows(source, edit, *form.context); });
    }
    if (edits.empty()) continue;
    const WrittenBlock block = form.write(language, source, edits, choices);
    if (!block.lines.empty()) try_block(source, edits, block, count);
  }
  if (std::getenv("CHATVIM_TABLE") != nullptr) {
    std::cout << fmt::format("{:<28} applied {:5} refused {:5} ({:.1f} %) wrong {}\n", form.name,
                             count.applied, count.refused, 100 * count.refused_part(), count.wrong);
    for (const auto& [reason, number] : count.reasons) {
      std::cout << fmt::format("    {:5} {}\n", number, reason);
    }
  }
  INFO(form.name);
  CHECK(count.wrong == 0);
  CHECK(100 * count.refused_part() <= form.most_refused);
}

Form fragment(std::size_t context, double most_refused) {
  return {fmt::format("fragment, context {}", context), most_refused,
          [context](const auto&, const auto& source, const auto& edits, Choices&) {
            return write_fragment(source, edits, context);
          },
          context};
}

Form pieces(std::size_t context, double most_refused) {
  return {fmt::format("omitted code, context {}", context), most_refused,
          [context](const auto& language, const auto& source, const auto& edits, Choices&) {
            return write_pieces(language, source, edits, context);
          },
          context};
}

Form shifted(bool deeper, double most_refused) {
  return {deeper ? "indented, context 3" : "indentation removed, context 3", most_refused,
          [deeper](const auto& language, const auto& source, const auto& edits, Choices&) {
            return write_shifted(language, source, edits, 3, deeper);
          },
          std::size_t{3}};
}

Form diff(std::size_t context, bool right, double most_refused) {
  return {fmt::format("diff, {} numbers, context {}", right ? "right" : "wrong", context),
          most_refused,
          [context, right](const auto&, const auto& source, const auto& edits, Choices& choices) {
            const auto shift = static_cast<std::ptrdiff_t>(choices.below(80)) - 40;
            return write_diff(source, edits, context, right ? 0 : shift == 0 ? 7 : shift, right);
          }};
}

}  // namespace

TEST_CASE("a whole file is applied exactly or refused", "[patch][generated]") {
  check_form({"whole file", 5,
              [](const auto&, const auto& source, const auto& edits, Choices&) {
                return write_whole(source, edits);
              }},
             6000);
}

TEST_CASE("a fragment is applied exactly or refused", "[patch][generated]") {
  check_form(fragment(0, 100), 4000);
  check_form(fragment(1, 80), 6000);
  check_form(fragment(2, 60), 6000);
  check_form(fragment(3, 40), 6000);
  check_form(fragment(6, 40), 3000);
}

TEST_CASE("pieces between omitted code are applied exactly or refused", "[patch][generated]") {
  check_form(pieces(1, 80), 4000);
  check_form(pieces(3, 40), 4000);
}

TEST_CASE("a fragment with another indentation is applied exactly or refused",
          "[patch][generated]") {
  check_form(shifted(false, 50), 4000);
  check_form(shifted(true, 50), 4000);
}

TEST_CASE("a diff is applied exactly or refused", "[patch][generated]") {
  check_form(diff(0, false, 60), 4000);
  check_form(diff(1, false, 40), 4000);
  check_form(diff(3, false, 10), 6000);
  check_form(diff(3, true, 10), 4000);
}

}  // namespace chatvim::testing
