// SPDX-License-Identifier: Apache-2.0
#include "control.h"

#include <charconv>
#include <nlohmann/json.hpp>

#include "json_fields.h"
#include "record_json.h"

namespace chatvim::standin {
namespace {

using nlohmann::json;

constexpr std::uint64_t kDefaultTimeoutMs = 5000;
constexpr std::uint64_t kLongestTimeoutMs = 600'000;

ControlReply failure(int status, const std::string& message) {
  return {status, json{{"error", message}}.dump(-1, ' ', false, json::error_handler_t::replace)};
}

ControlReply success() { return {200, R"({"ok":true})"}; }

// Returns the number at `key` in the query, or `fallback` if it is missing; sets `good` to false if
// it is not a number.
std::uint64_t number(const HttpRequest& request, std::string_view key, std::uint64_t fallback,
                     bool& good) {
  const auto text = request.query(key);
  if (!text) return fallback;
  std::uint64_t value = 0;
  const char* last = text->data() + text->size();
  const auto [end, error] = std::from_chars(text->data(), last, value);
  if (error != std::errc{} || end != last) good = false;
  return value;
}

// Parses the body as a JSON object; an empty body is an empty object.
json object_in(const HttpRequest& request) {
  if (request.body.empty()) return json::object();
  return json::parse(request.body, nullptr, false);
}

}  // namespace

Control::Control(Playlist& playlist, Gates& gates, Recorder& recorder,
                 std::function<void()> drop_connections)
    : playlist_(playlist),
      gates_(gates),
      recorder_(recorder),
      drop_connections_(std::move(drop_connections)) {}

ControlReply Control::handle(const HttpRequest& request) {
  std::string_view path = request.path();
  if (!path.starts_with(kControlPrefix)) return failure(404, "this port is for control only");
  path.remove_prefix(kControlPrefix.size());
  const bool post = request.method == "POST";
  const bool get = request.method == "GET";
  if (post && path == "script") return load(request);
  if (post && path == "release") return release(request);
  if (post && path == "reset") return reset(request);
  if (get && path == "requests") return show(request);
  if (get && path.starts_with("requests/") && path.ends_with("/body")) {
    path.remove_prefix(std::string_view("requests/").size());
    path.remove_suffix(std::string_view("/body").size());
    return show_body(path);
  }
  return failure(404, request.method + " " + request.target + " is not known");
}

ControlReply Control::load(const HttpRequest& request) {
  std::string error;
  const std::optional<Script> script = parse_script(request.body, error);
  if (!script) return failure(400, error);
  playlist_.load(*script, request.query("append").has_value());
  return {200, json{{"ok", true}, {"queued", playlist_.size()}}.dump()};
}

ControlReply Control::show(const HttpRequest& request) {
  bool good = true;
  Condition condition;
  condition.requests = number(request, "wait", 0, good);
  condition.ended = number(request, "ended", 0, good);
  condition.closed = number(request, "closed", 0, good);
  condition.connections = number(request, "connections", 0, good);
  condition.connections_closed = number(request, "connections_closed", 0, good);
  condition.waiting = request.query("waiting").value_or("");
  const std::uint64_t timeout = number(request, "timeout_ms", kDefaultTimeoutMs, good);
  RecordView view;
  view.bodies = number(request, "bodies", 1, good) != 0;
  view.times = number(request, "times", 1, good) != 0;
  if (!good || timeout > kLongestTimeoutMs) {
    return failure(400, "a number in the query is wrong or too large");
  }
  const bool met = recorder_.wait(condition, static_cast<Nanoseconds>(timeout) * kMillisecond);
  return {200, snapshot_json(recorder_.snapshot(), view, met)};
}

ControlReply Control::show_body(std::string_view id) {
  for (const Snapshot::Entry& entry : recorder_.snapshot().exchanges) {
    if (std::to_string(entry.exchange->id) == id) {
      return {200, entry.exchange->request.body, "application/octet-stream"};
    }
  }
  return failure(404, "there is no such request");
}

ControlReply Control::release(const HttpRequest& request) {
  const json body = object_in(request);
  std::string error;
  JsonFields fields(body, "release", error);
  const std::string name = fields.text("name");
  const bool open = fields.flag("open", false);
  fields.end();
  if (name.empty()) fields.fail("name", "is missing");
  if (!error.empty()) return failure(400, error);
  gates_.release(name, open);
  return success();
}

ControlReply Control::reset(const HttpRequest& request) {
  const json body = object_in(request);
  std::string error;
  JsonFields fields(body, "reset", error);
  const bool drop = fields.flag("drop_connections", false);
  fields.end();
  if (!error.empty()) return failure(400, error);
  if (drop) drop_connections_();
  playlist_.reset();
  gates_.reset();
  recorder_.reset();
  return success();
}

}  // namespace chatvim::standin
