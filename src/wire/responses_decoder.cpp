// SPDX-License-Identifier: Apache-2.0
#include "responses_decoder.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "chatvim/json.hpp"
#include "chatvim/json/cursor.hpp"
#include "chatvim/text/fold.hpp"
#include "error_body.hpp"
#include "errors.hpp"
#include "reasoning_details.hpp"

namespace chatvim::wire {
namespace {

constexpr std::string_view kPrefix = "response.";

bool is_call(const OutputItem& item) {
  return item.type == "function_call" || item.type == "custom_tool_call";
}

/// Removes a suffix from a name; returns whether it was there.
bool drop_end(std::string_view& name, std::string_view end) {
  if (!name.ends_with(end)) return false;
  name.remove_suffix(end.size());
  return true;
}

/// Returns the status in OpenAI's spelling if it is one of an ended response, else empty.
std::string_view ended_status(std::string_view status) {
  const std::string word = text::fold_word(status);
  if (word == "completed" || word == "done" || word == "finished") return "completed";
  if (word == "incomplete") return "incomplete";
  if (word == "failed") return "failed";
  if (word == "cancelled" || word == "canceled") return "cancelled";
  return {};
}

/// Returns the status that an event type implies; empty if the event does not end the response.
std::string_view end_status(std::string_view type) {
  if (!type.starts_with(kPrefix)) return {};
  type.remove_prefix(kPrefix.size());
  return type.find('.') == std::string_view::npos ? ended_status(type) : std::string_view();
}

}  // namespace

ResponseDecoder::Taken ResponsesDecoder::take_event(std::string_view type, std::string_view data) {
  const auto read = read_responses_event(data);
  if (!read) return Taken::kNotJson;
  const bool reports_error = read->error || read->type.ends_with("error");
  if (reports_error && end_status(read->type).empty()) {
    fail(describe_error(data));
    return Taken::kKnown;
  }
  bool known = take_typed(*read, read->type, data);
  // If the data has no type, use the SSE event's, unless the data is an error that replaces what
  // the event announced.
  if (!known && complaint_in(data) != Complaint::kError) known = take_typed(*read, type, data);
  if (known) return read->damaged ? Taken::kDamaged : Taken::kKnown;
  // A server that does not stream may send the whole response as the only event.
  const auto whole = read_response_object(data);
  if (!whole || !whole->known) return Taken::kNothing;
  take_end(*whole, whole->status, data);
  return Taken::kKnown;
}

bool ResponsesDecoder::is_ours(std::string_view type) const {
  return type == "message" || type.starts_with(kPrefix);
}

/// Handles an event of the given type. Returns false if the type is not one of the format's.
bool ResponsesDecoder::take_typed(const ResponsesEvent& event, std::string_view type,
                                  std::string_view data) {
  if (!type.starts_with(kPrefix)) return type == "ping" || type == "keepalive";
  const std::string_view status = end_status(type);
  if (status.empty()) {
    type.remove_prefix(kPrefix.size());
    take_named(event, type);
    return true;
  }
  // The response's own status may be worse than the event name implies.
  const std::string_view own = ended_status(event.response.status);
  take_end(event.response, status == "completed" && !own.empty() ? own : status, data);
  return true;
}

void ResponsesDecoder::take_named(const ResponsesEvent& event, std::string_view type) {
  static constexpr std::pair<std::string_view, PartKind> kNames[] = {
      {"output_text", PartKind::kText},
      {"text", PartKind::kText},
      {"refusal", PartKind::kRefusal},
      {"reasoning_summary_text", PartKind::kSummary},
      {"reasoning_summary", PartKind::kSummary},
      {"reasoning", PartKind::kReasoning},
      {"reasoning_text", PartKind::kReasoning},
      {"function_call_arguments", PartKind::kArguments},
      {"custom_tool_call_input", PartKind::kArguments},
  };
  if (type == "output_item.added" || type == "output_item.done") {
    const std::int64_t place = place_of(event);
    const bool is_done = type == "output_item.done";
    note_item(event.item, place, is_done);
    if (is_call(event.item)) begin_call(event.item, place);
    if (is_done) take_item(event.item, place);
    return;
  }
  if (type == "output_text.annotation.added") {
    return take_source(event.source, place_of(event), event.part_index);
  }
  if (type == "content_part.done" || type == "reasoning_summary_part.done") {
    return take_part(event.part, place_of(event), event.part_index);
  }
  const bool is_delta = drop_end(type, ".delta");
  if (!is_delta && !drop_end(type, ".done")) return;
  for (const auto& [name, kind] : kNames) {
    if (type != name) continue;
    const Part part{kind, place_of(event), event.part_index};
    if (!is_delta) return give_new(part, event.whole);
    in_deltas_[part].add(event.delta);
    return give(part, event.delta);
  }
}

/// Emits the text of an item that no delta has emitted.
void ResponsesDecoder::take_item(const OutputItem& item, std::int64_t place) {
  if (is_call(item)) {
    give_new({PartKind::kArguments, place, 0}, item.arguments);
    return set_arguments(static_cast<int>(place), item.arguments);
  }
  if (item.type != "message" && item.type != "reasoning") return;
  for (std::size_t i = 0; i < item.summary.size(); ++i) {
    take_part(item.summary[i], place, static_cast<std::int64_t>(i));
  }
  for (std::size_t i = 0; i < item.content.size(); ++i) {
    take_part(item.content[i], place, static_cast<std::int64_t>(i));
  }
}

void ResponsesDecoder::take_part(const OutputPart& part, std::int64_t place, std::int64_t index) {
  static constexpr std::pair<std::string_view, PartKind> kTypes[] = {
      {"output_text", PartKind::kText},         {"text", PartKind::kText},
      {"refusal", PartKind::kRefusal},          {"summary_text", PartKind::kSummary},
      {"reasoning_text", PartKind::kReasoning},
  };
  for (const auto& [type, kind] : kTypes) {
    if (part.type == type) give_new({kind, place, index}, part.text);
  }
  for (const Source& source : part.sources) take_source(source, place, index);
}

/// Emits the state of an item: of reasoning, what goes back; of what follows it, a placeholder.
void ResponsesDecoder::note_item(const OutputItem& item, std::int64_t place, bool is_done) {
  if (!item.json.empty()) {
    if (is_done && noted_.insert(place).second) keep(item);
    return;
  }
  Json state = {{"type", item.type}};
  if (item.type == "message" && (reasoned_ || !item.phase.empty())) {
    if (!item.phase.empty()) state["phase"] = joined_text(item.phase);
  } else if (item.type == "function_call" && reasoned_ && !item.id.empty()) {
    state["call_id"] = joined_text(item.call_id);
  } else {
    return;
  }
  if (!item.id.empty()) state["id"] = joined_text(item.id);
  if (noted_.insert(place).second) emit_state(state.dump());
}

/// Emits an item that goes back as it came. Reasoning can only go back if its content is there: the
/// provider keeps nothing.
void ResponsesDecoder::keep(const OutputItem& item) {
  const Json tree = json::JsonCursor(item.json).tree();
  const bool is_thought = item.type == "reasoning";
  const auto has = [&tree](const char* key) { return tree.contains(key) && !tree[key].empty(); };
  if (is_thought ? !has("encrypted_content") && !has("content") : !reasoned_) return;
  Json state = Json::object();
  for (const char* key :
       {"type", "id", "summary", "content", "encrypted_content", "status", "action"}) {
    const bool is_kept = key != std::string_view("status") || !is_thought;
    if (is_kept && tree.contains(key) && !tree[key].is_null()) state[key] = tree[key];
  }
  reasoned_ = true;
  emit_state(state.dump());
}

/// Emits a source, which comes both as an event and with the finished part.
void ResponsesDecoder::take_source(const Source& source, std::int64_t place, std::int64_t index) {
  if (!sources_.emplace(place, index, source.start, source.url).second) return;
  emit_source(source.url, source.title);
}

/// Emits the parts of the whole response that the stream has left out. Servers do not always number
/// the items in both the same way, so this applies only to kinds of items that the stream has not
/// contained at all.
void ResponsesDecoder::take_rest(const std::vector<OutputItem>& output) {
  const auto has = [this](std::initializer_list<PartKind> kinds) {
    return std::any_of(emitted_.begin(), emitted_.end(), [&](const Part& part) {
      return std::find(kinds.begin(), kinds.end(), std::get<PartKind>(part)) != kinds.end();
    });
  };
  const bool has_text = has({PartKind::kText, PartKind::kRefusal});
  const bool has_reasoning = has({PartKind::kSummary, PartKind::kReasoning});
  const bool has_calls = has({PartKind::kArguments});
  const bool is_whole = emitted_.empty() && noted_.empty();
  for (std::size_t i = 0; i < output.size(); ++i) {
    const OutputItem& item = output[i];
    const auto place = static_cast<std::int64_t>(i);
    if (is_call(item) ? has_calls : item.type == "reasoning" ? has_reasoning : has_text) continue;
    // A state after what it belongs to would be of no use.
    if (is_whole) note_item(item, place, true);
    if (is_call(item)) begin_call(item, place);
    take_item(item, place);
  }
}

/// Ends the response; `data` is the text that contained it.
void ResponsesDecoder::take_end(const ResponseObject& response, std::string_view status,
                                std::string_view data) {
  if (const auto known = ended_status(status); !known.empty()) status = known;
  usage_ = response.usage;
  take_rest(response.output);
  if (status == "failed" || response.error) {
    return fail_billed(response.error
                           ? describe_error(data)
                           : Failure{ErrorCode::kServer, "the server says that the response failed",
                                     true, std::nullopt});
  }
  if (status == "cancelled") {
    return fail_billed({ErrorCode::kTruncated, "the response was cancelled", false, std::nullopt});
  }
  if (status == "queued" || status == "in_progress") {
    return fail(
        ErrorCode::kProtocol,
        "the server answered before the response was ready: its status is " + std::string(status));
  }
  if (status == "incomplete") {
    finish_reason_ = response.incomplete_reason.empty() ? status : response.incomplete_reason;
  } else {
    finish_reason_ = "stop";
  }
  succeed();
}

void ResponsesDecoder::begin_call(const OutputItem& item, std::int64_t place) {
  call({place, item.call_id.empty() ? item.id : item.call_id, item.name, {}});
}

/// Emits what `text` adds to the text already emitted for its part.
void ResponsesDecoder::give_new(const Part& part, const std::string& text) {
  if (!emitted_.contains(part)) {
    if (!was_in_deltas(part, text)) give(part, text);
    return;
  }
  const auto found = in_deltas_.find(part);
  if (found == in_deltas_.end() || text.size() <= found->second.size()) return;
  if (const auto rest = found->second.rest_of(text)) {
    found->second.add(*rest);
    give(part, *rest);
  } else if (std::get<PartKind>(part) != PartKind::kArguments) {
    note_difference(text);
  }
}

/// Whether a text repeats deltas that had other indexes: some servers number deltas and the events
/// that close them differently. Tool calls are exempt, because two may be identical.
bool ResponsesDecoder::was_in_deltas(const Part& part, const std::string& text) const {
  const PartKind kind = std::get<PartKind>(part);
  if (kind == PartKind::kArguments) return false;
  TextDigest whole;
  whole.add(text);
  return std::any_of(in_deltas_.begin(), in_deltas_.end(), [&](const auto& entry) {
    return std::get<PartKind>(entry.first) == kind && entry.second == whole;
  });
}

void ResponsesDecoder::give(const Part& part, std::string_view text) {
  if (text.empty()) return;
  emitted_.insert(part);
  switch (std::get<PartKind>(part)) {
    case PartKind::kText:
      return emit_text(text);
    case PartKind::kRefusal:
      return emit_refusal(text);
    case PartKind::kSummary:
    case PartKind::kReasoning:
      if (std::exchange(last_thought_, part) != part) part_thoughts();
      return emit_reasoning(text);
    case PartKind::kArguments:
      return call({std::get<1>(part), {}, {}, std::string(text)});
  }
}

/// Returns the index of an event's item in the output. Servers that send no index send an id.
std::int64_t ResponsesDecoder::place_of(const ResponsesEvent& event) {
  const std::string& id = event.item_id.empty() ? event.item.id : event.item_id;
  if (event.output_index) {
    if (id.empty()) return *event.output_index;
    // The first index counts: some servers number only the events that close an item.
    return places_.try_emplace(id, *event.output_index).first->second;
  }
  if (id.empty()) return 0;
  return places_.try_emplace(id, static_cast<std::int64_t>(places_.size())).first->second;
}

ResponseDecoder::Taken ResponsesDecoder::take_whole(std::string_view text) {
  const auto response = read_response_object(text);
  if (!response) return Taken::kNotJson;
  if (response->known) {
    take_end(*response, response->status, text);
  } else if (response->error) {
    fail(describe_error(text));
  } else {
    return Taken::kNothing;
  }
  return Taken::kKnown;
}

}  // namespace chatvim::wire
