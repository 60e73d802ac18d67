// SPDX-License-Identifier: Apache-2.0
// The data that the editor shows about embeds: the query `embeds` over the channel.
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <string>
#include <utility>

#include "editor.hpp"
#include "home.hpp"
#include "pictures.hpp"

namespace chatvim::testing {

namespace {

constexpr const char* kNowhere = "http://127.0.0.1:9/v1";
/// Tokens of a file a.txt of a thousand words, including its name and the fences around it.
constexpr int kTokens = 1006;
constexpr const char* kFacts =
    "[facts.\"standin/m\"]\ncontext = 400000\nprice = { input = 1000, output = 5000 }";

/// A channel, and queries about one chat.
class Query {
 public:
  explicit Query(const Home& home) : home_(home), editor_(home) {}

  Json ask(const std::string& name, const std::string& text, const Json& more = Json::object()) {
    Json map = {{"id", ++id_},
                {"text", text},
                {"settings", Json::object()},
                {"file", home_.path("chat.md")},
                {"folder", home_.path("")},
                // The home folder needs permission.
                {"allow", Json::array({home_.path("")})}};
    map.update(more);
    editor_.send(name, map);
    return editor_.wait("result", id_);
  }
  Json embeds(const std::string& text, const Json& more = Json::object()) {
    const Json result = ask("embeds", text, more);
    INFO(result.dump(2));
    REQUIRE(result.contains("value"));
    return result.at("value");
  }

