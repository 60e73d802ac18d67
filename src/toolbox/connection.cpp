// SPDX-License-Identifier: Apache-2.0
#include "connection.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "chatvim/tools/label.hpp"

namespace chatvim::toolbox {

namespace {

/// A server that has not been used for this long is ended. A call may take ten minutes.
constexpr std::chrono::minutes kIdle{30};

}  // namespace

Connection::Connection(Parts parts, tools::Server server,
                       std::vector<std::pair<std::string, std::string>> environment, mcp::Kind kind)
    : parts_(std::move(parts)),
      server_(std::move(server)),
      environment_(std::move(environment)),
      kind_(kind),
      idle_(parts_.loop, [this] {
        client_.reset();
        listed_ = false;
      }) {}

void Connection::start() {
  note_use();
  if (client_) return;
  client_ =
      std::make_unique<mcp::Client>(mcp::Client::Parts{parts_.loop, parts_.http, parts_.log,
                                                       parts_.version, [this] { note_change(); }},
                                    server_, environment_, kind_);
}

void Connection::list(std::function<void(Result<void>)> on_done) {
  start();
  if (listed_) {
    parts_.loop.post([still = std::weak_ptr(alive_), on_done = std::move(on_done)] {
      if (!still.expired()) on_done({});
    });
    return;
  }
  waiting_.push_back(std::move(on_done));
  if (std::exchange(listing_, true)) return;
  client_->list([this](Result<std::vector<tools::Tool>> tools) { take(std::move(tools)); });
}

std::unique_ptr<mcp::Call> Connection::call(const std::string& tool, std::string_view arguments,
                                            std::function<void(tools::Result)> on_done) {
  start();
  return client_->call(tool, arguments, std::move(on_done));
}

void Connection::take(Result<std::vector<tools::Tool>> tools) {
  listing_ = false;
  Result<void> result;
  if (tools) {
    for (tools::Tool& tool : *tools) tool.server = server_.name;
    tools::set_labels(*tools);
    kind_ = client_->kind();
    const bool is_new = !has_list_ || tools_ != *tools;
    tools_ = std::move(*tools);
    has_list_ = true;
    listed_ = !std::exchange(changed_, false);
    if (is_new) parts_.on_list(tools_, kind_);
  } else {
    result = tl::unexpected(tools.error());
  }
  const std::weak_ptr still(alive_);
  for (const auto& on_done : std::exchange(waiting_, {})) {
    on_done(result);
    if (still.expired()) return;
  }
}

/// The server says that its list has changed: it is read again before it is needed.
void Connection::note_change() {
  listed_ = false;
  changed_ = listing_;
}

void Connection::note_use() { idle_.start(kIdle); }

}  // namespace chatvim::toolbox
