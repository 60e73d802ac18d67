// SPDX-License-Identifier: Apache-2.0
// The built-in tools, which read the project's files for a model.
#include "chatvim/toolbox/file_tools.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "chatvim/json.hpp"
#include "chatvim/tools/limit_result.hpp"
#include "embed_support.hpp"

namespace chatvim::toolbox {
namespace {

using namespace testing::embed;

FileResult call(const char* tool, const Json& arguments, const Context& context,
                bool allows_secrets = false) {
  FileResult result = call_file_tool(tool, arguments.dump(), {context, allows_secrets});
  CHECK(result.result.text.size() <= tools::kMostResultBytes);
  return result;
}

/// Returns the text of a call that must succeed.
std::string text_of_call(const char* tool, const Json& arguments, const Context& context) {
  const FileResult result = call(tool, arguments, context);
  INFO(result.result.text);
  CHECK_FALSE(result.result.is_error);
  CHECK(result.outside.empty());
  CHECK(result.secrets.empty());
  CHECK(result.unsaved.empty());
  return result.result.text;
}

/// Returns the text of a call that must fail.
std::string error_of_call(const char* tool, const Json& arguments, const Context& context) {
  const FileResult result = call(tool, arguments, context);
  INFO(result.result.text);
  CHECK(result.result.is_error);
  return result.result.text;
}

bool has(const std::string& text, const std::string& part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

std::string numbered(int count) {
  std::string text;
  for (int i = 1; i <= count; ++i) text += "line " + std::to_string(i) + "\n";
  return text;
}

const std::string kKey = "sk-proj-aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5zA7bC9dE1fG3";

}  // namespace

TEST_CASE("the built-in tools have labels, descriptions and schemas", "[toolbox]") {
  const auto list = file_tools();
  REQUIRE(list.size() == 4);
  for (const auto& tool : list) {
    CHECK(tool.label == "files." + tool.name);
    CHECK(tool.description.size() > 50);
    const Json schema = Json::parse(tool.schema);
    CHECK(schema.at("type") == "object");
    for (const auto& [name, property] : schema.at("properties").items()) {
      INFO(tool.label << " " << name);
      CHECK(property.contains("type"));
      CHECK(property.at("description").get<std::string>().size() > 10);
    }
  }
}

TEST_CASE("files.read returns a file or a range of its lines", "[toolbox]") {
  const Folder folder;
  folder.write("a.txt", "one\r\ntwo\nthree");
  folder.write("empty.txt", "");
  folder.write("mark.txt", "\xEF\xBB\xBFx\n");
  const Context context = context_of(folder);
  CHECK(text_of_call("read", {{"path", "a.txt"}}, context) == "one\ntwo\nthree");
  CHECK(text_of_call("read", {{"path", folder.path("a.txt")}}, context) == "one\ntwo\nthree");
  CHECK(text_of_call("read", {{"path", "a.txt"}, {"first_line", 2}}, context) ==
        "two\nthree\n[lines 2-3 of 3]");
  CHECK(text_of_call("read", {{"path", "a.txt"}, {"first_line", 1}, {"last_line", 1}}, context) ==
        "one\n[lines 1-1 of 3]");
  CHECK(text_of_call("read", {{"path", "a.txt"}, {"last_line", 99}}, context) == "one\ntwo\nthree");
  CHECK(text_of_call("read", {{"path", "empty.txt"}}, context) == "[the file is empty]");
  CHECK(text_of_call("read", {{"path", "mark.txt"}}, context) == "x");
  CHECK(error_of_call("read", {{"path", "a.txt"}, {"first_line", 4}}, context) ==
        "a.txt: there is no line 4: the file has 3 lines.");
  CHECK(error_of_call("read", {{"path", "b.txt"}}, context) ==
        "b.txt: there is no such file or folder.");
  CHECK(has(error_of_call("read", {{"path", "."}}, context), "files.list"));
}

TEST_CASE("files.read pages through a long file", "[toolbox]") {
  const Folder folder;
  folder.write("long.txt", numbered(5000));
  const Context context = context_of(folder);
  std::string all;
  std::size_t first = 1;
  for (int page = 0; page < 20 && first <= 5000; ++page) {
    const std::string text =
        text_of_call("read", {{"path", "long.txt"}, {"first_line", first}}, context);
    const std::size_t note = text.rfind("\n[") + 1;
    all += text.substr(0, note);
    const std::string mark = "first_line = ";
    const std::size_t next = text.find(mark, note);
    first = next == std::string::npos ? 5001 : std::stoul(text.substr(next + mark.size()));
  }
  CHECK(all == numbered(5000));
  folder.write("wide.txt", std::string(200'000, 'w') + "\nend\n");
  const std::string wide = text_of_call("read", {{"path", "wide.txt"}}, context);
  CHECK(wide.ends_with(
      "\n[line 1 is longer than fits and cut off; first_line = 2 continues after it]"));
  CHECK(text_of_call("read", {{"path", "wide.txt"}, {"first_line", 2}}, context) ==
        "end\n[lines 2-2 of 2]");
}

TEST_CASE("files.read reads a range of a very large file", "[toolbox]") {
  const Folder folder;
  std::string text;
  for (int i = 1; text.size() < (70U << 20U); ++i) {
    text += std::to_string(i) + std::string(500, '.') + "\n";
  }
  folder.write("huge.txt", text);
  const Context context = context_of(folder);
  const std::string part = text_of_call(
      "read", {{"path", "huge.txt"}, {"first_line", 100'000}, {"last_line", 100'001}}, context);
  CHECK(part.starts_with("100000..."));
  CHECK(has(part, "\n100001..."));
  CHECK(has(part, "\n[lines 100000-100001 of more than "));
  CHECK(has(error_of_call("read", {{"path", "huge.txt"}, {"first_line", 1'000'000}}, context),
            "64 MiB"));
}

TEST_CASE("the built-in tools obey the rules of embeds", "[toolbox]") {
  const Folder folder;
  folder.write("other/secret.txt", "S");
  folder.write("project/.env", "A=1");
  folder.write("project/a.txt", "A");
  folder.link("project/link.txt", folder.path("other/secret.txt"));
  Context context = context_of(folder);
  context.file = folder.path("project/chat.md");
  context.working_folder = folder.path("project");
  for (const std::string path : {"../other/secret.txt", "link.txt"}) {
    const FileResult result = call("read", {{"path", path}}, context);
    CHECK(result.result.is_error);
    REQUIRE(result.outside.size() == 1);
    CHECK(result.outside[0].path == folder.path("other/secret.txt"));
    CHECK(result.outside[0].reason == chatvim::embed::Outside::Reason::kElsewhere);
    CHECK(result.outside[0].target == path);
    CHECK(has(result.result.text, "lies outside of the chat's folder"));
    CHECK(has(result.result.text, "--allow"));
  }
  const FileResult credentials = call("read", {{"path", ".env"}}, context);
  REQUIRE(credentials.outside.size() == 1);
  CHECK(credentials.outside[0].reason == chatvim::embed::Outside::Reason::kCredentials);
  CHECK(call("list", {{"path", ".."}}, context).outside.size() == 1);
  CHECK(call("search", {{"path", "/"}, {"text", "x"}}, context).outside.size() == 1);
  CHECK(has(error_of_call("read", {{"path", "/dev/zero"}}, context), ": it "));

  const std::string listed = text_of_call("list", Json::object(), context);
  CHECK(has(listed, ".env (may hold credentials)\n"));
  CHECK(has(listed, "a.txt  1 byte\n"));
  CHECK(has(listed, "link.txt (a link to what may not be read)"));
  const std::string found = text_of_call("search", {{"text", "S"}, {"or", {"A="}}}, context);
  CHECK(has(found, "nothing found"));

  context.allowed = {folder.path("other")};
  CHECK(text_of_call("read", {{"path", "../other/secret.txt"}}, context) == "S");
}

TEST_CASE("text that looks like a key is withheld", "[toolbox]") {
  const Folder folder;
  folder.write("a.txt", "fine\nkey = " + kKey + "\nfine\n");
  Context context = context_of(folder);
  const FileResult read = call("read", {{"path", "a.txt"}}, context);
  CHECK(read.result.is_error);
  REQUIRE(read.secrets.size() == 1);
  CHECK(read.secrets[0].file_line == 2);
  CHECK(has(read.result.text, "line 2 holds what looks like"));
  CHECK_FALSE(has(read.result.text, kKey));
  CHECK(text_of_call("read", {{"path", "a.txt"}, {"first_line", 3}}, context) ==
        "fine\n[lines 3-3 of 3]");
  CHECK(call("search", {{"text", "key"}}, context).secrets.size() == 1);
  CHECK(has(text_of_call("search", {{"text", "fine"}}, context), "a.txt:1: fine\n"));
  CHECK(call("search", {{"text", "fine"}, {"context", 1}}, context).secrets.size() == 1);
  CHECK(has(call("read", {{"path", "a.txt"}}, context, true).result.text, kKey));
  context.confirmed.insert(read.secrets[0].mark);
  CHECK(has(text_of_call("read", {{"path", "a.txt"}}, context), kKey));
}

TEST_CASE("a part of a private key is recognized by its first line", "[toolbox]") {
  const Folder folder;
  std::string key = "-----BEGIN RSA PRIVATE KEY-----\n";
  for (int i = 0; i < 20; ++i) key += "MIIEowIBAAKCAQEAwJ1l" + std::string(44, 'q') + "\n";
  folder.write("a.txt", "x\n" + key + "-----END RSA PRIVATE KEY-----\n");
  const FileResult result =
      call("read", {{"path", "a.txt"}, {"first_line", 8}, {"last_line", 10}}, context_of(folder));
  CHECK(result.secrets.size() == 1);
  CHECK(result.result.is_error);
}

TEST_CASE("files that are not text are described in a sentence", "[toolbox]") {
  const Folder folder;
  folder.write("a.bin", std::string("ab\0cd", 5));
  folder.write("a.png", "\x89PNG\r\n\x1A\n" + std::string(40, '\0'));
  folder.write("a.pdf", "%PDF-1.7\n\xFF\xFE");
  const Context context = context_of(folder);
  CHECK(error_of_call("read", {{"path", "a.bin"}}, context) ==
        "a.bin: it is a binary file: byte 3 is a NUL.");
  CHECK(error_of_call("read", {{"path", "a.png"}}, context) == "a.png: it is a png picture.");
  CHECK(error_of_call("read", {{"path", "a.pdf"}}, context) == "a.pdf: it is a PDF.");
}

TEST_CASE("the text of unsaved buffers is used, and requested if needed", "[toolbox]") {
  const Folder folder;
  folder.write("a.txt", "old\n");
  Context context = context_of(folder);
  context.unsaved = {folder.path("a.txt")};
  for (const auto& [tool, arguments] : std::vector<std::pair<const char*, Json>>{
           {"read", {{"path", "a.txt"}}}, {"search", {{"text", "new"}}}}) {
    const FileResult wanted = call(tool, arguments, context);
    CHECK(wanted.result.is_error);
    CHECK(wanted.unsaved == std::vector<std::string>{folder.path("a.txt")});
  }
  context.unsaved.clear();
  context.buffers[folder.path("a.txt")] = "new\n";
  CHECK(text_of_call("read", {{"path", "a.txt"}}, context) == "new");
  CHECK(has(text_of_call("search", {{"text", "new"}}, context), "a.txt:1: new"));
}

TEST_CASE("files.list shows folders and sizes without what git ignores", "[toolbox]") {
  const Folder folder;
  folder.write(".gitignore", "build/\n");
  folder.write(".git/config", "x");
  folder.write("build/a.o", "x");
  folder.write("src/a.c", "abc");
  folder.write("src/deep/b.c", std::string(1536, 'x'));
  const Context context = context_of(folder);
  CHECK(text_of_call("list", Json::object(), context) ==
        ".gitignore  7 bytes\nsrc/\n[git ignores 1 here]");
  CHECK(text_of_call("list", {{"path", "src"}, {"depth", 3}}, context) ==
        "a.c  3 bytes\ndeep/\ndeep/b.c  1.5 KiB");
  CHECK(has(error_of_call("list", {{"path", ".gitignore"}}, context), "files.read"));
  for (int i = 0; i < 1000; ++i) folder.write("many/" + std::to_string(i), "");
  CHECK(has(text_of_call("list", {{"path", "many"}}, context), "[100 more entries"));
}

TEST_CASE("files.search finds lines by plain text", "[toolbox]") {
  const Folder folder;
  folder.write("src/a.c", "int Foo(a*b);\nint bar;\n\nint foobar;\n");
  folder.write("src/b.h", "foo\n");
  folder.write("z.bin", std::string("foo\0", 4));
  const Context context = context_of(folder);
  const auto search = [&](const Json& arguments) {
    return text_of_call("search", arguments, context);
  };
  CHECK(search({{"text", "foo"}}) ==
        "src/a.c:1: int Foo(a*b);\nsrc/a.c:4: int foobar;\nsrc/b.h:1: foo");
  CHECK(search({{"text", "Foo"}}) == "src/a.c:1: int Foo(a*b);");
  CHECK(search({{"text", "(a*b)"}}) == "src/a.c:1: int Foo(a*b);");
  CHECK(search({{"text", "foo"}, {"whole_word", true}}) ==
        "src/a.c:1: int Foo(a*b);\nsrc/b.h:1: foo");
  CHECK(search({{"text", "bar;"}, {"or", {"Foo("}}, {"glob", "*.c"}}) ==
        "src/a.c:1: int Foo(a*b);\nsrc/a.c:2: int bar;\nsrc/a.c:4: int foobar;");
  CHECK(search({{"text", "foo"}, {"glob", "src/*.h"}}) == "src/b.h:1: foo");
  CHECK(search({{"text", "foo"}, {"path", "src"}, {"glob", "*.h"}}) == "src/b.h:1: foo");
  CHECK(search({{"text", "foo"}, {"path", "src/b.h"}}) == "src/b.h:1: foo");
  CHECK(search({{"text", "foobar"}, {"context", 2}}) ==
        "src/a.c-2- int bar;\nsrc/a.c-3- \nsrc/a.c:4: int foobar;");
  CHECK(search({{"text", "int"}, {"context", 1}, {"path", "src/a.c"}}) ==
        "src/a.c:1: int Foo(a*b);\nsrc/a.c:2: int bar;\nsrc/a.c-3- \nsrc/a.c:4: int foobar;");
  CHECK(has(search({{"text", "(a+)+$"}}), "not as a regular expression"));
  CHECK(has(search({{"text", "int"}, {"maximum", 2}}), "there are more in src/a.c"));
  folder.write("long.txt", std::string(5000, 'x') + "needle" + std::string(5000, 'y'));
  const std::string line = search({{"text", "needle"}});
  CHECK(line.size() < 500);
  CHECK(has(line, "needle"));
}

TEST_CASE("a large file is searched only by itself", "[toolbox]") {
  const Folder folder;
  folder.write("big.txt", std::string(5U << 20U, 'x') + "\nneedle\n");
  folder.write("huge.txt", std::string(17U << 20U, 'x') + "\nneedle\n");
  const Context context = context_of(folder);
  CHECK(has(text_of_call("search", {{"text", "needle"}}, context),
            "2 files of more than 4 MiB not searched"));
  CHECK(text_of_call("search", {{"text", "needle"}, {"path", "big.txt"}}, context) ==
        "big.txt:2: needle");
  CHECK(has(text_of_call("search", {{"text", "needle"}, {"path", "huge.txt"}}, context),
            "only the first 16 MiB"));
}

TEST_CASE("a search of a large folder ends early and can be continued", "[toolbox]") {
  const Folder folder;
  for (int i = 0; i < 2500; ++i) {
    folder.write("d" + std::to_string(i / 100) + "/f" + std::to_string(i) + ".txt",
                 i % 500 == 7 ? "needle\n" : "hay\n");
  }
  const Context context = context_of(folder);
  std::string after;
  std::size_t found = 0;
  int calls = 0;
  do {
    Json arguments = {{"text", "needle"}};
    if (!after.empty()) arguments["after"] = after;
    const std::string text = text_of_call("search", arguments, context);
    for (std::size_t at = text.find(":1: needle"); at != std::string::npos;
         at = text.find(":1: needle", at + 1)) {
      ++found;
    }
    const std::string mark = "after = \"";
    const std::size_t next = text.find(mark);
    after = next == std::string::npos
                ? ""
                : text.substr(next + mark.size(),
                              text.find('"', next + mark.size()) - next - mark.size());
  } while (!after.empty() && ++calls < 10);
  CHECK(found == 5);
  CHECK(calls == 2);
}

TEST_CASE("wrong arguments tell the model what to send", "[toolbox]") {
  const Folder folder;
  folder.write("a.txt", "a\n");
  const Context context = context_of(folder);
  const auto error = [&](const char* tool, const std::string& arguments) {
    const FileResult result = call_file_tool(tool, arguments, {context});
    INFO(arguments);
    CHECK(result.result.is_error);
    return result.result.text;
  };
  CHECK(has(error("read", "{"), "JSON object"));
  CHECK(has(error("read", "[]"), "JSON object"));
  CHECK(error("read", "{}") == "Send \"path\", such as {\"path\": \"src/main.c\"}.");
  CHECK(error("read", "") == "Send \"path\", such as {\"path\": \"src/main.c\"}.");
  CHECK(has(error("read", R"({"path": 1})"), "\"path\" as a string"));
  CHECK(has(error("read", R"({"path": "a.txt", "first_line": 0})"), "whole number, 1 or more"));
  CHECK(has(error("read", R"({"path": "a.txt", "first_line": 1.5})"), "whole number"));
  CHECK(has(error("read", R"({"path": "a.txt", "first_line": 3, "last_line": 2})"), "last_line"));
  CHECK(has(error("read", R"({"path": "a\u0000b"})"), "control characters"));
  CHECK(has(error("list", R"({"depth": "x"})"), "whole number"));
  CHECK(has(error("search", R"({"text": "a\nb"})"), "one line"));
  CHECK(has(error("search", R"({"text": "a", "or": 1})"), "list of at most 8 strings"));
  CHECK(has(error("search", R"({"text": "a", "whole_word": "yes"})"), "true or false"));
  CHECK(has(error("write", "{}"), "no tool files.write"));
  CHECK_FALSE(
      call_file_tool("read", R"({"path": "a.txt", "first_line": "1", "x": 1e400})", {context})
          .result.text.empty());
  CHECK(text_of_call("read", {{"path", "a.txt"}, {"first_line", 1.0}}, context) == "a");
}

TEST_CASE("files.propose checks a proposal and writes nothing", "[toolbox]") {
  const Folder folder;
  folder.write("src/a.c", "int a;");
  folder.write(".env", "KEY=1\n");
  const Context context = context_of(folder);
  const std::string proposed =
      "The change of src/a.c is proposed: the user sees it in the chat, can apply it, and decides. "
      "Nothing has been written yet.";
  CHECK(text_of_call("propose", {{"path", "src/a.c"}, {"text", "int b;"}}, context) == proposed);
  CHECK(text_of_call("propose", {{"path", "src/a.c"}, {"diff", "@@ @@\n-int a;\n+int b;"}},
                     context) == proposed);
  CHECK(text_of_call("read", {{"path", "src/a.c"}}, context) == "int a;");
  // A new file, also in a new folder.
  CHECK(has(text_of_call("propose", {{"path", "new/deep/b.c"}, {"text", "int b;"}}, context),
            "The change of new/deep/b.c is proposed"));
  CHECK(error_of_call("read", {{"path", "new/deep/b.c"}}, context) ==
        "new/deep/b.c: there is no such file or folder.");
  const std::string either = R"(Send either "text" or "diff", and not an empty one.)";
  CHECK(error_of_call("propose", {{"path", "a"}}, context) == either);
  CHECK(error_of_call("propose", {{"path", "a"}, {"text", "x"}, {"diff", "y"}}, context) == either);
  CHECK(has(error_of_call("propose", {{"text", "x"}}, context), "Send \"path\""));
  CHECK(has(error_of_call("propose", {{"path", "/etc/passwd"}, {"text", "x"}}, context),
            "; propose changes of the project's files."));
  CHECK(has(error_of_call("propose", {{"path", "../outside.c"}, {"text", "x"}}, context),
            "; propose changes of the project's files."));
  CHECK(has(error_of_call("propose", {{"path", ".env"}, {"text", "x"}}, context),
            "; propose changes of the project's files."));
  CHECK(has(error_of_call("propose", {{"path", "none/../../../x.c"}, {"text", "x"}}, context),
            "x.c: "));
  CHECK(error_of_call("propose", {{"path", "src"}, {"text", "x"}}, context) ==
        "src: it is no file.");
}

}  // namespace chatvim::toolbox
