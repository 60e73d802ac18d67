// SPDX-License-Identifier: Apache-2.0
#include "error_body.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

#include "chatvim/json/cursor.hpp"
#include "trimmed.hpp"

namespace chatvim::wire {
namespace {

/// Text that is no JSON is cut here; what is shown in the end is shorter still.
constexpr std::size_t kMaxText = 4096;

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool same_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (std::tolower(static_cast<unsigned char>(a[i])) !=
        std::tolower(static_cast<unsigned char>(b[i]))) {
      return false;
    }
  }
  return true;
}

/// The member of an object with this name, in any case if not in this one.
const Json* member(const Json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  if (const auto found = object.find(key); found != object.end()) return &*found;
  for (const auto& [name, value] : object.items()) {
    if (same_ignoring_case(name, key)) return &value;
  }
  return nullptr;
}

std::string string_member(const Json& object, const char* key) {
  const Json* value = member(object, key);
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

/// An element of a list of errors: a text, or an object, of FastAPI with the place of the fault.
std::string message_of_element(const Json& element);

/// The text of a value that is to hold a message: a string, or a list of errors.
std::string message_of(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_array() && !value.empty()) return message_of_element(value.front());
  return {};
}

/// The message that an object itself holds, under the first of the names in use that has one.
std::string own_message(const Json& object) {
  for (const char* key :
       {"message", "Message", "error_message", "errorMessage", "error_msg", "detail", "msg",
        "status_msg", "error_description", "faultstring", "errors", "reason", "title"}) {
    const Json* value = member(object, key);
    if (value == nullptr) continue;
    if (std::string text = message_of(*value); !text.empty()) return text;
  }
  return {};
}

std::string message_of_element(const Json& element) {
  std::string place;
  if (const Json* loc = member(element, "loc"); loc != nullptr && loc->is_array()) {
    for (const Json& step : *loc) {
      place += place.empty() ? "" : ".";
      place += step.is_string() ? step.get<std::string>() : step.dump();
    }
  }
  std::string text = element.is_string() ? element.get<std::string>() : own_message(element);
  return place.empty() || text.empty() ? text : fmt::format("{}: {}", place, text);
}

void take_word(ErrorBody& out, const Json& value) {
  if (value.is_number_integer()) {
    const auto number = value.get<std::int64_t>();
    if (number >= 400 && number < 600) out.status = static_cast<int>(number);
    return;
  }
  if (!value.is_string()) return;
  std::string word = value.get<std::string>();
  int number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error == std::errc{} && end == word.data() + word.size()) {
    if (number >= 400 && number < 600) out.status = number;
  } else if (!word.empty()) {
    out.words.push_back(std::move(word));
  }
}

void take_words(ErrorBody& out, const Json& object) {
  for (const char* key :
       {"code", "type", "status", "error_type", "error_code", "statusCode", "status_code"}) {
    if (const Json* value = member(object, key)) take_word(out, *value);
  }
  for (const char* key : {"details", "metadata"}) {
    const Json* inner = member(object, key);
    if (inner == nullptr) continue;
    for (const char* name : {"error_code", "error_type"}) {
      if (const Json* value = member(*inner, name)) take_word(out, *value);
    }
  }
}

bool says_something(const Json& value) {
  return (value.is_string() && !value.get_ref<const std::string&>().empty()) ||
         ((value.is_object() || value.is_array()) && !value.empty());
}

/// JSON that stands in a text, as gateways pass on what they were told: all of it, or its end.
Json json_in(std::string_view text) {
  const std::size_t start = std::min(text.find('{'), text.find("[{"));
  if (start == std::string_view::npos) return nullptr;
  json::JsonCursor json(trimmed(text.substr(start)));
  Json value = json.tree();
  return json.complete() ? value : Json(nullptr);
}

/// Collects what an error says, from its outermost shell to the reason: gateways wrap the error of
/// the server behind them, some of them several times.
class Gatherer {
 public:
  explicit Gatherer(ErrorBody& out) : out_(out) {}

  void take(const Json& value, int depth = 0) {
    if (depth > kDeepest) return;
    if (value.is_string()) {
      take_text(value.get<std::string>(), depth);
    } else if (value.is_array() && !value.empty()) {
      for (const Json& element : value) {
        if (!out_.message.empty()) break;
        if (const std::string text = message_of_element(element); !text.empty()) {
          take_text(text, depth);
        } else {
          take(element, depth + 1);
        }
      }
    } else if (value.is_object()) {
      take_object(value, depth);
    }
  }

