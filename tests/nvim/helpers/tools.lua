-- SPDX-License-Identifier: Apache-2.0
-- Chats with tools: the scripted tool server "demo", calls of it, and how calls look in a chat.
local case = require("helpers.case")
local environment = require("helpers.environment")
local files = require("helpers.system")
local replies = require("helpers.replies")
local wait = require("helpers.wait")

local M = {}

--- The front matter of a chat that may use the built-in tools.
M.FILES = '+++\ntools = ["files"]\n+++\n\n'

--- The front matter of a chat that may use the scripted server.
M.DEMO = '+++\ntools = ["demo"]\n+++\n\n'

--- Returns a config.md with the tool server "demo", `chatvim-mcp-standin`.
---@param more? string further lines of its table
---@param ... string its arguments
---@return string
function M.config(more, ...)
  local command = { environment.tool_server, ... }
  local list = vim.json.encode(command):gsub("\\/", "/")
  local server = ("[tools.demo]\ncommand = %s\n%s\n"):format(list, more or "")
  local text = case.config()
  local at = #text - #"+++\n"
  return text:sub(1, at) .. server .. text:sub(at + 1)
end

--- Starts a child with the server "demo".
---@param more? string further lines of its table, such as 'ask = "never"'
---@param options? tests.ChildOptions
---@return tests.Child
function M.child(more, options)
  options = vim.tbl_extend("force", { config = M.config(more) }, options or {})
  return case.child(options)
end

--- Reads the server's list of tools, as a user would with `chatvim tools --start`, which is consent
--- to that one start.
---@param child tests.Child
function M.know(child)
  local result = vim
    .system({ environment.program, "tools", "--start", "demo" }, {
      cwd = child.folder,
      env = {
        XDG_CONFIG_HOME = child.home .. "/config",
        XDG_STATE_HOME = child.home .. "/state",
      },
    })
    :wait(wait.limit)
  assert(result.code == 0, result.stderr)
end

--- Returns a call of files.read.
---@param id string
---@param path string
---@return tests.Call
function M.read(id, path)
  return { id = id, name = "files__read", arguments = { path = path } }
end

--- Returns a call of a tool of the server "demo".
---@param id string
---@param tool string
---@param arguments? table|string
---@return tests.Call
function M.demo(id, tool, arguments)
  return { id = id, name = "demo__" .. tool, arguments = arguments or "{}" }
end

--- Returns the block of a call; without `outcome` it is open.
---@param step integer
---@param tool string
---@param id string
---@param arguments string
---@param outcome? string
---@param result? string
---@return string
function M.block(step, tool, id, arguments, outcome, result)
  local text = ("<details><summary>Step %d: %s</summary>\n\n```json %s\n%s\n```\n\n"):format(
    step,
    tool,
    id,
    arguments
  )
  if outcome then
    text = text .. ("```text %s\n%s```\n\n"):format(outcome, result and result .. "\n" or "")
  end
  return text .. "</details>"
end

--- Returns the block of a call of the server "demo".
---@param tool string
---@param id string
---@param outcome? string
---@param result? string
---@param arguments? string
---@return string
function M.demo_block(tool, id, outcome, result, arguments)
  return M.block(1, "demo." .. tool, id, arguments or "{}", outcome, result)
end

--- Scripts an answer that calls tools, and then the replies to the results.
---@param calls tests.Call[]
---@param ... string|table texts, or replies
function M.script(calls, ...)
  local script = { replies.calls(calls) }
  for _, reply in ipairs({ ... }) do
    table.insert(script, type(reply) == "string" and replies.answer(reply) or reply)
  end
  case.standin:script(script)
end

--- Returns the processes that descend from a process: its tool servers, and the guard that ends
--- them when the program cannot. Needs /proc.
---@param pid integer
---@return integer[]
function M.below(pid)
  local parents = {}
  for name in vim.fs.dir("/proc") do
    local file = tonumber(name) and io.open("/proc/" .. name .. "/stat")
    local stat = file and file:read("*a") or ""
    if file then
      file:close()
    end
    parents[tonumber(name) or 0] = tonumber(stat:match("^.*%) %S (%d+)"))
  end
  local found = {}
  for process in pairs(parents) do
    local above = process
    while above and above ~= pid do
      above = parents[above]
    end
    if above and process ~= pid then
      table.insert(found, process)
    end
  end
  return found
end

--- Waits until no process of these is alive.
---@param pids integer[]
---@param limit integer in milliseconds
function M.expect_gone(pids, limit)
  wait.until_true("the end of every process", function()
    return not vim.iter(pids):any(files.is_alive)
  end, limit)
end

--- Waits until the progress line has a text.
---@param child tests.Child
---@param part string
---@param buf? integer
function M.wait_progress(child, part, buf)
  wait.until_true(part .. " in the progress line", function()
    return child:virtual_text(buf):find(part, 1, true)
  end)
end

--- Returns the messages of the last request.
---@return table[]
function M.messages()
  local requests = case.standin:requests()
  return requests[#requests].json.messages
end

--- Records each question with the window above, and answers it with the first text that one of its
--- items begins with; cancels it if there is none.
local STUB = [[
  _G.asked, _G.answers = {}, { ... }
  vim.ui.select = function(items, options, on_choice)
    local texts = vim.tbl_map(options.format_item, items)
    local lines, syntax = {}, ""
    for _, win in ipairs(vim.api.nvim_list_wins()) do
      local buf = vim.api.nvim_win_get_buf(win)
      if vim.bo[buf].buftype == "nofile" and vim.bo[buf].bufhidden == "wipe" then
        lines = vim.api.nvim_buf_get_lines(buf, 0, -1, true)
        syntax = vim.bo[buf].syntax
      end
    end
    local asked = { prompt = options.prompt, items = texts, shown = lines, syntax = syntax }
    table.insert(_G.asked, asked)
    for number, wanted in ipairs(_G.answers) do
      for index, text in ipairs(texts) do
        if vim.startswith(text, wanted) then
          table.remove(_G.answers, number)
          return on_choice(items[index])
        end
      end
    end
    on_choice(nil)
  end
]]

--- Makes the child answer questions with the items that begin with these texts, each text once;
--- questions that no text fits are cancelled.
---@param child tests.Child
---@param ... string
function M.answer_with(child, ...)
  child:lua(STUB, ...)
end

--- Makes the child give this reason for a refusal; `false` cancels the input.
---@param child tests.Child
---@param reason string|false
function M.reason_with(child, reason)
  child:lua(
    [[
    local reason = ...
    vim.ui.input = function(options, on_confirm)
      _G.reason = options.prompt
      on_confirm(reason or nil)
    end
  ]],
    reason
  )
end

return M
