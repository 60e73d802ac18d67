-- SPDX-License-Identifier: Apache-2.0
-- Windows keep their views, except that a window with its cursor on the last line follows (B14).
local case = require("helpers.case")
local stream = require("helpers.stream")
local views = require("helpers.views")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

local LONG, PIECES = stream.chat, stream.pieces
local start, run, expect_same_view = stream.start, stream.run, stream.expect_same_views

T["a window with its cursor on the last line follows to the end"] = function()
  local child, buf = start()
  child:command("ChatvimComplete")
  run(child, buf, function()
    local last = #child:lines(buf)
    eq(child:api("nvim_win_get_cursor", 0)[1], last)
    eq(child:lua("return vim.fn.line('w$')"), last)
  end)
end

T["a window with its cursor elsewhere stays, in the middle and at the top"] = function()
  for _, keys in ipairs({ "gg", "100Gzt5l", "201G", "150Gzz$" }) do
    local child, buf = start()
    child:feed(keys)
    child:command("ChatvimComplete")
    expect_same_view(child, buf)
    child:stop()
    case.standin:reset()
  end
end

for name, start_mode in pairs({
  insert = { keys = "100GzzA and", mode = "i" },
  visual = { keys = "100Gzzvjj", mode = "v" },
  ["visual line"] = { keys = "100GzzVjj", mode = "V" },
  select = { keys = "100Gzzgh", mode = "s" },
  ["operator-pending"] = { keys = "100Gzzd", mode = "no" },
  ["command-line"] = { keys = "100Gzz:echo 1", mode = "c" },
  replace = { keys = "100Gzz0Rab", mode = "R" },
}) do
  T["in " .. name .. " mode above the answer nothing moves"] = function()
    local child, buf = start()
    child:command("ChatvimComplete")
    child:wait_text("one", buf)
    child:type(start_mode.keys)
    wait.until_true("mode " .. start_mode.mode, function()
      return child:api("nvim_get_mode").mode == start_mode.mode
    end)
    if name == "insert" then
      child:wait_text("at. and", buf)
    elseif name == "replace" then
      child:wait_text("abne 100", buf)
    end
    views.screen(child)
    local before = views.all(child)
    local command_line = child:lua("return { vim.fn.getcmdline(), vim.fn.getpos('v') }")
    for index = 1, #PIECES - 1 do
      case.standin:release("g" .. index)
    end
    child:wait_text(" three", buf)
    views.screen(child)
    eq(child:api("nvim_get_mode").mode, start_mode.mode)
    eq(views.all(child), before)
    eq(child:lua("return { vim.fn.getcmdline(), vim.fn.getpos('v') }"), command_line)
    case.standin:release("end")
    child:wait_end()
    views.screen(child)
    eq(child:api("nvim_get_mode").mode, start_mode.mode)
    eq(views.all(child), before)
  end
end

T["a selection that ends on the last line stays as it is"] = function()
  for keys, mode in pairs({ ["Gzbkvj0"] = "v", ["GzbkV"] = "V", ["Gzb0<C-v>k"] = "\22" }) do
    local child, buf = start()
    child:command("ChatvimComplete")
    child:wait_text("one", buf)
    child:type(keys)
    wait.until_true("mode " .. mode, function()
      return child:api("nvim_get_mode").mode == mode
    end)
    if mode == "V" then
      child:type("j")
    end
    local selected =
      "return vim.fn.getregion(vim.fn.getpos('v'), vim.fn.getpos('.'), { type = 'v' })"
    local before = child:lua(selected)
    case.standin:release("g1")
    child:wait_text("one words", buf)
    case.standin:release("g2")
    child:wait_text("\ntwo", buf)
    eq({ keys, child:api("nvim_get_mode").mode }, { keys, mode })
    eq({ keys, child:lua(selected) }, { keys, before })
    child:stop()
    case.standin:reset()
  end
end

T["insert mode on the last line follows, and typed text stays together"] = function()
  local child, buf = start()
  child:command("ChatvimComplete")
  child:wait_text("one", buf)
  child:type("A")
  wait.until_true("insert mode", function()
    return child:api("nvim_get_mode").mode == "i"
  end)
  child:type("mi")
  child:wait_text("onemi", buf)
  case.standin:release("g1")
  child:wait_text("words words", buf)
  child:type("ne")
  child:wait_text("mine", buf)
  for index = 2, #PIECES - 1 do
    case.standin:release("g" .. index)
  end
  case.standin:release("end")
  child:wait_end()
  child:type("<Esc>")
  child:wait_text("=== USER ===\n\nmine", buf)
  eq(child:text(buf), case.answered(LONG, table.concat(PIECES)) .. "mine")
end

T["follow = false moves nothing"] = function()
  local child, buf = start({ options = { follow = false } })
  child:command("ChatvimComplete")
  expect_same_view(child, buf)
  eq(child:api("nvim_win_get_cursor", 0)[1], 202)
end

T["two windows of one chat, and one in another tab: each follows independently"] = function()
  local child, buf = start()
  child:command("split | wincmd p")
  child:feed("50Gzt")
  child:command("tab split")
  child:feed("80Gzz")
  child:command("tabprevious | wincmd p")
  child:feed("G$")
  child:command("ChatvimComplete")
  local follower = tostring(child:api("nvim_get_current_win"))
  views.screen(child)
  local before = views.all(child)
  before[follower] = nil
  eq(vim.tbl_count(before), 2)
  run(child, buf, function(index)
    local now = views.all(child)
    eq({ index, now[follower].lnum }, { index, #child:lines(buf) })
    now[follower] = nil
    eq({ index, now }, { index, before })
  end)
end

T["a window that the user scrolls up during an answer stops following"] = function()
  local child, buf = start()
  child:command("ChatvimComplete")
  child:wait_text("one", buf)
  child:feed("120Gzt")
  views.screen(child)
  local before = views.all(child)
  run(child, buf, function(index)
    eq({ index, views.all(child) }, { index, before })
  end)
end

T["other windows and the rest of the screen do not change"] = function()
  local child, buf = start()
  child:command("vnew")
  child:api("nvim_buf_set_lines", 0, 0, -1, true, vim.split(LONG, "\n"))
  child:feed("77Gzz3|")
  child:command("wincmd p")
  child:feed("100Gzz")
  child:command("ChatvimComplete")
  expect_same_view(child, buf)
end

return T
