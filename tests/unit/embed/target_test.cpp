// SPDX-License-Identifier: Apache-2.0
#include "embed_support.hpp"

namespace chatvim::embed {

using namespace testing::embed;

TEST_CASE("paths are relative to the chat's folder", "[embed]") {
  const Folder folder;
  folder.write("chats/a.txt", "beside the chat");
  folder.write("work/a.txt", "in the working folder");
  folder.write("presets/a.txt", "beside the preset");
  Context context = context_of(folder);
  context.file = folder.path("chats/chat.md");
  context.working_folder = folder.path("work");
  CHECK(text_of("a.txt", context).find("beside the chat") != std::string::npos);
  CHECK(text_of("./a.txt", context).find("beside the chat") != std::string::npos);
  CHECK(text_of("../work/a.txt", context).find("working") != std::string::npos);
  CHECK(text_of(folder.path("work/a.txt"), context).find("working") != std::string::npos);
  CHECK(text_of("file://" + folder.path("work/a.txt"), context).find("working") !=
        std::string::npos);
  const Expansion preset =
      expand({Message{Role::kUser, "![](a.txt)", 0, folder.path("presets/preset.md")}}, context);
  CHECK(preset.messages[0].content == "a.txt\n```\nbeside the preset\n```");
  context.file.clear();
  CHECK(text_of("a.txt", context).find("working") != std::string::npos);
}

TEST_CASE("the home folder, variables and %20", "[embed]") {
  const Folder folder;
  folder.write("home/a b.txt", "A");
  folder.write("a%20b.txt", "percent");
  folder.write("c d.txt", "C");
  folder.write("$HOME.txt", "dollar");
  folder.write("x*.txt", "star");
  Context context = context_of(folder);
  context.environment = environment({{"HOME", folder.path("home")},
                                     {"A_DIR", folder.path("home")},
                                     {"EMPTY", ""},
                                     {"BAD", "a\nb"},
                                     {"MY_API_KEY", "home"}});
  context.allowed = {"~", folder.path()};
  CHECK(text_of("~/a b.txt", context) == "~/a b.txt\n```\nA\n```");
  CHECK(text_of("$A_DIR/a b.txt", context) == "$A_DIR/a b.txt\n```\nA\n```");
  CHECK(text_of("${A_DIR}/a%20b.txt", context) == "${A_DIR}/a%20b.txt\n```\nA\n```");
  // An existing file with the literal name wins.
  CHECK(text_of("a%20b.txt", context).find("percent") != std::string::npos);
  CHECK(text_of("c%20d.txt", context) == "c%20d.txt\n```\nC\n```");
  CHECK(text_of("c%20d.txt#L1", context) == "c%20d.txt:1\n```\nC\n```");
  CHECK(text_of("$HOME.txt", context).find("dollar") != std::string::npos);
  CHECK(text_of("x*.txt", context) == "x*.txt\n```\nstar\n```");

  CHECK(reason_of("$NONE/x", context) == "the variable NONE is not set");
  CHECK(reason_of("$EMPTY/x", context) == "the variable EMPTY is not set");
  CHECK(reason_of("$BAD/x", context) == "the variable BAD holds control characters");
  CHECK(reason_of("$MY_API_KEY/a.txt", context) ==
        "the variable MY_API_KEY is not expanded, since its name says that it holds a secret: "
        "write the path");
  for (const std::string name :
       {"X_TOKEN", "github_token", "DB_PASSWORD", "SECRET", "MYSQL_PWD", "SSH_AUTH_SOCK"}) {
    CHECK(reason_of("${" + name + "}", context).find("is not expanded") != std::string::npos);
  }
  CHECK(reason_of("${A_DIR", context) == "there is no such file");
  CHECK(reason_of("$", context) == "there is no such file");
  context.environment = nullptr;
  CHECK(reason_of("~/x", context) == "the variable HOME is not set");
}

TEST_CASE("addresses", "[embed]") {
  const Folder folder;
  const Context context = context_of(folder);
  for (const std::string url :
       {"https://example.org/a.png", "https://example.org/a", "https://example.org/$HOME/a.png?x=1",
        "HTTPS://example.org/a.webp#L1", "https://example.org"}) {
    const Expansion expansion = expand_text("see\n![](" + url + ")\nit", context);
    REQUIRE(expansion.items.size() == 1);
    CHECK(!expansion.items[0].error);
    CHECK(expansion.items[0].kind == Item::Kind::kAddress);
    REQUIRE(expansion.messages[0].parts.size() == 3);
    CHECK(expansion.messages[0].parts[0].text == "see");
    CHECK(expansion.messages[0].parts[1].kind == Part::Kind::kPicture);
    CHECK(expansion.messages[0].parts[1].url == url);
    CHECK(!expansion.messages[0].parts[1].bytes);
    CHECK(expansion.messages[0].parts[2].text == "it");
  }
  CHECK(reason_of("https://example.org/a.svg?x", context) ==
        "the address ends in .svg: models take png, jpeg, gif and webp pictures by their address");
  CHECK(reason_of("https://example.org/a.PDF", context).find(".pdf") != std::string::npos);
  for (const char* url : {"https:///a.png", "https://?a/b.png", "https://:80/a.png"}) {
    CHECK(reason_of(url, context) == "the address names no server");
  }
  CHECK(reason_of("https://a b/c.png", context) == "an address has no spaces: write %20 for one");
  CHECK(reason_of("http://example.org/a.png", context) ==
        "an address must begin with https: what http brings can be changed on its way");
  CHECK(reason_of("data:image/png;base64,AAAA", context) ==
        "\"data:\" cannot be embedded: write a path, or the https address of a picture");
  CHECK(reason_of("ftp://x/y", context).find("\"ftp:\"") == 0);
  for (const char* url : {"file://host/x", "file://me@localhost/x", "file://localhost", "file:x"}) {
    CHECK(reason_of(url, context) == "a file's address is written file:///PATH");
  }
  CHECK(reason_of("", context) == "it names nothing: write a path between the parentheses");
  CHECK(reason_of("a\x01"
                  "b",
                  context) == "its path holds control characters");
  folder.write("notes:2024.md", "N");
  CHECK(text_of("notes:2024.md", context).find("\nN\n") != std::string::npos);
}

TEST_CASE("files outside need permission and are not read without it", "[embed]") {
  const Folder folder;
  folder.write("chat/in.txt", "in");
  folder.write("out/secret.txt", "out");
  folder.write("chat2/near.txt", "a name that begins like the chat's folder");
  folder.link("chat/link.txt", "../out/secret.txt");
  folder.link("chat/inner.txt", "in.txt");
  folder.link("chat/dir", "../out");
  REQUIRE(::mkfifo(folder.path("out/fifo").c_str(), 0600) == 0);
  Context context = context_of(folder);
  context.file = folder.path("chat/chat.md");
  context.working_folder = folder.path("chat");
  for (const std::string target : {"../out/secret.txt", "link.txt", "dir/secret.txt"}) {
    const Expansion expansion = expand_target(target, context);
    REQUIRE(expansion.outside.size() == 1);
    CHECK(expansion.outside[0].path == folder.path("out/secret.txt"));
    CHECK(expansion.outside[0].target == target);
    CHECK(expansion.messages[0].content == "![](" + target + ")");
    CHECK(!expansion.items[0].error);
  }
  CHECK(asked(expand_target("../chat2/near.txt", context)) ==
        std::vector<std::string>{folder.path("chat2/near.txt")});
  CHECK(asked(expand_target("../out/", context)) == std::vector<std::string>{folder.path("out")});
  CHECK(asked(expand_target("dir", context)) == std::vector<std::string>{folder.path("out")});
  CHECK(asked(expand_target("dir/*.txt", context)) == std::vector<std::string>{folder.path("out")});
  CHECK(asked(expand_target("..", context)) == std::vector<std::string>{folder.path()});
  CHECK(text_of("inner.txt", context) == "inner.txt\n```\nin\n```");

  context.allowed = {folder.path("out/secret.txt")};
  CHECK(text_of("link.txt", context) == "link.txt\n```\nout\n```");
  CHECK(asked(expand_target("../out/", context)).size() == 1);
  context.allowed = {folder.path("out/")};
  CHECK(text_of("../out/secret.txt", context) == "../out/secret.txt\n```\nout\n```");
  context.allowed = {"~/out"};
  context.environment = environment({{"HOME", folder.path()}});
  CHECK(text_of("../out/secret.txt", context) == "../out/secret.txt\n```\nout\n```");
}

TEST_CASE("a preset's messages may not embed from the chat's folder, nor vice versa", "[embed]") {
  const Folder folder;
  folder.write("presets/p.txt", "P");
  folder.write("chat/c.txt", "C");
  Context context = context_of(folder);
  context.file = folder.path("chat/chat.md");
  context.working_folder = folder.path("chat");
  const Expansion expansion = expand(
      {Message{Role::kUser, "![](p.txt)\n![](../chat/c.txt)", 0, folder.path("presets/a.md")},
       Message{Role::kUser, "![](../presets/p.txt)"}},
      context);
  CHECK(expansion.messages[0].content == "p.txt\n```\nP\n```\n../chat/c.txt\n```\nC\n```");
  REQUIRE(expansion.outside.size() == 1);
  CHECK(expansion.outside[0].path == folder.path("presets/p.txt"));
}

}  // namespace chatvim::embed
