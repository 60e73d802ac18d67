-- SPDX-License-Identifier: Apache-2.0
-- The indentation that the lines of an answer of :ChatvimRewrite get.
local case = require("helpers.case")
local replies = require("helpers.replies")
local reviews = require("helpers.reviews")
local wait = require("helpers.wait")

local T = case.set()
local equal = MiniTest.expect.equality

local CODE = "one\n  two\n  three\nfour\n"

--- Expects that an answer rewrites lines 2 and 3 to lines.
---@param answer string
---@param lines string[]
---@param text? string
local function expect(answer, lines, text)
  reviews.expect_rewrite(answer, lines, text or CODE)
end

T["indentation that the block lacks is added"] = function()
  expect("```\nx\n\n  y\nz\n```", { "  x", "", "    y", "  z" })
  expect("```\n    x\ny\n```", { "    x", "y" })
  expect("```\nx\n```", { "\t x" }, "one\n\t two\n\t three\nfour\n")
end

--- A function whose lines 2 and 3 are rewritten.
local NESTED = "function f()\n    a()\n    b()\nend\n"

T["the first line alone may lack indentation"] = function()
  local lines = { "    a(1)", "    b(2)", "    c()" }
  expect("```\na(1)\n    b(2)\n    c()\n```", lines, NESTED)
  lines = { "    if x then", "        b(2)", "    end" }
  expect("```\nif x then\n        b(2)\n    end\n```", lines, NESTED)
  expect("```\nif x then\n    b(2)\nend\n```", lines, NESTED)
end

T["a line below a declaration or an item is not within it"] = function()
  local lines = { "    local a = 1", "    return a" }
  expect("```\nlocal a = 1\n    return a\n```", lines, NESTED)
  lines = { "    export A=1", "    b()" }
  expect("```\nexport A=1\n    b()\n```", lines, NESTED)
  lines = { "    local function g()", "        b()", "    end" }
  expect("```\nlocal function g()\n    b()\nend\n```", lines, NESTED)
  lines = { '  "a": 10,', '  "b": 2', '  "c": 4' }
  local block = "```\n" .. table.concat(lines, "\n"):sub(3) .. "\n```"
  expect(block, lines, '{\n  "a": 1,\n  "c": 2\n}\n')
  expect(block, lines, '{\n  "a": 1\n  "b": 2\n}\n')
  lines = { "    f(1,", "        2)" }
  expect("```\nf(1,\n    2)\n```", lines, NESTED)
end

T["lines that are within the first one, or follow at its indentation, lack as much"] = function()
  local lines = { "    for x in xs:", "        b(2)" }
  expect("```\nfor x in xs:\n    b(2)\n```", lines, NESTED)
  lines = { "    if x:", "        a()", "        b()" }
  expect("```\nif x:\n    a()\n    b()\n```", lines, NESTED)
  lines = { "    <li>", "        x", "        y", "    </li>" }
  expect("```\n<li>\n    x\n    y\n</li>\n```", lines, NESTED)
  lines = { "    q", "        .a()", "        .b()" }
  expect("```\nq\n    .a()\n    .b()\n```", lines, NESTED)
end

T["a statement may continue in the second line, two steps deeper"] = function()
  local text = "class A:\n    def f(self, a):\n        return a\nf()\n"
  local lines = { "    def f(", "            self, a,", "            b):", "        return a + b" }
  expect("```\ndef f(\n        self, a,\n        b):\n    return a + b\n```", lines, text)
  expect("```\n" .. table.concat(lines, "\n"):sub(5) .. "\n```", lines, text)
  lines = { "    if (a and", "            b):", "        return a + b" }
  expect("```\nif (a and\n        b):\n    return a + b\n```", lines, text)
  lines = { "    x = f(", "            a)", "    return x" }
  expect("```\n" .. table.concat(lines, "\n"):sub(5) .. "\n```", lines, text)
end

T["old lines tell which indentation is lacking"] = function()
  local text = "function f()\n    try\n        b()\nend\n"
  expect("```\nli\n    c()\n    b()\n```", { "    li", "        c()", "        b()" }, text)
  expect("```\nli\n    c()\n        b()\n```", { "    li", "    c()", "        b()" }, text)
end

