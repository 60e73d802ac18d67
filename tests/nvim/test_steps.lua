-- SPDX-License-Identifier: Apache-2.0
-- Tool calls in an answer: how they fold and look, and what forks and text objects make of them.
local case = require("helpers.case")
local views = require("helpers.views")
local eq = MiniTest.expect.equality

local T = case.set()

--- Returns the lines of a call; `result` are those of its result with their fences, if any.
local function call(title, info, arguments, result)
  local lines = {
    ("<details><summary>%s</summary>"):format(title),
    "",
    "```" .. info,
    arguments,
    "```",
    "",
  }
  if result then
    vim.list_extend(lines, result)
    table.insert(lines, "")
  end
  table.insert(lines, "</details>")
  return lines
end

local STATE = { "<!-- chatvim:state anthropic/claude", "ZXlK", "MQ==", "-->" }

--- Returns the text of a chat whose answer has these blocks, a blank line between them.
local function chat(...)
  local lines = { "# === USER ===", "", "Q", "", "# === ASSISTANT ===", "" }
  for _, block in ipairs({ ... }) do
    vim.list_extend(lines, type(block) == "table" and block or { block })
    table.insert(lines, "")
  end
  vim.list_extend(lines, { "# === USER ===", "", "next" })
  return table.concat(lines, "\n")
end

local ONE = call("Step 1: files.read", "json id1", '{"path": "a.c"}', {
  "````text result",
  "int main(void) {",
  "```",
  "</details>",
  "<details><summary>Step 9: no.call</summary>",
  "````",
})
local TWO = call("Step 1: files.search", "json id2", '{"pattern": "x", "path": "src"}', {
  "```text error",
  "src: no such folder",
  "```",
})
local CHAT = chat("I look.", STATE, ONE, TWO, "Done.")

--- Returns the closed folds of the window, each as its first and last line and its text.
local function closed(child)
  return child:lua([[
    local found, line = {}, 1
    while line <= vim.fn.line("$") do
      local last = vim.fn.foldclosedend(line)
      if last ~= -1 then
        table.insert(found, { line, last, vim.fn.foldtextresult(line) })
        line = last
      end
      line = line + 1
    end
    return found
  ]])
end

--- Expects the fold levels that a newly opened window would have.
local function expect_fresh(child)
  local levels = "return vim.tbl_map(vim.fn.foldlevel, vim.fn.range(1, vim.fn.line('$')))"
  local now = child:lua(levels)
  child:command("setlocal foldmethod=manual | silent! normal! zE")
  child:command("setlocal foldmethod=expr")
  eq(now, child:lua(levels))
end

local function folded(text)
  local child = case.child({ options = { folds = true }, screen = true })
  child:chat(text)
  return child
end

