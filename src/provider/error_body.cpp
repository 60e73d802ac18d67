// SPDX-License-Identifier: Apache-2.0
#include "error_body.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

#include "json_cursor.hpp"

namespace chatvim::provider {
namespace {

/// Text that is no JSON is cut here; what is shown in the end is shorter still.
constexpr std::size_t kMaxText = 4096;

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

const Json* member(const Json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

std::string string_member(const Json& object, const char* key) {
  const Json* value = member(object, key);
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

/// The text of a value that is to hold a message: a string, or FastAPI's list of {loc, msg}.
std::string message_of(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_array() && !value.empty()) {
    const Json& first = value.front();
    std::string place;
    if (const Json* loc = member(first, "loc"); loc != nullptr && loc->is_array()) {
      for (const Json& step : *loc) {
        place += place.empty() ? "" : ".";
        place += step.is_string() ? step.get<std::string>() : step.dump();
      }
    }
    std::string text = first.is_string() ? first.get<std::string>() : string_member(first, "msg");
    if (text.empty()) text = string_member(first, "message");
    return place.empty() || text.empty() ? text : fmt::format("{}: {}", place, text);
  }
  return {};
}

/// The message that an object itself holds, under the first of the names in use that has one.
std::string own_message(const Json& object) {
  for (const char* key : {"message", "error_message", "detail", "msg", "error_description",
                          "errors", "reason", "title"}) {
    const Json* value = member(object, key);
    if (value == nullptr) continue;
    if (std::string text = message_of(*value); !text.empty()) return text;
  }
  return {};
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
  for (const char* key : {"code", "type", "status", "error_type", "error_code"}) {
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

/// The part of the object that tells the error: `error`, that of the choice (OpenRouter) or of
/// `x_groq`, `response.error`.
const Json* error_part(const Json& object) {
  const auto useful = [](const Json* value) {
    return value != nullptr &&
           ((value->is_string() && !value->get_ref<const std::string&>().empty()) ||
            (value->is_object() && !value->empty()));
  };
  if (const Json* error = member(object, "error"); useful(error)) return error;
  if (const Json* groq = member(object, "x_groq")) {
    if (const Json* error = member(*groq, "error"); useful(error)) return error;
  }
  if (const Json* response = member(object, "response")) {
    if (const Json* error = member(*response, "error"); useful(error)) return error;
  }
  if (const Json* choices = member(object, "choices"); choices != nullptr && choices->is_array()) {
    for (const Json& choice : *choices) {
      if (const Json* error = member(choice, "error"); useful(error)) return error;
    }
  }
  return nullptr;
}

ErrorBody read_json(Json value, std::string_view body) {
  if (value.is_array() && !value.empty()) value = Json(value.front());
  ErrorBody out;
  take_words(out, value);
  const Json* error = error_part(value);
  if (error != nullptr) {
    // The words of the innermost object count; those around it (`"type": "error"`) say less.
    take_words(out, *error);
    out.message = error->is_string() ? error->get<std::string>() : own_message(*error);
    if (const Json* inner = member(*error, "error"); inner != nullptr && out.message.empty()) {
      take_words(out, *inner);
      out.message = inner->is_string() ? inner->get<std::string>() : own_message(*inner);
    }
  }
  if (out.message.empty())
    out.message = value.is_string() ? value.get<std::string>() : own_message(value);
  if (out.message.empty() && !value.empty()) out.message = trim(body.substr(0, kMaxText));
  return out;
}

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
  return std::string(trim(out));
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

}  // namespace

ErrorBody read_error_body(std::string_view body) {
  body = trim(body);
  if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
  if (body.empty()) return {};
  if (body.front() == '<') return {page_text(body), {}, 0};
  JsonCursor json(body);
  Json value = json.tree();
  if (json.complete()) return read_json(std::move(value), body);
  return {std::string(trim(body.substr(0, kMaxText))), {}, 0};
}

}  // namespace chatvim::provider
