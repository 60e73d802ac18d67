#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes src/text/width_table.hpp from the Unicode data of this Python."""
import unicodedata

HEADER = """// SPDX-License-Identifier: Apache-2.0
#pragma once

// Made by scripts/widths.py from Unicode {version}: do not edit.

#include <array>

namespace chatvim::text {{

/// A range of code points, both ends included.
struct CodeRange {{
  char32_t first;
  char32_t last;
}};
"""


def is_zero(code):
    """Marks and format characters, but not the soft hyphen, which terminals show."""
    return unicodedata.category(chr(code)) in ("Mn", "Me", "Cf") and code != 0xAD or 0x1160 <= code <= 0x11FF


def is_wide(code):
    # Python calls unassigned code points wide; only in the planes of ideographs they are.
    is_there = unicodedata.category(chr(code)) != "Cn" or 0x20000 <= code <= 0x3FFFD
    return is_there and unicodedata.east_asian_width(chr(code)) in "WF" and not is_zero(code)


def ranges(holds):
    """Joins ranges across unassigned code points, which nobody can see."""
    found = []
    for code in range(0x300, 0x110000):
        if holds(code):
            if found and all(unicodedata.category(chr(c)) == "Cn" for c in range(found[-1][1] + 1, code)):
                found[-1][1] = code
            else:
                found.append([code, code])
    return found


def table(name, comment, pairs):
    cells = ", ".join("{0x%X, 0x%X}" % tuple(pair) for pair in pairs)
    return f"\n/// {comment}\ninline constexpr std::array<CodeRange, {len(pairs)}> {name} = {{{{{cells}}}}};\n"


with open("src/text/width_table.hpp", "w", encoding="ascii") as file:
    file.write(HEADER.format(version=unicodedata.unidata_version))
    file.write(table("kZeroWidth", "Combining marks and invisible characters.", ranges(is_zero)))
    file.write(table("kWide", "East Asian Wide and Fullwidth (Unicode, annex 11).", ranges(is_wide)))
    file.write("\n}  // namespace chatvim::text\n")
