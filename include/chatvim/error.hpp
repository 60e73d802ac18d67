// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace chatvim {

/// The severity with which an error is shown, named like `vim.log.levels`, which Lua uses.
enum class Level { kInfo, kWarn, kError };

// The only list of error codes: X(enumerator, name on the wire, level, exit code of the
// command-line tool). Exit codes: 1 request failed, 2 wrong usage, configuration or document, 3
// answer may be incomplete, 130 interrupted.
// clang-format off
#define CHATVIM_ERROR_CODES(X)                                                                  \
  /* user input; nothing was sent */                                                            \
  X(kBadArguments,     "bad_arguments",     kError, 2)                                          \
  X(kBadConfig,        "bad_config",        kError, 2)                                          \
  X(kBadDocument,      "bad_document",      kError, 2)                                          \
  X(kEmptyChat,        "empty_chat",        kWarn,  2)                                          \
  X(kNothingToAnswer,  "nothing_to_answer", kWarn,  2)                                          \
  X(kCannotContinue,   "cannot_continue",   kWarn,  2)                                          \
  X(kBinaryDocument,   "binary_document",   kError, 2)                                          \
  X(kNotUtf8,          "not_utf8",          kError, 2)                                          \
  X(kUnreadableFile,   "unreadable_file",   kError, 2)                                          \
  X(kUnknownProvider,  "unknown_provider",  kError, 2)                                          \
  X(kUnknownModel,     "unknown_model",     kError, 2)                                          \
  X(kNoKey,            "no_key",            kError, 2)                                          \
  X(kKeyFailed,        "key_failed",        kError, 2)                                          \
  /* embeds and size of a chat; nothing was sent */                                            \
  X(kBadEmbed,         "bad_embed",         kError, 2)                                          \
  X(kOutside,          "outside",           kWarn,  2)                                          \
  X(kSecret,           "secret",            kWarn,  2)                                          \
  X(kUnsaved,          "unsaved",           kInfo,  2)                                          \
  X(kOffersContext,    "offers_context",    kInfo,  2)                                          \
  X(kDemand,           "demand",            kWarn,  2)                                          \
  X(kTooLarge,         "too_large",         kError, 2)                                          \
  /* connection to the server */                                                                \
  X(kConnect,          "connect",           kError, 1)                                          \
  X(kLost,             "lost",              kError, 1)                                          \
  X(kTls,              "tls",               kError, 1)                                          \
  X(kTimeout,          "timeout",           kError, 1)                                          \
  X(kProtocol,         "protocol",          kError, 1)                                          \
  /* errors from the server */                                                                  \
  X(kAuth,             "auth",              kError, 1)                                          \
  X(kQuota,            "quota",             kError, 1)                                          \
  X(kRateLimit,        "rate_limit",        kError, 1)                                          \
  X(kOverloaded,       "overloaded",        kError, 1)                                          \
  X(kServer,           "server",            kError, 1)                                          \
  X(kContext,          "context",           kError, 1)                                          \
  X(kBadRequest,       "bad_request",       kError, 1)                                          \
  X(kNotFound,         "not_found",         kError, 1)                                          \
  X(kBlocked,          "blocked",           kError, 1)                                          \
  X(kUnknown,          "unknown",           kError, 1)                                          \
  /* the answer ended abnormally */                                                             \
  X(kEmptyAnswer,      "empty_answer",      kWarn,  1)                                          \
  X(kTruncated,        "truncated",         kWarn,  3)                                          \
  X(kCutShort,         "cut_short",         kWarn,  3)                                          \
  X(kUnreadable,       "unreadable",        kWarn,  3)                                          \
  X(kLateFailure,      "late_failure",      kWarn,  3)                                          \
  X(kOtherFormat,      "other_format",      kWarn,  3)                                          \
  X(kReasoningInText,  "reasoning_in_text", kWarn,  3)                                          \
  X(kSchema,           "schema",            kWarn,  3)                                          \
  X(kToolConsent,      "tool_consent",      kWarn,  3)                                          \
  X(kStepLimit,        "step_limit",        kWarn,  3)                                          \
  X(kTool,             "tool",              kError, 1)                                          \
  X(kInterrupted,      "interrupted",       kInfo,  130)                                        \
  /* crash recovery journal */                                                                  \
  X(kNoJournal,        "no_journal",        kInfo,  1)                                          \
  X(kBadJournal,       "bad_journal",       kError, 1)                                          \
  X(kUnwritableJournal, "unwritable_journal", kWarn, 1)                                         \
  /* the channel between plugin and program */                                                  \
  X(kBadMessage,       "bad_message",       kError, 1)                                          \
  X(kIncompatible,     "incompatible",      kError, 1)                                          \
  X(kInternal,         "internal",          kError, 1)
// clang-format on

/// An error code, which tests, exit codes and the editor can distinguish.
enum class ErrorCode {
#define CHATVIM_X(enumerator, name, level, exit_code) enumerator,
  CHATVIM_ERROR_CODES(CHATVIM_X)
#undef CHATVIM_X
};

/// An error that crosses a module boundary: its code and a sentence for the user.
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
  std::string advice = {};  ///< the part of the message that tells the user what to do, if any
};

/// A value, or the error that prevented it.
template <class T>
using Result = tl::expected<T, Error>;

/// Returns the code's name in JSON and on the channel, such as "no_key".
std::string_view name_of(ErrorCode code);
/// Returns the severity with which the code is shown.
Level level_of(ErrorCode code);
/// Returns the name of a level, such as "error".
std::string_view name_of(Level level);
/// Returns the exit code of the command-line tool for an error.
int exit_code_of(ErrorCode code);

}  // namespace chatvim