T["each call and each state folds to one line"] = function()
  local child = folded(CHAT)
  eq(closed(child), {
    { 9, 12, "state · anthropic/claude … 4 lines" },
    { 14, 27, "Step 1: files.read a.c → 4 lines" },
    { 29, 39, "Step 1: files.search x src → error" },
  })
  child:feed("zM")
  eq(#closed(child), 3) -- the messages
  expect_fresh(child)
end

T["the text of a folded call says how it ended"] = function()
  local function text(...)
    return closed(folded(chat(call(...))))[1][3]
  end
  local function result(word, ...)
    return vim.list_extend({ "```text " .. word }, vim.list_extend({ ... }, { "```" }))
  end
  eq(text("Step 2: a", "json x", "{}"), "Step 2: a → not run")
  eq(text("Step 2: a", "json x", "{}", result("result", "one")), "Step 2: a → 1 line")
  eq(text("Step 2: a", "json x", "{}", result("result")), "Step 2: a → 0 lines")
  eq(text("Step 2: a", "json x", "{}", result("refused", "no")), "Step 2: a → refused")
  eq(text("Step 20: a", "text x", '{"pa', result("cut")), 'Step 20: a {"pa → cut')
  eq(
    text("Step 2: a", "json x", '{"b": 1, "a": [1], "c": null, "d": "one\\ntwo"}'),
    "Step 2: a 1 [1] one two → not run"
  )
  local long = text("Step 2: a", "json x", ('{"a": "%s"}'):format(("wörd "):rep(40)))
  eq(vim.fn.strdisplaywidth(long), 80)
  eq(long:match("^Step 2: a wörd .* → not run$") ~= nil, true)
end

T["what is no call does not fold"] = function()
  local wrong = {
    call("Step 1 files.read", "json x", "{}"),
    call("Step 0: a", "json x", "{}"),
    call("Step 1: a", "json", "{}"),
    call("Step 1: a", "yaml x", "{}"),
    call("Step 1: a", "json x", "{}", { "```text approved", "```" }),
    call("Step 1: a", "json x", "{}", { "```text result" }),
    vim.list_slice(TWO, 1, #TWO - 1),
    { "<!-- chatvim:state a b", "-->" },
    { "<!-- chatvim:state a/b" },
  }
  for _, block in ipairs(wrong) do
    eq({ block, closed(folded(chat(block))) }, { block, {} })
  end
  -- Neither in other messages nor in reasoning.
  local child = folded(CHAT:gsub("# === ASSISTANT ===", "# === SYSTEM ==="))
  eq(closed(child), {})
  local reasoning = { "<details><summary>Reasoning</summary>", "", STATE[1], "-->", "</details>" }
  child = folded(chat(reasoning, TWO))
  eq(#closed(child), 2)
  eq(closed(child)[1][2], 11)
end

T["folds follow edits"] = function()
  local child = folded(CHAT)
  for _, keys in ipairs({
    "14Gzodd", -- no call any more
    "u",
    "9Gzodj", -- nor a state
    "u",
    "7Gonew<Esc>",
    "7GP",
    "14GzojA x<Esc>",
    "u",
    "38Gzvoinside<Esc>",
    "Go```<CR>more<CR>```<Esc>",
    "gg5GO\\<Esc>",
  }) do
    child:feed(keys)
    child:sync()
    expect_fresh(child)
  end
end

--- Returns the highlight groups of each line's first cell and whether it is concealed, as marks.
local function marks(child, first, last)
  child:sync()
  views.screen(child)
  return child:lua(
    [[
    local first, last = ...
    local found = {}
    for line = first, last do
      local row = vim.fn.screenpos(0, line, 1).row
      local cells = {}
      for column = 1, 20 do
        table.insert(cells, vim.fn.screenstring(row, column))
      end
      table.insert(found, { (table.concat(cells):gsub("%s+$", "")), vim.fn.screenattr(row, 1) })
    end
    return found
  ]],
    first,
    last
  )
end

T["calls begin and end dim, states are concealed as far as the user likes"] = function()
  local child = case.child({ screen = true })
  child:command("syntax off | autocmd FileType markdown lua vim.schedule(vim.treesitter.stop)")
  child:chat(CHAT)
  child:feed("gg")
  local plain = marks(child, 7, 7)[1][2]
  local shown = marks(child, 9, 14)
  eq(shown[2][1], "ZXlK") -- 'conceallevel' is 0
  eq(shown[6][2] ~= plain, true)
  eq(marks(child, 16, 16)[1][2], plain)
  child:feed("26Gzt")
  eq(marks(child, 26, 26)[1][2], plain) -- in the result, a line like a call's
  child:feed("gg")
  eq(child:lua("return vim.wo.conceallevel"), 0)
  child:command("set conceallevel=2")
  shown = marks(child, 9, 12)
  eq({ shown[1][1], shown[2][1], shown[3][1] }, { "<!-- chatvim:state a", "", "" })
  eq(shown[4][1], "-->")
end

T["how a call failed is highlighted"] = function()
  local child = case.child({ screen = true })
  child:command("syntax off | autocmd FileType markdown lua vim.schedule(vim.treesitter.stop)")
  local function attribute(word)
    local block = call("Step 1: a", "json x", "{}", { "```text " .. word, "no", "```" })
    child:chat(chat(block))
    child:sync()
    views.screen(child)
    return child:lua([[
      local row = vim.fn.screenpos(0, 13, 1).row
      return { vim.fn.screenattr(row, 1), vim.fn.screenattr(row, 9) }
    ]])
  end
  for _, word in ipairs({ "error", "refused", "cut" }) do
    local found = attribute(word)
    eq({ word, found[1] ~= found[2] }, { word, true })
  end
  local found = attribute("result")
  eq(found[1], found[2])
end

T["a fork has the calls, but not their states"] = function()
  local child = case.child()
  child:chat(chat(STATE, "I look.", STATE, ONE, STATE))
  child:command("5 | ChatvimFork")
  eq(
    child:text(),
    "# === USER ===\n\nQ\n\n# === ASSISTANT ===\n\nI look.\n\n"
      .. table.concat(ONE, "\n")
      .. "\n\n# === USER ===\n\n"
  )
end

--- Returns what `y` and a text object yank in a line.
local function yanked(child, line, object)
  child:lua("vim.fn.setreg('\"', '')")
  child:command(tostring(line))
  child:feed("y" .. object)
  return child:lua("return vim.fn.getreg('\"')")
end

T["text objects: the code blocks of a call, and the whole answer"] = function()
  local child = case.child()
  -- An open fence in the text, which a writer would have closed.
  child:chat(chat({ "```lua", "x" }, ONE, { "~~~", "y", "~~~" }))
  local first = 10
  eq(yanked(child, first + 3, "ic"), '{"path": "a.c"}\n')
  eq(yanked(child, first + 6, "ac"), table.concat(vim.list_slice(ONE, 7, 12), "\n") .. "\n")
  eq(yanked(child, first + 8, "ic"), table.concat(vim.list_slice(ONE, 8, 11), "\n") .. "\n")
  eq(yanked(child, first + 16, "ic"), "y\n")
  eq(yanked(child, first, "ic"), "")
  local answer = yanked(child, first + 8, "im")
  eq(vim.startswith(answer, "```lua\nx\n\n<details>"), true)
  eq(vim.endswith(answer, "y\n~~~\n"), true)
  -- Vim's own object for tags takes the block.
  child:chat(chat(TWO, "Done."))
  eq(yanked(child, 8, "at"), table.concat(TWO, "\n"))
end

T["a key press in a chat of many calls reads no more than a screen"] = function()
  local child = case.child({ options = { folds = true }, screen = true })
  local blocks = {}
  for _ = 1, 50 do
    local state = { STATE[1] }
    for _ = 1, 200 do
      table.insert(state, ("Q"):rep(100))
    end
    table.insert(state, "-->")
    vim.list_extend(blocks, { state, ONE })
  end
  child:chat(chat(unpack(blocks)))
  views.screen(child)
  local read = child:lua([[
    local get_lines, read = vim.api.nvim_buf_get_lines, 0
    vim.api.nvim_buf_get_lines = function(...)
      local lines = get_lines(...)
      read = read + #lines
      return lines
    end
    -- The other files keep no reference to the function itself.
    vim.cmd("normal! Gox")
    vim.cmd("redraw")
    vim.api.nvim_buf_get_lines = get_lines
    return read
  ]])
  eq({ read, read < 100 }, { read, true })
end

return T
