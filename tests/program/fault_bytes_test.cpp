// SPDX-License-Identifier: Apache-2.0
// A response with a cut, reset, delay, duplicated or damaged byte at any position, from the status
// line to the last chunk, with the real program, used as the plugin uses it. `make test` tries some
// of the positions; CHATVIM_FAULT_STRIDE=1, as in `make soak`, tries every byte.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "../recorded.hpp"
#include "editor.hpp"
#include "home.hpp"
#include "standin.hpp"

namespace chatvim::testing {

namespace {

constexpr std::array kFaults = {"close", "reset", "delay", "double", "spoil"};
/// Number of answers at once, since those that are retried wait for a second or two.
constexpr std::size_t kBatch = 400;

/// A response with one event per chunk, and the event that each byte belongs to.
struct Response {
  Recorded stream;
  std::string bytes;
  std::vector<std::size_t> event_of;
  std::size_t whole_at = 0;  ///< with these bytes the answer is whole
};

Response response_of(const std::string& api) {
  Response out{recorded(api), {}, {}, 0};
  out.bytes =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
  out.event_of.assign(out.bytes.size(), 0);
  for (std::size_t i = 0; i < out.stream.events.size(); ++i) {
    const std::string& event = out.stream.events[i].bytes;
    out.bytes += fmt::format("{:x}\r\n{}", event.size(), event);
    if (i == out.stream.last) out.whole_at = out.bytes.size() - 2;
    out.bytes += "\r\n";
    out.event_of.resize(out.bytes.size(), i);
  }
  out.bytes += "0\r\n\r\n";
  out.event_of.resize(out.bytes.size(), out.stream.events.size() - 1);
  return out;
}

struct Fault {
  std::string kind;
  std::size_t at = 0;
};

std::string base64(std::string_view bytes) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned bits = 0;
    for (std::size_t k = 0; k < 3; ++k)
      bits = bits << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k)
      out += i + k > bytes.size() ? '=' : kAlphabet[bits >> (18 - 6 * k) & 63];
  }
  return out;
}

/// Returns the stand-in's reply to requests for this model, however often it is asked.
Json reply_for(const Response& response, const Fault& fault, const std::string& model) {
  std::string bytes = response.bytes;
  const auto send = [](std::string_view text) { return Json{{"raw_b64", base64(text)}}; };
  Json steps;
  if (fault.kind == "close" || fault.kind == "reset") {
    steps = {send(std::string_view(bytes).substr(0, fault.at)), {{fault.kind, true}}};
  } else if (fault.kind == "delay") {
    steps = {send(std::string_view(bytes).substr(0, fault.at)),
             {{"pause_ms", 2}},
             send(std::string_view(bytes).substr(fault.at))};
  } else {
    if (fault.kind == "double") bytes.insert(fault.at, 1, bytes[fault.at]);
    if (fault.kind == "spoil") bytes[fault.at] = static_cast<char>(bytes[fault.at] ^ 1);
    steps = Json::array({send(bytes)});  // clang would treat {x} as a copy of x
  }
  return {{"repeat", true}, {"framing", "raw"}, {"match", {{"model", model}}}, {"steps", steps}};
}

/// Returns the server's text within the text that the plugin was sent to write.
std::string answer_in(const std::string& written) {
  constexpr std::string_view kBefore = "# === ASSISTANT ===\n\n";
  constexpr std::string_view kAfter = "\n\n# === USER ===\n\n";
  const auto start = written.find(kBefore);
  if (start == std::string::npos) return {};
  std::string text = written.substr(start + kBefore.size());
  const auto end = text.rfind(kAfter);
  return end == std::string::npos ? text : text.substr(0, end);
}

/// Returns what is wrong with the result that the user sees, or an empty string.
std::string wrong_with(const Response& response, const Fault& fault, const Answer& answer) {
  const std::string text = answer_in(answer.text);
  const std::string outcome = answer.ended.at("outcome");
  const bool done = outcome == "done";
  const std::string message = answer.ended.value("message", "");
  if (!done && outcome != "error") return "the outcome is " + outcome;
  if (!done && (answer.ended.value("code", "").empty() || !message.starts_with("standin")))
    return "no code and sentence: " + answer.ended.dump();
  if (done && message.empty() && text.empty()) return "done without text";
  if (fault.kind == "delay")
    return done && text == response.stream.text ? "" : "a delay changed it: " + text;
  if (fault.kind == "double" || fault.kind == "spoil") {
    // A response without an end must not count as complete; in this test all of it has arrived.
    const std::size_t event = response.event_of[std::min(fault.at, response.event_of.size() - 1)];
    return is_left_of(response.stream, event, text) ? "" : "something was invented: " + text;
  }
  if (!response.stream.text.starts_with(text)) return "not its beginning: " + text;
  if (done && text != response.stream.text) return "done, but not whole: " + text;
  // A reset may lose data that was already sent.
  if (done && fault.at < response.whole_at) return "done before the end was said";
  if (!done && fault.at >= response.whole_at && fault.kind == "close") return "whole, and an error";
  return {};
}

void play(const Response& response, const std::vector<Fault>& faults, Standin& standin) {
  const Home home;
  home.configure(configuration(standin.base_url(), "api = \"" + response.stream.api + "\""));
  Editor editor(home);
  Json script = Json::array();
  for (std::size_t i = 0; i < faults.size(); ++i)
    script.push_back(reply_for(response, faults[i], fmt::format("p{}-", i + 1)));
  standin.script(script);
  for (std::size_t i = 0; i < faults.size(); ++i)
    editor.complete(static_cast<int>(i + 1),
                    fmt::format("+++\nmodel = \"standin/p{}-\"\n+++\nQ", i + 1));
  for (std::size_t i = 0; i < faults.size(); ++i) {
    const Answer answer = editor.take_answer(static_cast<int>(i + 1));
    const std::string wrong = wrong_with(response, faults[i], answer);
    if (wrong.empty()) continue;
    INFO(response.stream.api << ", " << faults[i].kind << " at byte " << faults[i].at << " of "
                             << response.bytes.size() << ": " << answer.ended.dump());
    CHECK(wrong == "");
  }
}

}  // namespace

TEST_CASE("a response with a fault at any byte ends correctly", "[faults]") {
  const char* given = std::getenv("CHATVIM_FAULT_STRIDE");
  const std::size_t stride = given ? std::stoul(given) : 23;
  std::size_t count = 0;
  Standin standin;
  for (const char* api : {"chat", "responses", "messages"}) {
    const Response response = response_of(api);
    std::vector<Fault> faults;
    std::size_t shift = 0;  // gives each kind of fault other positions
    for (const char* kind : kFaults) {
      for (std::size_t at = shift++ % stride; at < response.bytes.size(); at += stride)
        faults.push_back({kind, at});
    }
    count += faults.size();
    for (std::size_t i = 0; i < faults.size(); i += kBatch) {
      const auto end = std::min(i + kBatch, faults.size());
      play(response,
           {faults.begin() + static_cast<long>(i), faults.begin() + static_cast<long>(end)},
           standin);
    }
  }
  fmt::print("faults at bytes: {} answers\n", count);
}

}  // namespace chatvim::testing
