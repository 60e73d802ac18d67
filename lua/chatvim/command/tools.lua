-- SPDX-License-Identifier: Apache-2.0
-- Chooses the tools that a chat may use, from a list of servers and their tools. Only the value of
-- `tools` in the front matter is changed.
local M = {}

local api = vim.api
local printable = require("chatvim.view.printable")

--- Longer descriptions are cut, in characters: Neovim's own list would wrap them.
local LONGEST = 50

--- A server of tools, as the program describes it.
---@class chatvim.ToolServer
---@field name string
---@field source string
---@field target string its exact command line, or its address
---@field program string the program that its command names; "" for an address
---@field chosen boolean
---@field start boolean
---@field known boolean
---@field tools chatvim.Tool[]

---@class chatvim.Tool
---@field label string SERVER.TOOL
---@field description string
---@field hints string[]
---@field chosen boolean
---@field allowed "always"|"ask"|"changed"

--- An entry of the list: a server, a tool of a server, or the end.
---@class chatvim.ToolItem
---@field server? chatvim.ToolServer
---@field tool? chatvim.Tool

---@param server chatvim.ToolServer
---@return integer chosen number of its tools that are chosen
local function count_chosen(server)
  local count = 0
  for _, tool in ipairs(server.tools) do
    count = count + (tool.chosen and 1 or 0)
  end
  return count
end

--- Returns the value for the front matter: a server by its name if all of it is chosen.
---@param servers chatvim.ToolServer[]
---@return string[]
function M.value(servers)
  local names = {}
  for _, server in ipairs(servers) do
    if server.chosen and count_chosen(server) == #server.tools then
      table.insert(names, server.name)
    elseif server.chosen then
      for _, tool in ipairs(server.tools) do
        if tool.chosen then
          table.insert(names, tool.label)
        end
      end
    end
  end
  return names
end

--- Changes the choice of an entry.
---@param item chatvim.ToolItem
function M.toggle(item)
  local server, tool = assert(item.server), item.tool
  if tool then
    tool.chosen = not tool.chosen
    server.chosen = count_chosen(server) > 0
    return
  end
  server.chosen = not (server.chosen and count_chosen(server) == #server.tools)
  for _, one in ipairs(server.tools) do
    one.chosen = server.chosen
  end
end

--- Cells that a list needs beside an entry, and the least that an entry gets.
local NUMBER, MINIMUM = 8, 40

---@param item chatvim.ToolItem
---@return string
function M.format(item)
  local server, tool = item.server, item.tool
  if not server then
    return "Done"
  elseif tool then
    local allowed = tool.allowed == "always" and "" or " (asks)"
    local text = tool.description:match("[^\n]*")
    if vim.fn.strchars(text) > LONGEST then
      text = vim.fn.strcharpart(text, 0, LONGEST) .. "…"
    end
    local mark = tool.chosen and "x" or " "
    text = printable.show(("    [%s] %s%s  %s"):format(mark, tool.label, allowed, text))
    -- Neovim's own list would break a longer line, and put a number before it.
    local width = math.max(vim.o.columns - NUMBER, MINIMUM)
    return vim.fn.printf(("%%.%dS"):format(width), text)
  end
  local count = count_chosen(server)
  local all = count == #server.tools
  local mark = not server.chosen and " " or all and "x" or "-"
  local words = server.known and ("%d tools"):format(#server.tools) or "not started yet"
  return printable.show(("[%s] %s  (%s)"):format(mark, server.name, words))
end

---@param buf integer
---@param servers chatvim.ToolServer[]
local function pick(buf, servers)
  ---@type chatvim.ToolItem[]
  local items = { {} }
  for _, server in ipairs(servers) do
    table.insert(items, { server = server })
    for _, tool in ipairs(server.tools) do
      table.insert(items, { server = server, tool = tool })
    end
  end
  vim.ui.select(items, {
    prompt = "Tools of this chat:",
    kind = "chatvim-tools",
    format_item = M.format,
  }, function(item)
    if not item or not api.nvim_buf_is_loaded(buf) then
      return
    elseif item.server then
      M.toggle(item)
      -- After the picker has closed its window.
      return vim.schedule(function()
        pick(buf, servers)
      end)
    end
    local names = M.value(servers)
    local words = #names > 0 and "tools: " .. table.concat(names, ", ") or "no tools"
    require("chatvim.command.front_matter").set(buf, "set_tools", { tools = names }, words)
  end)
end

--- Sets the tools of a buffer's chat by name, or lets the user choose.
---@param buf integer
---@param names string[] empty: shows the list
function M.choose(buf, names)
  local edit = require("chatvim.command.front_matter")
  if #names > 0 then
    local words = "tools: " .. table.concat(names, ", ")
    return edit.set(buf, "set_tools", { tools = names }, words)
  elseif not edit.can_edit(buf) then
    return
  end
  require("chatvim.program.query").ask("tools", buf, function(err, value, level)
    if err then
      require("chatvim.notify").show(err, level)
      return
    end
    for _, warning in ipairs(value.warnings) do
      require("chatvim.notify").show(warning, "warn")
    end
    pick(buf, value.servers)
  end)
end

--- Timeout for completion, in ms.
local COMPLETE_LIMIT = 1000

--- Returns the names of servers and tools that begin with the typed text.
---@param lead string
---@return string[]
function M.complete(lead)
  local buf = api.nvim_get_current_buf()
  local value = require("chatvim.program.query").wait("tools", buf, COMPLETE_LIMIT)
  local names = {}
  for _, server in ipairs(type(value) == "table" and value.servers or {}) do
    table.insert(names, server.name)
    for _, tool in ipairs(server.tools) do
      table.insert(names, tool.label)
    end
  end
  return vim.tbl_filter(function(name)
    return vim.startswith(name, lead)
  end, names)
end

return M
