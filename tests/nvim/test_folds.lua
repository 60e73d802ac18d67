-- SPDX-License-Identifier: Apache-2.0
-- A chat folded by message with its reasoning closed, and what folding does not affect.
local case = require("helpers.case")
local editing = require("helpers.editing")
local files = require("helpers.system")
local replies = require("helpers.replies")
local views = require("helpers.views")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

local OPEN, CLOSE = "<details><summary>Reasoning</summary>", "</details>"
local CHAT = table.concat({
  "+++",
  'model = "m1"',
  "+++",
  "",
  "first question",
  "",
  "# === ASSISTANT ===",
  "",
  OPEN,
  "",
  "thought about it",
  "",
  CLOSE,
  "",
  "The answer.",
  "",
  "# === USER ===",
  "",
  "second question",
}, "\n")

local FOLDS = { folds = true }

--- Returns the fold level of each line of the window.
local function levels(child)
  return child:lua([[
    local levels = {}
    for line = 1, vim.fn.line("$") do
      levels[line] = vim.fn.foldlevel(line)
    end
    return levels
  ]])
end

--- Returns the closed folds of the window, each as its first and last line.
local function closed(child)
  return child:lua([[
    local found, line = {}, 1
    while line <= vim.fn.line("$") do
      if vim.fn.foldclosed(line) == line then
        table.insert(found, { line, vim.fn.foldclosedend(line) })
        line = vim.fn.foldclosedend(line)
      end
      line = line + 1
    end
    return found
  ]])
end

--- Expects the fold levels that a newly opened window would have.
local function expect_fresh(child, where)
  local now = levels(child)
  child:command("setlocal foldmethod=manual | silent! normal! zE")
  child:command("setlocal foldmethod=expr")
  local fresh = levels(child)
  if not vim.deep_equal(now, fresh) then
    eq({ where, child:lines(), now }, { where, child:lines(), fresh })
  end
end

T["messages are open, reasoning is closed, the front matter is in no fold"] = function()
  local child = case.child({ options = FOLDS })
  child:chat(CHAT)
  local expected = {}
  for line = 1, 19 do
    expected[line] = (line <= 3 and 0) or (line >= 9 and line <= 13 and 2) or 1
  end
  eq(levels(child), expected)
  eq(closed(child), { { 9, 13 } })
  child:feed("15Gzc")
  eq(closed(child), { { 7, 16 } })
  child:feed("zM")
  eq(closed(child), { { 4, 6 }, { 7, 16 }, { 17, 19 } })
end

T["the text of a fold: role, beginning and length of the message"] = function()
  local child = case.child({ options = FOLDS, screen = true })
  child:chat(
    CHAT .. "\n\n# === ASSISTANT ===\n\n" .. ("wörd "):rep(40) .. "\n\n# === USER ===\n\n"
  )
  child:feed("ggzM")
  local function text(line)
    return child:lua("return vim.fn.foldtextresult(...)", line)
  end
  eq(text(4), "user · first question … 3 lines")
  eq(text(7), "assistant · The answer. … 10 lines")
  eq(text(17), "user · second question … 4 lines")
  eq(text(25), "user … 2 lines")
  eq(text(21):match("^assistant · wörd w.* … 4 lines$") ~= nil, true)
  eq(vim.fn.strdisplaywidth(text(21)), 80)
  child:command("setlocal number")
  views.screen(child)
  eq(vim.fn.strdisplaywidth(text(21)), 76)
  child:feed("9Gzo")
  eq(text(9), "reasoning · thought about it … 5 lines")
end

T["not without the option, and not in a window with the user's own foldexpr"] = function()
  local child = case.child()
  child:chat(CHAT)
  eq(
    child:lua("return { vim.wo.foldmethod, vim.wo.foldexpr, vim.wo.foldlevel }"),
    { "manual", "0", 0 }
  )
  child:command("setlocal foldmethod=expr foldexpr=v:lua.require'chatvim.folds'.expr()")
  eq(closed(child), { { 4, 6 }, { 7, 16 }, { 17, 19 } })
  eq(child:lua("return package.loaded['chatvim.folds'] ~= nil"), true)
