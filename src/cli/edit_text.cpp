// SPDX-License-Identifier: Apache-2.0
#include "edit_text.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "chatvim/files/read_file.hpp"
#include "chatvim/loop/terminal.hpp"
#include "chatvim/text/lines.hpp"
#include "chatvim/text/utf8.hpp"

namespace chatvim::cli {

namespace {

namespace fs = std::filesystem;

/// A private file that is removed with the object, unless it is kept.
class TemporaryFile {
 public:
  TemporaryFile() {
    std::error_code ignored;
    const std::string folder = fs::temp_directory_path(ignored).string();
    path_ = loop::make_temporary_file(folder.empty() ? "/tmp" : folder, ".md").value_or("");
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove(path_, ignored);
  }
  /// Leaves the file where it is.
  void keep() { path_.clear(); }
  /// "" if the file could not be made.
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

constexpr int kCannotRun = 126;  // the codes of a shell: not executable; not found, or a signal

/// Returns what to do about an editor that failed.
std::string describe_failure(const std::string& editor, int code) {
  if (code >= 0 && code < kCannotRun) {
    return fmt::format("The editor ended with code {}, so nothing was sent.", code);
  }
  return fmt::format(
      "Set $VISUAL or $EDITOR to an editor that works: \"{}\" ended with code {}; "
      "nothing was sent.",
      editor, code);
}

/// Returns the error after a failure. What the user has written is kept, which is said.
Error lost_edit(std::string message, TemporaryFile& file) {
  const auto text = files::read_file(file.path());
  std::error_code ignored;
  if (text ? !text::is_blank(*text) : fs::exists(file.path(), ignored)) {
    message += fmt::format(" The text is in {}.", file.path());
    file.keep();
  }
  return {ErrorCode::kBadArguments, std::move(message)};
}

}  // namespace

std::string editor_command(const Environment& environment) {
  for (const char* name : {"VISUAL", "EDITOR"}) {
    if (auto command = environment(name); command && !command->empty()) return *command;
  }
  return "vi";
}

Result<std::string> edit_text(const Environment& environment, ReplInput& input) {
  TemporaryFile file;
  if (file.path().empty()) {
    return tl::unexpected(
        Error{ErrorCode::kInternal,
              fmt::format("No temporary file can be made: {}.", std::strerror(errno))});
  }
  const std::string editor = editor_command(environment);
  int code = 0;
  // As git does it: the variable is a command for the shell.
  input.lend([&] {
    code = loop::run_in_foreground({"sh", "-c", editor + " \"$@\"", editor, file.path()});
  });
  if (code != 0) return tl::unexpected(lost_edit(describe_failure(editor, code), file));
  auto text = files::read_file(file.path());
  if (!text) return text;
  if (const auto invalid = text::find_invalid_utf8(*text)) {
    return tl::unexpected(lost_edit(
        fmt::format("Save the text as UTF-8: its byte {} is not; nothing was sent.", *invalid + 1),
        file));
  }
  return text;
}

}  // namespace chatvim::cli
