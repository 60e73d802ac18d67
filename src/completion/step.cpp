// SPDX-License-Identifier: Apache-2.0
#include "step.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "chatvim/text/base64.hpp"
#include "chatvim/text/lines.hpp"
#include "chatvim/wire/tool_name.hpp"

namespace chatvim::completion {

namespace {

using document::AnswerPart;
using document::ToolCall;

/// Whether an item holds nothing but its type, so that it only marks where text stood.
bool is_placeholder(const Json& item) {
  return item.is_object() && item.size() == 1 && item.contains("type");
}

/// Returns an id that a document can hold: one word without backticks.
std::string document_id(std::string_view id, std::size_t number) {
  std::string out;
  for (const char c : id) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte > ' ' && byte < 0x7F && c != '`' ? c : '_';
  }
  return out.empty() ? "call_" + std::to_string(number) : out;
}

}  // namespace

Step::Step(std::size_t number, std::string model, std::vector<tools::Tool> tools)
    : number_(number), model_(std::move(model)), tools_(std::move(tools)) {}

bool Step::take_text(std::string_view text) {
  if (calls_.empty()) return true;
  text_ += text;
  return false;
}

void Step::take_state(const wire::State& state) {
  if (state.of_turn) {
    of_turn_ = state.item;
    return;
  }
  any_item_ = any_item_ || !is_placeholder(Json::parse(state.item, nullptr, false));
  items_.push_back(state.item);
}

void Step::take_call(const wire::ToolCall& call) {
  end_span();
  ToolCall open;
  open.step = number_;
  open.tool = wire::label_of(call.name, tools_);
  open.id = document_id(call.id, calls_.size() + 1);
  calls_.push_back({call.index, parts_.size()});
  parts_.push_back({AnswerPart::Kind::kCall, "", std::move(open)});
}

void Step::take_arguments(const wire::ToolArguments& arguments) {
  const auto found = std::find_if(calls_.begin(), calls_.end(),
                                  [&](const Call& call) { return call.index == arguments.index; });
  if (found == calls_.end()) return;
  std::string& all = parts_[found->part].call.arguments;
  if (arguments.replaces) all.clear();
  all += arguments.text;
}

std::vector<AnswerPart> Step::take_parts(bool was_cut) {
  end_span();
  move_tail();
  if (!of_turn_.empty()) {
    parts_.insert(parts_.begin(),
                  {AnswerPart::Kind::kState, text::base64("[" + of_turn_ + "]"), {}, model_});
  }
  for (AnswerPart& part : parts_) {
    if (part.kind != AnswerPart::Kind::kCall) continue;
    const std::string& arguments = part.call.arguments;
    part.call.is_json = text::is_blank(arguments) || Json::accept(arguments);
    if (was_cut || !part.call.is_json) part.call.outcome = ToolCall::Outcome::kCut;
  }
  calls_.clear();
  return std::exchange(parts_, {});
}

/// Moves the text after the last call before the first one. Only an answer whose last part is a
/// call can be resumed.
void Step::move_tail() {
  if (calls_.empty()) return;
  const auto tail = parts_.begin() + static_cast<std::ptrdiff_t>(calls_.back().part) + 1;
  std::rotate(parts_.begin(), tail, parts_.end());
}

/// Ends the text and the states before a call, or at the end.
void Step::end_span() {
  if (!text::is_blank(text_)) parts_.push_back({AnswerPart::Kind::kText, text_});
  text_.clear();
  if (any_item_) {
    std::string array = "[";
    for (const std::string& item : items_) {
      if (array.size() > 1) array += ',';
      array += item;
    }
    parts_.push_back({AnswerPart::Kind::kState, text::base64(array + "]"), {}, model_});
  }
  items_.clear();
  any_item_ = false;
}

}  // namespace chatvim::completion