T["directives and labels in column 0 keep it, and do not shift the others"] = function()
  local text = "int f(void) {\n    log(x);\n    save(x);\n}\n"
  local lines = { "#ifdef DEBUG", "    log(y);", "#else", "    save(y);", "#endif" }
  expect("```\n" .. table.concat(lines, "\n") .. "\n```", lines, text)
  expect("```\n#ifdef DEBUG\nlog(y);\n#else\nsave(y);\n#endif\n```", lines, text)
  lines = { "again:", "    log(y);", "out:", "    save(y);" }
  expect("```\n" .. table.concat(lines, "\n") .. "\n```", lines, text)
  lines = { "    log(y);", "    goto out;", "out:", "    save(y);" }
  expect("```\nlog(y);\n    goto out;\nout:\n    save(y);\n```", lines, text)
  lines = { "ifdef V", "\techo a", "else", "\techo b", "endif" }
  local block = "```\n" .. table.concat(lines, "\n") .. "\n```"
  expect(block, lines, "all: x\n\techo a\n\techo c\nb:\n")
end

T["what only looks like a directive or label is shifted as the others"] = function()
  local lines = { "    default:", "        log(y);" }
  local text = "switch (x) {\n    case 1:\n        log(x);\n}\n"
  expect("```\ndefault:\n    log(y);\n```", lines, text)
  lines = { "  name:", "    - x" }
  expect("```\nname:\n  - x\n```", lines, "top:\n  name:\n    - y\nend:\n")
  lines = { "\tif x; then", "\t\ta", "\telse", "\t\tb", "\tfi" }
  local block = "```\nif x; then\n\ta\nelse\n\tb\nfi\n```"
  expect(block, lines, "f() {\n\ta\n\tb\n}\n")
end

T["spaces become tabs in a file with tabs"] = function()
  local make = "all: x\n\techo a\n\techo b\nb: c\n"
  expect("```\n    echo c\n    echo d\n```", { "\techo c", "\techo d" }, make)
  expect("```\nall: x\n    echo c\n```", { "\techo c" }, make)
  local go = "func f() {\n\ta()\n\tb()\n}\n"
  local lines = { "\ta()", "\tif x {", "\t\tb()", "\t}" }
  expect("```\n    a()\n    if x {\n        b()\n    }\n```", lines, go)
  expect("```\na()\n  if x {\n    b()\n  }\n```", lines, go)
  expect("```\nfunc f() {\n  a()\n  if x {\n    b()\n  }\n}\n```", lines, go)
  lines = { "\tx = f(a,", "\t   b)" }
  expect("```\n    x = f(a,\n       b)\n```", lines, go)
  lines = { "    x()" }
  expect("```\n    x()\n```", lines, "a\n\tb\n    c\nd\n")
end

T["less indentation is a change if the lines are the old ones otherwise"] = function()
  local lines = { "def f():", "    return 1" }
  expect(
    "```\ndef f():\n    return 1\n```",
    lines,
    "import os\n    def f():\n        return 1\nf()\n"
  )
  expect(
    "```\n    x()\n    y()\n```",
    { "    x()", "    y()" },
    "def f():\n        x()\n        y()\nf()\n"
  )
end

T["what turns out to lack indentation is drawn again, and nothing is mixed"] = function()
  local rows, lines, written = {}, {}, { "```\nli\n" }
  for index = 1, 60 do
    rows[index] = "    row " .. index
    written[index + 1] = ("    %s %d\n"):format(index % 9 == 0 and "new" or "row", index)
    lines[index] = "    " .. written[index + 1]:sub(1, -2)
  end
  table.insert(written, "/li\n```")
  local child = reviews.edit("top\n" .. table.concat(rows, "\n") .. "\nbottom\n")
  case.standin:script({ replies.gated({ table.concat(written, "", 1, 61), written[62] }) })
  child:command("2,61ChatvimRewrite Do it.")
  wait.until_true("the lines", function()
    local changes = reviews.changes(child) or {}
    return changes[1] and vim.tbl_contains(changes[#changes].lines, "    new 54")
  end)
  case.standin:release("g1", true)
  case.standin:release("end", true)
  reviews.wait_complete(child)
  child:command("ChatvimAccept!")
  table.insert(lines, 1, "    li")
  equal(vim.list_slice(child:lines(), 2, 63), vim.list_extend(lines, { "    /li" }))
end

return T