 private:
  static constexpr int kDeepest = 6;

  void take_object(const Json& object, int depth) {
    take_words(out_, object);
    // Where the error is a word or two, the message explains it.
    const Json* error = member(object, "error");
    if (error != nullptr && error->is_string()) take_text(error->get<std::string>(), depth);
    if (std::string text = own_message(object); !text.empty()) take_text(text, depth);
    // The first that says something: of Vercel's gateway `value` holds the reason, and `cause` what
    // its own program made of it.
    for (const char* key :
         {"error", "errors", "raw", "value", "metadata", "detail", "x_groq", "base_resp", "fault",
          "response", "innererror", "cause", "data", "result", "body", "delta"}) {
      const Json* inner = member(object, key);
      if (inner == nullptr || !says_something(*inner)) continue;
      const std::string before = out_.message;
      take(*inner, depth + 1);
      if (out_.message != before) return;
    }
    const Json* choices = member(object, "choices");
    if (choices == nullptr || !choices->is_array()) return;
    for (const Json& choice : *choices) {
      if (const Json* of_choice = member(choice, "error")) take(*of_choice, depth + 1);
      const Json* delta = member(choice, "delta");
      const Json* of_delta = delta == nullptr ? nullptr : member(*delta, "error");
      if (of_delta != nullptr) take(*of_delta, depth + 1);
    }
  }

  void take_text(const std::string& text, int depth) {
    if (const Json inner = json_in(text); says_something(inner)) {
      const std::string before = out_.message;
      // What stands before the JSON, less what leads over to it.
      std::string lead = text.substr(0, std::min(text.find('{'), text.find("[{")));
      while (!lead.empty() && std::string_view(" -:,.").find(lead.back()) != std::string_view::npos)
        lead.pop_back();
      add(lead);
      const std::string with_lead = out_.message;
      take(inner, depth + 1);
      if (out_.message != with_lead) return;
      out_.message = before;
    }
    add(std::string(trimmed(text)));
  }

  void add(const std::string& text) {
    if (text.empty() || out_.message.find(text) != std::string::npos) return;
    if (text.find(out_.message) != std::string::npos) {
      out_.message = text;
      return;
    }
    while (!out_.message.empty() && (out_.message.back() == '.' || out_.message.back() == ':'))
      out_.message.pop_back();
    out_.message.append(": ").append(text);
  }

  ErrorBody& out_;
};

ErrorBody read_json(const Json& value, std::string_view body) {
  ErrorBody out;
  Gatherer(out).take(value);
  if (out.message.empty() && says_something(value)) out.message = trimmed(body.substr(0, kMaxText));
  if (out.message.size() > kMaxText) out.message.resize(kMaxText);
  return out;
}

std::size_t find_ignoring_case(std::string_view text, std::string_view wanted, std::size_t from) {
  for (std::size_t i = from; i + wanted.size() <= text.size(); ++i) {
    if (same_ignoring_case(text.substr(i, wanted.size()), wanted)) return i;
  }
  return std::string_view::npos;
}

/// The text of a piece of HTML: no tags, the common entities read, white space as single spaces.
std::string html_text(std::string_view html) {
  static constexpr std::array<std::pair<std::string_view, char>, 6> kEntities = {{{"&amp;", '&'},
                                                                                  {"&lt;", '<'},
                                                                                  {"&gt;", '>'},
                                                                                  {"&quot;", '"'},
                                                                                  {"&#39;", '\''},
                                                                                  {"&nbsp;", ' '}}};
  std::string out;
  for (std::size_t i = 0; i < html.size() && out.size() < kMaxText; ++i) {
    char c = html[i];
    if (c == '<') {
      i = std::min(html.find('>', i), html.size());
      c = ' ';
    } else if (c == '&') {
      for (const auto& [entity, meaning] : kEntities) {
        if (!html.substr(i).starts_with(entity)) continue;
        c = meaning;
        i += entity.size() - 1;
        break;
      }
    }
    if (!is_space(c)) {
      out.push_back(c);
    } else if (!out.empty() && out.back() != ' ') {
      out.push_back(' ');
    }
  }
  return std::string(trimmed(out));
}

