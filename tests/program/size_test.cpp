// SPDX-License-Identifier: Apache-2.0
// The size of a request: limits that reject it, and estimates that learn from the server's counts.
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <string>

#include "editor.hpp"
#include "home.hpp"
#include "standin.hpp"

namespace chatvim::testing::size_test {

namespace {

constexpr const char* kCalibration = ".local/state/chatvim/calibration.json";

/// Returns a text of about `count` tokens.
std::string words(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += i == 0 ? "word" : " word";
  return text;
}

/// Returns a complete answer that reports the number of input tokens.
Json counted(int tokens) {
  return {{"json",
           {{"choices", {{{"message", {{"content", "Yes."}}}, {"finish_reason", "stop"}}}},
            {"usage", {{"prompt_tokens", tokens}, {"completion_tokens", 2}}}}}};
}

/// Returns the number in "About 1,234 tokens".
int told(const std::string& text) {
  const auto start = text.find("About ");
  REQUIRE(start != std::string::npos);
  std::string digits;
  for (const char c : text.substr(start + 6)) {
    if (c == ' ') break;
    if (c != ',') digits += c;
  }
  return std::stoi(digits);
}

}  // namespace

TEST_CASE("max_input_tokens stops a chat with both numbers, and nothing is sent", "[size]") {
  Standin standin;
  const Home home(standin);
  const std::string limit = "+++\nmax_input_tokens = 1_000\n+++\n";
  const Run run = home.run({"complete"}, limit + words(2000));
  CHECK(run.code == 2);
  CHECK(run.out.empty());
  CHECK(
      run.err ==
      "chatvim: The chat is about 2,007 tokens, more than max_input_tokens = 1,000: shorten it or "
      "raise the setting; nothing was sent.\n");
  const std::string chat = home.file("chat.md", limit + words(2000));
  CHECK(home.run({"complete", "--write", "--file", chat}).code == 2);
  CHECK(home.read("chat.md") == limit + words(2000));
  CHECK(home.run({"complete", "--set", "max_input_tokens=1000"}, words(2000)).code == 2);
  CHECK(home.run({"request"}, limit + words(2000)).code == 2);

  Editor editor(home);
  editor.complete(1, limit + words(2000));
  const Json ended = editor.wait("ended", 1);
  CHECK(ended.at("code") == "too_large");
  CHECK(ended.at("level") == "error");
  CHECK(ended.at("message").get<std::string>().find("2,007") != std::string::npos);
  editor.sync();
  CHECK(standin.records().at("connections").empty());

  standin.script(Json::array({answer({"fine"})}));
  CHECK(home.run({"complete"}, limit + words(500)).code == 0);
}

TEST_CASE("a document cannot raise the configuration's limit", "[size]") {
  Standin standin;
  const Home home;
  home.configure("+++\nmax_input_tokens = 100\n" + configuration(standin.base_url()).substr(4));
  const std::string raised = "+++\nmax_input_tokens = 100000\n+++\n" + words(500);
  CHECK(home.run({"complete"}, raised).code == 2);
  CHECK(standin.requests().empty());
  standin.script(Json::array({answer({"fine"})}));
  // The user can override it.
  CHECK(home.run({"complete", "--set", "max_input_tokens=100000"}, words(500)).code == 0);
}

TEST_CASE("max_cost stops a chat with the items of its cost, and nothing is sent", "[size]") {
  Standin standin;
  const Home home;
  home.configure(configuration(standin.base_url(),
                               "[facts.\"standin/m\"]\nprice = { input = 1000, output = 5000 }"));
  const std::string document = "+++\nmax_cost = 2.5\nmax_tokens = 200\n+++\n" + words(2000);
  const Run run = home.run({"complete"}, document);
  CHECK(run.code == 2);
  CHECK(
      run.err ==
      "chatvim: The chat is about 2,007 tokens and would cost about $2.01 for the input and $1.00 "
      "for an answer of 200 tokens, together $3.01, more than max_cost = $2.5: shorten it or "
      "raise the setting; nothing was sent.\n");
  CHECK(standin.requests().empty());
  standin.script(Json::array({answer({"fine"})}));
  CHECK(home.run({"complete"}, "+++\nmax_cost = 2.5\n+++\n" + words(2000)).code == 0);
}

TEST_CASE("max_cost without a known price applies only to remote servers", "[size]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer({"fine"})}));
  CHECK(home.run({"complete"}, "+++\nmax_cost = 0.1\n+++\nhi").code == 0);
  home.configure(configuration("https://nowhere.invalid/v1"));
  const Run run = home.run({"complete"}, "+++\nmax_cost = 0.1\n+++\nhi");
  CHECK(run.code == 2);
  CHECK(run.err.find("The price of standin/m is not known") != std::string::npos);
  CHECK(run.err.find("nothing was sent") != std::string::npos);
}

TEST_CASE("the server's token count corrects the next estimate, in another process", "[size]") {
  Standin standin;
  const Home home(standin);
  const std::string chat = home.file("chat.md", words(1000));
  const int raw = told(home.run({"request", "--file", chat}).err);
  CHECK(raw == 1007);
  standin.script(Json::array({counted(1511), counted(1511)}));
  REQUIRE(home.run({"complete", "--file", chat}).code == 0);
  CHECK(home.exists(kCalibration));
  CHECK(home.read("chat.md") == words(1000));
  const Json kept = Json::parse(home.read(kCalibration));
  CHECK(kept.at("models").at("standin/m").at("samples") == 1);
  CHECK(kept.dump().find("word") == std::string::npos);
  CHECK(told(home.run({"request", "--file", chat}).err) == 1511);
  const Run limited = home.run({"complete", "--file", chat, "--set", "max_input_tokens=1200"});
  CHECK(limited.err.find("about 1,511 tokens") != std::string::npos);

  // `chatvim serve` learns too, and uses the result.
  Editor editor(home);
  editor.complete(1, words(1000));
  CHECK(editor.take_answer(1).ended.at("outcome") == "done");
  editor.sync();
  CHECK(Json::parse(home.read(kCalibration)).at("models").at("standin/m").at("samples") == 2);
  editor.send("request", {{"id", 2}, {"text", words(1000)}, {"settings", Json::object()}});
  const Json size = editor.wait("result", 2).at("size");
  CHECK(size.at("tokens") == 1511);
  CHECK_FALSE(size.contains("price"));
}

TEST_CASE("a damaged calibration file does no harm", "[size]") {
  Standin standin;
  const Home home(standin);
  REQUIRE(home.run({"request", "hi"}).code == 0);
  std::filesystem::create_directories(home.path(".local/state/chatvim"));
  home.file(kCalibration, "{\"models\": [");
  standin.script(Json::array({counted(1511)}));
  const Run run = home.run({"complete"}, words(1000));
  CHECK(run.code == 0);
  CHECK(run.err.empty());
  CHECK(told(home.run({"request"}, words(1000)).err) == 1511);
  CHECK(home.read(std::string(kCalibration) + ".bad") == "{\"models\": [");
}

TEST_CASE("request reports the size along with the request", "[size]") {
  const Home home;
  home.configure(configuration("http://127.0.0.1:9/v1",
                               "[facts.\"standin/m\"]\ncontext = 400000\n"
                               "price = { input = 2.5, output = 10 }"));
  const Run run = home.run({"request"}, words(1233));
  CHECK(run.code == 0);
  CHECK(run.err == "About 1,240 tokens of 400,000 that m takes; about $0.0031 for the input.\n");
  CHECK(Json::parse(run.out).contains("body"));
}

}  // namespace chatvim::testing::size_test
