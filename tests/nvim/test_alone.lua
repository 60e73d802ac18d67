-- SPDX-License-Identifier: Apache-2.0
-- The plugin needs nothing but Neovim (B28).
local case = require("helpers.case")
local environment = require("helpers.environment")
local replies = require("helpers.replies")
local eq = MiniTest.expect.equality

local T = case.set()

T["with no file type plugins, syntax, parsers or other runtime files"] = function()
  local child = case.child({
    commands = { "filetype off", "syntax off", "let g:loaded_netrwPlugin = 1", "set packpath=" },
  })
  case.standin:script({ replies.answer("A") })
  child:api("nvim_set_vvar", "errmsg", "")
  child:api("nvim_buf_set_lines", 0, 0, -1, true, { "Q" })
  eq(child:complete().outcome, "done")
  eq(child:text(), case.answered("Q", "A"))
  case.expect_calm(child)
end

T["used before start-up has finished, as from a configuration file"] = function()
  local child = case.child({ commands = { "lua require('chatvim').setup({ follow = false })" } })
  case.standin:script({ replies.answer("A") })
  child:chat("Q")
  eq(child:complete().outcome, "done")
  case.expect_calm(child)
end

T["the health report names Neovim, the program and the providers, and no key"] = function()
  local child = case.child({
    config = case.config():gsub("models =", 'api_key_env = "TEST_KEY"\nmodels ='),
    env = { TEST_KEY = "sentinel-4711", OPENAI_API_KEY = "sentinel-4712" },
  })
  child:command("silent checkhealth chatvim")
  local report = child:text()
  case.expect_part(report, "Neovim")
  case.expect_part(report, environment.program)
  case.expect_part(report, "speaks protocol")
  case.expect_part(report, "standin")
  case.expect_part(report, "key set")
  eq(report:find("ERROR", 1, true), nil)
  eq(report:find("sentinel", 1, true), nil)
end

T["the health report lists wrong options, which are ignored"] = function()
  local child = case.child({ options = { follow = "yes", colour = "red" } })
  case.standin:script({ replies.answer("A") })
  child:chat("Q")
  eq(child:complete().outcome, "done")
  -- Reported once, however often the options are read.
  local messages = child:messages()
  local _, count = messages:gsub("vim%.g%.chatvim%.follow must be a boolean", "")
  eq({ messages, count }, { messages, 1 })
  child:command("silent checkhealth chatvim")
  local report = child:text()
  case.expect_part(report, "vim.g.chatvim.follow must be a boolean")
  case.expect_part(report, "vim.g.chatvim.colour is not an option")
end

T["highlight groups are linked by default, and the user's own stay"] = function()
  local child = case.child({ commands = { "highlight ChatvimProgress guifg=#123456" } })
  case.standin:script({ replies.answer("A") })
  child:chat("Q")
  child:complete()
  eq(child:lua("return vim.api.nvim_get_hl(0, { name = 'ChatvimProgress' }).fg"), 0x123456)
  eq(child:lua("return vim.api.nvim_get_hl(0, { name = 'ChatvimUsage' }).link"), "Comment")
end

return T
