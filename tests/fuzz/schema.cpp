// SPDX-License-Identifier: Apache-2.0
// Fuzzes JSON Schemas, which come in chats from elsewhere, and the check of a model's answer.
#include "chatvim/schema/schema.hpp"

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "chatvim/text/utf8.hpp"
#include "targets.hpp"

namespace chatvim::fuzz {

namespace {

void check_words(const std::string& words) {
  expect(words.find('\n') == std::string::npos, "a message is a single line");
  expect(!text::find_invalid_utf8(words), "a message is UTF-8");
  expect(words.size() < 2000, "a message is short");
}

}  // namespace

void schema(std::string_view input) {
  const std::string_view first = take_part(input);
  const auto read = schema::read_schema(first, "a file.json");
  if (!read) return check_words(read.error().message);
  expect(!read->name.empty() && read->name.size() <= 64, "the name can be sent");
  for (const std::string& name : schema::unchecked_keywords(*read->value)) check_words(name);
  schema::is_strict(*read->value);
  check_words(schema::mismatch(*read, input));
}

}  // namespace chatvim::fuzz
