// SPDX-License-Identifier: Apache-2.0
#include "attach.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <system_error>

#include "chatvim/document/embed.hpp"
#include "chatvim/document/fence.hpp"
#include "chatvim/text/lines.hpp"
#include "chatvim/text/url.hpp"
#include "chatvim/text/utf8.hpp"
#include "input.hpp"

namespace chatvim::cli {

namespace {

namespace fs = std::filesystem;

Error refused(const std::string& message) {
  return {ErrorCode::kBadArguments, message + "; nothing was sent."};
}

/// Returns the absolute path of a file, without `.` and `..` if that is the same file.
fs::path absolute(const std::string& file) {
  std::error_code error;
  const fs::path whole = fs::absolute(file, error);
  const fs::path normal = whole.lexically_normal();
  return fs::equivalent(whole, normal, error) ? normal : whole;
}

/// Whether a relative path would be read as the home folder or an address.
bool is_ambiguous(std::string_view path) {
  const std::size_t colon = path.find(':');
  const std::string_view scheme = path.substr(0, colon);
  const bool has_scheme = colon != std::string_view::npos && colon > 0 &&
                          std::all_of(scheme.begin(), scheme.end(), [](unsigned char c) {
                            return std::isalnum(c) != 0 || c == '+' || c == '.' || c == '-';
                          });
  return path.starts_with('~') || has_scheme;
}

/// Returns the path of a file for a chat in the folder, as lua/chatvim/command/link.lua writes it.
std::string path_for_chat(const std::string& file, const std::string& folder) {
  std::string path = absolute(file).string();
  const std::string above = folder.ends_with('/') ? folder : folder + "/";
  if (path.starts_with(above) && path.size() > above.size()) {
    path.erase(0, above.size());
    if (is_ambiguous(path)) path.insert(0, "./");
  }
  if (path.find('$') == std::string::npos) return path;
  // A `$` would begin a variable.
  std::string escaped;
  for (const char c : path) escaped += c == '$' ? "%24" : c == '%' ? "%25" : std::string(1, c);
  return escaped;
}

/// Writes the target of a link. In `<…>` it may hold anything but line breaks.
std::string quoted(const std::string& target) {
  if (target.find_first_of(" \t()<>\"'\\") == std::string::npos) return target;
  std::string out = "<";
  for (const char c : target) {
    if (c == '\\' || c == '<' || c == '>') out += '\\';
    out += c;
  }
  return out + ">";
}

Result<std::string> embed_line(const std::string& file, const std::string& folder) {
  if (text::parse_http_url(file)) return fmt::format("![]({})", file);
  std::error_code ignored;
  if (file.empty() || !fs::exists(file, ignored)) {
    return tl::unexpected(
        refused(fmt::format("Name a file after --attach: there is no file \"{}\"", shown(file))));
  }
  const std::string path = path_for_chat(file, folder);
  const bool has_control =
      std::any_of(path.begin(), path.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; });
  if (has_control || text::find_invalid_utf8(path)) {
    return tl::unexpected(refused(fmt::format(
        "Rename {} to attach it: its name has control characters or is not UTF-8", shown(file))));
  }
  return fmt::format("![]({})", quoted(path));
}

}  // namespace

Result<std::string> attach_files(const std::string& question, const std::vector<std::string>& files,
                                 const std::string& folder) {
  if (files.empty()) return question;
  // In a code block that is still open, the lines would be code.
  document::FenceScanner fences;
  fences.feed(question);
  const std::string closer = fences.finish();
  std::string out = std::string(text::trim_end(question)) + (closer.empty() ? "" : "\n" + closer);
  out += "\n";
  for (const std::string& file : files) {
    const auto line = embed_line(file, folder);
    if (!line) return line;
    out += "\n" + *line;
  }
  return out;
}

std::string find_inline_link(std::string_view question) {
  document::FenceScanner fences;
  for (const std::string_view line : text::split_file(question)) {
    const bool is_code = fences.is_open();
    fences.feed(line);
    fences.feed("\n");
    const std::size_t start = line.find("![");
    const std::size_t middle = line.find("](", start);
    if (is_code || start == std::string_view::npos || middle == std::string_view::npos) continue;
    const std::size_t end = line.find(')', middle);
    if (end == std::string_view::npos || !document::find_embeds(line).empty()) continue;
    return std::string(line.substr(start, end + 1 - start));
  }
  return {};
}

}  // namespace chatvim::cli
