// SPDX-License-Identifier: Apache-2.0
// Each file tests/data/requests/tools-NAME.json is the body of one request with tools: an answer of
// two steps with parallel calls, and the user's next question. If the variable
// CHATVIM_REWRITE_REQUESTS is set, this test rewrites the files: review every changed line before
// committing.
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "answer_support.hpp"

namespace chatvim::wire::tools_golden_test {
namespace {

using testing::answer;
using testing::call_part;
using testing::kStateOf;
using testing::Message;
using testing::Outcome;
using testing::Role;
using testing::state_part;
using testing::text_part;

/// The items of each wire format; each takes its own.
constexpr const char* kFirstState =
    R"([{"type":"thinking","thinking":"Two files.","signature":"c2ln"},{"type":"text"},)"
    R"({"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"gAAA"},)"
    R"({"type":"message","id":"msg_1","phase":"commentary"},)"
    R"({"type":"function_call","call_id":"call_a","id":"fc_1"},)"
    R"({"type":"function_call","call_id":"call_b","id":"fc_2"},)"
    R"({"reasoning_content":"Two files.",)"
    R"("reasoning_details":[{"type":"reasoning.text","text":"Two files.","index":0}],)"
    R"("calls":[{"extra_content":{"google":{"thought_signature":"c2ln"}}},null]}])";

const std::vector<Message>& loop_of_tools() {
  static const std::vector<Message> messages = {
      {Role::kSystem, "Be brief."},
      {Role::kUser, "Which file exists?"},
      answer({text_part("I'll look at both."), state_part(kFirstState),
              call_part(1, "files.read", "call_a", R"({"path": "a.c"})", Outcome::kResult,
                        "int main(void);\n"),
              call_part(1, "files.read", "call_b", R"({"path": "b.c"})", Outcome::kError,
                        "b.c: no such file"),
              call_part(2, "web.fetch", "call_c", R"({"url":"https://example.org"})",
                        Outcome::kRefused, "No network."),
              call_part(2, "files.list", "call_d", ""), text_part("Only a.c exists.")}),
      {Role::kUser, "And c.c?"}};
  return messages;
}

const std::vector<tools::Tool>& offers() {
  static const std::vector<tools::Tool> tools = {
      {"files.read", "files", "read", "Reads a file.",
       R"({"type":"object","properties":{"path":{"type":"string"}},"required":["path"]})"},
      {"files.list", "files", "list", "", R"({})"},
      {"web.fetch", "web", "fetch", "Fetches \"a page\".",
       R"({ "properties": {"url": {"type": "string"}} })"}};
  return tools;
}

std::string pretty(provider::Provider row) {
  row.api = provider::api_for(row, "m", {true, provider::can_search_web(row)});
  Prompt prompt;
  prompt.model = "m";
  prompt.messages = loop_of_tools();
  prompt.tools = offers();
  prompt.web_search = provider::can_search_web(row);
  prompt.state_of = kStateOf;
  prompt.max_output = 1000;
  prompt.wants_reasoning = true;
  return Json::parse(encode_body(row, prompt)).dump(2) + "\n";
}

TEST_CASE("requests with tools are unchanged for each provider") {
  const auto nothing = [](std::string_view) { return std::optional<std::string>(); };
  const auto table = provider::make_table(Json::object(), nothing).value();
  for (const provider::Provider& row : table) {
    INFO(row.name);
    const std::string body = pretty(row);
    const std::string path = std::string(CHATVIM_TEST_DATA "/requests/tools-") + row.name + ".json";
    if (std::getenv("CHATVIM_REWRITE_REQUESTS") != nullptr) {
      std::ofstream(path, std::ios::binary) << body;
    }
    std::ifstream file(path, std::ios::binary);
    CHECK(body == std::string(std::istreambuf_iterator<char>(file), {}));
  }
}

}  // namespace
}  // namespace chatvim::wire::tools_golden_test
