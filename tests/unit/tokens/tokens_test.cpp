// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>
#include <string>

#include "chatvim/json.hpp"
#include "chatvim/tokens/tokens.hpp"

namespace chatvim::tokens {

namespace {

document::Part picture(int width, int height) {
  document::Part part;
  part.kind = document::Part::Kind::kPicture;
  part.width = width;
  part.height = height;
  return part;
}

}  // namespace

TEST_CASE("The estimate stays close to a tokenizer's count", "[tokens]") {
  std::ifstream stream(CHATVIM_TEST_DATA "/token-counts.json", std::ios::binary);
  const Json data = Json::parse(stream);
  for (const Json& row : data.at("texts")) {
    const auto estimate =
        static_cast<double>(estimate_tokens(row.at("text").get_ref<const std::string&>()));
    const auto counted = row.at("tokens").get<double>();
    INFO(row.at("kind") << ": " << estimate << " for " << counted);
    CHECK(std::abs(estimate / counted - 1) <= row.at("within").get<double>());
  }
}

TEST_CASE("Small texts", "[tokens]") {
  CHECK(estimate_tokens("") == 0);
  CHECK(estimate_tokens("a") == 1);
  CHECK(estimate_tokens(" ") == 1);
  CHECK(estimate_tokens("\n\n\n") == 1);
  CHECK(estimate_tokens("123") == 1);
  CHECK(estimate_tokens("1234") == 2);
  CHECK(estimate_tokens(" 123456789") == 4);
  // The last space of an indentation is part of the word's token.
  CHECK(estimate_tokens("\n        if") == 3);
  CHECK(estimate_tokens(std::string(80, '-')) >= 1);
}

TEST_CASE("Counts at several offsets take one pass and add up to the whole", "[tokens]") {
  const std::string text = "some words\n\nfile.c\n```c\nint a;\n```\nand 12345 more";
  const auto counts = estimate_tokens(text, std::vector<std::size_t>{0, 12, 36, text.size(), 999});
  REQUIRE(counts.size() == 5);
  CHECK(counts[0] == 0);
  CHECK(counts[1] == estimate_tokens(text.substr(0, 12)));
  CHECK(counts[2] - counts[1] == estimate_tokens(text.substr(12, 24)));
  CHECK(counts[3] == estimate_tokens(text));
  CHECK(counts[4] == counts[3]);
  // An offset inside a token counts that token.
  CHECK(estimate_tokens("word", std::vector<std::size_t>{2, 4})[0] == 1);
  CHECK(estimate_tokens("", std::vector<std::size_t>{0})[0] == 0);
}

TEST_CASE("Parts of messages are counted separately too", "[tokens]") {
  document::Message text{document::Role::kUser, "one\ntwo three\nfour", 0};
  document::Message with_parts{document::Role::kUser, "see\n![](a.png)\nthat", 0};
  with_parts.parts = {{document::Part::Kind::kText, "see"},
                      picture(320, 320),
                      picture(32, 32),
                      {document::Part::Kind::kText, "that"}};
  const std::vector<document::Message> messages{text, with_parts};
  const std::vector<document::Stretch> stretches{{0, 4, 9, 0, 0}, {1, 4, 0, 0, 1}, {1, 0, 0, 0, 9}};
  const auto estimate = estimate_input(messages, stretches, Api::kChat);
  const auto whole = estimate_input(messages);
  CHECK(estimate.whole.text == whole.text);
  CHECK(estimate.whole.attached == whole.attached);
  REQUIRE(estimate.stretches.size() == 3);
  CHECK(estimate.stretches[0].text == 2);
  CHECK(estimate.stretches[0].attached == 0);
  CHECK(estimate.stretches[1].text == 0);
  CHECK(estimate.stretches[1].attached == 120);
  CHECK(estimate.stretches[2].attached == 121);
}

TEST_CASE("Any bytes have an estimate that grows with their number", "[tokens]") {
  std::mt19937 random{7};  // NOLINT: a fixed seed is intended
  for (int round = 0; round < 300; ++round) {
    std::string bytes(random() % 200, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random() % 256);
    CHECK(estimate_tokens(bytes) <= 2 * bytes.size() + 1);
    CHECK(estimate_tokens(bytes + std::string(3000, 'x')) > estimate_tokens(bytes));
  }
  for (const char* cut : {"\xC3", "\xE4\xB8", "\xF0\x9F\x98", "\xFF\xFE", "\x80\x80"}) {
    CHECK(estimate_tokens(cut) <= 6);
  }
}

TEST_CASE("Pictures are counted by their size", "[tokens]") {
  // How OpenAI's models of 2026 count: patches of 32 by 32 pixels, 1.2 tokens each.
  CHECK(picture_tokens(1024, 1024) == 1229);
  CHECK(picture_tokens(1920, 1080) == 2448);
  CHECK(picture_tokens(1, 1) == 1);
  // How Anthropic's models count: patches of 28 pixels, after the long side was scaled to 2,000.
  CHECK(picture_tokens(1024, 1024, Api::kMessages) == 1369);
  CHECK(picture_tokens(4000, 2250, Api::kMessages) == picture_tokens(2000, 1125, Api::kMessages));
  CHECK(picture_tokens(0, 0) == picture_tokens(1024, 1024));
  CHECK(picture_tokens(100'000, 100'000) == 12'000);
  CHECK(picture_tokens(2'147'483'647, 1, Api::kMessages) > 0);
}

TEST_CASE("Message parts are counted, text separately from the rest", "[tokens]") {
  document::Message plain;
  plain.content = "How are you today?";
  const auto one = estimate_input({&plain, 1});
  CHECK(one.text == estimate_tokens(plain.content) + 7);
  CHECK(one.attached == 0);

  document::Message rich = plain;
  document::Part words;
  words.text = "Look at this:";
  document::Part pdf;
  pdf.kind = document::Part::Kind::kPdf;
  pdf.bytes = std::make_shared<const std::string>(120'000, 'x');
  rich.parts = {words, picture(1024, 1024), pdf};
  const auto parts = estimate_input({&rich, 1});
  CHECK(parts.text == estimate_tokens("Look at this:") + 7);
  CHECK(parts.attached == 1229 + 4000);
  CHECK(estimate_input({}).attached == 0);
}

}  // namespace chatvim::tokens
