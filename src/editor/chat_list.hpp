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

/// Bytes read from a file to determine whether it is a chat and what its question is.
inline constexpr std::size_t kGlanceBytes = 64 * 1024;
/// Bytes of a file that are searched for a text.
inline constexpr std::size_t kMostSearchedBytes = 16 * 1024 * 1024;
/// Limit of markdown files examined in a folder.
inline constexpr std::size_t kMostListedFiles = 100'000;

/// Lists the chats of a folder, newest first, in short slices so that the loop is not blocked.
/// Reads one folder at a time; calls `Events` from the loop.
class ChatList {
 public:
  /// A request for the chats in `folder` that contain `text`, or for all if it is empty.
  struct Question {
    std::int64_t id = 0;
    std::string folder;
    std::string text;
    document::Format format;  ///< the user's delimiters
  };
  struct Events {
    /// Called with some chats, each with `name`, `time` (seconds since 1970), `title`,
    /// `question` and `line`.
    std::function<void(std::int64_t id, Json chats)> on_chats;
    /// Called at the end with `count`, and `limited` if there were more files than the limit, or
    /// with why the folder cannot be read.
    std::function<void(std::int64_t id, const Result<Json>& end)> on_end;
    /// Called with a line for the log.
    std::function<void(const std::string&)> log;
  };

  ChatList(loop::Loop& loop, Events events);
  ChatList(const ChatList&) = delete;
  ChatList& operator=(const ChatList&) = delete;
  ~ChatList();

  /// Starts reading a folder. Cancels the previous question silently.
  void read(Question question);
  /// Cancels the question if it is the current one.
  void cancel(std::int64_t id);

 private:
  class Reading;

  void go_on();

  Events events_;
  loop::Timer next_;
  std::unique_ptr<Reading> reading_;
};

}  // namespace chatvim::editor
