// SPDX-License-Identifier: Apache-2.0
// Characters that are cut between deltas are reassembled, invalid bytes become U+FFFD, and no chunk
// raises an exception.
#include <catch2/catch_test_macros.hpp>
#include <iterator>
#include <string>
#include <vector>

#include "chatvim/text/utf8.hpp"
#include "property.hpp"
#include "wire_support.hpp"

namespace chatvim::wire::unicode_test {
namespace {

using testing::Pieces;

std::string delta(const std::string& field, const std::string& value) {
  return R"(data: {"choices":[{"index":0,"delta":{")" + field + "\":\"" + value + "\"}}]}\n\n";
}
const std::string kEnd = R"(data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})"
                         "\n\ndata: [DONE]\n\n";

/// Returns the text of all events of one kind, for deltas with these values of a field.
std::string text_of(const std::string& kind, const std::string& field, const Pieces& values) {
  std::string body;
  for (const std::string& value : values) body += delta(field, value);
  std::string out;
  for (const Json& event : testing::decode({body + kEnd})) {
    if (event[0] == kind) out += event[1].get<std::string>();
  }
  return out;
}

TEST_CASE("chat: characters cut between deltas") {
  const std::vector<std::pair<std::string, std::string>> channels = {
      {"text", "content"}, {"reasoning", "reasoning_content"}, {"refusal", "refusal"}};
  for (const auto& [kind, field] : channels) {
    INFO(kind);
    CHECK(text_of(kind, field, {"a\\ud83d", "\\ude42b"}) == "a🙂b");
    CHECK(text_of(kind, field, {"\\ud83d", "", "\\ude42"}) == "🙂");
    CHECK(text_of(kind, field, {"a\\ud83d"}) == "a\uFFFD");
    CHECK(text_of(kind, field, {"a\\ud83db", "\\ude42c"}) == "a\uFFFDb\uFFFDc");
    CHECK(text_of(kind, field, {"\\ud83d", "\\ud83d\\ude42"}) == "\uFFFD🙂");
    CHECK(text_of(kind, field, {"a\xF0\x9F", "\x99\x82z"}) == "a🙂z");
    CHECK(text_of(kind, field, {"\xE2", "\x82", "\xAC"}) == "€");
    CHECK(text_of(kind, field, {"\xFFz"}) == "\uFFFDz");
  }
  CHECK(text_of("text", "content", {"<think>\\ud83d", "\\ude42</think>\\ud83d", "\\ude42"}) ==
        "🙂");
}

TEST_CASE("chat: an answer cut inside any character is complete") {
  const std::string answer = "<think>é€🙂</think>日本\\n🙂 ok";
  for (std::size_t i = 0; i <= answer.size(); ++i) {
    if (i > 0 && i < answer.size() && answer[i - 1] == '\\') continue;  // escapes stay whole
    const Pieces halves = {answer.substr(0, i), answer.substr(i)};
    CHECK(text_of("text", "content", halves) == "日本\n🙂 ok");
    CHECK(text_of("reasoning", "content", halves) == "é€🙂");
  }
}

TEST_CASE("chat: arguments of tool calls cut inside a character") {
  const auto piece = [](const std::string& arguments) {
    return R"(data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"x","function":{"name":"f","arguments":")" +
           arguments + "\"}}]}}]}\n\n";
  };
  const Json out = testing::decode({piece("a\\ud83d") + piece("\\ude42b") + piece("\xE2") + kEnd});
  std::string arguments;
  for (const Json& event : out) {
    if (event[0] == "args") arguments += event[2].get<std::string>();
  }
  CHECK(arguments == "a🙂b\uFFFD");
}

/// Whether the events are valid: UTF-8 text and exactly one end, which comes last.
bool is_sound(const std::vector<Event>& events) {
  for (std::size_t i = 0; i < events.size(); ++i) {
    const bool is_end =
        std::holds_alternative<End>(events[i]) || std::holds_alternative<Failure>(events[i]);
    if (is_end != (i + 1 == events.size())) return false;
    if (std::holds_alternative<Failure>(events[i]))
      continue;  // its text is sanitized when it is shown
    const std::string text =
        testing::to_json(events[i]).dump(-1, ' ', false, Json::error_handler_t::ignore);
    if (text != testing::to_json(events[i]).dump(-1, ' ', false, Json::error_handler_t::replace))
      return false;
  }
  return !events.empty();
}

const Json& sample() {
  static const Json chunk = Json::parse(R"({
    "id": "c", "object": "chat.completion.chunk", "model": "m",
    "choices": [{"index": 0, "delta": {"role": "assistant", "content": "a", "reasoning_content": "b", "reasoning": "b",
        "reasoning_details": [{"type": "reasoning.text", "text": "b"}], "refusal": "r",
        "tool_calls": [{"index": 0, "id": "x", "function": {"name": "f", "arguments": "{}"}}]},
      "message": {"content": [{"type": "text", "text": "t"}, {"type": "thinking", "thinking": [{"type": "text", "text": "u"}]}]},
      "finish_reason": "stop", "usage": {"prompt_tokens": 1}}],
    "usage": {"prompt_tokens": 1, "completion_tokens": 2, "prompt_tokens_details": {"cached_tokens": 1}},
    "x_groq": {"usage": {"prompt_tokens": 3}, "error": null},
    "error": {"message": "m", "type": "t", "code": 400}, "error_type": "x", "error_message": "y"})");
  return chunk;
}

