-- SPDX-License-Identifier: Apache-2.0
-- Finds the files that a pattern matches, by the rules of src/embed/wildcard.cpp and glob.cpp. Does
-- not use Neovim's own globs, which run text in backticks and have other wildcards.
local M = {}

local uv = vim.uv
local folders = require("chatvim.embed.folder")
local target = require("chatvim.embed.target")

--- Time limit for a search, in ms.
local TIME = 500

--- Lua's character classes by their POSIX names.
local CLASSES = {
  alpha = "%a",
  digit = "%d",
  alnum = "%w",
  upper = "%u",
  lower = "%l",
  blank = "[ \t]",
  space = "%s",
  cntrl = "%c",
  graph = "[!-~]",
  print = "[ -~]",
  punct = "%p",
  xdigit = "%x",
}

--- One element of a pattern: a star, any byte, a certain byte, or a set of bytes.
---@alias chatvim.glob.Token "*"|true|integer|table<integer, boolean>

--- A folder to search, and the index of the pattern component that its names must match.
---@alias chatvim.glob.Step { path: string, at: integer }

--- A search in progress. Owned by `find`.
---@class chatvim.glob.Search
---@field segments string[]
---@field queue chatvim.glob.Step[]
---@field seen table<string, true> visited steps; two `**` can reach a folder in many ways
---@field paths string[]
---@field stop number the deadline, as of |uv.hrtime()|
---@field cut? boolean a folder was not read completely

--- Removes the escapes from a component.
---@param segment string
---@return string
local function plain(segment)
  return (segment:gsub("\\(.)", "%1"))
end

