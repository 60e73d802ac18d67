-- SPDX-License-Identifier: Apache-2.0
-- Which file a code block is about. What is not certain is asked.
local M = {}

local api = vim.api
local uv = vim.uv

--- Calls back with the path, or with an error; with neither if the user declined.
---@alias chatvim.ApplyFound fun(path: string?, err: string?)

---@param path string
---@param modifiers? string default: as short as possible
---@return string
local function shown(path, modifiers)
  path = vim.fn.fnamemodify(path, modifiers or ":~:.")
  return require("chatvim.view.printable").show(path)
end

--- Asks a question with a list of answers. Closing the list is "no answer".
---@param prompt string
---@param items string[]
---@param callback fun(index: integer?)
local function ask(prompt, items, callback)
  local options = { prompt = prompt, kind = "chatvim-apply" }
  local numbers = {}
  for index in ipairs(items) do
    table.insert(numbers, index)
  end
  options.format_item = function(index)
    return items[index]
  end
  local err = require("chatvim.view.select").show(numbers, options, function(index)
    -- A picker may still be closing its windows.
    vim.schedule(function()
      callback(index)
    end)
  end)
  if err then
    require("chatvim.notify").show("the question cannot be shown: " .. err, "error")
    callback(nil)
  end
end

--- Returns a path without symbolic links; of a file that does not exist, as far as it exists. A
--- link to such a file is followed too: writing would create that file.
---@param path string
---@return string
local function real(path)
  local rest = ""
  local head = vim.fn.resolve(path)
  while head ~= "/" and head ~= "." do
    local found = uv.fs_realpath(head)
    if found then
      return found .. rest
    end
    rest = "/" .. vim.fs.basename(head) .. rest
    head = vim.fs.dirname(head)
  end
  return path
end

--- Whether a file exists, or a buffer that has not been written yet.
---@param path string
---@return boolean
local function exists(path)
  if uv.fs_stat(path) then
    return true
  end
  local buf = vim.fn.bufexists(path) == 1 and vim.fn.bufadd(path) or nil
  return buf ~= nil and api.nvim_buf_is_loaded(buf)
end

--- Whether a path is in one of the folders, links resolved.
---@param path string
---@param folders string[]
---@return boolean
local function is_inside(path, folders)
  local place = real(path)
  for _, folder in ipairs(folders) do
    local root = real(folder)
    if vim.startswith(place, root == "/" and root or root .. "/") then
      return true
    end
  end
  return false
end

--- Returns what a path as written may mean: it is relative to the chat's folder or the working one.
---@param written string
---@param folders string[]
---@return string[]
local function candidates(written, folders)
  local home = written:match("^~(/.*)$")
  if home then
    return { vim.fn.simplify(uv.os_homedir() .. home) }
  elseif vim.startswith(written, "/") then
    return { vim.fn.simplify(written) }
  end
  local paths, seen = {}, {}
  for _, folder in ipairs(folders) do
    local path = vim.fn.simplify(vim.fs.joinpath(folder, written))
    if not seen[real(path)] then
      seen[real(path)] = true
      table.insert(paths, path)
    end
  end
  return paths
end

--- Asks before a file outside of both folders is opened, since the model named it.
---@param run chatvim.ApplyRun
---@param path string
---@param callback chatvim.ApplyFound
local function confirm_outside(run, path, callback)
  if is_inside(path, run.folders) then
    return callback(path)
  end
  local prompt = "%s is outside of the chat's folder and of the working folder. Open it?"
  ask(prompt:format(shown(path)), { "Yes, propose the change there", "No" }, function(index)
    callback(index == 1 and path or nil)
  end)
end

