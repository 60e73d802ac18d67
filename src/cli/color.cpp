// SPDX-License-Identifier: Apache-2.0
#include "chatvim/markdown/color.hpp"

#include "chatvim/loop/system.hpp"
#include "chatvim/text/utf8.hpp"
#include "commands.hpp"
#include "output.hpp"
#include "text_input.hpp"

namespace chatvim::cli {

namespace {

/// Passes text on to standard output: colored if wanted, and without control sequences of its own
/// on a terminal.
class ColorFilter {
 public:
  explicit ColorFilter(bool colors) : colors_(colors) {}

  Result<void> feed(std::string_view bytes) { return write(clean(bytes)); }

  Result<void> finish() {
    auto written = write(at_terminal_ ? text::harmless(whole_.finish()) : "");
    if (!written || !colors_) return written;
    return write_out_colored(colorizer_.finish());
  }

 private:
  std::string clean(std::string_view bytes) {
    return at_terminal_ ? text::harmless(whole_.feed(bytes)) : std::string(bytes);
  }

  Result<void> write(const std::string& text) {
    return write_out_colored(colors_ ? colorizer_.feed(text) : text);
  }

  bool colors_;
  bool at_terminal_ = loop::is_terminal(loop::standard_output());
  text::Utf8Stream whole_;
  markdown::Colorizer colorizer_;
};

Result<void> copy(ColorFilter& filter) {
  while (const auto piece = read_piece()) {
    if (auto written = filter.feed(*piece); !written) return written;
  }
  return filter.finish();
}

}  // namespace

int color(const Options& options) {
  ColorFilter filter(wants_color(options.color, options.environment));
  if (!options.file.empty()) {
    const auto text = read_text(options);
    if (!text) return report(text.error());
    auto written = filter.feed(*text);
    if (written) written = filter.finish();
    return written ? 0 : report(written.error());
  }
  if (auto open = check_text_input(options); !open) return report(open.error());
  const auto copied = copy(filter);
  return copied ? 0 : report(copied.error());
}

}  // namespace chatvim::cli
