// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>

#include "chatvim/editor/service.hpp"
#include "chatvim/http/curl_client.hpp"
#include "chatvim/loop/system.hpp"
#include "chatvim/rpc/channel.hpp"
#include "commands.hpp"
#include "log_file.hpp"
#include "output.hpp"

namespace chatvim::cli {

namespace {

/// Identifies the program to Neovim, for `nvim_list_chans()`.
void introduce(rpc::Channel& channel) {
  int major = 0;
  int minor = 0;
  int patch = 0;
  std::sscanf(CHATVIM_VERSION, "%d.%d.%d", &major, &minor, &patch);
  const Json version = {{"major", major}, {"minor", minor}, {"patch", patch}};
  const Json attributes = {{"website", "https://github.com/chatvim/chatvim"},
                           {"license", "Apache-2.0"}};
  channel.notify("nvim_set_client_info",
                 Json::array({"chatvim", version, "plugin", Json::object(), attributes}));
}

}  // namespace

int serve(const Options& options) {
  loop::keep_memory();
  const LogFile log_file(options.log_file);
  const auto log = [&log_file](const std::string& line) { log_file.add(line); };
  http::CurlClient client(options.environment);
  loop::Loop loop(client);
  std::string broken;
  rpc::Channel channel(loop, loop::standard_input(), loop::standard_output(),
                       {[&loop, &broken](const std::string& reason) {
                          broken = reason;
                          loop.quit();
                        },
                        log});
  editor::Service::Parts parts{loop, client, channel, options.environment, CHATVIM_VERSION, log};
  if (options.keep_memory) {
    parts.memory_kept = std::chrono::duration_cast<loop::Duration>(
        std::chrono::duration<double>(*options.keep_memory));
  }
  editor::Service service(std::move(parts));
  introduce(channel);
  loop.run();
  if (broken.empty()) return 0;
  // The plugin shows this line and restarts the program at the next use.
  const std::string complaint = "Neovim's channel was closed: " + broken + ".";
  log(complaint);
  say(complaint);
  return 1;
}

}  // namespace chatvim::cli
