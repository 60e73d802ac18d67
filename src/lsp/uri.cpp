// SPDX-License-Identifier: Apache-2.0
#include <cctype>
#include <charconv>

#include "chat_document.hpp"

namespace chatvim::lsp {

std::string path_of_uri(std::string_view uri) {
  constexpr std::string_view kScheme = "file://";
  if (!uri.starts_with(kScheme)) return {};
  uri.remove_prefix(kScheme.size());
  if (uri.starts_with("localhost/")) uri.remove_prefix(std::string_view("localhost").size());
  if (!uri.starts_with('/')) return {};
  std::string path;
  for (std::size_t i = 0; i < uri.size(); ++i) {
    unsigned byte = 0;
    const char* digits = uri.data() + i + 1;
    const bool is_escape = uri[i] == '%' && i + 2 < uri.size() &&
                           std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2;
    path.push_back(is_escape ? static_cast<char>(byte) : uri[i]);
    if (is_escape) i += 2;
  }
  return path;
}

std::string uri_of_path(std::string_view path) {
  constexpr std::string_view kPlain = "-._~/!$&'()*+,;=:@";  // RFC 3986, section 3.3
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string uri = "file://";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || kPlain.find(c) != std::string_view::npos) {
      uri.push_back(c);
    } else {
      uri.push_back('%');
      uri.push_back(kDigits[byte >> 4U]);
      uri.push_back(kDigits[byte & 15U]);
    }
  }
  return uri;
}

}  // namespace chatvim::lsp
