// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "chatvim/environment.hpp"
#include "chatvim/error.hpp"
#include "chatvim/toolbox/question.hpp"
#include "chatvim/toolbox/toolbox.hpp"
#include "chatvim/tools/server.hpp"
#include "chatvim/tools/tool.hpp"

namespace chatvim::toolbox {

/// What the user has allowed, for good (trust.json), until this program ends, or for one answer.
class Consents {
 public:
  using Log = std::function<void(std::string_view line)>;

  /// `log` may be empty.
  Consents(const Environment& environment, Log log)
      : environment_(environment), log_(std::move(log)) {}

  /// Returns the question that must be answered before a server is started; nothing if none.
  std::optional<Question> about_start(const tools::Server& server, const std::string& tool,
                                      const Permissions& permissions) const;
  /// Returns the question that must be answered before a call; nothing if none. With `is_foreign`,
  /// only what has been allowed for this answer counts.
  std::optional<Question> about_call(const tools::Server& server, const tools::Tool& tool,
                                     const std::string& arguments, const Permissions& permissions,
                                     bool is_foreign) const;
  /// Notes a call that a model has made; any other is foreign.
  void note_own(const document::ToolCall& call);
  bool is_own(const document::ToolCall& call) const;
  /// Whether a question with this mark has been answered for longer than once.
  bool has(const std::string& mark, const Permissions& permissions) const;
  /// Keeps a decision for as long as it holds. `server` and `tool` are those of the question; null
  /// where it has none. If it cannot be stored, that is logged, and it holds for this answer.
  void keep(const Question& question, Decision::Kind kind, const tools::Server* server,
            const tools::Tool* tool, Permissions& permissions);

 private:
  Result<void> store(const Question& question, const tools::Server* server,
                     const tools::Tool* tool) const;

  const Environment& environment_;
  Log log_;
  std::set<std::string> own_calls_;  ///< hashes
  std::set<std::string> session_;
};

}  // namespace chatvim::toolbox
