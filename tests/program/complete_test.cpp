// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <sstream>
#include <string>

#include "home.hpp"
#include "standin.hpp"

namespace chatvim::testing {

namespace {

Json messages_sent(Standin& standin, int request = 1) {
  return Json::parse(standin.body(request)).at("messages");
}

Json user(const std::string& content) { return {{"role", "user"}, {"content", content}}; }

}  // namespace

TEST_CASE("complete answers a prompt, a file and standard input", "[complete]") {
  Standin standin;
  const Home home(standin);
  standin.script(
      Json::array({answer({"Hel", "lo\n", "there"}), answer({"two"}), answer({"three"})}));

  const Run prompt = home.run({"complete", "what is\n1 + 1?"});
  CHECK(prompt.code == 0);
  CHECK(prompt.out == printed("Hello\nthere"));
  CHECK(prompt.err.empty());
  CHECK(messages_sent(standin, 1) == Json::array({user("what is\n1 + 1?")}));

  const std::string document = "a\n\n# === ASSISTANT ===\n\nb\n\n# === USER ===\n\nc\n";
  const Json sent = {user("a"), {{"role", "assistant"}, {"content", "b"}}, user("c")};
  const Run file = home.run({"complete", "--file", home.file("chat.md", document)});
  CHECK(file.code == 0);
  CHECK(file.out == printed("two"));
  CHECK(messages_sent(standin, 2) == sent);
  CHECK(home.read("chat.md") == document);

  const Run input = home.run({"complete"}, document);
  CHECK(input.code == 0);
  CHECK(input.out == printed("three"));
  CHECK(messages_sent(standin, 3) == sent);
}

TEST_CASE("a prompt is text: delimiters and backslashes in it are sent as they are", "[complete]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer({"ok"})}));
  const std::string prompt = "# === ASSISTANT ===\n\\# === USER ===\n+++\nmodel = 3\n+++";
  CHECK(home.run({"complete", prompt}).code == 0);
  CHECK(messages_sent(standin) == Json::array({user(prompt)}));
}

TEST_CASE("the answer comes out as it arrives", "[complete]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer_with_gate({"first ", "half"}, "go")}));
  Process process(home.command({"complete", "hi"}));
  process.end_input();
  process.wait_until([&] { return process.output() == "first half"; });
  standin.release("go");
  CHECK(process.wait() == 0);
  CHECK(process.output() == "first half\n");
}

TEST_CASE("option --add-delimiters puts the delimiters around the answer", "[complete]") {
  Standin standin;
  const Home home(standin);
  standin.script(
      Json::array({answer({"x\n# === US", "ER ===\n```\ny"}), answer({"z"}), answer({"z"})}));
  CHECK(home.run({"complete", "--add-delimiters"}, "q\n").out ==
        "\n\n# === ASSISTANT ===\n\nx\n\\# === USER ===\n```\ny\n```\n\n# === USER ===\n\n");
  // What ends the document counts, and so do its own delimiters.
  CHECK(home.run({"complete", "--add-delimiters"}, "q\n\n\n").out ==
        "# === ASSISTANT ===\n\nz\n\n# === USER ===\n\n");
  CHECK(
      home.run({"complete", "--add-delimiters"}, "+++\nassistantDelimiter = \"A\"\n+++\nq\n").out ==
      "\n\nA\n\nz\n\n# === USER ===\n\n");
}

TEST_CASE("option --chunk prints one JSON object a line", "[complete]") {
  Standin standin;
  const Home home(standin);
  standin.script(
      Json::array({answer({"a\n", "\"b\" ", "\xC3\xA9\xF0\x9F\x99\x82"}), answer({"x"})}));
  const auto joined = [](const std::string& out) {
    std::istringstream lines(out);
    std::string text;
    for (std::string line; std::getline(lines, line);) {
      const Json object = Json::parse(line);
      REQUIRE(object.size() == 1);
      text += object.at("chunk").get<std::string>();
    }
    return text;
  };
  const Run run = home.run({"complete", "--chunk", "hi"});
  CHECK(run.code == 0);
  CHECK(run.out.ends_with("}\n"));
  CHECK(joined(run.out) == "a\n\"b\" \xC3\xA9\xF0\x9F\x99\x82");
  CHECK(joined(home.run({"complete", "--chunk", "--add-delimiters"}, "hi").out) ==
        "\n\n# === ASSISTANT ===\n\nx\n\n# === USER ===\n\n");
}

TEST_CASE("option --json prints one object at the end", "[complete]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array(
      {{{"steps",
         {{{"deltas", {{"text", {"hm ", "so"}}, {"field", "reasoning_content"}}}},
          {{"deltas", {{"text", {"yes"}}}}},
          {{"event",
            {{"choices", {{{"index", 0}, {"delta", Json::object()}, {"finish_reason", "stop"}}}}}}},
          {{"event",
            {{"choices", Json::array()},
             {"usage", {{"prompt_tokens", 3}, {"completion_tokens", 2}}}}}},
          {{"send", "data: [DONE]\n\n"}}}}},
       {{"status", 401}, {"json", {{"error", {{"message", "No such key."}}}}}}}));
  const Run run = home.run({"complete", "--json", "hi"});
  CHECK(run.code == 0);
  const Json object = Json::parse(run.out);
  CHECK(object.at("text") == "yes");
  CHECK(object.at("reasoning") == "hm so");
  CHECK(object.at("finish_reason") == "stop");
  CHECK(object.at("outcome") == "done");
  CHECK(object.at("provider") == "standin");
  CHECK(object.at("model") == "m");
  CHECK(object.at("usage") == Json{{"input", 3}, {"output", 2}});
  CHECK(object.at("seconds").get<double>() > 0);
  CHECK_FALSE(object.contains("message"));

  const Run failed = home.run({"complete", "--json", "hi"});
  CHECK(failed.code == 1);
  const Json failure = Json::parse(failed.out);
  CHECK(failure.at("outcome") == "error");
  CHECK(failure.at("code") == "auth");
  CHECK(failure.at("message").get<std::string>().find("No such key.") != std::string::npos);
}

