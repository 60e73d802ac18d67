// SPDX-License-Identifier: Apache-2.0
// Every way in which a request can end, in each wire format; tests/data/outcomes.txt lists the
// message of each. With CHATVIM_REWRITE=1 the test rewrites the file; review it before committing.
#include <fmt/format.h>

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "home.hpp"
#include "standin.hpp"

namespace chatvim::testing::outcomes_test {

namespace {

constexpr const char* kFile = CHATVIM_TEST_DATA "/outcomes.txt";

/// What differs between wire formats for the same outcomes.
struct Format {
  std::string api;
  std::string text;      ///< an event with the text "So far"
  std::string finished;  ///< how a whole stream without text ends
  std::string limited;   ///< the end of a stream that the token limit ended
  std::string failed;    ///< an error inside a good response
};

std::string event(const std::string& name, const std::string& data) {
  return (name.empty() ? "" : "event: " + name + "\n") + "data: " + data + "\n\n";
}

const std::array kFormats = {
    Format{"chat", event("", R"({"choices":[{"index":0,"delta":{"content":"So far"}}]})"),
           event("", R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})") +
               "data: [DONE]\n\n",
           event("", R"({"choices":[{"index":0,"delta":{},"finish_reason":"length"}]})") +
               "data: [DONE]\n\n",
           event("", R"({"error":{"message":"The engine broke","type":"invalid_request_error"}})")},
    Format{
        "responses",
        event("response.output_text.delta",
              R"({"type":"response.output_text.delta","delta":"So far"})"),
        event("response.completed",
              R"({"type":"response.completed","response":{"status":"completed","output":[]}})"),
        event("response.incomplete",
              R"({"type":"response.incomplete","response":{"status":"incomplete",)"
              R"("incomplete_details":{"reason":"max_output_tokens"}}})"),
        event("error", R"({"type":"error","code":"invalid_prompt","message":"The engine broke"})")},
    Format{
        "messages",
        event("content_block_delta", R"({"type":"content_block_delta","index":0,)"
                                     R"("delta":{"type":"text_delta","text":"So far"}})"),
        event("message_delta", R"({"type":"message_delta","delta":{"stop_reason":"end_turn"}})") +
            event("message_stop", R"({"type":"message_stop"})"),
        event("message_delta", R"({"type":"message_delta","delta":{"stop_reason":"max_tokens"}})") +
            event("message_stop", R"({"type":"message_stop"})"),
        event("error", R"({"type":"error","error":{"type":"invalid_request_error",)"
                       R"("message":"The engine broke"}})")},
};

/// An outcome, given as the server's reply, if any.
struct Scene {
  std::string name;
  Json reply;            ///< null: the request does not get as far
  std::string base_url;  ///< empty: the stand-in's
  std::string more;      ///< for the provider's table
};

Json stream(const std::vector<std::string>& pieces) {
  Json steps = Json::array();
  for (const std::string& piece : pieces) steps.push_back({{"send", piece}});
  return {{"repeat", true}, {"framing", "chunked"}, {"steps", steps}};
}

/// Returns a failed response; temporary failures are retried at once.
Json failure(int status, const std::string& type, const std::string& body) {
  return {{"repeat", true},
          {"status", status},
          {"headers", {{"Content-Type", type}, {"retry-after-ms", 1}}},
          {"body", body}};
}

std::vector<Scene> status_scenes() {
  std::vector<Scene> scenes;
  for (const int status : {400, 401, 403, 404, 413, 422, 429, 500, 503, 529}) {
    const auto add = [&](const char* kind, const std::string& type, const std::string& body) {
      scenes.push_back({fmt::format("{} {}", status, kind), failure(status, type, body), "", ""});
    };
    add("JSON", "application/json", R"({"error":{"message":"The server's own words"}})");
    add("text", "text/plain", "Plain \x1b[31mwords\x07");
    add("HTML", "text/html", "<html><head><title>A page</title></head><body>long</body></html>");
    add("empty", "text/plain", "");
  }
  return scenes;
}

std::vector<Scene> scenes_of(const Format& format, const Standin& plain, const Standin& tls) {
  std::vector<Scene> scenes = status_scenes();
  const std::string nowhere = "http://127.0.0.1:1/v1";
  const std::string secure = "https://127.0.0.1:" + tls.port() + "/v1";
  const std::string silent = "https://127.0.0.1:" + plain.port() + "/v1";
  const Json hang = {{"repeat", true}, {"steps", {{{"head", true}}, {{"hang", true}}}}};
  const std::vector<Scene> others = {
      {"429 out of money",
       failure(429, "application/json",
               R"({"error":{"message":"Pay first","type":"insufficient_quota"}})"),
       "", ""},
      {"429 that asks for a long wait",
       {{"repeat", true},
        {"status", 429},
        {"headers", {{"retry-after", 300}}},
        {"json", {{"error", {{"message", "Slow down"}}}}}},
       "",
       ""},
      {"400 that names a parameter",
       failure(400, "application/json",
               R"({"error":{"message":"temperature is not supported","param":"temperature"}})"),
       "", ""},
      {"400 too long",
       failure(400, "application/json",
               R"({"error":{"message":"prompt is too long: 9 tokens > 8 maximum"}})"),
       "", ""},
      {"redirect",
       {{"repeat", true}, {"status", 302}, {"headers", {{"Location", "http://other.test/x"}}}},
       "",
       ""},
      {"200 empty", stream({""}), "", ""},
      {"200 web page",
       {{"repeat", true},
        {"headers", {{"Content-Type", "text/html"}}},
        {"body", "<html><title>Log in</title></html>"}},
       "",
       ""},
      {"200 whole without text", stream({format.finished}), "", ""},
      {"200 error before the first delta", stream({format.failed}), "", ""},
      {"200 error after the first delta", stream({format.text, format.failed}), "", ""},
      {"200 cut after text", stream({format.text}), "", ""},
      {"200 token limit", stream({format.text, format.limited}), "", ""},
      {"200 that falls silent", hang, "", "idle_timeout = 0.1"},
      {"connection refused", nullptr, nowhere, ""},
      {"unknown host", nullptr, "http://chatvim.invalid/v1", ""},
      {"TLS with an unknown CA", nullptr, secure, ""},
      {"no connection in time", nullptr, silent, "connect_timeout = 0.1"},
  };
  scenes.insert(scenes.end(), others.begin(), others.end());
  return scenes;
}

/// Replaces the parts of a message that differ from run to run.
std::string stable(std::string text) {
  text = std::regex_replace(text, std::regex("127\\.0\\.0\\.1:[0-9]+"), "127.0.0.1:PORT");
  text = std::regex_replace(text, std::regex("port [0-9]+"), "port PORT");
  text = std::regex_replace(text, std::regex("again in [0-9.]+ s"), "again in N s");
  return std::regex_replace(text, std::regex("after [0-9]+ ms"), "after N ms");
}

std::string play(const Format& format, const Scene& scene, Standin& standin) {
  const Home home;
  const std::string base_url = scene.base_url.empty() ? standin.base_url() : scene.base_url;
  home.configure(configuration(base_url, "api = \"" + format.api + "\"\n" + scene.more));
  // Without a reply the server accepts connections and stays silent.
  const bool replies = !scene.reply.is_null();
  standin.script({{"replies", replies ? Json::array({scene.reply}) : Json::array()},
                  {"greeting", replies ? "serve" : "hang"}});
  const Run run = home.run({"complete", "--json", "--set", "temperature=1", "hi"});
  // One JSON object and one outcome, whose message is on standard error as well.
  const Json object = Json::parse(run.out);
  const std::string message = object.value("message", "");
  CHECK(run.err.ends_with("chatvim: " + message + "\n"));
  CHECK(message.find('\x1b') == std::string::npos);
  return fmt::format("{} | {} | {} {} | exit {} | {}\n", format.api, scene.name,
                     object.at("outcome").get<std::string>(), object.value("code", "-"), run.code,
                     stable(message));
}

}  // namespace

TEST_CASE("each outcome in each wire format is reported once, with its message", "[outcomes]") {
  Standin standin;
  const Standin tls({"--tls"});
  std::string all;
  for (const Format& format : kFormats) {
    for (const Scene& scene : scenes_of(format, standin, tls)) {
      INFO(format.api << ": " << scene.name);
      all += play(format, scene, standin);
    }
  }
  if (std::getenv("CHATVIM_REWRITE") != nullptr) std::ofstream(kFile) << all;
  std::ifstream file(kFile);
  std::istringstream got(all);
  std::string wanted_line;
  std::string line;
  while (std::getline(got, line)) {
    std::getline(file, wanted_line);
    CHECK(line == wanted_line);
  }
  CHECK_FALSE(std::getline(file, wanted_line));
}

}  // namespace chatvim::testing::outcomes_test
