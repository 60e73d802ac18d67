// SPDX-License-Identifier: Apache-2.0
#include "editor.hpp"

#include <algorithm>
#include <stdexcept>

namespace chatvim::testing {

namespace {

constexpr int kRequest = 0;
constexpr int kResponse = 1;
constexpr int kNotification = 2;

Json to_json(const msgpack::object& object) {
  switch (object.type) {
    case msgpack::type::BOOLEAN:
      return object.via.boolean;
    case msgpack::type::POSITIVE_INTEGER:
      return object.via.u64;
    case msgpack::type::NEGATIVE_INTEGER:
      return object.via.i64;
    case msgpack::type::FLOAT32:
    case msgpack::type::FLOAT64:
      return object.via.f64;
    case msgpack::type::STR:
      return std::string(object.via.str.ptr, object.via.str.size);
    case msgpack::type::ARRAY: {
      Json list = Json::array();
      for (std::uint32_t i = 0; i < object.via.array.size; ++i)
        list.push_back(to_json(object.via.array.ptr[i]));
      return list;
    }
    case msgpack::type::MAP: {
      Json map = Json::object();
      for (std::uint32_t i = 0; i < object.via.map.size; ++i) {
        const auto& entry = object.via.map.ptr[i];
        map[entry.key.as<std::string>()] = to_json(entry.val);
      }
      return map;
    }
    default:
      return nullptr;
  }
}

Command serve(const Home& home, const std::vector<std::string>& more) {
  std::vector<std::string> arguments{"serve"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return home.command(arguments);
}

bool is_about(const Message& message, const std::string& name, int id) {
  return message.name == name && (id == 0 || message.map.value("id", 0) == id);
}

}  // namespace

Editor::Editor(const Home& home, const std::vector<std::string>& more)
    : process_(serve(home, more)) {}

void Editor::send(const std::string& name, const Json& map) {
  send_bytes(pack({kNotification, name, Json::array({map})}));
}

void Editor::send_bytes(std::string_view bytes) {
  process_.write(bytes);
  process_.wait_until([&] { return process_.all_sent(); });
}

Json Editor::wait(const std::string& name, int id) {
  const auto find = [&] {
    return std::find_if(waiting_.begin(), waiting_.end(),
                        [&](const Message& message) { return is_about(message, name, id); });
  };
  process_.wait_until([&] {
    take_frames();
    return find() != waiting_.end();
  });
  const auto found = find();
  Json map = std::move(found->map);
  waiting_.erase(found);
  return map;
}

void Editor::sync() {
  process_.write(pack({kRequest, ++last_request_, "sync", Json::array()}));
  process_.wait_until([&] {
    take_frames();
    return last_response_ == last_request_;
  });
}

void Editor::complete(int id, std::string_view text, const Json& settings) {
  send("complete", {{"id", id}, {"text", text}, {"settings", settings}});
}

Answer Editor::take_answer(int id) {
  Answer answer;
  for (;;) {
    process_.wait_until([&] {
      take_frames();
      return count("update", id) > 0 || count("ended", id) > 0;
    });
    if (count("update", id) == 0) break;
    const Json update = wait("update", id);
    std::string text;
    for (const Json& line : update.at("lines")) {
      text += (&line == &update.at("lines").front() ? "" : "\n") + line.get<std::string>();
    }
    answer.text += text;
    answer.updates.push_back(std::move(text));
    send("acknowledge", {{"id", id}, {"sequence", update.at("sequence")}});
  }
  answer.ended = wait("ended", id);
  return answer;
}

int Editor::count(const std::string& name, int id) const {
  return static_cast<int>(
      std::count_if(waiting_.begin(), waiting_.end(),
                    [&](const Message& message) { return is_about(message, name, id); }));
}

void Editor::take_frames() {
  std::string& bytes = process_.output();
  if (bytes.empty()) return;
  unpacker_.reserve_buffer(bytes.size());
  std::copy(bytes.begin(), bytes.end(), unpacker_.buffer());
  unpacker_.buffer_consumed(bytes.size());
  received_ += bytes;
  bytes.clear();
  msgpack::object_handle handle;
  while (unpacker_.next(handle)) take_frame(to_json(handle.get()));
}

void Editor::take_frame(const Json& frame) {
  if (frame.at(0) == kResponse) {
    last_response_ = frame.at(1);
    return;
  }
  if (frame.at(0) != kNotification)
    throw std::runtime_error("an unexpected frame: " + frame.dump());
  const std::string method = frame.at(1);
  if (first_method_.empty()) first_method_ = method;
  if (method != "nvim_exec_lua") return;
  const Json& arguments = frame.at(2).at(1);
  waiting_.push_back({arguments.at(0), arguments.at(1)});
}

std::string pack(const Json& value) {
  const auto bytes = Json::to_msgpack(value);
  return {bytes.begin(), bytes.end()};
}

}  // namespace chatvim::testing
