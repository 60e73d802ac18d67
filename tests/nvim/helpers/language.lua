-- SPDX-License-Identifier: Apache-2.0
-- Questions to the language server through the client of a child.
local wait = require("helpers.wait")

local M = {}

--- Waits until the language client is attached to a buffer and the server has answered.
---@param child tests.Child
---@param buf? integer
---@return integer id of the client
function M.wait(child, buf)
  return wait.until_true("the language client", function()
    local id = child:lua(
      "local client = vim.lsp.get_clients({ bufnr = ..., name = 'chatvim' })[1]\n"
        .. "return client and client.id",
      buf or 0
    )
    return id ~= vim.NIL and id
  end)
end

--- Asks the server about a position in the current buffer.
---@param child tests.Child
---@param method string
---@param row integer from 0
---@param column integer
---@return any
function M.ask(child, method, row, column)
  M.wait(child)
  local position = { line = row, character = column }
  local result = child:lua(
    "local method, position = ...\n"
      .. "return require('chatvim.lsp.client').ask(method, { position = position })",
    method,
    position
  )
  return result ~= vim.NIL and result or nil
end

--- Writes a line at the end of the current buffer and returns the completions at its end.
---@param child tests.Child
---@param line string
---@param column? integer default: the end
---@return table[] items
function M.complete(child, line, column)
  local row = child:api("nvim_buf_line_count", 0) - 1
  child:api("nvim_buf_set_lines", 0, row, row + 1, true, { line })
  return M.ask(child, "textDocument/completion", row, column or #line).items
end

--- Returns the texts that the completions of a line would insert.
---@param child tests.Child
---@param line string
---@param column? integer
---@return string[]
function M.words(child, line, column)
  return vim.tbl_map(function(item)
    return item.textEdit.newText
  end, M.complete(child, line, column))
end

--- Returns a line with a completion accepted.
---@param line string
---@param item table
---@return string
function M.accept(line, item)
  local range = item.textEdit.range
  return line:sub(1, range.start.character)
    .. item.textEdit.newText
    .. line:sub(range["end"].character + 1)
end

return M
