// SPDX-License-Identifier: Apache-2.0
#include "connection.h"

#include <fmt/format.h>

#include <fstream>

#include "http2.h"
#include "player.h"
#include "record_json.h"

namespace chatvim::standin {
namespace {

std::string plain_reply(int status, std::string_view type, std::string_view body, bool keep) {
  return fmt::format(
      "HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: {}\r\n\r\n{}",
      status, reason_phrase(status), type, body.size(), keep ? "keep-alive" : "close", body);
}

}  // namespace

Connection::Connection(std::shared_ptr<Stream> stream, Services& services, bool control_only)
    : stream_(std::move(stream)),
      services_(services),
      is_control_(control_only),
      accepted_ns_(now_ns()) {
  if (!control_only) id_ = services_.recorder.open_connection();
}

void Connection::run() {
  Stream::sharpen_timers();
  if ((is_control_ || greet()) && stream_->handshake()) {
    services_.recorder.update_connection(
        id_, [](ConnectionRecord& record) { record.ready_ns = now_ns(); });
    if (stream_->protocol() == Protocol::kHttp2) {
      serve_http2();
    } else {
      serve();
    }
  }
  stream_->close(Ending::kOrderly);
  services_.recorder.update_connection(id_, [&](ConnectionRecord& record) {
    record.closed_ns = now_ns();
    record.closed_by = closed_by_server_ ? "server" : "client";
  });
}

// Applies the script's greeting; returns false if there is nothing to serve.
bool Connection::greet() {
  switch (services_.playlist.greeting()) {
    case Greeting::kServe:
      return true;
    case Greeting::kHang:
      stream_->wait(kNever);
      return false;
    case Greeting::kClose:
    case Greeting::kReset:
      break;
  }
  closed_by_server_ = true;
  const bool reset = services_.playlist.greeting() == Greeting::kReset;
  stream_->close(reset ? Ending::kReset : Ending::kOrderly);
  return false;
}

void Connection::serve() {
  RequestReader reader(*stream_);
  for (;;) {
    std::optional<HttpRequest> request = reader.next();
    if (!request) {
      if (!reader.problem().empty()) refuse(reader.problem());
      return;
    }
    const bool control = is_control_ || request->path().starts_with(kControlPrefix);
    if (control ? !answer_control(*request) : !answer(std::move(*request))) return;
  }
}

void Connection::serve_http2() {
  Http2Reader reader(*stream_);
  for (;;) {
    std::optional<HttpRequest> request = reader.next();
    if (!request || !answer(std::move(*request), reader.stream_id())) return;
  }
}

// Answers a request; returns whether the connection stays open.
bool Connection::answer(HttpRequest request, std::uint32_t http2_stream) {
  const auto exchange = services_.recorder.add(std::move(request), id_, accepted_ns_);
  if (!services_.record_folder.empty()) write_files(*exchange);
  const std::shared_ptr<const Reply> reply = services_.playlist.choose(exchange->request);
  Player player(*stream_, services_.gates, services_.recorder, *exchange, *reply, http2_stream);
  const bool keep = player.play();
  // Only this thread ends a reply, so it can read the record without the recorder's lock.
  closed_by_server_ = !keep && exchange->reply.ended != "client_closed";
  return keep;
}

bool Connection::answer_control(const HttpRequest& request) {
  if (!is_control_) services_.recorder.forget_connection(id_);
  is_control_ = true;
  const ControlReply reply = services_.control.handle(request);
  const bool keep = request.keeps_alive();
  return stream_->write(plain_reply(reply.status, reply.type, reply.body, keep)) && keep;
}

bool Connection::refuse(const std::string& problem) {
  closed_by_server_ = true;
  return stream_->write(plain_reply(400, "text/plain", "stand-in: " + problem + "\n", false));
}

void Connection::write_files(const Exchange& exchange) const {
  const std::string stem = fmt::format("{}/request-{:04}", services_.record_folder, exchange.id);
  std::ofstream(stem + ".body", std::ios::binary) << exchange.request.body;
  const Snapshot::Entry entry{std::make_shared<Exchange>(exchange), {}};
  std::ofstream(stem + ".json") << exchange_json(entry, {false, false}) << '\n';
}

}  // namespace chatvim::standin
