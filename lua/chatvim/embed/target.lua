-- SPDX-License-Identifier: Apache-2.0
-- Resolves the target of an embed, for commands on its line, by the same rules as
-- src/embed/target.cpp. tests/data/embed-targets.json tests both.
local M = {}

local uv = vim.uv

--- Schemes that need no `//` after the colon.
local OPAQUE = { data = true, mailto = true, javascript = true, file = true, blob = true }
--- Special characters in a pattern; they are escaped in the values of variables.
local WILD = "[*?%[%]\\]"
--- Limit for line numbers; no file has more lines.
local MOST_LINE = 1e9

--- One interpretation of a target.
---@class chatvim.Target.Candidate
---@field path string absolute if its base folder is
---@field line? integer the first line of the range
---@field last? integer

--- A parsed target.
---@class chatvim.Target
---@field address? string
---@field candidates chatvim.Target.Candidate[] the first that exists counts
---@field pattern? string the path as a pattern, if it has wildcards
---@field problem? string why there are no other candidates

--- What a target points at. Exactly one of `address`, `path` and `pattern` is set.
---@class chatvim.Target.Found
---@field address? string
---@field path? string
---@field type? string the type of the path, as in |uv.fs_stat()|
---@field line? integer
---@field pattern? string

--- Returns the scheme of a target in lower case, or nil for a path. A file name may contain a
--- colon, so a scheme must be followed by `//` or be listed in `OPAQUE`.
---@param target string
---@return string?
local function has_scheme(target)
  local scheme, rest = target:match("^(%a[%w+.-]*):(.*)$")
  scheme = scheme and scheme:lower()
  if scheme and #scheme > 1 and (OPAQUE[scheme] or rest:find("^//")) then
    return scheme
  end
end

--- Returns the interpretations of a path: as is, decoded, and both without a line range at the end.
---@param path string
---@param folder string
---@return chatvim.Target.Candidate[]
local function list_candidates(path, folder)
  local candidates = {}
  local function add(name, line, last)
    local decoded = M.decode(name)
    table.insert(candidates, { path = M.join(folder, name), line = line, last = last })
    if decoded ~= name then
      table.insert(candidates, { path = M.join(folder, decoded), line = line, last = last })
    end
  end
  add(path)
  local file, first, rest = path:match("^(.+)#L(%d+)([^#]*)$")
  local last = rest == "" and first or (rest or ""):match("^%-L?(%d+)$")
  if last then
    add(file, math.min(tonumber(first), MOST_LINE), math.min(tonumber(last), MOST_LINE))
  end
  return candidates
end

--- Finds the next variable in a text. Returns the text before it, its name, and the position after
--- it.
---@param text string
---@param at integer
---@return string before
---@return string? name
---@return integer next_at
local function variable(text, at)
  local from = at
  while true do
    local dollar = text:find("$", from, true)
    if not dollar then
      return text:sub(at), nil, #text + 1
    end
    local name, after = text:match("^([%a_][%w_]*)()", dollar + 1)
    if not name then
      name, after = text:match("^{([%a_][%w_]*)}()", dollar + 1)
    end
    if name then
      return text:sub(at, dollar - 1), name, after
    end
    from = dollar + 1
  end
end

--- Expands `~`, `$NAME` and `${NAME}` in a path. Returns it plain and as a pattern. Expands even
--- variables whose names the program refuses, because nothing leaves Neovim here.
---@param written string
---@return string? path
---@return string pattern
---@return string? err
local function expand(written)
  local pattern, err = "", nil
  local function value(name)
    local got = uv.os_getenv(name)
    if not got or got == "" then
      err = err or ("the variable %s is not set"):format(name)
    elseif got:find("[%z\1-\31\127]") then
      err = err or ("the variable %s holds control characters"):format(name)
    end
    pattern = pattern .. (got or ""):gsub(WILD, "\\%0")
    return got or ""
  end
  local path, at = "", 1
  if written:find("^~%f[/%z]") then
    path, at = value("HOME"), 2
  end
  while not err and at <= #written do
    local before, name, after = variable(written, at)
    path, pattern = path .. before, pattern .. before
    if name then
      path = path .. value(name)
    end
    at = after
  end
  return not err and path or nil, pattern, err
end

---@param written string
---@param folder string
---@return chatvim.Target?
---@return string? err
local function resolve(written, folder)
  local path, pattern, err = expand(written)
  if path == written then
    return {
      candidates = list_candidates(path, folder),
      pattern = M.is_pattern(pattern) and pattern or nil,
    }
  end
  -- A file name may contain `$`. A folder called `~` is an accident and never meant.
  local candidates = {}
  if not written:find("^~") then
    table.insert(candidates, { path = M.join(folder, written) })
  end
  if not path then
    if #candidates == 0 then
      return nil, err
    end
    return { candidates = candidates, problem = err }
  end
  vim.list_extend(candidates, list_candidates(path, folder))
  return { candidates = candidates, pattern = M.is_pattern(pattern) and pattern or nil }
end

--- Parses a target.
---@param target string
---@param folder string the folder that the target is relative to
---@return chatvim.Target?
---@return string? err a clause
function M.parse(target, folder)
  if target == "" then
    return nil, "it names nothing: write a path between the parentheses"
  elseif target:find("[%z\1-\31\127]") then
    return nil, "its path holds control characters"
  end
  local scheme = has_scheme(target)
  if not scheme then
    return resolve(target, folder)
  elseif scheme == "https" or scheme == "http" then
    return { address = target, candidates = {} }
  elseif scheme == "file" then
    local path = target:sub(#scheme + 2)
    path = path:match("^//localhost(/.*)$") or path:match("^//(.*)$") or path
    if path:find("^/") then
      return { candidates = list_candidates(path, "") }
    end
    return nil, "a file's address is written file:///PATH"
  end
  return nil, ('"%s:" is neither a path nor the https address of a picture'):format(scheme)
end

--- Finds what a target points at.
---@param target string
---@param folder string
---@return chatvim.Target.Found?
---@return string? err a clause; nil if the target does not exist
function M.find(target, folder)
  local read, err = M.parse(target, folder)
  if not read then
    return nil, err
  elseif read.address then
    return { address = read.address }
  end
  for _, candidate in ipairs(read.candidates) do
    local stat, message, code = uv.fs_stat(candidate.path)
    if stat then
      return { path = candidate.path, line = candidate.line, type = stat.type }
    elseif code ~= "ENOENT" and code ~= "ENOTDIR" then
      return nil, message:match("^%u+: ([^:]+)") or message
    end
  end
  if read.pattern then
    return { pattern = read.pattern }
  end
  return nil, read.problem
end

--- Decodes `%20` and the like, except control characters.
---@param path string
---@return string
function M.decode(path)
  return (
    path:gsub("%%(%x%x)", function(digits)
      local byte = tonumber(digits, 16)
      return byte >= 32 and byte ~= 127 and string.char(byte) or nil
    end)
  )
end

--- Joins `path` to `folder`, unless `path` is absolute.
---@param folder string
---@param path string
---@return string
function M.join(folder, path)
  if path:find("^/") or folder == "" then
    return path
  end
  return folder .. (folder:find("/$") and "" or "/") .. path
end

--- Whether a text contains an unescaped wildcard.
---@param text string
---@return boolean
function M.is_pattern(text)
  return text:gsub("\\.", ""):find("[*?%[]") ~= nil
end

return M
