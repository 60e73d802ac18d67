-- SPDX-License-Identifier: Apache-2.0
-- Chats that several models answer.
local case = require("helpers.case")
local wait = require("helpers.wait")

local M = {}

M.CHAT = "# === USER ===\n\nWho are you?\n"

--- Returns replies of models, each with the gate "end" after its text.
---@param texts table<string, string> by model
---@return table
function M.script(texts)
  local list = {}
  for model, text in pairs(texts) do
    local steps = {
      { deltas = { text = { text }, count = 1 } },
      { wait = model },
      { finish = "stop", usage = true },
    }
    table.insert(list, { match = { model = model }, steps = steps })
  end
  return list
end

--- Starts a child whose chat is asked of the models; each has written its text and waits at a gate
--- that has its name.
---@param texts table<string, string> by model
---@param options? tests.ChildOptions
---@return tests.Child
---@return integer buf the chat
function M.start(texts, options)
  local child = case.child(options)
  local buf = child:chat(M.CHAT)
  M.ask(child, texts)
  return child, buf
end

--- Asks the models in the current chat.
---@param child tests.Child
---@param texts table<string, string> by model
function M.ask(child, texts)
  case.standin:script(M.script(texts))
  local names = vim.tbl_keys(texts)
  table.sort(names)
  child:command("ChatvimComplete " .. table.concat(names, " "))
  for _, name in ipairs(names) do
    -- The buffer of an earlier answer may be there already.
    wait.until_true("the text of " .. name, function()
      return child:text(M.buffer(child, name)):find(texts[name], 1, true)
    end)
  end
end

--- Returns the buffer of a model's last answer.
---@param child tests.Child
---@param model string
---@return integer
function M.buffer(child, model)
  return wait.until_true("the buffer of " .. model, function()
    for _, buf in vim.iter(child:api("nvim_list_bufs")):rev():enumerate() do
      if child:api("nvim_buf_get_name", buf):find("^chatvim://%d+/standin/" .. model .. "$") then
        return buf
      end
    end
  end)
end

--- Goes to the window of a model's answer.
---@param child tests.Child
---@param model string
function M.go(child, model)
  local buf = M.buffer(child, model)
  child:lua("vim.api.nvim_set_current_win(vim.fn.win_findbuf(...)[1])", buf)
end

--- Lets answers end.
---@param ... string models
function M.release(...)
  for _, model in ipairs({ ... }) do
    case.standin:release(model)
  end
end

--- Waits until the chat has the answers.
---@param child tests.Child
---@param buf integer
---@param model string one whose answer is folded
function M.wait_folded(child, buf, model)
  child:wait_text(("<details><summary>Answer: standin/%s</summary>"):format(model), buf)
end

return M
