-- SPDX-License-Identifier: Apache-2.0
-- The dry run: shows the request that would be sent in a scratch buffer. Multi-line strings are
-- shown as lines; a key switches to the exact JSON.
local M = {}

local api = vim.api

local namespace = api.nvim_create_namespace("chatvim.request")
--- The key that switches between the exact JSON and the readable text.
local KEY = "x"
--- The lines around a multi-line string.
local QUOTES = '"""'

--- Fills the buffer with one form of the request.
---@param scratch integer
---@param lines string[]
---@param form? "readable"|"exact" nil if both are the same
---@param words? string the size of the request
local function fill(scratch, lines, form, words)
  vim.bo[scratch].modifiable = true
  api.nvim_buf_set_lines(scratch, 0, -1, true, lines)
  vim.bo[scratch].modifiable = false
  -- The readable form is not valid JSON, so keep language servers away from it.
  vim.bo[scratch].filetype = form == "readable" and "" or "json"
  if form == "readable" then
    vim.bo[scratch].syntax = "json"
  end
  local other = form
    and ("%s shows %s"):format(KEY, form == "readable" and "the exact JSON" or "it readable")
  local parts = {}
  parts[#parts + 1] = words
  parts[#parts + 1] = other
  if #parts > 0 then
    local chunks = { { "// " .. table.concat(parts, "; "), "ChatvimUsage" } }
    api.nvim_buf_set_extmark(scratch, namespace, 0, 0, { id = 1, virt_text = chunks })
  end
end

--- Returns the request with multi-line strings shown as lines; nil if it has none.
---@param lines string[] JSON with one value per line
---@return string[]?
local function make_readable(lines)
  local readable, found = {}, false
  for _, line in ipairs(lines) do
    local head, value, comma = line:match('^(%s*"[^"]*": )(".*\\n.*")(,?)$')
    if not head then
      head, value, comma = line:match('^(%s*)(".*\\n.*")(,?)$')
    end
    local ok, text = pcall(vim.json.decode, value or "")
    if value and ok and type(text) == "string" and text:find("\n", 1, true) then
      found = true
      table.insert(readable, head .. QUOTES)
      vim.list_extend(readable, vim.split(text:gsub("%z", "␀"), "\n", { plain = true }))
      table.insert(readable, QUOTES .. comma)
    else
      table.insert(readable, line)
    end
  end
  return found and readable or nil
end

--- Shows JSON text in a scratch buffer in a split below, with the size of the request as virtual
--- text.
---@param json string
---@param size any
local function show(json, size)
  -- No window can be opened from the command-line window, so wait until it is closed.
  if vim.fn.getcmdwintype() ~= "" then
    api.nvim_create_autocmd("CmdwinLeave", {
      once = true,
      desc = "Chatvim: show the request that was asked for",
      callback = vim.schedule_wrap(function()
        show(json, size)
      end),
    })
    return
  end
  local scratch = api.nvim_create_buf(false, true)
  vim.bo[scratch].bufhidden = "wipe"
  api.nvim_open_win(scratch, true, { split = "below", win = 0 })
  local exact = vim.split(json, "\n", { plain = true })
  local readable = make_readable(exact)
  local words = require("chatvim.view.size").words(size)
  fill(scratch, readable or exact, readable and "readable" or nil, words)
  if readable then
    local is_exact = false
    vim.keymap.set("n", KEY, function()
      is_exact = not is_exact
      fill(scratch, is_exact and exact or readable, is_exact and "exact" or "readable", words)
    end, { buffer = scratch, nowait = true, desc = "Chatvim: the exact JSON, or readable texts" })
  end
end

--- Shows the request that would be sent for the chat in a buffer, or why there is none.
---@param buf integer
---@param permit? chatvim.Permit the user's permissions for it
function M.show(buf, permit)
  local consent = require("chatvim.consent")
  permit = permit or require("chatvim.consent.permit").none()
  permit.shows = true
  local query = require("chatvim.program.query")
  query.ask_whole("request", buf, permit, function(reply)
    local err, value, level = query.read(reply)
    if not err then
      show(tostring(value), reply.size)
      if type(reply.demand) == "string" then
        require("chatvim.notify").show(reply.demand, "warn")
      end
    elseif not consent.ask(buf, reply, permit, function()
      M.show(buf, permit)
    end) then
      require("chatvim.notify").show(err, level)
    end
  end)
end

return M
