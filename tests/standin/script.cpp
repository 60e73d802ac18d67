// SPDX-License-Identifier: Apache-2.0
#include "script.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "json_fields.h"
#include "text.h"

namespace chatvim::standin {
namespace {

using nlohmann::json;

constexpr std::size_t kBurstChunk = 100;

// Returns the value for the word at `key`; the first of the `choices` is the default.
template <typename Value, std::size_t N>
Value choose(JsonFields& fields, std::string_view key,
             const std::array<std::pair<std::string_view, Value>, N>& choices) {
  const std::string word = fields.text(key, std::string(choices[0].first));
  std::string known;
  for (const auto& [name, value] : choices) {
    if (word == name) return value;
    known += fmt::format(" {}", name);
  }
  fields.fail(key, fmt::format("is '{}', but must be one of:{}", word, known));
  return choices[0].second;
}

std::string bytes_of(JsonFields& fields, std::string_view key, bool base64) {
  std::string text = fields.text(key);
  if (!base64) return text;
  std::optional<std::string> bytes = base64_decode(text);
  if (!bytes) fields.fail(key, "is not base64");
  return bytes.value_or("");
}

Step parse_send(JsonFields& fields, std::string_view key, bool base64, bool framed) {
  SendStep step;
  step.bytes = bytes_of(fields, key, base64);
  step.piece = fields.count("piece", 0);
  step.times = fields.count("times", 1, 1);
  step.gap = static_cast<Nanoseconds>(fields.number("gap_ms", 0) * kMillisecond);
  step.framed = framed;
  return step;
}

Step whole_body(std::string bytes) {
  SendStep step;
  step.bytes = std::move(bytes);
  return step;
}

Step parse_event(JsonFields& fields) {
  const json* event = fields.find("event");
  const std::string name = fields.text("name");
  const std::string head = name.empty() ? "" : fmt::format("event: {}\n", name);
  SendStep step;
  step.bytes = fmt::format("{}data: {}\n\n", head, event->dump());
  step.piece = fields.count("piece", 0);
  return step;
}

std::vector<std::string> parse_texts(JsonFields& fields) {
  const json* text = fields.find("text");
  if (text == nullptr) return {"w{n} "};
  if (text->is_string()) return {text->get<std::string>()};
  std::vector<std::string> texts;
  if (text->is_array()) {
    for (const json& one : *text) {
      if (one.is_string()) texts.push_back(one.get<std::string>());
    }
  }
  if (texts.empty() || texts.size() != text->size()) {
    fields.fail("text", "must be a string or a list of strings");
    return {""};
  }
  return texts;
}

Step parse_deltas(const json& value, std::string where, Framing framing, std::string& error) {
  JsonFields fields(value, std::move(where), error);
  DeltasStep step;
  std::vector<std::string> texts;
  const bool numbered = fields.find("split") == nullptr;
  if (!numbered) {
    texts = split_characters(fields.text("split"), fields.count("characters", 4, 1));
    step.count = texts.size();
    if (texts.empty()) texts.emplace_back();
  } else {
    texts = parse_texts(fields);
    step.count = fields.count("count", texts.size());
  }
  step.events = DeltaEvents(texts, fields.text("field", "content"), numbered);
  step.per_second = fields.number("per_second", 0);
  step.chunk = fields.count("chunk", step.per_second > 0 ? 1 : kBurstChunk, 1);
  step.from = static_cast<std::int64_t>(fields.count("from", 1));
  step.role = fields.flag("role", false);
  fields.end();
  if (error.empty() && step.per_second == 0) prepare_burst(step, framing);
  return step;
}

Step parse_finish(JsonFields& fields) {
  FinishStep step;
  step.reason = fields.text("finish");
  if (fields.find("usage") != nullptr) step.usage = fields.flag("usage", false);
  step.done = fields.flag("done", true);
  return step;
}

// Parses a step of the form {"NAME": true}, or with a word if there are several variants.
Step parse_close(JsonFields& fields) {
  const json* value = fields.find("close");
  if (value->is_boolean() && value->get<bool>()) return CloseStep{};
  if (*value == "abrupt") return CloseStep{Ending::kAbrupt};
  if (*value == "goaway") return CloseStep{Ending::kOrderly, true};
  fields.fail("close", "must be true, \"abrupt\" or \"goaway\"");
  return CloseStep{};
}

Step parse_step(const json& value, const std::string& where, Framing framing, std::string& error) {
  JsonFields fields(value, where, error);
  Step step = HangStep{};
  const auto has = [&](std::string_view key) { return fields.find(key) != nullptr; };
  const auto is_true = [&](std::string_view key) {
    if (!has(key)) return false;
    if (!fields.flag(key, false)) fields.fail(key, "must be true");
    return true;
  };
  if (has("send")) {
    step = parse_send(fields, "send", false, true);
  } else if (has("send_b64")) {
    step = parse_send(fields, "send_b64", true, true);
  } else if (has("raw")) {
    step = parse_send(fields, "raw", false, false);
  } else if (has("raw_b64")) {
    step = parse_send(fields, "raw_b64", true, false);
  } else if (has("event")) {
    step = parse_event(fields);
  } else if (const json* deltas = fields.find("deltas")) {
    step = parse_deltas(*deltas, where + ".deltas", framing, error);
  } else if (has("finish")) {
    step = parse_finish(fields);
  } else if (has("pause_ms")) {
    step = PauseStep{static_cast<Nanoseconds>(fields.number("pause_ms", 0) * kMillisecond)};
  } else if (has("wait")) {
    step = WaitStep{fields.text("wait")};
  } else if (has("close")) {
    step = parse_close(fields);
  } else if (is_true("reset")) {
    step = CloseStep{Ending::kReset};
  } else if (is_true("head")) {
    step = HeadStep{};
  } else if (!is_true("hang")) {
    fields.end();
    if (error.empty()) error = fmt::format("{} holds no step", where);
  }
  fields.end();
  return step;
}

std::string header_value(JsonFields& fields, const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_integer()) return value.dump();
  fields.fail("headers", "must hold strings, whole numbers or lists of them");
  return {};
}

// Parses headers: {"Name": "value" | ["value", …]}, or [["Name", "value"], …] if the order matters.
std::vector<Header> parse_headers(JsonFields& fields) {
  std::vector<Header> headers;
  const json* value = fields.find("headers");
  if (value == nullptr) return headers;
  for (const auto& [name, one] : value->items()) {
    if (value->is_array()) {
      if (!one.is_array() || one.size() != 2 || !one[0].is_string()) {
        fields.fail("headers", "must be an object or a list of pairs");
        return headers;
      }
      headers.push_back({one[0].get<std::string>(), header_value(fields, one[1])});
    } else if (one.is_array()) {
      for (const json& each : one) headers.push_back({name, header_value(fields, each)});
    } else {
      headers.push_back({name, header_value(fields, one)});
    }
  }
  return headers;
}

Match parse_match(const json& value, std::string where, std::string& error) {
  JsonFields fields(value, std::move(where), error);
  Match match{fields.text("method"), fields.text("path"), fields.text("model"),
              fields.text("body")};
  fields.end();
  return match;
}

void parse_steps(JsonFields& fields, Reply& reply, std::string& error) {
  const json* steps = fields.find("steps");
  if (steps == nullptr) return;
  if (!steps->is_array()) return fields.fail("steps", "must be a list");
  for (std::size_t i = 0; i < steps->size() && error.empty(); ++i) {
    const std::string where = fmt::format("{}.steps[{}]", fields.where(), i);
    reply.steps.push_back(parse_step((*steps)[i], where, reply.framing, error));
  }
}

// Parses the steps, or the whole body in `body` or `json`, and the default content type.
void parse_content(JsonFields& fields, Reply& reply, std::string& error) {
  std::string type = "text/event-stream";
  if (const json* value = fields.find("json")) {
    type = "application/json";
    reply.steps.push_back(whole_body(value->dump()));
  } else if (fields.find("body") != nullptr) {
    type = "text/plain; charset=utf-8";
    reply.steps.push_back(whole_body(fields.text("body")));
  } else {
    parse_steps(fields, reply, error);
  }
  if (find_header(reply.headers, "Content-Type") == nullptr) {
    reply.headers.push_back({"Content-Type", type});
  }
}

std::shared_ptr<const Reply> parse_reply(const json& value, std::string where, std::string& error) {
  using F = std::pair<std::string_view, Framing>;
  using A = std::pair<std::string_view, std::optional<Ending>>;
  constexpr F chunked{"chunked", Framing::kChunked}, length{"length", Framing::kLength},
      close{"close", Framing::kClose}, raw{"raw", Framing::kRaw};
  JsonFields fields(value, std::move(where), error);
  auto reply = std::make_shared<Reply>();
  reply->name = fields.text("name");
  if (const json* match = fields.find("match")) {
    reply->match = parse_match(*match, fields.where() + ".match", error);
  }
  reply->repeat = fields.flag("repeat", false);
  reply->status = static_cast<int>(fields.count("status", 200, 100));
  reply->reason = fields.text("reason", std::string(reason_phrase(reply->status)));
  reply->headers = parse_headers(fields);
  const bool whole = fields.find("json") != nullptr || fields.find("body") != nullptr;
  reply->framing = choose(fields, "framing",
                          whole ? std::array<F, 4>{length, chunked, close, raw}
                                : std::array<F, 4>{chunked, length, close, raw});
  reply->afterwards = choose(fields, "afterwards",
                             std::array<A, 3>{A{"keep", std::nullopt}, A{"close", Ending::kOrderly},
                                              A{"reset", Ending::kReset}});
  parse_content(fields, *reply, error);
  fields.end();
  return reply;
}

Script parse_document(const json& document, std::string& error) {
  Script script;
  const json* replies = &document;
  if (document.is_object()) {
    using G = std::pair<std::string_view, Greeting>;
    JsonFields fields(document, "script", error);
    if (fields.find("greeting") != nullptr) {
      script.greeting =
          choose(fields, "greeting",
                 std::array<G, 4>{G{"serve", Greeting::kServe}, G{"hang", Greeting::kHang},
                                  G{"close", Greeting::kClose}, G{"reset", Greeting::kReset}});
    }
    replies = fields.find("replies");
    fields.end();
    if (replies == nullptr) return script;
  }
  if (!replies->is_array()) error = "the replies must be a list";
  for (std::size_t i = 0; i < replies->size() && error.empty(); ++i) {
    script.replies.push_back(parse_reply((*replies)[i], fmt::format("replies[{}]", i), error));
  }
  return script;
}

}  // namespace

std::optional<Script> parse_script(std::string_view text, std::string& error) {
  error.clear();
  try {
    Script script = parse_document(json::parse(text), error);
    if (error.empty()) return script;
  } catch (const json::exception& failure) {
    error = failure.what();
  }
  return std::nullopt;
}

void prepare_burst(DeltasStep& step, Framing framing) {
  if (step.role) append_framed(framing, role_event(), step.burst);
  std::string events;
  for (std::size_t i = 0; i < step.count; ++i) {
    step.events.append(i, step.from + static_cast<std::int64_t>(i), events);
    if ((i + 1) % step.chunk == 0 || i + 1 == step.count) {
      append_framed(framing, events, step.burst);
      events.clear();
    }
  }
}

}  // namespace chatvim::standin
