// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "chatvim/chat/embeds.hpp"
#include "chatvim/text/lines.hpp"
#include "file_call.hpp"

namespace chatvim::toolbox {

// The call itself is the proposal: it stays in the answer, where `patch::read_blocks` finds it. So
// this checks only what the model can mend. Files that a chat may not read without a question are
// not proposed either; a question would suggest that something is about to be written.
FileResult propose_change(Arguments& arguments, const FileAccess& /*access*/,
                          embed::Browser& browser) {
  const std::string path = arguments.required_string("path", "src/main.c");
  const bool has_text = !text::is_blank(arguments.string("text", ""));
  const bool has_diff = !text::is_blank(arguments.string("diff", ""));
  if (has_text == has_diff) {
    arguments.refuse(R"(Send either "text" or "diff", and not an empty one.)");
  }
  if (!arguments.problem().empty()) return {};
  const auto found = browser.find_place(path);
  if (!found) return path_error(path, found.error());
  if (found->outside) {
    return path_error(path, fmt::format("it {}; propose changes of the project's files",
                                        chat::reason_of(*found->outside)));
  }
  if (found->kind != files::Entry::Kind::kFile && found->kind != files::Entry::Kind::kMissing) {
    return path_error(path, "it is no file");
  }
  return {
      {fmt::format("The change of {} is proposed: the user sees it in the chat, can apply it, and "
                   "decides. Nothing has been written yet.",
                   shown_path(path))}};
}

}  // namespace chatvim::toolbox
