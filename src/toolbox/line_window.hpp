// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "chatvim/embed/browser.hpp"
#include "chatvim/error.hpp"

namespace chatvim::toolbox {

/// A range of lines of a text file, read block by block, whatever the file's size.
struct LineWindow {
  std::string text;         ///< whole lines, each with its line break if it has one
  std::size_t first = 0;    ///< number of the first line, from 1
  std::size_t last = 0;     ///< number of the last line; less than `first` if there are none
  std::size_t lines = 0;    ///< of the file, as far as it was read
  std::uint64_t begin = 0;  ///< offset of the text in the file
  bool is_at_end = false;   ///< the file was read to its end, so `lines` is all
  bool has_room = true;     ///< false: the window is full, and the wanted range has more
  bool is_cut = false;      ///< the only line was longer than the window
  std::string no_text;      ///< why the file is not text, as a clause; the rest is then empty
};

/// Reads the lines from `first` to `last`, as many as fit into a result. Reads at most 64 MiB.
Result<LineWindow> read_window(const embed::Browser& browser, const std::string& path,
                               std::size_t first, std::size_t last);

}  // namespace chatvim::toolbox
