-- SPDX-License-Identifier: Apache-2.0
-- Asks what to do with a chat of the list: open, rename, title or delete it.
local M = {}

local move = require("chatvim.command.chat_move")
local notify = require("chatvim.notify")
local printable = require("chatvim.view.printable")

---@param err? string
local function warn(err)
  if err then
    notify.show(err, "warn")
  end
end

--- Asks for a chat's new file name.
---@param path string
local function rename(path)
  local name = vim.fs.basename(path)
  vim.ui.input({ prompt = "Name: ", default = name }, function(new)
    warn(new and new ~= "" and new ~= name and move.rename(path, new) or nil)
  end)
end

--- Moves a chat to the trash folder, after a question.
---@param path string
local function delete(path)
  local question = ("Move %s to the trash folder?"):format(printable.show(vim.fs.basename(path)))
  vim.ui.select({ "No", "Yes, delete it" }, { prompt = question }, function(_, index)
    if index ~= 2 then
      return
    end
    local where, err = move.trash(path)
    warn(err)
    if where then
      local shown = printable.show(vim.fn.fnamemodify(where, ":~"))
      notify.show(("it is now %s; move it back to undo this"):format(shown), "info")
    end
  end)
end

--- Asks for a chat's title and sets it in its buffer. Writes the file if it was saved before.
---@param path string
---@param title? string the current one
---@param open fun(): string?
local function set_title(path, title, open)
  local prompt = "Title (empty: the model writes it): "
  vim.ui.input({ prompt = prompt, default = title }, function(new)
    if not new then
      return
    end
    local err = open()
    local buf = not err and move.buffer(path)
    if not buf then
      return warn(err)
    end
    local saved = not vim.bo[buf].modified
    require("chatvim.command.title").run(buf, new, function()
      if saved then
        require("chatvim.chat.autosave").write(buf)
      end
    end)
  end)
end

--- Asks what to do with a chat's file, and does it.
---@param path string
---@param title? string its title
---@param open fun(): string? opens it; returns an error
function M.manage(path, title, open)
  local actions = {
    {
      text = "open it",
      run = function()
        warn(open())
      end,
    },
    {
      text = "give it a title",
      run = function()
        set_title(path, title, open)
      end,
    },
    {
      text = "give it another name",
      run = function()
        rename(path)
      end,
    },
    {
      text = "delete it",
      run = function()
        delete(path)
      end,
    },
  }
  local options = {
    prompt = printable.show(vim.fs.basename(path)) .. ":",
    format_item = function(action)
      return action.text
    end,
  }
  vim.ui.select(actions, options, function(action)
    if action then
      action.run()
    end
  end)
end

return M
