// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "wire/errors.hpp"
#include "wire_support.hpp"

namespace chatvim::wire {
namespace {

struct Row {
  int status;
  std::string body;
  const char* kind;
  std::string message;
  bool retry;
};

void check(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    INFO(row.status << " " << row.body);
    const Failure failure = describe_response(row.status, {}, row.body);
    CHECK(name_of(failure.code) == row.kind);
    CHECK(failure.message == row.message);
    CHECK(failure.retry == row.retry);
    CHECK_FALSE(failure.after);
  }
}

TEST_CASE("errors: the status alone") {
  check({
      {400, "", "bad_request", "HTTP 400", false}, {401, "", "auth", "HTTP 401", false},
      {402, "", "quota", "HTTP 402", false},       {403, "", "auth", "HTTP 403", false},
      {404, "", "not_found", "HTTP 404", false},   {405, "", "bad_request", "HTTP 405", false},
      {408, "", "timeout", "HTTP 408", true},      {409, "", "server", "HTTP 409", true},
      {413, "", "context", "HTTP 413", false},     {415, "", "bad_request", "HTTP 415", false},
      {422, "", "bad_request", "HTTP 422", false}, {429, "", "rate_limit", "HTTP 429", true},
      {498, "", "overloaded", "HTTP 498", true},   {500, "", "server", "HTTP 500", true},
      {502, " \n", "server", "HTTP 502", true},    {503, "", "overloaded", "HTTP 503", true},
      {504, "{}", "server", "HTTP 504", true},     {524, "null", "server", "HTTP 524", true},
      {529, "", "overloaded", "HTTP 529", true},
  });
}

TEST_CASE("errors: bodies of every shape") {
  check({
      {502, "<html>\r\n<head><title>502 Bad\n Gateway</title></head><body><h1>x</h1></body></html>",
       "server", "502 Bad Gateway", true},
      {503, "<!DOCTYPE html><BODY><H1 class=a>We&#39;ll be &lt;back&gt;</H1>soon</BODY>",
       "overloaded", "We'll be <back>", true},
      {500, "<p>Oh&nbsp;<b>no</b></p>", "server", "Oh no", true},
      {500, "<html></html>", "server", "HTTP 500", true},
      {500, "upstream connect error\n", "server", "upstream connect error", true},
      {400, "{\"error\":{\"message\":\"cut", "bad_request", "{\"error\":{\"message\":\"cut", false},
      {400, R"({"error":"no"})", "bad_request", "no", false},
      {400, R"({"message":"no"})", "bad_request", "no", false},
      {400, R"({"object":"error","message":"no","type":"BadRequestError","param":null,"code":400})",
       "bad_request", "no", false},
      {422, R"({"detail":[{"loc":["body","top_p",0],"msg":"too large","type":"value_error"}]})",
       "bad_request", "body.top_p.0: too large", false},
      {404, R"({"detail":"Not Found"})", "not_found", "Not Found", false},
      {400, R"({"errors":[{"message":"first"},{"message":"second"}]})", "bad_request", "first",
       false},
      {400, R"([{"error":{"code":400,"message":"no","status":"INVALID_ARGUMENT"}}])", "bad_request",
       "no", false},
      {500, R"({"error":{"error":{"message":"inside","type":"server_error"}}})", "server", "inside",
       true},
      {500, "{\"error\":{\"message\":\"\\ud83d cut \xFF\"}}", "server", "\uFFFD cut \uFFFD", true},
      {400, R"({"a":1})", "bad_request", R"({"a":1})", false},
      {400, R"("words")", "bad_request", "words", false},
  });
}

TEST_CASE("errors: codes in the body override the status") {
  const auto coded = [](const char* code) {
    return fmt::format(R"({{"error":{{"message":"m","type":"t","code":"{}"}}}})", code);
  };
  const auto typed = [](const char* type) {
    return fmt::format(R"({{"error":{{"message":"m","type":"{}"}}}})", type);
  };
  check({
      {429, coded("rate_limit_exceeded"), "rate_limit", "m", true},
      {503, coded("slow_down"), "rate_limit", "m", true},
      {429, coded("insufficient_quota"), "quota", "m", false},
      {429, coded("credit_balance_exhausted"), "quota", "m", false},
      {429, coded("organization_spend_limit_exceeded"), "quota", "m", false},
      {429, coded("project_spend_limit_exceeded"), "quota", "m", false},
      {429, coded("organization_usage_limit_exceeded"), "quota", "m", false},
      {429,
       R"({"type":"error","error":{"type":"rate_limit_error","message":"m","details":{"error_code":"enforced_spend_limit_reached"}}})",
       "quota", "m", false},
      {400, coded("context_length_exceeded"), "context", "m", false},
      {400, typed("exceed_context_size_error"), "context", "m", false},
      {413, typed("request_too_large"), "context", "m", false},
      {403, coded("model_not_found"), "not_found", "m", false},
      {400, coded("content_filter"), "blocked", "m", false},
      {503, coded("server_is_overloaded"), "overloaded", "m", true},
      {500, typed("overloaded_error"), "overloaded", "m", true},
      {400, typed("authentication_error"), "auth", "m", false},
      {503, R"({"error":{"code":503,"message":"Loading model","type":"unavailable_error"}})",
       "overloaded", "Loading model", true},
      {429,
       R"([{"error":{"code":429,"message":"You exceeded your current quota, please check your plan and billing details.","status":"RESOURCE_EXHAUSTED"}}])",
       "rate_limit", "You exceeded your current quota, please check your plan and billing details.",
       true},
  });
}

TEST_CASE("errors: prompts that are too long, in every provider's wording") {
  for (const char* text :
       {"prompt is too long: 250000 tokens > 200000 maximum", "Prompt too long",
        "request_too_large", "Your input exceeds the context window of this model",
        "context length exceeded", "context_length_exceeded",
        "This model's maximum context length is 8192 tokens, however",
        "the request exceeds the model's maximum context length",
        "The input token count (2000000) exceeds the maximum number",
        "This model's maximum prompt length is 131072 but",
        "Please reduce the length of the messages or completion.",
        "the request exceeds the available context size, try",
        "The number of tokens to keep is greater than the context length",
        "longer than the model's context length",
        "Prompt contains 9 tokens, too large for model with 8 maximum context length",
        "Your request exceeded model token limit: 1", "context window exceeds limit",
        "Range of input length should be [1, 8]"}) {
    INFO(text);
    const std::string body =
        Json{{"error", {{"message", text}, {"type", "invalid_request_error"}}}}.dump();
    CHECK(describe_response(400, {}, body).code == ErrorCode::kContext);
    CHECK_FALSE(describe_response(500, {}, body).retry);
    CHECK(describe_error(body).code == ErrorCode::kContext);
    CHECK(describe_response(429, {}, body).code == ErrorCode::kRateLimit);
  }
  check({{400, "Rate limit: reduce the length of the messages", "bad_request",
          "Rate limit: reduce the length of the messages", false},
         {400, "Too many requests; prompt too long", "bad_request",
          "Too many requests; prompt too long", false}});
}

TEST_CASE("errors: causes that only the text reveals") {
  check({
      {400,
       R"([{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}])",
       "auth", "API key not valid. Please pass a valid API key.", false},
      {400,
       R"({"error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the API."}})",
       "quota", "Your credit balance is too low to access the API.", false},
      {400, "System role not supported", "bad_request", "System role not supported", false},
      {500,
       R"({"error":{"message":"Only user, assistant and tool roles are supported, got system.","type":"server_error"}})",
       "bad_request", "Only user, assistant and tool roles are supported, got system.", false},
  });
}

TEST_CASE("errors: nested error messages") {
  check({
      {400,
       R"({"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\"error\":{\"message\":\"At most 1 picture.\"}}","provider_name":"Acme"}}})",
       "bad_request", "Provider returned error: At most 1 picture.", false},
      {502, R"({"error":{"message":"Provider returned error","metadata":{"raw":"evicted"}}})",
       "server", "Provider returned error: evicted", true},
      {400,
       R"({"error":{"message":"Stream error","cause":{"message":"[ x ]"},"value":{"error_message":"{\"error\":{\"message\":\"prompt is too long\"}}"}}})",
       "context", "Stream error: prompt is too long", false},
      {400, R"({"error":[{"message":"first"},{"message":"second"}]})", "bad_request", "first",
       false},
      {400, R"({"detail":{"error":{"message":"deep","code":"invalid_api_key"}}})", "auth", "deep",
       false},
      {400, R"({"detail":{"message":"deep"}})", "bad_request", "deep", false},
      {400, R"({"message":"BadRequestError: OpenAIException - {\"error\":{\"message\":\"in\"}}"})",
       "bad_request", "BadRequestError: OpenAIException: in", false},
      {400, R"({"error":"invalid_grant","error_description":"The token is old."})", "bad_request",
       "invalid_grant: The token is old.", false},
      {400, R"({"error":{"message":"must be {\"a\":1}"}})", "bad_request", R"(must be {"a":1})",
       false},
      {500, R"({"fault":{"faultstring":"no route"}})", "server", "no route", true},
      {400, R"({"error":{"message":"no","x":NaN}})", "bad_request", "no", false},
  });
}