end

local OPTIONS = [[
  local values = {}
  for _, name in ipairs({ "foldmethod", "foldexpr", "foldtext", "foldlevel", "foldenable" }) do
    values[name] = { vim.wo[name], vim.api.nvim_get_option_value(name, { scope = "global" }) }
  end
  return values
]]

T["only in the chat: other buffers in the window and the global values are untouched"] = function()
  local child = case.child({ options = FOLDS, commands = { "set foldlevel=7 foldmethod=indent" } })
  files.write(child.folder .. "/notes.md", "# Notes\n\nNo chat.\n")
  files.write(child.folder .. "/a.txt", "text\n")
  child:command("edit a.txt")
  local before = child:lua(OPTIONS)
  child:chat(CHAT)
  eq(child:lua("return vim.wo.foldmethod"), "expr")
  child:command("edit a.txt")
  eq(child:lua(OPTIONS), before)
  child:command("edit notes.md")
  eq(child:lua(OPTIONS), before)
  child:command("new")
  eq(child:lua(OPTIONS), before)
  -- Back in the chat, in this window and in others.
  child:command("edit chat.md")
  eq(closed(child), { { 9, 13 } })
  child:command("split")
  eq(child:lua("return { vim.wo.foldmethod, vim.wo.foldlevel }"), { "expr", 1 })
  child:command("split a.txt")
  eq(child:lua(OPTIONS), before)
  child:command("tabnew | edit chat.md")
  eq(child:lua("return { vim.wo.foldmethod, vim.wo.foldlevel }"), { "expr", 1 })
end

T["options that the user sets later stay: after :edit, in a split, for an answer"] = function()
  local child = case.child({ options = FOLDS })
  child:chat(CHAT)
  child:feed("zR")
  child:command("edit!")
  eq(child:lua("return vim.wo.foldlevel"), 2)
  child:command("setlocal foldmethod=manual foldlevel=3")
  child:command("split")
  case.standin:script({ replies.answer("A") })
  child:complete()
  eq(child:lua("return { vim.wo.foldmethod, vim.wo.foldlevel }"), { "manual", 3 })
end

T["a buffer that was loaded without a window is folded when a window shows it"] = function()
  local child = case.child({ options = FOLDS })
  files.write(child.folder .. "/hidden.md", CHAT)
  child:command("filetype on")
  child:lua("local buf = vim.fn.bufadd('hidden.md') vim.fn.bufload(buf)")
  child:sync()
  child:command("buffer hidden.md")
  eq(closed(child), { { 9, 13 } })
end

T["a buffer that becomes a chat is folded: by an answer, by writing a delimiter"] = function()
  local child = case.child({ options = FOLDS })
  case.standin:script({ replies.answer("A") })
  child:chat("Q")
  eq(child:lua("return vim.wo.foldmethod"), "manual")
  child:complete()
  eq(child:lua("return vim.wo.foldmethod"), "expr")
  eq(levels(child)[1], 1)
  child:chat("Q", "other.md")
  child:feed("Go# === USER ===<Esc>")
  eq(child:lua("return vim.wo.foldmethod"), "manual")
  child:command("silent write")
  eq(child:lua("return vim.wo.foldmethod"), "expr")
end

T["a session restores the folds, and changes no other buffer"] = function()
  local child = case.child({ options = FOLDS })
  files.write(child.folder .. "/a.txt", "text\n")
  child:chat(CHAT)
  child:command("split a.txt | mksession! session.vim")
  local plain = child:lua(OPTIONS)
  local again = case.child({ options = FOLDS, folder = child.folder })
  again:command("silent source session.vim")
  eq(vim.fs.basename(again:api("nvim_buf_get_name", 0)), "a.txt")
  eq(again:lua(OPTIONS), plain)
  again:command("wincmd j")
  eq(closed(again), { { 9, 13 } })
  again:command("enew")
  eq(again:lua("return vim.wo.foldmethod"), "manual")
