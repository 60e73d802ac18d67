// SPDX-License-Identifier: Apache-2.0
// Settings of one request that are stronger than the document's, and the check whether it can be
// sent.
#include <catch2/catch_test_macros.hpp>
#include <string>

#include "editor.hpp"
#include "home.hpp"
#include "standin.hpp"

namespace chatvim::testing {

namespace {

constexpr const char* kChat = "+++\nmodel = \"standin/x\"\ntools = [\"files\"]\n+++\nhi\n";

/// Asks whether a chat can be sent with these settings.
Json check(Editor& editor, int id, const std::string& text, const Json& override) {
  editor.send("request", {{"id", id},
                          {"check", true},
                          {"text", text},
                          {"settings", Json::object()},
                          {"override", override}});
  return editor.wait("result", id);
}

}  // namespace

TEST_CASE("override is stronger than the document, for one answer", "[override]") {
  Standin standin;
  Home home;
  home.configure(configuration(standin.base_url()));
  standin.script(Json::array({answer({"a"}), answer({"b"})}));
  Editor editor(home);
  editor.send("complete", {{"id", 1},
                           {"text", kChat},
                           {"settings", {{"model", "standin/z"}}},
                           {"override", {{"model", "standin/y"}, {"tools", Json::array()}}}});
  CHECK(editor.take_answer(1).ended.at("model") == "y");
  editor.complete(2, kChat);
  CHECK(editor.take_answer(2).ended.at("model") == "x");
  CHECK_FALSE(Json::parse(standin.body(1)).contains("tools"));
  CHECK(Json::parse(standin.body(2)).contains("tools"));
}

TEST_CASE("a check names the model, or what keeps the chat from being sent", "[override]") {
  Standin standin;
  Home home;
  home.configure(configuration(standin.base_url()));
  Editor editor(home);
  const Json fine = check(editor, 1, kChat, {{"model", "standin/y"}});
  CHECK(fine == Json{{"id", 1}, {"value", "standin/y"}});
  const Json unknown = check(editor, 2, kChat, {{"model", "nobody/y"}});
  CHECK(unknown.at("message").get<std::string>().find("nobody") != std::string::npos);
  // A setting with a mistake is an error too, not a request without it.
  CHECK_FALSE(check(editor, 3, kChat, {{"model", 3}}).contains("value"));
  // A chat that ends with an answer has no question to send.
  const std::string answered = std::string(kChat) + "\n# === ASSISTANT ===\n\nHello.\n";
  CHECK_FALSE(check(editor, 4, answered, {{"model", "standin/y"}}).contains("value"));
  const std::string embed = std::string(kChat) + "\n![](/etc/hostname)\n";
  const Json demanded = check(editor, 5, embed, {{"model", "standin/y"}});
  CHECK_FALSE(demanded.contains("value"));
  CHECK(standin.requests().empty());
}

}  // namespace chatvim::testing