TEST_CASE("errors: the advice depends on more than the code") {
  struct Case {
    int status;
    std::string body;
    const char* kind;
    Cause cause;
  };
  const Case cases[] = {
      {413,
       R"({"error":{"message":"Request too large for model `m` on tokens per minute (TPM): Limit 8000, Requested 10114, please reduce your message size and try again.","type":"tokens","code":"rate_limit_exceeded"}})",
       "rate_limit", Cause::kPerMinute},
      {429,
       R"({"error":{"message":"Request too large for gpt on tokens per min (TPM): Limit 1."}})",
       "rate_limit", Cause::kPerMinute},
      {429, R"({"error":{"message":"Rate limit reached: tokens per min (TPM): Limit 1."}})",
       "rate_limit", Cause::kOther},
      {413, "<html><title>413 Request Entity Too Large</title></html>", "bad_request",
       Cause::kRequestSize},
      {413, R"({"message":"request entity too large"})", "bad_request", Cause::kRequestSize},
      {413, R"({"error":{"message":"prompt is too long"}})", "context", Cause::kOther},
      {403, R"({"error":{"code":"unsupported_country_region_territory","message":"No."}})",
       "blocked", Cause::kCountry},
      {400, R"({"error":{"message":"User location is not supported for the API use."}})", "blocked",
       Cause::kCountry},
      {403, R"({"error":{"message":"No access."}})", "auth", Cause::kOther},
      {500,
       R"({"error":{"message":"image input is not supported - hint: you may need to provide the mmproj","type":"server_error"}})",
       "bad_request", Cause::kNoPictures},
      {407, "<html><title>Proxy Authentication Required</title></html>", "connect",
       Cause::kProxyLogin},
  };
  for (const Case& one : cases) {
    INFO(one.status << " " << one.body);
    const Failure failure = describe_response(one.status, {}, one.body);
    CHECK(name_of(failure.code) == one.kind);
    CHECK(failure.cause == one.cause);
    CHECK(failure.retry == (one.status == 429 && one.cause == Cause::kOther));
  }
}

