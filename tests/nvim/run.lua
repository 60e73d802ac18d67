-- SPDX-License-Identifier: Apache-2.0
-- Runs one test file: `nvim --headless --clean -n -i NONE -l run.lua FILE`, with the environment
-- that helpers/environment.lua names. CHATVIM_TEST_ONLY selects the cases whose name contains it.
-- If CHATVIM_RAN names a folder, the names of the passed cases are written to a file there.
-- Exits with 1 if a case failed or there was none.
local here = vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p:h")
package.path = here .. "/?.lua;" .. package.path

local environment = require("helpers.environment")
-- Delete the result of an earlier run: this one may be killed before it writes its own.
local record = vim.env.CHATVIM_RAN
local record_file = record and ("%s/%s.txt"):format(record, vim.fs.basename(_G.arg[1]))
if record_file then
  vim.fn.delete(record_file)
end
vim.opt.runtimepath:prepend(environment.mini_test)

local MiniTest = require("mini.test")
_G.MiniTest = MiniTest
local only = vim.env.CHATVIM_TEST_ONLY
MiniTest.setup({
  silent = true,
  collect = {
    filter_cases = function(case)
      return not only or table.concat(case.desc, " "):find(only, 1, true) ~= nil
    end,
  },
})
MiniTest.run_file(assert(_G.arg[1], "a test file must be named"), {
  execute = { reporter = require("helpers.reporter").new() },
})
-- CTest has its own, shorter limit; this one ends runs started by hand.
vim.wait(1800000 + (tonumber(vim.env.SOAK_MINUTES) or 0) * 60000, function()
  return not MiniTest.is_executing()
end, 20)

-- Stop what a failed case has left running.
require("helpers.child").stop_all()
require("helpers.standin").stop_all()

local cases = MiniTest.current.all_cases or {}
local failed, passed = #cases == 0, {}
for _, case in ipairs(cases) do
  -- "Pass with notes" and skipped cases have passed; a case that never ran has not.
  local good = case.exec and tostring(case.exec.state):find("^Pass")
  failed = failed or not good
  table.insert(passed, good and case.desc[#case.desc] or nil)
end
if record_file then
  vim.fn.mkdir(record, "p")
  vim.fn.writefile(passed, record_file)
end
vim.cmd(failed and "1cquit" or "0cquit")
