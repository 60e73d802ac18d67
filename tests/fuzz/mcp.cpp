// SPDX-License-Identifier: Apache-2.0
// Fuzzes what a tool server sends: the input is its output, and its answers are those to whatever
// the protocol asks meanwhile.
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "chatvim/json/cursor.hpp"
#include "chatvim/text/utf8.hpp"
#include "mcp/framing.hpp"
#include "mcp/protocol.hpp"
#include "targets.hpp"

namespace chatvim::fuzz {

namespace {

/// What came out of a run, to compare runs with different cuts.
struct Seen {
  std::string text;
  std::map<mcp::Ticket, int> answers;
};

void note_action(const mcp::Action& action, Seen& seen) {
  if (const auto* send = std::get_if<mcp::action::Send>(&action)) {
    expect(send->json.find('\n') == std::string::npos, "a message is a single line");
    json::JsonCursor cursor(send->json);
    cursor.skip();
    expect(cursor.complete(), "a message is JSON");
    for (const auto& [name, value] : send->headers) {
      expect(value.find_first_of("\r\n") == std::string::npos, "a header is a single line");
    }
    seen.text += send->json + "\n";
  } else if (const auto* listed = std::get_if<mcp::action::Listed>(&action)) {
    ++seen.answers[listed->ticket];
    if (!listed->tools) return;
    expect(listed->tools->size() <= 512, "there are at most 512 tools");
    for (const auto& tool : *listed->tools) {
      expect(!tool.name.empty() && tool.schema.starts_with('{'), "a tool has a name and a schema");
      expect(!text::find_invalid_utf8(tool.name + tool.description + tool.schema),
             "a tool is described in UTF-8");
      seen.text += tool.name + "\n";
    }
  } else if (const auto* called = std::get_if<mcp::action::Called>(&action)) {
    ++seen.answers[called->ticket];
    expect(!text::find_invalid_utf8(called->result.text), "a result is UTF-8");
    seen.text += called->result.text + "\n";
  }
}

Seen run(const std::vector<std::string>& pieces, bool is_http) {
  Seen seen;
  mcp::Protocol::Time now{std::chrono::hours(1)};
  mcp::Protocol protocol({"fuzz", "1", std::chrono::seconds(60), mcp::Kind::kUnknown, is_http});
  const auto act = [&] {
    for (const mcp::Action& action : protocol.take_actions()) note_action(action, seen);
  };
  mcp::Framing framing({[&](std::string_view json, std::size_t left_out) {
                          protocol.receive(json, now, left_out, is_http ? 1 : 0);
                          act();
                        },
                        [&](std::string_view) { protocol.tick(now += std::chrono::seconds(5)); },
                        [&] { protocol.receive_too_long(now); }});
  protocol.list(now);
  protocol.call("first", "{}", now);
  protocol.call("second", R"({"a":"b"})", now);
  protocol.open(now);
  act();
  for (const std::string& piece : pieces) framing.feed(piece);
  // Twice, because the first may have it started again.
  protocol.close({ErrorCode::kLost, "it ended"});
  protocol.close({ErrorCode::kLost, "it ended"});
  act();
  expect(!protocol.deadline(), "nothing waits in the end");
  for (mcp::Ticket ticket = 1; ticket <= 3; ++ticket) {
    expect(seen.answers[ticket] == 1, "everything is answered once");
  }
  return seen;
}

}  // namespace

void mcp(std::string_view input) {
  for (const bool is_http : {false, true}) {
    const std::string whole = run({std::string(input)}, is_http).text;
    expect(run(cut(input), is_http).text == whole, "cuts do not change the result");
    expect(run(single_bytes(input), is_http).text == whole, "cuts do not change the result");
  }
}

}  // namespace chatvim::fuzz
