-- SPDX-License-Identifier: Apache-2.0
-- Installs the program of the release: downloads it to a temporary file in its folder, checks it
-- against the list, checks that it runs here, and renames it. Neovim 0.12's `vim.net.request` would
-- not help if curl is missing, since it runs curl.
local progress = require("chatvim.install.progress")
local release = require("chatvim.install.release")
local stop = require("chatvim.install.stop")
local task = require("chatvim.install.task")

local M = {}

local RELEASES = "https://github.com/chatvim/chatvim/releases/download"
--- Limit for the program's first start, in milliseconds.
local START_LIMIT = 10000
--- Limit for the whole download, in seconds.
local TIME_LIMIT = 900
--- Age in seconds at which a temporary file left by a dead process is removed.
local OLD = 3600

--- Returns the path of the downloaded program.
---@param root string
---@return string
function M.path(root)
  return root .. "/build/prebuilt/chatvim"
end

--- Whether a URL is plain http to this machine: an unambiguous loopback host, then a port, a path
--- or nothing.
---@param base string
---@return boolean
local function is_loopback(base)
  local host, rest = base:match("^http://(%[::1%])(.*)$")
  if not host then
    host, rest = base:match("^http://([%w%.]+)(.*)$")
  end
  local is_ours = host == "[::1]" or host == "localhost" or (host or ""):find("^127%.[%d%.]+$")
  return is_ours and (rest == "" or rest:find("^:%d+$") or rest:find("^:?%d*/")) and true or false
end

--- Returns the URL of a program.
---@param program chatvim.install.Program
---@return string? url
---@return string? err
function M.url(program)
  local base = vim.env.CHATVIM_RELEASE_URL
  if not base or base == "" then
    return ("%s/v%s/%s"):format(RELEASES, program.version, program.name)
  end
  base = base:gsub("/+$", "")
  if base:find("^https://[^/]") or is_loopback(base) then
    return base .. "/" .. program.name
  end
  return nil, "CHATVIM_RELEASE_URL must begin with https:// (http:// only for this machine)"
end

--- Returns the SHA-256 of a file.
---@param path string
---@param log chatvim.install.Log
---@return string? digest
---@return string? err
local function file_digest(path, log)
  local file, err = io.open(path, "rb")
  if not file then
    return nil, err
  end
  local bytes = file:read("*a")
  file:close()
  local digest = release.sha256(bytes)
  for _, command in ipairs({ { "sha256sum" }, { "shasum", "-a", "256" } }) do
    if not digest and vim.fn.executable(command[1]) == 1 then
      local ended = task.run(vim.list_extend(command, { path }), log)
      digest = ended.ok and ended.output:match("^\\?(%x+)") or nil
    end
  end
  if not digest then
    return nil, "neither sha256sum nor shasum is there to check it with"
  end
  return digest
end

--- Returns a function that writes curl's output to a file, up to `limit`. Before curl 8.4
--- `--max-filesize` has no effect without a Content-Length.
---@param file integer
---@param limit integer bytes
---@return fun(data: string): string?
local function writer(file, limit)
  local size = 0
  return function(data)
    size = size + #data
    if size > limit then
      return ("it is longer than the %d bytes in data/release.txt"):format(limit)
    end
    local _, err = vim.uv.fs_write(file, data)
    return err
  end
end

---@param url string
---@return string[]
local function curl(url)
  return {
    "curl",
    -- Ignore the user's ~/.curlrc, which is meant for other downloads. curl accepts this option
    -- only as the first.
    "--disable",
    "--fail",
    "--location",
    "--proto",
    url:find("^http:") and "=http" or "=https",
    "--proto-redir",
    "=https",
    "--silent",
    "--show-error",
    "--connect-timeout",
    "15",
    "--speed-limit",
    "1000",
    "--speed-time",
    "30",
    "--max-time",
    tostring(TIME_LIMIT),
    url,
  }
end

