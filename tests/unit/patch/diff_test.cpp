// SPDX-License-Identifier: Apache-2.0
// Unified diffs as models write them.
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "answers.hpp"
#include "chatvim/patch/edits.hpp"
#include "chatvim/text/lines.hpp"

namespace chatvim::patch {
namespace {

const std::string kWords = "one\n\ntwo\n  three\nsame\nfour\nfive\nsame\nsix";

std::string applied_diff(const std::string& file, const std::string& diff) {
  const auto edits = find_edits(file, {diff, Kind::kDiff});
  if (!edits) return "refused: " + edits.error().message;
  const auto lines = text::split_buffer(file);
  return testing::joined_lines(testing::apply_found({lines.begin(), lines.end()}, *edits));
}

}  // namespace

TEST_CASE("the content of a hunk says where it belongs", "[patch]") {
  const std::string changed = "one\n\nTWO\n  three\nsame\nfour\nfive\nsame\nsix";
  const std::vector<std::string> diffs = {
      "@@ -1,4 +1,4 @@\n one\n \n-two\n+TWO\n   three",
      "@@ -70,9 +99 @@\n one\n \n-two\n+TWO\n   three",
      "@@ ... @@\n one\n\n-two\n+TWO\n   three",
      "@@ @@\n-two\n+TWO",
      "@@\n-two\n+TWO",
      "--- a/x\n+++ b/x\n@@ @@\r\n one\r\n\r\n-two\r\n+TWO\r",
      "diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n@@ -3 +3 @@ f()\n-two\n+TWO",
      "@@ @@\n-two\n+TWO\n\\ No newline at end of file",
      "-two\n+TWO",
      // Context that lacks the file's indentation, and blank lines that do not belong to the hunk.
      "@@ @@\n-two\n+TWO\n   three\n\n\n",
  };
  for (const std::string& diff : diffs) {
    INFO(diff);
    CHECK(applied_diff(kWords, diff) == changed);
  }
}

TEST_CASE("numbers decide between equal places only if all others are right", "[patch]") {
  const std::string unclear = "@@ -5,1 +5,1 @@\n-same\n+SAME";
  CHECK(applied_diff(kWords, unclear).find("more than once") != std::string::npos);
  const std::string right = "@@ -1,1 +1,1 @@\n-one\n+ONE\n@@ -8,1 +8,1 @@\n-same\n+SAME";
  CHECK(applied_diff(kWords, right) == "ONE\n\ntwo\n  three\nsame\nfour\nfive\nSAME\nsix");
  const std::string wrong = "@@ -2,1 +2,1 @@\n-one\n+ONE\n@@ -8,1 +8,1 @@\n-same\n+SAME";
  CHECK(applied_diff(kWords, wrong).find("more than once") != std::string::npos);
  // The order of the hunks leaves one place.
  const std::string between = "@@ @@\n-five\n+FIVE\n@@ @@\n-same\n+SAME";
  CHECK(applied_diff(kWords, between) == "one\n\ntwo\n  three\nsame\nfour\nFIVE\nSAME\nsix");
}

TEST_CASE("a hunk that does not fit is refused with a sentence", "[patch]") {
  const auto refused = [](const std::string& diff, const std::string& why) {
    const std::string result = applied_diff(kWords, diff);
    INFO(result);
    CHECK(result.starts_with("refused: "));
    CHECK(result.find(why) != std::string::npos);
  };
  refused("@@ @@\n-seven\n+SEVEN", "old lines of the hunk are not in the file");
  refused("@@ @@\n one\n-two\n+TWO", "old lines of the hunk are not in the file");
  refused("@@ -1,0 +2,1 @@\n+new", "shows no line");
  refused("@@ @@\n one\n*two", "begins with none of");
  refused("nothing", "no hunk");
  refused("--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-one", "deletes it");
  refused("--- a/x\n+++ b/x\n@@ @@\n-one\n+1\n--- a/y\n+++ b/y\n@@ @@\n-two\n+2", "several files");
  refused("--- a/x\n+++ b/x\n@@ @@\n-one\n+1\ndiff --git a/y b/y\n@@ @@\n-two\n+2",
          "several files");
  refused("@@ @@\n-two\n+2\n@@ @@\n-two\n+3", "same lines");
  // It is applied already.
  refused("@@ @@\n one\n \n-zwei\n+two", "already");
  // What it leaves is in the file, but perhaps by chance; the other hunk alone is not enough.
  refused("@@ @@\n-zwei\n+two", "old lines of the hunk are not in the file");
  refused("@@ @@\n-five\n+FIVE\n@@ @@\n-zwei\n+two", "old lines of hunk 2 are not in the file");
  refused("@@ @@\n-five\n+FIVE\n@@ @@\n one\n \n-gone\n two", "hunk 2");
}

}  // namespace chatvim::patch
