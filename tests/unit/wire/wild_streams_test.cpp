// SPDX-License-Identifier: Apache-2.0
// Irregular streams in each wire format, cut at every position: readable parts are kept, the
// server's message is found, and the end is detected.
#include <catch2/catch_test_macros.hpp>
#include <regex>

#include "formats.hpp"

namespace chatvim::wire::wild_streams_test {
namespace {

using testing::FormatEvents;

Json unreadable(const std::string& words) { return {"warning", "unreadable", words}; }

Json failed(const std::string& text, const std::string& kind, const std::string& message,
            bool retry = false) {
  Json out = Json::array();
  if (!text.empty()) out.push_back({"text", text});
  out.push_back({"error", {{"kind", kind}, {"message", message}, {"retry", retry}}});
  return out;
}

std::string without_blank_lines(const std::string& stream) {
  return std::regex_replace(stream, std::regex("\n\n"), "\n");
}

void check(const FormatEvents& format, const std::vector<testing::DecoderRow>& rows) {
  DYNAMIC_SECTION(name_of(format.api)) { testing::check_decoder(format.api, rows); }
}

TEST_CASE("wild: events separated by single newlines") {
  for (const FormatEvents& f : testing::all_formats()) {
    const std::string answer = f.piece("Hel") + f.piece("lo") + f.finish + f.end;
    const std::string single = without_blank_lines(answer);
    check(f, {{"all of them", single + "\n", f.ended("Hello")},
              {"no blank line at the end", single, f.ended("Hello")},
              {"CRLF", std::regex_replace(single, std::regex("\n"), "\r\n"), f.ended("Hello")},
              {"some of them",
               without_blank_lines(f.piece("Hel") + f.piece("lo")) + "\n" + f.finish + f.end,
               f.ended("Hello")},
              {"a broken one among them",
               without_blank_lines("data: {oops\n\n" + f.piece("a") + "data: {oops}\n\n" +
                                   f.piece("b") + f.finish + f.end),
               f.ended("ab", Json::array({unreadable("{oops; {oops}")}))}});
  }
}

TEST_CASE("wild: an unreadable event is skipped and reported at the end") {
  for (const FormatEvents& f : testing::all_formats()) {
    const std::string end = f.finish + f.end;
    const std::string odd = f.text("b", R"(,"x":[NaN,-Infinity])");
    const std::string odd_data =
        odd.substr(odd.find('{'), odd.size() - odd.find('{') - 2);  // without the blank line
    const auto warned = [&](const std::string& text, const std::string& words) {
      return f.ended(text, Json::array({unreadable(words)}));
    };
    check(f,
          {{"in the middle", f.piece("a") + "data: {oops}\n\n" + f.piece("b") + end,
            warned("ab", "{oops}")},
           {"at the start", "data: oops\n\n" + f.piece("a") + end, warned("a", "oops")},
           {"two of them", f.piece("a") + "data: one\n\ndata: two\n\n" + end,
            warned("a", "one; two")},
           {"a value that nobody reads", f.piece("a") + odd + end, warned("ab", odd_data)},
           {"where the stream ends", f.piece("a") + "data: {oops}\n\n",
            failed("a", "protocol", "the stream ended with what is no part of an answer: {oops}")},
           {"with nothing else", "data: {oops}\n\n" + end,
            failed("", "protocol", "the stream ended with what is no part of an answer: {oops}")},
           {"words where the stream ends", f.piece("a") + "data: The pod died.\n\n",
            failed("a", "unknown", "The pod died.")},
           {"words before the end of the input", f.piece("a") + "data: The pod died.",
            failed("a", "unknown", "The pod died.")},
           {"fields that are not known", "x-trace: 1\nheartbeat\n\n" + f.piece("a") + end,
            f.ended("a")},
           {"names in another case",
            std::regex_replace(f.piece("a") + end, std::regex("(^|\n)data:"), "$1Data:"),
            f.ended("a")}});
  }
}

TEST_CASE("wild: an error without framing") {
  const std::string json = R"({"error":{"message":"no credit","type":"insufficient_quota"}})";
  const std::string pretty =
      "{\n  \"error\": {\n    \"message\": \"no credit\",\n"
      "    \"type\": \"insufficient_quota\"\n  }\n}\n";
  for (const FormatEvents& f : testing::all_formats()) {
    const std::string alive = ": PING\n\n: PING\n\n";
    const auto quota = [&](const std::string& text) { return failed(text, "quota", "no credit"); };
    check(
        f,
        {{"after keep-alives", alive + json, quota("")},
         {"on many lines", alive + pretty + "\n", quota("")},
         {"after a delta", f.piece("a") + json + "\n", quota("a")},
         {"on many lines after a delta", f.piece("a") + pretty, quota("a")},
         {"before a stream that goes on", f.piece("a") + json + "\n\n" + f.piece("b"), quota("a")},
         {"as the first line of a stream", json + "\n\n" + f.end, quota("")},
         {"words", "no more pods today\n", failed("", "unknown", "no more pods today")},
         {"a word without a line's end", "Unauthorized", failed("", "unknown", "Unauthorized")},
         {"words after a delta", f.piece("a") + "\nthe pod is gone\n",
          failed("a", "unknown", "the pod is gone")},
         {"words in the middle",
          f.piece("a") + "the pod is gone\n\n" + f.piece("b") + f.finish + f.end,
          f.ended("ab", Json::array({unreadable("the pod is gone")}))},
         {"a gateway's own, as an event",
          f.piece("a") + "data: {\"code\":1305,\"msg\":\"busy\",\"success\":false}\n\n",
          failed("a", "unknown", "busy")},
         {"a code and a message", "data: {\"code\":1305,\"msg\":\"busy\"}\n\n",
          failed("", "unknown", "busy")},
         {"MiniMax's",
          R"(data: {"base_resp":{"status_code":1004,"status_msg":"login fail"}})"
          "\n\n",
          failed("", "unknown", "login fail")},
         {"a message, where nothing follows", "data: {\"message\":\"go away\"}\n\n",
          failed("", "unknown", "go away")},
         {"a message, where the answer follows",
          "data: {\"message\":\"warming up\"}\n\n" + f.piece("a") + f.finish + f.end, f.ended("a")},
         {"a code of success",
          "data: {\"code\":0,\"msg\":\"ok\"}\n\n" + f.piece("a") + f.finish + f.end,
          f.ended("a")}});
  }
}

TEST_CASE("wild: an end marker does not hide an error") {
  for (const FormatEvents& f : testing::all_formats()) {
    check(f, {{"in one event with it",
               f.piece("a") + "data: [DONE]\ndata: {\"error\":{\"message\":\"boom\"}}\n\n",
               failed("a", "unknown", "boom")},
              {"as its data", f.piece("a") + "event: error\ndata: [DONE] boom\n\n",
               failed("a", "unknown", "[DONE] boom")},
              {"with words behind it", f.piece("a") + "data: [DONE] the pod is gone\n\n",
               failed("a", "protocol",
                      "the stream ended with what is no part of an answer: [DONE] the pod is "
                      "gone")}});
  }
}

TEST_CASE("wild: after an error past the finish reason the answer is complete") {
  const std::string error = "event: error\ndata: {\"message\":\"boom\"}\n\n";
  for (const FormatEvents& f : testing::all_formats()) {
    if (f.finish.empty()) continue;  // in Responses the finish event is also the end
    const Json late = f.ended("a", Json::array({Json::array({"warning", "late_failure", "boom"})}));
    check(f, {{"as an event", f.piece("a") + f.finish + error, late},
              {"without a frame", f.piece("a") + f.finish + "{\"error\":{\"message\":\"boom\"}}\n",
               late},
              {"words", f.piece("a") + f.finish + "the pod is gone\n",
               f.ended("a", Json::array({unreadable("the pod is gone")}))},
              {"where there was no answer", f.finish + error, failed("", "unknown", "boom")},
              {"no end at all", f.piece("a") + f.finish, f.ended("a")}});
  }
}

TEST_CASE("wild: a finished answer is detected before its end") {
  for (const FormatEvents& f : testing::all_formats()) {
    const auto decoder = make_decoder(f.api);
    std::vector<Event> events;
    decoder->head(200, {});
    decoder->feed(f.piece("a"), events);
    CHECK_FALSE(decoder->finished());
    decoder->feed(f.finish, events);
    CHECK(decoder->finished() == !f.finish.empty());
    decoder->feed(f.end, events);
    CHECK_FALSE(decoder->finished());
    CHECK(decoder->done());
  }
}

TEST_CASE("wild: a body that may continue is not taken as complete") {
  const auto finished = [](int status, const std::string& body) {
    const auto decoder = make_decoder(Api::kChat);
    std::vector<Event> events;
    decoder->head(status, {});
    decoder->feed(body, events);
    return decoder->finished();
  };
  for (const char* body : {R"({"error":{"message":"bo)", R"([{"error":"boom"},)", "<html>boom", ""})
    CHECK_FALSE(finished(500, body));
  CHECK(finished(500, "boom"));
  CHECK(finished(200, R"({"message":"boom"})"));
  CHECK_FALSE(finished(200, R"({"message":"boom")"));
  CHECK_FALSE(finished(200, R"({"choices":[{"delta":{"role":"assistant"}}]})"));
  CHECK_FALSE(finished(200, ": ping\n\n"));
  CHECK_FALSE(finished(200, "event: message\n"));
}

TEST_CASE("wild: a stream of a different wire format is read") {
  for (const FormatEvents& asked : testing::all_formats()) {
    for (const FormatEvents& came : testing::all_formats()) {
      if (came.api == asked.api) continue;
      const Json other = Json::array({"warning", "other_format", name_of(came.api)});
      DYNAMIC_SECTION(name_of(came.api) << " in place of " << name_of(asked.api)) {
        testing::check_decoder(
            asked.api, {{"a stream", came.piece("a") + came.piece("b") + came.finish + came.end,
                         came.ended("ab", Json::array({other}))},
                        {"a cut one", came.piece("a"), failed("a", "truncated", came.cut)},
                        {"an error", came.piece("a") + "event: error\ndata: boom\n\n",
                         failed("a", "unknown", "boom")}});
      }
    }
  }
}

TEST_CASE("wild: a successful status without an answer") {
  for (const FormatEvents& f : testing::all_formats()) {
    for (const int status : {202, 204}) {
      const Json out = testing::decode({}, status, {}, f.api);
      CHECK(out == failed("", "protocol",
                          fmt::format("it answered with status {} and without text", status)));
    }
  }
}

TEST_CASE("wild: bytes without any text have a limit") {
  const std::string blank(1024 * 1024, '\n');
  std::string comments;
  while (comments.size() < blank.size()) comments += ": ping\n\n";
  for (const FormatEvents& f : testing::all_formats()) {
    for (const std::string& bytes : {blank, comments}) {
      const auto decoder = make_decoder(f.api);
      std::vector<Event> events;
      decoder->head(200, {});
      decoder->feed(f.piece("a"), events);
      std::size_t given = 0;
      for (; given < 100 && !decoder->done(); ++given) decoder->feed(bytes, events);
      CHECK(given == 65);
      const auto* const failure = std::get_if<Failure>(&events.back());
      REQUIRE(failure != nullptr);
      CHECK(failure->message == "the server sent 64 MiB without a word of text");
    }
  }
}

TEST_CASE("wild: an empty or null finish reason is ignored") {
  for (const char* word : {"null", "NULL", "none", ""}) {
    const auto chunk = [&](const std::string& text) {
      return R"(data: {"choices":[{"delta":{"content":")" + text + R"("},"finish_reason":")" +
             word + "\"}]}\n\n";
    };
    CHECK(testing::decode({chunk("a") + chunk("b") + "data: [DONE]\n\n"}) ==
          Json::parse(R"([["text","ab"],["end","ok"]])"));
  }
}

}  // namespace
}  // namespace chatvim::wire::wild_streams_test
