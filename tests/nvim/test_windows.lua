-- SPDX-License-Identifier: Apache-2.0
-- Windows, tabs, folds, sessions and files: the user's setup around a chat does not change, and the
-- chat stays an ordinary file (B3, B12, B14, B23).
local case = require("helpers.case")
local environment = require("helpers.environment")
local files = require("helpers.system")
local replies = require("helpers.replies")
local stream = require("helpers.stream")
local views = require("helpers.views")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

---@param child tests.Child
---@param mode string
local function wait_mode(child, mode)
  wait.until_true("mode " .. mode, function()
    return child:api("nvim_get_mode").mode == mode
  end)
end

-- Elsewhere ---------------------------------------------------------------------------------------

for name, entry in pairs({
  normal = { keys = "", mode = "n" },
  insert = { keys = "Gomine", mode = "i" },
  visual = { keys = "ggvj", mode = "v" },
  ["command-line"] = { keys = ":echo 1", mode = "c" },
}) do
  T["the chat in another tab, with the user in " .. name .. " mode"] = function()
    local child, buf = stream.start()
    child:command("ChatvimComplete")
    local window = child:api("nvim_get_current_win")
    child:command("tabnew")
    child:api("nvim_buf_set_lines", 0, 0, -1, true, { "one", "two", "three" })
    child:type(entry.keys)
    wait_mode(child, entry.mode)
    stream.expect_same_views(child, buf, window)
    eq(child:api("nvim_get_current_tabpage"), child:api("nvim_list_tabpages")[2])
  end

  T["two windows on one chat: " .. name .. " mode above, the other one follows"] = function()
    local child, buf = stream.start()
    child:command("ChatvimComplete")
    local follower = child:api("nvim_get_current_win")
    child:command("split")
    -- Type nothing into this chat, since the answer's text is compared.
    child:feed("50Gzt")
    child:type(entry.mode == "i" and "i" or entry.mode == "v" and "vjj" or entry.keys)
    wait_mode(child, entry.mode)
    stream.expect_same_views(child, buf, follower)
  end
end

T["a selection at the end in the current window; another window follows"] = function()
  local child, buf = stream.start()
  child:command("ChatvimComplete")
  child:wait_text("one", buf)
  local follower = child:api("nvim_get_current_win")
  child:command("vsplit")
  child:type("Vk")
  wait_mode(child, "V")
  stream.expect_same_views(child, buf, follower)
end

-- Options -----------------------------------------------------------------------------------------

