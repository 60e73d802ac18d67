// SPDX-License-Identifier: Apache-2.0
#include "answer_turns.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "chatvim/json.hpp"
#include "chatvim/text/lines.hpp"
#include "chatvim/wire/tool_name.hpp"

namespace chatvim::wire {
namespace {

using document::AnswerPart;
using Parts = std::span<const AnswerPart>;

/// Puts the parts of one step, or of the end of an answer, into the order of the provider.
class StepPieces {
 public:
  /// `calls` are those of the parts, in order.
  StepPieces(Turns& turns, const Arrangement& arrangement, std::vector<Call*> calls)
      : turns_(turns),
        arrangement_(arrangement),
        calls_(std::move(calls)),
        is_placed_(calls_.size()) {}

  void add(const AnswerPart& part) {
    switch (part.kind) {
      case AnswerPart::Kind::kText:
        place_text();
        if (!text::is_blank(part.text)) text_ = Piece{part.text};
        return;
      case AnswerPart::Kind::kState:
        if (part.model == arrangement_.state_of) add_state(part.text);
        return place_text();
      case AnswerPart::Kind::kCall:
        place_text();
        return place_call(next_++);
    }
  }

  /// Returns the pieces. Reasoning that nothing follows is dropped: an answer may not end with it.
  Pieces finish() {
    place_text();
    return std::move(pieces_);
  }

 private:
  void add_state(std::string_view base64) {
    if (arrangement_.provider.api == Api::kChat) return;  // see `chat_state`
    const auto& items =
        turns_.states.emplace_back(read_state_items(base64, arrangement_.provider.api));
    const bool has_text = std::any_of(items.begin(), items.end(), [](const StateItem& item) {
      return item.kind == StateItem::Kind::kText;
    });
    if (!has_text) place_text();
    for (const StateItem& item : items) add_item(item);
  }

  void add_item(const StateItem& item) {
    switch (item.kind) {
      case StateItem::Kind::kOpaque:
        waiting_.push_back(&item);
        return;
      case StateItem::Kind::kText:
        if (!text_) return drop_waiting();
        text_->phase = item.phase;
        return place_text();
      case StateItem::Kind::kCall: {
        const std::size_t index = find_call(item.call_id);
        if (index == calls_.size()) return drop_waiting();
        place_waiting();
        if (thought_) calls_[index]->item_id = item.id;
        return place_call(index);
      }
    }
  }

  /// Drops reasoning of Responses whose text or call has been deleted. Messages does not mind.
  void drop_waiting() {
    if (arrangement_.provider.api == Api::kResponses) waiting_.clear();
  }

  void place_waiting() {
    for (const StateItem* item : std::exchange(waiting_, {})) {
      thought_ = thought_ || item->is_thought;
      pieces_.push_back({"", nullptr, nullptr, item});
    }
  }

  void place_text() {
    if (!text_) return;
    place_waiting();
    pieces_.push_back(*std::exchange(text_, std::nullopt));
  }

  void place_call(std::size_t index) {
    if (is_placed_[index]) return;
    place_waiting();
    is_placed_[index] = true;
    pieces_.push_back({"", nullptr, calls_[index]});
  }

  /// Returns the index of the first call with this recorded id that has no place yet, else the
  /// number of calls.
  std::size_t find_call(std::string_view recorded_id) const {
    std::size_t i = 0;
    while (i < calls_.size() && (is_placed_[i] || calls_[i]->recorded->id != recorded_id)) ++i;
    return i;
  }

  Turns& turns_;
  const Arrangement& arrangement_;
  std::vector<Call*> calls_;
  std::vector<bool> is_placed_;            // of each call
  std::size_t next_ = 0;                   // index of the next call in the document
  std::optional<Piece> text_;              // the text part just read, which a state may move
  std::vector<const StateItem*> waiting_;  // until what followed them is placed
  Pieces pieces_;
  bool thought_ = false;  // a piece of reasoning has been placed
};

/// Returns the end of the first step: after its last call. If there is no call, that is the end.
std::size_t step_end(Parts parts) {
  std::size_t end = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].kind != AnswerPart::Kind::kCall) continue;
    if (end > 0 && parts[i].call.step != parts[end - 1].call.step) break;
    end = i + 1;
  }
  return end == 0 ? parts.size() : end;
}

/// Returns what the states of a step hold for Chat Completions, and gives the calls theirs.
ChatState chat_state(Parts parts, const Arrangement& arrangement, const std::vector<Call*>& calls) {
  ChatState state;
  for (const AnswerPart& part : parts) {
    if (part.kind == AnswerPart::Kind::kState && part.model == arrangement.state_of) {
      read_chat_state(part.text, state);
    }
  }
  for (std::size_t i = 0; i < std::min(calls.size(), state.calls.size()); ++i) {
    calls[i]->extra = state.calls[i];
  }
  const std::string& signature = arrangement.provider.call_signature;
  if (!signature.empty() && calls.front()->extra.empty()) {
    calls.front()->extra = Json{{"google", {{"thought_signature", signature}}}}.dump();
  }
  return state;
}

std::vector<Call*> make_calls(Turns& out, Parts parts, CallIds& ids) {
  std::vector<Call*> calls;
  for (const AnswerPart& part : parts) {
    if (part.kind != AnswerPart::Kind::kCall) continue;
    calls.push_back(&out.calls.emplace_back(Call{
        &part.call, ids.next(part.call.id), tool_name(part.call.tool), has_object(part.call)}));
  }
  return calls;
}

void add_step(Turns& out, Parts parts, const Arrangement& arrangement, CallIds& ids) {
  const std::vector<Call*> calls = make_calls(out, parts, ids);
  StepPieces step(out, arrangement, calls);
  for (const AnswerPart& part : parts) step.add(part);
  const Pieces pieces = step.finish();
  if (pieces.empty()) return;
  Turn& turn = turn_of(out, document::Role::kAssistant, arrangement.joins_roles);
  turn.pieces.insert(turn.pieces.end(), pieces.begin(), pieces.end());
  if (calls.empty()) return;
  if (arrangement.provider.api == Api::kChat) {
    turn.chat_state = &out.chat_states.emplace_back(chat_state(parts, arrangement, calls));
  }
  out.turns.push_back({document::Role::kUser, {}, {calls.begin(), calls.end()}});
}

}  // namespace

void add_answer(Turns& out, Parts parts, const Arrangement& arrangement, CallIds& ids) {
  while (!parts.empty()) {
    const std::size_t end = step_end(parts);
    add_step(out, parts.first(end), arrangement, ids);
    parts = parts.subspan(end);
  }
}

}  // namespace chatvim::wire
