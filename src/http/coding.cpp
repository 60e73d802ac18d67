// SPDX-License-Identifier: Apache-2.0
#include "coding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "chatvim/text/fold.hpp"
#include "chatvim/text/lines.hpp"

namespace chatvim::http {
namespace {

bool is_coding_field(std::string_view name) {
  const std::string word = text::fold_word(name);
  return word == "contentencoding" || word == "transferencoding";
}

/// Whether a name means no compression; includes wrong names that servers send.
bool is_plain(std::string_view word) {
  constexpr std::array<std::string_view, 7> kPlain = {"",     "identity", "chunked",   "none",
                                                      "utf8", "binary",   "awschunked"};
  return std::find(kPlain.begin(), kPlain.end(), word) != kPlain.end();
}

/// Calls back with each compressing coding, as written and folded.
template <class OnCoding>
void for_each_compression(const Headers& headers, OnCoding&& on_coding) {
  for (const auto& [name, value] : headers) {
    if (!is_coding_field(name)) continue;
    for (std::string_view rest = value; !rest.empty();) {
      const std::size_t end = std::min(rest.find(','), rest.size());
      const std::string_view coding = text::trim(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      const std::string word = text::fold_word(coding);
      if (!is_plain(word)) on_coding(coding, word);
    }
  }
}

}  // namespace

bool is_compressed(const Headers& headers) {
  bool compressed = false;
  for_each_compression(headers, [&](std::string_view, std::string_view) { compressed = true; });
  return compressed;
}

std::string coding_problem(const Headers& headers) {
  std::string all;
  int count = 0;
  bool known = true;
  for_each_compression(headers, [&](std::string_view coding, std::string_view word) {
    ++count;
    known = known && (word == "gzip" || word == "xgzip" || word == "deflate");
    if (count <= 3) all.append(all.empty() ? "" : ", ").append(coding);
  });
  if (count > 1)
    return fmt::format("is compressed more than once ({}{})", all, count > 3 ? ", …" : "");
  return known ? "" : fmt::format("is compressed with {}, which was not asked for", all);
}

}  // namespace chatvim::http
