// SPDX-License-Identifier: Apache-2.0
#include "chatvim/markdown/color.hpp"
#include "chatvim/markdown/format.hpp"
#include "chatvim/terminal/keys.hpp"
#include "chatvim/terminal/line_editor.hpp"
#include "chatvim/terminal/screen.hpp"
#include "chatvim/text/utf8.hpp"
#include "targets.hpp"

namespace chatvim::fuzz {

namespace {

std::string color_in(const std::vector<std::string>& pieces) {
  markdown::Colorizer colorizer;
  std::string out;
  for (const std::string& piece : pieces) out += colorizer.feed(piece);
  return out + colorizer.finish();
}

/// Removes the sequences that coloring adds; the text has none of its own.
std::string without_colors(std::string_view colored) {
  std::string out;
  while (!colored.empty()) {
    const std::size_t start = colored.find('\x1B');
    out += colored.substr(0, start);
    if (start == std::string_view::npos) break;
    colored.remove_prefix(colored.find('m', start) + 1);
  }
  return out;
}

}  // namespace

void markdown_color(std::string_view input) {
  std::string text(input);
  std::erase(text, '\x1B');
  const std::string colored = color_in({text});
  expect(without_colors(colored) == text, "coloring keeps the text");
  expect(color_in(cut(text)) == colored, "cuts make no difference to colors");
}

void markdown_format(std::string_view input) {
  const std::string text = text::replace_invalid_utf8(input);
  const markdown::FormatOptions options{20, {"# === USER ===", "> me", "x"}};
  const std::string once = markdown::format(text, options);
  expect(markdown::format(once, options) == once, "formatting again changes nothing");
}

void terminal_keys(std::string_view input) {
  terminal::History history;
  terminal::LineEditor editor(history, nullptr);
  terminal::KeyReader reader;
  terminal::Screen screen;
  for (const std::string& piece : cut(input)) {
    for (const auto& key : reader.feed(piece)) {
      if (editor.take(key) == terminal::LineEditor::Event::kEntered) history.add(editor.text());
      expect(editor.cursor() <= editor.text().size(), "the cursor is in the text");
      expect(!text::find_invalid_utf8(editor.text()), "the text is UTF-8");
      screen.draw({"> ", ". ", editor.text(), editor.cursor()}, {10, 5});
    }
  }
}

}  // namespace chatvim::fuzz
