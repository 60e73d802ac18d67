// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/error.hpp"
#include "chatvim/json.hpp"

namespace chatvim::schema {

/// A JSON Schema that an answer must fit (the setting `schema`).
struct Schema {
  std::string name;                   ///< for the request: 1 to 64 characters of `A-Za-z0-9_-`
  std::string file;                   ///< as the user wrote it, for messages
  std::shared_ptr<const Json> value;  ///< an object, never null
};

/// Parses a schema: JSON of at most 128 KiB and 64 levels, whose keywords have the right types and
/// whose `$ref` are all local. The message of an error is a clause that follows the file's name.
Result<Schema> read_schema(std::string_view text, std::string_view file);

/// Returns the keywords in the schema that `mismatch` does not check, sorted.
std::vector<std::string> unchecked_keywords(const Json& schema);

/// Whether every object in the schema forbids other properties and requires all of its own. Only
/// such a schema can be sent as `strict` (OpenAI's rule, which others have copied).
bool is_strict(const Json& schema);

/// Returns where and why an answer does not fit the schema, as a clause, or "" if it fits. It is
/// checked as JSON Schema 2020-12 says, apart from the unchecked keywords; an answer that would
/// take too long to check does not fit.
std::string mismatch(const Schema& schema, std::string_view answer);

}  // namespace chatvim::schema
