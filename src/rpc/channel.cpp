// SPDX-License-Identifier: Apache-2.0
#include "chatvim/rpc/channel.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "codec.hpp"
#include "transport.hpp"

namespace chatvim::rpc {

namespace {

// Frame types (msgpack-rpc/spec.md).
constexpr std::uint64_t kRequest = 0;
constexpr std::uint64_t kResponse = 1;
constexpr std::uint64_t kNotification = 2;

bool is_array(const msgpack::object& object) { return object.type == msgpack::type::ARRAY; }
bool is_string(const msgpack::object& object) { return object.type == msgpack::type::STR; }

std::string string_of(const msgpack::object& object) {
  return {object.via.str.ptr, object.via.str.size};
}

}  // namespace

struct Channel::Impl {
  Events events;
  Transport transport;
  std::map<std::string, Handler, std::less<>> notifications;
  std::map<std::string, RequestHandler, std::less<>> requests;

  Impl(loop::Loop& loop, int input, int output, Events the_events)
      : events(std::move(the_events)),
        transport(loop, input, output,
                  {[this](const msgpack::object& object) { take(object); },
                   [this](const std::string& reason) { events.on_closed(reason); }}) {}

  void take(const msgpack::object& object) {
    if (object.type != msgpack::type::ARRAY || object.via.array.size == 0 ||
        object.via.array.ptr[0].type != msgpack::type::POSITIVE_INTEGER) {
      return events.on_error("skipped a value that is not a message");
    }
    const auto& frame = object.via.array;
    const std::uint64_t kind = frame.ptr[0].via.u64;
    if (kind == kNotification && frame.size == 3 && is_string(frame.ptr[1]) &&
        is_array(frame.ptr[2])) {
      return take_notification(string_of(frame.ptr[1]), frame.ptr[2]);
    }
    if (kind == kRequest && frame.size == 4 && is_string(frame.ptr[2]) && is_array(frame.ptr[3])) {
      return take_request(to_json(frame.ptr[1]), string_of(frame.ptr[2]), frame.ptr[3]);
    }
    if (kind == kResponse && frame.size == 4) return;  // we send no requests
    events.on_error("skipped a message of unknown type");
  }

  void take_notification(const std::string& method, const msgpack::object& arguments) {
    const auto handler = notifications.find(method);
    if (handler != notifications.end()) return handler->second(to_json(arguments));
    if (method == "nvim_error_event") {
      return events.on_error(
          "Neovim reports: " +
          to_json(arguments).dump(-1, ' ', false, Json::error_handler_t::replace));
    }
    events.on_error(fmt::format("unknown notification {}", method));
  }

  void take_request(const Json& id, const std::string& method, const msgpack::object& arguments) {
    const auto handler = requests.find(method);
    if (handler == requests.end()) {
      return respond(id, fmt::format("Unknown method {}.", method), nullptr);
    }
    const auto result = handler->second(to_json(arguments));
    if (result) {
      respond(id, nullptr, *result);
    } else {
      respond(id, result.error().message, nullptr);
    }
  }

  void respond(const Json& id, const Json& error, const Json& result) {
    send({kResponse, id, error, result});
  }

  void send(const Json& frame) {
    std::string bytes;
    Json::to_msgpack(frame, bytes);
    transport.write(bytes);
  }
};

Channel::Channel(loop::Loop& loop, int input, int output, Events events)
    : impl_(std::make_unique<Impl>(loop, input, output, std::move(events))) {}

Channel::~Channel() = default;

void Channel::on_notification(std::string method, Handler handler) {
  impl_->notifications[std::move(method)] = std::move(handler);
}

void Channel::on_request(std::string method, RequestHandler handler) {
  impl_->requests[std::move(method)] = std::move(handler);
}

void Channel::notify(std::string_view method, const Json& arguments) {
  impl_->send(Json::array({kNotification, std::string(method), arguments}));
}

std::size_t Channel::unsent_bytes() const { return impl_->transport.unsent_bytes(); }

}  // namespace chatvim::rpc
