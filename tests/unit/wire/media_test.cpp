// SPDX-License-Identifier: Apache-2.0
// How each wire format encodes pictures and PDFs.
#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "chatvim/text/base64.hpp"
#include "chatvim/wire/encoder.hpp"
#include "media_support.hpp"
#include "property.hpp"
#include "wire/media_data.hpp"

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

Provider provider_of(Api api) {
  Provider provider;
  provider.api = api;
  return provider;
}

/// Returns the turns of a body.
std::string turns(const Provider& provider, const std::vector<Message>& messages,
                  bool describes = false) {
  Prompt prompt;
  prompt.model = "m";
  prompt.messages = messages;
  prompt.describes_media = describes;
  const std::string body = encode_body(provider, prompt);
  CHECK(encode_body(provider, prompt) == body);
  const Json sent = Json::parse(body);
  return sent[provider.api == Api::kResponses ? "input" : "messages"].dump();
}

std::string user(const std::string& content) {
  return R"([{"role":"user","content":)" + content + "}]";
}

TEST_CASE("media: each kind in each wire format") {
  for (const auto& file : kFiles) {
    INFO(file.media_type);
    const std::string type = file.media_type;
    const std::string data = file.base64;
    const std::vector<Message> messages = {
        says({testing::text("Look:"), media(file), testing::text("What?")})};
    const bool is_pdf = type == "application/pdf";
    const std::string url = R"("data:)" + type + ";base64," + data + R"(")";
    const std::string name = R"("file_data":)";
    CHECK(turns(provider_of(Api::kChat), messages) ==
          user(R"([{"type":"text","text":"Look:"},)" +
               (is_pdf ? R"({"type":"file","file":{"filename":"a.pdf","file_data":)" + url + "}}"
                       : R"({"type":"image_url","image_url":{"url":)" + url + "}}") +
               R"(,{"type":"text","text":"What?"}])"));
    CHECK(turns(provider_of(Api::kResponses), messages) ==
          user(R"([{"type":"input_text","text":"Look:"},)" +
               (is_pdf ? R"({"type":"input_file","filename":"a.pdf","file_data":)" + url + "}"
                       : R"({"type":"input_image","image_url":)" + url + "}") +
               R"(,{"type":"input_text","text":"What?"}])"));
    CHECK(turns(provider_of(Api::kMessages), messages) ==
          user(R"([{"type":"text","text":"Look:"},{"type":")" +
               std::string(is_pdf ? "document" : "image") +
               R"(","source":{"type":"base64","media_type":")" + type + R"(","data":")" + data +
               R"("}},{"type":"text","text":"What?"}])"));
  }
}

TEST_CASE("media: the whole body") {
  Prompt prompt;
  prompt.model = "m";
  const std::vector<Message> messages = {says({media(kFiles[0])})};
  prompt.messages = messages;
  CHECK(
      encode_body(provider_of(Api::kChat), prompt) ==
      R"({"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,)" +
          std::string(kFiles[0].base64) + R"("}}]}],"stream":true})");
}

TEST_CASE("media: a picture given by URL") {
  const std::vector<Message> messages = {says({address("https://example.org/\"a\".png")})};
  const std::string url = R"("https://example.org/\"a\".png")";
  CHECK(turns(provider_of(Api::kChat), messages) ==
        user(R"([{"type":"image_url","image_url":{"url":)" + url + "}}]"));
  CHECK(turns(provider_of(Api::kResponses), messages) ==
        user(R"([{"type":"input_image","image_url":)" + url + "}]"));
  CHECK(turns(provider_of(Api::kMessages), messages) ==
        user(R"([{"type":"image","source":{"type":"url","url":)" + url + "}}]"));
}

TEST_CASE("media: a dry run shows type and size") {
  Part large = media(kFiles[0]);
  large.bytes = std::make_shared<const std::string>(4812, 'x');
  Part pdf = media(kFiles[4]);
  pdf.bytes = std::make_shared<const std::string>(12'345'678, 'x');
  const std::vector<Message> messages = {
      says({testing::text("Hi"), large, pdf, address("https://example.org/a.png")})};
  CHECK(
      turns(provider_of(Api::kChat), messages, true) ==
      user(
          R"([{"type":"text","text":"Hi"},{"type":"image_url","image_url":{"url":"data:image/png;base64,<4,812 bytes>"}},)"
          R"({"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,<12,345,678 bytes>"}},)"
          R"({"type":"image_url","image_url":{"url":"https://example.org/a.png"}}])"));
  CHECK(
      turns(provider_of(Api::kResponses), messages, true) ==
      user(
          R"([{"type":"input_text","text":"Hi"},{"type":"input_image","image_url":"data:image/png;base64,<4,812 bytes>"},)"
          R"({"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,<12,345,678 bytes>"},)"
          R"({"type":"input_image","image_url":"https://example.org/a.png"}])"));
  CHECK(
      turns(provider_of(Api::kMessages), messages, true) ==
      user(
          R"([{"type":"text","text":"Hi"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"<image/png, 4,812 bytes>"}},)"
          R"({"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"<application/pdf, 12,345,678 bytes>"}},)"
          R"({"type":"image","source":{"type":"url","url":"https://example.org/a.png"}}])"));
}

TEST_CASE("media: the cache mark is on the last block of a marked turn") {
  Provider provider = provider_of(Api::kMessages);
  provider.caches_prompts = true;
  const std::string mark = R"(,"cache_control":{"type":"ephemeral"}})";
  const auto picture = [&](const std::string& end) {
    return R"({"type":"image","source":{"type":"base64","media_type":"image/png","data":")" +
           std::string(kFiles[0].base64) + R"("})" + end;
  };
  const auto turn = [](const std::string& content) {
    return R"({"role":"user","content":)" + content + "}";
  };
  const std::string answer = R"({"role":"assistant","content":"ok"})";
  const Message reply = {Role::kAssistant, "ok"};
  CHECK(turns(provider,
              {says({media(kFiles[0])}), reply, says({testing::text("a"), media(kFiles[0])}), reply,
               says({media(kFiles[0]), testing::text("b")})}) ==
        "[" + turn("[" + picture("}") + "]") + "," + answer + "," +
            turn(R"([{"type":"text","text":"a"},)" + picture(mark) + "]") + "," + answer + "," +
            turn("[" + picture("}") + R"(,{"type":"text","text":"b")" + mark + "]") + "]");
}

