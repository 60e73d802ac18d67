// SPDX-License-Identifier: Apache-2.0
// How Chat Completions responses fail: errors inside successful responses, redirects, limits, the
// end.
#include <catch2/catch_test_macros.hpp>

#include "chat_support.hpp"

namespace chatvim::wire {
namespace {

using namespace testing::chat;
using testing::decode;

TEST_CASE("chat: errors inside a good response") {
  const auto failed = [](const char* kind, const char* message, bool retry) {
    return Json::array({"error", {{"kind", kind}, {"message", message}, {"retry", retry}}});
  };
  const auto only = [&](const char* kind, const char* message, bool retry) {
    return Json::array({failed(kind, message, retry)});
  };
  const auto after_text = [&](const char* kind, const char* message, bool retry) {
    return Json::array({Json::array({"text", "a"}), failed(kind, message, retry)});
  };
  check({
      {"vLLM",
       data(R"({"error":{"message":"no","type":"BadRequestError","param":null,"code":400}})"),
       only("bad_request", "no", false)},
      {"old vLLM", data(R"({"object":"error","message":"no","type":"NotFoundError","code":404})"),
       only("not_found", "no", false)},
      {"OpenRouter",
       content("a") +
           data(
               R"({"error":{"code":502,"message":"gone"},"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]})"),
       after_text("server", "gone", true)},
      {"OpenRouter, in the choice",
       content("a") + data(R"({"choices":[{"delta":{},"error":{"code":429,"message":"slow"}}]})"),
       after_text("rate_limit", "slow", true)},
      {"text beside the error",
       data(R"({"error":"bad luck","choices":[{"delta":{"content":"a"}}]})"),
       after_text("unknown", "bad luck", false)},
      {"Venice", content("a") + data(R"({"error_type":"server_error","error_message":"broken"})"),
       after_text("server", "broken", true)},
      {"Groq", data(R"({"choices":[],"x_groq":{"error":"over capacity"}})"),
       only("unknown", "over capacity", false)},
      {"Anthropic's shape",
       data(R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})"),
       only("overloaded", "Overloaded", true)},
      {"an error event that is text", "event: error\ndata: something broke\n\n",
       only("unknown", "something broke", false)},
      {"a flat error event",
       "event: error\ndata: {\"message\":\"no\",\"code\":\"rate_limit_exceeded\"}\n\n",
       only("rate_limit", "no", true)},
      {"an array", data(R"([{"error":{"code":503,"message":"busy","status":"UNAVAILABLE"}}])"),
       only("overloaded", "busy", true)},
      {"no error at all",
       data(R"({"error":null})") + data(R"({"error":false})") + data(R"({"error":""})") +
           data(R"({"error":{}})") + data(R"({"error":{"message":null,"code":0}})") +
           data(R"({"error_type":null,"error_message":""})") + content("a") + kEnd,
       ended({R"(["text","a"])"})},
      {"an error in the last, unfinished event",
       content("a") + R"(data: {"error":{"message":"no","code":"invalid_api_key"}})",
       after_text("auth", "no", false)},
  });
}

TEST_CASE("chat: redirects are not followed, and only the host is reported") {
  const Json expected = list(
      {R"(["error",{"kind":"protocol","message":"HTTP 302: the server redirects to https://other.example:8443, and redirects are not followed","retry":false}])"});
  CHECK(decode({"<html>"}, 302,
               {{"LOCATION", "https://me:secret@other.example:8443/v1?key=secret"}}) == expected);
  CHECK(decode({}, 307)[0][1]["kind"] == "protocol");
  const auto place = [](const char* location) {
    const std::string words = decode({}, 302, {{"location", location}})[0][1]["message"];
    const std::string before = "HTTP 302: the server redirects to ";
    REQUIRE(words.starts_with(before));
    return words.substr(before.size(), words.rfind(", and") - before.size());
  };
  CHECK(place(" HTTPS://[::1]:80/x#secret ") == "https://[::1]:80");
  CHECK(place("//me:se@cret@h:1?secret") == "//h:1");
  CHECK(place("/v2/x?secret") == "/v2/x on the same host");
  CHECK(place("a/http://me@h") == "a/http://me@h on the same host");
  for (const char* other : {"", "?secret", "#secret", "mailto:me@h", "h:80/x", "http:///x"}) {
    INFO(other);
    CHECK(place(other) == "another place");
  }
}

TEST_CASE("chat: limits") {
  SECTION("an error's body") {
    const Json out = decode({std::string(900'000, 'x'), std::string(900'000, 'y')}, 500);
    REQUIRE(out.size() == 1);
    CHECK(out[0][1]["kind"] == "server");
    CHECK(out[0][1]["message"].get<std::string>().size() == 4096);
  }
  SECTION("a line") {
    const Json out =
        decode({content("a"), "data: " + std::string(17 * 1024 * 1024, 'x'), "\n\n", kEnd});
    REQUIRE(out.size() == 2);
    CHECK(out[1][1]["kind"] == "protocol");
  }
  SECTION("an answer, of any kind of text") {
    const std::string piece(1024 * 1024, 'x');
    for (const std::string& kind : {std::string("content"), std::string("reasoning_content")}) {
      const auto decoder = make_decoder(Api::kChat);
      std::vector<Event> events;
      decoder->head(200, {});
      std::size_t given = 0;
      for (int i = 0; i < 70 && !decoder->done(); ++i, ++given) {
        events.clear();
        decoder->feed(delta("\"" + kind + "\":\"" + piece + "\""), events);
      }
      CHECK(given == 65);
      const auto* const failure = std::get_if<Failure>(&events.back());
      REQUIRE(failure != nullptr);
      CHECK(failure->message == "the answer is longer than 64 MiB");
    }
  }
  SECTION("a page and a redirect end early") {
    const auto ended_after = [](int status, const std::string& piece) {
      const auto decoder = make_decoder(Api::kChat);
      std::vector<Event> events;
      decoder->head(status, {});
      int pieces = 0;
      for (; pieces < 100 && !decoder->done(); ++pieces) decoder->feed(piece, events);
      return pieces;
    };
    CHECK(ended_after(200, "<p>" + std::string(16 * 1024, 'x')) == 4);
    CHECK(ended_after(302, "elsewhere") == 1);
  }
  SECTION("tool calls") {
    std::string calls;
    for (int i = 0; i < 2000; ++i)
      calls += (i > 0 ? "," : "") + fmt::format(R"({{"index":{},"id":"c{}"}})", i, i);
    CHECK(decode({delta("\"tool_calls\":[" + calls + "]"), kEnd}).size() == 1024 + 2);
  }
}

TEST_CASE("chat: after the end nothing more comes out") {
  const auto decoder = make_decoder(Api::kChat);
  std::vector<Event> events;
  decoder->head(200, {});
  decoder->feed(content("a") + kEnd, events);
  CHECK(decoder->done());
  const std::size_t count = events.size();
  decoder->feed(content("b"), events);
  decoder->finish(events);
  CHECK(events.size() == count);
}

}  // namespace
}  // namespace chatvim::wire
