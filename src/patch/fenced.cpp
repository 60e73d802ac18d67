// SPDX-License-Identifier: Apache-2.0
#include "fenced.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "chatvim/text/lines.hpp"

namespace chatvim::patch {
namespace {

constexpr std::size_t kMostFenceIndentation = 3;
constexpr std::size_t kShortestRun = 3;

/// A line that begins like a fence.
struct FenceLine {
  std::size_t indentation = 0;
  std::size_t length = 0;
  char character = 0;
  std::string_view rest;  ///< trimmed
};

std::optional<FenceLine> read_fence(std::string_view line) {
  FenceLine fence;
  fence.indentation = std::min(line.find_first_not_of(' '), line.size());
  line.remove_prefix(fence.indentation);
  if (fence.indentation > kMostFenceIndentation || line.empty()) return std::nullopt;
  fence.character = line.front();
  if (fence.character != '`' && fence.character != '~') return std::nullopt;
  fence.length = std::min(line.find_first_not_of(fence.character), line.size());
  if (fence.length < kShortestRun) return std::nullopt;
  fence.rest = text::trim(line.substr(fence.length));
  return fence;
}

bool opens(const FenceLine& fence) {
  return fence.character == '~' || fence.rest.find('`') == std::string_view::npos;
}

bool closes(const FenceLine& fence, const FenceLine& opener) {
  return fence.character == opener.character && fence.length >= opener.length && fence.rest.empty();
}

std::string_view without_indentation(std::string_view line, std::size_t most) {
  const std::size_t spaces = std::min(line.find_first_not_of(' '), line.size());
  return line.substr(std::min(spaces, most));
}

}  // namespace

std::vector<Fenced> find_fenced(const std::vector<std::string_view>& lines) {
  std::vector<Fenced> blocks;
  std::optional<FenceLine> opener;
  Fenced block;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto fence = read_fence(lines[i]);
    if (!opener && fence && opens(*fence)) {
      opener = fence;
      block = {i, i, fence->rest, ""};
    } else if (opener && fence && closes(*fence, *opener)) {
      opener.reset();
      block.last = i + 1;
      blocks.push_back(std::exchange(block, {}));
    } else if (opener) {
      if (i > block.first + 1) block.text += '\n';
      block.text += text::without_returns(without_indentation(lines[i], opener->indentation));
    }
  }
  return blocks;
}

}  // namespace chatvim::patch
