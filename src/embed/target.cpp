// SPDX-License-Identifier: Apache-2.0
#include "target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "chatvim/glob/path.hpp"
#include "chatvim/glob/wildcard.hpp"
#include "variables.hpp"

namespace chatvim::embed {
namespace {

/// Longer ones are no path.
constexpr std::size_t kMostPath = 4096;
constexpr std::size_t kMostAddress = 8192;
/// No file has more lines than that: where numbers stop to grow.
constexpr std::size_t kMostLine = 1'000'000'000;

/// Endings of what is certainly no picture that models take. An address with another ending, or
/// none, may be one.
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

bool is_scheme_character(char c) {
  return (small(c) >= 'a' && small(c) <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' ||
         c == '.';
}

/// The scheme that a target begins with, in small letters. A name with a colon is a path: a scheme
/// is followed by two slashes, or is one of those that never are.
std::string scheme_of(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon < 2) return {};
  std::string scheme(text.substr(0, colon));
  if (!std::all_of(scheme.begin(), scheme.end(), is_scheme_character)) return {};
  std::transform(scheme.begin(), scheme.end(), scheme.begin(), small);
  const bool opaque = scheme == "data" || scheme == "mailto" || scheme == "javascript" ||
                      scheme == "file" || scheme == "blob";
  return opaque || text.substr(colon + 1).starts_with("//") ? scheme : std::string();
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (small(c) >= 'a' && small(c) <= 'f') return small(c) - 'a' + 10;
  return -1;
}

/// `%20` and the like as bytes; what is none stays. Control characters stay written out.
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

/// The number that a text begins with, which it is taken from; nothing where it begins with none.
std::optional<std::size_t> take_number(std::string_view& text) {
  std::size_t number = 0;
  std::size_t used = 0;
  for (; used < text.size() && text[used] >= '0' && text[used] <= '9'; ++used) {
    number = std::min(number * 10 + static_cast<std::size_t>(text[used] - '0'), kMostLine);
  }
  text.remove_prefix(used);
  return used == 0 ? std::nullopt : std::optional(number);
}

/// `L10`, `L10-L40` or `L10-40`.
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

Result<Target> read_address(std::string_view written) {
  if (written.size() > kMostAddress) return bad_target("the address is too long");
  const std::string_view rest = written.substr(std::string_view("https://").size());
  const std::string_view path = rest.substr(0, rest.find_first_of("?#"));
  const std::size_t slash = path.find('/');
  if (slash == 0 || path.empty()) return bad_target("the address names no server");
  if (rest.find(' ') != std::string_view::npos) {
    return bad_target("an address has no spaces: write %20 for one");
  }
  if (slash != std::string_view::npos) {
    const std::string ending = glob::ending_of(path);
    if (std::find(kOtherEndings.begin(), kOtherEndings.end(), ending) != kOtherEndings.end()) {
      return bad_target(
          fmt::format("the address ends in .{}: models take png, jpeg, gif and webp pictures "
                      "by their address",
                      ending));
    }
  }
  Target target;
  target.address = written;
  return target;
}

/// Adds the ways to understand a path: as it is, decoded, and both without the lines at its end.
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

Result<Target> read_file_url(std::string_view written) {
  std::string_view rest = written.substr(std::string_view("file:").size());
  if (rest.starts_with("//")) {
    rest.remove_prefix(2);
    if (rest.starts_with("localhost/")) rest.remove_prefix(std::string_view("localhost").size());
  }
  if (!rest.starts_with('/')) return bad_target("a file's address is written file:///PATH");
  Target target;
  add_candidates(target, {}, rest);
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
    // A name may have a `$` in it. A folder `~` is an accident, and never meant.
    if (!written.starts_with('~')) target.candidates.push_back({glob::join(folder, written), {}});
    if (!expanded) {
      // Should the name as written be there, the variable does not matter.
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
  const std::string scheme = scheme_of(written);
  if (scheme.empty()) return read_path(written, folder, environment);
  if (scheme == "https") return read_address(written);
  if (scheme == "file") return read_file_url(written);
  if (scheme == "http") {
    return bad_target(
        "an address must begin with https: what http brings can be changed on its way");
  }
  return bad_target(
      fmt::format("\"{}:\" cannot be embedded: write a path, or the https address of a "
                  "picture",
                  scheme.substr(0, 20)));
}

}  // namespace chatvim::embed
