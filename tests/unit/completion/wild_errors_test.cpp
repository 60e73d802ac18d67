// SPDX-License-Identifier: Apache-2.0
// Errors as real servers and gateways send them, each at every possible place in a response.
// doc/errors.md lists the messages that the user sees. With CHATVIM_REWRITE=1 the test rewrites
// that table; review it before committing.
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <fstream>
#include <regex>
#include <sstream>

#include "completion/explain.hpp"
#include "completion_support.hpp"
#include "formats.hpp"

namespace chatvim::completion::wild_errors_test {
namespace {

using testing::FormatEvents;

constexpr const char* kFile = CHATVIM_TEST_DATA "/../../doc/errors.md";
constexpr const char* kHead = "| who | shape | where | outcome | what the user reads |";

/// An error as a server sends it.
struct Shape {
  const char* who;
  int status;  ///< where it is the body of a failed status
  std::string body;
};

const std::vector<Shape>& shapes() {
  static const std::vector<Shape> kShapes = {
      {"OpenAI", 429,
       R"({"error":{"message":"You exceeded your quota.","type":"insufficient_quota","param":null,"code":"insufficient_quota"}})"},
      {"Anthropic", 529,
       R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})"},
      {"Gemini", 429,
       R"([{"error":{"code":429,"message":"Resource exhausted.","status":"RESOURCE_EXHAUSTED"}}])"},
      {"xAI, Ollama", 404, R"({"error":"model \"x\" not found"})"},
      {"vLLM, old", 400,
       R"({"object":"error","message":"Too long.","type":"BadRequestError","code":400})"},
      {"OpenRouter", 502,
       R"({"error":{"code":502,"message":"Provider returned error","metadata":{"raw":"{\"error\":{\"message\":\"The pod was evicted.\"}}","provider_name":"Acme"}}})"},
      {"Vercel", 500,
       R"({"error":{"code":"error","message":"Stream error occurred","cause":{"message":"[ invalid_union ]"},"value":{"error_message":"{\"error\":{\"message\":\"This model's maximum context length is 40960 tokens.\"}}"}}})"},
      {"LiteLLM", 400,
       R"({"error":{"message":"litellm.BadRequestError: OpenAIException - {\"error\":{\"message\":\"No such parameter.\"}}","code":"400"}})"},
      {"Groq", 413,
       R"({"error":{"message":"Request too large for model `m` on tokens per minute (TPM): Limit 8000, Requested 10114.","type":"tokens","code":"rate_limit_exceeded"}})"},
      {"llama.cpp", 500,
       R"({"error":{"code":500,"message":"image input is not supported - hint: you may need to provide the mmproj","type":"server_error"}})"},
      {"FastAPI", 422,
       R"({"detail":[{"loc":["body","top_p"],"msg":"too large","type":"value_error"}]})"},
      {"a gateway", 500, R"({"code":1305,"msg":"The service is busy.","success":false})"},
      {"MiniMax", 401, R"({"base_resp":{"status_code":1004,"status_msg":"login fail"}})"},
      {"Venice", 500, R"({"error_type":"server_error","error_message":"It broke."})"},
      {"a cloud function", 502, R"({"statusCode":503,"body":"{\"message\":\"No capacity.\"}"})"},
      {"a .NET service", 500, R"({"Error":{"Code":"Overloaded","Message":"Too busy."}})"},
      {"Envoy", 503, "no healthy upstream"},
      {"a proxy", 502, "<html><head><title>502 Bad Gateway</title></head></html>"},
  };
  return kShapes;
}

/// Embeds the error in a Chat Completions response.
struct Place {
  const char* name;
  std::string (*response)(const FormatEvents& format, const std::string& body);
};

const std::vector<Place>& places() {
  using Format = FormatEvents;
  static const std::vector<Place> kPlaces = {
      {"the whole body", [](const Format&, const std::string& body) { return body; }},
      {"after keep-alives",
       [](const Format&, const std::string& body) { return ": PING\n\n: PING\n\n" + body + "\n"; }},
      {"an event", [](const Format&, const std::string& body) { return "data: " + body + "\n\n"; }},
      {"an event `error` after text",
       [](const Format& f, const std::string& body) {
         return f.piece("Hi") + "event: error\ndata: " + body + "\n\n";
       }},
      {"without a frame, after text",
       [](const Format& f, const std::string& body) { return f.piece("Hi") + body + "\n"; }},
      {"after the finish reason",
       [](const Format& f, const std::string& body) {
         return f.piece("Hi") + f.finish + "data: " + body + "\n\n" + f.end;
       }},
  };
  return kPlaces;
}

/// Returns a response's outcome and the user's message.
std::string outcome_of(const std::string& response, int status) {
  const auto decoder = wire::make_decoder(Api::kChat);
  std::vector<wire::Event> events;
  decoder->head(status, {});
  decoder->feed(response, events);
  decoder->finish(events);
  std::vector<wire::Warning> warnings;
  std::string reason;
  for (const wire::Event& event : events) {
    if (const auto* warning = std::get_if<wire::Warning>(&event)) warnings.push_back(*warning);
    if (const auto* finish = std::get_if<wire::Finish>(&event)) reason = finish->reason;
    const auto* failure = std::get_if<wire::Failure>(&event);
    if (failure == nullptr) continue;
    const Error error = explain_failure(plan(), status, *failure);
    return fmt::format("error `{}`{} | {}", name_of(error.code), failure->retry ? ", retried" : "",
                       error.message);
  }
  const auto notice = explain_end(plan(), reason, warnings);
  if (!notice) return "done | nothing";
  return fmt::format("done `{}` | {}", name_of(notice->code), notice->message);
}

std::string in_cell(std::string text) {
  text = std::regex_replace(text, std::regex("\\|"), "\\|");
  return std::regex_replace(text, std::regex("\n"), " ");
}

std::string row(const Shape& shape, const std::string& where, const std::string& outcome) {
  return fmt::format("| {} | `{}` | {} | {} |\n", shape.who,
                     in_cell(std::regex_replace(shape.body, std::regex("`"), "'")), where, outcome);
}

}  // namespace

TEST_CASE("each error of real servers is reported in its words, see doc/errors.md",
          "[completion]") {
  std::ifstream file(kFile);
  std::string table;
  for (std::string line; std::getline(file, line) && line != kHead;) table += line + "\n";
  table += std::string(kHead) + "\n| --- | --- | --- | --- | --- |\n";
  const FormatEvents& chat = testing::all_formats().front();
  for (const Shape& shape : shapes()) {
    table += row(shape, fmt::format("a status of {}", shape.status),
                 outcome_of(shape.body, shape.status));
    for (const Place& place : places())
      table += row(shape, place.name, outcome_of(place.response(chat, shape.body), 200));
  }
  if (std::getenv("CHATVIM_REWRITE") != nullptr) std::ofstream(kFile) << table;
  std::ifstream again(kFile);
  std::istringstream got(table);
  std::string wanted;
  for (std::string line; std::getline(got, line);) {
    std::getline(again, wanted);
    CHECK(line == wanted);
  }
  CHECK_FALSE(std::getline(again, wanted));
}

}  // namespace chatvim::completion::wild_errors_test
