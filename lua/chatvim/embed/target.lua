-- SPDX-License-Identifier: Apache-2.0
-- What the target of an embed means, for what a person does at its line: the same reading of a path
-- as in src/embed/target.cpp, which tests/data/embed-targets.json holds it against.
local M = {}

local uv = vim.uv

--- Schemes that no two slashes follow.
local OPAQUE = { data = true, mailto = true, javascript = true, file = true, blob = true }
--- Bytes that have a meaning in a pattern: those that a variable brings stand for themselves.
local WILD = "[*?%[%]\\]"
--- No file has more lines than that.
local MOST_LINE = 1e9

--- One way to understand a target.
---@class chatvim.Target.Candidate
---@field path string absolute where the folder that it is seen from is
---@field line? integer the first of the lines that are meant
---@field last? integer

--- A target taken apart.
---@class chatvim.Target
---@field address? string
---@field candidates chatvim.Target.Candidate[] the first that exists is meant
---@field pattern? string the path as a pattern, where it has characters of one
---@field problem? string why there are no other candidates

--- What a target points at: one of these.
---@class chatvim.Target.Found
---@field address? string
---@field path? string
---@field type? string of the path, as of |uv.fs_stat()|
---@field line? integer
---@field pattern? string

--- The scheme that a target begins with, in small letters. A name with a colon is a path: a scheme
--- is followed by two slashes, or is one of those that never are.
---@param target string
---@return string?
local function has_scheme(target)
  local scheme, rest = target:match("^([%w+.-]+):(.*)$")
  scheme = scheme and scheme:lower()
  if scheme and #scheme > 1 and (OPAQUE[scheme] or rest:find("^//")) then
    return scheme
  end
end

--- The ways to understand a path: as it is, decoded, and both without the lines at its end.
---@param path string
---@param folder string
---@return chatvim.Target.Candidate[]
local function list_candidates(path, folder)
  local candidates = {}
  local function add(one, line, last)
    local decoded = M.decode(one)
    table.insert(candidates, { path = M.join(folder, one), line = line, last = last })
    if decoded ~= one then
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

--- The next variable in a text: what stands before it, its name, and where the text goes on.
---@param text string
---@param at integer
---@return string before
---@return string? name
---@return integer behind
local function variable(text, at)
  local from = at
  while true do
    local dollar = text:find("$", from, true)
    if not dollar then
      return text:sub(at), nil, #text + 1
    end
    local name, behind = text:match("^([%a_][%w_]*)()", dollar + 1)
    if not name then
      name, behind = text:match("^{([%a_][%w_]*)}()", dollar + 1)
    end
    if name then
      return text:sub(at, dollar - 1), name, behind
    end
    from = dollar + 1
  end
end

--- A path with `~`, `$NAME` and `${NAME}` put in, plain and as a pattern. Any variable is taken,
--- also one that the program refuses for its name: nothing leaves the editor.
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
    local before, name, behind = variable(written, at)
    path, pattern = path .. before, pattern .. before
    if name then
      path = path .. value(name)
    end
    at = behind
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
  -- A name may have a `$` in it. A folder `~` is an accident, and never meant.
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

--- Takes a target apart.
---@param target string
---@param folder string that it is seen from
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
---@return string? err a clause; none where nothing is there
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

--- `%20` and the like as bytes. Control characters stay written out.
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

--- `path` seen from `folder`: as it is where it is absolute.
---@param folder string
---@param path string
---@return string
function M.join(folder, path)
  if path:find("^/") or folder == "" then
    return path
  end
  return folder .. (folder:find("/$") and "" or "/") .. path
end

--- True where a text has a wildcard that no `\` takes the meaning from.
---@param text string
---@return boolean
function M.is_pattern(text)
  return text:gsub("\\.", ""):find("[*?%[]") ~= nil
end

return M
