// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "chatvim/error.hpp"
#include "chatvim/provider/usage.hpp"

namespace chatvim::wire {

/// A piece of the answer, valid UTF-8; adjacent pieces may have been joined.
struct TextDelta {
  std::string text;
};
/// A piece of the model's reasoning, never part of the answer.
struct ReasoningDelta {
  std::string text;
};
/// A piece of a refusal that the provider sends separately from the answer.
struct RefusalDelta {
  std::string text;
};
/// The start of a tool call.
struct ToolCall {
  int index = 0;
  std::string id;
  std::string name;  ///< as on the wire
};
/// A piece of a tool call's arguments (JSON, split anywhere).
struct ToolArguments {
  int index = 0;
  std::string text;
  /// The text so far was wrong: this text replaces it. Rare: the server's final arguments differ
  /// from its pieces, or it sent an empty object first.
  bool replaces = false;
};
/// Something that the provider wants back with the next request and that no person can read, as one
/// JSON value. It stands where it came among text and calls, except with `of_turn`: then it belongs
/// to the response as a whole, and may come at its end. An item of the type "text" or "message"
/// stands for the text that follows it.
struct State {
  std::string item;
  bool of_turn = false;
};
/// A source of the text before it, from a search by the provider.
struct Citation {
  std::string url;
  std::string title;  ///< may be empty
};
/// All text so far was reasoning: the line `kLoneReasoningEnd` arrived without an opening tag
/// before it.
struct TextWasReasoning {};
inline constexpr std::string_view kLoneReasoningEnd = "</think>";
/// A problem with a response that succeeded. `code` is `kUnreadable` (`message` holds the data that
/// could not be parsed), `kLateFailure` (the server's error message) or `kOtherFormat` (the name of
/// the wire format that the response used). Comes before `Finish`.
struct Warning {
  ErrorCode code = ErrorCode::kUnreadable;
  std::string message;
};
/// Why the model stopped, as the provider spells it ("stop", "length", …).
struct Finish {
  std::string reason;
};
/// The response is complete. Always the last event.
struct End {};
/// The cause of a failure, if it is known more precisely than by its code. The advice to the user
/// depends on it.
enum class Cause {
  kOther,
  kRequestSize,  ///< the request has more bytes than the server or a proxy accepts
  kPerMinute,    ///< a single request exceeds the account's limit per minute
  kCountry,      ///< the provider does not serve the country that the request came from
  kNoPictures,   ///< the model or the server cannot take pictures
  kProxyLogin,   ///< a proxy requires a user name and password
};
/// The response failed or was truncated. Always the last event.
struct Failure {
  ErrorCode code = ErrorCode::kUnknown;
  std::string message;          ///< the server's own message, not yet sanitized for display
  bool retry = false;           ///< the same request may succeed later
  std::optional<double> after;  ///< seconds to wait before a retry, if the server sent them
  Cause cause = Cause::kOther;
};

/// An event of a response, in the order of arrival.
using Event =
    std::variant<TextDelta, ReasoningDelta, RefusalDelta, ToolCall, ToolArguments, State, Citation,
                 TextWasReasoning, Warning, Finish, provider::Usage, End, Failure>;

}  // namespace chatvim::wire
