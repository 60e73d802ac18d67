// SPDX-License-Identifier: Apache-2.0
#include "chatvim/markdown/format.hpp"

#include <utility>
#include <vector>

#include "chatvim/chat/chat.hpp"
#include "chatvim/text/lines.hpp"
#include "chatvim/text/utf8.hpp"
#include "commands.hpp"
#include "input.hpp"
#include "output.hpp"
#include "replace_file.hpp"
#include "text_input.hpp"

namespace chatvim::cli {

namespace {

/// Returns the lines that stay as they are: the delimiters that the document's settings name. A
/// document that cannot be read may have others, so it is an error.
Result<std::vector<std::string>> read_delimiters(const std::string& text, const Options& options) {
  const auto lines = text::split_file(text);
  if (const auto checked = chat::check_text(lines); !checked) {
    return tl::unexpected(without_sending(checked.error()));
  }
  const auto reading = chat::read_chat(lines, {}, options.environment);
  if (!reading.chat) return tl::unexpected(reading.chat.error());
  const document::Format& format = reading.chat->format;
  return std::vector<std::string>{format.user_delimiter, format.assistant_delimiter,
                                  format.system_delimiter};
}

}  // namespace

int format(const Options& options) {
  if (options.write && options.file.empty()) {
    return report({ErrorCode::kBadArguments, "Name a FILE after --write: it is changed."});
  }
  const auto text = read_text(options);
  if (!text) return report(text.error());
  auto delimiters = read_delimiters(*text, options);
  if (!delimiters) return report(with_file(delimiters.error(), options.file));
  const std::string formatted = markdown::format(*text, {options.width, std::move(*delimiters)});
  const auto written = !options.write       ? write_out(formatted)
                       : formatted == *text ? Result<void>{}
                                            : replace_file(options.file, formatted);
  return written ? 0 : report(written.error());
}

}  // namespace chatvim::cli
