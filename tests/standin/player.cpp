// SPDX-License-Identifier: Apache-2.0
#include "player.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "http2.h"
#include "request_json.h"

namespace chatvim::standin {
namespace {

constexpr std::size_t kBurstWrite = 256 * 1024;

template <typename Wanted>
bool holds(const Step& step) {
  return std::holds_alternative<Wanted>(step);
}

bool has_length(const std::vector<Header>& headers) {
  return find_header(headers, "Content-Length") != nullptr;
}

}  // namespace

bool Player::play() {
  recorder_.update(exchange_, false, [&](ReplyRecord& record) {
    record.name = reply_.name;
    record.status = reply_.framing == Framing::kRaw ? 0 : reply_.status;
  });
  return run_steps() ? finish_whole() : only_stream_reset_;
}

bool Player::run_steps() {
  const bool head_is_a_step =
      std::any_of(reply_.steps.begin(), reply_.steps.end(), holds<HeadStep>);
  if (!head_is_a_step && !run(HeadStep{})) return false;
  for (step_ = 0; step_ < reply_.steps.size(); ++step_) {
    if (!std::visit([this](const auto& step) { return run(step); }, reply_.steps[step_])) {
      return false;
    }
  }
  return true;
}

bool Player::run(const SendStep& step) {
  begin_record("send");
  for (std::size_t i = 0; i < step.times; ++i) {
    if (i > 0 && !stand_still(step.gap)) return false;
    if (!send_once(step, i + 1 == step.times)) return false;
  }
  return true;
}

bool Player::send_once(const SendStep& step, bool last_time) {
  std::string_view rest = step.bytes;
  for (;;) {
    const std::string_view piece = step.piece == 0 ? rest : rest.substr(0, step.piece);
    rest.remove_prefix(piece.size());
    const bool last = last_time && rest.empty();
    if (!(step.framed ? send_framed(piece, last) : send_bytes(piece))) return false;
    if (rest.empty()) return true;
    if (!stand_still(step.gap)) return false;
  }
}

bool Player::stand_still(Nanoseconds duration) {
  return duration == 0 || stream_.wait(now_ns() + duration) == Stream::Wait::kTime || gone();
}

bool Player::run(const DeltasStep& step) {
  begin_record("deltas");
  deltas_ += step.count;
  if (step.per_second > 0) return run_paced(step);
  if (is_http2()) {  // the prepared bytes have HTTP/1.1 framing
    DeltasStep plain = step;
    plain.burst.clear();
    prepare_burst(plain, Framing::kClose);
    return send_framed(plain.burst, false);
  }
  std::string_view rest = step.burst;
  while (!rest.empty()) {
    const std::string_view piece = rest.substr(0, kBurstWrite);
    rest.remove_prefix(piece.size());
    if (!send_bytes(piece)) return false;
  }
  return true;
}

// Event `i` is due at start + i / per_second; a late write does not delay the others.
bool Player::run_paced(const DeltasStep& step) {
  if (step.role && !send_framed(role_event(), false)) return false;
  const Nanoseconds start = now_ns();
  std::string events;
  for (std::size_t i = 0; i < step.count; ++i) {
    step.events.append(i, step.from + static_cast<std::int64_t>(i), events);
    const bool last = i + 1 == step.count;
    if ((i + 1) % step.chunk != 0 && !last) continue;
    const double due = static_cast<double>(i / step.chunk * step.chunk) / step.per_second;
    if (stream_.wait(start + static_cast<Nanoseconds>(due * kSecond)) != Stream::Wait::kTime) {
      return gone();
    }
    if (!send_framed(events, last)) return false;
    events.clear();
  }
  return true;
}

bool Player::run(const FinishStep& step) {
  begin_record("finish");
  return send_framed(finish_bytes(step, deltas_), true);
}

bool Player::run(const PauseStep& step) { return stand_still(step.duration); }

bool Player::run(const WaitStep& step) {
  const auto stand_at = [&](const std::string& name) {
    recorder_.update(exchange_, true, [&](ReplyRecord& record) { record.waiting_at = name; });
  };
  stand_at(step.name);
  const bool released = gates_.pass(step.name, stream_);
  stand_at({});
  return released || gone();
}

bool Player::run(const CloseStep& step) {
  if (is_http2() && step.ending == Ending::kReset) {
    only_stream_reset_ = stream_.write(http2_reset(http2_stream_));
    end("reset");
    return false;
  }
  if (step.goaway) stream_.write(http2_goaway());
  stream_.close(step.ending);
  end(step.ending == Ending::kReset ? "reset" : "closed");
  return false;
}

bool Player::run(const HangStep&) {
  stream_.wait(kNever);
  return gone();
}

bool Player::run(const HeadStep&) { return reply_.framing == Framing::kRaw || send_head(); }

bool Player::send_head() {
  recorder_.update(exchange_, false, [](ReplyRecord& record) { record.head_ns = now_ns(); });
  return stream_.write(head()) || gone();
}

std::string Player::head() const {
  if (is_http2()) return http2_head(http2_stream_, reply_.status, reply_.headers);
  std::string head = fmt::format("HTTP/1.1 {} {}\r\n", reply_.status, reply_.reason);
  for (const Header& header : reply_.headers) {
    head += fmt::format("{}: {}\r\n", header.name, header.value);
  }
  if (reply_.framing == Framing::kChunked) head += "Transfer-Encoding: chunked\r\n";
  if (reply_.framing == Framing::kLength && !has_length(reply_.headers)) {
    head += fmt::format("Content-Length: {}\r\n", content_length());
  }
  if (closes_after() && find_header(reply_.headers, "Connection") == nullptr) {
    head += "Connection: close\r\n";
  }
  return head + "\r\n";
}

// The last chunk is sent with the last data, so that a client that closes as soon as it has all
// text never looks like one that interrupted the reply.
bool Player::send_framed(std::string_view data, bool last) {
  if (is_http2()) {
    terminated_ = last && step_ + 1 == reply_.steps.size();
    return send_bytes(http2_data(http2_stream_, data, terminated_));
  }
  std::string framed;
  framed.reserve(data.size() + 16);
  append_framed(reply_.framing, data, framed);
  if (last && reply_.framing == Framing::kChunked && step_ + 1 == reply_.steps.size()) {
    framed += kLastChunk;
    terminated_ = true;
  }
  return send_bytes(framed);
}

bool Player::send_bytes(std::string_view data) {
  const Nanoseconds now = now_ns();
  recorder_.update(exchange_, false, [&](ReplyRecord& record) {
    record.steps.back().sent_ns.push_back(now);
    record.steps.back().bytes += data.size();
  });
  return stream_.write(data) || gone();
}

bool Player::finish_whole() {
  if (!terminated_ && !send_last()) return gone();
  const bool closes = closes_after() || reply_.afterwards.has_value();
  if (closes) stream_.close(reply_.afterwards.value_or(Ending::kOrderly));
  end("whole");
  return !closes;
}

// Sends the end marker of the body, if its framing has one.
bool Player::send_last() {
  if (reply_.framing == Framing::kRaw) return true;
  if (is_http2()) return stream_.write(http2_data(http2_stream_, {}, true));
  return reply_.framing != Framing::kChunked || stream_.write(kLastChunk);
}

bool Player::gone() {
  stream_.close(Ending::kAbrupt);
  end("client_closed");
  return false;
}

void Player::begin_record(std::string_view kind) {
  recorder_.update(exchange_, false, [&](ReplyRecord& record) {
    record.steps.push_back({step_, std::string(kind), 0, {}});
  });
}

void Player::end(std::string_view how) {
  recorder_.update(exchange_, true, [&](ReplyRecord& record) {
    record.ended = how;
    record.ended_ns = now_ns();
  });
}

// Whether the reply announces that the connection ends with it. An ending in `afterwards` is not
// announced, like that of a server that drops an idle connection.
bool Player::closes_after() const {
  const Header* said = find_header(reply_.headers, "Connection");
  if (is_http2()) return reply_.framing == Framing::kRaw;
  return reply_.framing == Framing::kClose || reply_.framing == Framing::kRaw ||
         !client_keeps_alive() || (said != nullptr && said->value == "close");
}

// Returns the number of bytes in all steps, including those after a close: this way a body can be
// truncated.
std::size_t Player::content_length() const {
  std::size_t length = 0;
  std::size_t deltas = 0;
  for (const Step& step : reply_.steps) {
    if (const auto* send = std::get_if<SendStep>(&step)) {
      length += send->bytes.size() * send->times;
    } else if (const auto* finish = std::get_if<FinishStep>(&step)) {
      length += finish_bytes(*finish, deltas).size();
    } else if (const auto* some = std::get_if<DeltasStep>(&step)) {
      DeltasStep all = *some;
      if (all.burst.empty()) prepare_burst(all, Framing::kLength);
      length += all.burst.size();
      deltas += all.count;
    }
  }
  return length;
}

std::string Player::finish_bytes(const FinishStep& step, std::size_t deltas) const {
  const HttpRequest& request = exchange_.request;
  const bool usage = step.usage.value_or(false) || (!step.usage && asks_for_usage(request.body));
  return finish_events(step.reason, usage, request.body.size() / 4, deltas, step.done);
}

}  // namespace chatvim::standin
