-- SPDX-License-Identifier: Apache-2.0
-- The scripted server (tests/standin/README.md) and a client for its control port.
local environment = require("helpers.environment")
local wait = require("helpers.wait")

local M = {}

---@class tests.Standin
---@field port integer
---@field control integer
---@field process vim.SystemObj
---@field ca_file? string
local Standin = {}
Standin.__index = Standin

---@type table<tests.Standin, true>
local started = {}

--- Starts a server, which runs until its standard input closes.
---@param options? { tls?: boolean } with TLS, `ca_file` is the certificate to trust
---@return tests.Standin
function M.start(options)
  local self = setmetatable({}, Standin)
  local output = ""
  local command = { environment.standin }
  if options and options.tls then
    self.ca_file = vim.fn.tempname()
    vim.list_extend(command, { "--tls", "--write-ca", self.ca_file })
  end
  self.process = vim.system(command, {
    stdin = true,
    stdout = function(_, data)
      output = output .. (data or "")
    end,
  })
  wait.until_true("the stand-in's ports", function()
    self.port = tonumber(output:match("listening on 127%.0%.0%.1:(%d+)"))
    self.control = tonumber(output:match("control on 127%.0%.0%.1:(%d+)"))
    return self.control
  end)
  started[self] = true
  return self
end

function M.stop_all()
  for server in pairs(started) do
    server:stop()
  end
end

function Standin:stop()
  started[self] = nil
  self.process:kill("sigterm")
  self.process:wait(5000)
end

--- Replaces the remaining replies of the script.
---@param replies table
function Standin:script(replies)
  self:_call("POST", "/_standin/script", replies)
end

--- Releases the reply that waits at a gate, or the next that reaches it; with `open`, all from now
--- on.
---@param name string
---@param open? boolean
function Standin:release(name, open)
  self:_call("POST", "/_standin/release", { name = name, open = open or false })
end

--- Clears records, gates and script, and closes open connections.
function Standin:reset()
  self:_call("POST", "/_standin/reset", { drop_connections = true })
end

--- Returns the records without waiting.
---@return { requests: table[], connections: table[], met: boolean }
function Standin:records()
  return self:_call("GET", "/_standin/requests?times=0")
end

--- Waits until a condition such as "wait=1" or "waiting=go" holds, and returns the records.
---@param query string
---@return { requests: table[], connections: table[] }
function Standin:wait(query)
  local records =
    self:_call("GET", ("/_standin/requests?times=0&timeout_ms=%d&%s"):format(wait.limit, query))
  if not records.met then
    error("waited in vain for the stand-in's " .. query, 2)
  end
  return records
end

--- Returns the requests so far, each with `json`, its decoded body.
---@param count? integer wait until there are that many
---@return table[]
function Standin:requests(count)
  local records = count and self:wait("wait=" .. count) or self:records()
  for _, request in ipairs(records.requests) do
    local ok, json = pcall(vim.json.decode, request.body)
    request.json = ok and json or nil
  end
  return records.requests
end

--- Returns the value of a request's header; the case of the name does not matter.
---@param request table
---@param name string
---@return string?
function M.header(request, name)
  for _, pair in ipairs(request.headers) do
    if pair[1]:lower() == name:lower() then
      return pair[2]
    end
  end
end

--- Sends a request to the control port and returns the decoded response.
---@param method string
---@param target string
---@param value? table
---@return any
function Standin:_call(method, target, value)
  local body = value and vim.json.encode(value) or ""
  local answer, closed, failure = {}, false, nil
  local socket = assert(vim.uv.new_tcp())
  socket:connect("127.0.0.1", self.control, function(err)
    failure = err
    if err then
      return
    end
    socket:read_start(function(read_error, data)
      failure = read_error
      closed = read_error ~= nil or data == nil
      table.insert(answer, data)
    end)
    socket:write({
      ("%s %s HTTP/1.1\r\n"):format(method, target),
      ("Host: standin\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"):format(#body),
      body,
    })
  end)
  wait.until_true(method .. " " .. target, function()
    return closed or failure
  end, wait.limit + 5000)
  socket:close()
  local head, content = table.concat(answer):match("^(.-)\r\n\r\n(.*)$")
  if failure or not head or not head:find("^HTTP/1%.1 200") then
    error(("%s %s: %s"):format(method, target, failure or table.concat(answer)), 3)
  end
  return vim.json.decode(content, { luanil = { object = true, array = true } })
end

return M
