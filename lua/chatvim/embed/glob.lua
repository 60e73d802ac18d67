-- SPDX-License-Identifier: Apache-2.0
-- The files that a pattern matches, read as in src/embed/wildcard.cpp and glob.cpp. Not Neovim's
-- own globs: those run what stands in backticks, and take other characters for wildcards.
local M = {}

local uv = vim.uv
local folders = require("chatvim.embed.folder")
local target = require("chatvim.embed.target")

--- How long is searched, in milliseconds.
local TIME = 500

--- Lua's classes of characters by their names in a set.
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

--- What one element of a pattern says to a byte: a star, any byte, this byte, one of these.
---@alias chatvim.glob.Token "*"|true|integer|table<integer, boolean>

--- A folder to look at, and the component of the pattern that its names are held against.
---@alias chatvim.glob.Step { path: string, at: integer }

--- A search that goes on. Owned by `find`.
---@class chatvim.glob.Search
---@field segments string[]
---@field queue chatvim.glob.Step[]
---@field seen table<string, true> two `**` reach a folder on many ways
---@field paths string[]
---@field stop number when it ends, as of |uv.hrtime()|
---@field cut? boolean a folder was not read to its end

---@param segment string
---@return string
local function plain(segment)
  return (segment:gsub("\\(.)", "%1"))
end

--- The folder of a pattern, and its components from the first that has a wildcard.
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

--- A name matches a component: a file is found with the last, a folder is gone into with another.
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

--- The names in a folder that a component matches; hidden ones only where it begins with a stop.
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

--- Looks for what a component of the pattern matches in a folder.
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
      -- Links could lead round and round.
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

--- Finds files. What `.gitignore` leaves out of a chat is found too.
---@param pattern string
---@param folder string that it is seen from
---@param most integer
---@return string[] paths sorted
---@return boolean whole false where there may be more
function M.find(pattern, folder, most)
  local root, segments = split(pattern, folder)
  ---@type chatvim.glob.Search
  local search = {
    segments = segments,
    -- Folder by folder, so that what lies near comes first where not all is looked at.
    queue = { { path = root, at = 1 } },
    seen = {},
    paths = {},
    stop = uv.hrtime() + TIME * 1e6,
  }
  local next_one = 1
  while search.queue[next_one] and #search.paths <= most and uv.hrtime() < search.stop do
    step(search, search.queue[next_one])
    next_one = next_one + 1
  end
  local whole = not search.queue[next_one] and #search.paths <= most and not search.cut
  local paths = vim.list_slice(search.paths, 1, most)
  table.sort(paths)
  return paths, whole
end

--- Adds a character of a set, or the range that ends with it.
---@param bytes table<integer, boolean>
---@param pattern string
---@param at integer
---@param previous? integer the character before it
---@return integer behind
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
  for one = from or byte or 1, byte or 0 do
    bytes[one] = true
  end
  return at + 1, not from and byte or nil
end

--- The bytes of a set, and where it closes; none, and the pattern's end, where it is no good.
---@param pattern string
---@param at integer behind the bracket
---@return table<integer, boolean> bytes
---@return integer close
local function set(pattern, at)
  local negated = pattern:find("^[!^]", at) ~= nil
  local bytes, previous = {}, nil
  at = negated and at + 1 or at
  local first = at
  while at <= #pattern and (at == first or pattern:sub(at, at) ~= "]") do
    local class, behind = pattern:match("^%[:([^%]]*):%]()", at)
    if class and not CLASSES[class] then
      return {}, #pattern
    elseif class then
      for byte = 0, 127 do
        bytes[byte] = bytes[byte] or string.char(byte):find(CLASSES[class]) ~= nil
      end
      at, previous = behind, nil
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

--- Takes the pattern of one component of a path apart.
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

--- Whether the pattern of one component of a path matches a name.
---@param tokens chatvim.glob.Token[]
---@param name string
---@return boolean
function M.matches(tokens, name)
  local at, token, star, mark = 1, 1, nil, nil
  while at <= #name do
    local one, byte = tokens[token], name:byte(at)
    if one == "*" then
      star, mark, token = token, at, token + 1
    elseif one == true or one == byte or (type(one) == "table" and one[byte]) then
      at, token = at + 1, token + 1
    elseif star then
      -- To the last star alone: what stands before it has matched as far left as it can.
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
