// SPDX-License-Identifier: Apache-2.0
#include "chatvim/toolbox/file_tools.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "chatvim/tools/label.hpp"
#include "chatvim/tools/limit_result.hpp"
#include "chatvim/tools/server.hpp"
#include "file_call.hpp"

namespace chatvim::toolbox {
namespace {

/// A built-in tool.
struct FileTool {
  const char* name;
  const char* description;
  const char* schema;
  FileResult (*call)(Arguments&, const FileAccess&, embed::Browser&);
};

// clang-format off
constexpr std::array kFileTools = {
  FileTool{"read",
    "Read a text file, or a range of its lines. Returns at most 32 KiB and 1,000 lines; if there is "
    "more, the last line in brackets says which first_line continues. Unsaved changes in the user's "
    "editor are included. Pictures, PDFs and binary files cannot be read.",
    R"({"type":"object","properties":{)"
    R"("path":{"type":"string","description":"The file, relative to the project's folder, such as src/main.c"},)"
    R"("first_line":{"type":"integer","minimum":1,"description":"The first line to return, from 1; default 1"},)"
    R"("last_line":{"type":"integer","minimum":1,"description":"The last line to return; default as many as fit"}},)"
    R"("required":["path"]})",
    read_file_lines},
  FileTool{"list",
    "List the files (with sizes) and folders in a folder. What git ignores is left out. Returns at "
    "most 900 entries; if there are more, the last line in brackets says so.",
    R"({"type":"object","properties":{)"
    R"("path":{"type":"string","description":"The folder, relative to the project's folder; default the project's folder itself"},)"
    R"("depth":{"type":"integer","minimum":1,"maximum":10,"description":"How many levels of folders to list; default 1"}},)"
    R"("required":[]})",
    list_folder},
  FileTool{"search",
    "Find lines in text files. The text is matched as it is, not as a regular expression; a text "
    "without capital letters matches either case. Returns lines as path:line: text, at most 500; "
    "what git ignores, binary files and files of more than 4 MiB are left out. A search of a large "
    "folder may end early; then the last line in brackets says how to continue.",
    R"({"type":"object","properties":{)"
    R"("text":{"type":"string","description":"The text to find within a line, such as parse_config("},)"
    R"("or":{"type":"array","items":{"type":"string"},"description":"Up to 8 further texts; lines that have any of them are found too"},)"
    R"("whole_word":{"type":"boolean","description":"Find the text only where it is not part of a longer word; default false"},)"
    R"("path":{"type":"string","description":"The folder or file to search; default the project's folder"},)"
    R"("glob":{"type":"string","description":"Search only files whose name fits, such as *.c, or whose path in the folder does, such as src/**/*.h"},)"
    R"("context":{"type":"integer","minimum":0,"maximum":10,"description":"Lines to show before and after each line; default 0"},)"
    R"("maximum":{"type":"integer","minimum":1,"maximum":500,"description":"The most lines to find; default 100"},)"
    R"("after":{"type":"string","description":"To continue an earlier search: the path that its last line names"}},)"
    R"("required":["text"]})",
    search_files},
  FileTool{"propose",
    "Propose a change of a text file, or a new file, to the user, who reviews it and decides. Nothing is "
    "written. Send either text or diff. The text replaces the whole file, so send it for a new or a short "
    "file and leave nothing out. Send a diff to change parts of a file: a hunk for each, with at least "
    "three unchanged lines before and after what changes.",
    R"({"type":"object","properties":{)"
    R"("path":{"type":"string","description":"The file, relative to the project's folder, such as src/main.c"},)"
    R"("text":{"type":"string","description":"The whole new text of the file"},)"
    R"("diff":{"type":"string","description":"A unified diff of this file instead; its line numbers need not be right"}},)"
    R"("required":["path"]})",
    propose_change},
};
// clang-format on

}  // namespace

std::vector<tools::Tool> file_tools() {
  std::vector<tools::Tool> list;
  for (const FileTool& one : kFileTools) {
    tools::Tool tool;
    tool.server = tools::kFileServer;
    tool.name = one.name;
    tool.label = tools::document_label(tool.server, tool.name);
    tool.description = one.description;
    tool.schema = one.schema;
    tool.hints = {"read-only"};
    list.push_back(std::move(tool));
  }
  return list;
}

FileResult call_file_tool(const std::string& name, std::string_view arguments,
                          const FileAccess& access) {
  for (const FileTool& tool : kFileTools) {
    if (name != tool.name) continue;
    Arguments read(arguments);
    FileResult result;
    if (read.problem().empty()) {
      embed::Browser browser(access.context, access.files);
      result = tool.call(read, access, browser);
    }
    if (!read.problem().empty()) return file_error(read.problem());
    result.result.text = tools::limit_result(std::move(result.result.text));
    return result;
  }
  return file_error(fmt::format("There is no tool files.{}.", shown_path(name)));
}

}  // namespace chatvim::toolbox
