// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace chatvim {

/// How loudly an error is shown: the names of `vim.log.levels` that Lua uses.
enum class Level { kInfo, kWarn, kError };

// The one list of error codes: X(enumerator, name on the wire, level, exit code of the command line
// tool). Exit codes: 1 the request failed, 2 wrong usage, configuration or document, 3 the answer
// may not be whole, 130 interrupted.
// clang-format off
#define CHATVIM_ERROR_CODES(X)                                                                  \
  /* what the user wrote or asked for; nothing was sent */                                      \
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
  /* what a chat embeds, and how large it is; nothing was sent */                              \
  X(kBadEmbed,         "bad_embed",         kError, 2)                                          \
  X(kOutside,          "outside",           kWarn,  2)                                          \
  X(kSecret,           "secret",            kWarn,  2)                                          \
  X(kUnsaved,          "unsaved",           kInfo,  2)                                          \
  X(kOffersContext,    "offers_context",    kInfo,  2)                                          \
  X(kDemand,           "demand",            kWarn,  2)                                          \
  X(kTooLarge,         "too_large",         kError, 2)                                          \
  /* the way to the server */                                                                   \
  X(kConnect,          "connect",           kError, 1)                                          \
  X(kLost,             "lost",              kError, 1)                                          \
  X(kTls,              "tls",               kError, 1)                                          \
  X(kTimeout,          "timeout",           kError, 1)                                          \
  X(kProtocol,         "protocol",          kError, 1)                                          \
  /* what the server said */                                                                    \
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
  /* the answer ended, but not as it should */                                                  \
  X(kEmptyAnswer,      "empty_answer",      kWarn,  1)                                          \
  X(kTruncated,        "truncated",         kWarn,  3)                                          \
  X(kCutShort,         "cut_short",         kWarn,  3)                                          \
  X(kUnreadable,       "unreadable",        kWarn,  3)                                          \
  X(kLateFailure,      "late_failure",      kWarn,  3)                                          \
  X(kOtherFormat,      "other_format",      kWarn,  3)                                          \
  X(kReasoningInText,  "reasoning_in_text", kWarn,  3)                                          \
  X(kInterrupted,      "interrupted",       kInfo,  130)                                        \
  /* what an answer leaves for a crash */                                                       \
  X(kNoJournal,        "no_journal",        kInfo,  1)                                          \
  X(kBadJournal,       "bad_journal",       kError, 1)                                          \
  X(kUnwritableJournal, "unwritable_journal", kWarn, 1)                                         \
  /* the other half of the program */                                                           \
  X(kBadMessage,       "bad_message",       kError, 1)                                          \
  X(kIncompatible,     "incompatible",      kError, 1)                                          \
  X(kInternal,         "internal",          kError, 1)
// clang-format on

/// What went wrong, as a value that tests, exit codes and the editor can tell apart.
enum class ErrorCode {
#define CHATVIM_X(enumerator, name, level, exit_code) enumerator,
  CHATVIM_ERROR_CODES(CHATVIM_X)
#undef CHATVIM_X
};

/// A failure that crosses a module's border: its code and one sentence for the user.
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
  std::string advice = {};  ///< the part of the message that says what to do, if there is one
};

/// A value, or the error that stands in its way.
template <class T>
using Result = tl::expected<T, Error>;

/// The code's name in JSON and on the channel, such as "no_key".
std::string_view name_of(ErrorCode code);
/// How loudly the code is shown.
Level level_of(ErrorCode code);
/// The name of a level, such as "error".
std::string_view name_of(Level level);
/// The exit code of the command line tool for it.
int exit_code_of(ErrorCode code);

}  // namespace chatvim
