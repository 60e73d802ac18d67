// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "chatvim/http/client.hpp"
#include "chatvim/loop/loop.hpp"
#include "chatvim/store/calibration.hpp"
#include "chatvim/store/keys.hpp"
#include "editor_answer.hpp"
#include "kept_journals.hpp"
#include "lua.hpp"
#include "protocol.hpp"
#include "sent_chat.hpp"

namespace chatvim::editor {

/// The answers that are being written, and the journals of those that are not saved yet. Each of
/// the methods that take a message handles the message of its name.
class Answers {
 public:
  /// All must outlive it.
  struct Parts {
    loop::Loop& loop;
    http::Client& client;
    Lua& lua;
    ChatReader& chats;
    store::KeyRing& keys;
    store::Calibration& calibration;
    const Environment& environment;
    toolbox::Toolbox& tools;
    std::function<void()> on_ended;  ///< called from the loop after each answer
    /// Called with the chat's file and the setting that its server did not accept, or "".
    std::function<void(const std::string& file, const std::string& setting)> on_refused;
  };

  explicit Answers(Parts parts) : parts_(std::move(parts)) {}

  void complete(const Message& message);
  void stop(const Message& message);
  void decide(const Message& message);
  void acknowledge(const Message& message);
  void cancel(const Message& message);
  void move_journal(const Message& message);
  void recoverable(const Message& message);
  void recover(const Message& message);
  void discard(const Message& message);
  void release(const Message& message);
  void undone(const Message& message);

 private:
  using JournalQuestion = Result<Json> (*)(const std::string& journal, std::string_view document);

  EditorAnswer* find(const Message& message);
  void forget(std::int64_t id);
  /// Learns from an answer how many tokens the server counts, and what it does not accept.
  std::function<void(const completion::Outcome&)> learner(const chat::Plan& plan,
                                                          const std::string& file);
  /// Returns where the text of an answer is kept: in the journal that Lua named, if it did. The
  /// journal begins at the byte `from` of the chat if earlier answers are not saved either.
  std::optional<EditorAnswer::Kept> journal_for(const Message& message, const SentChat& sent,
                                                std::optional<std::size_t> from);
  void report_unwritable(const std::string& path, const std::string& why);
  void ask_journal(const Message& message, JournalQuestion question);

  Parts parts_;
  std::map<std::int64_t, std::unique_ptr<EditorAnswer>> answers_;
  KeptJournals journals_;
  bool reported_unwritable_ = false;
};

}  // namespace chatvim::editor
