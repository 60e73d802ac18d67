-- SPDX-License-Identifier: Apache-2.0
-- The measurements, each with its target. Times are medians; a wide range means that the machine
-- was busy.
local root = assert(vim.env.CHATVIM_ROOT)
package.path = ("%s/bench/?.lua;%s/tests/nvim/?.lua;%s"):format(root, root, package.path)

local editors = require("editor")
local measure = require("measure")
local standins = require("helpers.standin")

--- The measurements by name; each gets the server.
local M = {}

function M.load()
  local times = {}
  for _ = 1, 30 do
    local editor = editors.start({ plain = true })
    table.insert(
      times,
      editor:lua(
        [[
      vim.opt.runtimepath:prepend(...)
      local start = vim.uv.hrtime()
      vim.cmd.source(... .. "/plugin/chatvim.lua")
      return (vim.uv.hrtime() - start) / 1e6
    ]],
        root
      )
    )
    editor:stop()
  end
  measure.report("loading the plugin", measure.show(times), "0.3")
end

--- Measures the time from starting the program to its hello message.
function M.start()
  local program = assert(vim.env.CHATVIM_PROGRAM)
  require("start").run(program, root .. "/build/package/chatvim")
end

---@param standin tests.Standin
function M.memory(standin)
  local editor = editors.start({ config = measure.config(standin) })
  editor:open_chat()
  -- The program counts as idle after a period without messages.
  vim.wait(2000)
  measure.report("memory of the idle program", ("%.1f MB"):format(editor:memory("VmRSS")), "16")
  editor:stop()
end

local with_server = {
  "request",
  "delta",
  "burst",
  "large",
  "embeds",
  "lsp",
  "servers",
  "steps",
  "stutter",
  "rewrite",
}
for _, name in ipairs(with_server) do
  M[name] = require(name).run
end

local all = { "load", "start", "memory" }
vim.list_extend(all, with_server)
local chosen = #_G.arg > 0 and _G.arg or all
local standin = standins.start()
measure.report("measurement", "figure", "goal")
for _, name in ipairs(chosen) do
  M[name](standin)
end
standin:stop()
