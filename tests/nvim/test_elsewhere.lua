-- SPDX-License-Identifier: Apache-2.0
-- An answer goes into its own buffer wherever the user is, and ends with that buffer (B4).
local case = require("helpers.case")
local files = require("helpers.system")
local replies = require("helpers.replies")
local eq = MiniTest.expect.equality

local T = case.set()

--- Starts an answer: "one" has arrived, " two" waits at the gate "g1".
local function start(child)
  case.standin:script({ replies.gated({ "one", " two" }) })
  local buf = child:chat("Q\n")
  child:command("ChatvimComplete")
  child:wait_text("one", buf)
  return buf
end

--- Lets the answer end, and expects all of it in its buffer and nothing anywhere else.
local function expect_whole(child, buf)
  case.standin:release("g1")
  case.standin:release("end")
  eq(child:wait_end().outcome, "done")
  eq(child:text(buf), case.answered("Q", "one two"))
  for _, other in ipairs(child:api("nvim_list_bufs")) do
    if other ~= buf then
      eq(child:text(other):find("one", 1, true), nil)
      eq(child:text(other):find("two", 1, true), nil)
      eq(child:text(other):find("===", 1, true), nil)
    end
  end
  case.expect_calm(child)
end

--- Expects that the answer was stopped without an error, and that its connection was closed.
local function expect_cancelled(child)
  eq(child:wait_end().outcome, "stopped")
  case.standin:wait("closed=1")
  case.standin:release("g1", true)
  child:sync()
  eq(#child:events("ChatvimEnd"), 1)
  eq(#case.standin:requests(), 1)
  -- Do not check v:errmsg: undoing markdown's own file type plugin leaves an error there.
  local messages = child:messages()
  eq({ messages, messages:find("E%d+:") or messages:find("rror") }, { messages, nil })
end

for name, commands in pairs({
  ["another window"] = { "new", "call setline(1, 'mine')" },
  ["another tab"] = { "tabnew", "call setline(1, 'mine')" },
  ["another buffer in the window"] = { "enew", "call setline(1, ['mine', 'too'])" },
  ["its window closed"] = { "split other.md", "1wincmd w | wincmd p | only" },
  ["hidden, and all its windows gone"] = { "tabnew", "tabonly" },
  ["a floating window"] = {
    "call nvim_open_win(nvim_create_buf(v:true, v:false), v:true, "
      .. "{'relative': 'editor', 'row': 1, 'col': 1, 'width': 9, 'height': 3})",
  },
  ["the command-line window's place taken by a terminal"] = { "terminal cat" },
  ["another name"] = { "silent file renamed.md" },
  ["written in between"] = { "silent write" },
}) do
  T["continues in its buffer: " .. name] = function()
    local child = case.child()
    local buf = start(child)
    for _, command in ipairs(commands) do
      child:command(command)
    end
    expect_whole(child, buf)
  end
end

T["continues while the user is in insert, visual or command-line mode elsewhere"] = function()
  for keys, mode in pairs({ imine = "i", v = "v", [":echo"] = "c", d = "no" }) do
    local child = case.child()
    local buf = start(child)
    child:command("new")
    child:type(keys)
    require("helpers.wait").until_true("mode " .. mode, function()
      return child:api("nvim_get_mode").mode == mode
    end)
    case.standin:release("g1")
    child:wait_text("one two", buf)
    eq(child:api("nvim_get_mode").mode, mode)
    child:type("<Esc>")
    case.standin:release("end")
    child:wait_end()
    eq(child:text(buf), case.answered("Q", "one two"))
    eq(child:text(), keys == "imine" and "mine" or "")
    child:stop()
    case.standin:reset()
  end
end

T["a macro is recorded and played as typed"] = function()
  local child = case.child()
  local buf = start(child)
  child:command("new")
  child:type("qaAmine <Esc>")
  child:wait_text("mine ")
  case.standin:release("g1")
  child:wait_text("one two", buf)
  child:type("Aand<Esc>q")
  require("helpers.wait").until_true("the end of recording", function()
    return child:lua("return vim.fn.reg_recording()") == ""
  end)
  eq(child:lua("return vim.fn.getreg('a')"), "Amine \27Aand\27")
  child:feed("3@a")
  eq(child:text(), ("mine and"):rep(4))
  child:command("%delete _")
  expect_whole(child, buf)
end

T["a session is loaded"] = function()
  local child = case.child()
  files.write(child.folder .. "/a.txt", "a\n")
  files.write(child.folder .. "/b.txt", "b\n")
  child:command("silent edit a.txt | silent split b.txt | mksession s.vim | silent only")
  local buf = start(child)
  child:command("silent source s.vim")
  expect_whole(child, buf)
  eq(#child:api("nvim_list_wins"), 2)
end

for name, command in pairs({
  [":bwipeout!"] = "bwipeout!",
  [":bdelete!"] = "bdelete!",
  [":bunload!"] = "new | wincmd p | bunload!",
  ["another buffer with 'nohidden'"] = "set nohidden | enew!",
  ["closing the last window with 'nohidden'"] = "set nohidden | new | wincmd p | quit!",
}) do
  T["is cancelled with its buffer: " .. name] = function()
    local child = case.child()
    start(child)
    child:command(command)
    expect_cancelled(child)
    for _, buf in ipairs(child:api("nvim_list_bufs")) do
      eq(child:text(buf), "")
    end
  end
end

for name, command in pairs({ [":edit!"] = "edit!", ["a reload"] = "checktime" }) do
  T["is cancelled by " .. name .. ", and the buffer shows the file"] = function()
    local child = case.child()
    local buf = start(child)
    if command == "checktime" then
      child:command("set autoread | silent write")
      -- Another size is noticed whatever the resolution of file times.
      files.write(child.folder .. "/chat.md", "Another\nfile altogether\n")
    end
    child:command("silent " .. command)
    expect_cancelled(child)
    eq(child:text(buf), command == "checktime" and "Another\nfile altogether" or "Q")
    case.standin:script({ replies.answer("next") })
    eq(child:complete().outcome, "done")
  end
end

return T
