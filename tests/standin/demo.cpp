// SPDX-License-Identifier: Apache-2.0
#include "demo.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "request_json.h"
#include "text.h"

namespace chatvim::standin {
namespace {

using nlohmann::json;

constexpr double kDeltasPerSecond = 40;
constexpr std::size_t kDeltaCharacters = 6;
constexpr std::size_t kQuoteCharacters = 120;

std::shared_ptr<const Reply> json_reply(int status, const json& body) {
  auto reply = std::make_shared<Reply>();
  reply->name = "demo";
  reply->status = status;
  reply->reason = reason_phrase(status);
  reply->framing = Framing::kLength;
  reply->headers.push_back({"Content-Type", "application/json"});
  reply->steps.push_back(
      SendStep{body.dump(-1, ' ', false, json::error_handler_t::replace), 0, true});
  return reply;
}

// Returns the first line of the question that is not blank, truncated.
std::string short_question(const std::string& question) {
  const auto begin = question.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos) return "(nothing)";
  const std::string line = question.substr(begin, question.find_first_of("\r\n", begin) - begin);
  const std::vector<std::string> pieces = split_characters(line, kQuoteCharacters);
  return pieces.size() == 1 ? line : pieces.front() + "…";
}

std::string answer_to(const HttpRequest& request) {
  return fmt::format(
      "I am Chatvim's stand-in, no model is behind me. 👋 What you asked reached me over the same "
      "HTTP and server-sent events that a real provider gets:\n\n"
      "> {}\n\n"
      "This is what an answer looks like, with **markdown** and a code fence:\n\n"
      "```python\n"
      "def greet(name):\n"
      "    return f\"Hello, {{name}}!\"\n"
      "```\n\n"
      "For real answers, set a provider's key in the environment, for example `OPENAI_API_KEY`.",
      short_question(last_question(request.body)));
}

// Returns the rest of the answer if the request contains its start, as a model would continue it.
std::string rest_of(const std::string& answer, const std::string& begun) {
  if (begun.empty()) return answer;
  if (answer.size() > begun.size() && answer.starts_with(begun)) return answer.substr(begun.size());
  return "\n\nAnd so an answer goes on, from where it ended.";
}

std::shared_ptr<const Reply> streamed(const std::string& answer) {
  auto reply = std::make_shared<Reply>();
  reply->name = "demo";
  reply->reason = reason_phrase(reply->status);
  reply->headers.push_back({"Content-Type", "text/event-stream"});
  const std::vector<std::string> pieces = split_characters(answer, kDeltaCharacters);
  DeltasStep deltas;
  deltas.events = DeltaEvents(pieces, "content", false);
  deltas.count = pieces.size();
  deltas.per_second = kDeltasPerSecond;
  deltas.role = true;
  reply->steps = {deltas, FinishStep{"stop", std::nullopt, true}};
  return reply;
}

std::shared_ptr<const Reply> at_once(const std::string& answer) {
  return json_reply(200, {{"id", "chatcmpl-standin"},
                          {"object", "chat.completion"},
                          {"created", 1700000000},
                          {"model", "stand-in"},
                          {"choices",
                           {{{"index", 0},
                             {"message", {{"role", "assistant"}, {"content", answer}}},
                             {"finish_reason", "stop"}}}}});
}

}  // namespace

std::shared_ptr<const Reply> demo_reply(const HttpRequest& request) {
  if (request.path().ends_with("/models")) {
    return json_reply(200,
                      {{"object", "list"}, {"data", {{{"id", "stand-in"}, {"object", "model"}}}}});
  }
  if (request.method != "POST" || !request.path().ends_with("/chat/completions")) {
    return error_reply(
        404, fmt::format("The stand-in has nothing at {} {}.", request.method, request.path()));
  }
  const std::string answer = rest_of(answer_to(request), begun_answer(request.body));
  return asks_for_stream(request.body) ? streamed(answer) : at_once(answer);
}

std::shared_ptr<const Reply> error_reply(int status, const std::string& message) {
  return json_reply(status, {{"error",
                              {{"message", message},
                               {"type", "invalid_request_error"},
                               {"param", nullptr},
                               {"code", nullptr}}}});
}

}  // namespace chatvim::standin
