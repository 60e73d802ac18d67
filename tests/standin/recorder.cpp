// SPDX-License-Identifier: Apache-2.0
#include "recorder.h"

#include <algorithm>
#include <chrono>

namespace chatvim::standin {

std::uint64_t Recorder::open_connection() {
  const std::lock_guard lock(mutex_);
  ConnectionRecord record;
  record.id = ++last_connection_;
  record.accepted_ns = now_ns();
  connections_.push_back(record);
  changed_.notify_all();
  return record.id;
}

void Recorder::update_connection(std::uint64_t id,
                                 const std::function<void(ConnectionRecord&)>& change) {
  const std::lock_guard lock(mutex_);
  if (ConnectionRecord* record = find(id)) change(*record);
  changed_.notify_all();
}

void Recorder::forget_connection(std::uint64_t id) {
  const std::lock_guard lock(mutex_);
  std::erase_if(connections_, [&](const ConnectionRecord& record) { return record.id == id; });
}

std::shared_ptr<Exchange> Recorder::add(HttpRequest request, std::uint64_t connection,
                                        Nanoseconds accepted_ns) {
  auto exchange = std::make_shared<Exchange>();
  exchange->connection = connection;
  exchange->accepted_ns = accepted_ns;
  exchange->request = std::move(request);
  const std::lock_guard lock(mutex_);
  exchanges_.push_back(exchange);
  exchange->id = exchanges_.size();
  if (ConnectionRecord* record = find(connection)) ++record->requests;
  changed_.notify_all();
  return exchange;
}

void Recorder::update(Exchange& exchange, bool wake,
                      const std::function<void(ReplyRecord&)>& change) {
  const std::lock_guard lock(mutex_);
  change(exchange.reply);
  if (wake) changed_.notify_all();
}

bool Recorder::wait(const Condition& condition, Nanoseconds timeout) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::chrono::nanoseconds(timeout),
                    [&] { return stopped_ || holds(condition); });
  return holds(condition);
}

Snapshot Recorder::snapshot() const {
  const std::lock_guard lock(mutex_);
  Snapshot snapshot;
  for (const auto& exchange : exchanges_) {
    snapshot.exchanges.push_back({exchange, exchange->reply});
  }
  snapshot.connections = connections_;
  return snapshot;
}

void Recorder::reset() {
  const std::lock_guard lock(mutex_);
  exchanges_.clear();
  connections_.clear();
}

void Recorder::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  changed_.notify_all();
}

bool Recorder::holds(const Condition& condition) const {
  std::uint64_t ended = 0;
  std::uint64_t closed = 0;
  bool waiting = condition.waiting.empty();
  for (const auto& exchange : exchanges_) {
    const ReplyRecord& reply = exchange->reply;
    if (!reply.ended.empty()) ++ended;
    if (reply.ended == "client_closed") ++closed;
    if (reply.waiting_at == condition.waiting) waiting = true;
  }
  const auto connections_closed = static_cast<std::uint64_t>(
      std::count_if(connections_.begin(), connections_.end(),
                    [](const ConnectionRecord& record) { return record.closed_ns != 0; }));
  return waiting && exchanges_.size() >= condition.requests && ended >= condition.ended &&
         closed >= condition.closed && connections_.size() >= condition.connections &&
         connections_closed >= condition.connections_closed;
}

ConnectionRecord* Recorder::find(std::uint64_t id) {
  const auto found = std::find_if(connections_.begin(), connections_.end(),
                                  [&](const ConnectionRecord& record) { return record.id == id; });
  return found == connections_.end() ? nullptr : &*found;
}

}  // namespace chatvim::standin
