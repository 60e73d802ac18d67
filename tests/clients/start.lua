-- SPDX-License-Identifier: Apache-2.0
-- Starts a Neovim that has the language server and nothing else of ours: no plugin.
local case = require("helpers.case")
local children = require("helpers.child")
local environment = require("helpers.environment")

local M = {}

--- Returns the command that starts the server. If CHATVIM_RECORD names a folder, what is said is
--- written to a file there.
---@param name? string of the session's file
---@param title? string
---@param folder? string the private folder of the editor
---@return string[]
function M.command(name, title, folder)
  local command = { environment.program, "lsp" }
  local records = vim.env.CHATVIM_RECORD
  if not (name and records and records ~= "") then
    return command
  end
  local recorder = environment.root .. "/tests/clients/record.lua"
  local file = ("%s/%s.md"):format(records, name)
  local nvim = { "env", "CHATVIM_CLIENT_FOLDER=" .. folder, environment.nvim, "--clean", "-n" }
  vim.list_extend(nvim, { "-i", "NONE", "-l", recorder, file, title })
  return vim.list_extend(nvim, command)
end

--- Starts a Neovim without the plugin, whose own client starts the server for markdown.
---@param options? { name?: string, commands?: string[], settings?: table }
---@return tests.Child
function M.neovim(options)
  options = options or {}
  local none = vim.fn.tempname()
  vim.fn.mkdir(none)
  local child = children.start({
    config = case.config(),
    plugin = none,
    commands = vim.list_extend({ "filetype plugin on" }, options.commands or {}),
  })
  local version = child:lua("return tostring(vim.version())"):gsub("+.*", "")
  local title = ("Neovim %s, its own client without the plugin"):format(version)
  child:lua(
    [[
    local config = {
      name = "chatvim",
      cmd = ...,
      filetypes = { "markdown" },
      init_options = select(2, ...),
      on_exit = function(code)
        _G.exit_code = code
      end,
    }
    if vim.lsp.config then
      vim.lsp.config("chatvim", config)
      vim.lsp.enable("chatvim")
    else
      vim.api.nvim_create_autocmd("FileType", {
        pattern = "markdown",
        callback = function()
          -- The file type's own plugin has set it, and 0.10 leaves it then.
          vim.bo.omnifunc = ""
          vim.lsp.start(config)
        end,
      })
    end
  ]],
    M.command(options.name, title, child.home),
    options.settings and { settings = options.settings } or vim.empty_dict()
  )
  return child
end

--- Opens a chat and waits until the server is attached.
---@param child tests.Child
---@param text string
---@param name? string
function M.open(child, text, name)
  child:chat(text, name)
  require("helpers.wait").until_true("the client", function()
    return child:lua([[
      local client = vim.lsp.get_clients({ bufnr = 0, name = "chatvim" })[1]
      return client and client.initialized or false
    ]])
  end)
end

--- Ends the server as an editor that quits does, and returns its exit code.
---@param child tests.Child
---@return integer
function M.stop_server(child)
  return child:lua([[
    local client = vim.lsp.get_clients({ name = "chatvim" })[1]
    if vim.fn.has("nvim-0.11") == 1 then
      client:stop()
    else
      client.stop()
    end
    vim.wait(10000, function()
      return _G.exit_code
    end, 5)
    return _G.exit_code
  ]])
end

return M
