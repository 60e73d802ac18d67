-- SPDX-License-Identifier: Apache-2.0
-- Searches for a text in everything that a child and its processes hold in memory or have written.
local M = {}

--- Searches in the editor. The text is passed in two halves, so that the search does not find
--- itself.
local IN_EDITOR = [[
  local first, second = ...
  local found = {}
  local function look(where, text)
    if type(text) == "string" and text:find(first .. second, 1, true) then
      found[where] = true
    end
  end
  local api = vim.api
  look(":messages", api.nvim_exec2("messages", { output = true }).output)
  look("v:errmsg", vim.v.errmsg)
  for _, buf in ipairs(api.nvim_list_bufs()) do
    look("a buffer", table.concat(api.nvim_buf_get_lines(buf, 0, -1, false), "\n"))
    look("a buffer's name", api.nvim_buf_get_name(buf))
    look("extmarks", vim.inspect(api.nvim_buf_get_extmarks(buf, -1, 0, -1, { details = true })))
    look("buffer variables", vim.inspect(vim.fn.getbufvar(buf, "")))
  end
  look("diagnostics", vim.inspect(vim.diagnostic.get()))
  look("quickfix", vim.inspect(vim.fn.getqflist({ all = 1 })))
  for _, win in ipairs(api.nvim_list_wins()) do
    look("location list", vim.inspect(vim.fn.getloclist(win, { all = 1 })))
    look("winbar", vim.wo[win].winbar)
  end
  look("winbar", require("chatvim").winbar())
  look("status", require("chatvim").status())
  for name in ('"*+0123456789abcdefghijklmnopqrstuvwxyz-/:.%#'):gmatch(".") do
    look("register " .. name, vim.fn.getreg(name))
  end
  for _, kind in ipairs({ "cmd", "search", "expr", "input", "debug" }) do
    for entry = 1, vim.fn.histnr(kind) do
      look("history", vim.fn.histget(kind, entry))
    end
  end
  look("variables", vim.inspect(vim.fn.getcompletion("", "var")))
  look("channels", vim.inspect(api.nvim_list_chans()))
  look("autocommands", vim.inspect(api.nvim_get_autocmds({})))

  -- Everything reachable from Lua: values, keys, upvalues, metatables, environments, locals of
  -- coroutines.
  local seen, queue = {}, {}
  local function add(value, path)
    if type(value) == "string" then
      look("Lua: " .. path, value)
    elseif value ~= nil and type(value) ~= "number" and type(value) ~= "boolean" and not seen[value]
      and value ~= look and value ~= add then
      seen[value] = true
      queue[#queue + 1] = { value, path }
    end
  end
  seen[found], seen[queue], seen[seen] = true, true, true
  add(_G, "_G")
  add(package.loaded, "loaded")
  add(debug.getregistry(), "registry")
  local at = 0
  while at < #queue do
    at = at + 1
    local value, path = queue[at][1], queue[at][2]
    path = #path < 120 and path or path:sub(1, 120)
    add(debug.getmetatable(value), path .. "<meta>")
    if type(value) == "table" then
      for key, item in next, value do
        add(key, path .. "<key>")
        add(item, path .. "." .. tostring(key):sub(1, 40))
      end
    elseif type(value) == "function" then
      local index = 1
      while true do
        local name, item = debug.getupvalue(value, index)
        if not name then
          break
        end
        add(item, path .. "^" .. name)
        index = index + 1
      end
      add(debug.getfenv(value), path .. "<env>")
    elseif type(value) == "thread" and value ~= coroutine.running() then
      for level = 0, 20 do
        if not debug.getinfo(value, level, "S") then
          break
        end
        local index = 1
        while true do
          local name, item = debug.getlocal(value, level, index)
          if not name then
            break
          end
          add(item, path .. "!" .. name)
          index = index + 1
        end
      end
    end
  end
  local temporary = vim.fn.fnamemodify(vim.fn.tempname(), ":h")
  return { found = vim.tbl_keys(found), values = at, temporary = temporary }
]]

--- Records all messages on the channel in `_G.heard`, which the search covers.
local LISTEN = [[
  _G.heard = {}
  local process = require("chatvim.program.process")
  local receive, notify = process.receive, vim.rpcnotify
  process.receive = function(...)
    table.insert(_G.heard, vim.inspect({ ... }))
    return receive(...)
  end
  vim.rpcnotify = function(...)
    table.insert(_G.heard, vim.inspect({ ... }))
    return notify(...)
  end
]]

---@param path string
---@return string
local function read(path)
  local file = io.open(path, "rb")
  local text = file and file:read("*a") or ""
  if file then
    file:close()
  end
  return text
end

--- Returns the id of a process and those of all its descendants.
---@param pid integer
---@return integer[]
local function family(pid)
  local pids = { pid }
  for name in read(("/proc/%d/task/%d/children"):format(pid, pid)):gmatch("%d+") do
    vim.list_extend(pids, family(tonumber(name)))
  end
  return pids
end

--- Records the messages between the plugin and the program from now on.
---@param child tests.Child
function M.listen(child)
  child:lua(LISTEN)
end

--- Returns the places that contain `text`: in the editor and its Lua, in the command lines and
--- environments of its processes, in files.
---@param child tests.Child
---@param text string
---@param known? { files?: string[], environment?: boolean } places to skip, because the test itself
---  put the text there: names of files in the child's private folder, and the environment
---@return string[]
function M.find(child, text, known)
  known = known or {}
  local half = math.floor(#text / 2)
  local answer = child:lua(IN_EDITOR, text:sub(1, half), text:sub(half + 1))
  assert(answer.values > 1000, "the search saw next to nothing of Lua")
  local found = answer.found
  local function look(where, content)
    if content:find(text, 1, true) then
      table.insert(found, where)
    end
  end
  local pids = family(child.pid)
  for _, pid in ipairs(pids) do
    look("a command line", read(("/proc/%d/cmdline"):format(pid)))
    if not known.environment then
      look("an environment", read(("/proc/%d/environ"):format(pid)))
    end
  end
  for _, folder in ipairs({ child.home, answer.temporary }) do
    for name, kind in vim.fs.dir(folder, { depth = 20 }) do
      if kind == "file" and not vim.list_contains(known.files or {}, name) then
        look("the file " .. name, read(folder .. "/" .. name))
        look("the name of " .. name, name)
      end
    end
  end
  table.sort(found)
  return found
end

return M
