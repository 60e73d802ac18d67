// SPDX-License-Identifier: Apache-2.0
#include "framing.h"

#include <fmt/format.h>

#include <iterator>

namespace chatvim::standin {

void append_framed(Framing framing, std::string_view data, std::string& out) {
  if (framing != Framing::kChunked) {
    out += data;
    return;
  }
  if (data.empty()) return;  // an empty chunk would end the body
  fmt::format_to(std::back_inserter(out), "{:x}\r\n", data.size());
  out += data;
  out += "\r\n";
}

}  // namespace chatvim::standin
