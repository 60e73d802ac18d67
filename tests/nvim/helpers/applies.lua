-- SPDX-License-Identifier: Apache-2.0
-- Answers with code, and their application in a child.
local case = require("helpers.case")
local files = require("helpers.system")
local reviews = require("helpers.reviews")
local wait = require("helpers.wait")

local M = {}

--- A file of several functions.
M.LUA = [[
local M = {}

function M.one()
  return 1
end

function M.two()
  return 2
end

return M
]]

--- Returns a code block.
---@param label string the line above it, or ""
---@param info string
---@param text string
---@return string
function M.block(label, info, text)
  return ("%s```%s\n%s\n```\n"):format(label ~= "" and label .. "\n\n" or "", info, text)
end

--- Returns a chat whose answer has these parts.
---@param ... string
---@return string
function M.chat(...)
  return case.answered("Q", table.concat({ ... }, "\n"))
end

--- Starts a child with `M.LUA` in src/code.lua and a chat, which is the current buffer.
---@param text string
---@param options? tests.ChildOptions
---@return tests.Child
---@return integer chat
function M.start(text, options)
  local child = case.child(options)
  vim.fn.mkdir(child.folder .. "/src", "p")
  files.write(child.folder .. "/src/code.lua", M.LUA)
  return child, child:chat(text)
end

--- Answers every question with the item that contains `M.choices[n]`, and records the questions.
---@param child tests.Child
---@param choices string[] plain text; "" closes the question
---@param inputs? string[] what is typed for `vim.ui.input()`; "" cancels
function M.answer(child, choices, inputs)
  child:lua(
    [[
      local choices, inputs = ...
      _G.asked = {}
      vim.ui.select = function(items, options, on_choice)
        local wanted = table.remove(choices, 1)
        local texts = vim.tbl_map(options.format_item, items)
        table.insert(_G.asked, options.prompt .. " " .. table.concat(texts, " | "))
        for index, text in ipairs(texts) do
          if wanted ~= "" and text:find(wanted, 1, true) then
            return on_choice(items[index], index)
          end
        end
        on_choice(nil)
      end
      vim.ui.input = function(options, on_confirm)
        table.insert(_G.asked, options.prompt .. options.default)
        local typed = table.remove(inputs, 1)
        on_confirm(typed ~= "" and typed or nil)
      end
    ]],
    choices,
    inputs or {}
  )
end

--- Returns the questions so far.
---@param child tests.Child
---@return string[]
function M.asked(child)
  return child:lua("return _G.asked")
end

--- Puts the cursor of the chat on the first line with a text, and runs a command there.
---@param child tests.Child
---@param text string
---@param command? string
function M.at(child, text, command)
  child:lua([[vim.fn.search("\\V" .. ..., "w")]], text)
  child:command(command or "ChatvimApply")
end

--- Waits until the current buffer is a file with a review, and returns its changes.
---@param child tests.Child
---@param name string
---@return table[]
function M.wait(child, name)
  return wait.until_true("a review of " .. name, function()
    local current = vim.fs.basename(child:api("nvim_buf_get_name", 0))
    return current == name and reviews.changes(child)
  end)
end

return M
