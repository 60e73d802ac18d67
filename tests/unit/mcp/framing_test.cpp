// SPDX-License-Identifier: Apache-2.0
#include "mcp/framing.hpp"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "mcp/limits.hpp"
#include "mcp/message.hpp"

namespace chatvim::mcp {
namespace {

/// Feeds a stream to the framing and writes down what comes out.
std::vector<std::string> frames(std::string_view stream, std::size_t step) {
  std::vector<std::string> out;
  Framing framing({[&](std::string_view json, std::size_t left_out) {
                     out.push_back("json " + std::string(json) +
                                   (left_out > 0 ? " -" + std::to_string(left_out) : ""));
                   },
                   [&](std::string_view line) { out.push_back("noise " + std::string(line)); },
                   [&] { out.emplace_back("too long"); }});
  for (std::size_t at = 0; at < stream.size(); at += step) framing.feed(stream.substr(at, step));
  return out;
}

TEST_CASE("mcp framing: a message a line, whatever the pieces", "[mcp]") {
  const std::string stream =
      "Server runs on stdio\r\n"
      "{\"a\":\"x\\\"y\\\\\"}\r\n"
      "\n"
      "  [1, {\"b\":\"\\ud83d\\ude00\"}]  \n"
      "\"no object\"\n"
      "{\"c\":1}";  // never ends
  const std::vector<std::string> expected = {
      "noise Server runs on stdio", "json {\"a\":\"x\\\"y\\\\\"}",
      "json [1, {\"b\":\"\\ud83d\\ude00\"}]", "noise \"no object\""};
  for (std::size_t step = 1; step <= stream.size(); ++step) {
    CAPTURE(step);
    CHECK(frames(stream, step) == expected);
  }
}

TEST_CASE("mcp framing: only the beginning of a long string is kept", "[mcp]") {
  const std::string head = R"({"text":")";
  const std::string tail = R"(","after":"\n"})";
  for (const std::string unit : {"x", "\\n", "\\u00e9", "\xC3\xA9"}) {
    std::string body;
    while (body.size() <= kMostString + 100) body += unit;
    std::vector<std::string> all;
    for (const std::size_t step : {std::size_t{1000003}, std::size_t{4096}, std::size_t{7}}) {
      const auto out = frames(head + body + tail + "\n", step);
      REQUIRE(out.size() == 1);
      all.push_back(out[0]);
      const std::string json = out[0].substr(5, out[0].rfind(" -") - 5);
      CHECK(json.size() < kMostString + 64);
      const auto message = string_member(json, "text");
      REQUIRE(message);
      CHECK(string_member(json, "after") == "\n");
      CHECK(parse_messages(json));
    }
    CHECK(all[0] == all[1]);
    CHECK(all[0] == all[2]);
  }
}

TEST_CASE("mcp framing: a line of more than 16 MiB is skipped", "[mcp]") {
  const std::string longest = "{\"a\":\"" + std::string(kMostMessage, 'x') + "\"}\n";
  CHECK(frames(longest + "{\"b\":1}\n", 65536) ==
        std::vector<std::string>{"too long", "json {\"b\":1}"});
  const std::string syntax = "[" + std::string(kMostSyntax, '1') + "]\n";
  CHECK(frames(syntax + "{\"b\":1}\n", 65536) ==
        std::vector<std::string>{"too long", "json {\"b\":1}"});
}

TEST_CASE("mcp messages: kinds, ids and batches", "[mcp]") {
  const auto kind = [](std::string_view json) {
    const auto messages = parse_messages(json);
    REQUIRE(messages);
    REQUIRE(messages->size() == 1);
    return messages->front().kind;
  };
  CHECK(kind(R"({"id":1,"method":"ping"})") == Message::Kind::kRequest);
  CHECK(kind(R"({"id":null,"method":"x"})") == Message::Kind::kNotification);
  CHECK(kind(R"({"id":1,"result":{}})") == Message::Kind::kResult);
  CHECK(kind(R"({"id":1,"result":null,"error":{"code":-1,"message":"m"}})") ==
        Message::Kind::kError);
  CHECK(kind(R"({"id":1})") == Message::Kind::kOther);
  CHECK(parse_messages(R"([{"id":1,"result":{}}, 5, {"method":"x"}])")->size() == 3);
  CHECK_FALSE(parse_messages(R"({"id":1,)"));
  CHECK_FALSE(parse_messages(R"({"id":NaN})"));
  CHECK_FALSE(parse_messages("5"));
  CHECK(id_number("12") == 12);
  CHECK(id_number("\"12\"") == 12);
  CHECK(id_number("12.0") == 12);
  CHECK_FALSE(id_number("\"a12\""));
  CHECK_FALSE(id_number("{}"));
  CHECK_FALSE(id_number("\""));
}

}  // namespace
}  // namespace chatvim::mcp
