// SPDX-License-Identifier: Apache-2.0
#include "lua.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace chatvim::editor {

namespace {

/// The one way into Lua: a fixed chunk that gets the message as its arguments.
constexpr const char* kReceive = "require('chatvim.program.process').receive(...)";

}  // namespace

Json describe_error(const Error& error) {
  return {{"code", name_of(error.code)},
          {"level", name_of(level_of(error.code))},
          {"message", error.message}};
}

Lua::Lua(rpc::Channel& channel, std::function<void(const std::string&)> log)
    : channel_(channel), log_(std::move(log)) {}

void Lua::send(const std::string& name, const Json& map) {
  channel_.notify("nvim_exec_lua", Json::array({kReceive, Json::array({name, map})}));
}

void Lua::send_result(std::int64_t id, const Result<Json>& value) {
  Json result = value ? Json{{"value", *value}} : describe_error(value.error());
  result["id"] = id;
  send("result", result);
}

void Lua::send_failed(const Error& error) {
  log_(error.message);
  send("failed", describe_error(error));
}

}  // namespace chatvim::editor