for _, setting in ipairs({
  "set scrolloff=5",
  "set scrolloff=999",
  "set scrolloff=999 smoothscroll",
  "set nowrap sidescrolloff=5",
  "set foldcolumn=2 number signcolumn=yes",
  "set linebreak breakindent showbreak=>>",
  "set virtualedit=all cursorline cursorcolumn",
  "set scrolljump=10 nostartofline",
}) do
  T["a window that does not follow stays, with " .. setting] = function()
    local child, buf = stream.start()
    child:command(setting)
    child:feed("100Gzz")
    child:command("ChatvimComplete")
    stream.expect_same_views(child, buf)
  end

  T["a window at the end follows, with " .. setting] = function()
    local child, buf = stream.start()
    child:command(setting)
    child:command("ChatvimComplete")
    stream.expect_same_views(child, buf, child:api("nvim_get_current_win"))
    eq(child:lua("return vim.fn.line('w$')"), #child:lines(buf))
  end
end

T["windows with 'scrollbind', none of them at the end"] = function()
  local child, buf = stream.start()
  child:command("ChatvimComplete")
  child:feed("100Gzz")
  child:command("vsplit | windo set scrollbind cursorbind")
  stream.expect_same_views(child, buf)
end

-- Folds -------------------------------------------------------------------------------------------

--- Returns the first and last line of the closed fold at a line, or -1 twice if it is open.
---@param child tests.Child
---@param line integer
---@return integer[]
local function fold(child, line)
  return child:lua("return { vim.fn.foldclosed(...), vim.fn.foldclosedend(...) }", line)
end

T["closed folds above and at the end stay closed in a window that does not follow"] = function()
  local child, buf = stream.start()
  child:command("set foldmethod=manual")
  child:command("20,30fold | 150,202fold")
  child:feed("60Gzz")
  child:command("ChatvimComplete")
  stream.expect_same_views(child, buf)
  eq({ fold(child, 25), fold(child, 160) }, { { 20, 30 }, { 150, 202 } })
  -- The new text is below the fold, not in it.
  eq(fold(child, 204), { -1, -1 })
end

T["a cursor on the last line of a closed fold follows, and the fold stays closed"] = function()
  local child, buf = stream.start()
  child:command("set foldmethod=manual | 150,202fold")
  child:feed("G")
  eq(fold(child, 202), { 150, 202 })
  child:api("nvim_win_set_cursor", 0, { 202, 0 })
  child:command("ChatvimComplete")
  stream.run(child, buf, function()
    eq(child:api("nvim_win_get_cursor", 0)[1], #child:lines(buf))
  end)
  eq(fold(child, 202), { 150, 202 })
end

-- Progress ----------------------------------------------------------------------------------------

T["progress that needs a screen line scrolls windows at the end, and no other"] = function()
  local child = case.child({ screen = true })
  case.standin:script({ replies.silent() })
  local buf = child:chat(stream.chat .. (" long question"):rep(5))
  local follower = child:api("nvim_get_current_win")
  views.screen(child)
  local before = views.all(child)[tostring(follower)]
  child:command("ChatvimComplete")
  wait.until_true("waiting", function()
    return child:virtual_text(buf):find("waiting", 1, true)
  end)
  local screen = table.concat(views.screen(child), "\n")
  case.expect_part(screen, "waiting")
  local after = views.all(child)[tostring(follower)]
  eq(after.topline > before.topline, true)
  for _, name in ipairs({ "lnum", "col", "coladd", "curswant", "leftcol" }) do
    eq({ name, after[name] }, { name, before[name] })
  end
  -- In a window that does not follow and has that line at its bottom, the mark is not shown, since
  -- a longer line would hide its end.
  child:command("split")
  child:lua([[
    local last, height = vim.fn.line("$"), vim.api.nvim_win_get_height(0)
    vim.fn.winrestview({ lnum = last - 3, topline = last - height + 1 })
  ]])
  local reading = tostring(child:api("nvim_get_current_win"))
  child:lua("require('chatvim.view.progress').tick()")
  wait.until_true("the line as it is", function()
    screen = table.concat(views.screen(child), "\n")
    return not screen:find("@@@", 1, true)
  end)
  local view = views.all(child)[reading]
  child:lua("for _ = 1, 3 do require('chatvim.view.progress').tick() end")
  views.screen(child)
  eq(views.all(child)[reading], view)
end

-- Sessions ----------------------------------------------------------------------------------------

for _, more in ipairs({ "", "options,localoptions,globals" }) do
  T["a session made during an answer, with sessionoptions+=" .. more] = function()
    local child = case.child({ commands = { "set sessionoptions+=" .. more } })
    case.standin:script({ replies.gated({ "one", " two" }), replies.answer("A") })
    local buf = child:chat("Q\n")
    child:command("vsplit | ChatvimComplete")
    child:wait_text("one", buf)
    child:command("mksession s.vim")
    -- It has nothing of a running answer, and maps only with "options": the user's.
    local session = files.read(child.folder .. "/s.vim")
    for line in session:gmatch("[^\n]+") do
      local ours = line:find("[Cc]hatvim")
        and not line:find("^%l*map ")
        and not line:find(child.folder, 1, true)
        and not line:find(environment.root, 1, true)
      eq({ line, ours or false }, { line, false })
    end
    case.standin:release("g1")
    case.standin:release("end")
    child:wait_end()
    eq(child:text(buf), case.answered("Q", "one two"))

    local second = case.child({ folder = child.folder, files = { "-S", "s.vim" } })
    eq(#second:api("nvim_list_wins"), 2)
    eq(second:text(), "Q")
    eq(second:complete().outcome, "done")
    eq(second:text(), case.answered("Q", "A"))
    eq(second:lua([[return vim.fn.maparg("\\cvc", "n")]]), "<Plug>(chatvim-complete)")
    eq(second:api("nvim_get_vvar", "errmsg"), "")
  end
end

-- Files -------------------------------------------------------------------------------------------

T["through a symlink to a folder, and by two names of one file"] = function()
  local child = case.child()
  vim.fn.mkdir(child.home .. "/real", "p")
  assert(vim.uv.fs_symlink(child.home .. "/real", child.folder .. "/folder"))
  files.write(child.home .. "/real/chat.md", "Q\n")
  case.standin:script({ replies.gated({ "one", " two" }) })
  child:command("edit folder/chat.md")
  local buf = child:api("nvim_get_current_buf")
  child:command("ChatvimComplete")
  child:wait_text("one", buf)
  child:command("split " .. vim.fn.fnameescape(child.home .. "/real/chat.md"))
  case.standin:release("g1")
  case.standin:release("end")
  child:wait_end()
  eq(child:text(buf), case.answered("Q", "one two"))
  child:command("silent wall")
  eq(files.read(child.home .. "/real/chat.md"), case.answered("Q", "one two") .. "\n")
end

T["an unnamed buffer gets its name during an answer"] = function()
  local child = case.child()
  case.standin:script({ replies.gated({ "one", " two" }) })
  child:api("nvim_buf_set_lines", 0, 0, -1, true, { "Q" })
  child:command("ChatvimComplete")
  child:wait_text("one")
  child:command("silent write named.md")
  eq(files.read(child.folder .. "/named.md"), "Q\n\n# === ASSISTANT ===\n\none\n")
  case.standin:release("g1")
  case.standin:release("end")
  child:wait_end()
  child:command("silent write")
  eq(files.read(child.folder .. "/named.md"), case.answered("Q", "one two") .. "\n")
  case.expect_calm(child)
end

T[":write during and after an answer writes the shown text"] = function()
  local child = case.child()
  case.standin:script({ replies.gated({ "one", " two" }) })
  child:chat("Q\n")
  eq(child:lua("return vim.bo.modified"), false)
  child:command("ChatvimComplete")
  child:wait_text("one")
  eq(child:lua("return vim.bo.modified"), true)
  child:command("silent write")
  eq(child:lua("return vim.bo.modified"), false)
  eq(files.read(child.folder .. "/chat.md"), child:text() .. "\n")
  case.standin:release("g1")
  child:wait_text("one two")
  eq(child:lua("return vim.bo.modified"), true)
  case.standin:release("end")
  child:wait_end()
  child:command("silent write")
  eq(files.read(child.folder .. "/chat.md"), case.answered("Q", "one two") .. "\n")
end

T["the swap file has the text so far: after a kill it is recovered"] = function()
  local child = case.child()
  child:command("set updatecount=10 swapfile directory=.")
  case.standin:script({ replies.hanging("one two three") })
  child:chat("Q\n")
  child:command("ChatvimComplete")
  child:wait_text("one two three")
  local swap = child:lua("return vim.fn.fnamemodify(vim.fn.swapname(''), ':p')")
  eq(vim.uv.fs_stat(swap) ~= nil, true)
  child:command("silent preserve")
  assert(vim.uv.kill(child.pid, "sigkill"))
  wait.until_true("Neovim's end", function()
    return not files.is_alive(child.pid)
  end)
  local second = case.child({ folder = child.folder, commands = { "set directory=." } })
  second:command("silent recover chat.md")
  eq(second:text(), "Q\n\n# === ASSISTANT ===\n\none two three")
end

T["the undo file undoes the answer in another Neovim"] = function()
  local commands = { "set undofile undodir=." }
  local child = case.child({ commands = commands })
  case.standin:script({ replies.answer("A\nB") })
  child:chat("Q\n")
  child:complete()
  child:command("silent write")
  local second = case.child({ folder = child.folder, commands = commands, files = { "chat.md" } })
  eq(second:text(), case.answered("Q", "A\nB"))
  second:command("silent undo")
  eq(second:text(), "Q")
  second:command("silent redo")
  eq(second:text(), case.answered("Q", "A\nB"))
end

return T
