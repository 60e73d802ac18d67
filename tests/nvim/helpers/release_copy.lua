-- SPDX-License-Identifier: Apache-2.0
-- A copy of the plugin as released: its list names a program, which the stand-in serves.
local case = require("helpers.case")
local copies = require("helpers.plugin_copy")
local system = require("helpers.system")

local M = {}

local release = require("helpers.release")
--- The file name of this system's program.
M.ASSET = release.asset()

--- Returns the SHA-256 of `bytes` as the system's tool computes it.
---@param bytes string
---@return string
local function digest(bytes)
  return vim.system({ "sha256sum" }, { stdin = bytes }):wait().stdout:match("^%x+")
end

--- Returns a program that prints its version and does nothing else.
---@param version? string
---@return string
function M.small_program(version)
  return ("#!/bin/sh\necho 'chatvim %s'\n"):format(version or "0.1.0")
end

--- Makes a copy of the plugin whose list names a program, with the tools to download it.
---@param program string its bytes
---@param lines? fun(lines: string[]) changes the list
---@return tests.PluginCopy
function M.make(program, lines)
  local copy = copies.make()
  copy:tools({ "curl", "sha256sum" })
  local list = {
    "# A comment",
    "version 0.1.0",
    "sources " .. copy:sources(),
    ("%s  %d  %s"):format(digest(program), #program, M.ASSET),
    ("%s  %d  chatvim-plan9-mips"):format(digest("other"), 5),
  }
  if lines then
    lines(list)
  end
  system.write(copy.root .. "/data/release.txt", table.concat(list, "\n") .. "\n")
  return copy
end

--- Returns the reply of the release host that sends a file.
---@param bytes string
---@return table
function M.file_reply(bytes)
  return {
    ["repeat"] = true,
    match = { method = "GET", path = "/v0.1.0/" .. M.ASSET },
    headers = { ["Content-Type"] = "application/octet-stream" },
    framing = "length",
    steps = { { send_b64 = vim.base64.encode(bytes) } },
  }
end

---@return string
function M.host()
  return ("http://127.0.0.1:%d/v0.1.0"):format(case.standin.port)
end

---@param copy tests.PluginCopy
---@param env? table<string, string|false>
---@return vim.SystemCompleted
function M.install(copy, env)
  return copy:install(vim.tbl_extend("force", { CHATVIM_RELEASE_URL = M.host() }, env or {}))
end

return M
