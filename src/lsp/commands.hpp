// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "answers.hpp"
#include "chatvim/error.hpp"
#include "chatvim/json.hpp"
#include "client.hpp"
#include "documents.hpp"
#include "features.hpp"

namespace chatvim::lsp {

/// The commands of `workspace/executeCommand`. The first argument is the URI of the chat; without
/// one it is the chat that was used last.
class Commands {
 public:
  /// All references must outlive it.
  struct Parts {
    Client& client;
    Documents& documents;
    Answers& answers;
    const Environment& environment;
    std::function<Scene(ChatDocument&)> scene;
    std::function<void()> on_trust_changed;
  };

  explicit Commands(Parts parts) : parts_(std::move(parts)) {}

  static Json names();
  /// Runs a command. The result is always null: what a command does reaches the client by edits
  /// and messages. An unknown command, or a document that is not an open chat, is an error.
  Result<Json> run(const std::string& command, const Json& arguments);

 private:
  void allow(const Json& arguments);
  void fork(ChatDocument& chat, const Json& arguments);
  void choose_model(ChatDocument& chat);

  Parts parts_;
};

}  // namespace chatvim::lsp
