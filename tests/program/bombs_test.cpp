// SPDX-License-Identifier: Apache-2.0
// Input that is extremely deep, endless or large either works or is rejected with a clear message.
#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "editor.hpp"
#include "home.hpp"
#include "standin.hpp"

namespace chatvim::testing {

namespace {

std::string encode_base64(std::string_view bytes) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      bits = bits << 8U | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      out += at + i > bytes.size() ? '=' : kAlphabet[bits >> (18 - 6 * i) & 63U];
    }
  }
  return out;
}

}  // namespace

TEST_CASE("bombs: deep nesting is rejected or harmless in every position", "[bombs]") {
  Standin standin;
  const Home home(standin);
  const std::size_t depth = 200'000;
  const std::string arrays(depth, '[');
  std::string objects;
  for (std::size_t i = 0; i < depth / 4; ++i) objects += "{\"a\":";
  for (const std::string& deep : {arrays, objects, arrays + std::string(depth, ']')}) {
    const std::vector<Json> replies = {
        {{"framing", "chunked"}, {"steps", {{{"send", "data: " + deep + "\n\n"}}}}},
        {{"framing", "chunked"}, {"steps", {{{"send", "data: {\"choices\": " + deep + "}\n\n"}}}}},
        {{"framing", "chunked"}, {"steps", {{{"send", "data: {\"error\": " + deep + "}\n\n"}}}}},
        {{"headers", {{"Content-Type", "application/json"}}}, {"body", deep}},
        {{"headers", {{"Content-Type", "application/json"}}}, {"body", "{\"choices\":" + deep}},
        {{"status", 400}, {"headers", {{"Content-Type", "application/json"}}}, {"body", deep}},
        {{"status", 400},
         {"headers", {{"Content-Type", "application/json"}}},
         {"body", "{\"error\":{\"message\":" + deep}},
    };
    for (const Json& reply : replies) {
      standin.script(Json::array({reply}));
      const Run run = home.run({"complete", "hi"});
      INFO(run.err);
      CHECK((run.code == 1 || run.code == 3));
      CHECK(run.err.starts_with("chatvim: standin"));
      CHECK(run.err.size() < 3000);
    }
    for (const std::string& body : {deep, "{\"data\":" + deep, "{\"data\":[{\"id\":" + deep}) {
      standin.script(
          Json::array({{{"headers", {{"Content-Type", "application/json"}}}, {"body", body}}}));
      const Run run = home.run({"models", "--remote", "standin"});
      INFO(run.err);
      CHECK(run.code <= 1);
    }
  }
}

