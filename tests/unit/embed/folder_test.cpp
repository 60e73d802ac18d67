// SPDX-License-Identifier: Apache-2.0
#include "embed_support.hpp"

namespace chatvim::embed {

using namespace testing::embed;
using std::string_view_literals::operator""sv;

TEST_CASE("a folder becomes a tree and its text files", "[embed]") {
  const Folder folder;
  folder.write("src/b.c", "int b;\n");
  folder.write("src/a/deep.md", "```\nx\n```\n");
  folder.write("src/.hidden", "h");
  folder.write("src/.git/config", "no");
  folder.write("src/.env", "no");
  folder.write("src/logo.png",
               "\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\1\2\0\0\0\3\x08\2\0\0\0\0\0\0\0"sv);
  folder.write("src/prog",
               "\x7F"
               "ELF\0\0"sv);
  folder.write("src/build/x.o", "no");
  folder.write("src/.gitignore", "build/\n");
  folder.write("out/far.txt", "far");
  folder.link("src/far.txt", folder.path("out/far.txt"));
  folder.link("src/up", "..");
  folder.link("src/again", "a");
  folder.link("src/nowhere", "nothing");
  REQUIRE(::mkfifo(folder.path("src/fifo").c_str(), 0600) == 0);
  Context context = context_of(folder);
  context.file = folder.path("src/chat.md");
  context.working_folder = folder.path("src");
  const Expansion expansion = expand_target(folder.path("src") + "/", context);
  const std::string name = folder.path("src/");
  CHECK(expansion.outside.empty());
  CHECK(expansion.messages[0].content ==
        name +
            "\n```\n"
            "├── .env (not sent: it may hold credentials)\n"
            "├── .gitignore\n"
            "├── .hidden\n"
            "├── a/\n"
            "│   └── deep.md\n"
            "├── again (not sent: a link to a folder that is listed elsewhere)\n"
            "├── b.c\n"
            "├── far.txt (not sent: a link to what may not be read)\n"
            "├── fifo (not sent: it is a device, a pipe or a socket)\n"
            "├── logo.png (not sent: a picture)\n"
            "├── nowhere (not sent: a link that leads nowhere)\n"
            "├── prog (not sent: it is a binary file: byte 5 is a NUL)\n"
            "└── up (not sent: a link to what may not be read)\n"
            "```\n" +
            name + ".gitignore\n```\nbuild/\n```\n" + name + ".hidden\n```\nh\n```\n" + name +
            "a/deep.md\n````markdown\n```\nx\n```\n````\n" + name + "b.c\n```c\nint b;\n```");
  const Item& item = expansion.items[0];
  CHECK(item.kind == Item::Kind::kFolder);
  CHECK(item.files == 4);
  CHECK(item.lines == 6);
  CHECK(item.path == folder.path("src"));
  // With this setting the parent folder is allowed, but it contains the embedded folder.
  context.working_folder = folder.path();
  CHECK(text_of(folder.path("src"), context).find("└── up (not sent: a link to a folder that") !=
        std::string::npos);
}

TEST_CASE("links to folders are followed within folders that may be read", "[embed]") {
  const Folder folder;
  folder.write("lib/l.c", "l");
  folder.link("src/lib", "../lib");
  folder.link("lib/loop", "../lib");
  const Context context = context_of(folder);
  CHECK(text_of("src", context) ==
        "src\n```\n└── lib/\n    ├── l.c\n    └── loop (not sent: a link to a folder that is "
        "listed elsewhere)\n```\nsrc/lib/l.c\n```c\nl\n```");
}

TEST_CASE("folders with nothing to send", "[embed]") {
  const Folder folder;
  folder.make("empty");
  folder.write("ignored/.gitignore", "*");
  folder.write("ignored/x", "x");
  CHECK(reason_of("empty", context_of(folder)) == "it is an empty folder");
  CHECK(reason_of("ignored", context_of(folder)) == "git ignores all that is in it");
}

TEST_CASE("limits of folders", "[embed]") {
  const Folder folder;
  for (int i = 0; i < 501; ++i) folder.write("many/" + std::to_string(i), "x");
  const std::string text(std::size_t{3} << 20U, 'x');
  for (const std::string name : {"a", "b", "c"}) folder.write("large/" + name, text);
  folder.write("huge/a.log", text + text + text);
  folder.write("video/a.mp4", "\0\0\0 ftyp" + std::string(9U << 20U, '\0'));
  std::string deep = "deep";
  for (int i = 0; i < 40; ++i) deep += "/d";
  folder.make(deep);
  const Context context = context_of(folder);
  CHECK(reason_of("many", context) ==
        "it has more than 500 text files, the most for a folder: embed a folder in it");
  CHECK(reason_of("large", context) ==
        "it has more than 8 MiB of text, the most for a folder: embed a folder in it");
  CHECK(reason_of("huge", context) ==
        "it has more than 8 MiB of text, the most for a folder: embed a folder in it");
  CHECK(reason_of("deep", context) ==
        "its folders are more than 32 deep, the most that is embedded");
  CHECK(text_of("video", context).find("a.mp4 (not sent: it is a binary file") !=
        std::string::npos);
}

TEST_CASE("patterns", "[embed]") {
  const Folder folder;
  folder.write("src/a.c", "A");
  folder.write("src/b.c", "B");
  folder.write("src/c.h", "C");
  folder.write("src/.h.c", "H");
  folder.write("src/d.c/x", "a folder named so");
  folder.write("src/x/y/z.c", "Z");
  folder.write("src/gen/g.c", "G");
  folder.write("src/.gitignore", "gen\n");
  folder.write("src/bad.c", "\0\0"sv);
  folder.write("brackets/[x]/1.txt", "1");
  folder.link("src/out.c", "/etc/passwd");
  Context context = context_of(folder);
  context.environment = environment({{"HOME", "/nowhere"}, {"D", folder.path("brackets/[x]")}});
  const std::string left_out =
      "\nNot sent of src/*.c:\n- src/bad.c: it is a binary file: byte 1 is a NUL\n- src/out.c: it "
      "lies outside of what may be read, or may hold credentials";
  CHECK(text_of("src/*.c", context) == "src/a.c\n```c\nA\n```\nsrc/b.c\n```c\nB\n```" + left_out);
  CHECK(text_of("src/?.h", context) == "src/c.h\n```c\nC\n```");
  CHECK(text_of("src/[ab].c", context) == "src/a.c\n```c\nA\n```\nsrc/b.c\n```c\nB\n```");
  CHECK(text_of("src/.*.c", context) == "src/.h.c\n```c\nH\n```");
  CHECK(text_of("src/**/z.c", context) == "src/x/y/z.c\n```c\nZ\n```");
  CHECK(text_of("**/**/[zg].c", context) == "src/x/y/z.c\n```c\nZ\n```");
  CHECK(text_of("src/gen/*", context) == "src/gen/g.c\n```c\nG\n```");
  CHECK(text_of("*/gen/../?.h", context) == "src/gen/../c.h\n```c\nC\n```");
  CHECK(text_of("src/x/**", context) == "src/x/y/z.c\n```c\nZ\n```");
  // A variable's value is taken literally and not shown.
  CHECK(text_of("$D/*.txt", context) == "$D/1.txt\n```\n1\n```");
  const Item item = expand_target("src/[ab].c", context).items[0];
  CHECK(item.kind == Item::Kind::kGlob);
  CHECK(item.files == 2);
  CHECK(item.path == folder.path("src"));
  CHECK(reason_of("src/*.rs", context) == "nothing matches the pattern");
  CHECK(reason_of("none/*.rs", context) == "nothing matches the pattern");
  CHECK(reason_of("src/x/*", context) == "nothing matches the pattern");
  CHECK(reason_of("src/b[a]d.c", context) ==
        "none of the files that it matches can be sent (src/bad.c: it is a binary file: byte 1 is "
        "a NUL)");
}

TEST_CASE("pictures that a pattern matches", "[embed]") {
  const Folder folder;
  const std::string gif("GIF89a\x0A\0\x14\0\x80\0\0rest"sv);
  folder.write("shots/1.gif", gif);
  folder.write("shots/2.gif", gif);
  folder.write("shots/about.txt", "T");
  const Expansion expansion = expand_text("![](shots/*)", context_of(folder));
  const auto& parts = expansion.messages[0].parts;
  REQUIRE(parts.size() == 3);
  CHECK(parts[0].text == "shots/1.gif");
  CHECK(parts[1].text == "shots/2.gif");
  CHECK(parts[2].text == "shots/about.txt\n```\nT\n```");
  CHECK(expansion.items[0].bytes == 2 * gif.size() + 1);
}

namespace {

/// A file system with a folder of any number of files; counts what is read.
class ManyFiles : public files::Files {
 public:
  explicit ManyFiles(std::size_t count) : count_(count) {}
  Result<files::Entry> look(const std::string& path) const override {
    using Kind = files::Entry::Kind;
    if (path == "/many") return files::Entry{Kind::kFolder, 0};
    const bool is_file = path.starts_with("/many/f") && path.find('*') == std::string::npos;
    return files::Entry{is_file ? Kind::kFile : Kind::kMissing, 1};
  }
  Result<std::string> resolve(const std::string& path) const override { return path; }
  Result<std::string> read(const std::string& path, std::uint64_t) const override {
    if (!path.starts_with("/many/f")) return broken();
    ++reads;
    return std::string("x");
  }
  Result<std::vector<files::Name>> list(const std::string& path, std::size_t most) const override {
    if (path != "/many") return broken();
    if (count_ > most) return tl::unexpected(Error{ErrorCode::kTooLarge, "too many"});
    std::vector<files::Name> names;
    for (std::size_t i = 0; i < count_; ++i) names.push_back({"f" + std::to_string(i)});
    return names;
  }
  mutable int reads = 0;

