-- SPDX-License-Identifier: Apache-2.0
-- Run by scripts/package.sh in a Neovim that finds only the plugin from an unpacked package: checks
-- that the package's own program answers and that the help is available.
local function fail(text)
  io.stderr:write("chatvim: error: " .. text .. "\n")
  vim.cmd("cquit")
end

local function try()
  local root = require("chatvim.program.locate").root()
  local program, err = require("chatvim.program.locate").find()
  if not program then
    fail(err)
  end
  local prefix = vim.env.XDG_DATA_DIRS:gsub("/share$", "")
  if program ~= prefix .. "/bin/chatvim" or root:sub(1, #prefix) ~= prefix then
    fail(("the plugin in %s takes the program %s"):format(root, program))
  end

  vim.cmd("help chatvim")
  if vim.bo.buftype ~= "help" or not vim.api.nvim_buf_get_name(0):find(prefix, 1, true) then
    fail("the help is not the package's")
  end

  vim.cmd("enew")
  vim.bo.filetype = "markdown"
  vim.api.nvim_buf_set_lines(0, 0, -1, true, { "# === USER ===", "", "from a package" })
  local ended
  vim.api.nvim_create_autocmd("User", {
    pattern = "ChatvimEnd",
    callback = function(event)
      ended = event.data
    end,
  })
  vim.cmd("ChatvimComplete")
  vim.wait(20000, function()
    return ended ~= nil
  end)
  local text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, true), "\n")
  local _, count = text:gsub("from a package", "")
  if not ended or ended.outcome ~= "done" or count < 2 then
    fail("no answer came: " .. vim.inspect(ended) .. "\n" .. text)
  end
  io.stderr:write("chatvim: answered in Neovim " .. tostring(vim.version()) .. "\n")
end

local ok, err = pcall(try)
if not ok then
  fail(err)
end
vim.cmd("qall!")
