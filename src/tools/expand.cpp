// SPDX-License-Identifier: Apache-2.0
#include "expand.hpp"

#include <fmt/format.h>

#include "chatvim/text/utf8.hpp"

namespace chatvim::tools {
namespace {

constexpr std::string_view kOpening = "${";
constexpr std::string_view kDefault = ":-";
constexpr std::string_view kEnvironment = "env:";
constexpr std::string_view kInput = "input:";
/// Limit of a variable's name in a message, in bytes.
constexpr std::size_t kMostVariable = 60;

/// Returns what stands for the text between `${` and `}`.
tl::expected<std::string, std::string> value_of(std::string_view name,
                                                const Environment& environment) {
  if (name.starts_with(kInput)) {
    return tl::unexpected(
        fmt::format("asks for ${{{}}}, which only VS Code can do: use an environment variable",
                    text::printable(name, kMostVariable)));
  }
  if (name.starts_with(kEnvironment)) name.remove_prefix(kEnvironment.size());
  const std::size_t end = name.find(kDefault);
  const std::string_view variable = name.substr(0, end);
  if (const auto value = environment(variable); value && !value->empty()) return *value;
  if (end != std::string_view::npos) return std::string(name.substr(end + kDefault.size()));
  return tl::unexpected(fmt::format("needs the environment variable {}, which is not set",
                                    text::printable(variable, kMostVariable)));
}

}  // namespace

tl::expected<std::string, std::string> expand_variables(std::string_view text,
                                                        const Environment& environment) {
  std::string out;
  for (;;) {
    const std::size_t start = text.find(kOpening);
    const std::size_t end = text.find('}', start == std::string_view::npos ? 0 : start);
    if (start == std::string_view::npos || end == std::string_view::npos) return out.append(text);
    out.append(text.substr(0, start));
    const std::size_t name = start + kOpening.size();
    const auto value = value_of(text.substr(name, end - name), environment);
    if (!value) return tl::unexpected(value.error());
    out.append(*value);
    text.remove_prefix(end + 1);
  }
}

}  // namespace chatvim::tools
