// SPDX-License-Identifier: Apache-2.0
#include <rapidcheck.h>

#include <array>
#include <cstdio>
#include <set>

#include "chatvim/glob/ignore.hpp"
#include "chatvim/glob/wildcard.hpp"
#include "embed_support.hpp"
#include "property.hpp"

namespace chatvim::glob {
namespace {

using namespace testing::embed;
using files::system_files;

/// Runs a shell command and returns its output.
std::string run(const std::string& command) {
  std::FILE* pipe = ::popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string out;
  std::array<char, 4096> piece{};
  while (const std::size_t count = std::fread(piece.data(), 1, piece.size(), pipe)) {
    out.append(piece.data(), count);
  }
  ::pclose(pipe);
  return out;
}

bool has_git() { return run("git --version 2>/dev/null").starts_with("git version"); }

const std::string kGit = "GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null git ";

/// Collects all files that are not ignored, by walking the folder.
void walk(const std::string& folder, const std::string& name, const Ignore& ignore,
          std::set<std::string>& found) {
  const auto names = system_files().list(folder, 100000);
  REQUIRE(names);
  for (const auto& one : *names) {
    if (one.name == ".git" || ignore.ignores(one.name, one.is_folder)) continue;
    if (one.is_folder) {
      walk(folder + "/" + one.name, name + one.name + "/", ignore.below(one.name, system_files()),
           found);
    } else {
      found.insert(name + one.name);
    }
  }
}

std::set<std::string> ours(const std::string& folder) {
  std::set<std::string> found;
  walk(folder, "", Ignore::at(folder, system_files()), found);
  return found;
}

/// Returns the same set according to git.
std::set<std::string> gits(const std::string& folder) {
  const std::string out = run("cd '" + folder + "' && " + kGit +
                              "ls-files -z --others --exclude-per-directory=.gitignore "
                              "--exclude-from=.git/info/exclude");
  std::set<std::string> found;
  for (std::size_t at = 0; at < out.size();) {
    const std::size_t end = out.find('\0', at);
    found.insert(out.substr(at, end - at));
    at = end + 1;
  }
  return found;
}

}  // namespace

TEST_CASE("wildcards of paths", "[embed]") {
  CHECK(matches("*.c", "a.c"));
  CHECK(!matches("*.c", "a/b.c"));
  CHECK(matches("**/*.c", "a/b.c"));
  CHECK(matches("**/*.c", "b.c"));
  CHECK(matches("a/**/b", "a/b"));
  CHECK(matches("a/**/b", "a/x/y/b"));
  CHECK(!matches("a/**/b", "ab"));
  CHECK(matches("a/**", "a/b/c"));
  CHECK(!matches("a/**", "a"));
  CHECK(matches("a**b", "axxb"));
  CHECK(!matches("a**b", "ax/xb"));
  CHECK(matches("[a-c]?[!x]", "b1y"));
  CHECK(!matches("[a-c]?[^x]", "b1x"));
  CHECK(matches("[[:digit:][:upper:]]", "Q"));
  CHECK(matches("[]-]", "]"));
  CHECK(!matches("[a", "a"));
  CHECK(!matches("a[^/]b", "a/b"));
  CHECK(matches("\\*\\a", "*a"));
  CHECK(!matches("a\\", "a\\"));
  CHECK(matches("", ""));
  CHECK(!matches("", "a"));
  // Takes linear time where other matchers take exponential time.
  std::string stars;
  for (int i = 0; i < 500; ++i) stars += "*a";
  CHECK(!matches(stars + "b", std::string(5000, 'a')));
  std::string folders;
  for (int i = 0; i < 200; ++i) folders += "**/a/";
  std::string path;
  for (int i = 0; i < 2000; ++i) path += "a/";
  CHECK(!matches(folders + "b", path + "c"));
}

TEST_CASE("any bytes are accepted as patterns", "[embed]") {
  CHECK(testing::holds("patterns of any bytes end", 2000, [] {
    const auto any = [] {
      return *rc::gen::container<std::string>(rc::gen::element<char>(
          '*', '*', '?', '[', ']', '!', '^', '-', '\\', '/', 'a', 'b', ':', '\xFF', ' ', '\n'));
    };
    const std::string pattern = any();
    const std::string path = any();
    matches(pattern, path);
    const IgnoreFile file(pattern);
    file.look(path, true);
    file.look(path, false);
  }));
}

TEST_CASE("git ignores the same files", "[embed]") {
  if (!has_git()) SKIP("git is not installed");
  const Folder folder;
  run("cd '" + folder.path() + "' && " + kGit + "init -q . 2>&1");
  for (const std::string name :
       {"a",     "b",   "ab",    "a b",     "a.c",     "b.c",   ".a",    "!a",     "#a",
        "a ",    "[a]", "a*",    "d/a",     "d/b",     "d/a.c", "d/d/a", "d/d/ab", "d/e/a.c",
        "d/e/b", "e/a", "e/d/a", "e/d/b.c", "e/d/d/a", "a-b/c", "a-b/a", "B/a",    "B/1.c"}) {
    folder.write(name, "x");
  }
  for (const std::string name : {".gitignore", "d/.gitignore", "e/d/.gitignore"}) {
    folder.write(name, "");
  }
  folder.write(".git/info/exclude", "");
  const std::size_t all = gits(folder.path()).size();
  REQUIRE(all == ours(folder.path()).size());
  int different = 0;
  const bool same = testing::holds("the verdicts of git", 500, [&] {
    const auto piece = rc::gen::weightedElement<std::string>(
        {{12, "a"},    {6, "b"},     {8, "d"},    {4, "e"},           {9, "/"},       {9, "*"},
         {4, "**"},    {3, "?"},     {3, "."},    {3, "c"},           {3, "[ab]"},    {2, "[!a]"},
         {2, "[a-c]"}, {1, "["},     {1, "]"},    {1, "[[:upper:]]"}, {1, "[[:x:]]"}, {1, "[[:]"},
         {2, "!"},     {1, "#"},     {2, " "},    {2, "\\"},          {1, "-"},       {1, "**/"},
         {1, "/**"},   {1, "**\\/"}, {1, "[]a]"}, {1, "[a\\]]"}});
    const auto line = [&] {
      std::string out;
      for (int i = *rc::gen::inRange(1, 6); i > 0; --i) out += *piece;
      return out;
    };
    const auto text = [&] {
      std::string out;
      for (int i = *rc::gen::inRange(0, 5); i > 0; --i) {
        out += *rc::gen::element<std::string>("", "", "!", "/") + line() +
               *rc::gen::element<std::string>("\n", "\n", "\r\n", " \n", "/\n");
      }
      return out;
    };
    const std::string top = text();
    const std::string d = text();
    const std::string deep = text();
    const std::string exclude = text();
    folder.write(".gitignore", top);
    folder.write("d/.gitignore", d);
    folder.write("e/d/.gitignore", deep);
    folder.write(".git/info/exclude", exclude);
    RC_LOG() << "top:\n" << top << "d:\n" << d << "e/d:\n" << deep << "exclude:\n" << exclude;
    const auto theirs = gits(folder.path());
    different += theirs.size() < all ? 1 : 0;
    RC_ASSERT(ours(folder.path()) == theirs);
  });
  CHECK(same);
  // The patterns must be such that many match something.
  CHECK(different > 200);
}

TEST_CASE("patterns in parent folders apply up to the repository's root", "[embed]") {
  const Folder folder;
  folder.write(".gitignore", "*.top\n");
  folder.write("repo/.gitignore", "*.log\n/src/gen\n");
  folder.write("repo/.git/info/exclude", "*.mine\n");
  folder.write("repo/src/.gitignore", "!keep.log\n");
  for (const std::string name : {"a.log", "keep.log", "a.mine", "a.top", "gen/x", "gen.c"}) {
    folder.write("repo/src/" + name, "x");
  }
  CHECK(ours(folder.path("repo/src")) ==
        std::set<std::string>{".gitignore", "a.top", "gen.c", "keep.log"});
  // A work tree, where .git is a file.
  folder.write("main/.git/worktrees/tree/commondir", "../..\n");
  folder.write("main/.git/info/exclude", "*.x\n");
  folder.write("tree/.git", "gitdir: " + folder.path("main/.git/worktrees/tree") + "\n");
  folder.write("tree/a.x", "");
  folder.write("tree/a.y", "");
  CHECK(ours(folder.path("tree")) == std::set<std::string>{"a.y"});
}

}  // namespace chatvim::glob
