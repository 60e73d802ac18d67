// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "chatvim/error.hpp"

namespace chatvim::patch {

/// What helps with a block whose place is not certain.
inline constexpr std::string_view kQuoteAdvice =
    "select the lines to replace, send them with :ChatvimSend and ask again";

/// Returns the error for a block that is not applied; `why` is a clause. It comes first and is
/// short: a message has one line, and the advice is much the same each time.
inline tl::unexpected<Error> refuse(std::string_view why, std::string_view advice = kQuoteAdvice) {
  std::string sentence(why);
  if (sentence.front() >= 'a' && sentence.front() <= 'z') sentence.front() += 'A' - 'a';
  sentence += ": ";
  sentence += advice;
  sentence += '.';
  return tl::unexpected(Error{ErrorCode::kBadArguments, std::move(sentence), std::string(advice)});
}

/// Returns the error for a block whose text the file has already.
inline tl::unexpected<Error> already_so() {
  return tl::unexpected(
      Error{ErrorCode::kBadArguments, "Nothing to apply: the file has this code already."});
}

}  // namespace chatvim::patch
