-- SPDX-License-Identifier: Apache-2.0
-- Chats about which the user is asked before they are sent, and a stub of `vim.ui.select`.
local case = require("helpers.case")
local system = require("helpers.system")
local wait = require("helpers.wait")

local M = {}

--- Starts a child with a file outside of the chat's folder, `elsewhere/a.txt` in its private
--- folder.
---@param text? string of the file
---@param options? tests.ChildOptions
---@return tests.Child
function M.start(text, options)
  local child = case.child(options)
  vim.fn.mkdir(child.home .. "/elsewhere", "p")
  system.write(child.home .. "/elsewhere/a.txt", text or "from elsewhere\n")
  return child
end

--- Returns a chat that embeds a file of that folder.
---@param child tests.Child
---@param name? string
---@return string
function M.embed(child, name)
  return ("![](%s/elsewhere/%s)\n"):format(child.home, name or "a.txt")
end

--- Makes the child answer the next lists with the items that begin with these texts, in order;
--- `false` cancels.
---@param child tests.Child
---@param ... string|false
function M.answer_with(child, ...)
  child:lua(
    [[
    _G.asked, _G.answers = {}, { ... }
    vim.ui.select = function(items, options, on_choice)
      local texts = vim.tbl_map(options.format_item, items)
      table.insert(_G.asked, { prompt = options.prompt, items = texts })
      local wanted = table.remove(_G.answers, 1)
      for index, text in ipairs(texts) do
        if wanted and vim.startswith(text, wanted) then
          return on_choice(items[index])
        end
      end
      on_choice(nil)
    end
  ]],
    ...
  )
end

--- Returns the lists shown since the last `answer_with`.
---@param child tests.Child
---@return { prompt: string, items: string[] }[]
function M.asked(child)
  child:sync()
  return child:lua("return _G.asked")
end

--- Completes the chat, which is first refused, then asked about, then sent.
---@param child tests.Child
function M.complete(child)
  local before = #child:events("ChatvimEnd")
  child:command("ChatvimComplete")
  local outcome
  wait.until_true("the end of the answer that was allowed", function()
    local ends = child:events("ChatvimEnd")
    outcome = ends[#ends]
    return #ends > before and outcome.outcome == "done"
  end)
  child:sync()
end

--- Returns the last message of the last request, and the number of requests.
---@return string text
---@return integer count
function M.sent()
  local requests = case.standin:requests()
  local messages = requests[#requests].json.messages
  return messages[#messages].content, #requests
end

return M
