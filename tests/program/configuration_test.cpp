// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "home.hpp"
#include "standin.hpp"

namespace chatvim::testing {

namespace {

const std::string kProvider = "[providers.standin]\nbase_url = \"http://127.0.0.1:9/v1\"\n";

Json body_of(const Home& home, const std::vector<std::string>& more, const std::string& document) {
  std::vector<std::string> arguments{"request"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const Run run = home.run(arguments, document);
  INFO(run.err);
  REQUIRE(run.code == 0);
  return Json::parse(run.out).at("body");
}

}  // namespace

TEST_CASE("layers: config.md, preset, document, command line", "[configuration]") {
  const Home home;
  home.configure(
      "+++\nmodel = \"standin/a\"\ntemperature = 0.1\ntop_p = 0.1\nseed = 1\ntop_k = 1\n" +
      kProvider + "+++\n");
  home.preset("p", "+++\ntemperature = 0.2\ntop_p = 0.2\nseed = 2\n+++\n");
  const std::vector<std::string> line{"--set", "preset=p", "--set", "top_p=0.3", "--set", "seed=3"};
  const Json body = body_of(home, line, "+++\nseed = 4\ntop_p = 0.9\nmax_tokens = 9\n+++\nhi");
  CHECK(body.at("top_k") == 1);
  CHECK(body.at("temperature") == 0.2);
  CHECK(body.at("top_p") == 0.3);
  CHECK(body.at("max_tokens") == 9);
  CHECK(body.at("seed") == 3);
}

TEST_CASE("option --model is stronger than the document's model", "[configuration]") {
  const Home home;
  home.configure("+++\nmodel = \"standin/a\"\n" + kProvider + "+++\n");
  CHECK(body_of(home, {}, "hi").at("model") == "a");
  CHECK(body_of(home, {"--model", "standin/b"}, "hi").at("model") == "b");
  CHECK(
      body_of(home, {"--model", "standin/b"}, "+++\nmodel = \"standin/c\"\n+++\nhi").at("model") ==
      "b");
  CHECK(body_of(home, {}, "+++\nmodel = \"standin/c\"\n+++\nhi").at("model") == "c");
}

TEST_CASE("option --set takes values of every type", "[configuration]") {
  const Home home;
  home.configure("+++\nmodel = \"standin/a\"\n" + kProvider + "+++\n");
  const Json body = body_of(home,
                            {"--set", "temperature=0", "--set", "stop=[\"x\", \"y\"]", "--set",
                             "reasoning_effort=low", "--set", "body={deep={er=[1]}}"},
                            "hi");
  CHECK(body.at("temperature") == 0);
  CHECK(body.at("stop") == Json::array({"x", "y"}));
  CHECK(body.at("reasoning_effort") == "low");
  CHECK(body.at("deep") == Json{{"er", {1}}});
  for (const char* wrong : {"temperature", "temperature=warm", "=1"}) {
    INFO(wrong);
    const Run run = home.run({"request", "--set", wrong}, "hi");
    CHECK(run.code == 2);
    CHECK_FALSE(run.err.empty());
  }
}

TEST_CASE("messages of config.md and of a preset come first", "[configuration]") {
  Home home;
  home.configure("+++\nmodel = \"standin/a\"\n" + kProvider + "+++\n# === SYSTEM ===\none\n");
  home.preset("p", "# === USER ===\nexample\n# === ASSISTANT ===\nof an answer\n");
  const Json messages = body_of(home, {"--set", "preset=p"}, "hi\n").at("messages");
  REQUIRE(messages.size() == 4);
  CHECK(messages.at(0) == Json{{"role", "system"}, {"content", "one"}});
  CHECK(messages.at(1).at("content") == "example");
  CHECK(messages.at(2).at("role") == "assistant");
  CHECK(messages.at(3).at("content") == "hi");
  // They are not a chat by themselves.
  const Run run = home.run({"request"}, "\n");
  CHECK(run.code == 2);
  // Where XDG_CONFIG_HOME is not set the folder is ~/.config.
  home.set("XDG_CONFIG_HOME", "");
  home.set("OPENAI_API_KEY", "k");
  CHECK(body_of(home, {}, "hi").at("messages").size() == 1);
}

TEST_CASE("a preset that is not there, or elsewhere, is refused", "[configuration]") {
  const Home home;
  home.configure("+++\nmodel = \"standin/a\"\n" + kProvider + "+++\n");
  home.preset("short", "be brief");
  const Run missing = home.run({"request"}, "+++\npreset = \"shrt\"\n+++\nhi");
  CHECK(missing.code == 2);
  CHECK(missing.err.find("short") != std::string::npos);
  home.file("elsewhere.md", "secret");
  for (const char* name : {"../config", "../../../elsewhere", "/etc/passwd", ""}) {
    INFO(name);
    CHECK(home.run({"request"}, std::string("+++\npreset = \"") + name + "\"\n+++\nhi").code == 2);
  }
}

TEST_CASE("messages says what is doubtful in the configuration", "[configuration]") {
  const Home home;
  home.configure("+++\ntemprature = 1\n+++\n");
  const Run run = home.run({"messages"});
  CHECK(run.code == 0);
  CHECK(run.err.find("config.md:2:1: temprature is no setting") != std::string::npos);
  CHECK(Json::parse(run.out).at("diagnostics").empty());
}

TEST_CASE("providers lists the built-in ones and the user's", "[configuration]") {
  Home home;
  home.configure(
      "+++\n[providers.mine]\nbase_url = \"http://127.0.0.1:9/v1/\"\ndefault_model = \"d\"\n"
      "[providers.locked]\nbase_url = \"https://example.org\"\napi_key_env = \"MY_KEY\"\n+++\n");
  home.set("XAI_API_KEY", "sentinel-key");
  const Run plain = home.run({"providers"});
  CHECK(plain.code == 0);
  for (const char* word : {"openai", "xai", "mine", "locked", "$MY_KEY", "http://127.0.0.1:9/v1"}) {
    CHECK(plain.out.find(word) != std::string::npos);
  }
  const Run json = home.run({"providers", "--json"});
  CHECK(json.code == 0);
  CHECK((plain.out + json.out).find("sentinel-key") == std::string::npos);
  Json by_name = Json::object();
  for (const Json& row : Json::parse(json.out)) by_name[row.at("name").get<std::string>()] = row;
  REQUIRE(by_name.size() > 20);
  CHECK(by_name.at("xai").at("key") == true);
  CHECK(by_name.at("openai").at("key") == false);
  CHECK(by_name.at("mine").at("key_needed") == false);
  CHECK(by_name.at("mine").at("default_model") == "d");
  CHECK(by_name.at("locked").at("key_variables") == Json::array({"MY_KEY"}));
}

TEST_CASE("providers tells what keeps one from being used", "[providers]") {
  const Home home;
  const Run run = home.run({"providers"});
  CHECK(run.code == 0);
  CHECK(run.out.find("AZURE_OPENAI_ENDPOINT") != std::string::npos);
  const Run json = home.run({"providers", "--json"});
  for (const Json& row : Json::parse(json.out)) {
    const auto problem = row.at("problem").get<std::string>();
    const bool told = problem.find("AZURE_OPENAI_ENDPOINT") != std::string::npos;
    CHECK(told == (row.at("name") == "azure"));
  }
}

TEST_CASE("wrong usage is exit code 2 and a sentence", "[usage]") {
  const Home home;
  const std::vector<std::vector<std::string>> wrong = {{},
                                                       {"unknown"},
                                                       {"complete", "--no-such-flag"},
                                                       {"complete", "a prompt", "--file", "x.md"},
                                                       {"complete", "--chunk", "--json", "hi"},
                                                       {"complete", "  \n"},
                                                       {"complete", "--file", "not-there.md"},
                                                       {"complete", "not \xFF text"}};
  for (const auto& arguments : wrong) {
    const Run run = home.run(arguments);
    INFO(run.err);
    CHECK(run.code == 2);
    CHECK_FALSE(run.err.empty());
    CHECK(run.out.empty());
  }
}

TEST_CASE("option --version and --help", "[usage]") {
  const Home home;
  const Run version = home.run({"--version"});
  CHECK(version.code == 0);
  CHECK(version.out.starts_with("chatvim "));
  // The second line is what the health report reads.
  const auto second = version.out.find('\n') + 1;
  CHECK(version.out.compare(second, 8, "libcurl/") == 0);
  const std::string features = version.out.substr(version.out.find(':', second));
  CHECK(features.find(" SSL") != std::string::npos);
  CHECK(features.find(" HTTP2") != std::string::npos);
  // The third has what else is in it.
  const std::string built = version.out.substr(version.out.find("\nbuilt with ") + 1);
  for (const char* library : {"nlohmann_json 3.", "msgpack", "toml", "yaml-cpp 0.", "fmt ",
                              "CLI11 ", "utf8cpp ", "tl-expected "}) {
    INFO(library);
    CHECK(built.find(library) != std::string::npos);
  }
  const Run help = home.run({"--help"});
  CHECK(help.code == 0);
  for (const char* word : {"complete", "log", "messages", "request", "providers"}) {
    CHECK(help.out.find(word) != std::string::npos);
  }
}

}  // namespace chatvim::testing
