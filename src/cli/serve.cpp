// SPDX-License-Identifier: Apache-2.0
#include <spdlog/logger.h>
#include <spdlog/sinks/rotating_file_sink.h>

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "chatvim/completion/service.hpp"
#include "chatvim/http/curl_client.hpp"
#include "chatvim/loop/system.hpp"
#include "chatvim/rpc/channel.hpp"
#include "chatvim/text/utf8.hpp"
#include "commands.hpp"

namespace chatvim::cli {

namespace {

constexpr std::size_t kMostLogBytes = 1024 * 1024;
constexpr std::size_t kLogFiles = 1;
/// Of one line: what is logged may repeat what others sent.
constexpr std::size_t kMostLineBytes = 4096;

/// The log, or nothing where its file cannot be written: then there is none.
std::shared_ptr<spdlog::logger> open_log(const std::string& path) {
  if (path.empty()) return nullptr;
  try {
    auto sink =
        std::make_shared<spdlog::sinks::rotating_file_sink_st>(path, kMostLogBytes, kLogFiles);
    auto logger = std::make_shared<spdlog::logger>("chatvim", std::move(sink));
    logger->flush_on(spdlog::level::info);
    return logger;
  } catch (const spdlog::spdlog_ex&) {
    return nullptr;
  }
}

/// Who we are to Neovim's `nvim_list_chans()`.
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
  auto logger = open_log(options.log_file);
  const auto log = [logger](const std::string& line) {
    if (logger) logger->info(text::printable_name(line, kMostLineBytes));
  };
  http::CurlClient client;
  loop::Loop loop(client);
  rpc::Channel channel(loop, loop::standard_input(), loop::standard_output(),
                       {[&loop] { loop.quit(); }, log});
  completion::Service service({loop, client, channel, options.environment, CHATVIM_VERSION, log});
  introduce(channel);
  loop.run();
  return 0;
}

}  // namespace chatvim::cli