 private:
  static tl::unexpected<Error> broken() {
    return tl::unexpected(
        Error{ErrorCode::kUnreadableFile, "you do not have permission to read it"});
  }
  std::size_t count_;
};

std::string reason_with(const std::string& target, const ManyFiles& files) {
  Context context;
  context.working_folder = "/many";
  context.environment = environment({{"HOME", "/nowhere"}});
  return expand_text("![](" + target + ")", context, files).items[0].reason;
}

}  // namespace

TEST_CASE("a pattern with 100,000 matches is refused before anything is read", "[embed]") {
  const ManyFiles files(100'000);
  CHECK(reason_with("f*", files) ==
        "it matches 100000 files, and 500 are the most: write a narrower pattern");
  CHECK(reason_with("**", files) ==
        "it matches 100000 files, and 500 are the most: write a narrower pattern");
  CHECK(reason_with("f*", ManyFiles(200'001)) ==
        "the pattern looks at more than 200000 names, the most: write a narrower one");
  CHECK(reason_with("/many", files) ==
        "it has more than 20000 files and folders, the most that are looked at: embed a folder in "
        "it");
  CHECK(files.reads == 0);
}

TEST_CASE("a request has a limit of embeds and of file names", "[embed]") {
  const ManyFiles files(100'000);
  Context context;
  context.working_folder = "/many";
  context.environment = environment({{"HOME", "/nowhere"}});
  std::string text;
  for (int i = 0; i < 3000; ++i) text += "![](f" + std::to_string(i) + ")\n";
  const Expansion one = expand_text(text, context, files);
  REQUIRE(one.items.size() == 1001);
  CHECK(!one.items[999].error);
  CHECK(one.items[1000].reason == "it is one embed more than the 1000 that a request may have");
  const Expansion two = expand_text(
      "![](f*)\n![](*f)\n![](f*1)\n![](f*2)\n![](f*3)\n![](f*4)\n![](f*5)", context, files);
  CHECK(two.items[5].reason ==
        "the chat's embeds look at more than 500000 names in folders, the most for one request");
}

TEST_CASE("a folder that may not be read", "[embed]") {
  class Closed final : public ManyFiles {
   public:
    Closed() : ManyFiles(0) {}
    Result<std::vector<files::Name>> list(const std::string&, std::size_t) const override {
      return tl::unexpected(
          Error{ErrorCode::kUnreadableFile, "you do not have permission to read it"});
    }
  };
  CHECK(reason_with("/many", Closed()) == "you do not have permission to read it");
  CHECK(reason_with("f*", Closed()) == "nothing matches the pattern");
}

}  // namespace chatvim::embed
