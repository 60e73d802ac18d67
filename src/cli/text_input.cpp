// SPDX-License-Identifier: Apache-2.0
#include "text_input.hpp"

#include <array>
#include <chrono>

#include "chatvim/files/read_file.hpp"
#include "chatvim/loop/system.hpp"
#include "input.hpp"

namespace chatvim::cli {

Result<void> check_text_input(const Options& options) {
  if (!options.file.empty() || !loop::is_terminal(loop::standard_input())) return {};
  return tl::unexpected(
      Error{ErrorCode::kBadArguments, "Name a FILE, or pipe text to standard input (see --help)."});
}

std::optional<std::string> read_piece() {
  constexpr std::chrono::minutes kLongestWait{1};
  const int fd = loop::standard_input();
  std::array<char, 65536> buffer{};
  std::array<loop::Descriptor, 1> waiting{{{fd, true}}};
  std::size_t count = 0;
  for (;;) {
    switch (loop::read_some(fd, buffer.data(), buffer.size(), count)) {
      case loop::Transfer::kClosed:
        return std::nullopt;
      case loop::Transfer::kDone:
        return std::string(buffer.data(), count);
      case loop::Transfer::kWouldBlock:
        loop::poll_for(waiting, kLongestWait);
    }
  }
}

Result<std::string> read_text(const Options& options) {
  if (auto checked = check_text_input(options); !checked) return tl::unexpected(checked.error());
  auto text = options.file.empty() ? read_standard_input() : files::read_file(options.file);
  if (!text) return tl::unexpected(without_sending(text.error()));
  return text;
}

}  // namespace chatvim::cli
