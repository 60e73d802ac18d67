// SPDX-License-Identifier: Apache-2.0
#include "errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <regex>
#include <string>
#include <vector>

#include "chatvim/text/fold.hpp"
#include "error_body.hpp"

namespace chatvim::wire {
namespace {

/// How much a word says: a plain one names a cause; a vague one (`invalid_request_error`) only
/// counts when nothing else is known.
enum class Weight { kPlain, kVague };

struct Word {
  std::string_view word;  // lower case, letters and digits only
  ErrorCode code;
  Weight weight = Weight::kPlain;
};

// Error codes and types, whoever sends them: `rate_limit_error`, `RateLimitError` and
// `rate-limit-error` are one word.
// clang-format off
constexpr std::array kWords = {
    Word{"invalidapikey", ErrorCode::kAuth},
    Word{"incorrectapikey", ErrorCode::kAuth},
    Word{"authenticationerror", ErrorCode::kAuth},
    Word{"invalidauthenticationerror", ErrorCode::kAuth},
    Word{"unauthenticated", ErrorCode::kAuth},
    Word{"unauthorized", ErrorCode::kAuth},
    Word{"permissionerror", ErrorCode::kAuth},
    Word{"permissiondenied", ErrorCode::kAuth},
    Word{"permissiondeniederror", ErrorCode::kAuth},
    Word{"insufficientquota", ErrorCode::kQuota},
    Word{"insufficientbalance", ErrorCode::kQuota},
    Word{"insufficientcredits", ErrorCode::kQuota},
    Word{"exceededcurrentquotaerror", ErrorCode::kQuota},
    Word{"creditbalanceexhausted", ErrorCode::kQuota},
    Word{"organizationspendlimitexceeded", ErrorCode::kQuota},
    Word{"projectspendlimitexceeded", ErrorCode::kQuota},
    Word{"organizationusagelimitexceeded", ErrorCode::kQuota},
    Word{"enforcedspendlimitreached", ErrorCode::kQuota},
    Word{"billinghardlimitreached", ErrorCode::kQuota},
    Word{"billingnotactive", ErrorCode::kQuota},
    Word{"billingerror", ErrorCode::kQuota},
    Word{"paymentrequired", ErrorCode::kQuota},
    Word{"contextlengthexceeded", ErrorCode::kContext},
    Word{"exceedcontextsizeerror", ErrorCode::kContext},
    Word{"requesttoolarge", ErrorCode::kContext},
    Word{"modelnotfound", ErrorCode::kNotFound},
    Word{"modelnotfounderror", ErrorCode::kNotFound},
    Word{"contentfilter", ErrorCode::kBlocked},
    Word{"contentpolicyviolation", ErrorCode::kBlocked},
    Word{"ratelimitexceeded", ErrorCode::kRateLimit},
    Word{"ratelimiterror", ErrorCode::kRateLimit},
    Word{"ratelimitreachederror", ErrorCode::kRateLimit},
    Word{"toomanyrequests", ErrorCode::kRateLimit},
    Word{"slowdown", ErrorCode::kRateLimit},
    Word{"biopolicy", ErrorCode::kBlocked},
    Word{"misalignmentpolicyviolation", ErrorCode::kBlocked},
    Word{"overloadederror", ErrorCode::kOverloaded},
    Word{"overloaded", ErrorCode::kOverloaded},
    Word{"engineoverloadederror", ErrorCode::kOverloaded},
    Word{"serverisoverloaded", ErrorCode::kOverloaded},
    Word{"serviceunavailableerror", ErrorCode::kOverloaded},
    Word{"serviceunavailable", ErrorCode::kOverloaded},
    Word{"unavailableerror", ErrorCode::kOverloaded, Weight::kVague},
    Word{"unavailable", ErrorCode::kOverloaded, Weight::kVague},
    Word{"resourceexhausted", ErrorCode::kRateLimit, Weight::kVague},
    Word{"notfounderror", ErrorCode::kNotFound, Weight::kVague},
    Word{"notfound", ErrorCode::kNotFound, Weight::kVague},
    Word{"timeouterror", ErrorCode::kTimeout, Weight::kVague},
    Word{"deadlineexceeded", ErrorCode::kTimeout, Weight::kVague},
    Word{"servererror", ErrorCode::kServer, Weight::kVague},
    Word{"apierror", ErrorCode::kServer, Weight::kVague},
    Word{"internalerror", ErrorCode::kServer, Weight::kVague},
    Word{"internalservererror", ErrorCode::kServer, Weight::kVague},
    Word{"internal", ErrorCode::kServer, Weight::kVague},
    Word{"invalidrequesterror", ErrorCode::kBadRequest, Weight::kVague},
    Word{"badrequesterror", ErrorCode::kBadRequest, Weight::kVague},
    Word{"badrequest", ErrorCode::kBadRequest, Weight::kVague},
    Word{"unprocessableentityerror", ErrorCode::kBadRequest, Weight::kVague},
    Word{"validationerror", ErrorCode::kBadRequest, Weight::kVague},
    Word{"invalidargument", ErrorCode::kBadRequest, Weight::kVague},
    Word{"failedprecondition", ErrorCode::kBadRequest, Weight::kVague},
    Word{"invalidprompt", ErrorCode::kBadRequest, Weight::kVague},
    Word{"invalidimage", ErrorCode::kBadRequest, Weight::kVague},
    Word{"imagetoolarge", ErrorCode::kBadRequest, Weight::kVague},
    Word{"imageparseerror", ErrorCode::kBadRequest, Weight::kVague},
    Word{"failedtodownloadimage", ErrorCode::kBadRequest, Weight::kVague},
    Word{"dataresidencymismatch", ErrorCode::kBadRequest, Weight::kVague},
    Word{"vectorstoretimeout", ErrorCode::kTimeout, Weight::kVague},
    Word{"conflicterror", ErrorCode::kServer, Weight::kVague},
    Word{"unsupportedparameter", ErrorCode::kBadRequest, Weight::kVague},
    Word{"unsupportedvalue", ErrorCode::kBadRequest, Weight::kVague},
};
// clang-format on

struct Text {
  const char* pattern;  // ECMAScript, without case
  ErrorCode code;
  Cause cause = Cause::kOther;
};

/// What a failure is.
struct Verdict {
  ErrorCode code = ErrorCode::kUnknown;
  Cause cause = Cause::kOther;
};

/// Causes that are stronger than any code beside them.
constexpr std::array kCauses = {
    // Groq and OpenAI: a request that no wait makes smaller.
    Text{"(request|message)s? (is )?too large.*per[ -]min|per[ -]min.*reduce your message",
         ErrorCode::kRateLimit, Cause::kPerMinute},
    Text{"(country|region|territory|location)[a-z, ]* (is |are )?not supported|"
         "unsupported[_ ](country|region|location)|"
         "not (yet )?available in your (country|region|location)",
         ErrorCode::kBlocked, Cause::kCountry},
    Text{
        "image input is not supported|mmproj|(does not|doesn't|not) support (image|vision|picture)|"
        "(image|vision)[a-z ]* (is|are) not supported|not a (vision|multimodal) model|"
        "no (endpoints? found that supports?|support for) image",
        ErrorCode::kBadRequest, Cause::kNoPictures},
};
/// A limit of bytes, which a proxy has too; of tokens it is the model's.
constexpr const char* kSizeText =
    "entity too large|(payload|content|body)( is)? too large|size limit exceeded|"
    "maximum allowed number of bytes|exceeds? the maximum (allowed )?(request|body|payload) size";

// What a message says where no code does. Keys first: a proxy may wrap any error as its own.
constexpr std::array kTexts = {
    Text{"(incorrect|invalid|missing|no) api[- ]?key|api[- ]?key (not valid|is invalid)|"
         "invalid authentication",
         ErrorCode::kAuth},
    Text{"credit balance is too low|insufficient (account )?(balance|credits?|funds)|"
         "out of credits|(requires|purchase|add) more credits|spend(ing)? limit|"
         "specified api usage limits",
         ErrorCode::kQuota},
    // A chat template of a local server that refuses the roles; llama.cpp says it with status 500.
    Text{"jinja|roles must alternate|system role (is )?not supported|"
         "only user, assistant and tool roles are supported",
         ErrorCode::kBadRequest},
};

/// "The prompt is too long", in the words of Anthropic, OpenAI, vLLM, LiteLLM, Gemini, xAI, Groq,
/// llama.cpp, LM Studio, Together, Mistral, Kimi, MiniMax and Qwen. A limit per minute has like
/// words and is no such error.
constexpr const char* kContextText =
    "prompt (is )?too long|request_too_large|exceeds the context window|context[_ ]length[_ "
    "]exceeded|"
    "maximum context length is \\d+|exceeds (the )?(model'?s )?maximum context length|"
    "input token count.*exceeds the maximum|maximum prompt length is \\d+|"
    "reduce the length of the messages|exceeds the available context size|"
    "greater than the context length|longer than the model'?s context length|"
    "too large for model with \\d+ maximum context length|exceeded model token limit|"
    "context window exceeds limit|range of input length should be";
constexpr const char* kNotContextText = "rate limit|too many requests";

/// Envoy, which stands before many servers and may say this with any status.
constexpr const char* kGatewayText =
    "no healthy upstream|upstream connect error|upstream request timeout";

bool matches(const std::string& text, const char* pattern) {
  return std::regex_search(text, std::regex(pattern, std::regex::ECMAScript | std::regex::icase));
}

/// The cause that the words name: the first, but money before any other, since `rate_limit_error`
/// may stand beside it.
std::optional<ErrorCode> code_of_words(const std::vector<std::string>& words, Weight weight) {
  std::optional<ErrorCode> code;
  for (const std::string& raw : words) {
    const std::string word = text::fold_word(raw);
    const auto* const known = std::find_if(kWords.begin(), kWords.end(), [&](const Word& row) {
      return row.weight == weight && row.word == word;
    });
    if (known == kWords.end()) continue;
    if (!code || known->code == ErrorCode::kQuota) code = known->code;
  }
  return code;
}

bool has_word(const std::vector<std::string>& words, const Text& text) {
  return std::any_of(words.begin(), words.end(),
                     [&](const std::string& word) { return matches(word, text.pattern); });
}

std::optional<ErrorCode> code_of_text(const std::string& message, int status) {
  if (status != 429 && matches(message, kContextText) && !matches(message, kNotContextText)) {
    return ErrorCode::kContext;
  }
  for (const Text& text : kTexts) {
    if (matches(message, text.pattern)) return text.code;
  }
  return std::nullopt;
}

std::optional<ErrorCode> code_of_status(int status) {
  switch (status) {
    case 401:
    case 403:
      return ErrorCode::kAuth;
    case 402:
      return ErrorCode::kQuota;
    case 404:
    case 410:
      return ErrorCode::kNotFound;
    case 408:
      return ErrorCode::kTimeout;
    case 409:
    case 425:
      return ErrorCode::kServer;  // a conflict on their side, which passes
    case 413:
      return ErrorCode::kContext;
    case 429:
      return ErrorCode::kRateLimit;
    case 498:  // Groq: no flexible capacity
    case 503:
    case 529:
      return ErrorCode::kOverloaded;
    default:
      if (status >= 500) return ErrorCode::kServer;
      if (status >= 400) return ErrorCode::kBadRequest;
      return std::nullopt;
  }
}

Verdict classify(const ErrorBody& body, int status) {
  // std::regex recurses for each character it tries; the words in question come early.
  std::string message = body.message.substr(0, 1000);
  std::replace(message.begin(), message.end(), '\n', ' ');
  if (status == 407) return {ErrorCode::kConnect, Cause::kProxyLogin};
  for (const Text& text : kCauses) {
    if (matches(message, text.pattern) || has_word(body.words, text))
      return {text.code, text.cause};
  }
  const bool is_page = status == 413 && body.is_page;
  if ((status == 413 || status == 400) && (is_page || matches(message, kSizeText)))
    return {ErrorCode::kBadRequest, Cause::kRequestSize};
  if (const auto code = code_of_words(body.words, Weight::kPlain)) return {*code};
  if (const auto code = code_of_text(message, status)) return {*code};
  if (const auto code = code_of_status(status)) return {*code};
  if (matches(message, kGatewayText)) return {ErrorCode::kOverloaded};
  return {code_of_words(body.words, Weight::kVague).value_or(ErrorCode::kUnknown)};
}

bool may_pass(ErrorCode code) {
  return code == ErrorCode::kRateLimit || code == ErrorCode::kOverloaded ||
         code == ErrorCode::kServer || code == ErrorCode::kTimeout;
}

}  // namespace

Failure describe_response(int status, const Headers& headers, std::string_view text) {
  ErrorBody body = read_error_body(text);
  Failure failure;
  const Verdict verdict = classify(body, status);
  failure.code = verdict.code;
  failure.cause = verdict.cause;
  failure.message = body.message.empty() ? fmt::format("HTTP {}", status) : std::move(body.message);
  failure.retry = may_pass(failure.code) && failure.cause == Cause::kOther;
  // The server knows best whether a retry helps, but where money is the reason it never does.
  const std::string* advice = find_header(headers, "x-should-retry");
  if (advice != nullptr && failure.code != ErrorCode::kQuota && failure.cause == Cause::kOther) {
    if (*advice == "true") failure.retry = true;
    if (*advice == "false") failure.retry = false;
  }
  if (failure.retry) failure.after = retry_after(headers);
  return failure;
}

Failure describe_error(std::string_view data) {
  ErrorBody body = read_error_body(data);
  Failure failure;
  const Verdict verdict = classify(body, body.status);
  failure.code = verdict.code;
  failure.cause = verdict.cause;
  failure.message = body.message.empty() ? "the server reported an error without a word"
                                         : std::move(body.message);
  failure.retry = may_pass(failure.code) && failure.cause == Cause::kOther;
  return failure;
}

}  // namespace chatvim::wire
