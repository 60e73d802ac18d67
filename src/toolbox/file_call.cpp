// SPDX-License-Identifier: Apache-2.0
#include "file_call.hpp"

#include <fmt/format.h>

#include <utility>

#include "chatvim/chat/embeds.hpp"
#include "chatvim/text/number.hpp"
#include "chatvim/text/utf8.hpp"

namespace chatvim::toolbox {

std::string shown_path(std::string_view path) {
  return path.empty() ? "." : text::printable_name(path, kMostShownPath);
}

std::string count_of(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", text::with_commas(count), noun, count == 1 ? "" : "s");
}

FileResult file_error(std::string sentence) { return {{std::move(sentence), true}}; }

FileResult path_error(std::string_view path, std::string_view why) {
  return file_error(fmt::format("{}: {}.", shown_path(path), why));
}

FileResult path_error(std::string_view path, const Error& error) {
  if (error.code != ErrorCode::kUnsaved) return path_error(path, error.message);
  FileResult result = path_error(path, "it has unsaved changes in the editor, which are needed");
  result.unsaved.push_back(error.message);
  return result;
}

FileResult outside_error(const embed::Outside& outside) {
  FileResult result = path_error(
      outside.target,
      fmt::format("it {}; the user can allow it with the setting `allow` in config.md, or with "
                  "--allow on the command line",
                  chat::reason_of(outside)));
  result.outside.push_back(outside);
  return result;
}

FileResult secret_error(std::vector<embed::Secret> secrets) {
  const embed::Secret& first = secrets.front();
  const std::size_t others = secrets.size() - 1;
  FileResult result = path_error(
      first.file,
      fmt::format("line {} holds what looks like {}{}, so the text is withheld unless the user "
                  "agrees",
                  first.file_line, first.what,
                  others == 0 ? "" : fmt::format(", and there are {} more such places", others)));
  result.secrets = std::move(secrets);
  return result;
}

}  // namespace chatvim::toolbox
