// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "trimmed.hpp"

namespace chatvim::wire {

/// The most of an answer, whole or in a stream: no model writes as much, and a journal holds no
/// more.
constexpr std::size_t kMaxAnswer = std::size_t{64} * 1024 * 1024;
/// White space, and the bytes of a byte-order mark.
constexpr std::string_view kBlank = " \t\r\n\xEF\xBB\xBF";

/// The beginning of a text, for a message.
std::string excerpt(std::string_view text);

/// True for `[DONE]`, the end mark of Chat Completions, as the whole data of an event, and for its
/// other spellings: `[END]`, `DONE`, in quotes.
bool is_end_mark(std::string_view data);

/// True where a finish reason is one of an answer, and not the name of an error to come.
bool is_finish(std::string_view reason);

bool is_json_object(std::string_view text);
/// The same for any JSON.
bool is_json(std::string_view text);
bool begins_json(std::string_view text);
bool ends_json(std::string_view text);

/// The JSON object that is the text of a JSON string, as gateways encode twice; empty if it is
/// something else.
std::string json_in_string(std::string_view text);

/// The JSON object that a text begins with, if there is more of it.
std::string_view first_object(std::string_view text);

/// True where a line in the text begins like a field of an event stream, which no line of JSON
/// does.
bool has_field(std::string_view text);

/// True for what the standard lets a server send and a client ignore: a field that is not known.
bool is_unknown_field(std::string_view line);

/// Why a redirect is an error. Of its target only the host is named, or the path on the same one:
/// the rest may be secret.
std::string redirect_words(int status, std::string_view location);

/// Calls back with each line that is not blank.
template <class OnLine>
void for_each_line(std::string_view text, OnLine&& on_line) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (const auto line = trimmed(text.substr(0, end)); !line.empty()) on_line(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace chatvim::wire
