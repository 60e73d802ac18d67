// SPDX-License-Identifier: Apache-2.0
#include "param_headers.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <set>

#include "chatvim/json/cursor.hpp"
#include "message.hpp"

namespace chatvim::mcp {

namespace {

using json::JsonCursor;

constexpr std::string_view kAnnotation = "x-mcp-header";
/// Keywords whose values are data rather than schemas.
constexpr std::array<std::string_view, 5> kData{"default", "examples", "const", "enum", "required"};
/// The largest integer that a double can hold exactly.
constexpr std::int64_t kSafeInteger = (std::int64_t{1} << 53) - 1;

bool is_token(std::string_view name) {
  static constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

/// Walks a schema once and collects its annotations.
class Finder {
 public:
  /// Reads the next value. `reachable`: only `properties` led here.
  void walk(JsonCursor& cursor, bool reachable) {
    if (cursor.kind() == JsonCursor::Kind::kArray) {
      cursor.array([&] { walk(cursor, false); });
    } else if (cursor.kind() == JsonCursor::Kind::kObject) {
      walk_schema(cursor, reachable);
    } else {
      cursor.skip();
    }
  }

  std::vector<ParamHeader> found;
  std::string problem;

 private:
  void walk_schema(JsonCursor& cursor, bool reachable) {
    bool is_annotated = false;
    std::string header;
    std::string type;
    cursor.object([&](std::string_view key) {
      if (key == kAnnotation) {
        is_annotated = true;
        cursor.string_or_skip(header);
      } else if (key == "type") {
        cursor.string_or_skip(type);
      } else if (key == "properties") {
        walk_properties(cursor, reachable);
      } else if (std::find(kData.begin(), kData.end(), key) != kData.end()) {
        cursor.skip();
      } else {
        walk(cursor, false);
      }
    });
    if (is_annotated) annotate(header, type, reachable);
  }

  void walk_properties(JsonCursor& cursor, bool reachable) {
    cursor.members([&](std::string_view key) {
      path_.emplace_back(key);
      walk(cursor, reachable);
      path_.pop_back();
    });
  }

  void annotate(const std::string& header, std::string_view type, bool reachable) {
    if (!is_token(header)) {
      problem = "its x-mcp-header is not the name of a header";
    } else if (!reachable || path_.empty()) {
      problem = "its x-mcp-header stands where no single parameter is meant";
    } else if (type != "string" && type != "integer" && type != "boolean") {
      problem = "its x-mcp-header is at a parameter that is no string, integer or boolean";
    } else if (!names_.insert(lower(header)).second) {
      problem = "it has the same x-mcp-header twice";
    } else {
      found.push_back({path_, header});
    }
  }

  std::vector<std::string> path_;
  std::set<std::string> names_;
};

/// Returns the value at the end of the path as text, or nothing if there is none.
std::optional<std::string> value_at(std::string_view arguments,
                                    const std::vector<std::string>& path) {
  std::string_view value = arguments;
  for (const std::string& name : path) value = raw_member(value, name);
  JsonCursor cursor(value);
  switch (cursor.kind()) {
    case JsonCursor::Kind::kString: {
      std::string text;
      cursor.string(text);
      return text;
    }
    case JsonCursor::Kind::kNumber: {
      const auto number = cursor.integer_or_skip();
      if (!number || *number > kSafeInteger || *number < -kSafeInteger) return std::nullopt;
      return std::to_string(*number);
    }
    case JsonCursor::Kind::kTrue:
      return "true";
    case JsonCursor::Kind::kFalse:
      return "false";
    default:
      return std::nullopt;
  }
}

/// Base64 of RFC 4648, section 4.
std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::string_view group = bytes.substr(at, 3);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      bits = bits << 8U | (i < group.size() ? static_cast<unsigned char>(group[i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      out.push_back(i <= group.size() ? kDigits[bits >> (18 - 6 * i) & 0x3FU] : '=');
    }
  }
  return out;
}

}  // namespace

Result<std::vector<ParamHeader>> find_param_headers(std::string_view schema) {
  Finder finder;
  JsonCursor cursor(schema);
  finder.walk(cursor, true);
  if (!finder.problem.empty()) {
    return tl::unexpected(Error{ErrorCode::kProtocol, finder.problem});
  }
  return std::move(finder.found);
}

std::vector<std::pair<std::string, std::string>> make_param_headers(
    const std::vector<ParamHeader>& params, std::string_view arguments) {
  std::vector<std::pair<std::string, std::string>> headers;
  for (const ParamHeader& param : params) {
    if (const auto value = value_at(arguments, param.path)) {
      headers.emplace_back("Mcp-Param-" + param.header, encode_header_value(*value));
    }
  }
  return headers;
}

std::string encode_header_value(std::string_view value) {
  constexpr std::string_view kBegin = "=?base64?";
  constexpr std::string_view kEnd = "?=";
  const bool is_plain =
      std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c <= '~'; });
  const bool is_padded = value.starts_with(' ') || value.ends_with(' ') || value.empty();
  const bool looks_encoded = value.starts_with(kBegin) && value.ends_with(kEnd);
  if (is_plain && !is_padded && !looks_encoded) return std::string(value);
  return std::string(kBegin) + base64(value) + std::string(kEnd);
}

}  // namespace chatvim::mcp