TEST_CASE("errors: inside a response, classified by the body alone") {
  const auto kind = [](const char* data) { return name_of(describe_error(data).code); };
  CHECK(kind(R"({"error":{"message":"m"}})") == "unknown");
  CHECK(kind(R"({"error":{"message":"m","code":"429"}})") == "rate_limit");
  CHECK(kind(R"({"error":{"message":"m","code":402}})") == "quota");
  CHECK(kind(R"({"error":{"message":"m","code":7,"type":"server_error"}})") == "server");
  CHECK(kind(R"({"error":{"message":"m","type":"InternalServerError"}})") == "server");
  CHECK(kind(R"({"error":{"message":"m","type":"invalid_request_error"}})") == "bad_request");
  CHECK(describe_error("{\"error\":{}}").message == R"({"error":{}})");
  CHECK(describe_error("{}").message == "the server reported an error without a word");
}

TEST_CASE("errors: the server's retry headers") {
  const auto headers_of = [](int status, const Headers& headers) {
    return describe_response(status, headers, "{}");
  };
  CHECK(headers_of(429, {{"Retry-After", "2"}}).after == 2.0);
  CHECK(headers_of(429, {{"retry-after", "1.5"}}).after == 1.5);
  CHECK(headers_of(429, {{"Retry-After-Ms", "1500"}, {"retry-after", "9"}}).after == 1.5);
  CHECK(headers_of(429, {{"retry-after-ms", "soon"}, {"retry-after", " 9 "}}).after == 9.0);
  CHECK_FALSE(headers_of(429, {{"retry-after", "-1"}}).after);
  CHECK_FALSE(headers_of(429, {{"retry-after", "nan"}}).after);
  CHECK_FALSE(headers_of(429, {{"retry-after", "inf"}}).after);
  CHECK(headers_of(429, {{"retry-after", "1e308"}}).after == 365.0 * 24 * 3600);
  CHECK(headers_of(503, {{"retry-after", "Sun, 22 Nov 2026 10:00:30 GMT"},
                         {"Date", "Sun, 22 Nov 2026 09:59:00 GMT"}})
            .after == 90.0);
  CHECK(headers_of(503, {{"retry-after", "Sun, 22 Nov 2026 10:00:30 GMT"},
                         {"Date", "Mon, 23 Nov 2026 00:00:00 GMT"}})
            .after == 0.0);
  CHECK_FALSE(headers_of(503, {{"retry-after", "Sun, 22 Nov 2026 10:00:30 GMT"}}).after);
  CHECK_FALSE(headers_of(503, {{"retry-after", "Sun, 31 Feb 2026 10:00:30 GMT"},
                               {"Date", "Mon, 23 Nov 2026 00:00:00 GMT"}})
                  .after);
  CHECK_FALSE(headers_of(401, {{"retry-after", "2"}}).after);
  CHECK(headers_of(400, {{"X-Should-Retry", "true"}}).retry);
  CHECK_FALSE(headers_of(500, {{"x-should-retry", "false"}}).retry);
  CHECK_FALSE(headers_of(402, {{"x-should-retry", "true"}}).retry);
}

TEST_CASE("errors: an error's body may arrive in any pieces") {
  const std::string body = R"({"error":{"message":"no","code":"invalid_api_key"}})";
  testing::for_each_cut({body}, [](const testing::Pieces& pieces) {
    const Json out = testing::decode(pieces, 401);
    REQUIRE(out.size() == 1);
    REQUIRE(out[0][1]["kind"] == "auth");
  });
}

}  // namespace
}  // namespace chatvim::wire