end

T["after every edit, folds are as if the text had just been opened"] = function()
  local parts = { "# === USER ===", "# === ASSISTANT ===", OPEN, CLOSE, "", "prose", "---" }
  for seed = 1, 3 do
    local random = editing.random(seed * 104729)
    local child = case.child({ options = FOLDS })
    child:chat(CHAT .. "\n\n# === ASSISTANT ===\n\n" .. OPEN .. "\nb\n" .. CLOSE .. "\n\nmore\n")
    child:command("setlocal foldminlines=0")
    for number = 1, 80 do
      local row = random(1, #child:lines())
      local part = parts[random(1, #parts)]:gsub("<", "<lt>")
      local keys = ({
        ("%dGo%s<Esc>"):format(row, part),
        ("%dGO%s<CR>%s<Esc>"):format(row, part, parts[random(1, #parts)]:gsub("<", "<lt>")),
        ("%dG"):format(row) .. "zodd",
        ("%dGzRd%dd"):format(row, random(1, 3)),
        ("%dGzRA x<Esc>"):format(row),
        ("%dGzRJ"):format(row),
        "u",
        "<C-r>",
        ("%dGzRyy%dGp"):format(row, random(1, #child:lines())),
      })[random(1, 9)]
      child:feed(keys)
      expect_fresh(child, ("seed %d, edit %d: %s"):format(seed, number, keys))
    end
    eq(child:api("nvim_get_vvar", "errmsg"), "")
    child:stop()
  end
end

T["an answer is folded as it arrives; in insert mode, once that ends"] = function()
  local child = case.child({ options = FOLDS })
  case.standin:script({
    replies.gated({ "one", "\n\ntwo", "\n\nthree" }),
    replies.gated({ "four" }),
  })
  child:chat(CHAT)
  child:command("ChatvimComplete")
  child:wait_text("one")
  eq(levels(child)[#child:lines()], 1)
  child:type("i")
  child:lua("vim.cmd.split() vim.cmd.enew()")
  case.standin:release("g1")
  case.standin:release("g2")
  child:wait_text("three", 1)
  child:type("<Esc>")
  wait.until_true("normal mode", function()
    return child:api("nvim_get_mode").mode == "n"
  end)
  child:command("wincmd j")
  expect_fresh(child, "after insert mode")
  eq(levels(child)[#child:lines()], 1)
  case.standin:release("end")
  child:wait_end()
  expect_fresh(child, "at the end")
end

local LONG = "# === USER ===\n" .. ("\nA line of a long chat."):rep(100) .. "\n\nQ"

for name, keys in pairs({
  ["on its first line"] = "ggzcgg",
  ["on its last line"] = "Gzc",
  ["in an open one above"] = "5Gzt",
}) do
  T["the view stays when the answer goes after a closed fold, cursor " .. name] = function()
    local child = case.child({ options = FOLDS, screen = true })
    case.standin:script({ replies.gated({ "one", "\ntwo", ("\nline"):rep(40) }) })
    local buf = child:chat(LONG .. "\n\n# === ASSISTANT ===\n\nA\n\n# === USER ===\n\nQ")
    if name:find("open") then
      child:feed("Gzc" .. keys)
    else
      child:feed("zM" .. keys)
    end
    child:command("split | wincmd p")
    -- The window follows only if its cursor is on the last line.
    local follows = child:api("nvim_win_get_cursor", 0)[1] == #child:lines()
    local folded = closed(child)
    child:command("ChatvimComplete")
    views.screen(child)
    local before = views.all(child)
    for index, piece in ipairs({ "one", "\ntwo", "line\nline" }) do
      child:wait_text(piece, buf)
      views.screen(child)
      if not follows then
        eq({ index, views.all(child) }, { index, before })
      else
        eq(child:api("nvim_win_get_cursor", 0)[1], #child:lines())
      end
      -- Closed folds stay closed, and only the last one grows.
      local now = closed(child)
      eq(
        { index, vim.list_slice(now, 1, #folded - 1) },
        { index, vim.list_slice(folded, 1, #folded - 1) }
      )
      eq({ index, now[#folded][1] }, { index, folded[#folded][1] })
      case.standin:release(index < 3 and "g" .. index or "end")
    end
    child:wait_end()
    eq(child:lua("return vim.fn.foldclosed(1)") ~= -1, not name:find("open"))
  end
end

T["reasoning does not close while the cursor is in it"] = function()
  local child = case.child({ options = FOLDS, screen = true })
  local text = OPEN .. "\n\n" .. ("a thought\n"):rep(60) .. CLOSE .. "\n\nA"
  child:chat("Q\n\n# === ASSISTANT ===\n\n" .. text)
  eq(closed(child), { { 5, 67 } })
  child:feed("zRgg")
  child:feed("67GS.<Esc>")
  eq(levels(child)[20], 1)
  child:command("setlocal foldlevel=1")
  child:feed("20Gzt")
  views.screen(child)
  local before = views.all(child)
  child:api("nvim_buf_set_lines", 0, 66, 67, true, { CLOSE })
  views.screen(child)
  eq(levels(child)[20], 2)
  eq(views.all(child), before)
  eq(closed(child), {})
  -- It closes for a window that follows.
  child:api("nvim_buf_set_lines", 0, 66, 67, true, { "." })
  child:feed("G")
  child:command("setlocal foldlevel=1")
  views.screen(child)
  child:api("nvim_buf_set_lines", 0, 66, 67, true, { CLOSE })
  eq(closed(child), { { 5, 67 } })
end

T["an update reads no more of a long chat with folds than of a short one"] = function()
  local counts = {}
  for _, turns in ipairs({ 10, 1000 }) do
    local child = case.child({ options = FOLDS })
    child:chat(("# === USER ===\n\nQ\n\n# === ASSISTANT ===\n\nA\n\n"):rep(turns) .. "Q")
    eq(levels(child)[1], 1)
    child:lua([[
      _G.evaluated = 0
      local folds = require("chatvim.folds")
      local expr = folds.expr
      folds.expr = function(...)
        _G.evaluated = _G.evaluated + 1
        return expr(...)
      end
    ]])
    for _ = 1, 10 do
      local last = #child:lines()
      child:api("nvim_buf_set_lines", 0, last, last, true, { "one", "", "two" })
    end
    eq(levels(child)[#child:lines()], 1)
    table.insert(counts, child:lua("return _G.evaluated"))
    child:stop()
  end
  eq(counts[1], counts[2])
  eq({ counts[2], counts[2] < 100 }, { counts[2], true })
end

T["reasoning that arrived piece by piece is closed when its answer has ended"] = function()
  local child = case.child({ options = { folds = true, settings = { reasoning = "keep" } } })
  case.standin:script({
    {
      steps = {
        {
          deltas = {
            text = { "I think\n\n", "and think\n" },
            count = 6,
            per_second = 100,
            field = "reasoning_content",
          },
        },
        { deltas = { text = { "One ", "two\n\n" }, count = 10, per_second = 100 } },
        { finish = "stop" },
      },
    },
  })
  child:chat("# === USER ===\n\nHello\n")
  eq(child:complete().outcome, "done")
  local line = child:lua("return vim.fn.search('^<details>', 'nw')")
  eq(child:lua("return vim.fn.foldclosed(...)", line), line)
  -- The answer below it is open.
  eq(child:lua("return vim.fn.foldclosed(vim.fn.search('^One two', 'nw'))"), -1)
end

return T
