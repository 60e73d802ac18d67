-- SPDX-License-Identifier: Apache-2.0
-- The dry run: the request that would be sent, in a scratch buffer. Texts of several lines are
-- shown as such, and a key shows the exact JSON.
local M = {}

local api = vim.api

local namespace = api.nvim_create_namespace("chatvim.request")
--- The key that shows the exact JSON, and the readable text again.
local KEY = "x"
--- What stands around a text of several lines.
local QUOTES = '"""'

--- Puts a form of the request into its buffer.
---@param scratch integer
---@param lines string[]
---@param form? "readable"|"exact" nothing where both are the same
---@param words? string how large the request is
local function fill(scratch, lines, form, words)
  vim.bo[scratch].modifiable = true
  api.nvim_buf_set_lines(scratch, 0, -1, true, lines)
  vim.bo[scratch].modifiable = false
  -- What is readable is no JSON for a language server.
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

--- The request with multi-line texts shown as lines; nil if it has none.
---@param lines string[] of JSON, a value each
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

--- Shows JSON text in a scratch buffer below, and beside it how large the request is.
---@param json string
---@param size any
local function show(json, size)
  -- No window can be opened from the command-line window: the request is shown once that is closed.
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

--- Shows the request that the chat in a buffer would make, or why there is none.
---@param buf integer
---@param permit? chatvim.Permit what a person has allowed for it
function M.show(buf, permit)
  local consent = require("chatvim.consent")
  permit = permit or require("chatvim.consent.permit").none()
  permit.shows = true
  local query = require("chatvim.program.query")
  query.ask_whole("request", buf, permit, function(map)
    local err, value, level = query.read(map)
    if not err then
      show(tostring(value), map.size)
      if type(map.demand) == "string" then
        require("chatvim.notify").show(map.demand, "warn")
      end
    elseif not consent.ask(buf, map, permit, function()
      M.show(buf, permit)
    end) then
      require("chatvim.notify").show(err, level)
    end
  end)
end

return M