--- Asks whether to create a file, and where if that is not certain.
---@param paths string[]
---@param other? fun() asks for another file
---@param callback chatvim.ApplyFound
local function ask_create(paths, other, callback)
  local items = vim.tbl_map(function(path)
    return #paths > 1 and "Yes, as " .. shown(path, ":~") or "Yes"
  end, paths)
  table.insert(items, other and "Another file…")
  table.insert(items, "No")
  ask(("Create %s?"):format(shown(paths[#paths])), items, function(index)
    if other and index == #paths + 1 then
      return other()
    end
    callback(index and paths[index] or nil)
  end)
end

--- Whether a block can be the text of a new file.
---@param block chatvim.Block
---@return boolean
local function can_create(block)
  return block.kind ~= "diff" or block.lines:find("%f[^\n%z]@@ %-0,0 ") ~= nil
end

--- Decides between the files that a path may mean.
---@param block chatvim.Block
---@param paths string[]
---@param other? fun() asks for another file; nil: the user has named this one
---@param callback chatvim.ApplyFound
local function decide(block, paths, other, callback)
  local there = vim.tbl_filter(exists, paths)
  if #there > 1 then
    local items = vim.tbl_map(function(path)
      return shown(path, ":~")
    end, there)
    ask(("Which %s?"):format(shown(block.path)), items, function(index)
      callback(index and there[index] or nil)
    end)
  elseif #there == 1 then
    callback(there[1])
  elseif can_create(block) then
    ask_create(paths, other, callback)
  elseif other and block.path_from == "label" then
    -- Perhaps a word above the block that is no path, such as `cfg.width`.
    other()
  else
    local path = other and block.path or shown(paths[#paths])
    callback(nil, ("%s: there is no such file to change"):format(path))
  end
end

--- Whether a buffer shows a file that is no chat.
---@param buf integer
---@return boolean
local function is_code(buf)
  local chat = require("chatvim.chat.state").find(buf)
  local is_file = api.nvim_buf_get_name(buf) ~= "" and vim.bo[buf].buftype == ""
  return is_file and not (chat and chat.used)
end

--- Returns the name of the file that the user most likely means: the alternate file, or that of the
--- buffer used last.
---@param chat integer
---@return string
local function likely(chat)
  local best, time = vim.fn.bufnr("#"), -1
  if best < 1 or best == chat or not is_code(best) then
    best = nil
    for _, info in ipairs(vim.fn.getbufinfo({ buflisted = 1 })) do
      if info.lastused > time and info.bufnr ~= chat and is_code(info.bufnr) then
        best, time = info.bufnr, info.lastused
      end
    end
  end
  return best and vim.fn.fnamemodify(api.nvim_buf_get_name(best), ":~:.") or ""
end

--- Asks for the file of a block that names none, or another than the user means.
---@param run chatvim.ApplyRun
---@param block chatvim.Block
---@param callback chatvim.ApplyFound
local function ask_path(run, block, callback)
  local options = { prompt = "Apply to: ", default = likely(run.chat), completion = "file" }
  vim.ui.input(options, function(input)
    vim.schedule(function()
      local written = vim.trim(input or "")
      if written == "" then
        return callback()
      end
      decide(block, candidates(written, { run.folders[2] }), nil, callback)
    end)
  end)
end

--- Finds the file of a block.
---@param run chatvim.ApplyRun
---@param block chatvim.Block
---@param callback chatvim.ApplyFound
function M.find(run, block, callback)
  local written = block.path
  if run.decided[written] ~= nil then
    return callback(run.decided[written] or nil)
  elseif written == "" then
    return ask_path(run, block, callback)
  elseif written:find("%c") then
    return callback(nil, "the path of a block holds control characters")
  end
  local function keep(path, err)
    if not err then
      run.decided[written] = path or false
    end
    callback(path, err)
  end
  local function other()
    ask_path(run, block, keep)
  end
  decide(block, candidates(written, run.folders), other, function(path, err)
    -- The user has quoted lines of a file that they have open. A quote alone may be another's text.
    local is_theirs = path and block.path_from == "quote" and vim.fn.bufloaded(path) == 1
    if not path or is_theirs then
      return keep(path, err)
    end
    confirm_outside(run, path, keep)
  end)
end

return M
