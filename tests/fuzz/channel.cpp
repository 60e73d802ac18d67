// SPDX-License-Identifier: Apache-2.0
// What comes on the channel to Neovim, and the journal that a process of the past has left.
#include <unistd.h>

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "../unit/loop_support.hpp"
#include "chatvim/document/restore.hpp"
#include "chatvim/json.hpp"
#include "chatvim/rpc/channel.hpp"
#include "chatvim/store/journal_format.hpp"
#include "targets.hpp"

namespace chatvim::fuzz {

namespace {

/// Pipes take so many bytes without a reader.
constexpr std::size_t kMostBytes = 32 * 1024;

std::string dumped(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// What a channel understood of the bytes.
std::vector<std::string> understood(const std::vector<std::string>& pieces) {
  testing::TestLoop test;
  testing::Pipe in;
  testing::Pipe out;
  std::vector<std::string> heard;
  int closed = 0;
  rpc::Channel channel(
      test.loop(), in.read_end(), out.write_end(),
      {[&closed](const std::string&) { ++closed; },
       [&heard](const std::string& error) { heard.push_back("error: " + error); }});
  channel.on_notification("n",
                          [&heard](const Json& arguments) { heard.push_back(dumped(arguments)); });
  channel.on_request("r", [&heard](const Json& arguments) -> Result<Json> {
    heard.push_back(dumped(arguments));
    return arguments;
  });
  for (const std::string& piece : pieces) {
    expect(
        ::write(in.write_end(), piece.data(), piece.size()) == static_cast<ssize_t>(piece.size()),
        "the pipe takes it");
    test.turn();
  }
  in.close_write();
  test.run_until([&closed] { return closed > 0; });
  expect(closed == 1, "the end is told once");
  return heard;
}

}  // namespace

void rpc(std::string_view input) {
  input = input.substr(0, kMostBytes);
  const auto whole = understood({std::string(input)});
  expect(understood(cut(input)) == whole, "cuts make no difference");
}

void journal(std::string_view input) {
  const auto contents = store::parse_journal(input);
  if (!contents) return expect(!contents.error().message.empty(), "a refusal says why");
  const auto& lost = contents->answer;
  expect(lost.text.size() + lost.ending.size() <= input.size(), "an answer is part of its journal");
  for (const std::string& document : {std::string(), lost.lead.text, std::string(input)}) {
    const auto edit = document::restore(document, lost);
    expect(edit.offset <= document.size() && edit.removed <= document.size() - edit.offset,
           "an edit lies in the document");
  }
  const store::JournalHeader header{contents->file, lost.format, lost.lead};
  const auto again = store::parse_journal(
      store::encode_header(header) + lost.text + lost.ending +
      store::encode_footer({lost.ending.size(), contents->time, contents->whole}));
  expect(again.has_value(), "what was read can be written");
  expect(again->file == contents->file && again->answer.text == lost.text &&
             again->answer.ending == lost.ending && again->answer.lead.text == lost.lead.text &&
             again->answer.lead.at == lost.lead.at,
         "what is written reads back");
}

}  // namespace chatvim::fuzz
