// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "trimmed.hpp"

namespace chatvim::wire {

/// Size limit of an answer, whole or streamed, in bytes. No model writes that much, and a journal
/// holds no more.
constexpr std::size_t kMaxAnswer = std::size_t{64} * 1024 * 1024;
/// White space and the bytes of a byte order mark.
constexpr std::string_view kBlank = " \t\r\n\xEF\xBB\xBF";

/// Returns the beginning of a text, for use in a message.
std::string excerpt(std::string_view text);

/// Whether the data of an event is the end mark of Chat Completions, `[DONE]`, or one of its other
/// spellings: `[END]`, `DONE`, or quoted.
bool is_end_mark(std::string_view data);

/// Whether a finish reason marks the end of an answer, and does not announce an error.
bool is_finish(std::string_view reason);

bool is_json_object(std::string_view text);
/// Like `is_json_object`, for any JSON value.
bool is_json(std::string_view text);
bool begins_json(std::string_view text);
bool ends_json(std::string_view text);

/// Returns the JSON object inside a JSON string, because some gateways encode twice; empty if the
/// text is anything else.
std::string json_in_string(std::string_view text);

/// Returns the JSON object that a text begins with; empty unless more text follows it.
std::string_view first_object(std::string_view text);

/// Whether a line of the text begins like an SSE field, which no line of JSON does.
bool has_field(std::string_view text);

/// Whether a line is an unknown SSE field, which the standard requires clients to ignore.
bool is_unknown_field(std::string_view line);

/// Returns the error message for a redirect. It names only the target's host, or the path for the
/// same host, because the rest may be secret.
std::string redirect_words(int status, std::string_view location);

/// Calls `on_line` with each line that is not blank, trimmed.
template <class OnLine>
void for_each_line(std::string_view text, OnLine&& on_line) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (const auto line = trimmed(text.substr(0, end)); !line.empty()) on_line(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace chatvim::wire
