// SPDX-License-Identifier: Apache-2.0
#include "targets.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace chatvim::fuzz {

namespace {

constexpr std::array kTargets{
    Target{"document_read", document_read},
    Target{"document_write", document_write},
    Target{"document_restore", document_restore},
    Target{"steps", steps},
    Target{"patch", patch},
    Target{"settings", settings},
    Target{"sse", sse},
    Target{"decoder_chat", decoder_chat},
    Target{"decoder_responses", decoder_responses},
    Target{"decoder_messages", decoder_messages},
    Target{"rpc", rpc},
    Target{"journal", journal},
    Target{"text_utf8", text_utf8},
    Target{"text_redact", text_redact},
    Target{"embed_paths", embed_paths},
    Target{"embed_files", embed_files},
    Target{"mcp", mcp},
    Target{"markdown_color", markdown_color},
    Target{"markdown_format", markdown_format},
    Target{"terminal_keys", terminal_keys},
};

}  // namespace

std::span<const Target> targets() { return kTargets; }

const Target* find_target(std::string_view name) {
  const auto found = std::find_if(kTargets.begin(), kTargets.end(),
                                  [name](const Target& target) { return target.name == name; });
  return found == kTargets.end() ? nullptr : &*found;
}

void expect(bool holds, std::string_view sentence) {
  if (holds) return;
  std::fprintf(stderr, "A property does not hold: %.*s\n", static_cast<int>(sentence.size()),
               sentence.data());
  std::abort();
}

std::vector<std::string> cut(std::string_view bytes) {
  std::vector<std::string> pieces;
  std::uint32_t hash = 2166136261;  // FNV-1a; any hash would do
  while (!bytes.empty()) {
    for (const char byte : bytes.substr(0, 8)) {
      hash = (hash ^ static_cast<unsigned char>(byte)) * 16777619;
    }
    const std::size_t size = std::min<std::size_t>(1 + (hash >> 16) % 24, bytes.size());
    pieces.emplace_back(bytes.substr(0, size));
    bytes.remove_prefix(size);
  }
  return pieces;
}

std::vector<std::string> single_bytes(std::string_view bytes) {
  std::vector<std::string> pieces;
  for (const char byte : bytes) pieces.emplace_back(1, byte);
  return pieces;
}

std::string_view take_part(std::string_view& input) {
  constexpr std::string_view kLine = "\n-----\n";
  const std::size_t end = input.find(kLine);
  const std::string_view part = input.substr(0, end);
  input = end == std::string_view::npos ? std::string_view() : input.substr(end + kLine.size());
  return part;
}

}  // namespace chatvim::fuzz