/// What a web page says in short: its title, else its first heading, else its text.
std::string page_text(std::string_view page) {
  for (const std::string_view tag : {"title", "h1"}) {
    const std::size_t open = find_ignoring_case(page, fmt::format("<{}", tag), 0);
    if (open == std::string_view::npos) continue;
    const std::size_t start = page.find('>', open);
    const std::size_t end = find_ignoring_case(page, fmt::format("</{}", tag), open);
    if (start >= end || end == std::string_view::npos) continue;
    if (std::string text = html_text(page.substr(start + 1, end - start - 1)); !text.empty())
      return text;
  }
  return html_text(page);
}

/// As `JsonCursor::truthy`.
bool is_truthy(const Json& value) {
  if (value.is_structured()) return std::any_of(value.begin(), value.end(), is_truthy);
  if (value.is_string()) return !value.get_ref<const std::string&>().empty();
  return value.is_number() ? value != 0 : value == true;
}

bool is_false(const Json& object, const char* key) {
  const Json* value = member(object, key);
  return value != nullptr && value->is_boolean() && !value->get<bool>();
}

/// True for a code that stands for a failure: a number other than 0 and 2xx, or a word.
bool is_failure_code(const Json& value) {
  if (value.is_number_integer()) {
    const auto number = value.get<std::int64_t>();
    return number != 0 && (number < 200 || number > 299);
  }
  if (!value.is_string()) return false;
  const std::string word = value.get<std::string>();
  return !word.empty() && word != "0" && word != "200" && !same_ignoring_case(word, "ok") &&
         !same_ignoring_case(word, "success");
}

/// Members in which gateways wrap what another server said.
constexpr std::array kWrappers = {"data", "result", "response", "body"};

/// True when an object says in one of the ways in use that something failed.
bool says_failed(const Json& object, int depth = 0) {
  constexpr int kDeepest = 3;
  for (const auto& [key, value] : object.items()) {
    if (is_error_key(key) && is_truthy(value)) return true;
  }
  for (const char* key : kWrappers) {
    const Json* inner = member(object, key);
    if (inner == nullptr || depth == kDeepest) continue;
    const bool is_text =
        inner->is_string() && inner->get_ref<const std::string&>().starts_with('{');
    const Json value = is_text ? json_in(inner->get_ref<const std::string&>()) : *inner;
    if (value.is_object() && says_failed(value, depth + 1)) return true;
  }
  if (is_false(object, "success") || is_false(object, "ok")) return true;
  const std::string status = string_member(object, "status");
  const std::string type = string_member(object, "type");
  if (same_ignoring_case(status, "error") || same_ignoring_case(status, "failed") ||
      same_ignoring_case(type, "error") || string_member(object, "object") == "error")
    return true;
  if (const Json* reply = member(object, "base_resp")) {  // MiniMax
    const Json* code = member(*reply, "status_code");
    if (code != nullptr && is_failure_code(*code)) return true;
  }
  if (member(object, "fault") != nullptr) return true;  // Apigee
  if (own_message(object).empty() && string_member(object, "body").empty()) return false;
  for (const char* key : {"code", "statusCode", "status_code", "error_code", "__type"}) {
    const Json* code = member(object, key);
    if (code != nullptr && is_failure_code(*code)) return true;
  }
  return false;
}

}  // namespace

bool is_error_key(std::string_view key) {
  if (key.empty() || (key[0] != 'e' && key[0] != 'E')) return false;
  return same_ignoring_case(key, "error") || same_ignoring_case(key, "error_type") ||
         same_ignoring_case(key, "error_message");
}

ErrorBody read_error_body(std::string_view body) {
  body = trimmed(body);
  if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
  if (body.empty()) return {};
  if (body.front() == '<') return {page_text(body), {}, 0, true};
  json::JsonCursor json(body);
  Json value = json.tree();
  if (json.readable()) return read_json(value, body);
  return {std::string(trimmed(body.substr(0, kMaxText))), {}, 0, false};
}

Complaint complaint_in(std::string_view text) {
  json::JsonCursor json(text);
  Json value = json.tree();
  if (!json.readable()) return Complaint::kNone;
  if (value.is_array()) {
    const auto failed = std::find_if(value.begin(), value.end(), [](const Json& one) {
      return one.is_object() && says_failed(one);
    });
    if (failed != value.end()) return Complaint::kError;
    if (!value.empty()) value = Json(value.front());
  }
  if (!value.is_object()) return Complaint::kNone;
  if (says_failed(value)) return Complaint::kError;
  return own_message(value).empty() ? Complaint::kNone : Complaint::kWords;
}

}  // namespace chatvim::wire
