-- SPDX-License-Identifier: Apache-2.0
-- Which answers are offered for :ChatvimRecover, also with two Neovims in one file (B3).
local case = require("helpers.case")
local files = require("helpers.system")
local journals = require("helpers.journals")
local replies = require("helpers.replies")
local views = require("helpers.views")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

T["an undone answer is not offered, a redone one is"] = function()
  for _, keys in ipairs({ "u", "u<C-r>" }) do
    local child = case.child()
    child:chat("Q")
    case.standin:script({ replies.answer("one two") })
    child:complete()
    for key in keys:gmatch("<?[%w-]+>?") do
      child:feed(key)
      child:sync()
    end
    child:lua("return require('chatvim').messages()")
    child:kill()
    local second = child:another()
    second:command("edit chat.md")
    if keys == "u" then
      journals.expect_no_offer(second)
    else
      second:wait_message("was not saved")
    end
    second:stop()
  end
end

T["the offer is visible with 'cmdheight' 0"] = function()
  local child = case.child()
  child:chat("Q")
  journals.start(child)
  child:kill()
  local second = child:another({ screen = true })
  second:command("set cmdheight=0")
  second:type(":edit chat.md<CR>")
  wait.until_true("the offer", function()
    local screen = views.screen_as_it_is(second)
    return vim.startswith(screen[#screen], "chatvim: an answer of 7 characters was cut off")
  end)
  -- It stays visible after later redraws.
  second:sync()
  local screen = views.screen_as_it_is(second)
  eq(vim.startswith(screen[#screen], "chatvim: an answer of 7 characters was cut off"), true)
  eq(second:api("nvim_get_mode"), { mode = "n", blocking = false })
end

T["a chat without a file: never offered, found by the command"] = function()
  local child = case.child()
  child:command("set filetype=markdown | call setline(1, 'Q')")
  journals.start(child)
  child:kill()
  local second = child:another()
  second:command("set filetype=markdown")
  journals.expect_no_offer(second)
  -- Another answer in an unnamed buffer uses another name, since the first was not offered to
  -- anybody.
  case.standin:script({ replies.answer("other") })
  second:command("call setline(1, 'R')")
  second:complete()
  eq(#journals.all(child), 2)
  second:command("silent write other.md")
  wait.until_true("the end of its journal", function()
    return #journals.all(child) == 1
  end)
  second:command("enew! | ChatvimRecover")
  second:wait_text("one two")
  eq(second:text(), case.answered("Q", "one two"))
  second:command("silent write saved.md")
  journals.wait_none(child)
end

T["two Neovims answer in one file: two journals, neither offered while it is in use"] = function()
  local child = case.child()
  child:chat("Q")
  journals.start(child, "from the first")
  local second = child:another()
  second:command("edit chat.md")
  journals.expect_no_offer(second)
  case.standin:script({ replies.gated({ "from the second", "" }) })
  second:command("ChatvimComplete")
  second:wait_text("from the second")
  local path = journals.wait(child, "from the second", 2)
  eq(path:sub(-2), ".2")
  second:command("ChatvimRecover")
  second:wait_message("this chat's answer is still being written")
  -- When the first ends normally, the other's journal moves to the first name, where it is found.
  child:command("ChatvimStop")
  child:wait_end()
  child:command("silent write")
  wait.until_true("one journal", function()
    return #journals.all(child) == 1
  end)
  case.expect_part(files.read(journals.all(child)[1]), "from the second")
  second:kill()
  local third = child:another()
  third:command("edit chat.md")
  third:wait_message("an answer of 15 characters was cut off")
  third:command("ChatvimRecover")
  third:wait_text("from the second")
  third:command("silent write")
  journals.wait_none(child)
end

T["two answers were cut off: after one is restored the other is offered"] = function()
  local child = case.child()
  child:chat("Q")
  journals.start(child, "from the first")
  local second = child:another()
  second:command("edit chat.md")
  case.standin:script({ replies.gated({ "from the second", "" }) })
  second:command("ChatvimComplete")
  second:wait_text("from the second")
  journals.wait(child, "from the second", 2)
  child:kill()
  second:kill()
  for count = 1, 2 do
    local third = child:another()
    third:command("edit chat.md")
    third:wait_message("was cut off")
    third:command("ChatvimRecover")
    third:wait_message("put back")
    third:command("silent write")
    wait.until_true("the end of its journal", function()
      return #journals.all(child) == 2 - count
    end)
    third:stop()
    files.write(child.folder .. "/chat.md", "Q\n")
  end
end

T["an answer that is still running in another Neovim is not restored"] = function()
  local child = case.child()
  child:chat("Q")
  journals.start(child)
  local second = child:another()
  second:command("edit chat.md | ChatvimRecover")
  second:wait_message("is still being written")
  eq(second:text(), "Q")
end

T["times are in words"] = function()
  local child = case.child()
  local function words(time)
    return child:lua("return require('chatvim.chat.recover').describe_time(...)", time)
  end
  eq(words(os.time()):find("^at %d%d:%d%d$"), 1)
  eq(words(86400):find("^on 1970%-01%-0[12] at %d%d:%d%d$"), 1)
end

T["ordinary markdown files start no program"] = function()
  local child = case.child()
  files.write(child.folder .. "/plain.md", "text\n")
  child:command("edit plain.md")
  child:sync()
  eq(child:program_pid(), nil)
  eq(child:lua("return package.loaded['chatvim.program.query'] == nil"), true)
end

return T
