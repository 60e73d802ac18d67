// SPDX-License-Identifier: Apache-2.0
#include "embed_support.hpp"

namespace chatvim::embed {

using namespace testing::embed;

TEST_CASE("a text file becomes a fenced block with its name", "[embed]") {
  const Folder folder;
  folder.write("a.lua", "local a\nreturn a\n");
  folder.write("plain", "no line break at the end");
  folder.write("empty.txt", "");
  folder.write("blank.txt", "\n\n");
  folder.write("windows.txt", "\xEF\xBB\xBFone\r\ntwo\r\nlone \r here");
  folder.write("fences.md", "```\ncode\n```\nand ````` in a line\n");
  const Context context = context_of(folder);
  CHECK(text_of("a.lua", context) == "a.lua\n```lua\nlocal a\nreturn a\n```");
  CHECK(text_of("plain", context) == "plain\n```\nno line break at the end\n```");
  CHECK(text_of("empty.txt", context) == "empty.txt\n```\n```");
  CHECK(text_of("blank.txt", context) == "blank.txt\n```\n\n\n```");
  CHECK(text_of("windows.txt", context) == "windows.txt\n```\none\ntwo\nlone \r here\n```");
  CHECK(text_of("fences.md", context) ==
        "fences.md\n``````markdown\n```\ncode\n```\nand ````` in a line\n``````");
}

TEST_CASE("the text around an embed stays unchanged", "[embed]") {
  const Folder folder;
  folder.write("a.txt", "A\n");
  folder.write("b.txt", "B");
  const Expansion expansion =
      expand({Message{Role::kSystem, "![](a.txt)", 3},
              Message{Role::kUser, "Look:\n\n  ![x](a.txt)  \n![](b.txt)\n\nand `![](a.txt)`.", 10},
              Message{Role::kAssistant, "![](a.txt)", 20}},
             context_of(folder));
  CHECK(expansion.messages[0].content == "a.txt\n```\nA\n```");
  CHECK(expansion.messages[1].content ==
        "Look:\n\na.txt\n```\nA\n```\nb.txt\n```\nB\n```\n\nand `![](a.txt)`.");
  CHECK(expansion.messages[2].content == "![](a.txt)");
  CHECK(expansion.messages[1].parts.empty());
  REQUIRE(expansion.items.size() == 3);
  const Item& item = expansion.items[2];
  CHECK(item.line == 13);
  CHECK(item.target == "b.txt");
  CHECK(item.path == folder.path("b.txt"));
  CHECK(item.kind == Item::Kind::kText);
  CHECK(item.lines == 1);
  CHECK(item.bytes == 1);
  CHECK(item.stretch.message == 1);
  CHECK(expansion.messages[1].content.substr(item.stretch.offset, item.stretch.size) ==
        "b.txt\n```\nB\n```");
}

TEST_CASE("a message without embeds stays unchanged", "[embed]") {
  const Folder folder;
  folder.write("a.txt", "A");
  for (const std::string text : {"[a](a.txt)", "```\n![](a.txt)\n```", "    ![](a.txt)", "![]",
                                 "![](", "see ![](a.txt)", ""}) {
    const Expansion expansion = expand_text(text, context_of(folder));
    CHECK(expansion.items.empty());
    CHECK(expansion.messages[0].content == text);
  }
}

TEST_CASE("a part of a file", "[embed]") {
  const Folder folder;
  folder.write("a.c", "one\ntwo\nthree\nfour");
  folder.write("a.c#L1", "named so\n");
  folder.write("empty", "");
  const Context context = context_of(folder);
  CHECK(text_of("a.c#L2-L3", context) == "a.c:2-3\n```c\ntwo\nthree\n```");
  CHECK(text_of("a.c#L2-3", context) == "a.c:2-3\n```c\ntwo\nthree\n```");
  CHECK(text_of("a.c#L4", context) == "a.c:4\n```c\nfour\n```");
  CHECK(text_of("a.c#L1-L4", context) == "a.c:1-4\n```c\none\ntwo\nthree\nfour\n```");
  // A file with exactly that name wins.
  CHECK(text_of("a.c#L1", context) == "a.c#L1\n```\nnamed so\n```");
  const Item item = expand_target("a.c#L2-L3", context).items[0];
  CHECK(item.lines == 2);
  CHECK(item.bytes == 10);

  CHECK(reason_of("a.c#L3-L9", context) == "there is no line 9: the file has 4 lines");
  CHECK(reason_of("a.c#L7-L9", context) == "there is no line 7: the file has 4 lines");
  CHECK(reason_of("a.c#L99999999999999999999999", context) ==
        "there is no line 1000000000: the file has 4 lines");
  CHECK(reason_of("a.c#L4-L2", context) == "its part ends before it begins: write #L2-L4");
  CHECK(reason_of("a.c#L0-L2", context) == "lines are counted from 1");
  CHECK(reason_of("empty#L1", context) == "there is no line 1: the file has 0 lines");
  CHECK(reason_of("a.c#top", context) == "a part of a file is written FILE#L10-L40");
  CHECK(reason_of("b.c#L1", context) == "there is no such file");
}

TEST_CASE("an error names the line, the target and the file it is in", "[embed]") {
  const Folder folder;
  Context context = context_of(folder);
  context.environment = environment({{"DIR", "/hidden/value"}, {"HOME", "/nowhere"}});
  const Expansion expansion =
      expand({Message{Role::kUser, "Hi\n![x](no.txt)\n![]($DIR/x)", 10},
              Message{Role::kSystem, "![](no.txt)", 4, folder.path("preset.md")}},
             context);
  REQUIRE(expansion.items.size() == 3);
  CHECK(expansion.items[0].error->message ==
        "Line 12: ![](no.txt): there is no such file; nothing was sent.");
  CHECK(expansion.items[1].error->message ==
        "Line 13: ![]($DIR/x): there is no such file; nothing was sent.");
  CHECK(expansion.items[2].error->message == folder.path("preset.md") +
                                                 ", line 5: ![](no.txt): there is no such file; "
                                                 "nothing was sent.");
}

TEST_CASE("files that are not text are reported, not sent", "[embed]") {
  const Folder folder;
  folder.write("latin1.txt",
               "Gr\xFC\xDF"
               "e aus K\xF6ln, und noch viel mehr Text dahinter\n");
  folder.write("binary", std::string_view("\x7F"
                                          "ELF\x02\0\0",
                                          7));
  folder.write("bytes.bin", "\xFE\x01\x02\xF0\xF1\xF2");
  folder.write("utf16.txt", std::string_view("\xFF\xFEh\0i\0", 6));
  folder.make("dir");
  const Context context = context_of(folder);
  CHECK(reason_of("latin1.txt", context) ==
        "byte 3 is not UTF-8: convert the file, as with iconv -f LATIN1 -t UTF-8");
  CHECK(reason_of("binary", context) == "it is a binary file: byte 6 is a NUL");
  CHECK(reason_of("bytes.bin", context) == "it is a binary file: byte 1 is not UTF-8");
  CHECK(reason_of("utf16.txt", context) == "it is UTF-16: save it as UTF-8");
  CHECK(reason_of("dir#L1-L3", context) == "it is a folder: only text files have lines");
}

TEST_CASE("devices, pipes and link loops are refused, never read", "[embed]") {
  const Folder folder;
  REQUIRE(::mkfifo(folder.path("fifo").c_str(), 0600) == 0);
  folder.link("loop", "loop");
  folder.link("a", "b");
  folder.link("b", "a");
  folder.link("dangling", "nothing");
  Context context = context_of(folder);
  context.allowed = {"/dev", "/proc"};
  const std::string other = "it is a device, a pipe or a socket, which are never read";
  CHECK(reason_of("fifo", context) == other);
  CHECK(reason_of("/dev/zero", context) == other);
  CHECK(reason_of("/dev/tty", context) == other);
  CHECK(reason_of("loop", context) == "its symbolic links form a loop");
  CHECK(reason_of("a/x", context) == "its symbolic links form a loop");
  CHECK(reason_of("dangling", context) == "there is no such file");
  CHECK(reason_of(std::string(300, 'x'), context) == "its name is too long");
  CHECK(reason_of(std::string(5000, 'x'), context) == "the path is too long");
  if (fs::exists("/proc/self/status")) {
    // Its reported size is 0.
    CHECK(text_of("/proc/self/status", context).find("Name:") != std::string::npos);
  }
}

TEST_CASE("a file that may not be read", "[embed]") {
  if (::geteuid() == 0) SKIP("the superuser may read everything");
  const Folder folder;
  folder.write("a.txt", "A");
  fs::permissions(folder.path("a.txt"), fs::perms::none);
  folder.write("dir/a.txt", "A");
  fs::permissions(folder.path("dir"), fs::perms::none);
  CHECK(reason_of("a.txt", context_of(folder)) == "you do not have permission to read it");
  CHECK(reason_of("dir/a.txt", context_of(folder)) == "you do not have permission to read it");
  CHECK(reason_of("dir/", context_of(folder)) == "you do not have permission to read it");
  fs::permissions(folder.path("dir"), fs::perms::owner_all);
}

}  // namespace chatvim::embed
