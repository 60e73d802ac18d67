// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "chatvim/chat/configuration.hpp"
#include "chatvim/http/curl_client.hpp"
#include "chatvim/loop/loop.hpp"
#include "chatvim/text/utf8.hpp"
#include "chatvim/toolbox/inventory.hpp"
#include "chatvim/toolbox/toolbox.hpp"
#include "commands.hpp"
#include "input.hpp"
#include "output.hpp"
#include "table.hpp"

namespace chatvim::cli {

namespace {

/// Longest part of a description that the list shows, in bytes.
constexpr std::size_t kMostDescription = 100;
constexpr std::size_t kMostTarget = 2000;

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

std::string_view word_for(const Json& tool) {
  const std::string& allowed = tool["allowed"].get_ref<const std::string&>();
  if (allowed == "always") return "allowed";
  return allowed == "changed" ? "changed since it was allowed" : "asks";
}

std::string describe_server(const Json& server) {
  const auto text = [&server](const char* key) { return server[key].get<std::string>(); };
  std::string out = text("name");
  if (!text("target").empty()) {
    out += fmt::format("  {}", text::printable(text("target"), kMostTarget));
  }
  out += text("source").empty()
             ? "\n  built in\n"
             : fmt::format("\n  from {}\n", text::printable_name(text("source"), kMostTarget));
  if (server["start"] == false) out += "  asks before it is started\n";
  if (server["known"] == false) {
    return out +
           fmt::format("  its tools are not known yet: `chatvim tools --start {}` reads them\n",
                       text("name"));
  }
  for (const Json& tool : server["tools"]) {
    out += fmt::format(
        "  {:<40} {:<8} {}\n", tool["label"].get<std::string>(), word_for(tool),
        text::printable(first_line(tool["description"].get<std::string>()), kMostDescription));
  }
  return out;
}

/// Starts a server and reads its list of tools, for which the command itself is the consent.
Result<void> read_list(const Options& options, const settings::Settings& settings) {
  http::CurlClient client(options.environment);
  loop::Loop loop(client);
  toolbox::Toolbox tools({loop, client, options.environment, CHATVIM_VERSION, {}});
  const chat::Chat chat{settings, {}, {}, 0, {}, chat::Mode::kAnswer, std::nullopt};
  const chat::Origin origin = origin_of(options, "");
  toolbox::Permissions permissions;
  Result<void> result;
  const auto listing = tools.list(
      options.name,
      {chat, origin, permissions, false,
       [](const toolbox::Question&, const std::function<void(toolbox::Decision)>& reply) {
         reply({toolbox::Decision::Kind::kOnce});
       }},
      [&](const toolbox::CallEnd& end) {
        if (end.outcome != document::ToolCall::Outcome::kResult) {
          result = tl::unexpected(Error{ErrorCode::kTool, end.text});
        }
        loop.quit();
      });
  loop.run();
  return result;
}

}  // namespace

int tools(const Options& options) {
  const auto known = read_known(options);
  if (!known) return report(known.error());
  const auto& settings = known->settings;
  const std::string folder = origin_of(options, "").folder;
  if (!options.forgotten.empty()) {
    const auto forgotten =
        toolbox::forget(options.forgotten, settings, folder, options.environment);
    return forgotten ? 0 : report(forgotten.error());
  }
  if (!options.name.empty()) {
    if (auto read = read_list(options, settings); !read) return report(read.error());
  }
  const Json inventory = toolbox::inventory(settings, folder, options.environment);
  for (const Json& warning : inventory["warnings"]) say(warning.get<std::string>());
  if (options.json) {
    return print(inventory.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
  }
  std::string text;
  for (const Json& server : inventory["servers"]) {
    text += (text.empty() ? "" : "\n") + describe_server(server);
  }
  return print(text);
}

}  // namespace chatvim::cli
