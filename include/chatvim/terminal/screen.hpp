// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace chatvim::terminal {

/// The size of a terminal, in cells.
struct Size {
  std::size_t columns = 80;
  std::size_t rows = 24;
};

/// A text with a cursor, to be shown after a prompt.
struct Prompted {
  std::string_view prompt;     ///< before the first line
  std::string_view continued;  ///< before the other lines
  std::string_view text;
  std::size_t cursor = 0;  ///< an offset in `text`
};

/// Draws a prompt with the text that is being edited, below what the terminal shows, and draws it
/// again in the same place. Breaks long lines itself, so that it always knows where the cursor is.
/// If the text is higher than the terminal, the part around the cursor is shown. Control characters
/// in the text are shown as `?`.
class Screen {
 public:
  /// Returns what to write to the terminal so that it shows this.
  std::string draw(const Prompted& prompted, Size size);
  /// Returns what moves the cursor below the text, which stays, and begins a new place.
  std::string leave();
  /// Begins a new place: the terminal was cleared.
  void forget() { row_ = last_row_ = 0; }

 private:
  std::size_t row_ = 0;       ///< of the cursor, in the part that is shown
  std::size_t last_row_ = 0;  ///< of that part
};

}  // namespace chatvim::terminal
