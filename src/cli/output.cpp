// SPDX-License-Identifier: Apache-2.0
#include "output.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "chatvim/loop/system.hpp"

namespace chatvim::cli {

Result<void> write_out(std::string_view text) {
  if (loop::write_all(loop::standard_output(), text)) return {};
  if (errno == EPIPE) return tl::unexpected(Error{ErrorCode::kInternal, ""});
  return tl::unexpected(
      Error{ErrorCode::kInternal,
            fmt::format("Standard output cannot be written: {}.", std::strerror(errno))});
}

int report(const Error& error) {
  if (!error.message.empty()) fmt::print(stderr, "chatvim: {}\n", error.message);
  return exit_code_of(error.code);
}

}  // namespace chatvim::cli
