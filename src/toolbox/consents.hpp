// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>

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
  explicit Consents(const Environment& environment) : environment_(environment) {}

  /// Returns the question that must be answered before a server is started; nothing if none.
  std::optional<Question> about_start(const tools::Server& server, const std::string& tool,
                                      const Permissions& permissions) const;
  /// Returns the question that must be answered before a call; nothing if none.
  std::optional<Question> about_call(const tools::Server& server, const tools::Tool& tool,
                                     const std::string& arguments,
                                     const Permissions& permissions) const;
  /// Whether a question with this mark has been answered for longer than once.
  bool has(const std::string& mark, const Permissions& permissions) const;
  /// Keeps a decision for as long as it holds. `server` and `tool` are those of the question; null
  /// where it has none.
  Result<void> keep(const Question& question, Decision::Kind kind, const tools::Server* server,
                    const tools::Tool* tool, Permissions& permissions);

 private:
  const Environment& environment_;
  std::set<std::string> session_;
};

}  // namespace chatvim::toolbox
