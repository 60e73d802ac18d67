// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace chatvim::testing {

/// A recorded stream of one wire format and its text, extracted without the code under test.
struct Recorded {
  struct Event {
    std::string bytes;  ///< with the blank line that ends it
    std::string text;   ///< what it adds to the answer
  };

  std::string api;
  std::vector<Event> events;
  std::string bytes;
  std::string text;      ///< the whole answer
  std::size_t last = 0;  ///< the event that completes the answer

  /// Returns the end of the event that completes the answer, without its blank line.
  std::size_t whole_at() const {
    std::size_t at = 0;
    for (std::size_t i = 0; i <= last; ++i) at += events[i].bytes.size();
    return at - 2;
  }
};

/// Returns the recorded stream of a wire format: tests/data/streams/API.txt.
inline Recorded recorded(const std::string& api) {
  std::ifstream file(std::string(CHATVIM_TEST_DATA "/streams/") + api + ".txt", std::ios::binary);
  Recorded out;
  out.api = api;
  out.bytes.assign(std::istreambuf_iterator<char>(file), {});
  for (std::size_t at = 0; at < out.bytes.size();) {
    const std::size_t end = out.bytes.find("\n\n", at) + 2;
    Recorded::Event event{out.bytes.substr(at, end - at), ""};
    at = end;
    const std::size_t data = event.bytes.find("data: {");
    if (data != std::string::npos) {
      const auto json = nlohmann::json::parse(event.bytes.substr(data + 6));
      const std::string type = json.value("type", "");
      if (api == "chat" && !json.at("choices").empty()) {
        event.text = json.at("choices").at(0).at("delta").value("content", "");
        if (json.at("choices").at(0).at("finish_reason").is_string()) out.last = out.events.size();
      } else if (type == "response.output_text.delta") {
        event.text = json.at("delta");
      } else if (type == "content_block_delta") {
        event.text = json.at("delta").at("text");
      } else if (type == "response.completed" ||
                 (type == "message_delta" && json.at("delta").at("stop_reason").is_string())) {
        out.last = out.events.size();
      }
    }
    out.text += event.text;
    out.events.push_back(std::move(event));
  }
  if (out.text.empty() || out.last == 0) throw std::runtime_error("no recorded stream of " + api);
  return out;
}

/// Whether `text` can result from the answer after bytes of event `damaged` were changed:
/// everything before it is unchanged, in its place there is at most as much text as it had (its
/// bytes may have become other characters), followed by the start of the rest. Damaged bytes can
/// swallow the two events after it, and HTTP has no checksum to detect that.
inline bool is_left_of(const Recorded& stream, std::size_t damaged, std::string_view text) {
  std::string before;
  for (std::size_t i = 0; i < damaged; ++i) before += stream.events[i].text;
  if (text.size() < before.size()) return std::string_view(before).starts_with(text);
  if (!text.starts_with(before)) return false;
  text.remove_prefix(before.size());
  const std::size_t most = 3 * stream.events[damaged].text.size() + 8;
  for (std::size_t next = damaged + 1; next <= damaged + 3; ++next) {
    std::string rest;
    for (std::size_t i = next; i < stream.events.size(); ++i) rest += stream.events[i].text;
    for (std::size_t own = 0; own <= std::min(most, text.size()); ++own) {
      if (std::string_view(rest).starts_with(text.substr(own))) return true;
    }
  }
  return false;
}

}  // namespace chatvim::testing
