-- SPDX-License-Identifier: Apache-2.0
-- Carries the Language Server Protocol between a client of |vim.lsp| and the program, over the
-- channel that is open anyway.
local M = {}

local process = require("chatvim.program.process")

--- Error codes of LSP 3.17 ("Response Message").
local REQUEST_CANCELLED, INTERNAL_ERROR = -32800, -32603

--- Makes an error of the server readable where it is shown.
local ERROR = {
  __tostring = function(err)
    return tostring(err.message)
  end,
}

--- The connection of one client. The program has one language server, so there is one connection.
---@class chatvim.lsp.Connection
---@field dispatchers vim.lsp.rpc.Dispatchers
---@field requests table<integer, { callback: function, on_reply?: fun(id: integer) }> unanswered
---@field last integer the id of the last request

---@type chatvim.lsp.Connection?
local current

---@param message table
---@return boolean sent
local function send(message)
  message.jsonrpc = "2.0"
  local begins = message.method == "initialize"
  return process.tell("lsp", { text = vim.json.encode(message), begins = begins })
end

--- Ends a connection. The client ends without a message.
---@param connection chatvim.lsp.Connection
local function close(connection)
  if current == connection then
    current = nil
    connection.dispatchers.on_exit(0, 0)
  end
end

--- Returns the absolute names of the files that are open in the editor.
---@return string[]
local function open_files()
  local paths = {}
  for _, info in ipairs(vim.fn.getbufinfo({ buflisted = 1 })) do
    if info.name:find("^/") and vim.bo[info.bufnr].buftype == "" then
      table.insert(paths, info.name)
    end
  end
  return paths
end

---@param connection chatvim.lsp.Connection
---@param id integer|string
---@param method string
---@param params? table
local function serve(connection, id, method, params)
  local ok, result, err = pcall(connection.dispatchers.server_request, method, params)
  if not ok then
    result, err = nil, { code = INTERNAL_ERROR, message = tostring(result) }
  elseif result == nil and not err then
    result = vim.NIL
  end
  if current == connection then
    send({ id = id, result = result, error = err })
  end
end

---@param connection chatvim.lsp.Connection
---@param message table
local function finish(connection, message)
  local request = connection.requests[message.id]
  connection.requests[message.id] = nil
  if not request then
    return
  end
  if request.on_reply then
    request.on_reply(message.id)
  end
  -- A cancelled request has no one waiting for it, as in |vim.lsp.rpc|.
  if not message.error or message.error.code ~= REQUEST_CANCELLED then
    if message.error then
      setmetatable(message.error, ERROR)
    end
    request.callback(message.error, message.result, message.id)
  end
end

--- Dispatches a message from the server.
---@param connection chatvim.lsp.Connection
---@param message table
local function receive(connection, message)
  if current ~= connection then
    return
  elseif not message.method then
    finish(connection, message)
  elseif message.id ~= nil then
    -- A handler may wait for the user.
    coroutine.wrap(serve)(connection, message.id, message.method, message.params)
  else
    connection.dispatchers.notification(message.method, message.params)
  end
end

--- Handles what the program says to the language client.
---@param name "start"|"down"|"lsp"
---@param fields table
function M.handle(name, fields)
  local connection = current
  if connection and name == "down" then
    close(connection)
  elseif connection and name == "lsp" then
    local message = vim.json.decode(fields.text, { luanil = { object = true } })
    -- Handlers may do what is not possible while a message of the program is being received.
    vim.schedule(function()
      receive(connection, message)
    end)
  end
end

--- The transport of a client, see `cmd` of |vim.lsp.ClientConfig|.
---@param dispatchers vim.lsp.rpc.Dispatchers
---@return vim.lsp.rpc.PublicClient
function M.connect(dispatchers)
  if current then
    close(current)
  end
  local connection = { dispatchers = dispatchers, requests = {}, last = 0 }
  current = connection
  local function notify(method, params)
    local sent = current == connection and send({ method = method, params = params })
    if method == "exit" then
      close(connection)
    end
    return sent
  end
  return {
    request = function(method, params, callback, on_reply)
      if current ~= connection then
        return false
      end
      local id = connection.last + 1
      connection.last = id
      connection.requests[id] = { callback = callback, on_reply = on_reply }
      if method == "textDocument/completion" then
        params = vim.tbl_extend("force", params, { chatvimOpenFiles = open_files() })
      end
      return send({ id = id, method = method, params = params }), id
    end,
    notify = notify,
    is_closing = function()
      return current ~= connection
    end,
    terminate = function()
      notify("exit")
    end,
  }
end

return M
