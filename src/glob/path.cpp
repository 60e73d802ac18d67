// SPDX-License-Identifier: Apache-2.0
#include "chatvim/glob/path.hpp"

#include <algorithm>

namespace chatvim::glob {

std::string join(std::string_view folder, std::string_view path) {
  if (path.starts_with('/') || folder.empty()) return std::string(path);
  std::string out(folder);
  if (path.empty()) return out;
  if (!out.ends_with('/')) out += '/';
  out += path;
  return out;
}

std::string folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return {};
  return std::string(path.substr(0, std::max<std::size_t>(slash, 1)));
}

std::string_view base_name(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::optional<std::string_view> below(std::string_view path, std::string_view folder) {
  while (folder.ends_with('/')) folder.remove_suffix(1);
  if (!path.starts_with(folder)) return std::nullopt;
  path.remove_prefix(folder.size());
  if (path.empty()) return path;
  if (path.front() != '/') return std::nullopt;
  return path.substr(1);
}

std::string ending_of(std::string_view path) {
  const std::string_view name = base_name(path);
  const std::size_t stop = name.rfind('.');
  if (stop == std::string_view::npos || stop == 0) return {};
  std::string ending(name.substr(stop + 1));
  std::transform(ending.begin(), ending.end(), ending.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return ending;
}

}  // namespace chatvim::glob
