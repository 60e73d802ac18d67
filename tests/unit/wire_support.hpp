// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "decoded.hpp"

namespace chatvim::testing {

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

/// A case: a response, and what is to come out.
struct WireCase {
  std::string name;
  std::string style;
  int status = 200;
  wire::Headers headers;
  Pieces pieces;
  Json expected;
};

/// The cases of a file of tests/data, wire-cases.json or wild-cases.json, with these styles.
inline std::vector<WireCase> wire_cases(const std::vector<std::string>& styles,
                                        const std::string& file_name = "wire-cases") {
  std::ifstream file(CHATVIM_TEST_DATA "/" + file_name + ".json");
  std::vector<WireCase> out;
  for (const Json& json : Json::parse(file)) {
    WireCase one;
    one.name = fmt::format("{}: {}", json["n"].get<int>(), json["title"].get<std::string>());
    one.style = json["style"];
    if (std::find(styles.begin(), styles.end(), one.style) == styles.end()) continue;
    one.status = json["status"];
    for (const auto& [field, value] : json["headers"].items())
      one.headers.emplace_back(field, value);
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

/// A response of status 200, and what is to come out.
struct DecoderRow {
  std::string name;
  std::string body;
  Json expected;
};

/// Decodes each row at every cut.
inline void check_decoder(Api api, const std::vector<DecoderRow>& rows) {
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
