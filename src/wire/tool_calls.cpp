// SPDX-License-Identifier: Apache-2.0
#include "tool_calls.hpp"

#include <algorithm>
#include <utility>

#include "trimmed.hpp"

namespace chatvim::wire {
namespace {

constexpr std::size_t kMaxCalls = 1024;

bool is_json_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

std::string_view ArgumentText::feed(std::string_view text) {
  if (!begun_) {
    const std::string_view first = trimmed(text);
    begun_ = !first.empty();
    is_object_ = first.starts_with('{');
  }
  if (!is_object_) {
    digest_.add(text);
    return text;
  }
  std::size_t taken = 0;
  while (taken < text.size() && !value_.closed()) {
    const std::string_view byte = text.substr(taken++, 1);
    const bool in_string = value_.in_string();
    value_.feed(byte);
    if (in_string || !is_json_space(byte.front())) digest_.add(byte);
  }
  return text.substr(0, taken);
}

bool ArgumentText::equals(std::string_view text) const {
  ArgumentText other;
  other.feed(text);
  return other.closed() == closed() && other.digest_ == digest_;
}

void ToolCalls::take(const ToolPiece& piece, std::vector<Event>& events) {
  const bool is_empty =
      piece.id.empty() && piece.name.empty() && piece.arguments.empty() && piece.extra.empty();
  if (!piece.index && is_empty) return;
  Call* call = find(piece);
  if (call == nullptr || begins_another(*call, piece)) {
    if (calls_.size() == kMaxCalls) return;
    begin(events);
    call = &calls_.emplace_back(Call{new_index(piece), piece.index, piece.id, piece.name});
    waits_ = true;
  } else {
    complete(*call, piece);
  }
  if (!piece.extra.empty()) call->extra = piece.extra;
  if (piece.arguments.empty()) return;
  begin(events);
  add(*call, piece.arguments, events);
}

void ToolCalls::set_arguments(int index, std::string_view text, std::vector<Event>& events) {
  const auto call = std::find_if(calls_.rbegin(), calls_.rend(),
                                 [&](const Call& known) { return known.own_index == index; });
  if (call == calls_.rend() || text.empty() || call->text.equals(text)) return;
  begin(events);
  replace(*call, text, events);
}

void ToolCalls::begin(std::vector<Event>& events) {
  if (std::exchange(waits_, false)) begin(calls_.back(), events);
}

void ToolCalls::begin(Call& call, std::vector<Event>& events) {
  call.begun = true;
  events.push_back(ToolCall{call.index, text::replace_invalid_utf8(call.id),
                            text::replace_invalid_utf8(call.name)});
}

/// Emits a piece of the arguments. What follows a complete object is the object again, or, after
/// `{}`, the real arguments.
void ToolCalls::add(Call& call, std::string_view text, std::vector<Event>& events) {
  if (!call.text.closed()) {
    const std::string_view own = call.text.feed(text);
    std::string valid = call.utf8.feed(own);
    if (!valid.empty()) events.push_back(ToolArguments{call.index, std::move(valid)});
    text.remove_prefix(own.size());
  }
  text = trimmed(text);
  if (call.text.is_empty_object() && text.starts_with('{') && !call.text.equals(text)) {
    replace(call, text, events);
  }
}

void ToolCalls::replace(Call& call, std::string_view text, std::vector<Event>& events) {
  call.text = {};
  call.utf8 = {};
  std::string valid = call.utf8.feed(call.text.feed(text));
  events.push_back(ToolArguments{call.index, std::move(valid), true});
}

void ToolCalls::finish(std::vector<Event>& events) {
  begin(events);
  for (Call& call : calls_) {
    std::string text = call.utf8.finish();
    if (!text.empty()) events.push_back(ToolArguments{call.index, std::move(text)});
  }
}

std::vector<std::string> ToolCalls::extras() const {
  std::vector<std::string> out;
  for (const Call& call : calls_) out.push_back(call.extra);
  return out;
}

/// Returns the call that a piece may continue: the one with its index or its id, else the last one.
/// Null if the piece begins a call.
ToolCalls::Call* ToolCalls::find(const ToolPiece& piece) {
  if (piece.index) {
    Call* const call = find_by_index(*piece.index);
    const bool has_other_id =
        call != nullptr && !piece.id.empty() && !call->id.empty() && call->id != piece.id;
    Call* const same_id = has_other_id ? find_by_id(piece.id) : nullptr;
    return same_id != nullptr ? same_id : call;
  }
  if (!piece.id.empty()) return find_by_id(piece.id);
  return calls_.empty() ? nullptr : &calls_.back();
}

/// Returns the last call with this index of the server's, else one that came without an index.
ToolCalls::Call* ToolCalls::find_by_index(std::int64_t index) {
  const auto own = std::find_if(calls_.rbegin(), calls_.rend(),
                                [&](const Call& call) { return call.own_index == index; });
  if (own != calls_.rend()) return &*own;
  const auto given = std::find_if(calls_.begin(), calls_.end(), [&](const Call& call) {
    return !call.own_index && call.index == index;
  });
  return given == calls_.end() ? nullptr : &*given;
}

ToolCalls::Call* ToolCalls::find_by_id(const std::string& id) {
  const auto found =
      std::find_if(calls_.rbegin(), calls_.rend(), [&](const Call& call) { return call.id == id; });
  return found == calls_.rend() ? nullptr : &*found;
}

/// Whether a piece belongs to a new call although the index or the id is that of a known one. A
/// call has a name, so a piece without a name continues one, even if its id is new: some servers
/// make an id for each piece.
bool ToolCalls::begins_another(const Call& call, const ToolPiece& piece) {
  if (piece.name.empty()) return false;
  if (!piece.id.empty() && !call.id.empty() && piece.id != call.id) return true;
  if (call.name.empty() && !call.begun) return false;
  if (piece.name != call.name) {
    // The rest of a name comes before any arguments.
    return call.begun || !piece.arguments.empty() || (!piece.index && !piece.id.empty());
  }
  const bool has_object = trimmed(piece.arguments).starts_with('{');
  const bool is_placeholder = piece.index && call.text.is_empty_object();
  return call.text.closed() && has_object && !is_placeholder && !call.text.equals(piece.arguments);
}

/// Adds what the first pieces of a call left out.
void ToolCalls::complete(Call& call, const ToolPiece& piece) {
  if (call.begun) return;
  if (call.id.empty()) call.id = piece.id;
  if (piece.name != call.name) call.name += piece.name;
}

/// Returns the index of a new call: its own, or the next free one if it has none or another call
/// has the same.
int ToolCalls::new_index(const ToolPiece& piece) const {
  const auto wanted = piece.index.value_or(-1);
  bool taken = wanted < 0 || wanted >= static_cast<std::int64_t>(kMaxCalls);
  int next = 0;
  for (const Call& call : calls_) {
    taken = taken || call.index == wanted;
    next = std::max(next, call.index + 1);
  }
  return taken ? next : static_cast<int>(wanted);
}

}  // namespace chatvim::wire