---@param url string
---@param part string
---@param program chatvim.install.Program
---@param log chatvim.install.Log
---@return string? err
local function fetch(url, part, program, log)
  local file, err = vim.uv.fs_open(part, "w", tonumber("644", 8))
  if not file then
    return err
  end
  local receive = writer(file, program.bytes)
  local ok, ended = pcall(task.run, curl(url), log, { receive = receive })
  vim.uv.fs_close(file)
  if not ok then
    error(ended, 0)
  elseif ended.ok then
    return nil
  elseif ended.err then
    return ended.err
  elseif ended.signal ~= 0 then
    return ("curl was killed by signal %d"):format(ended.signal)
  end
  local said = ended.output:match("curl: %(%d+%) ([^\r\n]+)")
  return said or ("curl ended with %d"):format(ended.code)
end

--- Whether the program starts on this system; it may be built for another C library.
---@param part string
---@param program chatvim.install.Program
---@param log chatvim.install.Log
---@return string? err
local function try(part, program, log)
  local ended = task.run({ part, "--version" }, log, { timeout = START_LIMIT })
  if ended.timed_out then
    return ("it does not answer within %d s"):format(START_LIMIT / 1000)
  elseif not ended.ok then
    local said = ended.err or log:last(1)[1] or ("it ended with %d"):format(ended.code)
    return "it does not run on this system: " .. said
  elseif not vim.startswith(ended.output, "chatvim " .. program.version .. "\n") then
    return "it is not version " .. program.version
  end
end

---@param root string
---@param part string
---@param program chatvim.install.Program
---@param log chatvim.install.Log
---@return string? err
local function download(root, part, program, log)
  if vim.fn.executable("curl") == 0 then
    return "curl is not installed"
  end
  local url, err = M.url(program)
  if not url then
    return err
  end
  progress.step(
    ("chatvim: downloading release %s (%.1f MB)"):format(program.version, program.bytes / 1e6)
  )
  err = fetch(url, part, program, log)
  if err then
    return err
  end
  local stat = vim.uv.fs_stat(part)
  if not stat or stat.size ~= program.bytes then
    return ("it has %d bytes in place of %d"):format(stat and stat.size or 0, program.bytes)
  end
  local digest
  digest, err = file_digest(part, log)
  if digest ~= program.digest then
    return err or "its SHA-256 is not the one in data/release.txt"
  end
  local done
  done, err = vim.uv.fs_chmod(part, tonumber("755", 8))
  if not done then
    return err
  end
  err = try(part, program, log)
  if err then
    return err
  end
  -- Rename rather than overwrite: a running program keeps its file.
  done, err = vim.uv.fs_rename(part, M.path(root))
  return not done and err or nil
end

--- Removes the temporary files of installations that were killed.
---@param root string
local function remove_old_parts(root)
  local folder = vim.fs.dirname(M.path(root))
  for name in vim.fs.dir(folder) do
    local path = folder .. "/" .. name
    local pid = tonumber(name:match("^chatvim%.part%-(%d+)$"))
    local stat = pid and vim.uv.fs_stat(path)
    if stat and os.time() - stat.mtime.sec > OLD then
      local _, _, code = vim.uv.kill(pid --[[@as integer]], 0)
      if code == "ESRCH" then
        os.remove(path)
      end
    end
  end
end

--- Installs a program of the release. On failure no file is left behind.
---@param root string
---@param program chatvim.install.Program
---@param log chatvim.install.Log
---@return boolean ok
---@return string? reason
function M.run(root, program, log)
  if vim.fn.executable(M.path(root)) == 1 and file_digest(M.path(root), log) == program.digest then
    return true
  end
  local what = "the program of release " .. program.version .. " cannot be installed: "
  local made, reason, code = vim.uv.fs_mkdir(root .. "/build/prebuilt", tonumber("755", 8))
  if not made and code ~= "EEXIST" then
    return false, what .. reason
  end
  remove_old_parts(root)
  local part = ("%s.part-%d"):format(M.path(root), vim.uv.os_getpid())
  local undo = stop.on_exit(function()
    os.remove(part)
  end)
  local ok, err = pcall(download, root, part, program, log)
  undo()
  os.remove(part)
  if not ok then
    error(err, 0)
  end
  return err == nil, err and what .. err
end

return M
