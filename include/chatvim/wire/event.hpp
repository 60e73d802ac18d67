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

/// A piece of the answer, valid UTF-8; neighbours may have been joined.
struct TextDelta {
  std::string text;
};
/// A piece of the model's reasoning, never part of the answer.
struct ReasoningDelta {
  std::string text;
};
/// A piece of a refusal that the provider sends apart from the answer.
struct RefusalDelta {
  std::string text;
};
/// A tool call begins; Chatvim offers no tools, so it is only reported.
struct ToolCall {
  int index = 0;
  std::string id;
  std::string name;
};
/// A piece of a tool call's arguments (JSON text, cut anywhere).
struct ToolArguments {
  int index = 0;
  std::string text;
};
/// All text so far was reasoning: a line `kLoneReasoningEnd` came, and no beginning before it.
struct TextWasReasoning {};
inline constexpr std::string_view kLoneReasoningEnd = "</think>";
/// The response ended well, and yet something is to be said of it: `kUnreadable` (`message` is what
/// could not be read), `kLateFailure` (the server's words), `kOtherFormat` (the name of the wire
/// format it came in). Before `Finish`.
struct Warning {
  ErrorCode code = ErrorCode::kUnreadable;
  std::string message;
};
/// Why the model stopped, in the provider's own word ("stop", "length", …).
struct Finish {
  std::string reason;
};
/// The response ended as it should. The last event but for nothing.
struct End {};
/// What is known of a failure beyond its code; what helps depends on it.
enum class Cause {
  kOther,
  kRequestSize,  ///< the server or a proxy takes no request of so many bytes
  kPerMinute,    ///< one request is over what an account may send in a minute
  kCountry,      ///< the provider does not serve the place that the request came from
  kNoPictures,   ///< the model was not loaded for pictures
  kProxyLogin,   ///< a proxy wants a name and a password
};
/// The response failed or was cut. The last event.
struct Failure {
  ErrorCode code = ErrorCode::kUnknown;
  std::string message;          ///< the server's own words, not yet cleaned for display
  bool retry = false;           ///< the same request may succeed later
  std::optional<double> after;  ///< seconds to wait, as the server said
  Cause cause = Cause::kOther;
};

/// What a response says, in the order it says it.
using Event = std::variant<TextDelta, ReasoningDelta, RefusalDelta, ToolCall, ToolArguments,
                           TextWasReasoning, Warning, Finish, provider::Usage, End, Failure>;

}  // namespace chatvim::wire
