// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "chatvim/json.hpp"
#include "chatvim/provider/decoder.hpp"

namespace chatvim::testing {

using Pieces = std::vector<std::string>;

inline std::string decode_base64(std::string_view text) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    const std::size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos) continue;
    bits = (bits << 6 | static_cast<unsigned>(value)) & 0xFFFF;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out.push_back(static_cast<char>(bits >> count & 0xFF));
  }
  return out;
}

/// A case of tests/data/wire-cases.json: a response, and what is to come out.
struct WireCase {
  std::string name;
  std::string style;
  int status = 200;
  provider::Headers headers;
  Pieces pieces;
  Json expected;
};

inline std::vector<WireCase> wire_cases(const std::vector<std::string>& styles) {
  std::ifstream file(CHATVIM_TEST_DATA "/wire-cases.json");
  std::vector<WireCase> out;
  for (const Json& json : Json::parse(file)) {
    WireCase one;
    one.name = fmt::format("{}: {}", json["n"].get<int>(), json["title"].get<std::string>());
    one.style = json["style"];
    if (std::find(styles.begin(), styles.end(), one.style) == styles.end()) continue;
    one.status = json["status"];
    for (const auto& [name, value] : json["headers"].items()) one.headers.emplace_back(name, value);
    for (const Json& chunk : json["chunks_b64"]) {
      one.pieces.push_back(decode_base64(chunk.get<std::string>()));
    }
    one.expected = json["expect"];
    out.push_back(std::move(one));
  }
  return out;
}

/// The ways to cut a body: as given, whole, byte by byte, in two at every position.
inline void for_each_cut(const Pieces& given, const std::function<void(const Pieces&)>& check) {
  std::string all;
  for (const std::string& piece : given) all += piece;
  check(given);
  check({all});
  Pieces bytes;
  for (const char c : all) bytes.emplace_back(1, c);
  check(bytes);
  for (std::size_t i = 0; i <= all.size(); ++i) check({all.substr(0, i), all.substr(i)});
}

inline Json to_json(const provider::Usage& usage) {
  Json out = Json::object();
  if (usage.input) out["in"] = *usage.input;
  if (usage.output) out["out"] = *usage.output;
  if (usage.cached) out["cached"] = *usage.cached;
  if (usage.reasoning) out["reasoning"] = *usage.reasoning;
  return out;
}

inline Json to_json(const provider::Failure& failure) {
  Json out = {
      {"kind", name_of(failure.code)}, {"message", failure.message}, {"retry", failure.retry}};
  if (failure.after) out["after"] = *failure.after;
  return out;
}

/// An event in the words of the wire cases.
inline Json to_json(const provider::Event& event) {
  struct Visitor {
    Json operator()(const provider::TextDelta& e) const { return {"text", e.text}; }
    Json operator()(const provider::ReasoningDelta& e) const { return {"reasoning", e.text}; }
    Json operator()(const provider::RefusalDelta& e) const { return {"refusal", e.text}; }
    Json operator()(const provider::ToolCall& e) const { return {"tool", e.index, e.id, e.name}; }
    Json operator()(const provider::ToolArguments& e) const { return {"args", e.index, e.text}; }
    Json operator()(const provider::Finish& e) const { return {"finish", e.reason}; }
    Json operator()(const provider::Usage& e) const { return {"usage", to_json(e)}; }
    Json operator()(const provider::End&) const { return {"end", "ok"}; }
    Json operator()(const provider::Failure& e) const { return {"error", to_json(e)}; }
  };
  return std::visit(Visitor{}, event);
}

/// The list with neighbouring pieces of the same text joined.
inline Json joined(const Json& list) {
  Json out = Json::array();
  for (const Json& item : list) {
    const std::string kind = item[0];
    const bool is_text = kind == "text" || kind == "reasoning" || kind == "refusal";
    if (is_text && !out.empty() && out.back()[0] == kind) {
      out.back()[1] = out.back()[1].get<std::string>() + item[1].get<std::string>();
    } else {
      out.push_back(item);
    }
  }
  return out;
}

/// What a decoder of the wire format makes of a response.
inline Json decode(const Pieces& pieces, int status = 200, const provider::Headers& headers = {},
                   provider::Api api = provider::Api::kChat) {
  const auto decoder = provider::make_decoder(api);
  std::vector<provider::Event> events;
  decoder->head(status, headers);
  for (const std::string& piece : pieces) decoder->feed(piece, events);
  decoder->finish(events);
  Json out = Json::array();
  for (const provider::Event& event : events) out.push_back(to_json(event));
  return joined(out);
}

/// A response of status 200, and what is to come out.
struct DecoderRow {
  std::string name;
  std::string body;
  Json expected;
};

/// Decodes each row at every cut.
inline void check_decoder(provider::Api api, const std::vector<DecoderRow>& rows) {
  for (const DecoderRow& row : rows) {
    DYNAMIC_SECTION(row.name) {
      for_each_cut({row.body}, [&](const Pieces& pieces) {
        const Json actual = decode(pieces, 200, {}, api);
        if (actual != row.expected) CHECK(actual == row.expected);
      });
    }
  }
}

}  // namespace chatvim::testing
