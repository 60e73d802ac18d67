// SPDX-License-Identifier: Apache-2.0
#include "chatvim/sse/parser.hpp"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "property.hpp"

namespace chatvim::sse {
namespace {

using namespace std::string_literals;
using Strings = std::vector<std::string>;

struct Parsed {
  Strings events;  // type|data|id
  bool ok = true;
};

Parsed parse(const Strings& pieces, Parser::Options options = {}) {
  Parsed out;
  Parser parser(
      [&](const Event& event) {
        out.events.push_back(std::string(event.type) + "|" + std::string(event.data) + "|" +
                             std::string(event.last_event_id));
      },
      options);
  for (const std::string& piece : pieces) out.ok = out.ok && parser.feed(piece).has_value();
  parser.finish();
  return out;
}

Parser::Options strict() {
  Parser::Options options;
  options.deliver_unfinished = false;
  options.error_field = false;
  return options;
}

TEST_CASE("event streams: lines and fields") {
  struct Case {
    std::string input;
    Strings events;
  };
  const std::vector<Case> cases = {
      {"", {}},
      {"\n\n\r\r\r\n", {}},
      {"data: a\rdata: b\r\rdata: c\n\r\ndata: d\r\n\n",
       {"message|a\nb|", "message|c|", "message|d|"}},
      {"data:a\n\ndata:  b\n\n", {"message|a|", "message| b|"}},
      {":\n: data: no\ndata: a:b: c\n\n", {"message|a:b: c|"}},
      {"event: x\n\ndata: a\n\n", {"message|a|"}},      // no data: the type is reset
      {"event: x\nevent: y\ndata: a\n\n", {"y|a|"}},    // the last one counts
      {"id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n",  // it stays until another comes
       {"message|a|1", "message|b|1", "message|c|"}},
      {"id: 1\n\nid: a\0b\ndata: a\n\n"s, {"message|a|1"}},  // an id with NUL is none
      {"retry: 10\nother: x\nnothing\ndata: a\n\n", {"message|a|"}},
      {"\xEF\xBB\xBF"
       "data: a\n\n",
       {"message|a|"}},
      {"\xEF\xBB\xBF\xEF\xBB\xBF"
       "data: a\n\ndata: b\n\n",
       {"message|b|"}},
      {"\xEF\xBB"
       "data: a\n\ndata: b\n\n",
       {"message|b|"}},                       // half a mark belongs to the line
      {"data: \xFF\n\n", {"message|\xFF|"}},  // bytes are passed on
      {"error: x\ndata: a\n\n", {"message|a|"}},
      {"data: a", {}},
  };
  for (const Case& one : cases) {
    INFO(one.input);
    CHECK(parse({one.input}, strict()).events == one.events);
    Strings bytes;
    for (const char c : one.input) bytes.emplace_back(1, c);
    CHECK(parse(bytes, strict()).events == one.events);
  }
}

TEST_CASE("event streams: an unfinished event is delivered where that is asked for") {
  CHECK(parse({"data: a\n\ndata: b"}).events == Strings{"message|a|", "message|b|"});
  CHECK(parse({"data: a\ndata: b\n"}).events == Strings{"message|a\nb|"});
  CHECK(parse({"dat"}).events.empty());
  CHECK(parse({"\xEF\xBB"}).events.empty());
}

TEST_CASE("event streams: the field `error` of old llama.cpp servers") {
  CHECK(parse({"error: {}\n\ndata: a\n\n"}).events == Strings{"error|{}|", "message|a|"});
}

TEST_CASE("event streams: JSON on an indented line after an empty data line") {
  Parser::Options options;
  options.indented_data = true;
  CHECK(parse({"data:\n  {\"a\":1}\n\n"}, options).events == Strings{"message|  {\"a\":1}|"});
  CHECK(parse({"data: x\n  {\"a\":1}\n\n"}, options).events == Strings{"message|x|"});
  CHECK(parse({"  {\"a\":1}\n\n"}, options).events.empty());
  CHECK(parse({"data:\n  {\"a\":1}\n\n"}).events == Strings{"message||"});
}

TEST_CASE("event streams: lines that are no fields, where that is asked for") {
  Parser::Options options;
  options.loose_lines = true;
  const auto check = [&](const std::string& input, const Strings& events) {
    INFO(input);
    CHECK(parse({input}, options).events == events);
    Strings bytes;
    for (const char c : input) bytes.emplace_back(1, c);
    CHECK(parse(bytes, options).events == events);
  };
  check("no pods\ntoday\n\ndata: a\n\n", {"message|no pods\ntoday|", "message|a|"});
  check("data: a\nno pods\n\n", {"message|a|", "message|no pods|"});
  check("no pods", {"message|no pods|"});
  check("{\n  \"a\": 1\n}\ndata: b\n\n", {"message|{\n  \"a\": 1\n}|", "message|b|"});
  check("x-trace: 1\n{\"a\":1}\n{\"b\":2}\nwords\n",
        {"message|x-trace: 1|", "message|{\"a\":1}|", "message|{\"b\":2}|", "message|words|"});
  check("DATA: a\nEvent: x\n\n", {"x|a|"});
}

TEST_CASE("event streams: objects parted by single newlines, where that is asked for") {
  Parser::Options options;
  options.parts_json = true;
  const auto check = [&](const std::string& input, const Strings& events) {
    INFO(input);
    CHECK(parse({input}, options).events == events);
  };
  check("data: {}\ndata: {}\ndata: [DONE]\n\n", {"message|{}|", "message|{}|", "message|[DONE]|"});
  check("event: a\ndata: {}\nevent: b\ndata: {}\n\n", {"a|{}|", "b|{}|"});
  check("data: {}\nevent: b\n\n", {"b|{}|"});
  check("data: {\ndata: \"a\": {}\ndata: }\n\n", {"message|{\n\"a\": {}\n}|"});
  check("data: {\"a\": {}\ndata: , \"b\": 1}\n\n", {"message|{\"a\": {}\n, \"b\": 1}|"});
  check("data: a}\ndata: b\n\n", {"message|a}\nb|"});
  check("event: ping\ndata: now\nevent: x\ndata: {}\n\n", {"ping|now|", "x|{}|"});
}

TEST_CASE("event streams: limits") {
  Parser::Options options;
  options.max_bytes = 16;
  CHECK(parse({"data: 123456789\n\n"}, options).events == Strings{"message|123456789|"});
  const auto fails = [&](const Strings& pieces) {
    const Parsed parsed = parse(pieces, options);
    CHECK_FALSE(parsed.ok);
    CHECK(parsed.events.empty());
  };
  fails({"data: 12345", "67890123456\n\n"});                     // a line
  fails({"data: 1234567890123456\n\n"});                         // a line in one piece
  fails({": of no importance\n\n"});                             // also one that says nothing
  fails({"data: 12345678\ndata: 12345678\n\n", "data: x\n\n"});  // an event of many lines
  fails(
      {"data\n"
       "data\n"
       "data\n"
       "data\n"
       "data\n"
       "data\n"
       "data\n"
       "data\n"
       "data\n"
       "data\n"
       "data\n"
       "data\n"
       "data\n"
       "data\n"
       "data\n"
       "data\n"
       "data\n"
       "data\n\n"});
}

TEST_CASE("event streams: where the input is cut makes no difference") {
  CHECK(testing::holds("cuts", 2000, [] {
    static const Strings kTokens = {"data",         "event",     "id",     ":",    " ",
                                    "\r",           "\n",        "\n\n",   "\r\n", "a",
                                    "\xEF\xBB\xBF", "data: x\n", "error:", "{",    "\xE2\x82"};
    Strings pieces;
    std::string all;
    for (const auto n : *rc::gen::container<std::vector<std::size_t>>(
             rc::gen::inRange<std::size_t>(0, kTokens.size()))) {
      pieces.push_back(kTokens[n]);
      all += kTokens[n];
    }
    Strings bytes;
    for (const char c : all) bytes.emplace_back(1, c);
    const Strings whole = parse({all}).events;
    RC_ASSERT(parse(pieces).events == whole);
    RC_ASSERT(parse(bytes).events == whole);
  }));
}

}  // namespace
}  // namespace chatvim::sse
