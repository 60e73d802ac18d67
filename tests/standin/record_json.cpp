// SPDX-License-Identifier: Apache-2.0
#include "record_json.h"

#include <nlohmann/json.hpp>

#include "text.h"

namespace chatvim::standin {
namespace {

using nlohmann::json;

// Returns a time, or null if the event has not happened.
json time_json(Nanoseconds time) { return time == 0 ? json(nullptr) : json(time); }

json word_json(const std::string& word) { return word.empty() ? json(nullptr) : json(word); }

std::string dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

json reply_json(const ReplyRecord& reply, const RecordView& view) {
  json steps = json::array();
  for (const SentStep& step : reply.steps) {
    const bool sent = !step.sent_ns.empty();
    steps.push_back({{"step", step.step},
                     {"kind", step.kind},
                     {"bytes", step.bytes},
                     {"writes", step.sent_ns.size()},
                     {"first_ns", sent ? json(step.sent_ns.front()) : json(nullptr)},
                     {"last_ns", sent ? json(step.sent_ns.back()) : json(nullptr)}});
    if (view.times) steps.back()["sent_ns"] = step.sent_ns;
  }
  const bool cut = reply.ended == "client_closed";
  return {{"name", word_json(reply.name)},
          {"status", reply.status},
          {"head_ns", time_json(reply.head_ns)},
          {"steps", steps},
          {"waiting_at", word_json(reply.waiting_at)},
          {"ended", word_json(reply.ended)},
          {"ended_ns", time_json(reply.ended_ns)},
          {"client_closed_ns", cut ? json(reply.ended_ns) : json(nullptr)}};
}

json entry_json(const Snapshot::Entry& entry, const RecordView& view) {
  const Exchange& exchange = *entry.exchange;
  const HttpRequest& request = exchange.request;
  json headers = json::array();
  for (const Header& header : request.headers) headers.push_back({header.name, header.value});
  json out = {{"id", exchange.id},
              {"connection", exchange.connection},
              {"method", request.method},
              {"target", request.target},
              {"path", request.path()},
              {"version", request.version},
              {"headers", headers},
              {"expects_continue", request.expects_continue},
              {"body_bytes", request.body.size()},
              {"accepted_ns", exchange.accepted_ns},
              {"first_byte_ns", request.first_byte_ns},
              {"headers_ns", request.headers_ns},
              {"body_ns", request.body_ns},
              {"reply", reply_json(entry.reply, view)}};
  if (view.bodies && is_utf8(request.body)) {
    out["body"] = request.body;
  } else if (view.bodies) {
    out["body_b64"] = base64_encode(request.body);
  }
  return out;
}

json connection_json(const ConnectionRecord& connection) {
  return {{"id", connection.id},
          {"accepted_ns", connection.accepted_ns},
          {"ready_ns", time_json(connection.ready_ns)},
          {"requests", connection.requests},
          {"closed_ns", time_json(connection.closed_ns)},
          {"closed_by", word_json(connection.closed_by)}};
}

}  // namespace

std::string exchange_json(const Snapshot::Entry& entry, const RecordView& view) {
  return dump(entry_json(entry, view));
}

std::string snapshot_json(const Snapshot& snapshot, const RecordView& view, bool met) {
  json requests = json::array();
  for (const Snapshot::Entry& entry : snapshot.exchanges) {
    requests.push_back(entry_json(entry, view));
  }
  json connections = json::array();
  for (const ConnectionRecord& record : snapshot.connections) {
    connections.push_back(connection_json(record));
  }
  return dump({{"met", met},
               {"now_ns", now_ns()},
               {"requests", std::move(requests)},
               {"connections", std::move(connections)}});
}

}  // namespace chatvim::standin
