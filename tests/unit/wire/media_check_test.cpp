// SPDX-License-Identifier: Apache-2.0
// Pictures and PDFs that are rejected before anything is sent.
#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "chatvim/chat/plan.hpp"
#include "chatvim/wire/media.hpp"
#include "media_support.hpp"

namespace chatvim::wire {
namespace {

using provider::Provider;
using testing::Message;
using testing::Part;
using testing::Role;

using testing::address;
using testing::kFiles;
using testing::media;
using testing::says;

const Part kPdf = media(kFiles[4]);
const Part kPicture = media(kFiles[0]);

Part of_size(Part part, std::size_t size) {
  part.bytes = std::make_shared<const std::string>(size, 'x');
  return part;
}

/// Returns the provider with that name, with the user's `rows` merged over the built-in ones.
Provider row(const std::string& name, const std::string& rows = "{}") {
  const auto nothing = [](std::string_view) { return std::optional<std::string>(); };
  const provider::Table table = provider::make_table(Json::parse(rows), nothing).value();
  for (const Provider& provider : table) {
    if (provider.name == name) return provider;
  }
  FAIL(name);
  return {};
}

Message at(std::size_t line, std::vector<Part> parts) {
  Message message = says(std::move(parts));
  message.line = line;
  return message;
}

/// Returns the error message, or an empty string if the messages can be sent.
std::string refusal(const Provider& provider, const std::vector<Message>& messages,
                    std::optional<bool> images = std::nullopt) {
  provider::Model facts;
  facts.images = images;
  const auto checked = check_media(provider, facts, "m", messages);
  if (checked) return "";
  CHECK(checked.error().code == ErrorCode::kBadEmbed);
  return checked.error().message;
}

TEST_CASE("media check: text is always accepted") {
  CHECK(refusal(row("groq"), {{Role::kSystem, "a"}, {Role::kUser, "b"}}, false).empty());
  CHECK(refusal(row("groq"), {says({testing::text("a")})}, false).empty());
}

TEST_CASE("media check: a model that is known not to accept pictures") {
  CHECK(refusal(row("groq"), {at(11, {testing::text("a"), kPicture})}, false) ==
        "The picture a.png in the message at line 12 cannot be sent: the model m (groq) takes no "
        "pictures; choose another or take the line out.");
  CHECK_FALSE(refusal(row("groq"), {says({address("https://example.org/a.png")})}, false).empty());
  CHECK(refusal(row("groq"), {says({kPicture})}, true).empty());
  CHECK(refusal(row("groq"), {says({kPicture})}).empty());
  CHECK(check_media(row("groq"), std::nullopt, "m", std::vector<Message>{says({kPicture})}));
}

TEST_CASE("media check: a system message") {
  for (const auto& [part, name] :
       {std::pair{kPicture, "picture a.png"}, {kPdf, "PDF docs/a.pdf"}}) {
    Message message = at(0, {part});
    message.role = Role::kSystem;
    message.source = "/home/me/config.md";
    CHECK(refusal(row("anthropic"), {message}) ==
          std::string("The ") + name +
              " in the message at line 1 of /home/me/config.md cannot be sent: a system message "
              "holds only text; move its line into a message of yours.");
  }
}

TEST_CASE("media check: a PDF for a provider that does not accept PDFs") {
  CHECK(refusal(row("xai"), {at(2, {kPdf})}) ==
        "The PDF docs/a.pdf in the message at line 3 cannot be sent: the provider xai takes no "
        "PDF; embed its text or pictures of its pages, or choose another model.");
  for (const char* name : {"openai", "anthropic", "openrouter", "vercel"}) {
    CHECK(refusal(row(name), {at(2, {kPdf})}).empty());
  }
  CHECK(refusal(row("xai", R"({"xai":{"documents":true}})"), {at(2, {kPdf})}).empty());
  CHECK_FALSE(refusal(row("a", R"({"a":{"base_url":"http://h"}})"), {says({kPdf})}).empty());
}

TEST_CASE("media check: a picture that is too large") {
  const auto sized = [](std::size_t size) { return std::vector{at(0, {of_size(kPicture, size)})}; };
  CHECK(refusal(row("anthropic"), sized(3'932'160)).empty());  // 5 MiB in base64
  CHECK(refusal(row("anthropic"), sized(3'932'161)) ==
        "The picture a.png in the message at line 1 cannot be sent: it has 3,932,161 bytes, and "
        "the provider anthropic takes 3,932,160 in a picture; embed a smaller one.");
  CHECK(refusal(row("openai"), sized(20'971'520)).empty());
  CHECK_FALSE(refusal(row("openai"), sized(20'971'521)).empty());
  CHECK(refusal(row("openai", R"({"openai":{"picture_bytes":0}})"), sized(20'971'521)).empty());
  CHECK_FALSE(refusal(row("openai", R"({"openai":{"picture_bytes":9}})"), sized(10)).empty());
}

TEST_CASE("media check: too many pictures") {
  const Provider provider = row("a", R"({"a":{"base_url":"http://h","picture_count":2}})");
  const std::vector<Message> messages = {says({kPicture, kPicture}),
                                         {Role::kAssistant, "ok"},
                                         at(20, {address("https://example.org/a.png")})};
  CHECK(refusal(provider, messages) ==
        "The picture https://example.org/a.png in the message at line 21 cannot be sent: it is "
        "picture 3 of the chat, and the provider a takes 2 in a request; take lines out.");
  CHECK(refusal(row("openai"), messages).empty());
}

TEST_CASE("media check: a picture URL for a provider that does not fetch URLs") {
  CHECK(refusal(row("ollama"), {at(0, {address("https://example.org/a.png")})}) ==
        "The picture https://example.org/a.png in the message at line 1 cannot be sent: the "
        "provider ollama fetches no pictures from an address; save it and embed the file.");
  CHECK(refusal(row("openai"), {at(0, {address("https://example.org/a.png")})}).empty());
  CHECK(refusal(row("ollama", R"({"ollama":{"picture_addresses":true}})"),
                {at(0, {address("https://example.org/a.png")})})
            .empty());
}

TEST_CASE("media check: too much for one request") {
  const Part pdf = of_size(kPdf, 12'582'912);  // 16 MiB in base64
  CHECK(refusal(row("anthropic"), {says({pdf, pdf})}).empty());
  CHECK(refusal(row("anthropic"), {says({pdf}), at(6, {pdf, kPicture})}) ==
        "The picture a.png in the message at line 7 cannot be sent: with it the pictures and PDFs "
        "make 33,554,528 bytes as they are sent, and the provider anthropic takes 33,554,432 in a "
        "request; embed fewer or smaller ones.");
}

TEST_CASE("media check: a file name cannot corrupt the error message") {
  Part part = kPicture;
  part.text = "a\n\x1B[31m" + std::string(5000, 'b');
  const std::string sentence = refusal(row("groq"), {says({part})}, false);
  CHECK(sentence.size() < 500);
  CHECK(sentence.find_first_of("\n\x1B") == std::string::npos);
}

TEST_CASE("media check: a plan is refused, and a dry run hides the data") {
  const std::vector<std::string> words{"model=openai/gpt-6-sol"};
  const std::vector<settings::Layer> layers{settings::read_assignments(words)};
  const std::vector<Message> messages{says({testing::text("Hi"), of_size(kPicture, 3'000'000)})};
  chat::Chat chat{settings::Settings(layers), {},          messages, 1, {},
                  chat::Mode::kAnswer,        std::nullopt};
  const auto nothing = [](std::string_view) { return std::optional<std::string>(); };
  const auto sent = chat::make_plan(chat, nothing);
  REQUIRE(sent);
  CHECK(sent->body.size() > 4'000'000);
  const auto shown = chat::make_plan(chat, nothing, chat::Purpose::kShow);
  REQUIRE(shown);
  CHECK(chat::describe_request(*shown).find(
            R"("url": "data:image/png;base64,<3,000,000 bytes>")") != std::string::npos);
  CHECK(chat::describe_request(*shown).size() < 2000);
  chat.messages.front().parts[1] = of_size(kPicture, 30'000'000);
  for (const auto purpose : {chat::Purpose::kSend, chat::Purpose::kShow}) {
    const auto refused = chat::make_plan(chat, nothing, purpose);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::kBadEmbed);
  }
}

}  // namespace
}  // namespace chatvim::wire
