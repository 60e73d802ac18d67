// SPDX-License-Identifier: Apache-2.0
#include "schema_notice.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <string>

#include "chatvim/text/utf8.hpp"

namespace chatvim::completion {

std::optional<Error> schema_notice(const schema::Schema& schema, std::string_view answer) {
  constexpr std::size_t kMostNameBytes = 200;
  const std::string clause = schema::mismatch(schema, answer);
  if (clause.empty()) return std::nullopt;
  return Error{ErrorCode::kSchema,
               fmt::format("The answer does not fit the schema {}: {}.",
                           text::printable_name(schema.file, kMostNameBytes), clause)};
}

}  // namespace chatvim::completion