/// Replaces, empties or removes a random member anywhere in the value.
void mutate(Json& value) {
  static const std::vector<Json> kOther = {nullptr,
                                           true,
                                           false,
                                           0,
                                           -1,
                                           1e300,
                                           "",
                                           "x",
                                           Json::array(),
                                           Json::object(),
                                           Json::array({nullptr}),
                                           Json::array({Json::object()}),
                                           {{"text", 1}}};
  if (!value.is_structured() || value.empty() || *rc::gen::inRange(0, 4) == 0) {
    value = *rc::gen::elementOf(kOther);
    return;
  }
  const auto at = *rc::gen::inRange<std::size_t>(0, value.size());
  const auto item = std::next(value.begin(), static_cast<std::ptrdiff_t>(at));
  if (*rc::gen::inRange(0, 5) == 0) {
    value.erase(item);
  } else {
    mutate(*item);
  }
}

TEST_CASE("chat: absent, null, empty and wrong fields cause no exception (B18)") {
  CHECK(testing::holds("mutated chunks", 5000, [] {
    Json chunk = sample();
    const int count = *rc::gen::inRange(1, 6);
    for (int i = 0; i < count; ++i) mutate(chunk);
    const bool whole = *rc::gen::arbitrary<bool>();
    const std::string body =
        whole ? chunk.dump() : "data: " + chunk.dump() + "\n\n" + delta("content", "z") + kEnd;
    const auto decoder = make_decoder(Api::kChat);
    std::vector<Event> events;
    decoder->head(*rc::gen::element(200, 200, 200, 400, 500), {});
    decoder->feed(body, events);
    decoder->finish(events);
    RC_ASSERT(is_sound(events));
  }));
}

TEST_CASE("chat: an empty field loses no text around it (B18)") {
  Json chunk = sample();
  for (const char* key : {"error", "error_type", "error_message"}) chunk.erase(key);
  const auto text_with = [](const Json& other) {
    const std::string body = "data: " + other.dump() + "\n\n" + delta("content", "z") + kEnd;
    std::string out;
    for (const Json& event : testing::decode({body})) {
      if (event[0] == "text") out += event[1].get<std::string>();
    }
    return out;
  };
  CHECK(text_with(chunk) == "az");
  for (const Json& nothing :
       {Json(nullptr), Json(""), Json::array(), Json::object(), Json(0), Json(false)}) {
    for (const char* path : {"/id",
                             "/object",
                             "/usage",
                             "/x_groq",
                             "/x_groq/usage",
                             "/x_groq/error",
                             "/error",
                             "/choices/0/index",
                             "/choices/0/finish_reason",
                             "/choices/0/usage",
                             "/choices/0/message",
                             "/choices/0/error",
                             "/choices/0/delta/role",
                             "/choices/0/delta/reasoning",
                             "/choices/0/delta/reasoning_content",
                             "/choices/0/delta/reasoning_details",
                             "/choices/0/delta/refusal",
                             "/choices/0/delta/tool_calls",
                             "/choices/0/delta/tool_calls/0",
                             "/choices/0/delta/tool_calls/0/function",
                             "/choices/0/delta/function_call",
                             "/usage/prompt_tokens_details",
                             "/error_type"}) {
      Json other = chunk;
      other[Json::json_pointer(path)] = nothing;
      INFO(path << " = " << nothing.dump());
      CHECK(text_with(other) == "az");
    }
  }
}

TEST_CASE("chat: any bytes end once, and how they are cut makes no difference (B17)") {
  CHECK(testing::holds("bytes", 1000, [] {
    static const std::vector<std::string> kTokens = {"data: ",
                                                     "\n\n",
                                                     "\r",
                                                     "\n",
                                                     "{",
                                                     "}",
                                                     "[",
                                                     "]",
                                                     "\"",
                                                     ":",
                                                     ",",
                                                     "\\ud83d",
                                                     "\\",
                                                     "\xF0\x9F",
                                                     "é",
                                                     "event: error\n",
                                                     "error: ",
                                                     "[DONE]",
                                                     "<think>",
                                                     "</think>",
                                                     "\"error\":",
                                                     delta("content", "a"),
                                                     delta("content", "<th"),
                                                     delta("content", "\\ud83d"),
                                                     delta("reasoning", "b"),
                                                     kEnd};
    std::string body;
    for (const auto& token :
         *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(kTokens))) {
      body += token;
    }
    const auto run = [&](std::size_t step) {
      const auto decoder = make_decoder(Api::kChat);
      std::vector<Event> events;
      decoder->head(200, {});
      for (std::size_t i = 0; i < body.size(); i += step)
        decoder->feed(std::string_view(body).substr(i, step), events);
      decoder->finish(events);
      RC_ASSERT(is_sound(events));
      Json out = Json::array();
      for (const Event& event : events) out.push_back(testing::to_json(event));
      return testing::joined(out).dump(-1, ' ', false, Json::error_handler_t::replace);
    };
    const std::string whole = run(body.size() + 1);
    RC_ASSERT(run(1) == whole);
    RC_ASSERT(run(*rc::gen::inRange<std::size_t>(2, 50)) == whole);
  }));
}

}  // namespace
}  // namespace chatvim::wire::unicode_test
