// SPDX-License-Identifier: Apache-2.0
// States in requests: what a provider wants back, in the order in which it came.
#include <catch2/catch_test_macros.hpp>

#include "answer_support.hpp"

namespace chatvim::wire::state_encoder_test {
namespace {

using testing::answer;
using testing::AnswerPart;
using testing::call_part;
using testing::encoded;
using testing::Message;
using testing::Outcome;
using testing::Role;
using testing::row_of;
using testing::state_part;
using testing::text_part;
using testing::turns_in;

AnswerPart done(const std::string& id, std::size_t step = 1) {
  return call_part(step, "f.g", id, "{}", Outcome::kResult, "r");
}

/// Returns the kinds of the blocks or items that the model's turns hold, in order: texts as they
/// are, thinking and reasoning by their first letter and id, calls by their id.
std::string order(Api api, const std::vector<AnswerPart>& parts) {
  std::string out;
  for (const Json& turn : turns_in(row_of(api), {answer(parts)})) {
    if (turn.contains("role") && turn["role"] == "user") continue;
    Json list = Json::array({turn});
    if (api == Api::kMessages) list = turn["content"];
    if (list.is_string()) list = Json::array({{{"type", "text"}, {"text", list}}});
    for (const Json& item : list) {
      const std::string type = item["type"];
      if (!out.empty()) out += ' ';
      if (type == "text") out += item["text"];
      if (type == "message") out += item["content"][0]["text"];
      if (type == "message" && item.contains("phase"))
        out += "/" + item["phase"].get<std::string>();
      if (type == "thinking") out += "T" + item["thinking"].get<std::string>();
      if (type == "redacted_thinking") out += "R" + item["data"].get<std::string>();
      if (type == "reasoning") out += "R" + item["id"].get<std::string>();
      if (type == "web_search_call") out += "W" + item["id"].get<std::string>();
      if (type == "tool_use") out += "+" + item["id"].get<std::string>();
      if (type == "function_call") out += "+" + item["call_id"].get<std::string>();
      if (type == "function_call" && item.contains("id"))
        out += "=" + item["id"].get<std::string>();
      if (type == "function_call_output") out += "-" + item["call_id"].get<std::string>();
    }
  }
  return out;
}

std::string thinking(const std::string& text) {
  return R"({"type":"thinking","thinking":")" + text + R"(","signature":"s"})";
}

TEST_CASE("state: thinking, call, thinking, text, call keep their order") {
  const std::vector<AnswerPart> parts = {
      state_part("[" + thinking("1") + "]"), done("a"), text_part("text"),
      state_part("[" + thinking("2") + R"(,{"type":"text"}])"), done("b")};
  CHECK(order(Api::kMessages, parts) == "T1 +a T2 text +b");
  // Without a placeholder, the text came first.
  CHECK(order(Api::kMessages, {text_part("text"), state_part("[" + thinking("1") + "]"),
                               done("a")}) == "text T1 +a");
  CHECK(order(Api::kMessages,
              {text_part("x"),
               state_part(R"([{"type":"redacted_thinking","data":"d"},{"type":"text"}])"),
               done("a"), text_part("y"),
               state_part("[" + thinking("2") + R"(,{"type":"text"}])")}) == "Rd x +a T2 y");
}

TEST_CASE("state: thinking goes back with its signature, and without one if it had none") {
  const auto block = [](const std::string& item) {
    return turns_in(row_of(Api::kMessages),
                    {answer({state_part("[" + item + "]"), done("a")})})[0]["content"][0]
        .dump();
  };
  for (const std::string item : {R"({"type":"thinking","thinking":"","signature":"Ab+/="})",
                                 R"({"type":"thinking","thinking":"hm \"x\""})"}) {
    CHECK(block(item) == item);
  }
  // A document may come from anybody: nothing else goes back.
  CHECK(block(R"({"type":"thinking","thinking":"a","cache_control":{"type":"x"}})") ==
        R"({"type":"thinking","thinking":"a"})");
  CHECK(block(R"({"type":"tool_result","tool_use_id":"a"},{"type":"image"},7,)" + thinking("a")) ==
        thinking("a"));
}

TEST_CASE("state: two reasoning items, two calls, one phase") {
  const std::string items =
      R"([{"type":"reasoning","id":"r1","summary":[],"encrypted_content":"x"},)"
      R"({"type":"message","id":"m","phase":"commentary"},)"
      R"({"type":"function_call","call_id":"a","id":"fc_a"},)"
      R"({"type":"reasoning","id":"r2","summary":[],"encrypted_content":"y"},)"
      R"({"type":"function_call","call_id":"b","id":"fc_b"}])";
  const std::vector<AnswerPart> parts = {text_part("text"), state_part(items), done("a"),
                                         done("b")};
  CHECK(order(Api::kResponses, parts) == "Rr1 text/commentary +a=fc_a Rr2 +b=fc_b -a -b");
  const std::vector<AnswerPart> apart = {
      text_part("text"),
      state_part(R"([{"type":"reasoning","id":"r1"},{"type":"message","phase":"commentary"},)"
                 R"({"type":"function_call","call_id":"a","id":"fc_a"}])"),
      done("a"),
      state_part(R"([{"type":"reasoning","id":"r2"},)"
                 R"({"type":"function_call","call_id":"b","id":"fc_b"}])"),
      done("b")};
  CHECK(order(Api::kResponses, apart) == order(Api::kResponses, parts));
}

TEST_CASE("state: reasoning and what followed it go back together or not at all") {
  const std::string items = R"([{"type":"reasoning","id":"r1"},{"type":"message","id":"m"},)"
                            R"({"type":"reasoning","id":"r2"},)"
                            R"({"type":"function_call","call_id":"a","id":"fc_a"}])";
  // The text was deleted.
  CHECK(order(Api::kResponses, {state_part(items), done("a")}) == "Rr2 +a=fc_a -a");
  // The call was deleted; another one is there.
  CHECK(order(Api::kResponses, {text_part("x"), state_part(items), done("b")}) == "Rr1 x +b -b");
  // Both were.
  CHECK(order(Api::kResponses, {state_part(items), text_part("new")}) == "new");
  // The reasoning was: the call has no id then.
  CHECK(order(Api::kResponses,
              {state_part(R"([{"type":"function_call","call_id":"a","id":"fc_a"}])"), done("a")}) ==
        "+a -a");
  CHECK(order(Api::kResponses, {state_part(R"([{"type":"reasoning","id":"r1"},)"
                                           R"({"type":"web_search_call","id":"w"},)"
                                           R"({"type":"message","id":"m"}])")}) == "");
}

TEST_CASE("state: it goes back to one provider and model only, and never if it is broken") {
  const std::string items = "[" + thinking("1") + "]";
  CHECK(order(Api::kMessages, {state_part(items), done("a")}) == "T1 +a");
  CHECK(order(Api::kMessages, {state_part(items, "row/other"), done("a")}) == "+a");
  AnswerPart broken = state_part(items);
  broken.text.insert(4, "!");
  CHECK(order(Api::kMessages, {broken, done("a")}) == "+a");
  for (const std::string& bad :
       {thinking("1"), "[" + thinking("1"), std::string(), std::string("[1")}) {
    CHECK(order(Api::kMessages, {state_part(bad), done("a")}) == "+a");
  }
  const std::string deep(100000, '[');
  CHECK(order(Api::kMessages, {state_part(deep), done("a")}) == "+a");
  const std::string large = "[" + thinking(std::string(std::size_t{8} << 20, 'x')) + "]";
  CHECK(order(Api::kMessages, {state_part(large), done("a")}) == "+a");
}

TEST_CASE("state: thinking is not requested if a step of the last answer lacks it") {
  const auto asks = [](const std::vector<Message>& chat) {
    return encoded(row_of(Api::kMessages), chat,
                   [](Prompt& prompt) { prompt.wants_reasoning = true; })
        .contains("thinking");
  };
  const Message question = {Role::kUser, "q"};
  const AnswerPart state = state_part("[" + thinking("1") + "]");
  CHECK(asks({question, answer({state, done("a"), state, done("b", 2)})}));
  CHECK_FALSE(asks({question, answer({state, done("a"), done("b", 2)})}));
  CHECK_FALSE(asks({question, answer({done("a"), state, done("b", 2)})}));
  CHECK_FALSE(asks({question, answer({done("a")}), question}));
  CHECK(asks({question, answer({done("a"), text_part("x")}), question}));
}

TEST_CASE("state: reasoning and extra content of Chat Completions") {
  provider::Provider row;
  const std::string items = R"([{"reasoning_content":"hm","reasoning_details":[{"index":0}],)"
                            R"("calls":[{"extra_content":{"x":1}},null]}])";
  const std::vector<Message> chat = {
      answer({text_part("t"), state_part(items), done("a"), done("b"), text_part("end")})};
  const Json turns = turns_in(row, chat);
  CHECK(turns[0]["reasoning_content"] == "hm");
  CHECK(turns[0]["reasoning_details"].dump() == R"([{"index":0}])");
  CHECK(turns[0]["tool_calls"][0]["extra_content"].dump() == R"({"x":1})");
  CHECK_FALSE(turns[0]["tool_calls"][1].contains("extra_content"));
  CHECK_FALSE(turns[3].contains("reasoning_content"));
  row.reasoning_filler = " ";
  const Json filled = turns_in(row, {answer({done("a"), text_part("end")})});
  CHECK(filled[0]["reasoning_content"] == " ");
  CHECK(filled[2]["reasoning_content"] == " ");
  CHECK_FALSE(turns_in(row, {{Role::kAssistant, "a"}})[0].contains("reasoning_content"));
}

TEST_CASE("state: Gemini's signature, and calls that another model made") {
  provider::Provider row;
  row.call_signature = "skip";
  const std::string own = R"([{"calls":[{"extra_content":{"google":{"thought_signature":"S"}}}]}])";
  const Json turns =
      turns_in(row, {answer({state_part(own), done("a"), done("b"), done("c", 2), done("d", 2)})});
  const auto signature = [](const Json& call) {
    return call.contains("extra_content")
               ? call["extra_content"]["google"]["thought_signature"].get<std::string>()
               : "";
  };
  CHECK(signature(turns[0]["tool_calls"][0]) == "S");
  CHECK(signature(turns[0]["tool_calls"][1]) == "");
  CHECK(signature(turns[3]["tool_calls"][0]) == "skip");
  CHECK(signature(turns[3]["tool_calls"][1]) == "");
}

}  // namespace
}  // namespace chatvim::wire::state_encoder_test