TEST_CASE("media: joined messages keep the order of their parts") {
  Provider provider = provider_of(Api::kChat);
  provider.joins_roles = true;
  const std::string picture =
      R"({"type":"image_url","image_url":{"url":"https://example.org/a.png"}})";
  const Part part = address("https://example.org/a.png");
  CHECK(turns(provider, {{Role::kUser, "a"},
                         says({testing::text("b"), part, testing::text("c")}),
                         {Role::kUser, "d"},
                         says({part})}) ==
        user(R"([{"type":"text","text":"a\n\nb"},)" + picture +
             R"(,{"type":"text","text":"c\n\nd"},)" + picture + "]"));
  provider.joins_roles = false;
  CHECK(turns(provider, {{Role::kUser, "a"}, says({part})}) ==
        R"([{"role":"user","content":"a"},{"role":"user","content":[)" + picture + "]}]");
}

TEST_CASE("media: blank text is not sent with a picture") {
  const Part part = address("https://example.org/a.png");
  for (const Api api : {Api::kChat, Api::kResponses, Api::kMessages}) {
    const std::string alone = turns(provider_of(api), {says({part})});
    CHECK(turns(provider_of(api), {says({testing::text(""), part, testing::text("\n \t\n")})}) ==
          alone);
  }
}

TEST_CASE("media: parts with only text are sent as a string") {
  const std::vector<Message> messages = {says({testing::text("a"), testing::text("b")})};
  CHECK(turns(provider_of(Api::kChat), messages) == user(R"("a\n\nb")"));
  CHECK(turns(provider_of(Api::kResponses), messages) == user(R"("a\n\nb")"));
  CHECK(turns(provider_of(Api::kMessages), messages) == user(R"("a\n\nb")"));
}

TEST_CASE("media: the last turn's text joins the text of its parts") {
  const std::vector<Message> messages = {
      says({testing::text("a"), address("https://example.org/a.png"), testing::text("b")})};
  Prompt prompt;
  prompt.messages = messages;
  CHECK(last_turn(provider_of(Api::kChat), prompt) == "a\n\nb");
}

TEST_CASE("media: a PDF's name has no folders") {
  Part pdf = media(kFiles[4]);
  for (const auto& [text, name] : std::vector<std::pair<std::string, std::string>>{
           {"a.pdf", "a.pdf"}, {"~/docs/b.pdf", "b.pdf"}, {"a/", "a"}, {"", "document.pdf"}}) {
    pdf.text = text;
    CHECK(file_name_of(pdf) == name);
  }
}

TEST_CASE("media: base64") {
  // RFC 4648, section 10.
  for (const auto& [bytes, text] :
       std::vector<std::pair<std::string, std::string>>{{"", ""},
                                                        {"f", "Zg=="},
                                                        {"fo", "Zm8="},
                                                        {"foo", "Zm9v"},
                                                        {"foob", "Zm9vYg=="},
                                                        {"fooba", "Zm9vYmE="},
                                                        {"foobar", "Zm9vYmFy"},
                                                        {"\xFB\xFF\xFE", "+//+"}}) {
    std::string out = "x";
    text::append_base64(out, bytes);
    CHECK(out == "x" + text);
    CHECK(text::base64_size(bytes.size()) == text.size());
    CHECK(text::decode_base64(text) == bytes);
  }
  for (const char* bad : {"Z", "Zg=", "Zg", "Z===", "Zg==Zg==", "Z-_=", "Zg =", "====", "Zm9\n"}) {
    CHECK_FALSE(text::decode_base64(bad));
  }
  CHECK(testing::holds("base64", 500, [] {
    const auto bytes = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
    std::string out;
    text::append_base64(out, bytes);
    RC_ASSERT(out.size() == text::base64_size(bytes.size()));
    RC_ASSERT(testing::from_base64(out) == bytes);
    RC_ASSERT(text::decode_base64(out) == bytes);
  }));
}

TEST_CASE("media: a body of megabytes is built without reallocation") {
  Part part = media(kFiles[0]);
  part.bytes = std::make_shared<const std::string>(5'000'000, '\xA5');
  const std::vector<Message> messages = {says({testing::text("Hi"), part})};
  Prompt prompt;
  prompt.model = "m";
  prompt.messages = messages;
  const std::string body = encode_body(provider_of(Api::kChat), prompt);
  CHECK(body.size() > text::base64_size(5'000'000));
  CHECK(body.capacity() < text::base64_size(5'000'000) + 4096);  // no reallocation was needed
}

}  // namespace
}  // namespace chatvim::wire
