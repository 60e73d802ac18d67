// SPDX-License-Identifier: Apache-2.0
#include "variables.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "chatvim/glob/path.hpp"
#include "chatvim/text/secret_name.hpp"

namespace chatvim::embed {
namespace {

bool is_name_start(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; }

bool is_name(char c) { return is_name_start(c) || (c >= '0' && c <= '9'); }

tl::unexpected<Error> bad_variable(std::string why) {
  return tl::unexpected(Error{ErrorCode::kBadEmbed, std::move(why)});
}

/// A variable in a path: its name, and how many bytes it takes up there; 0: there is none.
struct Variable {
  std::string_view name;
  std::size_t size = 0;
};

Variable variable_at(std::string_view text) {
  if (!text.starts_with('$') || text.size() < 2) return {};
  const bool braces = text[1] == '{';
  const std::size_t start = braces ? 2 : 1;
  std::size_t end = start;
  if (end < text.size() && is_name_start(text[end])) {
    while (end < text.size() && is_name(text[end])) ++end;
  }
  if (end == start || (braces && (end == text.size() || text[end] != '}'))) return {};
  return {text.substr(start, end - start), braces ? end + 1 : end};
}

Result<std::string> value_of(std::string_view name, const Environment& environment) {
  if (text::names_secret(name)) {
    return bad_variable(
        fmt::format("the variable {} is not expanded, since its name says that it holds a "
                    "secret: write the path",
                    name));
  }
  auto value = environment ? environment(name) : std::nullopt;
  if (!value || value->empty())
    return bad_variable(fmt::format("the variable {} is not set", name));
  const bool plain = std::none_of(value->begin(), value->end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
  });
  if (!plain) return bad_variable(fmt::format("the variable {} holds control characters", name));
  return std::move(*value);
}

void append_value(Expanded& out, std::string_view value) {
  out.path += value;
  for (const char c : value) {
    if (std::string_view("*?[]\\").find(c) != std::string_view::npos) out.pattern += '\\';
    out.pattern += c;
  }
}

}  // namespace

Result<Expanded> expand_variables(std::string_view path, const Environment& environment) {
  Expanded out;
  std::size_t at = 0;
  if (path == "~" || path.starts_with("~/")) {
    const auto home = value_of("HOME", environment);
    if (!home) return tl::unexpected(home.error());
    append_value(out, *home);
    at = 1;
  }
  while (at < path.size()) {
    const Variable variable = variable_at(path.substr(at));
    if (variable.size == 0) {
      out.path += path[at];
      out.pattern += path[at];
      ++at;
      continue;
    }
    const auto value = value_of(variable.name, environment);
    if (!value) return tl::unexpected(value.error());
    append_value(out, *value);
    at += variable.size;
  }
  return out;
}

}  // namespace chatvim::embed
