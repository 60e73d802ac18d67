// SPDX-License-Identifier: Apache-2.0
#include "tool_calls.hpp"

#include <algorithm>
#include <utility>

namespace chatvim::wire {
namespace {

constexpr std::size_t kMaxCalls = 1024;

}  // namespace

void ToolCalls::take(const ToolPiece& piece, std::vector<Event>& events) {
  if (!piece.index && piece.id.empty() && piece.name.empty() && piece.arguments.empty()) return;
  Call* call = find(piece);
  if (call == nullptr) {
    if (calls_.size() == kMaxCalls) return;
    call = &calls_.emplace_back(Call{new_index(piece), piece.id, {}});
    events.push_back(ToolCall{call->index, text::replace_invalid_utf8(piece.id),
                              text::replace_invalid_utf8(piece.name)});
  }
  if (piece.arguments.empty()) return;
  std::string text = call->arguments.feed(piece.arguments);
  if (!text.empty()) events.push_back(ToolArguments{call->index, std::move(text)});
}

void ToolCalls::finish(std::vector<Event>& events) {
  for (Call& call : calls_) {
    std::string text = call.arguments.finish();
    if (!text.empty()) events.push_back(ToolArguments{call.index, std::move(text)});
  }
}

/// The call that a piece goes on with, by its index, else by its id, else the last one; null when
/// it begins one.
ToolCalls::Call* ToolCalls::find(const ToolPiece& piece) {
  const auto find_if = [this](auto&& is_it) {
    const auto found = std::find_if(calls_.begin(), calls_.end(), is_it);
    return found == calls_.end() ? nullptr : &*found;
  };
  if (piece.index) {
    Call* call = find_if([&](const Call& known) { return known.index == *piece.index; });
    // Gemini gives each of its calls the index 0.
    const bool is_other =
        call != nullptr && !piece.id.empty() && !call->id.empty() && call->id != piece.id;
    if (!is_other) return call;
  }
  if (!piece.id.empty()) return find_if([&](const Call& known) { return known.id == piece.id; });
  return calls_.empty() ? nullptr : &calls_.back();
}

/// The index of a call that begins: its own, or the next one where it has none or another call has
/// it.
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
