// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chat_chunk.hpp"
#include "chatvim/text/utf8.hpp"
#include "chatvim/wire/event.hpp"
#include "first_value.hpp"
#include "text_digest.hpp"

namespace chatvim::wire {

/// The arguments of a call, which arrive in pieces. Knows when the JSON object is complete, and
/// what it was, without keeping it.
class ArgumentText {
 public:
  /// Returns the part of `text` that belongs to the arguments: all of it, or up to the end of the
  /// object.
  std::string_view feed(std::string_view text);
  /// Whether the arguments are an object that is complete.
  bool closed() const { return value_.closed(); }
  /// Whether the arguments are a complete object without members.
  bool is_empty_object() const { return closed() && digest_.size() == 2; }
  /// Whether a text is the same, apart from white space.
  bool equals(std::string_view text) const;

 private:
  bool begun_ = false;
  bool is_object_ = false;
  FirstValue value_;
  TextDigest digest_;  // without white space outside strings
};

/// The tool calls of one answer. Servers number them in several ways: pieces may come interleaved,
/// without an index, all with the same index, or all with the same id; names may come in pieces or
/// again with each piece, arguments at once or twice. At most 1,024 calls; pieces of further calls
/// are dropped.
class ToolCalls {
 public:
  /// Appends the events of a piece: the start of a call, a piece of its arguments. The start waits
  /// until the name must be complete.
  void take(const ToolPiece& piece, std::vector<Event>& events);
  /// Takes the final arguments of a call, which replace those so far if they differ.
  void set_arguments(int index, std::string_view text, std::vector<Event>& events);
  /// Emits the starts of calls that wait, because something else comes next.
  void begin(std::vector<Event>& events);
  bool waits() const { return waits_; }
  /// Emits what was held back.
  void finish(std::vector<Event>& events);

  bool empty() const { return calls_.empty(); }
  /// Returns the `extra_content` of each call, in order; "" for a call without.
  std::vector<std::string> extras() const;

 private:
  struct Call {
    int index;
    std::optional<std::int64_t> own_index;  // the server's
    std::string id;
    std::string name;
    std::string extra = {};
    bool begun = false;  // its start has been emitted
    ArgumentText text = {};
    text::Utf8Stream utf8 = {};
  };
  Call* find(const ToolPiece& piece);
  Call* find_by_index(std::int64_t index);
  Call* find_by_id(const std::string& id);
  static bool begins_another(const Call& call, const ToolPiece& piece);
  static void complete(Call& call, const ToolPiece& piece);
  static void begin(Call& call, std::vector<Event>& events);
  static void add(Call& call, std::string_view text, std::vector<Event>& events);
  static void replace(Call& call, std::string_view text, std::vector<Event>& events);
  int new_index(const ToolPiece& piece) const;

  std::vector<Call> calls_;
  bool waits_ = false;  // the start of the last call has not been emitted, those before it have
};

}  // namespace chatvim::wire
