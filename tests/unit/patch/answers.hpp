// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "chatvim/patch/edits.hpp"
#include "sources.hpp"

// How models write edits down.
namespace chatvim::testing {

/// A block that means some edits of a source.
struct WrittenBlock {
  patch::Kind kind = patch::Kind::kText;
  SourceLines lines = {};
};

/// The new text as a whole.
WrittenBlock write_whole(const SourceLines& source, const std::vector<SourceEdit>& edits);
/// The lines from the first edit to the last, with lines of context around.
WrittenBlock write_fragment(const SourceLines& source, const std::vector<SourceEdit>& edits,
                            std::size_t context);
/// The function around the edits, which are all in one (units.hpp).
WrittenBlock write_unit(const SourceLines& source, const std::vector<SourceEdit>& edits);
/// A fragment for each edit, divided by a comment for omitted code.
WrittenBlock write_pieces(const SourceLanguage& language, const SourceLines& source,
                          const std::vector<SourceEdit>& edits, std::size_t context);
/// A diff. Its numbers are right if `shift` is 0, otherwise all are wrong by that; its counts are
/// right if `counts` is.
WrittenBlock write_diff(const SourceLines& source, const std::vector<SourceEdit>& edits,
                        std::size_t context, std::ptrdiff_t shift, bool counts);
/// A fragment without the indentation that all its lines share, or with more of it.
WrittenBlock write_shifted(const SourceLanguage& language, const SourceLines& source,
                           const std::vector<SourceEdit>& edits, std::size_t context, bool deeper);

/// Whether a fragment with so many lines of context shows an edit. One at an end of the file has no
/// context there, blank lines alone are none, and of a deletion it may be that other lines are
/// removed with the same result, so that no context is left.
bool shows(const SourceLines& source, const SourceEdit& edit, std::size_t context);

std::string joined_lines(const SourceLines& lines);
/// Applies edits of the program; fails the test if they do not ascend or leave the text.
SourceLines apply_found(const SourceLines& source, const std::vector<patch::Edit>& edits);

}  // namespace chatvim::testing
