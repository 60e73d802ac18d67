// SPDX-License-Identifier: Apache-2.0
#include "forms.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <iostream>
#include <utility>

#include "units.hpp"

namespace chatvim::testing {
namespace {

template <class Edits>
std::string describe(const Edits& edits) {
  std::string out;
  for (const auto& edit : edits) {
    out +=
        fmt::format("lines {} to {}:\n{}\n", edit.first + 1, edit.last, joined_lines(edit.lines));
  }
  return out;
}

SourceLines without_line_ends(SourceLines lines) {
  for (std::string& line : lines) line.erase(line.find_last_not_of(" \t") + 1);
  return lines;
}

void try_block(const Form& form, const SourceLines& source, const std::vector<SourceEdit>& edits,
               const WrittenBlock& block, FormCount& count) {
  const std::string text = joined_lines(block.lines);
  const auto found = patch::find_edits(joined_lines(source), {text, block.kind});
  if (!found) {
    ++count.refused;
    ++count.reasons[found.error().message];
    return;
  }
  const SourceLines wanted = apply_edits(source, edits, 0, source.size());
  const SourceLines applied = apply_found(source, *found);
  if (applied == wanted ||
      (form.ignores_line_ends && without_line_ends(applied) == without_line_ends(wanted))) {
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

/// Chooses the edits that a block with this many lines of context shows.
auto with_context(std::size_t context) {
  return [context](const SourceLines& source, std::vector<SourceEdit> edits) {
    std::erase_if(edits, [&](const auto& edit) { return !shows(source, edit, context); });
    return edits;
  };
}

/// Chooses the edits that are in the function of the first edit that is in one.
std::vector<SourceEdit> of_one_unit(const SourceLines& source, std::vector<SourceEdit> edits) {
  std::vector<SourceEdit> chosen;
  for (SourceEdit& edit : edits) {
    const std::size_t first = chosen.empty() ? edit.first : chosen.front().first;
    if (unit_around(source, first, edit.last)) chosen.push_back(std::move(edit));
  }
  return chosen;
}

}  // namespace

double FormCount::refused_percent() const {
  return 100.0 * refused / std::max(applied + refused + wrong, 1);
}

Form whole_form() {
  return {"whole file", [](const auto&, const auto& source, const auto& edits, Choices&) {
            return write_whole(source, edits);
          }};
}

Form fragment_form(std::size_t context) {
  return {fmt::format("fragment, context {}", context),
          [context](const auto&, const auto& source, const auto& edits, Choices&) {
            return write_fragment(source, edits, context);
          },
          with_context(context)};
}

Form unit_form() {
  return {"function",
          [](const auto&, const auto& source, const auto& edits, Choices&) {
            return write_unit(source, edits);
          },
          of_one_unit};
}

Form pieces_form(std::size_t context) {
  return {fmt::format("omitted code, context {}", context),
          [context](const auto& language, const auto& source, const auto& edits, Choices&) {
            return write_pieces(language, source, edits, context);
          },
          with_context(context)};
}

Form shifted_form(bool deeper) {
  constexpr std::size_t kContext = 3;
  return {fmt::format("{}, context {}", deeper ? "indented" : "indentation removed", kContext),
          [deeper](const auto& language, const auto& source, const auto& edits, Choices&) {
            return write_shifted(language, source, edits, kContext, deeper);
          },
          with_context(kContext), true};
}

Form diff_form(std::size_t context, bool has_right_numbers) {
  return {
      fmt::format("diff, {} numbers, context {}", has_right_numbers ? "right" : "wrong", context),
      [=](const auto&, const auto& source, const auto& edits, Choices& choices) {
        const auto shift = static_cast<std::ptrdiff_t>(choices.below(40)) + 1;
        return write_diff(source, edits, context, has_right_numbers ? 0 : shift, has_right_numbers);
      }};
}

void try_form(const Form& form, const SourceLanguage& language, const SourceLines& source,
              std::vector<SourceEdit> edits, Choices& choices, FormCount& count) {
  if (form.choose) edits = form.choose(source, std::move(edits));
  if (edits.empty()) return;
  const WrittenBlock block = form.write(language, source, edits, choices);
  if (!block.lines.empty()) try_block(form, source, edits, block, count);
}

void print_count(const Form& form, const FormCount& count) {
  if (std::getenv("CHATVIM_TABLE") == nullptr) return;
  std::cout << fmt::format("{:<32} applied {:5} refused {:5} ({:.1f} %) wrong {}\n", form.name,
                           count.applied, count.refused, count.refused_percent(), count.wrong);
  for (const auto& [reason, number] : count.reasons) {
    std::cout << fmt::format("    {:5} {}\n", number, reason);
  }
}

}  // namespace chatvim::testing
