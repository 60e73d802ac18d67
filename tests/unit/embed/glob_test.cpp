// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <map>
#include <string>

#include "embed_support.hpp"

namespace chatvim::embed {
namespace {

using namespace testing::embed;

/// The system's files; counts how often each folder is listed.
class CountingFiles final : public files::Files {
 public:
  Result<files::Entry> look(const std::string& path) const override { return real_.look(path); }
  Result<std::string> resolve(const std::string& path) const override {
    return real_.resolve(path);
  }
  Result<std::string> read(const std::string& path, std::uint64_t most) const override {
    return real_.read(path, most);
  }
  Result<std::vector<files::Name>> list(const std::string& path, std::size_t most) const override {
    ++lists[path];
    return real_.list(path, most);
  }

  mutable std::map<std::string, int> lists;

 private:
  const files::Files& real_ = files::system_files();
};

}  // namespace

TEST_CASE("a folder is read once even if several patterns search it", "[embed]") {
  const Folder folder;
  for (int i = 0; i < 100; ++i) {
    folder.write("src/d" + std::to_string(i % 10) + "/f" + std::to_string(i) + ".txt", "x");
  }
  std::string text;
  for (int i = 0; i < 50; ++i) text += "![](**/f" + std::to_string(i) + ".txt)\n\n";
  const CountingFiles files;
  const auto expansion = expand({{Role::kUser, text}}, context_of(folder), files);
  REQUIRE(expansion.items.size() == 50);
  for (const Item& item : expansion.items) CHECK_FALSE(item.error);
  CHECK(files.lists.size() == 12);
  for (const auto& [path, count] : files.lists) {
    INFO(path);
    CHECK(count == 1);
  }
}

TEST_CASE("a folder that may not be read is not listed by a pattern", "[embed]") {
  const Folder folder;
  const Folder outside;
  outside.write("secret.txt", "x");
  folder.link("link", outside.path());
  const CountingFiles files;
  expand({{Role::kUser, "![](link/*.txt)\n"}}, context_of(folder), files);
  CHECK(files.lists.count(outside.path()) == 0);
}

}  // namespace chatvim::embed
