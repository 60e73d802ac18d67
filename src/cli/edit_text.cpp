// SPDX-License-Identifier: Apache-2.0
#include "edit_text.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "chatvim/files/read_file.hpp"
#include "chatvim/loop/terminal.hpp"

namespace chatvim::cli {

namespace {

namespace fs = std::filesystem;

/// A private file that is removed with the object.
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
  /// "" if the file could not be made.
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace

std::string editor_command(const Environment& environment) {
  for (const char* name : {"VISUAL", "EDITOR"}) {
    if (auto command = environment(name); command && !command->empty()) return *command;
  }
  return "vi";
}

Result<std::string> edit_text(const Environment& environment, ReplInput& input) {
  const TemporaryFile file;
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
  if (code != 0) {
    return tl::unexpected(
        Error{ErrorCode::kBadArguments,
              fmt::format("Set $VISUAL or $EDITOR to an editor that works: \"{}\" ended with code "
                          "{}; nothing was sent.",
                          editor, code)});
  }
  return files::read_file(file.path());
}

}  // namespace chatvim::cli
