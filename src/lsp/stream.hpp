// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "chat_document.hpp"
#include "chatvim/document/place.hpp"
#include "chatvim/document/writer.hpp"
#include "chatvim/loop/loop.hpp"
#include "client.hpp"

namespace chatvim::lsp {

/// Writes a text that arrives in pieces into a document by `workspace/applyEdit`. Pieces are
/// joined: at most four edits a second, and none before the client has answered the last one and
/// reported its change. Edits that the user makes meanwhile move the place.
///
/// The text has arrived when the client reports it as a change, whatever it answers: Neovim also
/// answers that it has applied an edit if it has skipped it because it is out of date.
class Stream {
 public:
  struct Parts {
    loop::Loop& loop;
    Client& client;
    std::string uri;
    std::function<ChatDocument*()> document;
    std::function<Positions(const ChatDocument&)> positions;
    /// Called once, when everything that was added before `finish` is in the document, or with why
    /// it cannot be. May destroy the stream only later, from the loop.
    std::function<void(const std::string& problem)> on_done;
  };

  /// The first piece replaces the range.
  Stream(Parts parts, Range range);

  void add(document::Piece piece);
  /// Ends the text.
  void finish();
  /// Waits for the client only a little longer from now on.
  void hurry();
  /// Takes note of an edit of the document.
  void note(const Edit& edit);
  /// Called after the client has reported changes, each of which was noted.
  void resume();

 private:
  struct Sent {
    std::string text;
    std::int64_t version = 0;  ///< of the document that it was sent for
    bool seen = false;         ///< it is in the document
    bool answered = false;     ///< the client has answered, in whatever way
    /// Where an edit that began at our place has ended, if its text is not ours: an editor may
    /// format what it inserts.
    std::optional<Position> formatted_end = {};
  };

  void pump();
  void send();
  void transmit();
  void take_answer(bool applied);
  void give_up_waiting();
  bool may_be_ours(const Edit& edit) const;
  void fail(const std::string& problem);
  bool is_at(Position start, std::string_view text) const;

  Parts parts_;
  Range range_;  // what the next edit replaces; empty after the first one
  document::Piece pending_;
  std::optional<Sent> sent_;
  loop::Timer pause_;
  loop::Timer patience_;  // for the change of an edit that the client has answered
  bool finished_ = false;
  bool hurries_ = false;
  bool failed_ = false;
  bool started_ = false;  // some of the text is in the document
  int refused_ = 0;       // times in a row that the client did not apply an edit
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace chatvim::lsp
