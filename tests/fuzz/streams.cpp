// SPDX-License-Identifier: Apache-2.0
// Fuzzes server responses: the framing, and each wire format.
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "../decoded.hpp"
#include "chatvim/sse/parser.hpp"
#include "chatvim/text/utf8.hpp"
#include "targets.hpp"

namespace chatvim::fuzz {

namespace {

using testing::Pieces;

constexpr std::size_t kMostOfError = 200;

/// The parsed events, and whether the stream was rejected.
struct Parsed {
  std::vector<std::string> events;
  bool failed = false;
  bool operator==(const Parsed&) const = default;
};

Parsed parse(const Pieces& pieces, const sse::Parser::Options& options) {
  Parsed out;
  const auto keep = [&out](const sse::Event& event) {
    out.events.push_back(std::string(event.type) + '\0' + std::string(event.data) + '\0' +
                         std::string(event.last_event_id));
  };
  sse::Parser parser(keep, options);
  for (const std::string& piece : pieces) {
    if (parser.feed(piece)) continue;
    out.failed = true;
    return out;
  }
  parser.finish();
  return out;
}

void check_stream(const Json& events) {
  std::size_t ends = 0;
  for (const Json& event : events) {
    const std::string kind = event.at(0);
    if (kind == "end" || kind == "error") ++ends;
    if (kind == "error") {
      expect(!event.at(1).at("message").get<std::string>().empty(), "a failure has a message");
    }
    if (kind == "state" || kind == "turn_state") {
      expect(event.at(1).is_object(), "a state is an object");
    }
    if (kind == "text" || kind == "reasoning" || kind == "refusal") {
      expect(!text::find_invalid_utf8(event.at(1).get<std::string>()), "text is UTF-8");
    }
  }
  expect(ends == 1, "a response ends once");
  const std::string last = events.back().at(0);
  expect(last == "end" || last == "error", "nothing comes after the end");
}

void decode_as(Api api, std::string_view input) {
  const std::string body(input);
  for (const int status : {200, 429}) {
    // Bodies with an error status are searched with regular expressions, which is slow.
    if (status != 200 && body.size() > kMostOfError) continue;
    const Json whole = testing::decode({body}, status, {}, api);
    check_stream(whole);
    expect(testing::decode(single_bytes(body), status, {}, api) == whole,
           "single bytes give the same result");
    expect(testing::decode(cut(body), status, {}, api) == whole, "cuts do not change the result");
  }
}

}  // namespace

void sse(std::string_view input) {
  for (const std::size_t most : {std::size_t{16} * 1024 * 1024, std::size_t{48}}) {
    for (const bool lenient : {true, false}) {
      sse::Parser::Options options;
      options.deliver_unfinished = lenient;
      options.error_field = lenient;
      options.indented_data = lenient;
      options.loose_lines = lenient;
      options.parts_json = lenient;
      options.max_bytes = most;
      const Parsed whole = parse({std::string(input)}, options);
      expect(parse(single_bytes(input), options) == whole, "single bytes give the same result");
      expect(parse(cut(input), options) == whole, "cuts do not change the result");
    }
  }
}

void decoder_chat(std::string_view input) { decode_as(Api::kChat, input); }
void decoder_responses(std::string_view input) { decode_as(Api::kResponses, input); }
void decoder_messages(std::string_view input) { decode_as(Api::kMessages, input); }

}  // namespace chatvim::fuzz
