// SPDX-License-Identifier: Apache-2.0
// Answers that start by repeating the text that they continue.
#include <catch2/catch_test_macros.hpp>

#include "chat_support.hpp"

namespace chatvim::wire {
namespace {

using namespace testing::chat;

/// Decodes a response whose answer may start with `repeated`.
Json decode(const testing::Pieces& pieces, const std::string& repeated) {
  const auto decoder = make_decoder(Api::kChat, repeated);
  std::vector<Event> events;
  decoder->head(200, {});
  for (const std::string& piece : pieces) decoder->feed(piece, events);
  decoder->finish(events);
  Json out = Json::array();
  for (const Event& event : events) out.push_back(testing::to_json(event));
  return testing::joined(out);
}

void check(const std::string& body, const Json& expected) {
  INFO(body);
  testing::for_each_cut({body}, [&](const testing::Pieces& pieces) {
    const Json actual = decode(pieces, "The \"end");
    if (actual != expected) CHECK(actual == expected);
  });
}

TEST_CASE("unrepeating: repeated text at the start of an answer is removed") {
  const Json rest = ended({R"(["text"," of it"])"});
  check(content("The \\\"end of it") + kEnd, rest);
  check(content("The \\\"end") + content(" of it") + kEnd, rest);
  check(content("T") + content("he ") + content("\\\"e") + content("nd of") + content(" it") + kEnd,
        rest);
  // Only the first repetition is removed.
  check(content("The \\\"endThe \\\"end") + kEnd, ended({R"(["text","The \"end"])"}));
  check(content("The \\\"end") + kEnd, ended({}));
}

TEST_CASE("unrepeating: any other answer stays unchanged") {
  check(content(" of it") + kEnd, ended({R"(["text"," of it"])"}));
  check(content("The") + content(" other") + kEnd, ended({R"(["text","The other"])"}));
  check(content("of The \\\"end") + kEnd, ended({R"(["text","of The \"end"])"}));
  // A complete answer that equals only the start of the text is not a repetition.
  check(content("The ") + kEnd, ended({R"(["text","The "])"}));
}

TEST_CASE("unrepeating: reasoning and failures pass, without the text held back") {
  check(delta(R"("reasoning_content":"The")") + content("The \\\"end.") + kEnd,
        ended({R"(["reasoning","The"])", R"(["text","."])"}));
  check(content("The ") + data(R"({"error":{"message":"no"}})"),
        list({R"(["error",{"kind":"unknown","message":"no","retry":false}])"}));
}

}  // namespace
}  // namespace chatvim::wire
