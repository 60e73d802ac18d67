-- SPDX-License-Identifier: Apache-2.0
-- Questions to the program that have one answer: the dry run, the messages of a chat, how it is
-- written, its models and the edit that sets one, what is missing of an answer that was cut off.
local M = {}

local api = vim.api
local process = require("chatvim.program.process")

---@param name string
---@param fields table of the question, but for its number and the settings
---@param callback fun(map: table) called once
---@param more? { buf: integer, on_diagnostics?: fun(items: table[]) } whose text is sent
---@return integer id
local function send(name, fields, callback, more)
  local id = process.next_id()
  local function finish(map)
    process.forget(id)
    callback(map)
  end
  process.listen(id, function(kind, map)
    if kind == "diagnostics" and more and more.on_diagnostics then
      more.on_diagnostics(map.items)
    elseif kind == "down" then
      finish({ message = map.message, level = "error" })
    elseif kind == "result" then
      finish(map)
    end
  end)
  fields.id = id
  fields.settings = process.dictionary(require("chatvim.config").get().settings)
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
---@param fields table of the question, but for its text
---@param callback fun(map: table)
---@return integer id
local function ask_about(name, buf, fields, callback)
  -- A mistake is told when the chat is sent or asked about, not while it is only looked at.
  local on_diagnostics = name ~= "embeds"
      and function(items)
        require("chatvim.view.diagnostics").show(buf, items)
      end
    or nil
  return send(name, fields, callback, { buf = buf, on_diagnostics = on_diagnostics })
end

--- Asks about a chat.
---@param name "messages"|"models"|"set_model"|"recoverable"|"recover"
---@param buf integer
---@param callback fun(err: string?, value: any, level: string?) called once
---@param more? table further fields of the question
---@return integer id
function M.ask(name, buf, callback, more)
  local fields =
    vim.tbl_extend("error", more or {}, require("chatvim.program.request_fields").place(buf))
  return ask_about(name, buf, fields, function(map)
    callback(M.read(map))
  end)
end

--- Asks about a chat and all that goes along with it. Texts that the program wants are sent too.
---@param name "request"|"embeds"
---@param buf integer
---@param permit chatvim.Permit
---@param callback fun(map: table) called once, with the protocol's `result` or one that tells of an
---  error
function M.ask_whole(name, buf, permit, callback)
  local fields = require("chatvim.program.request_fields").whole(buf, permit)
  ask_about(name, buf, fields, function(map)
    local value = type(map.value) == "table" and map.value or map
    local more = require("chatvim.consent.permit").want(permit, value.unsaved)
    if more and api.nvim_buf_is_loaded(buf) then
      return M.ask_whole(name, buf, permit, callback)
    end
    callback(map)
  end)
end

--- What a result says: a value, or why there is none.
---@param map table the protocol's `result`
---@return string? err
---@return any value
---@return string? level
function M.read(map)
  if map.value ~= nil and map.value ~= vim.NIL then
    return nil, map.value
  end
  return tostring(map.message), nil, map.level
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

--- Asks and waits, at most `limit` milliseconds; the editor goes on with its other work meanwhile.
---@param name "request"|"messages"|"models"|"set_model"
---@param buf integer
---@param limit integer
---@return any value
---@return string? err
function M.wait(name, buf, limit)
  return wait(limit, function(callback)
    return M.ask(name, buf, callback)
  end)
end

--- How a chat is written that begins with a front matter. Waits at most `limit` milliseconds.
---@param fields table of the question: `text` is the front matter with its markers, or empty
---@param limit integer
---@return chatvim.Format? format
---@return string? err
function M.format(fields, limit)
  return wait(limit, function(callback)
    return send("format", fields, function(map)
      callback(M.read(map))
    end)
  end)
end

return M
