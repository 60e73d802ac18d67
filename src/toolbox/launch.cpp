// SPDX-License-Identifier: Apache-2.0
#include "launch.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "chatvim/text/secret_name.hpp"
#include "chatvim/text/shell.hpp"

namespace chatvim::toolbox {

namespace {

/// Where systemd keeps the file that /etc/resolv.conf is a link to.
constexpr const char* kResolver = "/run/systemd/resolve";
constexpr std::array kPassedOn = {"PATH", "HOME", "LANG", "TMPDIR", "USER", "SHELL"};

/// Returns the start of a command line that runs a program in bubblewrap. The system is read-only
/// except for the working folder, without what services listen at; npm gets a cache that it can
/// write; the program sees no other processes, and ends with this one.
std::vector<std::string> sandbox(const tools::Server& server, const std::string& home) {
  std::vector<std::string> words = {"bwrap",
                                    "--ro-bind",
                                    "/",
                                    "/",
                                    "--dev",
                                    "/dev",
                                    "--proc",
                                    "/proc",
                                    "--tmpfs",
                                    "/tmp",
                                    "--tmpfs",
                                    "/run",
                                    "--tmpfs",
                                    "/var/tmp",
                                    "--ro-bind-try",
                                    kResolver,
                                    kResolver,
                                    "--unshare-all",
                                    "--share-net",
                                    "--new-session",
                                    "--die-with-parent",
                                    "--setenv",
                                    "npm_config_cache",
                                    "/tmp/npm"};
  // The home folder itself, or the root, is no working folder to give away.
  const bool is_wide = server.folder == home || server.folder == "/" || server.folder.empty();
  if (!is_wide) words.insert(words.end(), {"--bind", server.folder, server.folder});
  if (!server.folder.empty()) words.insert(words.end(), {"--chdir", server.folder});
  words.emplace_back("--");
  return words;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> environment_of(const tools::Server& server,
                                                                const Environment& environment) {
  std::vector<std::pair<std::string, std::string>> all;
  for (const char* name : kPassedOn) {
    if (auto value = environment(name)) all.emplace_back(name, std::move(*value));
  }
  for (const auto& [name, value] : server.environment) {
    const auto found = std::find_if(
        all.begin(), all.end(), [&wanted = name](const auto& one) { return one.first == wanted; });
    if (found == all.end()) {
      all.emplace_back(name, value);
    } else {
      found->second = value;
    }
  }
  return all;
}

tools::Server ready_to_start(const tools::Server& server, const std::string& chat_folder,
                             const Environment& environment) {
  tools::Server ready = server;
  if (ready.command.empty()) return ready;
  const std::string home = environment("HOME").value_or("");
  if (ready.folder.empty()) ready.folder = home;
  if (ready.folder == tools::kChatFolder) ready.folder = chat_folder;
  return ready;
}

std::vector<std::string> words_of(const tools::Server& server, const Environment& environment) {
  if (!server.sandbox) return server.command;
  auto words = sandbox(server, environment("HOME").value_or(""));
  words.insert(words.end(), server.command.begin(), server.command.end());
  return words;
}

std::string describe_target(const tools::Server& server) {
  const auto& words = server.written.empty() ? server.command : server.written;
  if (server.command.empty()) return words.empty() ? server.url : words.front();
  std::string line;
  for (std::size_t i = 0; i < server.environment.size(); ++i) {
    const auto& [name, value] = server.environment[i];
    const bool is_secret = text::names_secret(name);
    const std::string& shown = i < server.written_values.size() ? server.written_values[i] : value;
    line += (line.empty() ? "" : " ") + name + "=" + (is_secret ? "***" : text::shell_word(shown));
  }
  for (const std::string& word : words) line += (line.empty() ? "" : " ") + text::shell_word(word);
  if (!server.folder.empty()) line += " (in " + server.folder + ")";
  return server.sandbox ? line + " (in a sandbox)" : line;
}

}  // namespace chatvim::toolbox
