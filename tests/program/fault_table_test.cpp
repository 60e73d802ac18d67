// SPDX-License-Identifier: Apache-2.0
// Tests every fault of a server or of the network; the table in doc/faults.md lists the outcome and
// the message of each. With CHATVIM_REWRITE=1 the test rewrites the table; review it before
// committing. tests/nvim/test_kill.lua checks its rows on kills.
#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <regex>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "fault_scenes.hpp"
#include "home.hpp"
#include "standin.hpp"

namespace chatvim::testing::fault_table_test {

namespace {

constexpr const char* kFile = CHATVIM_TEST_DATA "/../../doc/faults.md";
constexpr const char* kHead = "| fault | text in the chat | outcome | message |";
constexpr const char* kOfKills = "| killed: ";

/// Replaces the parts of a message that differ from run to run.
std::string stable(std::string text) {
  text = std::regex_replace(text, std::regex("127\\.0\\.0\\.1:[0-9]+"), "127.0.0.1:PORT");
  text = std::regex_replace(text, std::regex("port [0-9]+"), "port PORT");
  text = std::regex_replace(text, std::regex("after [0-9]+ ms"), "after N ms");
  text = std::regex_replace(text, std::regex("HTTP/2 stream [0-9]+"), "HTTP/2 stream N");
  text = std::regex_replace(text, std::regex("OpenSSL/[0-9.a-z]+"), "OpenSSL/VERSION");
  // A server's own text may be up to 2 KB long.
  text = std::regex_replace(text, std::regex("(never ends ){9,}"), "(never ends, up to 2 KB) ");
  return std::regex_replace(text, std::regex("\\|"), "\\|");
}

/// Returns a short description of the answer's text, or the text itself.
std::string shown(const FaultScene& scene, const std::string& text) {
  if (text.empty()) return "nothing";
  if (text == scene.text) return "all";
  if (text.size() > 1000) return fmt::format("{} MiB", text.size() / (1024 * 1024));
  return scene.text.starts_with(text) ? "its beginning" : "all except the corrupted part";
}

/// A scene that is being played.
struct Played {
  const FaultScene& scene;
  std::unique_ptr<Home> home;
  std::unique_ptr<Process> process;
};

Played start(const FaultScene& scene, const std::string& model, FaultServers& servers) {
  Played played{scene, std::make_unique<Home>(), nullptr};
  played.home->configure(configuration(servers.base_url(scene), servers.settings(scene)));
  played.process = std::make_unique<Process>(
      played.home->command({"complete", "--json", "--set", "model=standin/" + model, "hi"}));
  played.process->end_input();
  return played;
}

std::string row_of(Played& played) {
  const int code = played.process->wait();
  INFO(played.scene.name << ": " << played.process->errors().substr(0, 300));
  const Json object = Json::parse(played.process->output());
  const std::string message = object.value("message", "");
  const std::string outcome = object.at("outcome");
  // Exactly one outcome; an error has a code, a message and its own exit code.
  CHECK((outcome == "done" || outcome == "error"));
  CHECK((code == 0) == (outcome == "done" && message.empty()));
  if (outcome == "error")
    CHECK((!message.empty() && std::regex_search(message, std::regex("(\\.|\\?|…)$"))));
  const std::string kind = object.value("code", "");
  return fmt::format("| {} | {} | {} | {} |", played.scene.name,
                     shown(played.scene, object.at("text")),
                     kind.empty() ? outcome : fmt::format("{} `{}`", outcome, kind),
                     message.empty() ? "nothing (success)" : stable(message));
}

/// Returns the file's text before the table, and its rows on kills.
std::pair<std::string, std::vector<std::string>> kept_of_file() {
  std::ifstream file(kFile);
  std::string before;
  std::vector<std::string> kills;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(kOfKills)) kills.push_back(line);
    if (line == kHead) break;
    before += line + "\n";
  }
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(kOfKills)) kills.push_back(line);
  }
  return {before, kills};
}

}  // namespace

TEST_CASE("each fault has one outcome and the message listed in doc/faults.md", "[faults]") {
  FaultServers servers;
  const std::vector<FaultScene> scenes = fault_scenes();
  servers.script(scenes);
  std::vector<Played> all;
  all.reserve(scenes.size());
  for (std::size_t i = 0; i < scenes.size(); ++i)
    all.push_back(start(scenes[i], fault_model(i), servers));
  const auto [before, kills] = kept_of_file();
  std::string table = before + kHead + "\n| --- | --- | --- | --- |\n";
  for (Played& played : all) table += row_of(played) + "\n";
  for (const std::string& row : kills) table += row + "\n";
  if (std::getenv("CHATVIM_REWRITE") != nullptr) std::ofstream(kFile) << table;

  std::ifstream file(kFile);
  std::istringstream got(table);
  std::string wanted;
  for (std::string line; std::getline(got, line);) {
    std::getline(file, wanted);
    CHECK(line == wanted);
  }
  CHECK_FALSE(std::getline(file, wanted));
}

}  // namespace chatvim::testing::fault_table_test
