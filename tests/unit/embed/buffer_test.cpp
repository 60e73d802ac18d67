// SPDX-License-Identifier: Apache-2.0
#include "embed_support.hpp"

namespace chatvim::embed {
namespace {

using namespace testing::embed;
using Paths = std::vector<std::string>;

}  // namespace

TEST_CASE("the text of an unsaved buffer wins over its file", "[embed]") {
  const Folder folder;
  folder.write("a.txt", "file");
  folder.write("src/b.c", "file");
  folder.link("link.txt", "a.txt");
  Context context = context_of(folder);
  context.unsaved = {folder.path("a.txt"), folder.path("src/./b.c"), folder.path("src/new.c"),
                     folder.path("other.txt")};
  CHECK(expand_target("a.txt", context).unsaved == Paths{folder.path("a.txt")});
  CHECK(expand_target("link.txt#L1", context).unsaved == Paths{folder.path("a.txt")});
  CHECK(expand_target("a.txt", context).items[0].error == std::nullopt);
  CHECK(expand_target("src", context).unsaved ==
        Paths{folder.path("src/./b.c"), folder.path("src/new.c")});
  CHECK(expand_target("src/*.c", context).unsaved ==
        Paths{folder.path("src/./b.c"), folder.path("src/new.c")});
  CHECK(expand_target("src/new.c", context).unsaved == Paths{folder.path("src/new.c")});
  CHECK(expand_text("![](a.txt)\n![](link.txt)", context).unsaved.size() == 1);
  CHECK(expand_text("nothing", context).unsaved.empty());

  context.buffers = {{folder.path("a.txt"), "one\ntwo\n"},
                     {folder.path("src/./b.c"), "buffer"},
                     {folder.path("src/new.c"), "new"}};
  CHECK(text_of("a.txt", context) == "a.txt\n```\none\ntwo\n```");
  CHECK(text_of("link.txt#L2", context) == "link.txt:2\n```\ntwo\n```");
  CHECK(text_of("src/new.c", context) == "src/new.c\n```c\nnew\n```");
  CHECK(text_of("src/*.c", context) == "src/b.c\n```c\nbuffer\n```\nsrc/new.c\n```c\nnew\n```");
  CHECK(text_of("src", context) ==
        "src\n```\n├── b.c\n└── new.c\n```\nsrc/b.c\n```c\nbuffer\n```\nsrc/new.c\n```c\nnew\n```");
}

TEST_CASE("a buffer needs the same permission as its file", "[embed]") {
  const Folder folder;
  folder.make("chat");
  folder.make("out");
  Context context = context_of(folder);
  context.file = folder.path("chat/chat.md");
  context.working_folder = folder.path("chat");
  context.unsaved = {folder.path("out/a.txt")};
  context.buffers = {{folder.path("out/a.txt"), "text"}};
  const Expansion expansion = expand_target("../out/a.txt", context);
  CHECK(asked(expansion) == Paths{folder.path("out/a.txt")});
  CHECK(expansion.unsaved.empty());
}

TEST_CASE("a buffer that is not text, or contains a key", "[embed]") {
  const Folder folder;
  folder.write("a.txt", "file");
  Context context = context_of(folder);
  context.buffers = {{folder.path("a.txt"), "x\xFFyyyyyy"}};
  CHECK(reason_of("a.txt", context).find("byte 2 is not UTF-8") == 0);
  context.buffers = {{folder.path("a.txt"),
                      "AKIA"
                      "Q3EGRIZ7N5LK2WPD"}};
  CHECK(expand_target("a.txt", context).secrets.size() == 1);
}

}  // namespace chatvim::embed
