// SPDX-License-Identifier: Apache-2.0
#include "fault_scenes.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "../recorded.hpp"

namespace chatvim::testing {

namespace {

using Server = FaultServer;

constexpr std::string_view kHead =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
constexpr int kManyTimes = 1024;  // times a MiB: far more than any limit

const Json kClose = {{"close", true}};
const Json kReset = {{"reset", true}};

Json send(std::string_view text) { return {{"send", text}}; }
Json raw(std::string_view text) { return {{"raw", text}}; }

Json stream(std::vector<Json> steps) { return {{"framing", "chunked"}, {"steps", steps}}; }
Json bytes(std::vector<Json> steps) { return {{"framing", "raw"}, {"steps", steps}}; }

/// Returns a reply that repeats a MiB of text in its wire format.
Json endless(std::string_view text) {
  std::string mebibyte;
  while (mebibyte.size() < 1024 * 1024) mebibyte += text;
  return {{"send", mebibyte}, {"times", kManyTimes}};
}

std::string chunk(std::string_view data) {
  return fmt::format("{:x}\r\n{}\r\n", data.size(), data);
}

/// Returns faults in a recorded stream of a wire format.
std::vector<FaultScene> stream_scenes(const std::string& api) {
  const Recorded recording = recorded(api);
  std::size_t first = 0;  // the first event with text
  while (recording.events[first].text.empty()) ++first;
  const auto until = [&](std::size_t event) {
    std::string out;
    for (std::size_t i = 0; i < event; ++i) out += recording.events[i].bytes;
    return out;
  };
  const std::string head = until(first);
  const std::string some = until(first + 2);
  const std::string cut = some + recording.events[first + 2].bytes.substr(0, 60);
  const std::string unfinished = until(recording.last);
  const std::string whole = until(recording.last + 1);
  const std::string rest = recording.bytes.substr(cut.size());
  std::string corrupted = recording.bytes;
  corrupted[corrupted.find("answer")] = '@';
  std::string broken = recording.bytes;
  broken.insert(broken.find('{', some.size()), 1, '{');
  std::string response = std::string(kHead) + chunk(recording.bytes);
  std::string bad_chunk = std::string(kHead) + chunk(some) + "zz\r\n";

  std::vector<FaultScene> scenes;
  const auto add = [&](const std::string& name, Json reply) {
    scenes.push_back(
        {api + ": " + name, Server::kPlain, {std::move(reply)}, api, recording.text, ""});
  };
  add("closed before the headers", bytes({kClose}));
  add("closed in the headers", bytes({raw(kHead.substr(0, 40)), kClose}));
  add("closed before the first text", stream({send(head), kClose}));
  add("closed inside an event", stream({send(cut), kClose}));
  add("response ended normally inside an event", stream({send(cut)}));
  add("closed before the end mark", stream({send(unfinished), kClose}));
  add("closed after the end mark", stream({send(whole), kClose}));
  add("reset before the headers", bytes({kReset}));
  add("reset in the headers", bytes({raw(kHead.substr(0, 40)), {{"pause_ms", 20}}, kReset}));
  add("reset in the text", stream({send(some), {{"pause_ms", 20}}, kReset}));
  add("delayed inside an event", stream({send(cut), {{"pause_ms", 100}}, send(rest)}));
  add("one byte at a time", stream({{{"send", recording.bytes}, {"piece", 1}}}));
  add("a corrupted byte in the text", stream({send(corrupted)}));
  add("a duplicated byte in the JSON", stream({send(broken)}));
  add("a corrupted chunk size", bytes({raw(bad_chunk), kClose}));
  return scenes;
}

/// Returns HTTP/1.1 connections that end too soon or have other content.
std::vector<FaultScene> http1_scenes() {
  return {
      {"HTTP/1.1: nobody listens", Server::kNobody, {}, "chat", "", ""},
      {"HTTP/1.1: something other than HTTP",
       Server::kPlain,
       {bytes({raw("220 mail.example ESMTP\r\n")})},
       "chat",
       "",
       ""},
      {"HTTP/1.1: reset, and the next request answered",
       Server::kPlain,
       {bytes({kReset}), answer({"Hello ", "you"})},
       "chat",
       "Hello you",
       ""},
      {"name: an unknown host", Server::kNoHost, {}, "chat", "", ""},
  };
}

/// Returns HTTP/2 streams that are reset and connections that are closed.
std::vector<FaultScene> http2_scenes() {
  const Json text = {{"deltas", {{"text", {"Hello "}}}}};
  const Json pause = {{"pause_ms", 30}};
  const Json goaway = {{"close", "goaway"}};
  const Json well = answer({"Hello ", "you"});
  const auto scene = [](const char* name, std::vector<Json> replies) {
    return FaultScene{std::string("HTTP/2: ") + name,
                      Server::kHttp2,
                      std::move(replies),
                      "chat",
                      "Hello you",
                      ""};
  };
  return {
      scene("RST_STREAM before the headers, answered on HTTP/1.1", {bytes({kReset}), well}),
      scene("RST_STREAM before the headers, then HTTP/1.1 closed too",
            {bytes({kReset}), bytes({kClose})}),
      scene("RST_STREAM before the first text", {stream({{{"head", true}}, pause, kReset})}),
      scene("RST_STREAM in the text", {stream({text, pause, kReset})}),
      scene("GOAWAY before the headers, answered on HTTP/1.1", {bytes({goaway}), well}),
      scene("GOAWAY in the text", {stream({text, pause, goaway})}),
      scene("closed in the text", {stream({text, pause, kClose})}),
  };
}

std::vector<FaultScene> tls_scenes() {
  const auto scene = [](const char* name, Server server, const char* more = "") {
    return FaultScene{std::string("TLS: ") + name, server, {}, "chat", "", more};
  };
  return {scene("an unknown authority", Server::kUntrusted),
          scene("a wrong host name", Server::kMisnamed),
          scene("an expired certificate", Server::kExpired),
          scene("a server without TLS", Server::kNoTls),
          scene("a handshake that takes too long", Server::kHangs, "connect_timeout = 0.3")};
}

std::vector<FaultScene> slow_scenes() {
  const Recorded recording = recorded("chat");
  const Json text = {{"deltas", {{"text", {"Hello "}}}}};
  const Json hang = {{"hang", true}};
  return {
      {"slow: nothing at all", Server::kPlain, {bytes({hang})}, "chat", "", "idle_timeout = 0.3"},
      {"slow: silence in the text",
       Server::kPlain,
       {stream({text, hang})},
       "chat",
       "Hello you",
       "idle_timeout = 0.3"},
      {"slow: a byte every millisecond, for longer than idle_timeout",
       Server::kPlain,
       {stream({{{"send", recording.bytes}, {"piece", 1}, {"gap_ms", 1}}})},
       "chat",
       recording.text,
       "idle_timeout = 0.5"},
  };
}

/// Returns replies with a GiB in the answer or around it.
std::vector<FaultScene> large_scenes() {
  const auto scene = [](const char* name, Json reply) {
    return FaultScene{
        std::string("1 GiB: ") + name, Server::kPlain, {std::move(reply)}, "chat", "", ""};
  };
  const std::string delta =
      R"({"choices":[{"delta":{"content":")" + std::string(4000, 'x') + "\"}}]}";
  const std::string thought =
      R"({"choices":[{"delta":{"reasoning_content":")" + std::string(4000, 'x') + "\"}}]}";
  Json page = stream({endless("<p>never ends</p>\n")});
  page["headers"] = {{"Content-Type", "text/html"}};
  Json failed = stream({endless("never ends ")});
  failed["status"] = 400;
  Json moved = stream({endless("never ends ")});
  moved["status"] = 302;
  moved["headers"] = {{"Location", "http://other.test/x"}};
  Json headers = endless("X-More: and more\r\n");
  headers["raw"] = headers.at("send");
  headers.erase("send");
  return {
      scene("an answer", stream({endless("data: " + delta + "\n\n")})),
      scene("reasoning", stream({endless("data: " + thought + "\n\n")})),
      scene("a line that never ends", stream({send("data: "), endless("never ends ")})),
      scene("an event that never ends", stream({endless("data: never ends\n")})),
      scene("a JSON text in place of a stream",
            stream({send("{\"x\":\""), endless("never ends ")})),
      scene("a web page", page),
      scene("an error's body", failed),
      scene("a redirect's body", moved),
      scene("headers", bytes({raw("HTTP/1.1 200 OK\r\n"), headers})),
  };
}

}  // namespace

