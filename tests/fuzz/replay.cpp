// SPDX-License-Identifier: Apache-2.0
// Feeds every file of the corpora to its target, with any compiler: replay CORPUS_FOLDER. With
// --names lists the targets.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "targets.hpp"

namespace {

std::string content(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Feeds all files in a folder to the target and returns their number.
int replay(const chatvim::fuzz::Target& target, const std::filesystem::path& folder) {
  int count = 0;
  if (!std::filesystem::is_directory(folder)) return 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    // Print the name first, so that the last line shows which file crashed the process.
    std::printf("%s\n", entry.path().c_str());
    std::fflush(stdout);
    target.run(content(entry.path()));
    ++count;
  }
  return count;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && std::string_view(argv[1]) == "--names") {
    for (const auto& target : chatvim::fuzz::targets()) std::printf("%s\n", target.name.data());
    return 0;
  }
  if (argc != 2) {
    std::fputs("usage: chatvim_fuzz_replay CORPUS_FOLDER | --names\n", stderr);
    return 2;
  }
  bool complete = true;
  for (const auto& target : chatvim::fuzz::targets()) {
    const auto folder = std::filesystem::path(argv[1]) / target.name;
    if (replay(target, folder) > 0) continue;
    std::fprintf(stderr, "the target %s has no corpus in %s\n", target.name.data(), folder.c_str());
    complete = false;
  }
  return complete ? 0 : 1;
}
