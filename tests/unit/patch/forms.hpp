// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "answers.hpp"
#include "sources.hpp"

// The forms in which edits are written as blocks, and what became of the blocks.
namespace chatvim::testing {

/// How blocks of one form were received.
struct FormCount {
  int applied = 0;
  int refused = 0;
  int wrong = 0;
  std::map<std::string, int> reasons;

  double refused_percent() const;
};

/// A form of blocks.
struct Form {
  std::string name;
  std::function<WrittenBlock(const SourceLanguage&, const SourceLines&,
                             const std::vector<SourceEdit>&, Choices&)>
      write;
  /// Returns the edits that the form can show.
  std::function<std::vector<SourceEdit>(const SourceLines&, std::vector<SourceEdit>)> choose = {};
  /// Whether the file's white space at the ends of lines is kept, whatever the block has there.
  bool ignores_line_ends = false;
};

Form whole_form();
Form fragment_form(std::size_t context);
Form unit_form();
Form pieces_form(std::size_t context);
Form shifted_form(bool deeper);
Form diff_form(std::size_t context, bool has_right_numbers);

/// Writes edits in a form and counts what becomes of the block; anything but the edits or a refusal
/// fails the test.
void try_form(const Form& form, const SourceLanguage& language, const SourceLines& source,
              std::vector<SourceEdit> edits, Choices& choices, FormCount& count);

/// Prints the counts if CHATVIM_TABLE is set.
void print_count(const Form& form, const FormCount& count);

}  // namespace chatvim::testing
