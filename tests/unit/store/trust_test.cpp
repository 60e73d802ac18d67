// SPDX-License-Identifier: Apache-2.0
// The storage of the user's decisions.
#include <sys/stat.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "chatvim/store/state.hpp"
#include "chatvim/store/trust.hpp"
#include "embed_support.hpp"

namespace chatvim::store {
namespace {

using testing::embed::environment;

namespace fs = std::filesystem;

unsigned mode_of(const std::string& path) {
  struct stat found {};
  REQUIRE(::stat(path.c_str(), &found) == 0);
  return found.st_mode & 0777U;
}

}  // namespace

TEST_CASE("decisions made at the same time are all saved", "[trust]") {
  const testing::embed::Folder folder;
  const auto variables = environment({{"XDG_STATE_HOME", folder.path()}});
  constexpr int kWriters = 6;
  constexpr int kDecisions = 60;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer] {
      for (int i = 0; i < kDecisions; ++i) {
        const std::string path = "/" + std::to_string(writer) + "/" + std::to_string(i);
        static_cast<void>(Trust::remember_embed(variables, path, true));
      }
    });
  }
  for (auto& writer : writers) writer.join();
  CHECK(Trust(variables).embeds().size() == kWriters * kDecisions);
}

TEST_CASE("decisions are in a file and a folder that only the user can open", "[trust]") {
  const testing::embed::Folder folder;
  const auto variables = environment({{"XDG_STATE_HOME", folder.path()}});
  folder.make("chatvim");
  fs::permissions(folder.path("chatvim"), fs::perms::all);
  const mode_t mask = ::umask(0);
  REQUIRE(Trust::remember_context(variables, "/a/.chatvim.md", "text"));
  ::umask(mask);
  CHECK(mode_of(folder.path("chatvim")) == 0700);
  CHECK(mode_of(folder.path("chatvim/contexts")) == 0700);
  for (const auto& entry : fs::recursive_directory_iterator(folder.path("chatvim"))) {
    INFO(entry.path());
    if (entry.is_regular_file()) CHECK(mode_of(entry.path()) == 0600);
  }
  // A file that everybody can write to is ignored.
  fs::permissions(folder.path("chatvim/trust.json"), fs::perms::all);
  CHECK(Trust(variables).context("/a/.chatvim.md", "text") == Trust::Context::kUndecided);
}

TEST_CASE("approval of a .chatvim.md covers only its current text", "[trust]") {
  const testing::embed::Folder folder;
  const auto variables = environment({{"XDG_STATE_HOME", folder.path()}});
  const std::string path = "/a/.chatvim.md";
  using Context = Trust::Context;
  CHECK(Trust(variables).context(path, "one") == Context::kUndecided);
  REQUIRE(Trust::remember_context(variables, path, "one"));
  CHECK(Trust(variables).context(path, "one") == Context::kUse);
  CHECK(Trust(variables).context(path, "two") == Context::kChanged);
  CHECK(Trust(variables).context_before(path) == "one");
  CHECK(Trust(variables).context("/b/.chatvim.md", "one") == Context::kUndecided);
  REQUIRE(Trust::remember_context(variables, path, std::nullopt));
  CHECK(Trust(variables).context(path, "one") == Context::kNever);
  // An approval saved by an earlier version covered any content of the file.
  folder.write("chatvim/trust.json", R"({"contexts": {"/a/.chatvim.md": true}})");
  CHECK(Trust(variables).context(path, "one") == Context::kUndecided);
}

TEST_CASE("demands and servers are remembered by hash and by name", "[trust]") {
  const testing::embed::Folder folder;
  const auto variables = environment({{"XDG_STATE_HOME", folder.path()}});
  REQUIRE(Trust::remember_demands(variables, "abc"));
  REQUIRE(Trust::remember_server(variables, "llamacpp"));
  const Trust trust(variables);
  CHECK(trust.allows_demands("abc"));
  CHECK_FALSE(trust.allows_demands("abd"));
  CHECK(trust.allows_server("llamacpp"));
  CHECK_FALSE(trust.allows_server("vllm"));
}

TEST_CASE("a relative XDG path counts as unset", "[trust]") {
  CHECK(state_folder(environment({{"XDG_STATE_HOME", "state"}, {"HOME", "/h"}})) ==
        "/h/.local/state/chatvim");
  CHECK(state_folder(environment({{"XDG_STATE_HOME", "state"}, {"HOME", "h"}})).empty());
}

}  // namespace chatvim::store
