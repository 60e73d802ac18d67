-- SPDX-License-Identifier: Apache-2.0
-- Requests to the program with a single reply: the dry run, the messages of a chat, its format, the
-- models and the edit that sets one, and the missing text of an answer that was cut off.
local M = {}

local api = vim.api
local process = require("chatvim.program.process")

--- The requests about a chat that have one answer.
---@alias chatvim.Query
---| "messages"
---| "models"
---| "set_model"
---| "tools"
---| "set_tools"
---| "answers"
---| "choose"
---| "set_title"
---| "blocks"
---| "recoverable"
---| "recover"

---@param name string
---@param fields table the request's fields, except its id and the settings
---@param callback fun(reply: table) called once
---@param more? { buf: integer, on_diagnostics?: fun(items: table[]) } the buffer to send
---@return integer id
local function send(name, fields, callback, more)
  local id = process.next_id()
  local function finish(reply)
    process.forget(id)
    callback(reply)
  end
  process.listen(id, function(kind, reply)
    if kind == "diagnostics" and more and more.on_diagnostics then
      more.on_diagnostics(reply.items)
    elseif kind == "down" then
      finish({ message = reply.message, level = "error" })
    elseif kind == "result" then
      finish(reply)
    end
  end)
  fields.id = id
  fields.settings = require("chatvim.program.request_fields").settings(more and more.buf)
  local err
  if more then
    err = process.send_text(name, fields, more.buf)
  else
    err = process.send(name, fields)
  end
  if err then
    finish({ message = err, level = "error" })
  end
  return id
end

---@param name string
---@param buf integer
---@param fields table the request's fields, except its text
---@param callback fun(reply: table)
---@return integer id
local function ask_about(name, buf, fields, callback)
  -- Errors in the chat are reported by explicit commands, not while its embeds are shown.
  local on_diagnostics = name ~= "embeds"
      and function(items)
        require("chatvim.view.diagnostics").show(buf, items)
      end
    or nil
  return send(name, fields, callback, { buf = buf, on_diagnostics = on_diagnostics })
end

--- Sends a request about a chat.
---@param name chatvim.Query about a chat
---@param buf integer
---@param callback fun(err: string?, value: any, level: string?) called once
---@param more? table further fields of the request
---@return integer id
function M.ask(name, buf, callback, more)
  local fields =
    vim.tbl_extend("error", more or {}, require("chatvim.program.request_fields").place(buf))
  return ask_about(name, buf, fields, function(reply)
    callback(M.read(reply))
  end)
end

--- Sends a request about a chat and everything that is sent with it. Repeats it with the unsaved
--- texts of other buffers if the program wants them.
---@param name "request"|"embeds"
---@param buf integer
---@param permit chatvim.Permit
---@param callback fun(reply: table) called once, with the protocol's `result` or an error like it
---@param more? table further fields of the request
function M.ask_whole(name, buf, permit, callback, more)
  local fields = require("chatvim.program.request_fields").whole(buf, permit)
  fields = vim.tbl_extend("force", fields, more or {})
  ask_about(name, buf, fields, function(reply)
    local value = type(reply.value) == "table" and reply.value or reply
    local wants = require("chatvim.consent.permit").want(permit, value.unsaved)
    if wants and api.nvim_buf_is_loaded(buf) then
      return M.ask_whole(name, buf, permit, callback, more)
    end
    callback(reply)
  end)
end

--- Asks what a code block means for a text.
---@param fields { text: string, block: string, kind: "text"|"diff", quoted?: string }
---@param callback fun(err: string?, value: { edits: table[] }?) called once
function M.patch(fields, callback)
  send("patch", fields, function(reply)
    callback(M.read(reply))
  end)
end

--- Returns the value of a result, or its error.
---@param reply table the protocol's `result`
---@return string? err
---@return any value
---@return string? level
function M.read(reply)
  if reply.value ~= nil and reply.value ~= vim.NIL then
    return nil, reply.value
  end
  return tostring(reply.message), nil, reply.level
end

---@param limit integer
---@param ask fun(callback: fun(err: string?, value: any)): integer
---@return any value
---@return string? err
local function wait(limit, ask)
  local done, value, err = false, nil, nil
  local id = ask(function(why, got)
    done, value, err = true, got, why
  end)
  vim.wait(limit, function()
    return done
  end, 10)
  if not done then
    process.forget(id)
    return nil, ("the chatvim program did not answer within %d seconds"):format(limit / 1000)
  end
  return value, err
end

--- Sends a request about a chat and waits up to `limit` milliseconds for the reply. Neovim keeps
--- processing events in the meantime.
---@param name "messages"|"models"|"tools"
---@param buf integer
---@param limit integer
---@return any value
---@return string? err
function M.wait(name, buf, limit)
  return wait(limit, function(callback)
    return M.ask(name, buf, callback)
  end)
end

--- Requests the format of a chat with the given front matter. Waits up to `limit` milliseconds.
---@param fields table the request's fields: `text` is the front matter with its markers, or ""
---@param limit integer
---@return chatvim.Format? format
---@return string? err
function M.format(fields, limit)
  return wait(limit, function(callback)
    return send("format", fields, function(reply)
      callback(M.read(reply))
    end)
  end)
end

return M