 private:
  const Home& home_;
  Editor editor_;
  int id_ = 0;
};

std::string words(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += i == 0 ? "word" : " word";
  return text;
}

}  // namespace

TEST_CASE("embeds reports each embed's size, and the same total as request", "[embed-query]") {
  for (const std::string api : {"chat", "responses", "messages"}) {
    INFO(api);
    Home home;
    home.configure(configuration(kNowhere, "api = \"" + api + "\"\n" + kFacts));
    home.file("a.txt", words(1000));
    home.file("a.png", png(640, 320));
    Query query(home);
    const std::string text = "look\n\n![](a.txt)\n\n![](a.txt)\n";
    const Json value = query.embeds(text);
    REQUIRE(value.at("items").size() == 2);
    CHECK(value["items"][0].at("tokens") == kTokens);
    CHECK(value["items"][0].at("outside") == false);
    CHECK(value["items"][1].at("line") == 5);
    CHECK(value.at("model") == "standin/m");
    CHECK(value.at("context") == 400'000);
    CHECK(value.at("price").get<double>() == value.at("tokens").get<double>() / 1000);
    CHECK(query.ask("request", text).at("size").at("tokens") == value.at("tokens"));

    const std::string with_picture = text + "\n![](a.png)\n\nand\n\n![](a.txt)\n";
    const Json more = query.embeds(with_picture);
    REQUIRE(more.at("items").size() == 4);
    const int picture = api == "messages" ? 23 * 12 : 20 * 10 * 12 / 10;
    CHECK(more["items"][2].at("tokens") == picture);
    CHECK(more["items"][2].at("width") == 640);
    CHECK(more["items"][3].at("tokens") == kTokens);
    CHECK(query.ask("request", with_picture).at("size").at("tokens") == more.at("tokens"));
  }
}

TEST_CASE("embeds counts existing files even if others are missing", "[embed-query]") {
  Home home;
  home.configure(configuration(kNowhere));
  home.file("a.txt", words(1000));
  const Home elsewhere;
  const std::string other = elsewhere.file("b.txt", words(5000));
  Query query(home);
  const Json value =
      query.embeds("![](a.txt)\n![](none.txt)\n![](" + other + ")\n![](/dev/zero)\n![](a.txt#L9)");
  const Json& items = value.at("items");
  REQUIRE(items.size() == 5);
  CHECK(items[0].at("tokens") == kTokens);
  CHECK(items[1].at("reason") == "there is no such file");
  CHECK(items[1].at("error") == "Line 2: ![](none.txt): there is no such file; nothing was sent.");
  CHECK(items[2].at("outside") == true);
  CHECK(items[2].at("why") == "lies outside of the chat's folder and the working folder");
  CHECK_FALSE(items[2].contains("error"));
  for (std::size_t i = 1; i < items.size(); ++i) CHECK(items[i].at("tokens") == 0);
  CHECK(value.at("tokens").get<int>() > kTokens);
  CHECK(value.at("tokens").get<int>() < 1200);
  CHECK_FALSE(value.contains("context"));
  CHECK_FALSE(value.contains("price"));
}

TEST_CASE("embeds needs no model and no key, and ignores limits", "[embed-query]") {
  Home home;
  home.file("a.txt", words(1000));
  const auto tokens = [&](const std::string& front_matter, const std::string& model) {
    Query query(home);
    const Json value = query.embeds("+++\n" + front_matter + "+++\n![](a.txt)");
    CHECK(value.at("items").at(0).at("tokens") == kTokens);
    CHECK(value.value("model", "") == model);
    return value.at("tokens").get<int>();
  };
  CHECK(tokens("", "") == kTokens + 7);
  CHECK(tokens("model = \"nobody-knows-it\"\n", "") == kTokens + 7);
  CHECK(tokens("provider = \"nobody\"\n", "") == kTokens + 7);
  // The size can be queried before a key is set up.
  CHECK(tokens("model = \"openai/gpt-6-sol\"\n", "openai/gpt-6-sol") == kTokens + 7);
  CHECK(tokens("model = \"openai/gpt-6-sol\"\nmax_input_tokens = 1\nmax_cost = 0.000001\n",
               "openai/gpt-6-sol") == kTokens + 7);
}

TEST_CASE("embeds uses servers' token counts, except for pictures", "[embed-query]") {
  Home home;
  home.configure(configuration(kNowhere));
  home.file("a.txt", words(1000));
  home.file("a.png", png(320, 320));
  std::filesystem::create_directories(home.path(".local/state/chatvim"));
  home.file(".local/state/chatvim/calibration.json",
            R"({"models": {"standin/m": {"ratio": 2, "samples": 5, "time": 1}}})");
  Query query(home);
  const Json value = query.embeds("![](a.txt)\n![](a.png)");
  CHECK(value["items"][0].at("tokens") == 2 * kTokens);
  CHECK(value["items"][1].at("tokens") == 120);
  const Json size = query.ask("request", "![](a.txt)\n![](a.png)").at("size");
  CHECK(value.at("tokens") == size.at("tokens"));
}

TEST_CASE("embeds requests the editor's text and counts it", "[embed-query]") {
  Home home;
  home.configure(configuration(kNowhere));
  const std::string path = home.file("a.txt", words(10));
  Query query(home);
  const Json unsaved = {path, home.path("other.txt")};
  const Json asked = query.embeds("![](a.txt)", {{"unsaved", unsaved}});
  CHECK(asked.at("unsaved") == Json::array({path}));
  CHECK(asked["items"][0].at("tokens") == 0);
  const Json told =
      query.embeds("![](a.txt)", {{"unsaved", unsaved}, {"buffers", {{path, words(1000)}}}});
  CHECK(told.at("unsaved").empty());
  CHECK(told["items"][0].at("tokens") == kTokens);
}

TEST_CASE("embeds reports the size of a chat without embeds", "[embed-query]") {
  Home home;
  home.configure(configuration(kNowhere));
  Query query(home);
  CHECK(query.embeds(words(1000)).at("tokens") == 1007);
  CHECK(query.embeds("").at("items").empty());
  // Embeds in an answer do not count.
  CHECK(query.embeds("hi\n# === ASSISTANT ===\n![](/etc/passwd)").at("items").empty());
}

}  // namespace chatvim::testing
