// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/chat/chat.hpp"
#include "chatvim/chat/embeds.hpp"
#include "chatvim/chat/plan.hpp"
#include "chatvim/editor/chat_list.hpp"
#include "chatvim/http/client.hpp"
#include "chatvim/loop/loop.hpp"
#include "chatvim/provider/table.hpp"
#include "chatvim/rpc/channel.hpp"
#include "chatvim/store/calibration.hpp"
#include "chatvim/store/keys.hpp"

namespace chatvim::store {
class Journal;
}  // namespace chatvim::store

namespace chatvim::editor {

class EditorAnswer;

/// The version of the protocol between Lua and the program; `lua/chatvim/program/process.lua` holds
/// the same number.
inline constexpr int kProtocolVersion = 2;

/// Without use for this long the program gives free memory back.
inline constexpr std::chrono::seconds kMemoryKept{60};

/// The program as the plugin's other half: takes Lua's notifications (doc/protocol.md lists
/// them) and runs one completion for each `complete`. A notification with a missing or wrong field
/// is answered with `failed` and otherwise ignored.
class Service {
 public:
  /// All must outlive it. `log` takes a line for each thing worth keeping, never with text of a
  /// chat or a key.
  struct Parts {
    loop::Loop& loop;
    http::Client& client;
    rpc::Channel& channel;
    Environment environment;
    std::string version;
    std::function<void(const std::string&)> log;
    /// How long memory that is free is kept for the next use.
    loop::Duration memory_kept = kMemoryKept;
  };

  explicit Service(Parts parts);
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;
  ~Service();

 private:
  /// A chat that Lua sent. The lines are views into the notification's map.
  struct Sent {
    std::int64_t id;
    std::vector<std::string_view> lines;
    chat::ChatReading reading;
    chat::Origin origin;
  };

  void bind(const std::string& method, void (Service::*handler)(const Json& map));
  /// Puts the parts of its text that came before a message in front of what it has of it. False
  /// when they were too many to be kept.
  bool join_text(Json& map);
  void hello(const Json& map);
  void part(const Json& map);
  void warm(const Json& map);
  void open(const Json& map);
  void complete(const Json& map);
  void stop(const Json& map);
  void acknowledge(const Json& map);
  void cancel(const Json& map);
  void move_journal(const Json& map);
  void request(const Json& map);
  void messages(const Json& map);
  void format(const Json& map);
  void models(const Json& map);
  void set_model(const Json& map);
  void chats(const Json& map);
  void recoverable(const Json& map);
  void recover(const Json& map);
  void discard(const Json& map);
  void release(const Json& map);
  void undone(const Json& map);
  void embeds(const Json& map);
  void trust(const Json& map);

  /// A request as the chat that begins with these lines may make it, for getting ready. It is not
  /// to be sent: it says nothing that the user wrote, and carries no key.
  std::optional<http::Request> first_request(std::vector<std::string_view> lines, const Json& map);
  /// Reads the chat of a notification and tells its diagnostics; nothing when a field is wrong.
  std::optional<Sent> read_sent(const Json& map);
  void tell(const std::string& name, const Json& map);
  /// What takes in how many tokens the server counts; empty where that teaches nothing.
  std::function<void(const provider::Usage&)> learner(const chat::Plan& plan);
  /// Where in a chat the first answer stands that is not in its file yet, if Lua named one.
  std::optional<std::size_t> find_unsaved(const Json& map);
  /// Takes the journal of an answer that is over, in place of the one `before` it, whose text it
  /// holds too.
  void take_journal(std::int64_t id, std::int64_t before, std::unique_ptr<store::Journal> journal);
  /// The journal that a notification's `id` names, or null.
  store::Journal* journal_of(const Json& map);
  /// Keeps the text of an answer in the journal that Lua named, if it did.
  /// It begins at the byte `from` of the chat, where earlier answers are not saved either.
  void keep(EditorAnswer& answer, const Json& map, const Sent& sent,
            std::optional<std::size_t> from);
  void tell_unwritable(const std::string& path, const std::string& why);
  void ask_journal(const Json& map,
                   Result<Json> (*question)(const std::string& journal, std::string_view document));
  /// Makes the request of a chat that Lua sent, its embeds in place.
  tl::expected<chat::Plan, chat::Hindrance> plan_of(Sent& sent, chat::Mode mode,
                                                    chat::Purpose purpose);
  /// The answer to a question: its value or why there is none.
  void tell_result(std::int64_t id, const Result<Json>& value);
  void tell_failed(const Error& error);
  void forget(std::int64_t id);
  void used();
  EditorAnswer* answer_of(const Json& map);

  Parts parts_;
  store::KeyRing keys_;
  store::Calibration calibration_;
  loop::Timer idle_;  ///< started again by each use
  std::map<std::int64_t, std::unique_ptr<EditorAnswer>> answers_;
  /// Of answers that are over and not in their chat's file yet, by the answer's id.
  std::map<std::int64_t, std::unique_ptr<store::Journal>> journals_;
  ChatList chat_list_;
  std::string parts_of_text_;  ///< of the next message
  bool text_too_large_ = false;
  bool compatible_ = true;
  bool told_unwritable_ = false;
};

}  // namespace chatvim::editor
