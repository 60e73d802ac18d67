// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "chatvim/error.hpp"

namespace chatvim::patch {

/// What helps with a block whose place is not certain.
inline constexpr std::string_view kQuoteAdvice =
    "Select the lines to replace, send them with :ChatvimSend and ask again";

/// Returns a clause in ASCII as a sentence.
inline std::string as_sentence(std::string_view clause) {
  std::string sentence(clause);
  char& first = sentence.front();
  if (first >= 'a' && first <= 'z') first = static_cast<char>(first - 'a' + 'A');
  return sentence + '.';
}

/// Returns the error for a block that is not applied; `why` and `advice` are clauses in ASCII. The
/// reason comes first, since a narrow screen shows only the beginning.
inline tl::unexpected<Error> refuse(std::string_view why, std::string_view advice = kQuoteAdvice) {
  std::string sentence = as_sentence(why) + ' ' + as_sentence(advice);
  return tl::unexpected(Error{ErrorCode::kBadArguments, std::move(sentence), std::string(advice)});
}

/// Returns the error for a block whose text the file has already.
inline tl::unexpected<Error> already_so() {
  return tl::unexpected(
      Error{ErrorCode::kBadArguments, "Nothing to apply: the file has this code already."});
}

}  // namespace chatvim::patch
