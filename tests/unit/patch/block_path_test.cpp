// SPDX-License-Identifier: Apache-2.0
// The paths in info strings, above blocks, and above quotes.
#include "patch/block_path.hpp"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

namespace chatvim::patch {

TEST_CASE("the language and the path in an info string", "[patch]") {
  struct Case {
    std::string info;
    std::string language;
    std::string path;
  };
  const std::vector<Case> cases = {
      {"", "", ""},
      {"c", "c", ""},
      {"c src/main.c", "c", "src/main.c"},
      {"c:src/main.c", "c", "src/main.c"},
      {"src/main.c", "", "src/main.c"},
      {"main.c", "", "main.c"},
      {"Makefile", "", "Makefile"},
      {"12:40:src/main.c", "", "src/main.c"},
      {"c src/main.c:10-40", "c", "src/main.c"},
      {"c title=\"src/main.c\"", "c", "src/main.c"},
      {"js filename='a b/main.js'", "js", "a b/main.js"},
      {"tsx file=app/[id]/page.tsx", "tsx", "app/[id]/page.tsx"},
      {"c {path=src/main.c}", "c", "src/main.c"},
      {"{.python filename=\"x.py\"}", "python", "x.py"},
      {"c title=\"An example\"", "c", ""},
      {"c++", "c++", ""},
      {"python copy", "python", ""},
      {"asp.net", "asp.net", ""},
      {"js showLineNumbers {1,3-5}", "js", ""},
      {"text https://example.com/a.txt", "text", ""},
      {"diff", "diff", ""},
  };
  for (const Case& one : cases) {
    INFO(one.info);
    const Info info = read_info(one.info);
    CHECK(info.language == one.language);
    CHECK(info.path == one.path);
  }
}

TEST_CASE("the path in the line above a block", "[patch]") {
  struct Case {
    std::string line;
    std::string path;
  };
  const std::vector<Case> cases = {
      {"src/main.c", "src/main.c"},
      {"src/main.c:", "src/main.c"},
      {"**src/main.c**", "src/main.c"},
      {"**`src/main.c`**:", "src/main.c"},
      {"`src/main.c`", "src/main.c"},
      {"### src/main.c", "src/main.c"},
      {"#### `src/main.c` (new)", "src/main.c"},
      {"File: src/main.c", "src/main.c"},
      {"**File: `src/main.c`**", "src/main.c"},
      {"In `src/main.c`:", "src/main.c"},
      {"In src/main.c:", "src/main.c"},
      {"Then update `Makefile` as follows:", "Makefile"},
      {"1. `src/main.c`", "src/main.c"},
      {"- **src/main.c**", "src/main.c"},
      {"src/main.c:10-40", "src/main.c"},
      {"`src/main.c:10-40`", "src/main.c"},
      {"src/main.c (new file)", "src/main.c"},
      {".gitignore", ".gitignore"},
      {"`my notes/a b.md`", ""},
      {"\"my notes/a b.md\"", "my notes/a b.md"},
      // Prose.
      {"", ""},
      {"Here is the code:", ""},
      {"This reads `config.json` when it starts:", ""},
      {"Call `os.path` like this:", ""},
      {"Replace `config.width` with:", ""},
      {"In React.Component:", ""},
      {"Update `foo.bar` (new):", ""},
      {"`foo.bar`", "foo.bar"},
      {"Update `lib/foo.bar`:", "lib/foo.bar"},
      {"and/or", ""},
      {"In and/or:", ""},
      {"### Node.js", ""},
      {"Version 3.10:", ""},
      {"See https://example.com/a.c", ""},
      {"Run it:", ""},
      {"Replace `foo()` with `bar()`:", ""},
      {"e.g.", ""},
      {"### License", ""},
  };
  for (const Case& one : cases) {
    INFO(one.line);
    CHECK(read_label(one.line) == one.path);
  }
}

TEST_CASE("the path above a quote of the user", "[patch]") {
  CHECK(read_quote_label("src/main.c:10-40") == "src/main.c");
  CHECK(read_quote_label("~/my notes/a.md:7") == "~/my notes/a.md");
  CHECK(read_quote_label("[No Name]:3-5").empty());
  CHECK(read_quote_label("src/main.c").empty());
  CHECK(read_quote_label("It fails at 10:40").empty());
}

}  // namespace chatvim::patch