std::vector<FaultScene> fault_scenes() {
  std::vector<FaultScene> all;
  for (auto part : {stream_scenes("chat"), stream_scenes("responses"), stream_scenes("messages"),
                    http1_scenes(), http2_scenes(), tls_scenes(), slow_scenes(), large_scenes()})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

std::string fault_model(std::size_t scene) { return fmt::format("scene{}-", scene + 1); }

FaultServers::FaultServers() {
  const auto start = [this](Server server, std::vector<std::string> arguments) {
    servers_[server] = std::make_unique<Standin>(arguments);
  };
  start(Server::kPlain, {});
  start(Server::kHttp2, {"--tls", "--http2", "--write-ca", home_.path("http2.pem")});
  start(Server::kUntrusted, {"--tls"});
  start(Server::kMisnamed,
        {"--tls", "--cert-name", "elsewhere.example", "--write-ca", home_.path("misnamed.pem")});
  start(Server::kExpired, {"--tls", "--cert-expired", "--write-ca", home_.path("expired.pem")});
  start(Server::kHangs, {});
  servers_[Server::kHangs]->script({{"replies", Json::array()}, {"greeting", "hang"}});
}

void FaultServers::script(const std::vector<FaultScene>& scenes) {
  std::map<Server, Json> scripts;
  for (std::size_t i = 0; i < scenes.size(); ++i) {
    for (std::size_t k = 0; k < scenes[i].replies.size(); ++k) {
      Json reply = scenes[i].replies[k];
      reply["match"] = {{"model", fault_model(i)}};
      reply["repeat"] = k + 1 == scenes[i].replies.size();
      scripts[scenes[i].server].push_back(std::move(reply));
    }
  }
  for (const auto& [server, replies] : scripts) servers_.at(server)->script(replies);
}

std::string FaultServers::base_url(const FaultScene& scene) const {
  switch (scene.server) {
    case Server::kNoHost:
      return "http://chatvim.invalid/v1";
    case Server::kNobody:
      return "http://127.0.0.1:1/v1";
    case Server::kNoTls:
      return "https://127.0.0.1:" + servers_.at(Server::kPlain)->port() + "/v1";
    case Server::kHangs:
      return "https://127.0.0.1:" + servers_.at(Server::kHangs)->port() + "/v1";
    default:
      return servers_.at(scene.server)->base_url();
  }
}

std::string FaultServers::settings(const FaultScene& scene) const {
  static const std::map<Server, std::string> kAuthorities = {{Server::kHttp2, "http2.pem"},
                                                             {Server::kMisnamed, "misnamed.pem"},
                                                             {Server::kExpired, "expired.pem"}};
  std::string out = fmt::format("api = \"{}\"\n{}\n", scene.api, scene.more);
  if (const auto found = kAuthorities.find(scene.server); found != kAuthorities.end())
    out += fmt::format("ca_file = \"{}\"\n", home_.path(found->second));
  return out;
}

}  // namespace chatvim::testing
