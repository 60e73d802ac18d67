// SPDX-License-Identifier: Apache-2.0
#include "responses_decoder.hpp"

#include <algorithm>
#include <utility>

#include "chatvim/text/fold.hpp"
#include "error_body.hpp"
#include "errors.hpp"

namespace chatvim::wire {
namespace {

constexpr std::string_view kPrefix = "response.";

bool is_call(const OutputItem& item) {
  return item.type == "function_call" || item.type == "custom_tool_call";
}

/// Takes a word off the end of a name.
bool drop_end(std::string_view& name, std::string_view end) {
  if (!name.ends_with(end)) return false;
  name.remove_suffix(end.size());
  return true;
}

/// The status of a response that has ended, in OpenAI's spelling; empty for any other.
std::string_view ended_status(std::string_view status) {
  const std::string word = text::fold_word(status);
  if (word == "completed" || word == "done" || word == "finished") return "completed";
  if (word == "incomplete") return "incomplete";
  if (word == "failed") return "failed";
  if (word == "cancelled" || word == "canceled") return "cancelled";
  return {};
}

/// The status that the type of an event means; empty if the event ends nothing.
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
  // Without a type of its own it has the event's, unless that is of what stood there before.
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

/// False when the type is none of the format's.
bool ResponsesDecoder::take_typed(const ResponsesEvent& event, std::string_view type,
                                  std::string_view data) {
  if (!type.starts_with(kPrefix)) return type == "ping" || type == "keepalive";
  const std::string_view status = end_status(type);
  if (status.empty()) {
    type.remove_prefix(kPrefix.size());
    take_named(event, type);
    return true;
  }
  // The response may know worse than the name of its event.
  const std::string_view own = ended_status(event.response.status);
  take_end(event.response, status == "completed" && !own.empty() ? own : status, data);
  return true;
}

void ResponsesDecoder::take_named(const ResponsesEvent& event, std::string_view type) {
  static constexpr std::pair<std::string_view, Said> kNames[] = {
      {"output_text", Said::kText},
      {"text", Said::kText},
      {"refusal", Said::kRefusal},
      {"reasoning_summary_text", Said::kSummary},
      {"reasoning_summary", Said::kSummary},
      {"reasoning", Said::kReasoning},
      {"reasoning_text", Said::kReasoning},
      {"function_call_arguments", Said::kArguments},
      {"custom_tool_call_input", Said::kArguments},
  };
  if (type == "output_item.added" || type == "output_item.done") {
    const std::int64_t place = place_of(event);
    if (is_call(event.item)) begin_call(event.item, place);
    if (type == "output_item.done") take_item(event.item, place);
    return;
  }
  if (type == "content_part.done" || type == "reasoning_summary_part.done") {
    return take_part(event.part, place_of(event), event.part_index);
  }
  const bool is_delta = drop_end(type, ".delta");
  if (!is_delta && !drop_end(type, ".done")) return;
  for (const auto& [name, said] : kNames) {
    if (type != name) continue;
    const Part part{said, place_of(event), event.part_index};
    if (!is_delta) return give_new(part, event.whole);
    in_deltas_[part].add(event.delta);
    return give(part, event.delta);
  }
}

/// What an item says that no delta has said.
void ResponsesDecoder::take_item(const OutputItem& item, std::int64_t place) {
  if (is_call(item)) return give_new({Said::kArguments, place, 0}, item.arguments);
  if (item.type != "message" && item.type != "reasoning") return;
  for (std::size_t i = 0; i < item.summary.size(); ++i) {
    take_part(item.summary[i], place, static_cast<std::int64_t>(i));
  }
  for (std::size_t i = 0; i < item.content.size(); ++i) {
    take_part(item.content[i], place, static_cast<std::int64_t>(i));
  }
}

void ResponsesDecoder::take_part(const OutputPart& part, std::int64_t place, std::int64_t index) {
  static constexpr std::pair<std::string_view, Said> kTypes[] = {
      {"output_text", Said::kText},         {"text", Said::kText},
      {"refusal", Said::kRefusal},          {"summary_text", Said::kSummary},
      {"reasoning_text", Said::kReasoning},
  };
  for (const auto& [type, said] : kTypes) {
    if (part.type == type) return give_new({said, place, index}, part.text);
  }
}

/// What the whole response says that the stream has not. Servers do not always number the items of
/// both alike, so this only helps where the stream has said nothing of the kind.
void ResponsesDecoder::take_rest(const std::vector<OutputItem>& output) {
  const auto has = [this](std::initializer_list<Said> kinds) {
    return std::any_of(said_.begin(), said_.end(), [&](const Part& part) {
      return std::find(kinds.begin(), kinds.end(), std::get<Said>(part)) != kinds.end();
    });
  };
  const bool spoke = has({Said::kText, Said::kRefusal});
  const bool thought = has({Said::kSummary, Said::kReasoning});
  const bool called = has({Said::kArguments});
  for (std::size_t i = 0; i < output.size(); ++i) {
    const OutputItem& item = output[i];
    const auto place = static_cast<std::int64_t>(i);
    if (is_call(item) ? called : item.type == "reasoning" ? thought : spoke) continue;
    if (is_call(item)) begin_call(item, place);
    take_item(item, place);
  }
}

/// The end of a response; `data` is the text that told it.
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

/// Gives out what a text adds to what its part has said.
void ResponsesDecoder::give_new(const Part& part, const std::string& text) {
  if (!said_.contains(part)) {
    if (!was_in_deltas(part, text)) give(part, text);
    return;
  }
  const auto said = in_deltas_.find(part);
  if (said == in_deltas_.end() || text.size() <= said->second.size()) return;
  if (const auto rest = said->second.rest_of(text)) {
    said->second.add(*rest);
    give(part, *rest);
  } else if (std::get<Said>(part) != Said::kArguments) {
    note_difference(text);
  }
}

/// True when a text repeats what deltas have said under other numbers: not every server counts the
/// same way in its deltas and in what closes them. Calls may well be alike.
bool ResponsesDecoder::was_in_deltas(const Part& part, const std::string& text) const {
  const Said said = std::get<Said>(part);
  if (said == Said::kArguments) return false;
  SaidText whole;
  whole.add(text);
  return std::any_of(in_deltas_.begin(), in_deltas_.end(), [&](const auto& entry) {
    return std::get<Said>(entry.first) == said && entry.second == whole;
  });
}

void ResponsesDecoder::give(const Part& part, std::string_view text) {
  if (text.empty()) return;
  said_.insert(part);
  switch (std::get<Said>(part)) {
    case Said::kText:
      return say(text);
    case Said::kRefusal:
      return refuse(text);
    case Said::kSummary:
    case Said::kReasoning:
      if (std::exchange(last_thought_, part) != part) part_thoughts();
      return think(text);
    case Said::kArguments:
      return call({std::get<1>(part), {}, {}, std::string(text)});
  }
}

/// The place of an event's item in the output. A server that does not number them names them.
std::int64_t ResponsesDecoder::place_of(const ResponsesEvent& event) {
  const std::string& id = event.item_id.empty() ? event.item.id : event.item_id;
  if (event.output_index) {
    if (id.empty()) return *event.output_index;
    // The first place counts: some servers number only the events that close an item.
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
