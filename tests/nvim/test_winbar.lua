-- SPDX-License-Identifier: Apache-2.0
-- The winbar of windows with a chat, and redraws of statuslines.
local case = require("helpers.case")
local files = require("helpers.system")
local views = require("helpers.views")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

local WINBAR = { winbar = true }
local CHAT = '+++\nmodel = "m1"\n+++\nQ'

local function start(options)
  return case.child(vim.tbl_extend("force", { screen = true, options = WINBAR }, options or {}))
end

--- Waits until the screen's first line, as drawn by Neovim, satisfies `fits`, and returns it.
local function wait_bar(child, what, fits)
  return wait.until_true(what, function()
    local bar = vim.trim(views.screen_as_it_is(child)[1])
    return fits(bar) and bar
  end)
end

--- Returns a condition that the whole bar matches a pattern.
local function is(pattern)
  return function(bar)
    return bar:find("^" .. pattern .. "$")
  end
end

T["model and size, then progress, then the usage of the answer"] = function()
  local child = start()
  local steps = { { deltas = { text = { "A" } } }, { wait = "go" } }
  table.insert(steps, { finish = "stop", usage = true })
  case.standin:script({ { steps = steps } })
  child:chat(CHAT)
  wait_bar(child, "the model and the size", is("standin/m1 · about %d tokens"))
  child:command("ChatvimComplete")
  wait_bar(child, "the progress", is("standin/m1 · writing %d+ s"))
  case.standin:release("go")
  child:wait_end()
  local took = "standin/m%d · about %%d+ tokens · %%d+ in · %%d+ out"
  wait_bar(child, "the tokens", is(took:format(1)))
  -- They stay when the model changes.
  child:command("ChatvimModel m2")
  wait_bar(child, "the other model", is(took:format(2)))
end

T["a % in a name is text"] = function()
  local child = start({ config = case.config():gsub('"m2"', '"m%%2"') })
  child:chat('+++\nmodel = "m%2"\n+++\nQ')
  wait_bar(child, "the model", is("standin/m%%2 · about %d+ tokens"))
end

T["without the program, and without the option"] = function()
  local child = start({ options = { winbar = true, program = "/nowhere/chatvim" } })
  child:chat(CHAT)
  child:sync()
  child:command("redraw!")
  eq(vim.trim(views.screen(child)[1]), "")
  eq(vim.trim(views.screen(child)[2]), "+++")
  local without = start({ options = {} })
  without:chat(CHAT)
  without:sync()
  eq(without:lua("return vim.wo.winbar"), "")
end

local OPTION =
  "return { vim.wo.winbar, vim.api.nvim_get_option_value('winbar', { scope = 'global' }) }"

T["only in windows of chats, and not if the window has a winbar already"] = function()
  local child = start()
  files.write(child.folder .. "/a.txt", "text")
  child:command("edit a.txt")
  child:chat(CHAT)
  local bar = child:lua(OPTION)[1]
  case.expect_part(bar, "chatvim")
  child:command("split")
  eq(child:lua(OPTION), { bar, "" })
  child:command("edit a.txt")
  eq(child:lua(OPTION), { "", "" })
  child:command("new")
  eq(child:lua(OPTION), { "", "" })
  child:command("edit chat.md")
  eq(child:lua(OPTION), { bar, "" })
  child:command("only | edit a.txt | setlocal winbar=mine")
  child:chat(CHAT, "other.md")
  eq(child:lua(OPTION), { bar, "" })
  local own = start({ commands = { "set winbar=%f" } })
  own:chat(CHAT)
  eq(own:lua(OPTION), { "%f", "%f" })
end

T["a session restores it for the chat, and for nothing else"] = function()
  local child = start()
  files.write(child.folder .. "/a.txt", "text")
  child:chat(CHAT)
  child:command("set sessionoptions+=localoptions | split a.txt | mksession! session.vim")
  local again = start({ folder = child.folder })
  again:command("silent source session.vim")
  eq(again:lua(OPTION), { "", "" })
  again:command("wincmd j")
  case.expect_part(again:lua(OPTION)[1], "chatvim")
  again:command("edit a.txt")
  eq(again:lua(OPTION), { "", "" })
end

--- Counts redraws of a statusline.
local STATUSLINE = [[
  _G.drawn = 0
  function _G.Shown()
    _G.drawn = _G.drawn + 1
    return require("chatvim").status()
  end
  vim.o.laststatus = 2
  vim.o.statusline = "%{v:lua.Shown()}|"
]]

T["a statusline that shows the status is redrawn during an answer and at its end"] = function()
  local child = start({ options = {} })
  case.standin:script({ { steps = { { head = true }, { wait = "go" }, { finish = "stop" } } } })
  child:chat(CHAT)
  child:lua(STATUSLINE)
  local function statusline()
    return vim.trim(views.screen_as_it_is(child)[23])
  end
  child:lua("require('chatvim').complete()")
  wait.until_true("the second second", function()
    return statusline():find("^m1 waiting 1 s|")
  end)
  case.standin:release("go")
  child:wait_end()
  wait.until_true("an empty status", function()
    return statusline() == "|"
  end)
  -- After that it is not redrawn.
  child:sync()
  local drawn = child:lua("return _G.drawn")
  child:sync()
  eq(child:lua("return _G.drawn"), drawn)
end

T["nothing is redrawn if nothing shows the status"] = function()
  local child = start({ options = {} })
  child:lua([[
    _G.redraws = 0
    local command = vim.api.nvim_command
    vim.api.nvim_command = function(text)
      _G.redraws = _G.redraws + (text:find("redrawstatus") and 1 or 0)
      return command(text)
    end
  ]])
  case.standin:script({ { steps = { { head = true }, { wait = "go" }, { finish = "stop" } } } })
  child:chat(CHAT)
  child:command("ChatvimComplete")
  wait.until_true("two turns of the spinner", function()
    local before = child:virtual_text()
    return vim.wait(1000, function()
      return child:virtual_text() ~= before
    end)
  end)
  case.standin:release("go")
  child:wait_end()
  child:sync()
  eq(child:lua("return _G.redraws"), 0)
end

return T