TEST_CASE("bombs: the program does not wait for the end of useless endless bodies", "[bombs]") {
  Standin standin;
  const Home home(standin);
  const auto endless = [](int status, const std::string& body) {
    return Json{{"status", status},
                {"framing", "close"},
                {"headers", {{"Location", "http://b.test/"}, {"x-should-retry", "false"}}},
                {"steps", {{{"send", body}}, {{"hang", true}}}}};
  };
  const std::string page = "<title>A page</title>" + std::string(70'000, 'x');
  for (const Json& reply :
       {endless(302, "x"), endless(200, page), endless(500, std::string(1'100'000, 'x')),
        endless(200, "data: " + std::string(17'000'000, 'x')),
        endless(200, "{\"a\": \"" + std::string(68'000'000, 'x'))}) {
    standin.script(Json::array({reply}));
    const Run run = home.run({"complete", "hi"});
    INFO(run.err);
    CHECK(run.code == 1);
    CHECK(run.err.starts_with("chatvim: standin"));
    CHECK(run.err.size() < 2500);
  }
  standin.requests("closed=5");
}

TEST_CASE("bombs: endless headers are rejected or truncated", "[bombs]") {
  Standin standin;
  const Home home(standin);
  std::string many = "HTTP/1.1 401 No\r\n";
  for (int i = 0; i < 50'000; ++i) many += "x: y\r\n";
  const std::string large = "HTTP/1.1 401 No\r\nx: " + std::string(2'000'000, 'y') + "\r\n";
  const std::string line = "HTTP/1.1 401 " + std::string(2'000'000, 'y') + "\r\n";
  std::string hints;
  for (int i = 0; i < 5'000; ++i) hints += "HTTP/1.1 103 Early Hints\r\n\r\n";
  const std::string endless = "HTTP/1.1 401 No\r\nx: " + std::string(300'000, 'y') + "\r\n";
  for (const std::string& head : {many, large, line, endless, hints + "HTTP/1.1 401 No\r\n"}) {
    const Json reply = {{"framing", "raw"},
                        {"steps", {{{"send", head + "Content-Length: 0\r\n\r\n"}}}}};
    standin.script(Json::array({reply, reply, reply}));
    const Run run = home.run({"complete", "hi"});
    INFO(run.err);
    CHECK(run.code == 1);
    CHECK(run.err.starts_with("chatvim: standin"));
    CHECK(run.err.find("Out of memory") == std::string::npos);
    CHECK(run.err.size() < 2500);
  }
}

TEST_CASE("bombs: a compressed body that expands enormously meets the same limits", "[bombs]") {
  if (std::system("command -v gzip > /dev/null") != 0) SKIP("there is no gzip");
  Standin standin;
  const Home home(standin);
  const std::string path = home.path("bomb");
  for (const std::string lead : {"data: ", "{", "<", "busy "}) {
    const std::string make = fmt::format(
        "{{ printf '%s' '{}'; head -c 80000000 /dev/zero | tr '\\0' x; }} | gzip -1 > {}", lead,
        path);
    REQUIRE(std::system(make.c_str()) == 0);
    const std::string bytes = home.read("bomb");
    REQUIRE(bytes.size() < 1'000'000);
    const Json reply = {{"status", lead == "busy " ? 400 : 200},
                        {"headers", {{"Content-Encoding", "gzip"}}},
                        {"steps", {{{"send_b64", encode_base64(bytes)}}}}};
    standin.script(Json::array({reply}));
    const Run run = home.run({"complete", "hi"});
    INFO(run.err);
    CHECK(run.code == 1);
    CHECK(run.err.starts_with("chatvim: standin"));
    CHECK(run.err.size() < 2500);
  }
}

TEST_CASE("bombs: a compressed body is decoded in slices, and only once", "[bombs]") {
  if (std::system("command -v gzip > /dev/null") != 0) SKIP("there is no gzip");
  Standin standin;
  const Home home(standin);
  const std::string path = home.path("bomb");
  const auto compressed = [&](const std::string& make) {
    REQUIRE(std::system((make + " > " + path).c_str()) == 0);
    return encode_base64(home.read("bomb"));
  };
  const auto reply = [](const std::string& base64, const std::string& coding) {
    return Json{{"repeat", true},
                {"headers", {{"Content-Encoding", coding}}},
                {"steps", {{{"send_b64", base64}}, {{"hang", true}}}}};
  };
  // A gigabyte of heartbeats, compressed to a megabyte.
  const std::string heartbeats =
      compressed("yes ': ping' 2> /dev/null | head -c 1000000000 | gzip -1");
  SECTION("what says nothing has a limit") {
    standin.script(Json::array({reply(heartbeats, "gzip")}));
    const Run run = home.run({"complete", "hi"});
    CHECK(run.code == 1);
    CHECK(run.err.find("64 MiB without a word of text") != std::string::npos);
  }
  SECTION("the end of standard input and a stop are heard meanwhile") {
    Editor editor(home);
    standin.script(Json::array({reply(heartbeats, "gzip")}));
    editor.complete(1, "Q");
    // Not "progress": on a fast machine the limit above ends the answer before any is sent.
    editor.wait("started", 1);
    const auto begun = std::chrono::steady_clock::now();
    editor.sync();
    editor.send("stop", {{"id", 1}});
    CHECK(editor.wait("ended", 1).at("outcome") != "done");
    CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(1));
  }
  SECTION("two layers are refused in words") {
    const std::string twice = compressed("printf 'data: x' | gzip | gzip");
    for (const char* coding : {"gzip, gzip", "gzip, gzip, gzip, gzip, gzip, gzip", "br"}) {
      standin.script(Json::array({reply(twice, coding)}));
      const Run run = home.run({"complete", "hi"});
      CHECK(run.code == 1);
      CHECK(run.err.find("Switch off compression") != std::string::npos);
    }
  }
}

TEST_CASE("bombs: nested handles are skipped, deep or false sizes close the channel", "[bombs]") {
  const Home home;
  const Standin standin;
  home.configure(configuration(standin.base_url()));
  Editor editor(home, {"--log", home.path("log")});
  const std::size_t depth = 4'000'000;
  // A Neovim handle that contains nested arrays: an extension type with a 32-bit length.
  std::string handle(
      "\x93\x02\xA4"
      "stop\x91\xC9",
      9);
  for (const int shift : {24, 16, 8, 0}) handle += static_cast<char>(depth >> shift & 0xFF);
  handle += std::string(1, '\0') + std::string(depth, '\x91');
  // Nested handles.
  std::string nested("\x01");
  for (int i = 0; i < 20'000; ++i) {
    const std::size_t size = nested.size();
    std::string head("\xC9");
    for (const int shift : {24, 16, 8, 0}) head += static_cast<char>(size >> shift & 0xFF);
    nested = head + std::string(1, '\0') + nested;
  }
  editor.send_bytes(handle);
  editor.sync();
  editor.send_bytes(std::string("\x93\x02\xA4"
                                "stop\x91",
                                8) +
                    nested);
  editor.sync();
  // Nested arrays, and a list and a map that claim to have four billion items.
  const std::string begin("\x93\x02\xA4stop\x91", 8);
  for (const std::string& lie :
       {std::string(depth, '\x91') + std::string(100, '\xC1'), std::string("\xDD\xFF\xFF\xFF\xFF"),
        std::string("\xDF\xFF\xFF\xFF\xFF"), std::string(100, '\xC1')}) {
    Editor broken(home);
    broken.process().write(begin + lie);
    CHECK(broken.process().wait() == 1);
  }
  // Names that would add lines to the log.
  editor.send("a\n[2026-01-01] \x1b[31m", Json::object());
  editor.sync();
  CHECK(home.read("log").find('\x1b') == std::string::npos);
  CHECK(home.read("log").find("\n[2026-01-01]") == std::string::npos);
}

TEST_CASE("bombs: a chat beyond the limits is rejected, and nothing is sent", "[bombs]") {
  Standin standin;
  const Home home(standin);
  namespace fs = std::filesystem;
  fs::resize_file(home.file("large.md", ""), 513ULL * 1024 * 1024);
  const Run large = home.run({"complete", "--file", home.path("large.md")});
  CHECK(large.code == 2);
  CHECK(large.err.find("larger than 512 MiB") != std::string::npos);
  std::string embeds;
  for (int i = 0; i < 100'000; ++i) embeds += "![](f)\n";
  home.file("f", "x");
  const Run many = home.run({"complete"}, embeds);
  CHECK(many.code == 2);
  CHECK(many.err.find("1000") != std::string::npos);
  const Run front = home.run({"complete"}, "---\na: '" + std::string(300'000, 'x') + "'\n---\nhi");
  CHECK(front.code == 2);
  CHECK(front.err.find("256 KiB") != std::string::npos);
  CHECK(standin.requests().empty());
}

TEST_CASE("bombs: 100,000 messages are read, shown and sent", "[bombs]") {
  Standin standin;
  const Home home(standin);
  std::string chat;
  for (int i = 0; i < 50'000; ++i) {
    chat += "# === USER ===\n\nquestion\n\n# === ASSISTANT ===\n\nanswer\n\n";
  }
  home.file("chat.md", chat + "# === USER ===\n\nlast\n");
  standin.script(Json::array({answer({"a"})}));
  CHECK(home.run({"complete", "--file", home.path("chat.md")}).out == printed("a"));
  CHECK(Json::parse(standin.body(1)).at("messages").size() == 100'001);
  const Run messages = home.run({"messages", "--file", home.path("chat.md")});
  CHECK(Json::parse(messages.out).at("messages").size() == 100'001);
  CHECK(home.run({"request", "--file", home.path("chat.md")}).code == 0);
}

// Not in `make test`, because it takes a gigabyte of memory and several seconds.
TEST_CASE("bombs: a chat of 200 MB and a line of 50 MB arrive whole", "[.][soak]") {
  Standin standin;
  const Home home(standin);
  std::string lines;
  const std::string line = "a line of some words, fifty bytes long or so, yes\n";
  while (lines.size() < 200'000'000) lines += line;
  std::string one;
  while (one.size() < 50'000'000) one += "x y ";
  one += "z\n";
  for (const std::string& chat : {lines, one}) {
    standin.script(Json::array({answer({"a"})}));
    home.file("chat.md", chat);
    CHECK(home.run({"complete", "--file", home.path("chat.md")}).out == printed("a"));
    const Json records = standin.requests("bodies=0");
    CHECK(records.back().at("body_bytes").get<std::size_t>() > chat.size());
    CHECK(home.run({"request", "--file", home.path("chat.md")}).out.size() > chat.size());
  }
}

}  // namespace chatvim::testing