TEST_CASE("an answer that ended for another reason than stop is told", "[complete]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer({"half"}, "length"), answer({" \n"}, "content_filter")}));
  const Run cut = home.run({"complete", "hi"});
  CHECK(cut.code == 3);
  CHECK(cut.out == printed("half"));
  CHECK(cut.err.find("length") != std::string::npos);
  CHECK(cut.err.find("max_tokens") != std::string::npos);
  const Run empty = home.run({"complete", "hi"});
  CHECK(empty.code == 1);
  CHECK(empty.err.find("empty answer") != std::string::npos);
  CHECK(empty.err.find("content_filter") != std::string::npos);
}

TEST_CASE("an interrupt stops the answer: exit code 130, the connection closed", "[complete]") {
  Standin standin;
  const Home home(standin);
  for (const int number : {SIGINT, SIGTERM}) {
    standin.script(
        Json::array({{{"steps", {{{"deltas", {{"text", {"so far"}}}}}, {{"hang", true}}}}}}));
    Process process(home.command({"complete", "hi"}));
    process.end_input();
    process.wait_until([&] { return process.output() == "so far"; });
    process.signal(number);
    CHECK(process.wait() == 130);
    // A kill ends the output at once, CTRL-C ends the line too.
    CHECK(process.output() == (number == SIGINT ? "so far\n" : "so far"));
    CHECK(process.errors().find("terminate") == std::string::npos);
  }
  CHECK(standin.requests("closed=2").size() == 2);
}

TEST_CASE("a reader that goes away ends the program", "[complete]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({{{"steps",
                                {{{"deltas", {{"text", {"x"}}}}},
                                 {{"wait", "go"}},
                                 {{"deltas", {{"count", 100}, {"per_second", 100}}}},
                                 {{"finish", "stop"}}}}}}));
  // `head -c1` closes the pipe after the first byte.
  Command command = home.command({});
  const std::string program = command.arguments.at(0);
  command.arguments = {"/bin/sh", "-c", "'" + program + "' complete hi | head -c1; echo"};
  Process process(command);
  process.end_input();
  process.wait_until([&] { return process.output().starts_with("x"); });
  standin.release("go");
  CHECK(process.wait() == 0);
  CHECK(process.errors().empty());
}

}  // namespace chatvim::testing
