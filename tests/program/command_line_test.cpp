// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <string>
#include <vector>

#include "home.hpp"
#include "standin.hpp"

namespace chatvim::testing {

namespace {

bool has_part(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

Json sent(Standin& standin, int request) { return Json::parse(standin.body(request)); }

std::string question(Standin& standin, int request) {
  return sent(standin, request).at("messages").at(0).at("content").get<std::string>();
}

/// Runs the program from a shell with the given redirections.
Run run_in_shell(const Home& home, const std::string& redirection) {
  Command command =
      home.command({"-c", R"(exec "$0" complete hi )" + redirection, CHATVIM_PROGRAM});
  command.arguments[0] = "/bin/sh";
  Process process(command);
  process.end_input();
  const int code = process.wait();
  return {code, process.output(), process.errors()};
}

}  // namespace

TEST_CASE("piped text follows the prompt in the question", "[command line]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer({"a"}), answer({"b"}), answer({"c"}), answer({"d"})}));
  const std::string diff = "diff --git a b\n-one\n+two\n";
  CHECK(home.run({"complete", "Write a commit message"}, diff).code == 0);
  CHECK(question(standin, 1) == "Write a commit message\n\n" + diff);
  CHECK(home.run({"complete", "hi"}, " \n\n").code == 0);
  CHECK(question(standin, 2) == "hi");
  // `log` writes both to the file.
  CHECK(home.run({"log", "Why?", "--file", home.path("chat.md")}, "error: 1").code == 0);
  CHECK(question(standin, 3) == "Why?\n\nerror: 1");
  CHECK(has_part(home.read("chat.md"), "Why?\n\nerror: 1\n"));
  // Piped input is plain text: nothing in it is embedded.
  home.file("secret.txt", "contents");
  CHECK(home.run({"complete", "Explain"}, "![](secret.txt)\n").code == 0);
  CHECK(question(standin, 4) == "Explain\n\n![](secret.txt)\n");
}

TEST_CASE("piped text that cannot be sent is rejected with its position", "[command line]") {
  Standin standin;
  const Home home(standin);
  const Run run = home.run({"complete", "Explain"}, "good\nb\xFF");
  CHECK(run.code == 2);
  CHECK(has_part(run.err, "standard input: Line 2, byte 2"));
  CHECK(standin.requests().empty());
}

TEST_CASE("the command line overrides the document", "[command line]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer({"a"}), answer({"b"})}));
  const std::string document = "+++\nmodel = \"standin/other\"\ntemperature = 0.1\n+++\nhi\n";
  CHECK(home.run({"complete", "--model", "standin/m", "--set", "temperature=0.9"}, document).code ==
        0);
  CHECK(sent(standin, 1).at("model") == "m");
  CHECK(sent(standin, 1).at("temperature") == 0.9);
  CHECK(home.run({"complete"}, document).code == 0);
  CHECK(sent(standin, 2).at("model") == "other");
  CHECK(sent(standin, 2).at("temperature") == 0.1);
}

TEST_CASE("the same delimiter on the command line and in the document is an error",
          "[command line]") {
  const Home home;
  const Run run =
      home.run({"request", "--set", "userDelimiter=X"}, "+++\nassistantDelimiter = \"X\"\n+++\nhi");
  CHECK(run.code == 2);
  CHECK(has_part(run.err, "must differ"));
}

TEST_CASE("nothing is sent when standard output is closed", "[command line]") {
  Standin standin;
  const Home home(standin);
  const Run run = run_in_shell(home, ">&-");
  CHECK(run.code == 2);
  CHECK(has_part(run.err, "standard output"));
  CHECK(standin.requests().empty());
}

TEST_CASE("standard error may be closed or full", "[command line]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer({"a"}), answer({"b"})}));
  for (const char* redirection : {"2>&-", "2>/dev/full", "<&- 2>&-"}) {
    INFO(redirection);
    standin.script(Json::array({answer({"a"})}));
    CHECK(run_in_shell(home, redirection).out == "a\n");
  }
  // A failure keeps its exit code even if its message cannot be written.
  home.configure("+++\nmodel = 3\n+++\n");
  CHECK(run_in_shell(home, "2>&-").code == 2);
  CHECK(run_in_shell(home, "2>/dev/full").code == 2);
}

TEST_CASE("log prints the answer and writes it to the file", "[command line]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer({"Hel", "lo"})}));
  const Run run = home.run({"log", "q", "--file", home.path("chat.md")});
  CHECK(run.code == 0);
  CHECK(run.out == "Hello\n");
  CHECK(has_part(home.read("chat.md"), "q\n\n# === ASSISTANT ===\n\nHello\n"));
}

TEST_CASE("after SIGTERM nothing more is printed", "[command line]") {
  Standin standin;
  const Home home(standin);
  for (const char* style : {"--chunk", "--add-delimiters"}) {
    INFO(style);
    standin.script(Json::array({answer_with_gate({"first", "second"}, style)}));
    Process process(home.command({"complete", "--add-delimiters", style, "hi"}));
    process.end_input();
    process.wait_until([&] { return has_part(process.output(), "first"); });
    const std::string before = process.output();
    process.signal(SIGTERM);
    CHECK(process.wait() == 130);
    CHECK(process.output() == before);
    standin.release(style);
  }
}

TEST_CASE("a misspelt word causes a suggestion", "[command line]") {
  const Home home;
  const std::pair<std::vector<std::string>, std::string> cases[] = {
      {{"compelte", "hi"}, "Did you mean \"complete\" in place of \"compelte\"?"},
      {{"complete", "--modle", "m", "hi"}, "Did you mean \"--model\" in place of \"--modle\"?"},
      {{"models", "--al"}, "Did you mean \"--all\" in place of \"--al\"?"},
      {{"--verison"}, "Did you mean \"--version\" in place of \"--verison\"?"},
      {{"complete", "hi", "there"}, "Put the question in quotes: chatvim complete \"QUESTION\""},
      {{"log", "hi", "there", "-f", "a.md"}, "quotes: chatvim log"},
      {{"-m", "m", "hi"}, "Name the command before its options: chatvim complete -m"},
      {{"--names"}, "Name the command before its options: chatvim models --names"},
      {{"version"}, "chatvim --version prints it."},
      {{"keys"}, "Write chatvim keys set or chatvim keys list or chatvim keys remove."},
      {{"keys", "path"}, "Write chatvim keys set or chatvim keys list"},
      {{"keys", "openai"}, "Write chatvim keys set or chatvim keys list"},
      {{"models", "openia"}, "There is no provider \"openia\". Near: openai."},
      {{"models", "--remote", "openia"}, "There is no provider \"openia\". Near: openai."},
      {{"models", "default"}, "There is no provider \"default\"."},
  };
  for (const auto& [arguments, words] : cases) {
    INFO(words);
    const Run run = home.run(arguments);
    CHECK(run.code == 2);
    CHECK(has_part(run.err, words));
    CHECK_FALSE(has_part(run.err, "/any"));
  }
  CHECK_FALSE(has_part(home.run({"quite-another-word"}).err, "Did you mean"));
}

TEST_CASE("help as a command prints the help", "[command line]") {
  const Home home;
  CHECK(home.run({"help"}).out == home.run({"--help"}).out);
  CHECK(home.run({"help", "complete"}).out == home.run({"complete", "--help"}).out);
  CHECK(home.run({"help", "keys", "set"}).out == home.run({"keys", "set", "--help"}).out);
  CHECK(home.run({"help", "complete"}).code == 0);
}

TEST_CASE("a dash is standard input, but for a chat that is written", "[command line]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer({"a"})}));
  CHECK(home.run({"complete", "-f", "-"}, "hi\n").out == "a\n");
  CHECK(has_part(standin.body(1), "hi"));
  CHECK(home.run({"format", "-"}, "one\ntwo\n").out == "one two\n");
  CHECK(home.run({"color", "-"}, "one\n").out == "one\n");
  CHECK(has_part(home.run({"messages", "-f", "-"}, "hi\n").out, "\"hi\""));
  for (const auto& arguments :
       std::vector<std::vector<std::string>>{{"log", "Q", "-f", "-"},
                                             {"repl", "-"},
                                             {"complete", "--write", "-f", "-"},
                                             {"format", "--write", "-"}}) {
    const Run run = home.run(arguments, "hi\n");
    CHECK(run.code == 2);
    CHECK_FALSE(home.exists("-"));
  }
}

TEST_CASE("the help has examples and exit codes", "[command line]") {
  const Home home;
  for (const char* command : {"complete", "log", "request", "models"}) {
    INFO(command);
    const Run run = home.run({command, "--help"});
    CHECK(run.code == 0);
    CHECK(has_part(run.out, std::string("  chatvim ") + command));
    const bool answers =
        std::string_view(command) == "complete" || std::string_view(command) == "log";
    CHECK(has_part(run.out, "130  interrupted") == answers);
    CHECK_FALSE(has_part(run.out, "TEXT"));
  }
  CHECK(has_part(home.run({"--help"}).out, "git diff | chatvim complete"));
  for (const char* command : {"color", "format", "completion", "man", "models"}) {
    INFO(command);
    const Run run = home.run({command, "--help"});
    CHECK(has_part(run.out, "0    done"));
    CHECK_FALSE(has_part(run.out, "answer is"));
  }
  CHECK(has_part(home.run({"keys", "set", "--help"}).out, "130  interrupted; nothing was changed"));
}

TEST_CASE("only what could have been sent is said not to have been", "[command line]") {
  const Home home;
  const std::string bad = home.file("bad.md", "a\n\xE9\n");
  for (const auto& arguments : std::vector<std::vector<std::string>>{{"format", bad},
                                                                     {"format"},
                                                                     {"color", "/nowhere"},

                                                                     {"keys", "set", "openai"}}) {
    INFO(arguments.front());
    const Run run = home.run(arguments, "\xE9\n");
    CHECK(run.code == 2);
    CHECK_FALSE(has_part(run.err, "sent"));
  }
  CHECK(has_part(home.run({"keys", "set", "openai"}, "\xE9\n").err, "nothing was stored.\n"));
  CHECK(has_part(home.run({"complete", "-f", bad}).err, "nothing was sent"));
}

TEST_CASE("a provider that cannot be used is listed below the table", "[command line]") {
  const Home home;
  const Run run = home.run({"providers"});
  const auto lines = std::count(run.out.begin(), run.out.end(), '\n');
  CHECK(lines > 5);
  CHECK(has_part(run.out, "\nazure cannot be used: "));
}

TEST_CASE("a key is the first line of its source, and invalid characters are rejected",
          "[command line]") {
  Standin standin;
  const Home home(standin);
  const auto with = [&](const std::string& source) {
    home.configure(configuration(standin.base_url(), source));
    standin.script(Json::array({answer({"a"})}));
    return home.run({"complete", "hi"});
  };
  const std::string entry = home.file("entry", "\nsk-first\nlogin: me\nurl: example.org\n");
  const std::string marked = home.file("marked", "\xEF\xBB\xBFsk-key\n");
  const std::string invisible = home.file("invisible", "sk-key\xE2\x80\x8B\n");
  const auto count = [&] { return standin.requests().size(); };
  for (const std::string& source :
       {"api_key_file = \"" + entry + "\"", "api_key_command = [\"cat\", \"" + entry + "\"]"}) {
    INFO(source);
    const Run run = with(source);
    CHECK(run.err.empty());
    CHECK(run.code == 0);
    CHECK(header(standin.requests().back(), "authorization") == "Bearer sk-first");
  }
  const auto before = count();
  for (const std::string& path : {marked, invisible}) {
    for (const std::string& source :
         {"api_key_file = \"" + path + "\"", "api_key_command = [\"cat\", \"" + path + "\"]"}) {
      INFO(source);
      const Run run = with(source);
      CHECK(run.code == 2);
      CHECK(has_part(run.err, "Write the key alone on the first line of"));
      CHECK_FALSE(has_part(run.err, "sk-key"));
    }
  }
  CHECK(count() == before);
}

TEST_CASE("messages rejects what request rejects", "[command line]") {
  const Home home;
  for (const std::string& document : {std::string("a\nb\xFF\n"), std::string("a\0b\n", 4)}) {
    const Run shown = home.run({"messages"}, document);
    const Run request = home.run({"request"}, document);
    CHECK(shown.code == 2);
    CHECK(shown.err == request.err);
  }
}

TEST_CASE("messages shows the tool calls of an answer", "[command line]") {
  const Home home;
  const std::string open = "<details><summary>Step 1: a.b</summary>\n\n```json x\n{}\n```\n\n";
  const Run run =
      home.run({"messages"}, "+++\nseed = 1\n+++\nhi\n\n# === ASSISTANT ===\n\nOne.\n\n" +
                                 std::string("<!-- chatvim:state a/b\nQQ==\n-->\n\n") + open +
                                 "```text error\nno\n```\n\n</details>\n\n" + open +
                                 "</details>\n\n" + open);
  REQUIRE(run.code == 0);
  const Json shown = Json::parse(run.out);
  Json call = {{"kind", "call"},    {"step", 1},          {"tool", "a.b"},  {"id", "x"},
               {"arguments", "{}"}, {"outcome", "error"}, {"result", "no"}, {"line", 14}};
  const Json& answer = shown.at("messages").at(1).at("answer");
  REQUIRE(answer.size() == 5);
  CHECK(answer[0] == Json{{"kind", "text"}, {"text", "One."}});
  CHECK(answer[1] == Json{{"kind", "state"}, {"model", "a/b"}, {"size", 4}});
  CHECK(answer[2] == call);
  call.erase("result");
  call.update({{"outcome", "open"}, {"line", 26}});
  CHECK(answer[3] == call);
  // The third one is not closed.
  CHECK(answer[4].at("kind") == "text");
  REQUIRE(shown.at("diagnostics").size() == 1);
  CHECK(shown.at("diagnostics")[0].at("line") == 34);
  CHECK(shown.at("diagnostics")[0].at("severity") == "warning");
}

TEST_CASE("option --continue continues the last answer", "[command line]") {
  Standin standin;
  const Home home(standin);
  const std::string asked = "hi\n\n# === ASSISTANT ===\n\n";
  const std::string end = "\n\n# === USER ===\n\n\n";
  for (const std::string& tail :
       {std::string("one two\n"), "one two" + end, "one two \n\n" + end}) {
    INFO(tail);
    standin.script(Json::array({answer({" thr", "ee"}), answer({" three"})}));
    const std::string path = home.file("chat.md", asked + tail);
    const Run printed = home.run({"complete", "--continue", "--file", path});
    CHECK(printed.err.empty());
    CHECK(printed.out == " three\n");
    CHECK(home.read("chat.md") == asked + tail);
    CHECK(home.run({"complete", "--continue", "--write", "--file", path}).code == 0);
    CHECK(home.read("chat.md") == asked + "one two three" + end);
  }
  const auto before = standin.requests().size();
  CHECK(home.run({"complete", "--continue", "--file", home.file("chat.md", "hi\n")}).code == 2);
  CHECK(home.run({"complete", "--continue", "hi"}).code == 2);
  CHECK(standin.requests().size() == before);
  CHECK(home.read("chat.md") == "hi\n");
}

TEST_CASE("blank lines between reasoning and answer are not printed", "[command line]") {
  Standin standin;
  const Home home(standin);
  for (const std::vector<std::string>& deltas :
       {std::vector<std::string>{"<think>hm", "</think>\n", "\n", "Hello\n\nthere"},
        {"<think>hm</think>\n\nHello\n\nthere"}}) {
    standin.script(Json::array({answer(deltas), answer(deltas)}));
    CHECK(home.run({"complete", "hi"}).out == "Hello\n\nthere\n");
    CHECK(Json::parse(home.run({"complete", "--json", "hi"}).out).at("text") == "Hello\n\nthere");
  }
}

TEST_CASE("input that cannot be read and empty flags send nothing", "[command line]") {
  Standin standin;
  const Home home(standin);
  CHECK(run_in_shell(home, "</tmp").code == 2);
  CHECK(has_part(run_in_shell(home, "</tmp").err, "Standard input cannot be read"));
  CHECK(home.run({"complete", "--model", "", "hi"}).code == 2);
  for (const char* option : {"--file", "--schema", "--allow", "--attach"}) {
    const Run run = home.run({"complete", "hi", option, ""});
    CHECK(run.code == 2);
    CHECK(run.err == fmt::format("chatvim: Name a file after {}: it is empty.\n", option));
  }
  CHECK(home.run({"log", "hi", "--file", ""}).code == 2);
  CHECK(has_part(home.run({"format", ""}, "text").err, "Name a file in place of \"\""));
  CHECK(standin.requests().empty());
}

}  // namespace chatvim::testing
