// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "chatvim/chat/chat.hpp"
#include "chatvim/http/client.hpp"
#include "chatvim/loop/loop.hpp"
#include "chatvim/store/calibration.hpp"
#include "chatvim/store/keys.hpp"
#include "chatvim/toolbox/toolbox.hpp"
#include "client.hpp"
#include "documents.hpp"

namespace chatvim::lsp {

class Answer;

/// The answers that are being written into documents, at most one in each. Whatever must be allowed
/// first is asked about by `window/showMessageRequest`.
class Answers {
 public:
  /// All references must outlive it.
  struct Parts {
    loop::Loop& loop;
    http::Client& http;
    store::KeyRing& keys;
    store::Calibration& calibration;
    toolbox::Toolbox& tools;
    const Environment& environment;
    Client& client;
    Documents& documents;
    /// Called if the server did not accept a parameter, with the chat's path.
    std::function<void(const std::string& path, const std::string& parameter)> on_refused;
  };

  explicit Answers(Parts parts);
  Answers(const Answers&) = delete;
  Answers& operator=(const Answers&) = delete;
  ~Answers();

  /// Starts an answer. If one in this document is just ending, the new one starts after it;
  /// otherwise a second answer in a document is refused.
  void start(ChatDocument& chat, chat::Mode mode);
  /// Stops the answer in a document, or the question that it waits for; what has arrived stays.
  void stop(const std::string& uri);
  /// Stops the answer whose progress has this token.
  void stop_progress(const Json& token);
  void stop_all();
  /// The client has reported changes of a document.
  void resume(const std::string& uri);
  /// The document is closed: its answer has nowhere to go.
  void abandon(const std::string& uri);

 private:
  struct Wanted;

  void begin(const Wanted& wanted);
  void run(const Wanted& wanted, chat::Plan plan, chat::Chat chat, chat::Origin origin);
  bool is_current(const Wanted& wanted) const;
  void ask(Wanted wanted, const chat::Blocker& blocker);
  void abandon_wanted(const Wanted& wanted);
  void ask_about_outside(Wanted wanted, const chat::Blocker& blocker);
  void ask_about_context(Wanted wanted, const chat::ContextFile& context);
  void end(const std::string& uri);

  Parts parts_;
  std::map<std::string, std::unique_ptr<Answer>> answers_;
  std::map<std::string, std::int64_t> begun_;     ///< numbers of those that wait for the client
  std::map<std::string, chat::Mode> after_stop_;  ///< what to start when an answer has ended
  std::int64_t last_number_ = 0;
};

}  // namespace chatvim::lsp