--- Splits a pattern into its root folder and the components from the first one with a wildcard.
---@param pattern string
---@param folder string
---@return string root
---@return string[] segments
local function split(pattern, folder)
  local root, segments = pattern:find("^/") and "/" or folder, {}
  for segment in pattern:gmatch("[^/]+") do
    if #segments == 0 and not target.is_pattern(segment) then
      root = segment == "." and root or target.join(root, plain(segment))
    elseif segment ~= "." and not (segment == "**" and segments[#segments] == "**") then
      table.insert(segments, segment)
    end
  end
  if segments[#segments] == "**" then
    table.insert(segments, "*")
  end
  return root, segments
end

--- Handles a name that matches a component: adds a file if the component is the last one, otherwise
--- queues a folder.
---@param search chatvim.glob.Search
---@param here chatvim.glob.Step
---@param name string
---@param type? string
local function take(search, here, name, type)
  local path = target.join(here.path, name)
  if here.at == #search.segments then
    if type == "file" then
      table.insert(search.paths, path)
    end
  elseif type == "directory" then
    table.insert(search.queue, { path = path, at = here.at + 1 })
  end
end

--- Returns the names in a folder that a component matches; hidden ones only if it begins with a
--- dot.
---@param search chatvim.glob.Search
---@param path string
---@param segment string
---@return chatvim.folder.Name[]
local function match_names(search, path, segment)
  local hidden = segment:find("^%.") ~= nil
  local tokens = segment ~= "**" and M.tokens(segment)
  local left = math.max((search.stop - uv.hrtime()) / 1e6, 0)
  local names, whole = folders.read(path, function(name)
    return (hidden or name:byte() ~= 46) and (not tokens or M.matches(tokens, name))
  end, left)
  search.cut = search.cut or not whole
  return names
end

--- Searches a folder for the names that a component of the pattern matches.
---@param search chatvim.glob.Search
---@param here chatvim.glob.Step
local function step(search, here)
  local key = here.at .. here.path
  if search.seen[key] then
    return
  end
  search.seen[key] = true
  local segment = search.segments[here.at]
  if segment == "**" then
    table.insert(search.queue, { path = here.path, at = here.at + 1 })
    for _, entry in ipairs(match_names(search, here.path, segment)) do
      -- Not links, which could form a cycle.
      if entry.type == "directory" then
        table.insert(search.queue, { path = target.join(here.path, entry.name), at = here.at })
      end
    end
  elseif target.is_pattern(segment) then
    for _, entry in ipairs(match_names(search, here.path, segment)) do
      local type = folders.type(target.join(here.path, ""), entry)
      take(search, here, entry.name, type)
    end
  else
    local name = plain(segment)
    local stat = uv.fs_stat(target.join(here.path, name))
    take(search, here, name, stat and stat.type)
  end
end

--- Finds files, including those that `.gitignore` keeps out of a chat.
---@param pattern string
---@param folder string the folder that the pattern is relative to
---@param most integer
---@return string[] paths sorted
---@return boolean whole false if there may be more
function M.find(pattern, folder, most)
  local root, segments = split(pattern, folder)
  ---@type chatvim.glob.Search
  local search = {
    segments = segments,
    -- Breadth first, so that near files are found first if the search is cut off.
    queue = { { path = root, at = 1 } },
    seen = {},
    paths = {},
    stop = uv.hrtime() + TIME * 1e6,
  }
  local next_step = 1
  while search.queue[next_step] and #search.paths <= most and uv.hrtime() < search.stop do
    step(search, search.queue[next_step])
    next_step = next_step + 1
  end
  local whole = not search.queue[next_step] and #search.paths <= most and not search.cut
  local paths = vim.list_slice(search.paths, 1, most)
  table.sort(paths)
  return paths, whole
end

--- Adds a character to a set, or the range that ends with it.
---@param bytes table<integer, boolean>
---@param pattern string
---@param at integer
---@param previous? integer the character before it
---@return integer next_at
---@return integer? previous
local function add(bytes, pattern, at, previous)
  local from = nil
  if previous and pattern:find("^%-[^%]]", at) then
    from, at = previous, at + 1
  end
  if pattern:sub(at, at) == "\\" then
    at = at + 1
  end
  local byte = pattern:byte(at)
  for member = from or byte or 1, byte or 0 do
    bytes[member] = true
  end
  return at + 1, not from and byte or nil
end

--- Parses a set. Returns no bytes and the pattern's end if it is invalid.
---@param pattern string
---@param at integer after the opening bracket
---@return table<integer, boolean> bytes
---@return integer close the position of the closing bracket
local function set(pattern, at)
  local negated = pattern:find("^[!^]", at) ~= nil
  local bytes, previous = {}, nil
  at = negated and at + 1 or at
  local first = at
  while at <= #pattern and (at == first or pattern:sub(at, at) ~= "]") do
    local class, after = pattern:match("^%[:([^%]]*):%]()", at)
    if class and not CLASSES[class] then
      return {}, #pattern
    elseif class then
      for byte = 0, 127 do
        bytes[byte] = bytes[byte] or string.char(byte):find(CLASSES[class]) ~= nil
      end
      at, previous = after, nil
    else
      at, previous = add(bytes, pattern, at, previous)
    end
  end
  if at > #pattern then
    return {}, #pattern
  elseif negated then
    for byte = 0, 255 do
      bytes[byte] = not bytes[byte]
    end
  end
  return bytes, at
end

--- Parses the pattern of one path component.
---@param pattern string
---@return chatvim.glob.Token[]
function M.tokens(pattern)
  local tokens, at = {}, 1
  while at <= #pattern do
    local char = pattern:sub(at, at)
    local token = char:byte()
    if char == "*" then
      token = "*"
    elseif char == "?" then
      token = true
    elseif char == "[" then
      token, at = set(pattern, at + 1)
    elseif char == "\\" then
      at = at + 1
      token = pattern:byte(at) or {}
    end
    table.insert(tokens, token)
    at = at + 1
  end
  return tokens
end

--- Whether the pattern of one path component matches a name.
---@param tokens chatvim.glob.Token[]
---@param name string
---@return boolean
function M.matches(tokens, name)
  local at, token, star, mark = 1, 1, nil, nil
  while at <= #name do
    local element, byte = tokens[token], name:byte(at)
    if element == "*" then
      star, mark, token = token, at, token + 1
    elseif element == true or element == byte or (type(element) == "table" and element[byte]) then
      at, token = at + 1, token + 1
    elseif star then
      -- Backtrack only to the last star: the text before it has matched as far left as possible.
      mark = mark + 1
      at, token = mark, star + 1
    else
      return false
    end
  end
  while tokens[token] == "*" do
    token = token + 1
  end
  return token > #tokens
end

return M
