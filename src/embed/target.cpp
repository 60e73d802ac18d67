// SPDX-License-Identifier: Apache-2.0
#include "target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "chatvim/glob/path.hpp"
#include "chatvim/glob/wildcard.hpp"
#include "chatvim/text/url.hpp"
#include "variables.hpp"

namespace chatvim::embed {
namespace {

/// Limits in bytes; longer targets are rejected.
constexpr std::size_t kMostPath = 4096;
constexpr std::size_t kMostAddress = 8192;
/// Line numbers are clamped to this; no file has as many lines.
constexpr std::size_t kMostLine = 1'000'000'000;

/// Extensions that are certainly not pictures that models accept. A URL with another extension, or
/// without one, may be such a picture.
constexpr std::array<std::string_view, 45> kOtherEndings = {
    "svg", "pdf",  "html", "htm", "xhtml", "bmp",  "tif", "tiff", "ico", "heic", "heif", "avif",
    "jxl", "psd",  "mp4",  "mov", "webm",  "avi",  "mkv", "mp3",  "wav", "ogg",  "flac", "txt",
    "md",  "json", "xml",  "csv", "yaml",  "toml", "js",  "css",  "ts",  "py",   "c",    "cpp",
    "h",   "rs",   "go",   "sh",  "zip",   "gz",   "tar", "docx", "doc"};

tl::unexpected<Error> bad_target(std::string why) {
  return tl::unexpected(Error{ErrorCode::kBadEmbed, std::move(why)});
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Whether a target is a URL. A file name may contain a colon, so a scheme must be followed by `//`
/// or be one of these, and have two letters.
bool is_url(const text::Url& url) {
  const std::string_view scheme = url.scheme;
  return scheme.size() > 1 && (url.has_authority || scheme == "data" || scheme == "mailto" ||
                               scheme == "javascript" || scheme == "file" || scheme == "blob");
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (small(c) >= 'a' && small(c) <= 'f') return small(c) - 'a' + 10;
  return -1;
}

/// Decodes percent-escapes such as `%20`. Invalid escapes and those of control characters stay as
/// they are.
std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    const auto byte = static_cast<char>(high * 16 + low);
    if (low < 0 || is_control(byte)) {
      out += text[i];
    } else {
      out += byte;
      i += 2;
    }
  }
  return out;
}

/// Removes and returns the number that a text begins with; returns nothing if there is none.
std::optional<std::size_t> take_number(std::string_view& text) {
  std::size_t number = 0;
  std::size_t used = 0;
  for (; used < text.size() && text[used] >= '0' && text[used] <= '9'; ++used) {
    number = std::min(number * 10 + static_cast<std::size_t>(text[used] - '0'), kMostLine);
  }
  text.remove_prefix(used);
  return used == 0 ? std::nullopt : std::optional(number);
}

/// Parses `L10`, `L10-L40` or `L10-40`.
std::optional<LineRange> read_range(std::string_view text) {
  if (!text.starts_with('L')) return std::nullopt;
  text.remove_prefix(1);
  const auto first = take_number(text);
  if (!first) return std::nullopt;
  if (text.empty()) return LineRange{*first, *first};
  if (!text.starts_with('-')) return std::nullopt;
  text.remove_prefix(text.starts_with("-L") ? 2 : 1);
  const auto last = take_number(text);
  if (!last || !text.empty()) return std::nullopt;
  return LineRange{*first, *last};
}

Result<Target> read_address(std::string_view written, const text::Url& url) {
  if (written.size() > kMostAddress) return bad_target("the address is too long");
  if (url.host.empty()) return bad_target("the address names no server");
  if (written.find(' ') != std::string_view::npos) {
    return bad_target("an address has no spaces: write %20 for one");
  }
  const std::string ending = glob::ending_of(url.path);
  if (std::find(kOtherEndings.begin(), kOtherEndings.end(), ending) != kOtherEndings.end()) {
    return bad_target(
        fmt::format("the address ends in .{}: models take png, jpeg, gif and webp pictures "
                    "by their address",
                    ending));
  }
  Target target;
  target.address = written;
  return target;
}

/// Adds the possible interpretations of a path: as written, percent-decoded, and both without a
/// trailing line range.
void add_candidates(Target& target, const std::string& folder, std::string_view path) {
  const auto add = [&](std::string_view one, std::optional<LineRange> range) {
    target.candidates.push_back({glob::join(folder, one), range});
    const std::string decoded = percent_decoded(one);
    if (decoded != one) target.candidates.push_back({glob::join(folder, decoded), range});
  };
  add(path, std::nullopt);
  const std::size_t hash = path.rfind('#');
  if (hash == std::string_view::npos || hash == 0) return;
  const auto range = read_range(path.substr(hash + 1));
  if (range) {
    add(path.substr(0, hash), range);
  } else {
    target.without_fragment = glob::join(folder, path.substr(0, hash));
  }
}

Result<Target> read_file_url(const text::Url& url) {
  const std::string origin = url.origin();
  const bool is_local = origin.empty() || origin == "file://" || origin == "file://localhost";
  if (!is_local || !url.path.starts_with('/')) {
    return bad_target("a file's address is written file:///PATH");
  }
  Target target;
  add_candidates(target, {}, fmt::format("{}{}{}", url.path, url.query, url.fragment));
  return target;
}

Result<Target> read_path(std::string_view written, const std::string& folder,
                         const Environment& environment) {
  if (written.size() > kMostPath) return bad_target("the path is too long");
  Target target;
  const auto expanded = expand_variables(written, environment);
  if (expanded && expanded->path == written) {
    add_candidates(target, folder, written);
  } else {
    // A file name may contain a `$`. A folder named `~` is an accident and never meant.
    if (!written.starts_with('~')) target.candidates.push_back({glob::join(folder, written), {}});
    if (!expanded) {
      // If a file with the name as written exists, the variable does not matter.
      if (target.candidates.empty()) return tl::unexpected(expanded.error());
      target.problem = expanded.error().message;
      return target;
    }
    add_candidates(target, folder, expanded->path);
  }
  if (glob::is_pattern(expanded->pattern)) target.pattern = expanded->pattern;
  return target;
}

}  // namespace

Result<Target> read_target(std::string_view written, const std::string& folder,
                           const Environment& environment) {
  if (written.empty()) return bad_target("it names nothing: write a path between the parentheses");
  if (std::any_of(written.begin(), written.end(), is_control)) {
    return bad_target("its path holds control characters");
  }
  const text::Url url = text::split_url(written);
  if (!is_url(url)) return read_path(written, folder, environment);
  if (url.scheme == "https") return read_address(written, url);
  if (url.scheme == "file") return read_file_url(url);
  if (url.scheme == "http") {
    return bad_target(
        "an address must begin with https: what http brings can be changed on its way");
  }
  return bad_target(
      fmt::format("\"{}:\" cannot be embedded: write a path, or the https address of a "
                  "picture",
                  url.scheme.substr(0, 20)));
}

}  // namespace chatvim::embed
