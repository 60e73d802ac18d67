// SPDX-License-Identifier: Apache-2.0
#include "chatvim/schema/schema.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>
#include <string>

namespace chatvim::schema::schema_test {

namespace {

/// Returns the first mismatch; "" if the value fits.
std::string check(const std::string& schema, const std::string& value) {
  const auto read = read_schema(schema, "s.json");
  INFO(schema << (read ? "" : read.error().message));
  REQUIRE(read);
  return mismatch(*read, value);
}

/// Returns why the schema cannot be used.
std::string refusal(const std::string& schema) {
  const auto read = read_schema(schema, "s.json");
  return read ? "" : read.error().message;
}

std::string name_in_request(const std::string& schema, const std::string& file) {
  return read_schema(schema, file)->name;
}

}  // namespace

TEST_CASE("schema: each keyword accepts and rejects", "[schema]") {
  struct Case {
    std::string schema;
    std::string good;
    std::string bad;
    std::string words;
  };
  const Case cases[] = {
      {R"({"type":"integer"})", "1.0", "1.5", "it is 1.5, but must be of type integer"},
      {R"({"type":["string","null"]})", "null", "1", "must be of type [\"string\",\"null\"]"},
      {R"({"enum":["a",1]})", "1", "\"b\"", "must be one of [\"a\",1]"},
      {R"({"const":{"a":1}})", R"({"a":1.0})", "2", "must be an object"},
      {R"({"minimum":1,"maximum":3})", "1", "0.5", "must be from 1"},
      {R"({"maximum":3})", "3", "4", "must be to 3"},
      {R"({"exclusiveMinimum":1})", "1.1", "1", "must be more than 1"},
      {R"({"exclusiveMaximum":1})", "0", "1", "must be less than 1"},
      {R"({"multipleOf":0.1})", "0.3", "0.35", "must be a multiple of 0.1"},
      {R"({"minLength":2})", "\"\xC3\xA9\xC3\xA9\"", "\"\xC3\xA9\"", "at least 2"},
      {R"({"maxLength":1})", "\"\xC3\xA9\"", "\"ab\"", "at most 1"},
      {R"({"items":{"type":"number"}})", "[1]", "[1,\"x\"]", "/1 is \"x\""},
      {R"({"prefixItems":[true],"items":false})", "[1]", "[1,2]", "/1 must not be there"},
      {R"({"minItems":1,"maxItems":2})", "[1]", "[]", "at least 1"},
      {R"({"uniqueItems":true})", "[1,2]", "[1,1.0]", "has equal items"},
      {R"({"required":["a"]})", R"({"a":1})", "{}", "lacks the property \"a\""},
      {R"({"properties":{"a":{"properties":{"b":{"type":"null"}}}}})", R"({"a":{"b":null}})",
       R"({"a":{"b":0}})", "/a/b is 0"},
      {R"({"properties":{"a":true},"additionalProperties":false})", R"({"a":1})", R"({"b":1})",
       "/b must not be there"},
      {R"({"additionalProperties":{"type":"null"}})", R"({"b":null})", R"({"b":1})", "/b is 1"},
      {R"({"minProperties":1})", R"({"b":1})", "{}", "at least 1"},
      {R"({"anyOf":[{"type":"null"},{"minimum":1}]})", "2", "0", "fits no schema of anyOf"},
      {R"({"oneOf":[{"type":"null"},{"minimum":1},{"minimum":5}]})", "2", "6", "more than one"},
      {R"({"allOf":[{"minimum":1},{"maximum":2}]})", "2", "3", "must be to 2"},
      {R"({"not":{"type":"null"}})", "1", "null", "fits the schema of not"},
      {R"({"$ref":"#/$defs/a","$defs":{"a":{"type":"null"}}})", "null", "1", "it is 1"},
      {R"({"properties":{"next":{"$ref":"#"}},"required":["n"]})", R"({"n":1,"next":{"n":2}})",
       R"({"n":1,"next":{"n":2,"next":{}}})", "/next/next lacks"},
  };
  for (const Case& one : cases) {
    INFO(one.schema);
    CHECK(check(one.schema, one.good).empty());
    const std::string words = check(one.schema, one.bad);
    INFO(words);
    CHECK(words.find(one.words) != std::string::npos);
  }
}

TEST_CASE("schema: keywords count only for values of their type", "[schema]") {
  const std::string schema = R"({"minimum":5,"minLength":5,"minItems":5,"required":["a"]})";
  for (const char* value : {"null", "true", "\"abcde\"", "5"}) CHECK(check(schema, value).empty());
}

TEST_CASE("schema: names of annotations and of properties are no keywords", "[schema]") {
  const std::string schema = R"({"title":3,"x-own":{"type":7},"default":{"$ref":"x"},)"
                             R"("properties":{"pattern":{"type":"string"}}})";
  CHECK(check(schema, R"({"pattern":"a"})").empty());
  CHECK(unchecked_keywords(*read_schema(schema, "s")->value).empty());
}

TEST_CASE("schema: one that cannot be used is refused with a clause", "[schema]") {
  CHECK(refusal("[]") == "is not a JSON Schema: it must be an object");
  CHECK(refusal("{") == "is not JSON");
  CHECK(refusal("{}" + std::string(200 * 1024, ' ')) == "is larger than 128 KiB");
  CHECK(refusal("{\"a\":" + std::string(100'000, '[') + "}") ==
        "is nested more than 64 levels deep");
  CHECK(refusal(R"({"items":{"type":"strng"}})").find("\"type\"") != std::string::npos);
  CHECK(refusal(R"({"required":"a"})").find("a list of strings") != std::string::npos);
  CHECK(refusal(R"({"minItems":-1})").find("a whole number from 0") != std::string::npos);
  for (const char* reference : {"#/$defs/none", "https://example.org/s", "#name", "#/~2", ""}) {
    const Json schema = {{"$ref", reference}};
    CHECK(refusal(schema.dump()).find("refers to") != std::string::npos);
  }
}

TEST_CASE("schema: one that leads in circles or explodes ends", "[schema]") {
  const std::string words = "it takes too long to check against the schema";
  CHECK(check(R"({"$ref":"#"})", "1") == words);
  CHECK(check(R"({"not":{"$ref":"#"}})", "1") == words);
  // 3 to the power of 30 combinations.
  std::string schema = R"({"$defs":{"d0":{"type":"null"})";
  for (int i = 1; i <= 30; ++i) {
    const std::string one = R"({"$ref":"#/$defs/d)" + std::to_string(i - 1) + "\"}";
    schema += ",\"d" + std::to_string(i) + "\":{\"anyOf\":[" + one + "," + one + "," + one + "]}";
  }
  CHECK(check(schema + R"(},"$ref":"#/$defs/d30"})", "1") == words);
  std::string list = "[0";
  for (int i = 1; i < 5000; ++i) list += "," + std::to_string(i);
  CHECK(check(R"({"uniqueItems":true})", list + "]") == words);
}

TEST_CASE("schema: an answer is whole JSON of any kind", "[schema]") {
  CHECK(check("{}", " [1, {\"a\": null}]\n").empty());
  CHECK(check("{}", "") == "it is not JSON");
  CHECK(check("{}", "{\"a\":1} and more") == "it is not JSON");
  CHECK(check("{}", "\"\xFF\"") == "it is not JSON");
  CHECK_FALSE(check("{}", std::string(100'000, '[')).empty());
}

TEST_CASE("schema: text of an answer is fit to be shown", "[schema]") {
  const std::string words = check(R"({"additionalProperties":{"type":"null"}})",
                                  R"({"a\u001b[31m":"b\u202e)" + std::string(500, 'x') + "\"}");
  CHECK(words.find('\x1B') == std::string::npos);
  CHECK(words.find("\xE2\x80\xAE") == std::string::npos);
  CHECK(words.size() < 300);
}

TEST_CASE("schema: it is strict if its objects are closed and complete", "[schema]") {
  const auto strict = [](const char* text) { return is_strict(*read_schema(text, "s")->value); };
  CHECK(strict(R"({"type":"object","properties":{"a":{}},"required":["a"],)"
               R"("additionalProperties":false})"));
  CHECK_FALSE(strict(R"({"type":"object","properties":{"a":{}},"additionalProperties":false})"));
  CHECK_FALSE(strict(R"({"items":{"properties":{}}})"));
  CHECK(strict(R"({"type":"string"})"));
}

TEST_CASE("schema: its name in a request is its title or file, in few characters", "[schema]") {
  CHECK(name_in_request(R"({"title":"A person"})", "x.json") == "A_person");
  CHECK(name_in_request("{}", "dir/per son.schema.json") == "per_son");
  CHECK(name_in_request("{}", ".json") == "answer");
  CHECK(name_in_request("{}", std::string(100, 'a')).size() == 64);
}

}  // namespace chatvim::schema::schema_test
