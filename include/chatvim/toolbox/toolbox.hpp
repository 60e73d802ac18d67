// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/chat/chat.hpp"
#include "chatvim/chat/origin.hpp"
#include "chatvim/document/message.hpp"
#include "chatvim/environment.hpp"
#include "chatvim/error.hpp"
#include "chatvim/http/client.hpp"
#include "chatvim/loop/loop.hpp"
#include "chatvim/toolbox/question.hpp"
#include "chatvim/tools/server.hpp"
#include "chatvim/tools/tool.hpp"

namespace chatvim::toolbox {

/// Returns the folder of a chat: its file's, or the working folder.
std::string folder_of(const chat::Origin& origin);

/// What the user has allowed for one answer.
struct Permissions {
  std::vector<std::string> globs;  ///< of tools that may be called (`--allow-tool`)
  bool allows_secrets = false;     ///< results may hold what looks like a key
  std::set<std::string> marks;     ///< of questions that were answered with `kAnswer`
};

/// The chat that a call belongs to. All must outlive the call.
struct CallContext {
  const chat::Chat& chat;
  const chat::Origin& origin;
  Permissions& permissions;
  /// The call stands in the document. Somebody else may have written it, so what is allowed for
  /// good does not count unless this process has received the call from a model.
  bool from_document = false;
  Asker ask;
  std::function<void()> on_made = {};  ///< called when a tool is called; may be empty
};

/// A call that runs, or waits for the user. Destroying it cancels the call.
class RunningCall {
 public:
  virtual ~RunningCall() = default;
  /// Whether the user is being asked.
  virtual bool is_asking() const = 0;
  /// Whether the tool has been called, so that it may have had an effect.
  virtual bool was_made() const = 0;
};

/// How a call ended: its result, refused by the user, or open, because nobody could be asked.
struct CallEnd {
  document::ToolCall::Outcome outcome = document::ToolCall::Outcome::kOpen;
  std::string text;
  std::optional<Question> question = {};  ///< that nobody could be asked: the answer ends
};

/// The tools that a chat may use, as far as they are known.
struct Offer {
  std::vector<tools::Tool> tools;    ///< in the order of the servers, each in its server's order
  std::vector<std::string> missing;  ///< servers whose tools are not known, or have changed
  std::vector<std::string> warnings;
};

/// The tools of this process: the servers that run, their lists of tools, and who may call what.
/// Starts nothing by itself, and nothing without the user's consent.
class Toolbox {
 public:
  struct Parts {
    loop::Loop& loop;
    http::Client& http;
    const Environment& environment;
    std::string version;                             ///< of this program
    std::function<void(std::string_view line)> log;  ///< may be empty
  };
  explicit Toolbox(Parts parts);
  Toolbox(const Toolbox&) = delete;
  Toolbox& operator=(const Toolbox&) = delete;
  /// Ends all servers, within a second.
  ~Toolbox();

  /// Returns what a chat may use. Only reads: lists of servers that do not run come from the state
  /// folder.
  Offer offer(const chat::Chat& chat, const chat::Origin& origin);
  /// Sets what a chat is offered (`tools`, `missing_servers`). Returns warnings, a sentence each.
  std::vector<std::string> offer_to(chat::Chat& chat, const chat::Origin& origin);
  /// Starts the servers that a chat may use, without asking: those that the user has allowed to
  /// start. Their lists are then fresh.
  void warm(const chat::Chat& chat, const chat::Origin& origin);
  /// Starts a server, asking the user if necessary, and reads its list of tools. `on_done` is
  /// called once, from the loop, with the outcome `kResult` if that was possible.
  std::unique_ptr<RunningCall> list(const std::string& server, CallContext context,
                                    std::function<void(CallEnd)> on_done);
  /// Notes a call that a model has made in this process.
  void note_own(const document::ToolCall& call);
  /// Makes a call: starts its server, asks the user, calls. `on_done` is called once, from the
  /// loop.
  std::unique_ptr<RunningCall> call(const document::ToolCall& call, CallContext context,
                                    std::function<void(CallEnd)> on_done);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace chatvim::toolbox
