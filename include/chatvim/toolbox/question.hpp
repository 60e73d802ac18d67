// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/json.hpp"

namespace chatvim::toolbox {

/// What the user must decide before a call goes on.
struct Question {
  enum class Kind {
    kStart,   ///< a server is to be started, or contacted, for the first time
    kCall,    ///< a tool is to be called
    kFile,    ///< a built-in tool wants a file or folder that needs permission
    kBuffer,  ///< no question for the user: the editor's text of a file with unsaved changes
    kSecret   ///< a result holds text that looks like a key
  };
  Kind kind = Kind::kCall;
  std::string server;              ///< its name in the configuration
  std::string target;              ///< its exact command line, or its address
  std::string tool;                ///< SERVER.TOOL; empty if only the list of tools is wanted
  std::string arguments;           ///< as the model wrote them
  std::vector<std::string> hints;  ///< what the server says about the tool's effects
  /// For a tool whose description has changed since it was allowed: name, description and schema as
  /// they were and as they are. Both are empty otherwise.
  std::string before;
  std::string now;
  std::string path;           ///< for `kFile` and `kBuffer`; for `kSecret` the file, if it is one
  std::string reason;         ///< for `kFile`: why, as a clause that follows "which"
  std::string what;           ///< for `kSecret`: such as "a private key"
  std::size_t line = 0;       ///< for `kSecret`: in the file or the result, from 1
  bool can_remember = false;  ///< the answer may be `kAlways`
  std::string mark;           ///< equal for questions that one decision answers
};

/// The user's decision about a question.
struct Decision {
  enum class Kind {
    kOnce,     ///< this time
    kAnswer,   ///< until the answer ends
    kSession,  ///< until the program ends
    kAlways,   ///< kept in trust.json
    kRefuse,   ///< not this time; the model gets `reason`
    kStop      ///< the answer ends here; the call stays open
  };
  Kind kind = Kind::kStop;
  std::string reason = {};
  std::optional<std::string> text = {};  ///< for `kBuffer`: lines joined with `\n`
};

/// Parses "once", "answer", "session", "always", "refuse" or "stop".
std::optional<Decision::Kind> decision_of(std::string_view name);

/// Asks the user. The reply is called once, at any time later or at once, unless the call has been
/// cancelled.
using Asker = std::function<void(const Question& question, std::function<void(Decision)> reply)>;

/// Returns the fields of a question in the protocol's `question`.
Json describe_question(const Question& question);

/// Returns a text of several lines that says all that a user must know to decide: the exact command
/// line or address, the tool and its arguments, without control characters.
std::string describe_at_length(const Question& question);

/// Returns one sentence that says what is to be allowed, and on the command line how.
std::string sentence_of(const Question& question);

}  // namespace chatvim::toolbox
