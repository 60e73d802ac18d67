// SPDX-License-Identifier: Apache-2.0
#include "launch.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace chatvim::toolbox {

namespace {

constexpr std::array kPassedOn = {"PATH", "HOME", "LANG", "TMPDIR", "USER", "SHELL"};

/// Returns the start of a command line that runs a program in bubblewrap: the system is read-only,
/// except the working folder; the program sees no other processes, and ends with this one.
std::vector<std::string> sandbox(const std::string& folder) {
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
                                    "--unshare-all",
                                    "--share-net",
                                    "--die-with-parent"};
  if (!folder.empty()) words.insert(words.end(), {"--bind", folder, folder, "--chdir", folder});
  words.emplace_back("--");
  return words;
}

std::string quoted(const std::string& word) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./@%+=:,-~";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

}  // namespace

std::vector<std::pair<std::string, std::string>> environment_of(const tools::Server& server,
                                                                const Environment& environment) {
  std::vector<std::pair<std::string, std::string>> all;
  for (const char* name : kPassedOn) {
    if (auto value = environment(name)) all.emplace_back(name, std::move(*value));
  }
  for (const auto& [name, value] : server.environment) {
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.first == name; });
    if (found == all.end()) {
      all.emplace_back(name, value);
    } else {
      found->second = value;
    }
  }
  return all;
}

tools::Server ready_to_start(const tools::Server& server, const std::string& chat_folder) {
  tools::Server ready = server;
  if (ready.command.empty()) return ready;
  if (ready.folder.empty()) ready.folder = chat_folder;
  if (ready.sandbox) {
    auto words = sandbox(ready.folder);
    words.insert(words.end(), ready.command.begin(), ready.command.end());
    ready.command = std::move(words);
  }
  return ready;
}

std::string describe_target(const tools::Server& server) {
  if (server.command.empty()) return server.url;
  std::string line;
  for (const std::string& word : server.command) line += (line.empty() ? "" : " ") + quoted(word);
  if (!server.folder.empty()) line += " (in " + server.folder + ")";
  return line;
}

}  // namespace chatvim::toolbox
