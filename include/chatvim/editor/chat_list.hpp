// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "chatvim/document/format.hpp"
#include "chatvim/error.hpp"
#include "chatvim/json.hpp"
#include "chatvim/loop/loop.hpp"

namespace chatvim::editor {

/// What of a file is read to tell whether it is a chat, and what it asks.
inline constexpr std::size_t kGlanceBytes = 64 * 1024;
/// No more of a file is searched for a text.
inline constexpr std::size_t kMostSearchedBytes = 16 * 1024 * 1024;
/// No more markdown files of a folder are looked at.
inline constexpr std::size_t kMostListedFiles = 100'000;

/// Lists the chats of a folder, newest first, in slices between which the loop goes on. Reads one
/// folder at a time; what it says of it comes from the loop.
class ChatList {
 public:
  /// Which chats: those of `folder` that contain `text`, or all when it is empty.
  struct Question {
    std::int64_t id = 0;
    std::string folder;
    std::string text;
    document::Format format;  ///< the user's delimiters
  };
  struct Events {
    /// Some chats, each with `name`, `time` (seconds since 1970), `question` and `line`.
    std::function<void(std::int64_t id, Json chats)> on_chats;
    /// The end: `count`, and `limited` where there were more files than are looked at; or why the
    /// folder cannot be read.
    std::function<void(std::int64_t id, const Result<Json>& end)> on_end;
    /// A line for the log.
    std::function<void(const std::string&)> log;
  };

  ChatList(loop::Loop& loop, Events events);
  ChatList(const ChatList&) = delete;
  ChatList& operator=(const ChatList&) = delete;
  ~ChatList();

  /// Reads a folder. One that is being read is given up, and nothing more is said of it.
  void read(Question question);
  /// Gives the question up where it is the one that is being read.
  void cancel(std::int64_t id);

 private:
  class Reading;

  void go_on();

  Events events_;
  loop::Timer next_;
  std::unique_ptr<Reading> reading_;
};

}  // namespace chatvim::editor
