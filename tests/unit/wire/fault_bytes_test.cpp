// SPDX-License-Identifier: Apache-2.0
// How the decoders handle a stream with a cut, damaged or duplicated byte, for each byte.
#include <catch2/catch_test_macros.hpp>
#include <string>

#include "chatvim/text/utf8.hpp"
#include "recorded.hpp"
#include "wire/errors.hpp"
#include "wire_support.hpp"

namespace chatvim::wire {
namespace {

using testing::Recorded;

/// A decoder's output: the text, and how it ended.
struct Decoded {
  std::string text;
  bool whole = false;
  std::string code;
  std::string message;
  int ends = 0;
};

Decoded decoded(const Recorded& stream, const std::string& bytes) {
  Decoded out;
  for (const Json& event : testing::decode({bytes}, 200, {}, api_of(stream.api).value())) {
    const std::string kind = event.at(0);
    if (kind == "text" || kind == "refusal") out.text += event.at(1).get<std::string>();
    if (kind == "end" || kind == "error") ++out.ends;
    if (kind == "end") out.whole = true;
    if (kind != "error") continue;
    out.code = event.at(1).at("kind");
    out.message = event.at(1).at("message");
  }
  return out;
}

/// Whether the stream ended exactly once, with an error message unless it was complete.
bool ended_well(const Decoded& one) {
  return one.ends == 1 && (one.whole || (!one.code.empty() && !one.message.empty())) &&
         text::find_invalid_utf8(one.text) == std::nullopt;
}

void check_damaged(const Recorded& stream, std::size_t event, const std::string& bytes) {
  const Decoded got = decoded(stream, bytes);
  if (ended_well(got) && testing::is_left_of(stream, event, got.text)) return;
  INFO(stream.api << ", event " << event << ": " << bytes);
  CHECK(ended_well(got));
  CHECK(got.text == stream.text);
}

}  // namespace

TEST_CASE("a stream cut at any byte keeps its start, complete only after its end") {
  for (const char* api : {"chat", "responses", "messages"}) {
    const Recorded stream = testing::recorded(api);
    for (std::size_t at = 0; at <= stream.bytes.size(); ++at) {
      const Decoded got = decoded(stream, stream.bytes.substr(0, at));
      const bool whole = at >= stream.whole_at();
      INFO(api << ", cut at byte " << at);
      const bool good = ended_well(got) && stream.text.starts_with(got.text) &&
                        got.whole == whole && (!whole || got.text == stream.text) &&
                        (whole || got.code == "truncated");
      if (good) continue;
      CHECK(got.whole == whole);
      CHECK(got.code == "truncated");
      CHECK(got.text == stream.text);
    }
  }
}

TEST_CASE("a stream with a damaged byte: no invented text, and exactly one end") {
  for (const char* api : {"chat", "responses", "messages"}) {
    const Recorded stream = testing::recorded(api);
    std::size_t at = 0;
    for (std::size_t event = 0; event < stream.events.size(); ++event) {
      for (const char byte : stream.events[event].bytes) {
        std::string bytes = stream.bytes;
        check_damaged(stream, event, bytes.insert(at, 1, byte));
        bytes = stream.bytes;
        check_damaged(stream, event, bytes.erase(at, 1));
        for (const char other : {static_cast<char>(byte ^ 1), static_cast<char>(byte ^ 0x80), '\0',
                                 '"', '\n', '{', '}'}) {
          bytes = stream.bytes;
          bytes[at] = other;
          check_damaged(stream, event, bytes);
        }
        ++at;
      }
    }
  }
}

}  // namespace chatvim::wire
